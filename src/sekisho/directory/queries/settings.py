"""What accounts have decided for themselves; an account that decided nothing has no row."""

from dataclasses import asdict

from sqlalchemy import bindparam, delete, insert, select

from sekisho.directory.schema_papers import account_settings
from sekisho.directory.store import Transaction
from sekisho.model.settings import AccountSettings, PasswordPolicy

GET = select(account_settings).where(account_settings.c.account == bindparam("of_account"))


def get_settings(tx: Transaction, account: str) -> AccountSettings:
    row = tx.connection.execute(GET, {"of_account": account}).first()
    if row is None:
        return AccountSettings(account)
    policy = row.password_policy
    return AccountSettings(
        account=account,
        alias=row.alias or "",
        password_policy=None if policy is None else PasswordPolicy(**policy),
        token_version=row.token_version,
    )


def find_alias(tx: Transaction, alias: str) -> str | None:
    """The account that has an alias."""
    wanted = select(account_settings.c.account).where(account_settings.c.alias == alias)
    found: str | None = tx.connection.scalar(wanted)
    return found


def put_settings(tx: Transaction, settings: AccountSettings) -> None:
    """Raises Duplicate if the alias is another account's."""
    policy = settings.password_policy
    values = {
        "account": settings.account,
        "alias": settings.alias or None,
        "password_policy": None if policy is None else asdict(policy),
        "token_version": settings.token_version,
    }
    of_account = account_settings.c.account == settings.account
    tx.connection.execute(delete(account_settings).where(of_account))
    tx.connection.execute(insert(account_settings).values(values))
    tx.changed(settings.account)
