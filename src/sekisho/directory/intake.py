"""Bytes on their way in: kept in memory while they are few, else staged as a blob.

Few bytes become a row beside the one that names them: the commit that names them keeps them, and no
crash can part the two.
"""

import secrets
import time

from sekisho.directory.blob_contract import Blobs, StagedBlob

SMALL = 16 * 1024
"""Bytes at most that are kept as a row."""

_MARK = "s"  # no blob's id begins with it: those are hexadecimal


def is_small(blob: str) -> bool:
    """Whether the bytes of an object that was put whole are a row; its `blob` tells."""
    return blob.startswith(_MARK)


def new_id() -> str:
    """Those of one time are neighbours in an index: a commit of many writes few of its pages."""
    return f"{_MARK}{time.time_ns() >> 16:012x}{secrets.token_hex(10)}"


class Intake:
    """A StagedBlob. content: the bytes, if they are to be kept as a row, else None."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._id = new_id()
        self._held: list[bytes] = []
        self._held_size = 0
        self._staged: StagedBlob | None = None

    @property
    def id(self) -> str:
        return self._id if self._staged is None else self._staged.id

    @property
    def size(self) -> int:
        return self._held_size if self._staged is None else self._staged.size

    @property
    def content(self) -> bytes | None:
        return b"".join(self._held) if self._staged is None else None

    def write(self, piece: bytes) -> None:
        if self._staged is None:
            if self._held_size + len(piece) <= SMALL:
                self._held.append(piece)
                self._held_size += len(piece)
                return
            self._staged = self._blobs.stage()
            for held in self._held:
                self._staged.write(held)
            self._held = []
        self._staged.write(piece)

    def finish(self) -> None:
        if self._staged is not None:
            self._staged.finish()

    def discard(self) -> None:
        if self._staged is not None:
            self._staged.discard()
        self._held = []
