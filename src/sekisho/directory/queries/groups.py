"""Groups and their members."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from sekisho.directory.prepared import Prepared
from sekisho.directory.queries.conditions import folded, in_pages, page_of, under
from sekisho.directory.queries.users import record as user_record
from sekisho.directory.schema import groups, members
from sekisho.directory.schema import users as user_table
from sekisho.directory.store import Transaction
from sekisho.model.records import Group, User

_HERE = groups.c.account == bindparam("in_account")
GET = Prepared(select(groups).where(_HERE, groups.c.folded == bindparam("at_name")))
GET_BY_ID = Prepared(select(groups).where(_HERE, groups.c.unique_id == bindparam("at_id")))
LIST = in_pages(select(groups).where(_HERE, under(groups.c.path)), groups)
GROUPS_OF = in_pages(
    select(groups)
    .join(members, members.c.group_id == groups.c.unique_id)
    .where(members.c.user_id == bindparam("of_user")),
    groups,
)
MEMBERS = in_pages(
    select(user_table)
    .join(members, members.c.user_id == user_table.c.unique_id)
    .where(members.c.group_id == bindparam("in_group")),
    user_table,
)


def add_group(tx: Transaction, group: Group) -> None:
    tx.connection.execute(insert(groups).values(written(group)))
    tx.changed(group.account)


def get_group(tx: Transaction, account: str, name: str) -> Group | None:
    asked = {"in_account": account, "at_name": folded(name)}
    return read(tx.run(GET, asked))


def get_group_by_id(tx: Transaction, account: str, unique_id: str) -> Group | None:
    asked = {"in_account": account, "at_id": unique_id}
    return read(tx.run(GET_BY_ID, asked))


def list_groups(
    tx: Transaction, account: str, path_prefix: str, after: str | None, limit: int
) -> list[Group]:
    asked = {"in_account": account, "prefix": path_prefix, **page_of(after, limit)}
    return [record(row) for row in tx.run(LIST, asked)]


def update_group(tx: Transaction, group: Group) -> None:
    """Replace the group of this unique id."""
    tx.connection.execute(
        update(groups).where(groups.c.unique_id == group.unique_id).values(written(group))
    )
    tx.changed(group.account)


def remove_group(tx: Transaction, group: Group) -> None:
    tx.connection.execute(delete(groups).where(groups.c.unique_id == group.unique_id))
    tx.changed(group.account)


def add_member(tx: Transaction, group: Group, user: User) -> None:
    """Put a user into a group; nothing happens if it is in it already."""
    values = {"group_id": group.unique_id, "user_id": user.unique_id}
    if not is_member(tx, group, user):
        tx.connection.execute(insert(members).values(values))
    tx.changed(group.account)


def is_member(tx: Transaction, group: Group, user: User) -> bool:
    wanted = select(members.c.user_id).where(
        members.c.group_id == group.unique_id, members.c.user_id == user.unique_id
    )
    return tx.connection.execute(wanted).first() is not None


def remove_member(tx: Transaction, group: Group, user: User) -> bool:
    """Whether it was a member."""
    done = tx.connection.execute(
        delete(members).where(
            members.c.group_id == group.unique_id, members.c.user_id == user.unique_id
        )
    )
    tx.changed(group.account)
    return done.rowcount > 0


def list_members(tx: Transaction, group: Group, after: str | None, limit: int) -> list[User]:
    asked = {"in_group": group.unique_id, **page_of(after, limit)}
    return [user_record(row) for row in tx.run(MEMBERS, asked)]


def list_groups_of(tx: Transaction, user: User, after: str | None, limit: int) -> list[Group]:
    asked = {"of_user": user.unique_id, **page_of(after, limit)}
    return [record(row) for row in tx.run(GROUPS_OF, asked)]


def read(rows: Sequence[Sequence[Any]]) -> Group | None:
    return record(rows[0]) if rows else None


def record(row: Sequence[Any]) -> Group:
    unique_id, account, name, _, path, created = row
    return Group(account, name, path, unique_id, created)


def written(group: Group) -> dict[str, Any]:
    return {
        "account": group.account,
        "name": group.name,
        "folded": folded(group.name),
        "path": group.path,
        "unique_id": group.unique_id,
        "created": group.created,
    }
