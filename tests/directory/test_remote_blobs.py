"""Blobs in another S3 server: moto's, started for this."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from sekisho.directory.blob_places import choose_place, chosen_place
from sekisho.directory.blobs import BlobStore
from sekisho.directory.errors import StoreError
from sekisho.directory.remote_blobs import GRACE_SECONDS, OLD_SECONDS, PART, RemoteBlobs
from sekisho.directory.sqlite import open_directory

MOTO = Path(sys.executable).with_name("moto_server")
LONGEST_START = 60


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The endpoint of another S3 server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [str(MOTO), "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    endpoint = f"http://127.0.0.1:{port}"
    end = time.monotonic() + LONGEST_START
    try:
        while True:
            try:
                urlopen(Request(f"{endpoint}/blob-bucket", method="PUT")).close()
                break
            except OSError:
                assert time.monotonic() < end, "moto did not start"
        yield endpoint
    finally:
        process.kill()
        process.wait()


@pytest.fixture(autouse=True)
def environment(elsewhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "any")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", elsewhere)


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def blobs(clock: Clock, request: pytest.FixtureRequest) -> RemoteBlobs:
    return RemoteBlobs(f"s3://blob-bucket/{abs(hash(request.node.name))}", clock)


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


def test_a_place_is_chosen_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    choose_place(data, "s3://blob-bucket/one")
    choose_place(data, "s3://blob-bucket/one")
    assert chosen_place(data) == "s3://blob-bucket/one"
    with pytest.raises(StoreError, match="keeps its blobs in s3://blob-bucket/one"):
        choose_place(data, "s3://blob-bucket/two")
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
