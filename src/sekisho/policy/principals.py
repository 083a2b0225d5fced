"""Whom a Principal element names, and how strongly (PE-20…PE-36, PE-94)."""

import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sekisho.model.identifiers import is_account_id, is_unique_id
from sekisho.model.principal import Principal, PrincipalKind
from sekisho.policy.document import NamedPrincipal

_ROOT = re.compile(r"arn:aws:iam::([0-9]{12}):root", re.ASCII)


class Grant(enum.IntEnum):
    """What an Allow is worth to a principal of the resource's own account (PE-94).

    NONE: it does not name them. ACCOUNT: it names their account, which may hand the permission
    on; an identity policy must allow too. LIMITED: it names the role of the session, or the user
    who sponsored it; boundary and session policy still limit. DIRECT: it names them, or all.
    """

    NONE = 0
    ACCOUNT = 1
    LIMITED = 2
    DIRECT = 3


# Looked up once, as every decision on a resource's policy compares with them.
NONE, ACCOUNT, LIMITED, DIRECT = Grant
USER, ROLE_SESSION = PrincipalKind.USER, PrincipalKind.ROLE_SESSION
SERVICE, ANONYMOUS = PrincipalKind.SERVICE, PrincipalKind.ANONYMOUS
FEDERATED_IDENTITY = PrincipalKind.FEDERATED_IDENTITY


@dataclass(frozen=True, slots=True)
class Naming:
    """The principals of one element, sorted by how they are compared; always exactly (PE-23).

    A value with a wildcard other than ``*`` alone names nobody (PE-24). Federated values name no
    one who signs a request, and nothing but them names one for whom a provider vouches (PE-117).
    means_vouched: whether everyone means those too, as where everyone is denied or limited.
    """

    everyone: bool
    accounts: frozenset[str]
    arns: frozenset[str]
    ids: frozenset[str]
    services: frozenset[str]
    federated: frozenset[str]
    means_vouched: bool = False

    def grant(self, principal: Principal, sponsor: Principal | None = None) -> Grant:
        """How strongly the element names this principal; sponsor as in Question."""
        kind, arns = principal.kind, self.arns
        if self.everyone and (self.means_vouched or kind is not FEDERATED_IDENTITY):
            return DIRECT
        if kind is FEDERATED_IDENTITY:
            return DIRECT if principal.name in self.federated else NONE
        if kind is SERVICE:
            return DIRECT if principal.name in self.services else NONE
        if kind is ANONYMOUS:
            return NONE
        if principal.arn in arns:
            return DIRECT
        if kind is ROLE_SESSION:
            if principal.role_arn in arns or principal.unique_id in self.ids:
                return LIMITED
        elif kind is USER and principal.unique_id in self.ids:
            return DIRECT
        if sponsor is not None and self._has_user(sponsor):
            return LIMITED
        return ACCOUNT if principal.account in self.accounts else NONE

    def exempts(self, principal: Principal, sponsor: Principal | None = None) -> bool:
        """Whether NotPrincipal leaves this principal out: all that they are must be listed.

        A user: its ARN and its account; a role session: its ARN, its role's and its account
        (PE-35).
        """
        if self.everyone:
            return True
        match principal.kind:
            case PrincipalKind.ANONYMOUS | PrincipalKind.FEDERATED_IDENTITY:
                return False
            case PrincipalKind.SERVICE:
                return principal.name in self.services
        if principal.account not in self.accounts:
            return False
        match principal.kind:
            case PrincipalKind.USER:
                return principal.arn in self.arns or self._has_user(principal)
            case PrincipalKind.ROLE_SESSION:
                return principal.arn in self.arns and self._has_role(principal)
            case PrincipalKind.FEDERATED_USER:
                named = sponsor is None or sponsor.arn in self.arns or self._has_user(sponsor)
                return principal.arn in self.arns and named
        return True

    def _has_user(self, principal: Principal) -> bool:
        if principal.kind is not PrincipalKind.USER:
            return False
        return principal.arn in self.arns or principal.unique_id in self.ids

    def _has_role(self, principal: Principal) -> bool:
        if principal.kind is not PrincipalKind.ROLE_SESSION:
            return False
        return principal.role_arn in self.arns or principal.unique_id in self.ids


def read_naming(named: Iterable[NamedPrincipal], bindings: Mapping[str, str]) -> Naming:
    """Sort the entries of an element.

    bindings: user or role ARN -> the unique id it had when the policy was saved; such an ARN is
    compared by that id alone, so that a namesake made later is not meant (PE-31). A canonical id
    may be bound to its account (PE-29).
    """
    everyone = False
    kinds = ("accounts", "arns", "ids", "services", "federated")
    sorts: dict[str, set[str]] = {kind: set() for kind in kinds}
    for entry in named:
        if entry.is_everyone:
            everyone = True
        elif entry.key == "AWS":
            kind, value = _sort(entry.value, bindings)
            sorts[kind].add(value)
        elif entry.key == "Service":
            sorts["services"].add(entry.value)
        elif entry.key == "Federated":
            sorts["federated"].add(entry.value)
        elif entry.key == "CanonicalUser" and entry.value in bindings:
            sorts["accounts"].add(bindings[entry.value])
    accounts, arns, ids, services, federated = (frozenset(sorts[kind]) for kind in kinds)
    return Naming(everyone, accounts, arns, ids, services, federated)


def _sort(value: str, bindings: Mapping[str, str]) -> tuple[str, str]:
    account = account_named(value)
    if account:
        return "accounts", account
    if value in bindings:
        return "ids", bindings[value]
    return ("ids" if is_unique_id(value) else "arns"), value


def account_named(value: str) -> str:
    """The account that an AWS principal names as such; empty if it names something else (PE-22)."""
    if is_account_id(value):
        return value
    root = _ROOT.fullmatch(value)
    return "" if root is None else root.group(1)
