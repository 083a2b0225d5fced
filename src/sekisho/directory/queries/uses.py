"""When keys, users and roles were last used. A row is replaced by a later one only."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select

from sekisho.directory.prepared import Prepared
from sekisho.directory.queries.conditions import among, these
from sekisho.directory.schema_papers import last_uses
from sekisho.directory.store import Transaction
from sekisho.model.uses import Use

FORGET = Prepared(delete(last_uses).where(last_uses.c.subject == bindparam("of")))


OF_MANY = Prepared(select(last_uses).where(among(last_uses.c.subject)))


def put_uses(tx: Transaction, uses: Iterable[Use]) -> None:
    for use in uses:
        same = (
            (last_uses.c.subject == use.subject)
            & (last_uses.c.service == use.service)
            & (last_uses.c.action == use.action)
        )
        known = tx.connection.scalar(select(last_uses.c.at).where(same))
        if known is not None and known >= use.at:
            continue
        if known is not None:
            tx.connection.execute(delete(last_uses).where(same))
        tx.connection.execute(insert(last_uses).values(use._asdict()))


def list_uses(tx: Transaction, subject: str) -> list[Use]:
    """By service and action; what is not written down yet is missing."""
    wanted = select(last_uses).where(last_uses.c.subject == subject)
    rows = tx.connection.execute(wanted.order_by("service", "action"))
    return [record(row) for row in rows]


def list_uses_of_many(tx: Transaction, subjects: Sequence[str]) -> list[Use]:
    """The uses of many subjects."""
    return [Use(*row) for row in tx.run(OF_MANY, these(subjects))]


def list_signins(tx: Transaction, account: str) -> list[Use]:
    """Of the users of an account, with their passwords."""
    wanted = select(last_uses).where(
        last_uses.c.account == account, last_uses.c.service == "signin"
    )
    return [record(row) for row in tx.connection.execute(wanted)]


def forget_uses(tx: Transaction, subject: str) -> None:
    tx.run(FORGET, {"of": subject})


def record(row: Row[Any]) -> Use:
    return Use(row.subject, row.service, row.action, row.account, row.at, row.region)
