"""The bytes of objects: files under opaque ids, in place and synced before anything names them.

    staged = blobs.stage()
    staged.write(piece) …
    staged.finish()            # synced, and in place under staged.id
    … commit a row that names staged.id …
    # or staged.discard()

What no row names after a crash is an orphan: `sweep` removes it.
"""

import fcntl
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

from sekisho.directory.folder import sync_folder

PIECE = 512 * 1024
BEHIND = 8 * 1024 * 1024
"""Bytes that are written to a blob before the disk is told to begin with them."""

_FAN = 2


class Staged:
    """A blob that is being written; nobody can see it before `finish`."""

    def __init__(self, store: "BlobStore") -> None:
        self.id = secrets.token_hex(16)
        self.size = 0
        self._begun = 0
        self._store = store
        self._path = store.staging / self.id
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._file = os.fdopen(os.open(self._path, flags, 0o600), "wb", buffering=0)
        self._is_finished = False

    def write(self, piece: bytes) -> None:
        view = memoryview(piece)
        while view:
            view = view[self._file.write(view) :]
        self.size += len(piece)
        if self.size - self._begun >= BEHIND and hasattr(os, "posix_fadvise"):
            self._begin_writing()

    def _begin_writing(self) -> None:
        """Let the disk begin with what it has not got, so that little is left to wait for.

        It is the advice that these bytes are not needed soon which makes the system write them.
        """
        length = self.size - self._begun
        os.posix_fadvise(self._file.fileno(), self._begun, length, os.POSIX_FADV_DONTNEED)
        self._begun = self.size

    def finish(self) -> None:
        """Sync the bytes, put them in place, sync the folder that names them."""
        os.fsync(self._file.fileno())
        self._file.close()
        place = self._store.place_for(self.id)
        self._path.replace(place)
        sync_folder(place.parent)
        self._is_finished = True

    def discard(self) -> None:
        """Remove it, finished or not; may be called twice."""
        self._file.close()
        if self._is_finished:
            self._store.remove(self.id)
        else:
            self._path.unlink(missing_ok=True)


class Reader:
    """A blob opened for reading; it stays readable even if it is removed meanwhile."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self.size = os.fstat(self._file.fileno()).st_size

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def pieces(self, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Bytes from `start`, at most `length` of them, in pieces; closes the file at the end."""
        left = self.size - start if length is None else length
        try:
            self._file.seek(start)
            while left > 0:
                piece = self._file.read(min(PIECE, left))
                if not piece:
                    return
                left -= len(piece)
                yield piece
        finally:
            self.close()


class Hold:
    """Keeps blobs in their place until it is let go, or its process ends."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def let_go(self) -> None:
        self._file.close()


class BlobStore:
    """Blobs in a local directory."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.staging = root / "staging"
        for folder in (root, self.staging):
            folder.mkdir(mode=0o700, exist_ok=True)
        self._opened = time.time()
        self._left: list[Sequence[str]] = []
        self._synced: set[Path] = set()

    def path(self, blob: str) -> Path:
        if not blob.isalnum():
            raise ValueError(f"not a blob id: {blob!r}")
        return self._root / blob[:_FAN] / blob

    def place_for(self, blob: str) -> Path:
        """Where a new blob goes; its folder is there, and known to be on the disk."""
        place = self.path(blob)
        if place.parent not in self._synced:
            place.parent.mkdir(mode=0o700, exist_ok=True)
            sync_folder(self._root)
            self._synced.add(place.parent)
        return place

    def stage(self) -> Staged:
        return Staged(self)

    def open(self, blob: str) -> Reader:
        """Raises FileNotFoundError."""
        return Reader(self.path(blob))

    def hold(self, blob: str) -> "Hold":
        """Keep the blobs that go together with this one, the first of them. FileNotFoundError."""
        return Hold(self.path(blob))

    def remove(self, blob: str) -> None:
        self.path(blob).unlink(missing_ok=True)

    def remove_all(self, blobs: Sequence[str]) -> None:
        """Remove blobs that go together, once nobody holds the first of them, here or elsewhere.

        Those that are held are tried again when others go; what is left at last is an orphan.
        """
        if not blobs and not self._left:
            return
        waiting, self._left = [*self._left, blobs], []
        for together in waiting:
            if len(together) > 1 and self._is_held(together[0]):
                self._left.append(together)
            else:
                for blob in reversed(together):
                    self.remove(blob)

    def _is_held(self, blob: str) -> bool:
        try:
            with self.path(blob).open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def sweep(self, is_named: Callable[[str], bool]) -> int:
        """Remove what was left before this store was opened and no row names; how many there were.

        Blobs younger than that may belong to a request under way, here or in another process.
        """
        removed = 0
        for path in [*self.staging.iterdir(), *self._root.glob("??/*")]:
            try:
                is_old = path.stat().st_mtime < self._opened - 86_400
            except FileNotFoundError:
                continue
            if is_old and (path.parent == self.staging or not is_named(path.name)):
                path.unlink(missing_ok=True)
                removed += 1
        return removed
