"""SSH public keys of users. Nothing here takes what they sign."""

import hashlib
from base64 import b64decode
from dataclasses import replace

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
    load_ssh_public_key,
)

from sekisho.directory.queries import papers
from sekisho.model.credentials import SshKey
from sekisho.model.faults import Fault
from sekisho.model.identifiers import PUBLIC_KEY, new_unique_id
from sekisho.model.records import Owner, User
from sekisho.services.iam.access_keys import ACTIVE, INACTIVE, read_status
from sekisho.services.iam.faults import no_such_entity, over_quota
from sekisho.services.iam.paging import oldest_first, page_of
from sekisho.services.iam.quotas import SSH_KEYS
from sekisho.services.iam.targets import named, the_user
from sekisho.services.operation import Call, Desk, Output, operation

SMALLEST_KEY = 2_048
NO_ENCODING = "The public key encoding format is unsupported or unrecognized."


@operation("iam:UploadSSHPublicKey", resource=named(Owner.USER), writes=True)
def upload_ssh_public_key(call: Call, desk: Desk) -> Output:
    """Keep a key for a user.

    Input: UserName, SSHPublicKeyBody (``ssh-rsa …`` or PEM; RSA of 2,048 bits at least).
    Raises: NoSuchEntity, UnrecognizedPublicKeyEncoding for neither of the two, InvalidPublicKey,
        DuplicateSSHPublicKey, LimitExceeded over five.
    """
    user, text = the_user(call, desk), call.input["SSHPublicKeyBody"]
    print_ = fingerprint(read_key(text))
    held = papers.list_papers(desk.tx, SshKey, call.account, user.unique_id)
    if any(other.fingerprint == print_ for other in held):
        said = "The SSH public key is already associated with the specified IAM user."
        raise Fault("DuplicateSSHPublicKey", 400, said)
    if len(held) >= SSH_KEYS:
        raise over_quota("SSHPublicKeysPerUser", SSH_KEYS)
    key = SshKey(
        id=new_unique_id(PUBLIC_KEY),
        account=call.account,
        owner=user.unique_id,
        uploaded=call.now,
        fingerprint=print_,
        text=text,
    )
    papers.add_paper(desk.tx, key)
    return {"SSHPublicKey": shown_key(user, key, text)}


@operation("iam:GetSSHPublicKey", resource=named(Owner.USER))
def get_ssh_public_key(call: Call, desk: Desk) -> Output:
    """Show a key in the encoding asked for, SSH or PEM."""
    user, key = the_user(call, desk), the_key(call, desk)
    return {"SSHPublicKey": shown_key(user, key, encoded(key.text, call.input["Encoding"]))}


@operation("iam:ListSSHPublicKeys", resource=named(Owner.USER))
def list_ssh_public_keys(call: Call, desk: Desk) -> Output:
    """List the keys of a user, by default the caller, without their texts."""
    user = the_user(call, desk)
    held = papers.list_papers(desk.tx, SshKey, call.account, user.unique_id)
    kept, rest = page_of(call, held, lambda key: oldest_first(key.uploaded, key.id))
    return {"SSHPublicKeys": [shown_in_list(user, key) for key in kept], **rest}


@operation("iam:UpdateSSHPublicKey", resource=named(Owner.USER), writes=True)
def update_ssh_public_key(call: Call, desk: Desk) -> Output:
    """Activate or deactivate a key."""
    active = read_status(call)
    papers.update_paper(desk.tx, replace(the_key(call, desk), active=active))
    return {}


@operation("iam:DeleteSSHPublicKey", resource=named(Owner.USER), writes=True)
def delete_ssh_public_key(call: Call, desk: Desk) -> Output:
    papers.remove_paper(desk.tx, the_key(call, desk))
    return {}


def the_key(call: Call, desk: Desk) -> SshKey:
    """The key of the input, which must be the user's own."""
    user, wanted = the_user(call, desk), call.input["SSHPublicKeyId"]
    for key in papers.list_papers(desk.tx, SshKey, call.account, user.unique_id):
        if key.id == wanted:
            return key
    raise no_such_entity(f"The SSH Public Key with id {wanted} cannot be found.")


def read_key(text: str) -> RSAPublicKey:
    """Raises UnrecognizedPublicKeyEncoding, InvalidPublicKey."""
    given = text.strip().encode()
    is_ssh = given.startswith(b"ssh-")
    if not is_ssh and not given.startswith(b"-----BEGIN "):
        raise Fault("UnrecognizedPublicKeyEncoding", 400, NO_ENCODING)
    try:
        key = load_ssh_public_key(given) if is_ssh else load_pem_public_key(given)
    except (ValueError, UnsupportedAlgorithm):
        raise invalid_key() from None
    if not isinstance(key, RSAPublicKey) or key.key_size < SMALLEST_KEY:
        raise invalid_key()
    return key


def invalid_key() -> Fault:
    return Fault("InvalidPublicKey", 400, "The public key is malformed or otherwise invalid.")


def encoded(text: str, encoding: str) -> str:
    key = read_key(text)
    if encoding == "SSH":
        return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(key: RSAPublicKey) -> str:
    """MD5 of the key as SSH sends it, in pairs of digits; a name for it and no proof."""
    body = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).split()[1]
    return hashlib.md5(b64decode(body), usedforsecurity=False).digest().hex(":")


def shown_in_list(user: User, key: SshKey) -> Output:
    return {
        "UserName": user.name,
        "SSHPublicKeyId": key.id,
        "Status": ACTIVE if key.active else INACTIVE,
        "UploadDate": key.uploaded,
    }


def shown_key(user: User, key: SshKey, text: str) -> Output:
    more = {"Fingerprint": key.fingerprint, "SSHPublicKeyBody": text}
    return {**shown_in_list(user, key), **more}
