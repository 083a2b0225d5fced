"""The feed of changes: cheap to ask at every request, exact when something has changed."""

import mmap
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from sekisho.directory.store import NOTHING, Changed

BEYOND_ACCOUNTS = ""
INDEX_HEAD = 48  # bytes


class SqliteChanges:
    """Watches one SQLite file, whoever writes to it.

    Every commit rewrites the head of SQLite's WAL index, which lies in shared memory (SQLite,
    "WAL-mode File Format", 2.1): while those bytes are the same, nothing was committed. When they
    differ, `PRAGMA data_version` of a connection that never writes says whether somebody else's
    commit was the cause.
    """

    def __init__(self, file: Path, ring_changed: Callable[[], None]) -> None:
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._lock = threading.Lock()
        self._ring_changed = ring_changed
        self._version = self._ask("PRAGMA data_version")
        self._seq = self._ask("SELECT coalesce(max(seq), 0) FROM changes")
        self._index = map_index(file)
        self._head = b""

    def poll(self) -> Changed:
        with self._lock:
            head = self._index[:INDEX_HEAD]
            if head == self._head and head:
                return NOTHING
            self._head = head  # read before asking: what is committed meanwhile differs again
            version = self._ask("PRAGMA data_version")
            if version == self._version:
                return NOTHING
            changed = self._read()
            # Inside the lock: who polls next must not meet the old ring.
            if changed.everything or BEYOND_ACCOUNTS in changed.accounts:
                self._ring_changed()
            self._version = version
        return changed

    def close(self) -> None:
        with self._lock:
            self._connection.close()
            if isinstance(self._index, mmap.mmap):
                self._index.close()
                self._index = b""

    def _read(self) -> Changed:
        rows = self._connection.execute(
            "SELECT seq, account FROM changes WHERE seq > ? ORDER BY seq", (self._seq,)
        ).fetchall()
        if not rows:
            return NOTHING
        first, before = rows[0][0], self._seq
        self._seq = rows[-1][0]
        if first != before + 1:  # rows in between were trimmed
            return Changed(everything=True)
        return Changed(frozenset(account for _, account in rows))

    def _ask(self, question: str) -> int:
        answer: int = self._connection.execute(question).fetchone()[0]
        return answer


def map_index(file: Path) -> mmap.mmap | bytes:
    """The WAL index of a database that is open; nothing where it cannot be mapped."""
    try:
        with file.with_name(f"{file.name}-shm").open("rb") as index:
            return mmap.mmap(index.fileno(), INDEX_HEAD, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return b""
