"""Roles and their trust policies."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from sekisho.directory.prepared import Prepared
from sekisho.directory.queries.conditions import among, folded, in_pages, page_of, these, under
from sekisho.directory.schema import roles
from sekisho.directory.store import Transaction
from sekisho.model.records import Role, StoredDocument

_HERE = roles.c.account == bindparam("in_account")
_THIS = roles.c.unique_id == bindparam("at_id")
GET = Prepared(select(roles).where(_HERE, roles.c.folded == bindparam("at_name")))
GET_BY_ID = Prepared(select(roles).where(_HERE, _THIS))
THESE = Prepared(select(roles).where(among(roles.c.unique_id)))
LIST = in_pages(select(roles).where(_HERE, under(roles.c.path)), roles)
ADD = Prepared(insert(roles))
UPDATE = Prepared(update(roles).where(_THIS))
REMOVE = Prepared(delete(roles).where(_THIS))


def add_role(tx: Transaction, role: Role) -> None:
    tx.run(ADD, written(role))
    tx.changed(role.account, role.unique_id, role.name)


def get_role(tx: Transaction, account: str, name: str) -> Role | None:
    asked = {"in_account": account, "at_name": folded(name)}
    return read(tx.run(GET, asked))


def get_role_by_id(tx: Transaction, account: str, unique_id: str) -> Role | None:
    asked = {"in_account": account, "at_id": unique_id}
    return read(tx.run(GET_BY_ID, asked))


def list_roles_by_id(tx: Transaction, unique_ids: Sequence[str]) -> list[Role]:
    """Those of many that there are, in any account and no order."""
    return [record(row) for row in tx.run(THESE, these(unique_ids))]


def find_role(tx: Transaction, unique_id: str) -> Role | None:
    """The role of a unique id, whatever the account."""
    wanted = select(roles).where(roles.c.unique_id == unique_id)
    return read(tx.connection.execute(wanted).all())


def list_roles(
    tx: Transaction, account: str, path_prefix: str, after: str | None, limit: int
) -> list[Role]:
    asked = {"in_account": account, "prefix": path_prefix, **page_of(after, limit)}
    return [record(row) for row in tx.run(LIST, asked)]


def update_role(tx: Transaction, role: Role) -> None:
    """Replace the role of this unique id; a role keeps its name."""
    tx.run(UPDATE, {"at_id": role.unique_id, **written(role)})
    tx.changed(role.account, role.unique_id, role.name)


def remove_role(tx: Transaction, role: Role) -> None:
    tx.run(REMOVE, {"at_id": role.unique_id})
    tx.changed(role.account, role.unique_id, role.name)


def read(rows: Sequence[Sequence[Any]]) -> Role | None:
    return record(rows[0]) if rows else None


def record(row: Sequence[Any]) -> Role:
    unique_id, account, name, _, path, created, trust, bindings, *rest = row
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
