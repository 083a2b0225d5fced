"""The tree: units under the one root, and where accounts stand in it (W-230)."""

from collections.abc import Sequence
from dataclasses import replace

from sekisho.access.decide import Ask
from sekisho.directory.queries import control_policies, organizations
from sekisho.model.organizations import Organization, Unit, lineage, new_letters, path_of
from sekisho.services.operation import (
    Call,
    Desk,
    FindTarget,
    Output,
    Target,
    ask_for,
    operation,
)
from sekisho.services.organizations.accounts import shown_accounts, the_member
from sekisho.services.organizations.faults import constrained, not_found, refused
from sekisho.services.organizations.paging import page
from sekisho.services.organizations.standing import a_node, managed, seen, the_one
from sekisho.services.organizations.tags import given_tags, new_tags

DEEPEST = 5
"""Units on the way from the root to an account."""
MOST_UNITS = 2_000

_PLACES = ("AccountId", "SourceParentId", "DestinationParentId")

the_unit_asked = the_one("ou", "OrganizationalUnitId")


def a_parent(member: str) -> FindTarget:
    """The root or unit that the input names, with the keys of the tags that are passed."""

    def target(call: Call, desk: Desk) -> Target:
        found = a_node(member)(call, desk)
        assert isinstance(found, Target)
        return Target(found.arn, {**found.context, **given_tags(call)})

    return target


def moves(call: Call, desk: Desk) -> Sequence[Ask]:
    """MoveAccount is asked on the account, on where it is, and on where it goes."""
    targets = [a_node(name)(call, desk) for name in _PLACES]
    return [ask_for(call, "organizations:MoveAccount", target) for target in targets]


@operation("organizations:CreateOrganizationalUnit", resource=a_parent("ParentId"), writes=True)
def create_unit(call: Call, desk: Desk) -> Output:
    """Make a unit under the root or another unit.

    Input: ParentId, Name (1-128 characters, of no other unit there), Tags.
    Raises: ParentNotFound, DuplicateOrganizationalUnit, ConstraintViolation above five levels or
        2,000 units.
    """
    organization = managed(call, desk)
    units = units_of(desk, organization)
    parent = call.input["ParentId"]
    if not is_parent(organization, units, parent):
        raise not_found("Parent")
    if len(units) >= MOST_UNITS:
        said = "You have exceeded the allowed number of organizational units."
        raise constrained("OU_NUMBER_LIMIT_EXCEEDED", said)
    if len(lineage(organization, units, parent)) > DEEPEST:
        said = "You attempted to create an OU tree that is too many levels deep."
        raise constrained("OU_DEPTH_LIMIT_EXCEEDED", said)
    tags = new_tags(call)
    name: str = call.input["Name"]
    refuse_twin(units, parent, name)
    unit = Unit(new_unit_id(organization), organization.id, parent, name, call.now)
    organizations.add_unit(desk.tx, unit)
    control_policies.attach_full_access(desk.tx, organization, unit.id)
    organizations.put_tags(desk.tx, organization.id, unit.id, tags)
    return {"OrganizationalUnit": shown_unit(organization, {**units, unit.id: unit}, unit)}


@operation("organizations:DescribeOrganizationalUnit", resource=the_unit_asked)
def describe_unit(call: Call, desk: Desk) -> Output:
    """Raises: OrganizationalUnitNotFound."""
    organization = seen(call, desk)
    units = units_of(desk, organization)
    unit = the_unit(call, units)
    return {"OrganizationalUnit": shown_unit(organization, units, unit)}


@operation("organizations:UpdateOrganizationalUnit", resource=the_unit_asked, writes=True)
def update_unit(call: Call, desk: Desk) -> Output:
    """Give a unit another name. Raises: OrganizationalUnitNotFound, DuplicateOrganizationalUnit."""
    organization = managed(call, desk)
    units = units_of(desk, organization)
    unit = the_unit(call, units)
    name = call.input.get("Name", unit.name)
    if name != unit.name:
        refuse_twin(units, unit.parent, name)
        unit = replace(unit, name=name)
        organizations.update_unit(desk.tx, unit)
    return {"OrganizationalUnit": shown_unit(organization, units, unit)}


@operation("organizations:DeleteOrganizationalUnit", resource=the_unit_asked, writes=True)
def delete_unit(call: Call, desk: Desk) -> Output:
    """Raises: OrganizationalUnitNotFound, OrganizationalUnitNotEmpty."""
    organization = managed(call, desk)
    units = units_of(desk, organization)
    unit = the_unit(call, units)
    has_units = any(other.parent == unit.id for other in units.values())
    if has_units or organizations.list_members(desk.tx, organization.id, unit.id):
        said = (
            "The specified OU is not empty. Move all accounts to another root or to other OUs,"
            " remove all child OUs, and try the operation again."
        )
        raise refused("OrganizationalUnitNotEmpty", said)
    organizations.remove_unit(desk.tx, unit)
    return {}


