"""Parts of uploads, and of the objects made of them: then the object's blob names them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from sekisho.directory.schema import parts
from sekisho.directory.store import Transaction
from sekisho.model.records import Part


def put_part(tx: Transaction, part: Part) -> list[str]:
    """Put a part in the place of the one of its number; the blobs that are no longer named."""
    place = (parts.c.upload == part.upload) & (parts.c.number == part.number)
    freed = tx.connection.scalars(select(parts.c.blob).where(place)).all()
    if freed:
        tx.connection.execute(delete(parts).where(place))
    tx.connection.execute(insert(parts).values(written(part)))
    return list(freed)


def list_parts(tx: Transaction, upload: str, after: int = 0, limit: int = 10_000) -> list[Part]:
    """In the order of their numbers, which are greater than `after`."""
    wanted = select(parts).where(parts.c.upload == upload, parts.c.number > after)
    rows = tx.connection.execute(wanted.order_by(parts.c.number).limit(limit))
    return [record(row) for row in rows]


def parts_between(tx: Transaction, blob: str, start: int, end: int) -> list[Part]:
    """The parts of an object that hold any of its bytes from `start` up to `end`, which is not."""
    wanted = select(parts).where(
        parts.c.upload == blob, parts.c.start < end, parts.c.start + parts.c.size > start
    )
    return [record(row) for row in tx.connection.execute(wanted.order_by(parts.c.number))]


def settle_parts(tx: Transaction, upload: str, chosen: Sequence[Part]) -> list[str]:
    """Make these, in the order of their numbers, the parts 1, 2, 3 … of an object.

    The others are forgotten: their blobs, which are no longer named.
    """
    numbers = {part.number for part in chosen}
    others = [part for part in list_parts(tx, upload) if part.number not in numbers]
    place = (parts.c.upload == upload) & (parts.c.number == bindparam("old"))
    if others:
        asked = [{"old": part.number} for part in others]
        tx.connection.execute(delete(parts).where(place), asked)
    settled, start = [], 0
    for number, part in enumerate(chosen, 1):
        settled.append({"old": part.number, "new": number, "first": start})
        start += part.size
    moved = update(parts).where(place).values(number=bindparam("new"), start=bindparam("first"))
    tx.connection.execute(moved, settled)
    return [part.blob for part in others]


def forget_parts(tx: Transaction, upload: str) -> list[str]:
    """The blobs that are no longer named, the first part's first."""
    wanted = select(parts.c.blob).where(parts.c.upload == upload).order_by(parts.c.number)
    freed = tx.connection.scalars(wanted).all()
    tx.connection.execute(delete(parts).where(parts.c.upload == upload))
    return list(freed)


def record(row: Row[Any]) -> Part:
    return Part(
        upload=row.upload,
        number=row.number,
        blob=row.blob,
        size=row.size,
        etag=row.etag,
        modified=row.modified,
        checksums=row.checksums,
        start=row.start,
    )


def written(part: Part) -> dict[str, Any]:
    return {
        "upload": part.upload,
        "number": part.number,
        "blob": part.blob,
        "start": part.start,
        "size": part.size,
        "etag": part.etag,
        "modified": part.modified,
        "checksums": dict(part.checksums),
    }
