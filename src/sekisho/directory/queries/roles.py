"""Roles and their trust policies."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from sekisho.directory.queries.conditions import among, folded, page, starts_with, these
from sekisho.directory.schema import roles
from sekisho.directory.store import Transaction
from sekisho.model.records import Role, StoredDocument

GET = select(roles).where(
    roles.c.account == bindparam("in_account"), roles.c.folded == bindparam("at_name")
)
GET_BY_ID = select(roles).where(
    roles.c.account == bindparam("in_account"), roles.c.unique_id == bindparam("at_id")
)
THESE = select(roles).where(among(roles.c.unique_id))


def add_role(tx: Transaction, role: Role) -> None:
    tx.connection.execute(insert(roles).values(written(role)))
    tx.changed(role.account)


def get_role(tx: Transaction, account: str, name: str) -> Role | None:
    asked = {"in_account": account, "at_name": folded(name)}
    return read(tx.connection.execute(GET, asked).first())


def get_role_by_id(tx: Transaction, account: str, unique_id: str) -> Role | None:
    asked = {"in_account": account, "at_id": unique_id}
    return read(tx.connection.execute(GET_BY_ID, asked).first())


def list_roles_by_id(tx: Transaction, unique_ids: Sequence[str]) -> list[Role]:
    """Those of many that there are, in any account and no order."""
    return [record(row) for row in tx.connection.execute(THESE, these(unique_ids)).all()]


def find_role(tx: Transaction, unique_id: str) -> Role | None:
    """The role of a unique id, whatever the account."""
    wanted = select(roles).where(roles.c.unique_id == unique_id)
    return read(tx.connection.execute(wanted).first())


def list_roles(
    tx: Transaction, account: str, path_prefix: str, after: str | None, limit: int
) -> list[Role]:
    wanted = select(roles).where(roles.c.account == account, starts_with(roles.c.path, path_prefix))
    return [record(row) for row in page(tx, wanted, roles, after, limit)]


def update_role(tx: Transaction, role: Role) -> None:
    """Replace the role of this unique id."""
    tx.connection.execute(
        update(roles).where(roles.c.unique_id == role.unique_id).values(written(role))
    )
    tx.changed(role.account)


def remove_role(tx: Transaction, role: Role) -> None:
    tx.connection.execute(delete(roles).where(roles.c.unique_id == role.unique_id))
    tx.changed(role.account)


def read(row: Row[Any] | None) -> Role | None:
    return None if row is None else record(row)


def record(row: Sequence[Any]) -> Role:
    unique_id, account, name, _, path, created, trust, bindings, *rest = row  # quicker than by name
    return Role(account, name, path, unique_id, created, StoredDocument(trust, bindings), *rest)


def written(role: Role) -> dict[str, Any]:
    return {
        "account": role.account,
        "name": role.name,
        "folded": folded(role.name),
        "path": role.path,
        "unique_id": role.unique_id,
        "created": role.created,
        "trust": role.trust.text,
        "bindings": dict(role.trust.bindings),
        "description": role.description,
        "max_session": role.max_session,
        "boundary": role.boundary,
        "tags": dict(role.tags),
    }
