"""Inline policies of users, groups and roles."""

from sqlalchemy import bindparam, delete, insert, select

from sekisho.directory.prepared import Prepared
from sekisho.directory.schema import inline_policies
from sekisho.directory.store import Transaction
from sekisho.model.records import InlinePolicy

LIST = Prepared(
    select(inline_policies.c.name, inline_policies.c.text)
    .where(inline_policies.c.owner_id == bindparam("of_owner"))
    .order_by(inline_policies.c.name)
)


def put_inline(tx: Transaction, account: str, owner_id: str, policy: InlinePolicy) -> None:
    """Add a policy, or replace the one of this name without a word (PE-64)."""
    remove_inline(tx, account, owner_id, policy.name)
    values = {
        "owner_id": owner_id,
        "name": policy.name,
        "account": account,
        "text": policy.text,
    }
    tx.connection.execute(insert(inline_policies).values(values))


def get_inline(tx: Transaction, owner_id: str, name: str) -> InlinePolicy | None:
    wanted = select(inline_policies).where(
        inline_policies.c.owner_id == owner_id, inline_policies.c.name == name
    )
    row = tx.connection.execute(wanted).first()
    return None if row is None else InlinePolicy(row.name, row.text)


def list_inline(tx: Transaction, owner_id: str) -> list[InlinePolicy]:
    return [InlinePolicy(name, text) for name, text in tx.run(LIST, {"of_owner": owner_id})]


def remove_inline(tx: Transaction, account: str, owner_id: str, name: str) -> bool:
    """Whether there was one."""
    done = tx.connection.execute(
        delete(inline_policies).where(
            inline_policies.c.owner_id == owner_id, inline_policies.c.name == name
        )
    )
    tx.changed(account)
    return done.rowcount > 0
