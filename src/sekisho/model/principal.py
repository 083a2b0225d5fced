"""Who asks: principals, and callers, which are principals whose signature was verified."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from sekisho.model.arn import federated_user_arn, root_arn, session_arn

ANONYMOUS_ACCOUNT = "anonymous"
_NOTHING: Mapping[str, str] = MappingProxyType({})


def nothing() -> Mapping[str, str]:
    """The empty mapping, which nobody can change."""
    return _NOTHING


class PrincipalKind(enum.Enum):
    """The kinds that differ in how policies see them; the value is aws:PrincipalType (PE-172).

    A FEDERATED_IDENTITY is somebody for whom an identity provider vouches, before they have assumed
    a role (PE-117); it has no keys of its own.
    word: the value once more, since that of an enum is looked up slowly.
    """

    word: str

    def __init__(self, word: str) -> None:
        self.word = word

    ROOT = "Account"
    USER = "User"
    ROLE_SESSION = "AssumedRole"
    FEDERATED_USER = "FederatedUser"
    FEDERATED_IDENTITY = "FederatedIdentity"
    SERVICE = "Service"
    ANONYMOUS = "Anonymous"


@dataclass(frozen=True, slots=True)
class Principal:
    """One who may be named in a policy.

    account: 12 digits, or ``anonymous``; empty for a service or a federated identity.
    arn: as messages and GetCallerIdentity show it; for a role session the session's ARN (PE-173).
    unique_id: ``AIDA…`` of a user, ``AROA…`` of a session's role, the subject of a federated
        identity, else the account id (PE-34).
    name: user name, role name, federated name or service name; of a federated identity its
        provider, as trust policies name it (PE-28).
    role_arn: of a role session, the role's ARN with its path; else empty.
    session_name: of a role session; else empty.
    """

    kind: PrincipalKind
    account: str
    arn: str
    unique_id: str
    name: str = ""
    role_arn: str = ""
    session_name: str = ""

    @property
    def user_id(self) -> str:
        """The value of aws:userid and of UserId in GetCallerIdentity (PE-172, W-117)."""
        if self.kind is PrincipalKind.ROLE_SESSION:
            return f"{self.unique_id}:{self.session_name}"
        if self.kind is PrincipalKind.FEDERATED_USER:
            return f"{self.account}:{self.name}"
        return self.unique_id

    @property
    def policy_arn(self) -> str:
        """The value of aws:PrincipalArn: for a session its role's ARN; empty if absent (PE-172)."""
        return self.role_arn or self.arn


ANONYMOUS = Principal(PrincipalKind.ANONYMOUS, ANONYMOUS_ACCOUNT, "", "anonymous")


@lru_cache(maxsize=4096)
def root_principal(account: str) -> Principal:
    return Principal(PrincipalKind.ROOT, account, root_arn(account), account)


def user_principal(account: str, arn: str, unique_id: str, name: str) -> Principal:
    return Principal(PrincipalKind.USER, account, arn, unique_id, name)


def session_principal(
    account: str, role_arn: str, role_id: str, role_name: str, session_name: str
) -> Principal:
    return Principal(
        PrincipalKind.ROLE_SESSION,
        account,
        session_arn(account, role_name, session_name),
        role_id,
        role_name,
        role_arn,
        session_name,
    )


def federated_principal(account: str, name: str) -> Principal:
    """The holder of GetFederationToken credentials; any other of that name is the same (W-117)."""
    arn = federated_user_arn(account, name)
    return Principal(PrincipalKind.FEDERATED_USER, account, arn, account, name)


def federated_identity(provider: str, subject: str) -> Principal:
    """Somebody for whom a provider vouches. provider: its ARN, or its name if it is built in."""
    return Principal(PrincipalKind.FEDERATED_IDENTITY, "", "", subject, provider)


class Session(NamedTuple):
    """What temporary credentials carry besides who they are for.

    issued, expires: epoch seconds.
    mfa_at: when MFA was given, epoch seconds; None if it was not. Only GetSessionToken sessions
        carry it (PE-183).
    tags: session tags in the case they were passed in (PE-212); transitive: their keys that are
        handed on when chaining.
    source_identity: empty if none was set (PE-213).
    policy: text of the inline session policy, or empty; policy_arns: managed session policies
        (PE-93).
    federation: of a session that an identity provider vouched for, the condition keys that stay
        with it, in lower case (PE-187, PE-189); else empty.
    is_console: whether they were given to a browser that had signed in; such are not held to what
        GetSessionToken's and GetFederationToken's may not do (W-109, W-110).
    is_chained: whether one session asked for the other, so that signing in with it lengthens
        nothing (W-252, PE-210).
    password: fingerprint of the password that a user signed in with at a browser, if one did: the
        credentials end with it.
    """

    issued: int
    expires: int
    mfa_at: int | None = None
    tags: Mapping[str, str] = nothing()
    transitive: tuple[str, ...] = ()
    source_identity: str = ""
    policy: str = ""
    policy_arns: tuple[str, ...] = ()
    federation: Mapping[str, str | tuple[str, ...]] = MappingProxyType({})
    is_console: bool = False
    is_chained: bool = False
    password: str = ""

    @property
    def is_limited(self) -> bool:
        """Whether a session policy was passed; none passed means nothing is taken away (PE-93)."""
        return bool(self.policy or self.policy_arns)


def is_assumed_root(kind: PrincipalKind, session: Session | None) -> bool:
    """Whether this is a session of AssumeRoot: no other of a root user has a session policy."""
    return kind is PrincipalKind.ROOT and session is not None and session.is_limited


class Caller(NamedTuple):
    """A principal whose signature was verified; only gate.authenticate makes one.

    access_key_id: empty for an anonymous caller.
    session: None for long-term credentials.
    sponsor: of a federated user, the user or root user who called GetFederationToken (PE-94).
    """

    principal: Principal
    access_key_id: str = ""
    session: Session | None = None
    sponsor: Principal | None = None
