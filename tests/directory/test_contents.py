"""An object that is replaced leaves nothing behind, be its bytes a row, a blob or parts."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from directory.samples import bucket, stored
from sekisho.directory import schema
from sekisho.directory.queries import buckets, objects, parts
from sekisho.directory.sqlite import SqliteDirectory
from sekisho.directory.store import Transaction
from sekisho.model.records import Part

KINDS = ("row", "blob", "parts", "marker")


def put(tx: Transaction, kind: str, blob: str) -> list[str]:
    made = stored("b", "k")
    if kind == "row":
        return objects.put_object(tx, replace(made, blob=f"s{blob}"), blob.encode())
    if kind == "marker":
        return objects.put_object(tx, replace(made, blob="", is_marker=True))
    if kind == "parts":
        for number in (1, 2):
            parts.put_part(tx, Part(blob, number, f"{blob}-{number}", 1, "e" * 32, 1))
    return objects.put_object(tx, replace(made, blob=blob, parts=2 if kind == "parts" else 0))


@pytest.mark.parametrize("old", KINDS)
@pytest.mark.parametrize("new", KINDS)
def test_what_is_replaced_is_named_no_more(directory: SqliteDirectory, old: str, new: str) -> None:
    with directory.writing() as tx:
        buckets.add_bucket(tx, bucket("b"))
        assert put(tx, old, "old") == []
        before = objects.get_object(tx, "b", "k")
        freed = put(tx, new, "new")
        after = objects.get_object(tx, "b", "k")
        kept = [tuple(row) for row in tx.connection.execute(select(schema.contents))]
        named = tx.connection.scalars(select(schema.parts.c.blob)).all()
        count = len(objects.list_versions(tx, "b", "", None, 9))
    assert freed == {"blob": ["old"], "parts": ["old-1", "old-2"]}.get(old, [])
    assert kept == ([("snew", b"new")] if new == "row" else [])
    assert named == (["new-1", "new-2"] if new == "parts" else [])
    assert before is not None
    assert after is not None
    assert (after.is_current, after.is_marker, after.parts, count) == (
        True,
        new == "marker",
        2 if new == "parts" else 0,
        1,
    )
    assert after.rank == before.rank - 1


def test_a_version_that_is_not_the_newest_is_replaced_by_the_newest(
    directory: SqliteDirectory,
) -> None:
    """As a PutObject does where versioning is suspended: the null version moves to the front."""
    null = stored("b", "k")
    with directory.writing() as tx:
        buckets.add_bucket(tx, bucket("b"))
        objects.put_object(tx, replace(null, blob="sold"), b"old")
        objects.put_object(tx, replace(null, blob="sother", version="f" * 32), b"other")
        objects.put_object(tx, replace(null, blob="snew"), b"new")
        found = objects.list_versions(tx, "b", "", None, 9)
    assert [(each.version, each.is_current, each.blob) for each in found] == [
        ("null", True, "snew"),
        ("f" * 32, False, "sother"),
    ]
