"""Transactions on SQLite."""

import logging
import threading
from collections.abc import Callable, Mapping, Set
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from sekisho.directory.batch import Batch
from sekisho.directory.changes import EVERYBODY, Name
from sekisho.directory.errors import Moved
from sekisho.directory.lines import Line
from sekisho.directory.prepared import Prepared, Rows

if TYPE_CHECKING:
    from sekisho.directory.sqlite import SqliteDirectory

log = logging.getLogger(__name__)

NOBODYS: Set[Name] = frozenset()


class SqliteTransaction:
    """See store.Transaction. This one reads."""

    __slots__ = ("_acts", "_changed", "_directory", "_is_over", "_line", "seen")

    def __init__(self, directory: "SqliteDirectory", line: Line | None = None) -> None:
        self._directory = directory
        self._line = line
        self._is_over = False
        self._changed: set[Name] = set()
        self._acts: list[Callable[[], None]] = []
        self.seen: dict[Any, Any] = {}

    def __enter__(self) -> "SqliteTransaction":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    @property
    def line(self) -> Line:
        if self._line is None:
            if self._is_over:
                raise RuntimeError("this transaction is over")
            self._line = self._directory.begin_reading()
            self._meet()
        return self._line

    def _meet(self) -> None:
        """Called once there is a connection."""

    @property
    def connection(self) -> Connection:
        return self.line.connection

    def run(self, statement: Prepared, values: Mapping[str, Any]) -> Rows:
        return self.line.run(statement, values)

    @property
    def unsettled(self) -> Set[Name]:
        return NOBODYS

    @property
    def directory(self) -> "SqliteDirectory":
        return self._directory

    def changed(self, account: str, *entities: str) -> None:
        for entity in entities or (EVERYBODY,):
            self._changed.add((account, entity))

    def after_commit(self, act: Callable[[], None]) -> None:
        self._acts.append(act)

    def end(self) -> None:
        line, self._line = self._line, None
        self._is_over = True
        if line is not None:
            self._directory.end_reading(line)


class RecallingTransaction(SqliteTransaction):
    """One that begins with what others have seen of the same state, and often needs no query."""

    __slots__ = ()

    def __init__(self, directory: "SqliteDirectory", seen: dict[Any, Any]) -> None:
        super().__init__(directory)
        self.seen = seen

    def _meet(self) -> None:
        """Raises Moved if what would be read is of another state than what was seen."""
        assert self._line is not None
        self._line.say("SELECT count(*) FROM sqlite_schema WHERE 0")  # it sees what is there now
        if not self._directory.is_still(self.seen):
            raise Moved


class WritingTransaction(SqliteTransaction):
    """One writer's part of a batch; kept if its block ends without an exception, else undone.

    kept: gets those that are, in their order.
    """

    __slots__ = ("_batch", "_kept")

    def __init__(
        self, directory: "SqliteDirectory", batch: Batch, kept: list["WritingTransaction"]
    ) -> None:
        super().__init__(directory, batch.enter())
        self._batch = batch
        self._kept = kept
        directory.writer = threading.get_ident()

    @property
    def unsettled(self) -> Set[Name]:
        return self._batch.unsettled

    def __enter__(self) -> "WritingTransaction":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._directory.writer = None
        self.leave(keep=kind is None)
        if kind is None:
            self._kept.append(self)

    def leave(self, keep: bool) -> None:
        self._line = None
        self._is_over = True
        self._batch.leave(keep, self._changed)

    def act(self) -> None:
        """Do what waited for the commit. It stands now, so what fails here is only logged."""
        for act in self._acts:
            try:
                act()
            except Exception:
                log.exception("after a commit")
