"""Organizations: accounts under one management account, in a tree of units (W-221…W-241).

Times are epoch seconds (UTC, whole).
"""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sekisho.model.arn import PARTITION
from sekisho.model.principal import nothing

ALL_FEATURES = "ALL"
IAM_SERVICE = "iam.amazonaws.com"
SERVICE_CONTROL, RESOURCE_CONTROL = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
ROOT_CREDENTIALS, ROOT_SESSIONS = "RootCredentialsManagement", "RootSessions"


def new_letters(count: int) -> str:
    """Random small letters and digits; five bits each."""
    return base64.b32encode(os.urandom(count)).decode().lower()[:count]


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization and its one root.

    management: the management account. services: those with trusted access -> since when.
    root_features: what is centralised of root access, of IAM's words. policy_types: those enabled
    on the root.
    """

    id: str
    management: str
    root: str
    created: int
    feature_set: str = ALL_FEATURES
    services: Mapping[str, int] = field(default_factory=nothing)  # type: ignore[arg-type]
    root_features: tuple[str, ...] = ()
    policy_types: tuple[str, ...] = ()

    @property
    def arn(self) -> str:
        return organizations_arn(self.management, "organization", self.id)

    def arn_of(self, kind: str, name: str) -> str:
        """The ARN of an account, root, ou, handshake or policy (W-223)."""
        return organizations_arn(self.management, kind, f"{self.id}/{name}")


@dataclass(frozen=True, slots=True)
class Member:
    """An account in an organization. parent: the root or a unit. method: INVITED or CREATED."""

    account: str
    organization: str
    parent: str
    joined: int
    method: str
    email: str


@dataclass(frozen=True, slots=True)
class Unit:
    """An organizational unit. parent: the root or another unit."""

    id: str
    organization: str
    parent: str
    name: str
    created: int


@dataclass(frozen=True, slots=True)
class Creation:
    """A request for an account, and what came of it. account: empty if it failed, for `failure`."""

    id: str
    organization: str
    name: str
    requested: int
    account: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Delegate:
    """A member account that administers the organization for a service."""

    account: str
    organization: str
    service: str
    since: int


@dataclass(frozen=True, slots=True)
class Invitation:
    """A handshake by which an account is asked to join. state: of AWS's words, as it was left."""

    id: str
    organization: str
    account: str
    requested: int
    expires: int
    state: str = "OPEN"
    notes: str = ""

    def state_at(self, now: int) -> str:
        return "EXPIRED" if self.state == "OPEN" and now >= self.expires else self.state


@dataclass(frozen=True, slots=True)
class ControlPolicy:
    """A policy of an organization. kind: SERVICE_CONTROL or RESOURCE_CONTROL.

    organization: empty for AWS's own.
    """

    id: str
    organization: str
    kind: str
    name: str
    description: str
    content: str

    @property
    def is_aws(self) -> bool:
        return not self.organization

    def arn(self, organization: Organization) -> str:
        """Its ARN in the organization that it is shown to (W-223)."""
        if self.is_aws:
            return f"arn:{PARTITION}:organizations::aws:policy/{self.kind.lower()}/{self.id}"
        return organization.arn_of("policy", f"{self.kind.lower()}/{self.id}")


FULL_ACCESS: Mapping[str, ControlPolicy] = MappingProxyType(
    {
        SERVICE_CONTROL: ControlPolicy(
            "p-FullAWSAccess",
            "",
            SERVICE_CONTROL,
            "FullAWSAccess",
            "Allows access to every operation",
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
        ),
        RESOURCE_CONTROL: ControlPolicy(
            "p-RCPFullAWSAccess",
            "",
            RESOURCE_CONTROL,
            "RCPFullAWSAccess",
            "Allows access to all resources",
            '{"Version":"2012-10-17","Statement":'
            '[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
        ),
    }
)
"""By kind, what is attached everywhere at first (PE-88, PE-89, PE-136)."""


def lineage(organization: Organization, units: Mapping[str, Unit], parent: str) -> tuple[str, ...]:
    """The ids on the way from the root to a parent, both included. units: all, by id."""
    way = []
    while parent != organization.root:
        way.append(parent)
        parent = units[parent].parent
    return (organization.root, *reversed(way))


def path_of(organization: Organization, way: tuple[str, ...]) -> str:
    """The value of aws:PrincipalOrgPaths, such as ``o-x/r-y/ou-z/`` (PE-175)."""
    return "/".join((organization.id, *way)) + "/"


def organizations_arn(account: str, kind: str, name: str) -> str:
    return f"arn:{PARTITION}:organizations::{account}:{kind}/{name}"
