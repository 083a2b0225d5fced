"""Versions of objects: what a bucket knows of them; their bytes are blobs, or rows if few.

Of each key one version is current: the newest. Whoever puts or removes one gets the blobs that
nothing names any more, to be removed once the transaction is committed.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from sekisho.directory.intake import is_small
from sekisho.directory.prepared import Prepared
from sekisho.directory.queries.contents import put_content, remove_content
from sekisho.directory.queries.parts import forget_parts
from sekisho.directory.schema import objects, parts
from sekisho.directory.store import Transaction
from sekisho.model.records import StoredObject

LAST_BYTE = 0xFF
_IN_PLACE = (objects.c.bucket == bindparam("in_bucket")) & (objects.c.key == bindparam("at_key"))
_OF_VERSION = objects.c.version == bindparam("of_version")
_AT_RANK = objects.c.rank == bindparam("at_rank")
GET = Prepared(select(objects).where(_IN_PLACE, objects.c.is_current))
GET_VERSION = Prepared(select(objects).where(_IN_PLACE, _OF_VERSION))
GET_TOUCHED = Prepared(
    select(
        objects.c.rank, objects.c.version, objects.c.is_current, objects.c.blob, objects.c.parts
    ).where(_IN_PLACE, objects.c.is_current | _OF_VERSION)
)
ADD = Prepared(insert(objects))
_OTHERS = [column for column in objects.c if column.name not in ("bucket", "key")]
REPLACE = Prepared(
    update(objects)
    .where(_IN_PLACE, _AT_RANK)
    .values({column: bindparam(column.name, type_=column.type) for column in _OTHERS})
)
SUCCEED = Prepared(update(objects).where(_IN_PLACE, _AT_RANK).values(is_current=False))
FORGET = Prepared(delete(objects).where(_IN_PLACE, _AT_RANK))
LISTED = (
    objects.c.key,
    objects.c.blob,
    objects.c.size,
    objects.c.etag,
    objects.c.modified,
    objects.c.checksums,
    objects.c.version,
    objects.c.parts,
    objects.c.rank,
    objects.c.owner,
)


def put_object(tx: Transaction, stored: StoredObject, content: bytes | None = None) -> list[str]:
    """Make this the newest version of its key, in the place of the one of its version id if any.

    content: its bytes, if they are kept as a row. The blobs that are no longer named.
    """
    at = place(stored.bucket, stored.key)
    rank, replaced = 0, None
    for touched in tx.run(GET_TOUCHED, {**at, "of_version": stored.version}):
        other_rank, version, is_current = touched[:3]
        if is_current:
            rank = other_rank - 1
        if version == stored.version:
            replaced = touched
        elif is_current:
            tx.run(SUCCEED, {**at, "at_rank": other_rank})
    if replaced is None:
        tx.run(ADD, written(stored, rank))
        put_content(tx, None, stored.blob, content)
        return []
    old_rank, _, _, old_blob, parts_count = replaced
    tx.run(REPLACE, {**at, "at_rank": old_rank, **written(stored, rank)})
    was_row = not parts_count and is_small(old_blob or "")
    put_content(tx, old_blob if was_row else None, stored.blob, content)
    if parts_count:
        return forget_parts(tx, old_blob)
    return [] if was_row or not old_blob else [old_blob]


def get_object(
    tx: Transaction, bucket: str, key: str, version: str | None = None
) -> StoredObject | None:
    """A version, which may be a delete marker; the current one if none is named."""
    asked = place(bucket, key)
    if version is None:
        rows = tx.run(GET, asked)
    else:
        rows = tx.run(GET_VERSION, {**asked, "of_version": version})
    return record(rows[0]) if rows else None


def change_object(tx: Transaction, stored: StoredObject, **values: Any) -> None:
    """Change what is said of a version: tags, lock, acl."""
    tx.connection.execute(update(objects).where(is_row(stored)).values(**values))


def remove_object(tx: Transaction, stored: StoredObject) -> list[str]:
    """Remove a version; the next newest becomes current. The blobs that are no longer named."""
    freed = forget(tx, stored)
    if stored.is_current:
        of_key = (objects.c.bucket == stored.bucket) & (objects.c.key == written_key(stored.key))
        newest = select(objects.c.rank).where(of_key).order_by(objects.c.rank).limit(1)
        rank = tx.connection.scalar(newest)
        if rank is not None:
            tx.connection.execute(
                update(objects).where(of_key, objects.c.rank == rank).values(is_current=True)
            )
    return freed


def forget(tx: Transaction, stored: StoredObject) -> list[str]:
    tx.run(FORGET, row_of(stored))
    if stored.parts:
        return forget_parts(tx, stored.blob)
    if is_small(stored.blob):
        remove_content(tx, stored.blob)
        return []
    return [stored.blob] if stored.blob else []


def list_objects(
    tx: Transaction,
    bucket: str,
    prefix: str,
    after: str | None,
    limit: int,
    *,
    past_prefix: str = "",
) -> list[StoredObject]:
    """Current versions that are no delete markers, in the order of the keys' UTF-8 bytes (W-313).

    Their headers, tags, locks and ACLs are left out: a list tells of none.
    after: they come strictly after this key. past_prefix: if not empty, also strictly after every
        key that begins with it, which is how a listing jumps over a common prefix.
    """
    wanted = select(*LISTED).where(
        objects.c.bucket == bucket, objects.c.is_current, objects.c.is_marker.is_(False)
    )
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
    return [
        StoredObject(
            bucket,
            key.decode("utf-8", "surrogatepass"),
            blob,
            size,
            etag,
            modified,
            checksums=checksums,
            version=version,
            parts=count,
            rank=rank,
            owner=owner,
        )
        for key, blob, size, etag, modified, checksums, version, count, rank, owner in rows
    ]


def list_versions(
    tx: Transaction,
    bucket: str,
    prefix: str,
    after: tuple[str, int | None] | None,
    limit: int,
) -> list[StoredObject]:
    """Versions and delete markers by key, of one key the newest first.

    after: they come strictly after this key, or after the version of it that has this rank.
    """
    wanted = select(objects).where(objects.c.bucket == bucket)
    start, end = written_key(prefix), beyond(written_key(prefix))
    if start:
        wanted = wanted.where(objects.c.key >= start)
    if end is not None:
        wanted = wanted.where(objects.c.key < end)
    if after is not None:
        key, rank = written_key(after[0]), after[1]
        if rank is None:
            wanted = wanted.where(objects.c.key > key)
        else:
            wanted = wanted.where(
                objects.c.key >= key, (objects.c.key > key) | (objects.c.rank > rank)
            )
    ordered = wanted.order_by(objects.c.key, objects.c.rank).limit(limit)
    return [record(row) for row in tx.connection.execute(ordered)]


def is_named(tx: Transaction, blob: str) -> bool:
    """Whether any object's bytes, or a part's, are this blob."""
    return any(
        tx.connection.execute(select(table.c.blob).where(table.c.blob == blob)).first() is not None
        for table in (objects, parts)
    )


def place(bucket: str, key: str) -> dict[str, Any]:
    return {"in_bucket": bucket, "at_key": written_key(key)}


def row_of(stored: StoredObject) -> dict[str, Any]:
    return {**place(stored.bucket, stored.key), "at_rank": stored.rank}


def is_row(stored: StoredObject) -> Any:
    return (
        (objects.c.bucket == stored.bucket)
        & (objects.c.key == written_key(stored.key))
        & (objects.c.rank == stored.rank)
    )


def written_key(key: str) -> bytes:
    """A key as UTF-8; a text that has no UTF-8 gets bytes of its own rather than an exception."""
    return key.encode("utf-8", "surrogatepass")


def beyond(prefix: bytes) -> bytes | None:
    """The least text greater than all that begin with a prefix; None if there is none."""
    shortened = prefix.rstrip(bytes([LAST_BYTE]))
    return shortened[:-1] + bytes([shortened[-1] + 1]) if shortened else None


def record(row: Sequence[Any]) -> StoredObject:
    """The columns in the schema's order."""
    bucket, key, rank, version, is_current, is_marker, blob, parts_count = row[:8]
    size, etag, modified, headers, checksums, tags, lock, owner, acl = row[8:]
    return StoredObject(
        bucket,
        key.decode("utf-8", "surrogatepass"),
        blob or "",
        size,
        etag,
        modified,
        headers,
        checksums,
        version,
        parts_count,
        is_marker,
        is_current,
        rank,
        tags,
        lock,
        owner,
        tuple(acl),
    )


def written(stored: StoredObject, rank: int) -> dict[str, Any]:
    return {
        "bucket": stored.bucket,
        "key": written_key(stored.key),
        "rank": rank,
        "version": stored.version,
        "is_current": True,
        "is_marker": stored.is_marker,
        "blob": stored.blob or None,
        "parts": stored.parts,
        "size": stored.size,
        "etag": stored.etag,
        "modified": stored.modified,
        "headers": dict(stored.headers),
        "checksums": dict(stored.checksums),
        "tags": dict(stored.tags),
        "lock": dict(stored.lock),
        "owner": stored.owner,
        "acl": list(stored.acl),
    }
