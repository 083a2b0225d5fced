"""Issuers: under which name an account's tokens go out, and the keys that sign them."""

from sqlalchemy import Row, delete, insert, select, update

from sekisho.directory.schema import issuers, signing_keys
from sekisho.directory.store import Transaction
from sekisho.model.records import Issuer, SigningKey

PURPOSE = "token signing key"


def add_issuer(tx: Transaction, issuer: Issuer) -> None:
    values = {"account": issuer.account, "id": issuer.id, "enabled": issuer.enabled}
    tx.connection.execute(insert(issuers).values(values))


def get_issuer(tx: Transaction, account: str) -> Issuer | None:
    return found(tx.connection.execute(select(issuers).where(issuers.c.account == account)).first())


def get_issuer_by_id(tx: Transaction, issuer_id: str) -> Issuer | None:
    return found(tx.connection.execute(select(issuers).where(issuers.c.id == issuer_id)).first())


def enable_issuer(tx: Transaction, account: str, enabled: bool) -> None:
    tx.connection.execute(
        update(issuers).where(issuers.c.account == account).values(enabled=enabled)
    )


def found(row: Row[tuple[str, str, bool]] | None) -> Issuer | None:
    return None if row is None else Issuer(row.account, row.id, row.enabled)


def add_signing_key(tx: Transaction, key: SigningKey) -> None:
    sealed = tx.directory.vault.seal(PURPOSE, key.id, key.private)
    values = {"id": key.id, "algorithm": key.algorithm, "created": key.created, "sealed": sealed}
    tx.connection.execute(insert(signing_keys).values(values))


def list_signing_keys(tx: Transaction) -> list[SigningKey]:
    """All, opened, newest first."""
    rows = tx.connection.execute(
        select(signing_keys).order_by(signing_keys.c.created.desc(), signing_keys.c.id)
    )
    return [
        SigningKey(
            row.id, row.algorithm, row.created, tx.directory.vault.open(PURPOSE, row.id, row.sealed)
        )
        for row in rows
    ]


def remove_signing_key(tx: Transaction, key_id: str) -> None:
    tx.connection.execute(delete(signing_keys).where(signing_keys.c.id == key_id))