@operation("organizations:ListOrganizationalUnitsForParent", resource=a_parent("ParentId"))
def list_units(call: Call, desk: Desk) -> Output:
    """List the units directly under a parent. Raises: ParentNotFound."""
    organization = seen(call, desk)
    units = units_of(desk, organization)
    parent = the_parent(call, organization, units)
    kept, rest = page(call, under(units, parent), lambda unit: unit.id)
    return {"OrganizationalUnits": [shown_unit(organization, units, one) for one in kept], **rest}


@operation("organizations:ListAccountsForParent", resource=a_parent("ParentId"))
def list_accounts_for_parent(call: Call, desk: Desk) -> Output:
    """List the accounts directly under a parent. Raises: ParentNotFound."""
    organization = seen(call, desk)
    parent = the_parent(call, organization, units_of(desk, organization))
    members = organizations.list_members(desk.tx, organization.id, parent)
    kept, rest = page(call, members, lambda member: member.account)
    return {"Accounts": shown_accounts(desk, organization, kept), **rest}


@operation("organizations:ListChildren", resource=a_parent("ParentId"))
def list_children(call: Call, desk: Desk) -> Output:
    """List the ids of what is directly under a parent, of ChildType. Raises: ParentNotFound."""
    organization = seen(call, desk)
    units = units_of(desk, organization)
    parent, kind = the_parent(call, organization, units), call.input["ChildType"]
    if kind == "ACCOUNT":
        members = organizations.list_members(desk.tx, organization.id, parent)
        found = [member.account for member in members]
    else:
        found = [unit.id for unit in under(units, parent)]
    kept, rest = page(call, found, lambda name: name)
    return {"Children": [{"Id": name, "Type": kind} for name in kept], **rest}


@operation("organizations:ListParents", resource=a_node("ChildId"))
def list_parents(call: Call, desk: Desk) -> Output:
    """Show the one parent of an account or unit. Raises: ChildNotFound."""
    organization = seen(call, desk)
    child: str = call.input["ChildId"]
    unit = units_of(desk, organization).get(child)
    member = None if unit is not None else organizations.get_member(desk.tx, child)
    if unit is not None:
        parent = unit.parent
    elif member is not None and member.organization == organization.id:
        parent = member.parent
    else:
        raise not_found("Child")
    kind = "ROOT" if parent == organization.root else "ORGANIZATIONAL_UNIT"
    kept, rest = page(call, [{"Id": parent, "Type": kind}], lambda one: one["Id"])
    return {"Parents": kept, **rest}


@operation("organizations:MoveAccount", asks=moves, writes=True)
def move_account(call: Call, desk: Desk) -> Output:
    """Put an account elsewhere in the tree.

    Raises: AccountNotFound, SourceParentNotFound (also where the account is not there),
        DestinationParentNotFound, DuplicateAccount.
    """
    organization = managed(call, desk)
    units = units_of(desk, organization)
    member = the_member(desk, organization, call.input["AccountId"])
    source, destination = call.input["SourceParentId"], call.input["DestinationParentId"]
    if not is_parent(organization, units, source) or member.parent not in (source, destination):
        raise not_found("SourceParent")
    if not is_parent(organization, units, destination):
        raise not_found("DestinationParent")
    if member.parent == destination:
        said = "That account is already present in the specified destination."
        raise refused("DuplicateAccount", said)
    organizations.move_member(desk.tx, member, destination)
    return {}


def units_of(desk: Desk, organization: Organization) -> dict[str, Unit]:
    return {unit.id: unit for unit in organizations.list_units(desk.tx, organization.id)}


def under(units: dict[str, Unit], parent: str) -> list[Unit]:
    return [unit for unit in units.values() if unit.parent == parent]


def is_parent(organization: Organization, units: dict[str, Unit], name: str) -> bool:
    return name == organization.root or name in units


def the_parent(call: Call, organization: Organization, units: dict[str, Unit]) -> str:
    parent: str = call.input["ParentId"]
    if not is_parent(organization, units, parent):
        raise not_found("Parent")
    return parent


def the_unit(call: Call, units: dict[str, Unit]) -> Unit:
    unit = units.get(call.input["OrganizationalUnitId"])
    if unit is None:
        raise not_found("OrganizationalUnit")
    return unit


def refuse_twin(units: dict[str, Unit], parent: str, name: str) -> None:
    if any(unit.name == name for unit in under(units, parent)):
        raise refused("DuplicateOrganizationalUnit", "An OU with the same name already exists.")


def new_unit_id(organization: Organization) -> str:
    return f"ou-{organization.root.removeprefix('r-')}-{new_letters(8)}"


def shown_unit(organization: Organization, units: dict[str, Unit], unit: Unit) -> Output:
    return {
        "Id": unit.id,
        "Arn": organization.arn_of("ou", unit.id),
        "Name": unit.name,
        "Path": path_of(organization, lineage(organization, units, unit.id)),
    }
