"""The key ring that seals session tokens, itself sealed at rest."""

import os
import time

from sqlalchemy import delete, insert, select

from sekisho.directory import schema
from sekisho.directory.changes import BEYOND_ACCOUNTS
from sekisho.directory.store import Ring, Transaction

KEY_BYTES = 32
LARGEST_ID = 255
PURPOSE = "ring key"


def load_ring(tx: Transaction) -> Ring:
    rows = tx.connection.execute(select(schema.ring).order_by(schema.ring.c.created)).all()
    vault = tx.directory.vault
    keys = {row.key_id: vault.open(PURPOSE, str(row.key_id), row.sealed) for row in rows}
    newest = max(rows, key=lambda row: (row.created, row.key_id))
    return Ring(newest.key_id, keys)


def first_key(tx: Transaction) -> None:
    """Make the first key of a new store."""
    if tx.connection.scalar(select(schema.ring.c.key_id).limit(1)) is None:
        add_key(tx, 0)


def rotate(tx: Transaction) -> int:
    """Add a key, which seals from now on; its id. The oldest goes when all ids are in use."""
    rows = tx.connection.execute(select(schema.ring).order_by(schema.ring.c.created)).all()
    taken = {row.key_id for row in rows}
    free = [number for number in range(LARGEST_ID + 1) if number not in taken]
    if free:
        chosen = free[0]
    else:
        chosen = rows[0].key_id
        tx.connection.execute(delete(schema.ring).where(schema.ring.c.key_id == chosen))
    newest = max((row.created for row in rows), default=0)
    add_key(tx, chosen, max(int(time.time()), newest + 1))
    return chosen


def add_key(tx: Transaction, key_id: int, created: int | None = None) -> None:
    sealed = tx.directory.vault.seal(PURPOSE, str(key_id), os.urandom(KEY_BYTES))
    values = {"key_id": key_id, "created": created or int(time.time()), "sealed": sealed}
    tx.connection.execute(insert(schema.ring).values(values))
    tx.changed(BEYOND_ACCOUNTS)
