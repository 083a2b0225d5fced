"""Control policies of organizations, and what they are attached to.

AWS's own, which allow everything, have no row of their own; that they are attached has. What is
attached is told to the feed by `organizations.touch`, since it bears on every account beneath.
"""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, insert, select, update

from sekisho.directory.queries.organizations import put_tags, touch
from sekisho.directory.schema_organizations import organization_attachments as attachments
from sekisho.directory.schema_organizations import organization_policies as policies
from sekisho.directory.store import Transaction
from sekisho.model.organizations import FULL_ACCESS, ControlPolicy, Organization


def add_policy(tx: Transaction, policy: ControlPolicy) -> None:
    """Raises Duplicate for a name that another of its kind has."""
    tx.connection.execute(insert(policies).values(asdict(policy)))


def list_policies(tx: Transaction, organization_id: str, kind: str) -> list[ControlPolicy]:
    """The organization's own and AWS's one, by id."""
    wanted = select(policies).where(
        policies.c.organization == organization_id, policies.c.kind == kind
    )
    found = [ControlPolicy(**row._mapping) for row in tx.connection.execute(wanted)]
    return sorted([*found, FULL_ACCESS[kind]], key=lambda policy: policy.id)


def get_policy(tx: Transaction, organization_id: str, policy_id: str) -> ControlPolicy | None:
    for full in FULL_ACCESS.values():
        if full.id == policy_id:
            return full
    wanted = select(policies).where(
        policies.c.organization == organization_id, policies.c.id == policy_id
    )
    row = tx.connection.execute(wanted).first()
    return None if row is None else ControlPolicy(**row._mapping)


def update_policy(tx: Transaction, policy: ControlPolicy) -> None:
    """Raises Duplicate for a name that another of its kind has."""
    tx.connection.execute(update(policies).where(policies.c.id == policy.id).values(asdict(policy)))
    touch(tx, policy.organization)


def remove_policy(tx: Transaction, policy: ControlPolicy) -> None:
    """One that is attached nowhere."""
    put_tags(tx, policy.organization, policy.id, {})
    tx.connection.execute(delete(policies).where(policies.c.id == policy.id))


def attach(tx: Transaction, organization_id: str, target: str, kind: str, policy_id: str) -> None:
    """Raises Duplicate for a policy that is attached there."""
    put_attachments(tx, organization_id, [target], kind, policy_id)
    touch(tx, organization_id)


def attach_full_access(tx: Transaction, organization: Organization, target: str) -> None:
    """What a new unit or member begins with, of each type that is in use."""
    for kind in organization.policy_types:
        put_attachments(tx, organization.id, [target], kind, FULL_ACCESS[kind].id)


def put_attachments(
    tx: Transaction, organization_id: str, targets: Sequence[str], kind: str, policy_id: str
) -> None:
    """Attach a policy to many; the feed is not told, which whoever calls sees to."""
    rows = [
        {"organization": organization_id, "target": target, "kind": kind, "policy": policy_id}
        for target in targets
    ]
    tx.connection.execute(insert(attachments), rows)


def detach(tx: Transaction, organization_id: str, target: str, policy_id: str) -> None:
    tx.connection.execute(
        delete(attachments).where(
            attachments.c.organization == organization_id,
            attachments.c.target == target,
            attachments.c.policy == policy_id,
        )
    )
    touch(tx, organization_id)


def detach_all(tx: Transaction, organization_id: str, kind: str) -> None:
    """Take every attachment of a kind away."""
    tx.connection.execute(
        delete(attachments).where(
            attachments.c.organization == organization_id, attachments.c.kind == kind
        )
    )
    touch(tx, organization_id)


def list_attached(tx: Transaction, organization_id: str, target: str, kind: str) -> list[str]:
    """The ids of the policies of a kind on a root, unit or account, in order."""
    wanted = select(attachments.c.policy).where(
        attachments.c.organization == organization_id,
        attachments.c.target == target,
        attachments.c.kind == kind,
    )
    return sorted(tx.connection.scalars(wanted))


def list_targets(tx: Transaction, organization_id: str, policy_id: str) -> list[str]:
    """The ids of what a policy is attached to, in order."""
    wanted = select(attachments.c.target).where(
        attachments.c.organization == organization_id, attachments.c.policy == policy_id
    )
    return sorted(tx.connection.scalars(wanted))
