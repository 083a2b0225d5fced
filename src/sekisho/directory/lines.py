"""Connections to one SQLite file that are kept for the next transaction.

Each is there twice: as SQLAlchemy has it, for what is asked now and then, and as the driver has it,
for what every request asks. There are as many as are wanted at once: whoever waited for one while
holding one would wait for ever.
"""

import sqlite3
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import orjson
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import NullPool

from sekisho.directory.errors import Busy, Duplicate
from sekisho.directory.prepared import Prepared, Rows

IDLE_LINES = 40
CHECKPOINT_PAGES = 4000
AT_ONCE = "busy_timeout=0"
SHORTEST_PAUSE, LONGEST_PAUSE, PAUSE_GROWTH = 0.0002, 0.01, 1.05  # seconds
_TAKEN = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"wal_autocheckpoint={CHECKPOINT_PAGES}",
)


class Line:
    """One connection."""

    __slots__ = ("connection", "driver")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        self.driver = driver

    def say(self, command: str) -> None:
        """Run a statement without an answer. Raises Busy."""
        try:
            self.driver.execute(command)
        except sqlite3.Error as error:
            raise_meaning(error)

    def begin_writing(self, patience: float) -> None:
        """Begin a transaction that writes; raises Busy if another process kept us from it so long.

        SQLite itself would look again after milliseconds, for which nobody might write.
        """
        end, pause = time.monotonic() + patience, SHORTEST_PAUSE
        while True:
            try:
                self.say("BEGIN IMMEDIATE")
            except Busy:
                if time.monotonic() >= end:
                    raise
                time.sleep(pause)
                pause = min(pause * PAUSE_GROWTH, LONGEST_PAUSE)
            else:
                return

    def run(self, statement: Prepared, values: Mapping[str, Any]) -> Rows:
        """Raises Duplicate, Busy."""
        text = statement.text(self.connection.dialect)
        try:
            answer = self.driver.execute(text.words, text.values(values)).fetchall()
        except sqlite3.Error as error:
            raise_meaning(error)
        return text.rows(answer)

    def drop(self) -> None:
        self.connection.close()


class Lines:
    """The connections of one kind: those that write, or those that read."""

    def __init__(self, file: Path, patience: float, *pragmas: str) -> None:
        """patience: seconds that a connection waits for another process."""
        self.engine = make_engine(file, patience, *pragmas)
        self._idle: deque[Line] = deque()
        self._is_closed = False

    def take(self) -> Line:
        try:
            return self._idle.pop()
        except IndexError:
            return Line(self.engine.connect())

    def give_back(self, line: Line) -> None:
        """Keep a connection without a transaction for whoever is next."""
        if self._is_closed or len(self._idle) >= IDLE_LINES:
            line.drop()
        else:
            self._idle.append(line)

    def close(self) -> None:
        self._is_closed = True
        while self._idle:
            self._idle.pop().drop()
        self.engine.dispose()


def make_engine(file: Path, patience: float, *pragmas: str) -> Engine:
    """Raises Duplicate and Busy in place of the errors of SQLite that mean this."""
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        poolclass=NullPool,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        connect_args={"timeout": patience, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (*_PRAGMAS, *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "handle_error")
    def say_what_it_means(context: ExceptionContext) -> None:
        found = meaning(context.original_exception)
        if found is not None:
            raise found

    return engine


def meaning(error: Any) -> Exception | None:
    """Duplicate or Busy, where an error of SQLite means this."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code in _TAKEN:
        return Duplicate(str(error))
    if code & 0xFF in _BUSY:
        return Busy()
    return None


def raise_meaning(error: sqlite3.Error) -> NoReturn:
    raise meaning(error) or error
