"""Buckets and their policies. A bucket's name belongs to no account, nor does its evidence."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from sekisho.directory.changes import BEYOND_ACCOUNTS
from sekisho.directory.prepared import Prepared
from sekisho.directory.schema import buckets, objects
from sekisho.directory.store import Transaction
from sekisho.model.records import Bucket, StoredDocument

GET = Prepared(select(buckets).where(buckets.c.name == bindparam("at_name")))


def add_bucket(tx: Transaction, bucket: Bucket) -> None:
    tx.connection.execute(insert(buckets).values(written(bucket)))
    tx.changed(BEYOND_ACCOUNTS, bucket.name)


def get_bucket(tx: Transaction, name: str) -> Bucket | None:
    rows = tx.run(GET, {"at_name": name})
    return record(rows[0]) if rows else None


def list_buckets(tx: Transaction, account: str) -> list[Bucket]:
    wanted = select(buckets).where(buckets.c.account == account).order_by(buckets.c.name)
    return [record(row) for row in tx.connection.execute(wanted)]


def every_bucket(tx: Transaction, after: str, limit: int) -> list[Bucket]:
    """The buckets of all accounts in the order of their names, from after one."""
    wanted = select(buckets).where(buckets.c.name > after).order_by(buckets.c.name).limit(limit)
    return [record(row) for row in tx.connection.execute(wanted)]


def update_bucket(tx: Transaction, bucket: Bucket) -> None:
    tx.connection.execute(
        update(buckets).where(buckets.c.name == bucket.name).values(written(bucket))
    )
    tx.changed(BEYOND_ACCOUNTS, bucket.name)


def remove_bucket(tx: Transaction, bucket: Bucket) -> None:
    """Remove a bucket, which must be empty and without uploads under way."""
    tx.connection.execute(delete(buckets).where(buckets.c.name == bucket.name))
    tx.changed(BEYOND_ACCOUNTS, bucket.name)


def is_empty(tx: Transaction, name: str) -> bool:
    """Whether there is no version of any object; uploads under way do not count."""
    wanted = select(objects.c.rank).where(objects.c.bucket == name).limit(1)
    return tx.connection.execute(wanted).first() is None


def record(row: Sequence[Any]) -> Bucket:
    name, account, region, created, text, bindings, settings = row
    policy = None if text is None else StoredDocument(text, bindings)
    return Bucket(name, account, region, created, policy, settings)


def written(bucket: Bucket) -> dict[str, Any]:
    return {
        "name": bucket.name,
        "account": bucket.account,
        "region": bucket.region,
        "created": bucket.created,
        "policy": None if bucket.policy is None else bucket.policy.text,
        "bindings": {} if bucket.policy is None else dict(bucket.policy.bindings),
        "settings": dict(bucket.settings),
    }
