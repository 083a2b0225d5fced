"""Blobs in an object store elsewhere: S3, GCS or Azure, through obstore.

GCS is untried: no emulator that speaks its XML API could be had for tests.

Reads are of ranges, so that memory stays small and slow readers keep no connection. For their sake
what is removed goes only after an hour; what a crash leaves in the meantime is an orphan.
"""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from sekisho.directory.errors import StoreError

SCHEMES = frozenset({"s3", "gs", "az"})
PIECE = 4 * 1024 * 1024
PART = 5 * 1024 * 1024
PARTS_AT_ONCE = 1
GRACE_SECONDS = 3600
OLD_SECONDS = 86_400
LONGEST_ID = 64


class RemoteStaged:
    """A blob on its way, in parts of 5 MiB, one at a time."""

    def __init__(self, blobs: "RemoteBlobs") -> None:
        self.id = secrets.token_hex(16)
        self.size = 0
        self._blobs = blobs
        self._writer = blobs.obstore.open_writer(
            blobs.store, self.id, buffer_size=PART, max_concurrency=PARTS_AT_ONCE
        )
        self._is_closed = False

    def write(self, piece: bytes) -> None:
        self._writer.write(piece)
        self.size += len(piece)

    def finish(self) -> None:
        self._writer.close()
        self._is_closed = True

    def discard(self) -> None:
        """An upload that is not finished is finished first: else its parts would stay unseen."""
        if not self._is_closed:
            self.finish()
        self._blobs.remove(self.id)


class RemoteReader:
    def __init__(self, blobs: "RemoteBlobs", blob: str, size: int) -> None:
        self.size = size
        self._blobs = blobs
        self._blob = blob

    def pieces(self, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        end = self.size if length is None else min(self.size, start + length)
        while start < end:
            until = min(end, start + PIECE)
            got = self._blobs.obstore.get_range(
                self._blobs.store, self._blob, start=start, end=until
            )
            yield bytes(got)
            start = until

    def close(self) -> None:
        """Nothing is open between two pieces."""


class NoHold:
    """Nothing needs to be held where all that is removed stays for an hour."""

    def let_go(self) -> None:
        """Nothing."""


class RemoteBlobs:
    """Blobs below the path of a URL; keys and region come from the environment of its kind."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        """Raises StoreError: a URL that is none, or without obstore."""
        self.obstore, self.store = opened(url)
        self._clock = clock
        self._lock = threading.Lock()
        self._leaving: deque[tuple[float, str]] = deque()

    def stage(self) -> RemoteStaged:
        return RemoteStaged(self)

    def open(self, blob: str) -> RemoteReader:
        try:
            size: int = self.obstore.head(self.store, checked(blob))["size"]
        except (self.obstore.exceptions.NotFoundError, FileNotFoundError):
            raise FileNotFoundError(blob) from None
        return RemoteReader(self, blob, size)

    def hold(self, blob: str) -> NoHold:
        self.open(blob)
        return NoHold()

    def remove(self, blob: str) -> None:
        try:
            self.obstore.delete(self.store, checked(blob))
        except (self.obstore.exceptions.NotFoundError, FileNotFoundError):
            return

    def remove_all(self, blobs: Sequence[str]) -> None:
        now = self._clock()
        due = []
        with self._lock:
            self._leaving.extend((now + GRACE_SECONDS, blob) for blob in blobs)
            while self._leaving and self._leaving[0][0] <= now:
                due.append(self._leaving.popleft()[1])
        for blob in due:
            self.remove(blob)

    def sweep(self, is_named: Callable[[str], bool]) -> int:
        before = datetime.fromtimestamp(self._clock() - OLD_SECONDS, UTC)
        removed = 0
        for page in self.obstore.list(self.store):
            for entry in page:
                blob = entry["path"]
                if entry["last_modified"] < before and blob.isalnum() and not is_named(blob):
                    self.remove(blob)
                    removed += 1
        return removed


def opened(url: str) -> tuple[Any, Any]:
    """obstore, and its store for a URL."""
    check_url(url)
    try:
        import obstore  # noqa: PLC0415 - it is there for those who keep their bytes elsewhere
        from obstore.store import from_url  # noqa: PLC0415
    except ImportError:
        raise StoreError("Blobs elsewhere need obstore: pip install 'sekisho[remote]'.") from None
    try:
        return obstore, from_url(url, client_options={"allow_http": True})
    except Exception as error:
        raise StoreError(f"{url} cannot be used for blobs: {error}") from None


def check_url(url: str) -> None:
    split = urlsplit(url)
    if split.scheme not in SCHEMES or not split.netloc or "@" in split.netloc:
        kinds = ", ".join(f"{scheme}://" for scheme in sorted(SCHEMES))
        raise StoreError(f"{url} is no URL for blobs: give one of {kinds}, without credentials.")


def checked(blob: str) -> str:
    if not blob.isalnum() or len(blob) > LONGEST_ID:
        raise ValueError(f"not a blob id: {blob!r}")
    return blob
