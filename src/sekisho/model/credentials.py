"""What users prove themselves with, apart from access keys and devices.

Times are epoch seconds (UTC, whole). owner is the unique id of a user.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from sekisho.model.arn import iam_arn
from sekisho.model.principal import nothing


@dataclass(frozen=True, slots=True)
class LoginProfile:
    """A user's password.

    hashed: Argon2id in the PHC form; earlier: those before it, newest first.
    changed: when it was set. reset: whether it must be replaced at the next sign-in.
    """

    account: str
    owner: str
    created: int
    changed: int
    reset: bool
    hashed: str = field(repr=False)
    earlier: tuple[str, ...] = field(default=(), repr=False)


def fingerprint(hashed: str) -> str:
    """Of a password's hash, by which what rests on that very password knows it again."""
    return hashlib.sha256(hashed.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SshKey:
    """A public RSA key. text: as it was given. fingerprint: MD5 of the key, in pairs of digits."""

    id: str
    account: str
    owner: str
    uploaded: int
    fingerprint: str
    text: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class SigningCertificate:
    """An X.509 certificate. owner: unique id of the user, or the account id for the root user.

    fingerprint: SHA-256 of the certificate, in hexadecimal.
    """

    id: str
    account: str
    owner: str
    uploaded: int
    fingerprint: str
    text: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """A certificate of the account, with its chain (empty if none) and its private key (PEM)."""

    account: str
    name: str
    path: str
    unique_id: str
    uploaded: int
    expires: int
    text: str
    chain: str = ""
    private_key: str = field(default="", repr=False)
    tags: Mapping[str, str] = field(default_factory=nothing)

    @property
    def arn(self) -> str:
        return iam_arn(self.account, "server-certificate", self.path, self.name)


@dataclass(frozen=True, slots=True)
class ServiceCredential:
    """A name and a secret for one service. expires: 0 if it never does.

    hashed: SHA-256 of the secret, in hexadecimal; the secret has 256 random bits.
    """

    id: str
    account: str
    owner: str
    service: str
    login: str
    created: int
    expires: int = 0
    active: bool = True
    hashed: str = field(default="", repr=False)
