"""The bytes of objects: files under opaque ids, in place and synced before anything names them.

    staged = blobs.stage()
    staged.write(piece) …
    staged.finish()            # synced, and in place under staged.id
    … commit a row that names staged.id …
    # or staged.discard()

What no row names after a crash is an orphan: `sweep` removes it.
"""

import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

from sekisho.directory.folder import sync_folder

PIECE = 256 * 1024
_FAN = 2


class Staged:
    """A blob that is being written; nobody can see it before `finish`."""

    def __init__(self, store: "BlobStore") -> None:
        self.id = secrets.token_hex(16)
        self.size = 0
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


class Pins:
    """Blobs that are being read piece by piece: they stay until the last reader lets go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()
        self._doomed: set[str] = set()

    def hold(self, blobs: Iterable[str]) -> None:
        with self._lock:
            self._held.update(blobs)

    def release(self, blobs: Iterable[str]) -> list[str]:
        """What was to be removed meanwhile, and now can be."""
        freed = []
        with self._lock:
            for blob in blobs:
                self._held[blob] -= 1
                if self._held[blob] <= 0:
                    del self._held[blob]
                    if blob in self._doomed:
                        self._doomed.discard(blob)
                        freed.append(blob)
        return freed

    def doom(self, blob: str) -> bool:
        """Whether a blob is held; then it goes when it is let go."""
        with self._lock:
            is_held = blob in self._held
            if is_held:
                self._doomed.add(blob)
        return is_held


class BlobStore:
    """Blobs in a local directory."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.staging = root / "staging"
        for folder in (root, self.staging):
            folder.mkdir(mode=0o700, exist_ok=True)
        self._opened = time.time()
        self._pins = Pins()
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

    def hold(self, blobs: Sequence[str]) -> None:
        """Keep blobs from being removed by this process until they are released."""
        self._pins.hold(blobs)

    def release(self, blobs: Sequence[str]) -> None:
        for blob in self._pins.release(blobs):
            self.remove(blob)

    def remove(self, blob: str) -> None:
        if not self._pins.doom(blob):
            self.path(blob).unlink(missing_ok=True)

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
