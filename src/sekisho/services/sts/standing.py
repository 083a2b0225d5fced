"""Who may call which operation of STS with which credentials (PE-209, W-106…W-111).

No policy can give what is not in this table. The gate looks here before it asks any policy; an
operation that is not in the table can be called by nobody.
"""

import enum

from sekisho.model.faults import AccessDenied
from sekisho.model.principal import Caller, PrincipalKind


class Credentials(enum.Enum):
    """By what a request is signed, as far as STS treats it differently."""

    ROOT = "access key of the root user"
    USER = "access key of a user"
    ROLE = "session of a role"
    SESSION = "GetSessionToken"
    CONSOLE = "sign-in to the console"
    FEDERATION = "GetFederationToken"
    NONE = "unsigned"


_EVERY_SIGNED = frozenset(Credentials) - {Credentials.NONE}
_LONG_TERM = frozenset({Credentials.ROOT, Credentials.USER})
_NOT_RESTRICTED = frozenset(
    {Credentials.ROOT, Credentials.USER, Credentials.ROLE, Credentials.CONSOLE}
)

WHO_MAY = {
    "sts:AssumeRole": frozenset(
        {Credentials.USER, Credentials.ROLE, Credentials.SESSION, Credentials.CONSOLE}
    ),
    # Without a signature: the token or assertion in the call is what is verified (W-4, PE-117).
    "sts:AssumeRoleWithSAML": frozenset(Credentials),
    "sts:AssumeRoleWithWebIdentity": frozenset(Credentials),
    "sts:AssumeRoot": frozenset({Credentials.USER, Credentials.ROLE, Credentials.CONSOLE}),
    "sts:DecodeAuthorizationMessage": _NOT_RESTRICTED,
    "sts:GetAccessKeyInfo": _NOT_RESTRICTED,
    "sts:GetCallerIdentity": _EVERY_SIGNED,
    "sts:GetFederationToken": _LONG_TERM,
    "sts:GetSessionToken": _LONG_TERM,
    "sts:GetWebIdentityToken": _NOT_RESTRICTED,
}


def credentials_of(caller: Caller) -> Credentials:
    kind = caller.principal.kind
    if kind is PrincipalKind.ANONYMOUS:
        return Credentials.NONE
    if kind is PrincipalKind.FEDERATED_USER:
        return Credentials.FEDERATION
    if kind is PrincipalKind.ROLE_SESSION:
        return Credentials.ROLE
    if caller.session is not None:
        return Credentials.CONSOLE if caller.session.is_console else Credentials.SESSION
    return Credentials.ROOT if kind is PrincipalKind.ROOT else Credentials.USER


def may_be_unsigned(operation: str) -> bool:
    """Whether the gate lets ``service:Operation`` pass without a signature; a reviewed list."""
    return Credentials.NONE in WHO_MAY.get(operation, ())


def refuse_standing(operation: str, caller: Caller) -> None:
    """Raises AccessDenied if these credentials may not call ``sts:Operation``.

    A root user is told so whatever they signed with (PE-120), others in the words of PE-208.
    """
    if operation == "sts:AssumeRole" and caller.principal.kind is PrincipalKind.ROOT:
        raise AccessDenied("Roles may not be assumed by root accounts.")
    if credentials_of(caller) not in WHO_MAY.get(operation, frozenset()):
        name = operation.partition(":")[2]
        kind = "root" if credentials_of(caller) is Credentials.ROOT else "session"
        raise AccessDenied(f"Cannot call {name} with {kind} credentials")
