"""Server certificates. Their private keys go in, are sealed, and never come out again."""

from collections.abc import Sequence
from dataclasses import replace

from sekisho.access.decide import Ask
from sekisho.directory.queries import server_certificates as certificates
from sekisho.directory.queries.accounts import Kind
from sekisho.model.arn import iam_arn
from sekisho.model.credentials import ServerCertificate
from sekisho.model.faults import Fault
from sekisho.model.identifiers import CERTIFICATE, new_unique_id
from sekisho.services.iam.faults import exists, no_such_entity
from sekisho.services.iam.paging import page, path_prefix
from sekisho.services.iam.pem import (
    Checked,
    belong_together,
    end_of,
    is_in_order,
    malformed,
    read_certificate,
    read_chain,
    read_private_key,
)
from sekisho.services.iam.quotas import SERVER_CERTIFICATES, check_quota
from sekisho.services.iam.tagging import serve_tags
from sekisho.services.iam.tags import (
    new_tags,
    resource_tags,
    shown_tags,
    tags_of_creation,
    tags_of_request,
)
from sekisho.services.iam.targets import every, with_tagging
from sekisho.services.operation import Call, Desk, Output, Target, ask_for, operation

KIND = "server-certificate"
BAD_CHAIN = (
    "Unable to validate certificate chain. The certificate chain must start with the immediate"
    " signing certificate, followed by any intermediaries in order. The index within the chain of"
    " the invalid certificate is: -1"
)


def new_certificate(call: Call, _desk: Desk) -> Target:
    """The target of UploadServerCertificate."""
    name, path = call.input["ServerCertificateName"], call.input.get("Path", "/")
    return Target(iam_arn(call.account, KIND, path, name), tags_of_creation(call))


def certificate_target(call: Call, desk: Desk) -> Target:
    """The target that the input names by ``ServerCertificateName``."""
    name = call.input["ServerCertificateName"]
    found = certificates.get_server_certificate(desk.tx, call.account, name)
    context, arn = tags_of_request(call), iam_arn(call.account, KIND, "/", name)
    if found is not None:
        context |= resource_tags(found.tags)
        arn = found.arn
    return Target(arn, context, f"server certificate {name}")


def renaming(call: Call, desk: Desk) -> Sequence[Ask]:
    """UpdateServerCertificate: leave is needed for the old name and for the new one."""
    name = call.input["ServerCertificateName"]
    old = ask_for(call, "iam:UpdateServerCertificate", certificate_target(call, desk))
    found = certificates.get_server_certificate(desk.tx, call.account, name)
    if found is None:
        return (old,)
    arn = renamed(call, found).arn
    new = Ask("iam:UpdateServerCertificate", arn, call.account, old.context)
    return (old,) if arn == found.arn else (old, new)


def renamed(call: Call, certificate: ServerCertificate) -> ServerCertificate:
    return replace(
        certificate,
        name=call.input.get("NewServerCertificateName", certificate.name),
        path=call.input.get("NewPath", certificate.path),
    )


def stage_certificate(call: Call, _desk: Desk) -> Checked:
    """Look at certificate, key and chain, which takes its time."""
    return Checked(checked_end(call))


@operation(
    "iam:UploadServerCertificate",
    asks=with_tagging("iam:UploadServerCertificate", "iam:TagServerCertificate", new_certificate),
    writes=True,
    stage=stage_certificate,
)
def upload_server_certificate(call: Call, desk: Desk) -> Output:
    """Keep a certificate and its private key.

    Input: ServerCertificateName (1-128 characters, unique ignoring case), CertificateBody,
        PrivateKey (both PEM; the key without a passphrase, RSA of 4,096 bits at most),
        CertificateChain (PEM, in order),
        Path, Tags.
    Raises: MalformedCertificate, KeyPairMismatch, EntityAlreadyExists, InvalidInput, LimitExceeded.
    """
    name, tags = call.input["ServerCertificateName"], new_tags(call)
    certificate = ServerCertificate(
        account=call.account,
        name=name,
        path=call.input.get("Path", "/"),
        unique_id=new_unique_id(CERTIFICATE),
        uploaded=call.now,
        expires=call.staged.end,
        text=call.input["CertificateBody"],
        chain=call.input.get("CertificateChain", ""),
        private_key=call.input["PrivateKey"],
        tags=tags,
    )
    if certificates.get_server_certificate(desk.tx, call.account, name) is not None:
        raise already_exists(name)
    check_quota(
        desk.tx,
        Kind.SERVER_CERTIFICATES,
        call.account,
        "ServerCertificatesPerAccount",
        SERVER_CERTIFICATES,
    )
    certificates.add_server_certificate(desk.tx, certificate)
    shown: Output = {"ServerCertificateMetadata": shown_metadata(certificate)}
    if tags:
        shown["Tags"] = shown_tags(tags)
    return shown


