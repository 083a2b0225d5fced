"""The feed of changes: cheap to ask at every request, exact when something has changed."""

import sqlite3
import threading
from collections.abc import Callable, Collection
from pathlib import Path

import orjson
from sqlalchemy import bindparam, delete, func, insert, select

from sekisho.directory import schema
from sekisho.directory.lines import Line
from sekisho.directory.prepared import Prepared
from sekisho.directory.store import NOTHING, Changed

BEYOND_ACCOUNTS = ""
EVERYBODY = ""
KEPT_CHANGES = 10_000

Name = tuple[str, str]
"""An account and an entity of it, or EVERYBODY, as `store.Changed` names them."""

_SEQ = schema.changes.c.seq
_EACH = func.json_each(bindparam("changed")).table_valued("value")
NOTE = Prepared(
    insert(schema.changes).from_select(
        ["account", "entity"],
        select(*(func.json_extract(_EACH.c.value, path) for path in ("$[0]", "$[1]"))),
    )
)
TRIM = Prepared(
    delete(schema.changes).where(
        select(func.max(_SEQ)).scalar_subquery() - bindparam("kept") >= _SEQ
    )
)


def note_changes(line: Line, changed: Collection[Name]) -> None:
    """Tell watchers of accounts and entities, once this is committed."""
    line.run(NOTE, {"changed": orjson.dumps(sorted(changed)).decode()})
    line.run(TRIM, {"kept": KEPT_CHANGES})


class SqliteChanges:
    """Watches one SQLite file, whoever writes to it.

    `PRAGMA data_version` of a connection that never writes moves with every commit of any other.
    The files beside the database are SQLite's alone: closing one of them, even a copy of its
    descriptor, would drop the locks that this process holds on it.
    """

    def __init__(
        self, file: Path, ring_changed: Callable[[], None], moved: Callable[[], None]
    ) -> None:
        """moved: called for each new state, before anybody is told what has changed in it."""
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._cursor = self._connection.cursor()  # one for all questions, as each request asks
        self._lock = threading.Lock()
        self._ring_changed = ring_changed
        self._moved = moved
        self._version = self._ask("PRAGMA data_version")
        self._seq = self._ask("SELECT coalesce(max(seq), 0) FROM changes")

    def poll(self) -> Changed:
        with self._lock:
            version = self._ask("PRAGMA data_version")
            if version == self._version:
                return NOTHING
            self._moved()
            changed = self._read()
            # Inside the lock: who polls next must not meet the old ring.
            if changed.everything or (BEYOND_ACCOUNTS, "") in changed.named:
                self._ring_changed()
            self._version = version
        return changed

    def has_moved(self) -> bool:
        """Whether anything was committed since the last poll; whoever polls will hear of it yet."""
        with self._lock:
            return self._ask("PRAGMA data_version") != self._version

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
