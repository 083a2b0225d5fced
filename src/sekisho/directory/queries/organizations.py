"""Organizations and who is in them.

What moves an account, or changes what limits it, tells the transaction: its keys of conditions and
its control policies are not what they were.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, Table, delete, func, insert, select, update

from sekisho.directory.schema_organizations import (
    organization_attachments,
    organization_creations,
    organization_delegates,
    organization_invitations,
    organization_members,
    organization_policies,
    organization_tags,
    organization_units,
    organizations,
)
from sekisho.directory.store import Transaction
from sekisho.model.organizations import Creation, Delegate, Member, Organization, Unit

# What hangs on an organization, in the order in which it can be taken away.
BELONGINGS: tuple[Table, ...] = (
    organization_attachments,
    organization_policies,
    organization_tags,
    organization_invitations,
    organization_delegates,
    organization_creations,
    organization_units,
    organization_members,
)


def add_organization(tx: Transaction, organization: Organization, first: Member) -> None:
    """With its management account as the first member. Raises Duplicate if that is in one."""
    tx.connection.execute(insert(organizations).values(written(organization)))
    add_member(tx, first)


def get_organization(tx: Transaction, organization_id: str) -> Organization | None:
    wanted = select(organizations).where(organizations.c.id == organization_id)
    return read(tx.connection.execute(wanted).first())


def organization_of(tx: Transaction, account: str) -> Organization | None:
    """The one that an account is in."""
    member = get_member(tx, account)
    return None if member is None else get_organization(tx, member.organization)


def update_organization(tx: Transaction, organization: Organization) -> None:
    here = organizations.c.id == organization.id
    tx.connection.execute(update(organizations).where(here).values(written(organization)))
    touch(tx, organization.id)


def remove_organization(tx: Transaction, organization: Organization) -> None:
    touch(tx, organization.id)
    for table in BELONGINGS:
        of_it = table.c.organization == organization.id
        tx.connection.execute(delete(table).where(of_it))
    tx.connection.execute(delete(organizations).where(organizations.c.id == organization.id))


def moved(tx: Transaction, account: str) -> None:
    """Tell that an account's place in its organization is not what it was; nothing else of it."""
    tx.changed(account, account)


def touch(tx: Transaction, organization_id: str) -> None:
    """Tell that of every account of an organization."""
    members = organization_members
    wanted = select(members.c.account).where(members.c.organization == organization_id)
    for account in tx.connection.scalars(wanted):
        moved(tx, account)


def read(row: Row[Any] | None) -> Organization | None:
    if row is None:
        return None
    lists = {"root_features": tuple(row.root_features), "policy_types": tuple(row.policy_types)}
    return Organization(**{**row._mapping, **lists})


def written(organization: Organization) -> dict[str, Any]:
    return {
        "id": organization.id,
        "management": organization.management,
        "root": organization.root,
        "created": organization.created,
        "feature_set": organization.feature_set,
        "services": dict(organization.services),
        "root_features": list(organization.root_features),
        "policy_types": list(organization.policy_types),
    }


def add_member(tx: Transaction, member: Member) -> None:
    """Raises Duplicate for an account that is in an organization."""
    tx.connection.execute(insert(organization_members).values(asdict(member)))
    moved(tx, member.account)


def get_member(tx: Transaction, account: str) -> Member | None:
    wanted = select(organization_members).where(organization_members.c.account == account)
    row = tx.connection.execute(wanted).first()
    return None if row is None else Member(**row._mapping)


def list_members(tx: Transaction, organization_id: str, parent: str = "") -> list[Member]:
    """All, or those directly in a root or unit, by account id."""
    members = organization_members
    wanted = select(members).where(members.c.organization == organization_id)
    if parent:
        wanted = wanted.where(members.c.parent == parent)
    rows = tx.connection.execute(wanted.order_by(members.c.account))
    return [Member(**row._mapping) for row in rows]


