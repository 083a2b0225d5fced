"""Who may call: the management account, for reading a delegated administrator too (W-226).

Policies are asked first, about the caller's own rights; what is here no policy can give.
"""

from sekisho.access.context import tag_context
from sekisho.directory.queries import organizations
from sekisho.model.organizations import Organization
from sekisho.services.operation import Call, Desk, FindTarget, Target
from sekisho.services.organizations.faults import denied, not_in_use


def the_organization(call: Call, desk: Desk) -> Organization:
    """The one of the caller's account. Raises AWSOrganizationsNotInUse (W-225)."""
    found = organizations.organization_of(desk.tx, call.account)
    if found is None:
        raise not_in_use()
    return found


def managed(call: Call, desk: Desk) -> Organization:
    """The same, if it is the caller's account that manages it; else AccessDenied."""
    found = the_organization(call, desk)
    if found.management != call.account:
        raise denied()
    return found


def seen(call: Call, desk: Desk) -> Organization:
    """The same, for its management account or a delegated administrator of any service."""
    found = the_organization(call, desk)
    delegates = organizations.list_delegates(desk.tx, found.id)
    if found.management != call.account and all(one.account != call.account for one in delegates):
        raise denied()
    return found


def the_one(kind: str, member: str) -> FindTarget:
    """The target that the input names by its id. kind: as ARNs have it (W-223)."""

    def target(call: Call, desk: Desk) -> Target:
        return named(call, desk, kind, call.input[member])

    return target


def a_node(member: str) -> FindTarget:
    """The target that may be a root, a unit or an account."""

    def target(call: Call, desk: Desk) -> Target:
        name: str = call.input[member]
        kind = "root" if name.startswith("r-") else "ou" if name.startswith("ou-") else "account"
        return named(call, desk, kind, name)

    return target


def named(call: Call, desk: Desk, kind: str, name: str) -> Target:
    organization = the_organization(call, desk)
    tags = organizations.get_tags(desk.tx, organization.id, name)
    return Target(organization.arn_of(kind, name), tag_context("aws:resourcetag", tags))
