"""Session tokens: sealed values, not rows; whoever holds the key ring can open them.

A token is the base64 text of ``key id (1 byte) · nonce (12) · AES-256-GCM ciphertext and tag``.
Spaces at the end of what is sealed mean nothing.
What is sealed names the access key and holds its secret, so a request with temporary credentials is
verified from the request alone, and AssumeRole writes nothing. A token that does not open is
refused without saying why.
"""

import base64
import binascii
import os
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from cryptography.exceptions import InvalidTag

from sekisho.access.context import ContextValue
from sekisho.directory.store import Ring
from sekisho.model.faults import Fault
from sekisho.model.identifiers import TEMPORARY_KEY, new_access_key_id, new_secret_access_key
from sekisho.model.principal import PrincipalKind, Session, nothing

LONGEST_TOKEN = 16_384
LONGEST_SEALED = 65_536
COMPRESS_FROM = 600
PURPOSE = b"sekisho session token 1"
_NONCE = 12
_AROUND = 1 + _NONCE + 16  # bytes of a token that are not what is sealed
_PLAIN, _DEFLATED = b"p", b"z"


class InvalidToken(Exception):
    """The text is no token that this authority has sealed."""


class Grant(NamedTuple):
    """What a token is about: temporary credentials, whose they are, and their session.

    kind: ROOT, USER, ROLE_SESSION or FEDERATED_USER. account: 12 digits. unique_id: the user's or
    the role's, of a federated user its sponsor's; the account id for root. session_name: of a role
    session, or the federated user's; else empty.
    """

    access_key_id: str
    kind: PrincipalKind
    account: str
    unique_id: str
    session_name: str
    session: Session
    secret: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"Grant({self.access_key_id!r}, {self.kind}, {self.account!r}, {self.session!r})"


class Credentials(NamedTuple):
    """Temporary credentials, as they are handed out once."""

    access_key_id: str
    expires: int
    secret: str
    token: str

    def __repr__(self) -> str:
        """Without secret and token."""
        return f"Credentials({self.access_key_id!r}, {self.expires})"

    def as_output(self) -> dict[str, Any]:
        """Credentials, and how large the token is: bytes, and percent of the largest (W-96)."""
        size = len(self.token)
        return {
            "Credentials": {
                "AccessKeyId": self.access_key_id,
                "SecretAccessKey": self.secret,
                "SessionToken": self.token,
                "Expiration": self.expires,
            },
            "SessionTokenUtilization": -(-100 * size // LONGEST_TOKEN),
            "SessionTokenSize": size,
        }


def issue(
    ring: Ring,
    kind: PrincipalKind,
    account: str,
    unique_id: str,
    session_name: str,
    session: Session,
    least: int = 0,
) -> Credentials:
    """New temporary credentials for a session; the key id starts with ``ASIA`` (PE-121).

    least: bytes that the token is to have at least (W-96). Raises PackedPolicyTooLarge for a token
    of more than 16,384, which would not open.
    """
    grant = Grant(
        new_access_key_id(TEMPORARY_KEY, account),
        kind,
        account,
        unique_id,
        session_name,
        session,
        new_secret_access_key(),
    )
    token = seal(ring, grant, least)
    if len(token) > LONGEST_TOKEN:
        percent = -(-100 * len(token) // LONGEST_TOKEN)
        said = f"Packed policy consumes {percent}% of allotted space, please use smaller policy."
        raise Fault("PackedPolicyTooLarge", 400, said)
    return Credentials(grant.access_key_id, session.expires, grant.secret, token)


def seal(ring: Ring, grant: Grant, least: int = 0, purpose: bytes = PURPOSE) -> str:
    """The token; least: its length at least, made up of spaces within. purpose: see `unseal`."""
    packed = pack(grant)
    if least:
        packed = packed.ljust(-(-least // 4) * 3 - _AROUND)
    nonce = os.urandom(_NONCE)
    key_id = bytes((ring.current,))
    sealed = ring.cipher(ring.current).encrypt(nonce, packed, purpose + key_id)
    return base64.b64encode(key_id + nonce + sealed).decode()


def unseal(ring: Ring, token: str, purpose: bytes = PURPOSE) -> Grant:
    """The grant inside a token.

    purpose: what it was sealed for; a token for one is none for another. Raises InvalidToken for
    anything that was not sealed with a key of this ring, cut or altered. Expiry is not looked at
    here.
    """
    if len(token) > LONGEST_TOKEN:
        raise InvalidToken
    try:
        raw = base64.b64decode(token, validate=True)
        cipher = ring.cipher(raw[0])
        return unpack(cipher.decrypt(raw[1 : 1 + _NONCE], raw[1 + _NONCE :], purpose + raw[:1]))
    except (binascii.Error, ValueError, IndexError, LookupError, InvalidTag):
        raise InvalidToken from None


def pack(grant: Grant) -> bytes:
    session = grant.session
    fields: list[Any] = [
        grant.access_key_id,
        grant.secret,
        grant.kind.word,
        grant.account,
        grant.unique_id,
        grant.session_name,
        session.issued,
        session.expires,
        session.mfa_at,
        dict(session.tags),
        session.transitive,
        session.source_identity,
        session.policy,
        session.policy_arns,
    ]
    rare = [dict(session.federation), session.is_console, session.is_chained, session.password]
    if any(rare):
        fields += rare
    text = orjson.dumps(fields)
    if len(text) < COMPRESS_FROM:
        return _PLAIN + text
    return _DEFLATED + zlib.compress(text)


def unpack(packed: bytes) -> Grant:
    text = packed[1:]
    if packed[:1] == _DEFLATED:
        text = zlib.decompressobj().decompress(text, LONGEST_SEALED)
    fields = orjson.loads(text)
    return Grant(
        access_key_id=fields[0],
        secret=fields[1],
        kind=PrincipalKind(fields[2]),
        account=fields[3],
        unique_id=fields[4],
        session_name=fields[5],
        session=Session(
            issued=fields[6],
            expires=fields[7],
            mfa_at=fields[8],
            tags=fields[9],
            transitive=tuple(fields[10]),
            source_identity=fields[11],
            policy=fields[12],
            policy_arns=tuple(fields[13]),
            federation=unpack_federation(fields[14]) if len(fields) > 14 else nothing(),
            is_console=len(fields) > 15 and fields[15],
            is_chained=len(fields) > 16 and fields[16],
            password=fields[17] if len(fields) > 17 else "",
        ),
    )


def unpack_federation(packed: dict[str, str | list[str]]) -> Mapping[str, ContextValue]:
    return {key: value if isinstance(value, str) else tuple(value) for key, value in packed.items()}


def allotted_percent(session: Session, allotment: int = 512) -> int:
    """The share of its allotment that a session's policies and tags take up (W-136).

    AWS's packing is not documented; here it is the deflated size against `allotment` bytes.
    """
    said = [session.policy, *session.policy_arns]
    said += [f"{key}={value}" for key, value in session.tags.items()]
    packed = zlib.compress("\n".join(said).encode(), 9)
    return -(-100 * len(packed) // allotment)
