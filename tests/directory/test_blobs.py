"""The bytes of objects: whole or not there, and no leftovers."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.directory import blobs
from sekisho.directory.blobs import BlobStore

TWO_DAYS = 2 * 86_400


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def age(path: Path) -> None:
    then = time.time() - TWO_DAYS
    os.utime(path, (then, then))


def put(store: BlobStore, content: bytes) -> str:
    staged = store.stage()
    staged.write(content)
    staged.finish()
    return staged.id


@given(st.lists(st.binary(max_size=600_000), max_size=3))
@settings(deadline=None)  # it waits for the disk
def test_pieces_come_back_joined(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    store = BlobStore(tmp_path_factory.mktemp("blobs"))
    staged = store.stage()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blobs, "BEHIND", 100_000)
        for piece in pieces:
            staged.write(piece)
    staged.finish()
    whole = b"".join(pieces)
    assert staged.size == len(whole)
    with store.open(staged.id) as reader:
        assert reader.size == len(whole)
        assert b"".join(reader.pieces()) == whole


@given(st.integers(0, 12), st.integers(0, 12))
@settings(deadline=None)  # it waits for the disk
def test_a_range_is_a_slice(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int
) -> None:
    store = BlobStore(tmp_path_factory.mktemp("blobs"))
    blob = put(store, b"0123456789")
    assert b"".join(store.open(blob).pieces(start, length)) == b"0123456789"[start : start + length]


def test_nobody_sees_a_blob_before_it_is_finished(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    staged = store.stage()
    staged.write(b"half")
    with pytest.raises(FileNotFoundError):
        store.open(staged.id)
    staged.finish()
    store.open(staged.id).close()


def test_discarding_leaves_nothing_finished_or_not(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    unfinished, finished = store.stage(), store.stage()
    unfinished.write(b"x")
    finished.finish()
    for staged in (unfinished, finished):
        staged.discard()
        staged.discard()
    assert files(tmp_path) == []


def test_a_removed_blob_stays_readable_to_who_has_it_open(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    blob = put(store, b"content")
    with store.open(blob) as reader:
        store.remove(blob)
        store.remove(blob)
        assert b"".join(reader.pieces()) == b"content"
    with pytest.raises(FileNotFoundError):
        store.open(blob)


def test_what_is_held_goes_later_together(tmp_path: Path) -> None:
    """Whoever reads an object of many parts holds the first; in other processes it counts too."""
    reader, remover = BlobStore(tmp_path), BlobStore(tmp_path)
    blobs = [put(reader, b"1"), put(reader, b"2")]
    other = put(reader, b"3")
    holds = [reader.hold(blobs[0]) for _ in range(2)]
    remover.remove_all(blobs)
    for hold in holds:
        assert len(files(tmp_path)) == 3
        hold.let_go()
    remover.remove_all([other])
    assert files(tmp_path) == []
    remover.remove_all(blobs)
    with pytest.raises(FileNotFoundError):
        reader.hold(blobs[0])


def test_sweeping_takes_old_leftovers_only(tmp_path: Path) -> None:
    before = BlobStore(tmp_path)
    named, orphan, young = put(before, b"1"), put(before, b"2"), put(before, b"3")
    left, under_way = before.stage(), before.stage()
    for blob in (named, orphan):
        age(before.path(blob))
    age(before.staging / left.id)
    store = BlobStore(tmp_path)
    assert store.sweep(lambda blob: blob == named) == 2
    kept = {path.name for path in files(tmp_path)}
    assert kept == {named, young, under_way.id}
    assert store.sweep(lambda blob: blob == named) == 0


@pytest.mark.parametrize("blob", ["", "../../etc/passwd", "a/b", ".", "..", "a\0b"])
def test_an_id_never_becomes_a_path_elsewhere(tmp_path: Path, blob: str) -> None:
    with pytest.raises(ValueError, match="not a blob id"):
        BlobStore(tmp_path).open(blob)


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "blobs")
    place = store.path(put(store, b"x"))
    for path in (place, place.parent, store.staging, tmp_path / "blobs"):
        assert path.stat().st_mode & 0o077 == 0, path
