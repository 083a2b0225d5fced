"""Access keys; their secrets are sealed at rest."""

from sqlalchemy import bindparam, delete, func, insert, select, update

from sekisho.directory.prepared import Prepared
from sekisho.directory.schema import access_keys
from sekisho.directory.store import Transaction
from sekisho.model.identifiers import account_of_access_key
from sekisho.model.records import AccessKey

PURPOSE = "secret access key"
GET = Prepared(select(access_keys).where(access_keys.c.id == bindparam("at_id")))
COUNT = Prepared(
    select(func.count()).where(
        access_keys.c.account == bindparam("in_account"), access_keys.c.owner == bindparam("of")
    )
)


def add_access_key(tx: Transaction, key: AccessKey) -> None:
    values = {
        "id": key.id,
        "account": key.account,
        "owner": key.owner,
        "created": key.created,
        "active": key.active,
        "sealed": tx.directory.vault.seal(PURPOSE, key.id, key.secret.encode()),
    }
    tx.connection.execute(insert(access_keys).values(values))
    tx.changed(key.account, key.id)


def get_access_key(tx: Transaction, key_id: str) -> AccessKey | None:
    """The key with its secret opened."""
    rows = tx.run(GET, {"at_id": key_id})
    if not rows:
        return None
    found, account, owner, created, active, sealed = rows[0]
    secret = tx.directory.vault.open(PURPOSE, found, sealed).decode()
    return AccessKey(found, account, owner, created, active, secret)


def list_access_keys(tx: Transaction, account: str, owner: str) -> list[AccessKey]:
    """The keys of a user, or of the root user (owner: the account id); without their secrets."""
    wanted = select(access_keys).where(
        access_keys.c.account == account, access_keys.c.owner == owner
    )
    rows = tx.connection.execute(wanted.order_by(access_keys.c.id))
    return [AccessKey(row.id, row.account, row.owner, row.created, row.active) for row in rows]


def set_access_key_active(tx: Transaction, key_id: str, active: bool) -> None:
    tx.connection.execute(
        update(access_keys).where(access_keys.c.id == key_id).values(active=active)
    )
    tx.changed(account_of_access_key(key_id) or "", key_id)


def remove_access_key(tx: Transaction, key_id: str) -> None:
    tx.connection.execute(delete(access_keys).where(access_keys.c.id == key_id))
    tx.changed(account_of_access_key(key_id) or "", key_id)


def count_access_keys(tx: Transaction, account: str, owner: str) -> int:
    count: int = tx.run(COUNT, {"in_account": account, "of": owner})[0][0]
    return count
