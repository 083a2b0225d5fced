"""Which managed policies hang on which users, groups and roles.

An attached policy is one of the account or one of AWS's own: it is known by its ARN alone.
"""

from sqlalchemy import Select, Table, bindparam, delete, func, insert, literal, select, union_all

from sekisho.directory.prepared import Prepared
from sekisho.directory.queries.conditions import folded
from sekisho.directory.schema import attachments, groups, roles, users
from sekisho.directory.store import Transaction
from sekisho.model.records import AttachedPolicy, Owner

Entity = tuple[Owner, str, str, str]
_AT_OWNER = attachments.c.owner_id == bindparam("at_owner")
ATTACHED = Prepared(select(attachments.c.policy_arn).where(_AT_OWNER))
COUNT_ATTACHED = Prepared(select(func.count()).where(_AT_OWNER))
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
) -> list[AttachedPolicy]:
    """By name, then by ARN: an account's policy may have the name of one of AWS's.

    path_prefix: of the policies. after: an ARN of this list. Few policies hang on one entity.
    """
    rows = tx.run(ATTACHED, {"at_owner": owner_id})
    found = sorted((AttachedPolicy(arn) for (arn,) in rows), key=by_name)
    start = None if after is None else by_name(AttachedPolicy(after))
    return [
        policy
        for policy in found
        if policy.path.startswith(path_prefix) and (start is None or by_name(policy) > start)
    ][:limit]


def by_name(policy: AttachedPolicy) -> tuple[str, str]:
    return folded(policy.name), policy.arn


def count_attached(tx: Transaction, owner_id: str) -> int:
    count: int = tx.run(COUNT_ATTACHED, {"at_owner": owner_id})[0][0]
    return count


def attachment_count(tx: Transaction, account: str, policy_arn: str) -> int:
    """How many users, groups and roles of an account have it."""
    wanted = select(func.count()).where(
        attachments.c.account == account, attachments.c.policy_arn == policy_arn
    )
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
