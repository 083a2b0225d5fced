"""Bytes on their way in: a row if they are few, a blob if not, and nothing if they are given up."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.directory import intake
from sekisho.directory.blobs import BlobStore
from sekisho.directory.intake import Intake, is_small


@given(st.lists(st.binary(max_size=6), max_size=6))
@settings(deadline=None)  # it waits for the disk
def test_bytes_are_kept_one_way_or_the_other(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    whole = b"".join(pieces)
    store = BlobStore(tmp_path_factory.mktemp("blobs"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "SMALL", 10)
        taken = Intake(store)
        for piece in pieces:
            taken.write(piece)
    taken.finish()
    assert taken.size == len(whole)
    assert is_small(taken.id) is (len(whole) <= 10) is (taken.content is not None)
    kept = taken.content
    if kept is None:
        kept = b"".join(store.open(taken.id).pieces())
    assert kept == whole


@pytest.mark.parametrize("size", [1, intake.SMALL + 1])
@pytest.mark.parametrize("finished", [False, True])
def test_what_is_given_up_leaves_nothing(tmp_path: Path, size: int, finished: bool) -> None:
    store = BlobStore(tmp_path)
    taken = Intake(store)
    taken.write(b"x" * size)
    if finished:
        taken.finish()
    taken.discard()
    taken.discard()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_no_blob_is_taken_for_a_row(tmp_path: Path) -> None:
    assert not any(is_small(BlobStore(tmp_path).stage().id[0]) for _ in range(64))
