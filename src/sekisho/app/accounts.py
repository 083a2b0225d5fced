"""What only the operator of the machine may do: make accounts, and keys for their root users."""

import time
from dataclasses import dataclass, field
from typing import Any

from sekisho.directory.queries import accounts, console, keys
from sekisho.directory.store import Directory, Transaction
from sekisho.gate.audit import AuditTrail
from sekisho.model.console import RootPassword
from sekisho.model.faults import Fault
from sekisho.model.identifiers import (
    LONG_TERM_KEY,
    is_account_id,
    new_access_key_id,
    new_account_id,
    new_canonical_id,
    new_secret_access_key,
)
from sekisho.model.records import AccessKey, Account, DeclaredAccount
from sekisho.services.iam.passwords import check_password, hash_password, names_of

MOST_ROOT_KEYS = 2
LONGEST_NAME = 50


class AdministrationError(Exception):
    """Something the operator asked for cannot be; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class RootKey:
    """A root user's new access key; the secret is shown this once."""

    account: Account
    access_key_id: str
    secret: str = field(repr=False)

    def as_data(self) -> dict[str, Any]:
        return {
            "account": self.account.id,
            "arn": self.account.arn,
            "access_key_id": self.access_key_id,
            "secret_access_key": self.secret,
        }


def create_account(directory: Directory, name: str, account_id: str | None = None) -> Account:
    """A new account.

    name: 1-50 characters. account_id: 12 digits; a random one if not given. An account that was
    declared is hosted from now on.
    Raises AdministrationError for a bad name or id, or an id that is taken.
    """
    with directory.writing() as tx:
        return add_account(tx, name, account_id)


def add_account(tx: Transaction, name: str, account_id: str | None) -> Account:
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise AdministrationError(f"NAME must have 1 to {LONGEST_NAME} printable characters.")
    if account_id is not None and not is_account_id(account_id):
        raise AdministrationError(f"--id {account_id!r} is not an account id: give 12 digits.")
    chosen = account_id or new_account_id()
    if accounts.get_account(tx, chosen) is not None:
        raise AdministrationError(f"There is an account {chosen} already: give another --id.")
    account = Account(chosen, name, int(time.time()), new_canonical_id())
    accounts.undeclare_account(tx, chosen)
    accounts.add_account(tx, account)
    return account


def declare_account(directory: Directory, account_id: str, name: str = "") -> DeclaredAccount:
    """Let policies name an account that this server does not host, and its principals.

    account_id: 12 digits. name: at most 50 characters. Declaring again gives another name.
    Raises AdministrationError for a bad id or name, or an account that is hosted here.
    """
    if not is_account_id(account_id):
        raise AdministrationError(f"{account_id!r} is not an account id: give 12 digits.")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise AdministrationError(f"NAME must have at most {LONGEST_NAME} printable characters.")
    account = DeclaredAccount(account_id, name, int(time.time()))
    with directory.writing() as tx:
        if accounts.get_account(tx, account_id) is not None:
            raise AdministrationError(
                f"Account {account_id} is hosted here: policies can name it already."
            )
        accounts.declare_account(tx, account)
    return account


def create_root_key(directory: Directory, account_id: str) -> RootKey:
    """A new access key for an account's root user; two are the most it may have (PE-61)."""
    with directory.writing() as tx:
        account = accounts.get_account(tx, account_id)
        if account is None:
            raise AdministrationError(
                f"There is no account {account_id!r}: `sekisho account list` shows those there are."
            )
        return add_root_key(tx, account)


def add_root_key(tx: Transaction, account: Account) -> RootKey:
    if keys.count_access_keys(tx, account.id, account.id) >= MOST_ROOT_KEYS:
        raise AdministrationError(
            f"The root user of {account.id} has {MOST_ROOT_KEYS} access keys already, the most it"
            " may have. Delete one with it: aws iam delete-access-key --access-key-id …"
        )
    secret = new_secret_access_key()
    key = AccessKey(
        id=new_access_key_id(LONG_TERM_KEY, account.id),
        account=account.id,
        owner=account.id,
        created=int(time.time()),
        secret=secret,
    )
    keys.add_access_key(tx, key)
    return RootKey(account, key.id, secret)


def set_root_password(directory: Directory, account_id: str, password: str) -> Account:
    """Give the root user of an account a password for the console; sessions with the old one end.

    Raises AdministrationError for an account that is not hosted here, or a password that it may
    not have (W-207).
    """
    with directory.reading() as tx:
        account = accounts.get_account(tx, account_id)
        names = names_of(tx, account_id)
    if account is None:
        raise AdministrationError(
            f"There is no account {account_id!r}: `sekisho account list` shows those there are."
        )
    try:
        check_password(password, None, names)
    except Fault as fault:
        raise AdministrationError(f"{fault.message}.") from None
    hashed = RootPassword(account_id, int(time.time()), hash_password(password))
    with directory.writing() as tx:
        console.put_root_password(tx, hashed)
    return account


def found(directory: Directory, name: str) -> RootKey | None:
    """The first account of a new store and its root key; None if there are accounts already."""
    with directory.writing() as tx:
        if accounts.list_accounts(tx):
            return None
        return add_root_key(tx, add_account(tx, name, None))


def record(trail: AuditTrail, operation: str, **facts: str) -> None:
    """Put an act of the operator on the audit trail."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    trail.write({"time": moment, "operation": operation, "by": "operator", **facts})
