"""The feed of changes: cheap to ask at every request, exact when something has changed."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from sekisho.directory.store import NOTHING, Changed

BEYOND_ACCOUNTS = ""


class SqliteChanges:
    """Watches one SQLite file, whoever writes to it.

    `PRAGMA data_version` of a connection that never writes moves with every commit of any other.
    The files beside the database are SQLite's alone: closing one of them, even a copy of its
    descriptor, would drop the locks that this process holds on it.
    """

    def __init__(self, file: Path, ring_changed: Callable[[], None]) -> None:
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._cursor = self._connection.cursor()  # one for all questions, as each request asks
        self._lock = threading.Lock()
        self._ring_changed = ring_changed
        self._version = self._ask("PRAGMA data_version")
        self._seq = self._ask("SELECT coalesce(max(seq), 0) FROM changes")

    def poll(self) -> Changed:
        with self._lock:
            version = self._ask("PRAGMA data_version")
            if version == self._version:
                return NOTHING
            changed = self._read()
            # Inside the lock: who polls next must not meet the old ring.
            if changed.everything or (BEYOND_ACCOUNTS, "") in changed.named:
                self._ring_changed()
            self._version = version
        return changed

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _read(self) -> Changed:
        rows = self._cursor.execute(
            "SELECT seq, account, entity FROM changes WHERE seq > ? ORDER BY seq", (self._seq,)
        ).fetchall()
        if not rows:
            return NOTHING
        first, before = rows[0][0], self._seq
        self._seq = rows[-1][0]
        if first != before + 1:  # rows in between were trimmed
            return Changed(everything=True)
        return Changed(frozenset((account, entity) for _, account, entity in rows))

    def _ask(self, question: str) -> int:
        answer: int = self._cursor.execute(question).fetchone()[0]
        return answer
