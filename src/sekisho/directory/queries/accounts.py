"""Accounts, those that are declared only, and how much they hold."""

import enum

from sqlalchemy import Table, bindparam, delete, func, insert, select

from sekisho.directory import (  # noqa: F401 - their tables are in the metadata
    schema_console,
    schema_organizations,
    schema_papers,
)
from sekisho.directory.prepared import Prepared
from sekisho.directory.schema import accounts, declared_accounts, metadata
from sekisho.directory.store import Transaction
from sekisho.model.records import Account, DeclaredAccount

GET = Prepared(select(accounts).where(accounts.c.id == bindparam("at_id")))


def add_account(tx: Transaction, account: Account) -> None:
    values = {
        "id": account.id,
        "name": account.name,
        "created": account.created,
        "canonical_id": account.canonical_id,
    }
    tx.connection.execute(insert(accounts).values(values))
    tx.changed(account.id)


def get_account(tx: Transaction, account_id: str) -> Account | None:
    rows = tx.run(GET, {"at_id": account_id})
    return Account(*rows[0]) if rows else None


def find_account(tx: Transaction, canonical_id: str) -> Account | None:
    """The account that S3 knows by a canonical id (W-281)."""
    wanted = select(accounts).where(accounts.c.canonical_id == canonical_id)
    row = tx.connection.execute(wanted).first()
    return None if row is None else Account(**row._mapping)


def list_accounts(tx: Transaction) -> list[Account]:
    """In the order in which they were made."""
    rows = tx.connection.execute(select(accounts).order_by(accounts.c.created, accounts.c.id))
    return [Account(**row._mapping) for row in rows]


def declare_account(tx: Transaction, account: DeclaredAccount) -> None:
    """Declare an account of elsewhere, or give it another name."""
    undeclare_account(tx, account.id)
    values = {"id": account.id, "name": account.name, "created": account.created}
    tx.connection.execute(insert(declared_accounts).values(values))
    tx.changed(account.id)


def undeclare_account(tx: Transaction, account_id: str) -> None:
    """Forget that an account was declared; none is no fault."""
    tx.connection.execute(delete(declared_accounts).where(declared_accounts.c.id == account_id))
    tx.changed(account_id)


def is_declared(tx: Transaction, account_id: str) -> bool:
    wanted = select(declared_accounts.c.id).where(declared_accounts.c.id == account_id)
    return tx.connection.scalar(wanted) is not None


def list_declared(tx: Transaction) -> list[DeclaredAccount]:
    """In the order in which they were declared."""
    columns = declared_accounts.c
    rows = tx.connection.execute(select(declared_accounts).order_by(columns.created, columns.id))
    return [DeclaredAccount(**row._mapping) for row in rows]


class Kind(enum.Enum):
    """What an account's quotas count; the value is the table."""

    USERS = "users"
    GROUPS = "groups"
    ROLES = "roles"
    POLICIES = "policies"
    INSTANCE_PROFILES = "instance_profiles"
    SERVER_CERTIFICATES = "server_certificates"
    SIGNING_CERTIFICATES = "signing_certificates"
    DEVICES = "devices"


def counting(table: Table) -> Prepared:
    return Prepared(select(func.count()).where(table.c.account == bindparam("in_account")))


COUNTS = {kind: counting(metadata.tables[kind.value]) for kind in Kind}


def count_entities(tx: Transaction, account: str, kind: Kind) -> int:
    count: int = tx.run(COUNTS[kind], {"in_account": account})[0][0]
    return count
