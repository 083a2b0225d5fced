"""Groups and their members."""

from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from sekisho.directory.queries.conditions import folded, page, starts_with
from sekisho.directory.queries.users import record as user_record
from sekisho.directory.schema import groups, members
from sekisho.directory.schema import users as user_table
from sekisho.directory.store import Transaction
from sekisho.model.records import Group, User

GET = select(groups).where(
    groups.c.account == bindparam("in_account"), groups.c.folded == bindparam("at_name")
)
GET_BY_ID = select(groups).where(
    groups.c.account == bindparam("in_account"), groups.c.unique_id == bindparam("at_id")
)
GROUPS_OF = (
    select(groups)
    .join(members, members.c.group_id == groups.c.unique_id)
    .where(members.c.user_id == bindparam("of_user"))
)


def add_group(tx: Transaction, group: Group) -> None:
    tx.connection.execute(insert(groups).values(written(group)))
    tx.changed(group.account)


def get_group(tx: Transaction, account: str, name: str) -> Group | None:
    asked = {"in_account": account, "at_name": folded(name)}
    return read(tx.connection.execute(GET, asked).first())


def get_group_by_id(tx: Transaction, account: str, unique_id: str) -> Group | None:
    asked = {"in_account": account, "at_id": unique_id}
    return read(tx.connection.execute(GET_BY_ID, asked).first())


def list_groups(
    tx: Transaction, account: str, path_prefix: str, after: str | None, limit: int
) -> list[Group]:
    wanted = select(groups).where(
        groups.c.account == account, starts_with(groups.c.path, path_prefix)
    )
    return [record(row) for row in page(tx, wanted, groups, after, limit)]


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
    wanted = (
        select(user_table)
        .join(members, members.c.user_id == user_table.c.unique_id)
        .where(members.c.group_id == group.unique_id)
    )
    return [user_record(row) for row in page(tx, wanted, user_table, after, limit)]


def list_groups_of(tx: Transaction, user: User, after: str | None, limit: int) -> list[Group]:
    asked = {"of_user": user.unique_id}
    return [record(row) for row in page(tx, GROUPS_OF, groups, after, limit, asked)]


def read(row: Row[Any] | None) -> Group | None:
    return None if row is None else record(row)


def record(row: Row[Any]) -> Group:
    return Group(
        account=row.account,
        name=row.name,
        path=row.path,
        unique_id=row.unique_id,
        created=row.created,
    )


def written(group: Group) -> dict[str, Any]:
    return {
        "account": group.account,
        "name": group.name,
        "folded": folded(group.name),
        "path": group.path,
        "unique_id": group.unique_id,
        "created": group.created,
    }
