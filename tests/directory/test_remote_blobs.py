"""Blobs in object stores of other makers: what the contract promises holds in each."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from directory.elsewhere import Elsewhere, azurite, moto
from sekisho.directory.blob_places import choose_place, chosen_place
from sekisho.directory.blobs import BlobStore
from sekisho.directory.errors import StoreError
from sekisho.directory.remote_blobs import GRACE_SECONDS, OLD_SECONDS, PART, RemoteBlobs
from sekisho.directory.sqlite import open_directory


@pytest.fixture(scope="module", params=[moto, azurite], ids=["s3", "azure"])
def elsewhere(request: pytest.FixtureRequest) -> Iterator[Elsewhere]:
    with request.param() as found:
        yield found


@pytest.fixture(autouse=True)
def environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("AWS_", "AZURE_"))]:
        monkeypatch.delenv(name)
    if "elsewhere" in request.fixturenames:
        found: Elsewhere = request.getfixturevalue("elsewhere")
        for name, value in found.environment.items():
            monkeypatch.setenv(name, value)


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def blobs(elsewhere: Elsewhere, clock: Clock, request: pytest.FixtureRequest) -> RemoteBlobs:
    return RemoteBlobs(f"{elsewhere.url}/{abs(hash(request.node.name))}", clock)


def put(blobs: RemoteBlobs, *pieces: bytes) -> str:
    staged = blobs.stage()
    for piece in pieces:
        staged.write(piece)
    staged.finish()
    assert staged.size == sum(map(len, pieces))
    return staged.id


def there(blobs: RemoteBlobs, blob: str) -> bool:
    try:
        blobs.open(blob).close()
    except FileNotFoundError:
        return False
    return True


def test_what_is_written_is_read(blobs: RemoteBlobs) -> None:
    large = os.urandom(2 * PART + 5)
    for pieces in ([], [b"x"], [b"ab", b"", b"c"], [large[:PART], large[PART:]]):
        whole = b"".join(pieces)
        reader = blobs.open(put(blobs, *pieces))
        assert b"".join(reader.pieces()) == whole
        assert b"".join(reader.pieces(1, 3)) == whole[1:4]


def test_what_is_discarded_is_gone(blobs: RemoteBlobs) -> None:
    for is_finished in (False, True):
        staged = blobs.stage()
        staged.write(b"x" * (PART + 1))
        assert not there(blobs, staged.id)
        if is_finished:
            staged.finish()
        staged.discard()
        staged.discard()
        assert not there(blobs, staged.id)


def test_what_is_removed_stays_for_who_reads_it(blobs: RemoteBlobs, clock: Clock) -> None:
    first, second = put(blobs, b"1"), put(blobs, b"2")
    blobs.remove_all([first])
    blobs.hold(first).let_go()
    clock.now += GRACE_SECONDS
    blobs.remove_all([second])
    assert not there(blobs, first)
    assert there(blobs, second)
    with pytest.raises(FileNotFoundError):
        blobs.hold(first)


def test_orphans_are_swept_once_they_are_old(blobs: RemoteBlobs, clock: Clock) -> None:
    named, orphan = put(blobs, b"1"), put(blobs, b"2")
    assert blobs.sweep(lambda blob: blob == named) == 0
    clock.now += OLD_SECONDS + 5
    assert blobs.sweep(lambda blob: blob == named) == 1
    assert (there(blobs, named), there(blobs, orphan)) == (True, False)


def test_an_id_never_becomes_a_path_elsewhere(blobs: RemoteBlobs) -> None:
    for blob in ("", "../x", "a/b", "a" * 65):
        with pytest.raises(ValueError, match="not a blob id"):
            blobs.open(blob)


def test_a_place_is_chosen_once(elsewhere: Elsewhere, tmp_path: Path) -> None:
    data = tmp_path / "data"
    choose_place(data, f"{elsewhere.url}/one")
    choose_place(data, f"{elsewhere.url}/one")
    assert chosen_place(data) == f"{elsewhere.url}/one"
    with pytest.raises(StoreError, match=f"keeps its blobs in {elsewhere.url}/one"):
        choose_place(data, f"{elsewhere.url}/two")
    directory = open_directory(data)
    assert isinstance(directory.blobs, RemoteBlobs)
    directory.close()


def test_a_store_that_has_blobs_keeps_them(tmp_path: Path) -> None:
    directory = open_directory(tmp_path)
    assert isinstance(directory.blobs, BlobStore)
    staged = directory.blobs.stage()
    staged.finish()
    directory.close()
    with pytest.raises(StoreError, match="would not be found"):
        choose_place(tmp_path, "s3://blob-bucket/one")


@pytest.mark.parametrize(
    "url", ["", "file:///tmp", "https://host/x", "s3://", "s3://key:secret@bucket", "nonsense"]
)
def test_urls_that_are_none(tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreError, match="is no URL for blobs"):
        choose_place(tmp_path, url)