@operation("iam:GetServerCertificate", resource=certificate_target)
def get_server_certificate(call: Call, desk: Desk) -> Output:
    """Show a certificate with its chain and tags."""
    certificate = the_certificate(call, desk)
    shown: Output = {
        "ServerCertificateMetadata": shown_metadata(certificate),
        "CertificateBody": certificate.text,
    }
    if certificate.chain:
        shown["CertificateChain"] = certificate.chain
    if certificate.tags:
        shown["Tags"] = shown_tags(certificate.tags)
    return {"ServerCertificate": shown}


@operation("iam:ListServerCertificates", resource=every(KIND))
def list_server_certificates(call: Call, desk: Desk) -> Output:
    """List certificates under PathPrefix, without their texts and tags."""
    kept, rest = page(
        call,
        lambda after, limit: certificates.list_server_certificates(
            desk.tx, call.account, path_prefix(call), after, limit
        ),
        lambda certificate: certificate.name,
    )
    return {"ServerCertificateMetadataList": [shown_metadata(one) for one in kept], **rest}


@operation("iam:UpdateServerCertificate", asks=renaming, writes=True)
def update_server_certificate(call: Call, desk: Desk) -> Output:
    """Give a certificate another name or path; the unique id stays."""
    certificate = the_certificate(call, desk)
    changed = renamed(call, certificate)
    bearer = certificates.get_server_certificate(desk.tx, call.account, changed.name)
    if bearer is not None and bearer.unique_id != certificate.unique_id:
        raise already_exists(changed.name)
    certificates.update_server_certificate(desk.tx, changed)
    return {}


@operation("iam:DeleteServerCertificate", resource=certificate_target, writes=True)
def delete_server_certificate(call: Call, desk: Desk) -> Output:
    """Delete a certificate with its private key; no service here can be using it."""
    certificates.remove_server_certificate(desk.tx, the_certificate(call, desk))
    return {}


def checked_end(call: Call) -> int:
    """When the certificate of the input expires, if it, its key and its chain fit together."""
    certificate = read_certificate(call.input["CertificateBody"])
    if certificate is None:
        raise malformed(
            "Unable to parse certificate. Please ensure the certificate is in PEM format."
        )
    key = read_private_key(call.input["PrivateKey"])
    if key is None:
        raise malformed("Unable to parse key. Please ensure the key is in PEM format.")
    if not belong_together(certificate, key):
        said = "The public key certificate and the private key do not match."
        raise Fault("KeyPairMismatch", 400, said)
    text = call.input.get("CertificateChain")
    if text is not None:
        chain = read_chain(text)
        if chain is None or not is_in_order(certificate, chain):
            raise malformed(BAD_CHAIN)
    return end_of(certificate)


def the_certificate(call: Call, desk: Desk) -> ServerCertificate:
    name = call.input["ServerCertificateName"]
    found = certificates.get_server_certificate(desk.tx, call.account, name)
    if found is None:
        raise no_such_entity(f"The Server Certificate with name {name} cannot be found.")
    return found


def already_exists(name: str) -> Fault:
    return exists(f"The Server Certificate with name {name} already exists.")


def shown_metadata(certificate: ServerCertificate) -> Output:
    return {
        "Path": certificate.path,
        "ServerCertificateName": certificate.name,
        "ServerCertificateId": certificate.unique_id,
        "Arn": certificate.arn,
        "UploadDate": certificate.uploaded,
        "Expiration": certificate.expires,
    }


serve_tags(
    "ServerCertificate", the_certificate, certificates.update_server_certificate, certificate_target
)