def count_members(tx: Transaction, organization_id: str) -> int:
    members = organization_members
    here = members.c.organization == organization_id
    return tx.connection.scalar(select(func.count()).select_from(members).where(here)) or 0


def move_member(tx: Transaction, member: Member, parent: str) -> None:
    here = organization_members.c.account == member.account
    tx.connection.execute(update(organization_members).where(here).values(parent=parent))
    moved(tx, member.account)


def remove_member(tx: Transaction, member: Member) -> None:
    """With what hangs on its membership."""
    for table in (organization_delegates, organization_members):
        tx.connection.execute(delete(table).where(table.c.account == member.account))
    forget_node(tx, member.organization, member.account)
    moved(tx, member.account)


def add_unit(tx: Transaction, unit: Unit) -> None:
    """Raises Duplicate for a name that its parent has already."""
    tx.connection.execute(insert(organization_units).values(asdict(unit)))


def list_units(tx: Transaction, organization_id: str) -> list[Unit]:
    """All, by id."""
    units = organization_units
    wanted = select(units).where(units.c.organization == organization_id).order_by(units.c.id)
    return [Unit(**row._mapping) for row in tx.connection.execute(wanted)]


def update_unit(tx: Transaction, unit: Unit) -> None:
    here = organization_units.c.id == unit.id
    tx.connection.execute(update(organization_units).where(here).values(asdict(unit)))


def remove_unit(tx: Transaction, unit: Unit) -> None:
    forget_node(tx, unit.organization, unit.id)
    tx.connection.execute(delete(organization_units).where(organization_units.c.id == unit.id))


def forget_node(tx: Transaction, organization_id: str, node: str) -> None:
    """Forget what hangs on a unit or account."""
    put_tags(tx, organization_id, node, {})
    attached = organization_attachments.c
    here = (attached.organization == organization_id, attached.target == node)
    tx.connection.execute(delete(organization_attachments).where(*here))


def add_creation(tx: Transaction, creation: Creation) -> None:
    tx.connection.execute(insert(organization_creations).values(asdict(creation)))


def list_creations(tx: Transaction, organization_id: str) -> list[Creation]:
    """By id."""
    asked = organization_creations
    wanted = select(asked).where(asked.c.organization == organization_id).order_by(asked.c.id)
    return [Creation(**row._mapping) for row in tx.connection.execute(wanted)]


def add_delegate(tx: Transaction, delegate: Delegate) -> None:
    """Raises Duplicate for one who is registered for the service."""
    tx.connection.execute(insert(organization_delegates).values(asdict(delegate)))
    moved(tx, delegate.account)


def remove_delegate(tx: Transaction, delegate: Delegate) -> None:
    found = organization_delegates.c
    one = (found.account == delegate.account, found.service == delegate.service)
    tx.connection.execute(delete(organization_delegates).where(*one))
    moved(tx, delegate.account)


def list_delegates(tx: Transaction, organization_id: str) -> Sequence[Delegate]:
    """By account, then by service."""
    found = organization_delegates
    wanted = select(found).where(found.c.organization == organization_id)
    rows = tx.connection.execute(wanted.order_by(found.c.account, found.c.service))
    return [Delegate(**row._mapping) for row in rows]


def get_tags(tx: Transaction, organization_id: str, resource: str) -> dict[str, str]:
    """Of a root, unit, account or policy, by its id."""
    found = organization_tags.c
    wanted = select(found.tags).where(
        found.organization == organization_id, found.resource == resource
    )
    return tx.connection.scalar(wanted) or {}


def put_tags(tx: Transaction, organization_id: str, resource: str, tags: dict[str, str]) -> None:
    """Replace them all; none leaves no row."""
    found = organization_tags
    one = (found.c.organization == organization_id, found.c.resource == resource)
    tx.connection.execute(delete(found).where(*one))
    if tags:
        values = {"organization": organization_id, "resource": resource, "tags": tags}
        tx.connection.execute(insert(found).values(values))
