"""Which managed policies hang on which users, groups and roles."""

from sqlalchemy import Select, Table, delete, func, insert, literal, select, union_all

from sekisho.directory.queries.conditions import page, starts_with
from sekisho.directory.queries.policies import record
from sekisho.directory.schema import attachments, groups, policies, roles, users
from sekisho.directory.store import Transaction
from sekisho.model.records import ManagedPolicy, Owner

Entity = tuple[Owner, str, str, str]
TABLES = {Owner.GROUP: groups, Owner.ROLE: roles, Owner.USER: users}


def attach(tx: Transaction, account: str, owner_id: str, kind: Owner, policy_arn: str) -> None:
    """Attach a policy; nothing happens if it is attached already."""
    known = select(attachments.c.owner_id).where(
        attachments.c.owner_id == owner_id, attachments.c.policy_arn == policy_arn
    )
    if tx.connection.execute(known).first() is None:
        values = {
            "owner_id": owner_id,
            "policy_arn": policy_arn,
            "account": account,
            "owner_kind": kind.value,
        }
        tx.connection.execute(insert(attachments).values(values))
    tx.changed(account)


def detach(tx: Transaction, account: str, owner_id: str, policy_arn: str) -> bool:
    """Whether it was attached."""
    done = tx.connection.execute(
        delete(attachments).where(
            attachments.c.owner_id == owner_id, attachments.c.policy_arn == policy_arn
        )
    )
    tx.changed(account)
    return done.rowcount > 0


def list_attached(
    tx: Transaction, owner_id: str, path_prefix: str, after: str | None, limit: int
) -> list[ManagedPolicy]:
    wanted = (
        select(policies)
        .join(attachments, attachments.c.policy_arn == policies.c.arn)
        .where(attachments.c.owner_id == owner_id, starts_with(policies.c.path, path_prefix))
    )
    return [record(row) for row in page(tx, wanted, policies, after, limit)]


def count_attached(tx: Transaction, owner_id: str) -> int:
    wanted = select(func.count()).where(attachments.c.owner_id == owner_id)
    return tx.connection.scalar(wanted) or 0


def attachment_count(tx: Transaction, policy_arn: str) -> int:
    wanted = select(func.count()).where(attachments.c.policy_arn == policy_arn)
    return tx.connection.scalar(wanted) or 0


def boundary_count(tx: Transaction, account: str, policy_arn: str) -> int:
    """How many users and roles it is the boundary of."""
    return sum(
        tx.connection.scalar(
            select(func.count()).where(table.c.account == account, table.c.boundary == policy_arn)
        )
        or 0
        for table in (users, roles)
    )


def list_entities(tx: Transaction, account: str, policy_arn: str) -> list[Entity]:
    """What a policy is attached to: (kind, name, unique id, path), by kind and name."""
    return entities(
        tx,
        [
            named(kind, table)
            .join(attachments, attachments.c.owner_id == table.c.unique_id)
            .where(table.c.account == account, attachments.c.policy_arn == policy_arn)
            for kind, table in TABLES.items()
        ],
    )


def list_boundary_entities(tx: Transaction, account: str, policy_arn: str) -> list[Entity]:
    """What a policy is the boundary of, in the same shape."""
    return entities(
        tx,
        [
            named(kind, table).where(table.c.account == account, table.c.boundary == policy_arn)
            for kind, table in ((Owner.ROLE, roles), (Owner.USER, users))
        ],
    )


def named(kind: Owner, table: Table) -> Select[tuple[str, str, str, str, str]]:
    return select(
        literal(kind.value).label("kind"),
        table.c.name,
        table.c.unique_id,
        table.c.path,
        table.c.folded,
    )


def entities(tx: Transaction, parts: list[Select[tuple[str, str, str, str, str]]]) -> list[Entity]:
    whole = union_all(*parts).subquery()
    rows = tx.connection.execute(select(whole).order_by(whole.c.kind, whole.c.folded))
    return [(Owner(row.kind), row.name, row.unique_id, row.path) for row in rows]
