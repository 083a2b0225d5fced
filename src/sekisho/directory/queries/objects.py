"""Objects: what a bucket knows of them; their bytes are blobs."""

from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select

from sekisho.directory.schema import objects
from sekisho.directory.store import Transaction
from sekisho.model.records import StoredObject

LAST_BYTE = 0xFF
GET = select(objects).where(
    objects.c.bucket == bindparam("in_bucket"), objects.c.key == bindparam("at_key")
)


def put_object(tx: Transaction, stored: StoredObject) -> str | None:
    """Put an object in the place of the one of its key; the blob that is no longer named."""
    replaced = remove_object(tx, stored.bucket, stored.key)
    tx.connection.execute(insert(objects).values(written(stored)))
    return replaced


def get_object(tx: Transaction, bucket: str, key: str) -> StoredObject | None:
    asked = {"in_bucket": bucket, "at_key": written_key(key)}
    row = tx.connection.execute(GET, asked).first()
    return None if row is None else record(row)


def remove_object(tx: Transaction, bucket: str, key: str) -> str | None:
    """The blob that is no longer named; None if there was no such object."""
    place = (objects.c.bucket == bucket) & (objects.c.key == written_key(key))
    blob = tx.connection.scalar(select(objects.c.blob).where(place))
    if blob is not None:
        tx.connection.execute(delete(objects).where(place))
    return blob


def list_objects(
    tx: Transaction,
    bucket: str,
    prefix: str,
    after: str | None,
    limit: int,
    *,
    past_prefix: str = "",
) -> list[StoredObject]:
    """In the order of the keys' UTF-8 bytes, strictly after `after` (W-313).

    past_prefix: if not empty, also strictly after every key that begins with it, which is how a
        listing jumps over a common prefix.
    """
    wanted = select(objects).where(objects.c.bucket == bucket)
    start, end = written_key(prefix), beyond(written_key(prefix))
    if start:
        wanted = wanted.where(objects.c.key >= start)
    if end is not None:
        wanted = wanted.where(objects.c.key < end)
    if after is not None:
        wanted = wanted.where(objects.c.key > written_key(after))
    if past_prefix:
        resumed = beyond(written_key(past_prefix))
        if resumed is None:
            return []
        wanted = wanted.where(objects.c.key >= resumed)
    rows = tx.connection.execute(wanted.order_by(objects.c.key).limit(limit)).all()
    return [record(row) for row in rows]


def is_named(tx: Transaction, blob: str) -> bool:
    """Whether any object's bytes are this blob."""
    wanted = select(objects.c.blob).where(objects.c.blob == blob)
    return tx.connection.execute(wanted).first() is not None


def written_key(key: str) -> bytes:
    """A key as UTF-8; a text that has no UTF-8 gets bytes of its own rather than an exception."""
    return key.encode("utf-8", "surrogatepass")


def beyond(prefix: bytes) -> bytes | None:
    """The least text greater than all that begin with a prefix; None if there is none."""
    shortened = prefix.rstrip(bytes([LAST_BYTE]))
    return shortened[:-1] + bytes([shortened[-1] + 1]) if shortened else None


def record(row: Row[Any]) -> StoredObject:
    return StoredObject(
        bucket=row.bucket,
        key=row.key.decode("utf-8", "surrogatepass"),
        blob=row.blob,
        size=row.size,
        etag=row.etag,
        modified=row.modified,
        headers=row.headers,
        checksums=row.checksums,
    )


def written(stored: StoredObject) -> dict[str, Any]:
    return {
        "bucket": stored.bucket,
        "key": written_key(stored.key),
        "blob": stored.blob,
        "size": stored.size,
        "etag": stored.etag,
        "modified": stored.modified,
        "headers": dict(stored.headers),
        "checksums": dict(stored.checksums),
    }
