"""Invitations to organizations."""

from dataclasses import asdict

from sqlalchemy import delete, insert, select, update

from sekisho.directory.schema_organizations import organization_invitations as invitations
from sekisho.directory.store import Transaction
from sekisho.model.organizations import Invitation


def add_invitation(tx: Transaction, invitation: Invitation) -> None:
    tx.connection.execute(insert(invitations).values(asdict(invitation)))


def get_invitation(tx: Transaction, invitation_id: str) -> Invitation | None:
    wanted = select(invitations).where(invitations.c.id == invitation_id)
    row = tx.connection.execute(wanted).first()
    return None if row is None else Invitation(**row._mapping)


def list_of_account(tx: Transaction, account: str) -> list[Invitation]:
    """By id."""
    wanted = select(invitations).where(invitations.c.account == account)
    rows = tx.connection.execute(wanted.order_by(invitations.c.id))
    return [Invitation(**row._mapping) for row in rows]


def list_of_organization(tx: Transaction, organization_id: str) -> list[Invitation]:
    """By id."""
    wanted = select(invitations).where(invitations.c.organization == organization_id)
    rows = tx.connection.execute(wanted.order_by(invitations.c.id))
    return [Invitation(**row._mapping) for row in rows]


def update_invitation(tx: Transaction, invitation: Invitation) -> None:
    here = invitations.c.id == invitation.id
    tx.connection.execute(update(invitations).where(here).values(asdict(invitation)))


def forget_old(tx: Transaction, before: int) -> None:
    """Forget those that could be answered until a moment."""
    tx.connection.execute(delete(invitations).where(invitations.c.expires <= before))
