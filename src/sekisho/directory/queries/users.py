"""Users."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from sekisho.directory.prepared import Prepared
from sekisho.directory.queries.conditions import among, folded, in_pages, page_of, these, under
from sekisho.directory.schema import users
from sekisho.directory.store import Transaction
from sekisho.model.records import User

_HERE = users.c.account == bindparam("in_account")
_THIS = users.c.unique_id == bindparam("at_id")
GET = Prepared(select(users).where(_HERE, users.c.folded == bindparam("at_name")))
GET_BY_ID = Prepared(select(users).where(_HERE, _THIS))
THESE = Prepared(select(users).where(among(users.c.unique_id)))
LIST = in_pages(select(users).where(_HERE, under(users.c.path)), users)
ADD = Prepared(insert(users))
UPDATE = Prepared(update(users).where(_THIS))
REMOVE = Prepared(delete(users).where(_THIS))


def add_user(tx: Transaction, user: User) -> None:
    tx.run(ADD, written(user))
    tx.changed(user.account, user.unique_id)


def get_user(tx: Transaction, account: str, name: str) -> User | None:
    asked = {"in_account": account, "at_name": folded(name)}
    return read(tx.run(GET, asked))


def get_user_by_id(tx: Transaction, account: str, unique_id: str) -> User | None:
    asked = {"in_account": account, "at_id": unique_id}
    return read(tx.run(GET_BY_ID, asked))


def list_users_by_id(tx: Transaction, unique_ids: Sequence[str]) -> list[User]:
    """Those of many that there are, in any account and no order."""
    return [record(row) for row in tx.run(THESE, these(unique_ids))]


def find_user(tx: Transaction, unique_id: str) -> User | None:
    """The user of a unique id, whatever the account."""
    wanted = select(users).where(users.c.unique_id == unique_id)
    return read(tx.connection.execute(wanted).all())


def list_users(
    tx: Transaction, account: str, path_prefix: str, after: str | None, limit: int
) -> list[User]:
    asked = {"in_account": account, "prefix": path_prefix, **page_of(after, limit)}
    return [record(row) for row in tx.run(LIST, asked)]


def update_user(tx: Transaction, user: User) -> None:
    """Replace the user of this unique id."""
    tx.run(UPDATE, {"at_id": user.unique_id, **written(user)})
    tx.changed(user.account, user.unique_id)


def remove_user(tx: Transaction, user: User) -> None:
    tx.run(REMOVE, {"at_id": user.unique_id})
    tx.changed(user.account, user.unique_id)


def read(rows: Sequence[Sequence[Any]]) -> User | None:
    return record(rows[0]) if rows else None


def record(row: Sequence[Any]) -> User:
    unique_id, account, name, _, path, created, boundary, tags = row
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
