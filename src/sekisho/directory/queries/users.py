"""Users."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from sekisho.directory.queries.conditions import among, folded, page, starts_with, these
from sekisho.directory.schema import users
from sekisho.directory.store import Transaction
from sekisho.model.records import User

GET = select(users).where(
    users.c.account == bindparam("in_account"), users.c.folded == bindparam("at_name")
)
GET_BY_ID = select(users).where(
    users.c.account == bindparam("in_account"), users.c.unique_id == bindparam("at_id")
)
THESE = select(users).where(among(users.c.unique_id))


def add_user(tx: Transaction, user: User) -> None:
    tx.connection.execute(insert(users).values(written(user)))
    tx.changed(user.account)


def get_user(tx: Transaction, account: str, name: str) -> User | None:
    asked = {"in_account": account, "at_name": folded(name)}
    return read(tx.connection.execute(GET, asked).first())


def get_user_by_id(tx: Transaction, account: str, unique_id: str) -> User | None:
    asked = {"in_account": account, "at_id": unique_id}
    return read(tx.connection.execute(GET_BY_ID, asked).first())


def list_users_by_id(tx: Transaction, unique_ids: Sequence[str]) -> list[User]:
    """Those of many that there are, in any account and no order."""
    return [record(row) for row in tx.connection.execute(THESE, these(unique_ids)).all()]


def find_user(tx: Transaction, unique_id: str) -> User | None:
    """The user of a unique id, whatever the account."""
    wanted = select(users).where(users.c.unique_id == unique_id)
    return read(tx.connection.execute(wanted).first())


def list_users(
    tx: Transaction, account: str, path_prefix: str, after: str | None, limit: int
) -> list[User]:
    wanted = select(users).where(users.c.account == account, starts_with(users.c.path, path_prefix))
    return [record(row) for row in page(tx, wanted, users, after, limit)]


def update_user(tx: Transaction, user: User) -> None:
    """Replace the user of this unique id."""
    tx.connection.execute(
        update(users).where(users.c.unique_id == user.unique_id).values(written(user))
    )
    tx.changed(user.account)


def remove_user(tx: Transaction, user: User) -> None:
    tx.connection.execute(delete(users).where(users.c.unique_id == user.unique_id))
    tx.changed(user.account)


def read(row: Row[Any] | None) -> User | None:
    return None if row is None else record(row)


def record(row: Sequence[Any]) -> User:
    unique_id, account, name, _, path, created, boundary, tags = row  # asking by name takes longer
    return User(account, name, path, unique_id, created, boundary, tags)


def written(user: User) -> dict[str, Any]:
    return {
        "account": user.account,
        "name": user.name,
        "folded": folded(user.name),
        "path": user.path,
        "unique_id": user.unique_id,
        "created": user.created,
        "boundary": user.boundary,
        "tags": dict(user.tags),
    }
