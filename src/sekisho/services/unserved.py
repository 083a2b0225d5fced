"""Operations of the models that are not served for a reason that will stay, or until something
else is built. `docs/coverage.md` tells it to people, the refusal to programs.

What is neither registered nor here is not served yet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sekisho.model.faults import Fault

_TEMPLATES = "policy templates for delegation are registered with AWS by its partners"
_ROLE_TEMPLATES = "role templates are published by services of AWS"
_PROPERTIES = "account properties configure features of AWS that are not here"
_SUMMARIES = "summaries for people are written by a service of AWS"
_REPORTS = "there are no organizations here yet to report on"
_NO_ORGANIZATION = "there are no organizations here yet, so no account belongs to one"


@dataclass(frozen=True, slots=True)
class Unserved:
    """Why an operation is not served. code, status: of its refusal. said: AWS's own sentence,
    where it has one for this; else the refusal names operation and reason."""

    reason: str
    code: str = "NotImplemented"
    status: int = 501
    said: str = ""


_LONELY = Unserved(
    _NO_ORGANIZATION,
    "OrganizationNotFoundException",
    400,
    "The request was rejected because no organization is associated with your account.",
)


def _listed() -> Iterator[tuple[str, Unserved]]:
    for name in (
        "AcceptDelegationRequest",
        "AssociateDelegationRequest",
        "CreateDelegationRequest",
        "GetDelegationRequest",
        "ListDelegationRequests",
        "RejectDelegationRequest",
        "SendDelegationToken",
        "UpdateDelegationRequest",
    ):
        yield f"iam:{name}", Unserved(_TEMPLATES)
    for name in (
        "DisableOrganizationsRootCredentialsManagement",
        "DisableOrganizationsRootSessions",
        "EnableOrganizationsRootCredentialsManagement",
        "EnableOrganizationsRootSessions",
        "ListOrganizationsFeatures",
    ):
        yield f"iam:{name}", _LONELY
    for name in ("GenerateOrganizationsAccessReport", "GetOrganizationsAccessReport"):
        yield f"iam:{name}", Unserved(_REPORTS)
    for name in ("AcquireRole", "GetRoleTemplateVersion"):
        yield f"iam:{name}", Unserved(_ROLE_TEMPLATES)
    for name in ("GetAccountProperties", "PutAccountProperties"):
        yield f"iam:{name}", Unserved(_PROPERTIES)
    yield "sts:AssumeRoot", Unserved(_NO_ORGANIZATION, "AccessDenied", 403)
    yield "sts:GetDelegatedAccessToken", Unserved(_TEMPLATES)
    yield "iam:GetHumanReadableSummary", Unserved(_SUMMARIES)


UNSERVED: Mapping[str, Unserved] = MappingProxyType(dict(_listed()))


def not_served(name: str) -> Fault:
    """The refusal of an operation, ``service:Operation``, that is in a model and not served."""
    known = UNSERVED.get(name)
    if known is None:
        return Fault("NotImplemented", 501, f"This server does not implement {name}.")
    said = known.said or f"This server does not implement {name}: {known.reason}."
    return Fault(known.code, known.status, said)
