"""Statements whose text is worked out once, for what requests ask all the time.

SQLAlchemy takes 20 to 40 µs to run a statement, the driver five. What the columns' types do with
values, on their way in and out, is done here as well. Long JSON that is read again and again, such
as a bucket's settings, is parsed once as long as it stays the same; nobody changes what was read.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import JSON, ColumnElement, Delete, Dialect, Insert, Select, Update
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

LONG = 32_768
MOST_REMEMBERED = 8_000_000

Rows = list[tuple[Any, ...]]
Processor = Callable[[Any], Any]


class Text:
    """A statement in the words of one dialect.

    names: of the values, in the order in which the text wants them; fixed: values that the
    statement itself holds. reads: what is done with columns of the answer, by their place.
    """

    __slots__ = ("_fixed", "_names", "_reads", "_writes", "words")

    def __init__(self, statement: "Statement", dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self.words = str(compiled)
        self._names: Sequence[str] = compiled.positiontup or ()
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._writes = {
            name: process
            for name, bind in compiled.binds.items()
            if (process := writer(bind.type, dialect)) is not None
        }
        columns = statement.selected_columns if isinstance(statement, Select) else ()
        processors = [reader(column, dialect) for column in columns]
        self._reads = [(place, each) for place, each in enumerate(processors) if each is not None]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        fixed, writes = self._fixed, self._writes
        found = []
        for name in self._names:
            value = given[name] if name in given else fixed[name]
            found.append(writes[name](value) if name in writes else value)
        return found

    def rows(self, answer: Rows) -> Rows:
        if not self._reads or not answer:
            return answer
        if len(answer) == 1:
            row = list(answer[0])
            for place, process in self._reads:
                row[place] = process(row[place])
            return [tuple(row)]
        columns: list[Iterable[Any]] = list(zip(*answer, strict=True))
        for place, process in self._reads:
            columns[place] = map(process, columns[place])
        return list(zip(*columns, strict=True))


def reader(column: ColumnElement[Any], dialect: Dialect) -> Processor | None:
    """What is done with a column of an answer; None if it is left as it is."""
    if isinstance(column.type, JSON):
        return from_json
    return column.type.dialect_impl(dialect).result_processor(dialect, None)


def writer(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    """What is done with a value for a column of this type."""
    if isinstance(kind, JSON):
        return to_json
    return kind.dialect_impl(dialect).bind_processor(dialect)


def to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


class Readings:
    """What long texts mean; at most 8,000,000 characters of them, then all are forgotten."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}
        self._size = 0
        self._lock = threading.Lock()

    def read(self, text: str) -> Any:
        found = self._known.get(text)
        if found is None:
            found = orjson.loads(text)
            with self._lock:
                if self._size + len(text) > MOST_REMEMBERED:
                    self._known, self._size = {}, 0
                if text not in self._known:
                    self._size += len(text)
                    self._known[text] = found
        return found


READINGS = Readings()


def from_json(text: str | None) -> Any:
    if text is None:
        return None
    return orjson.loads(text) if len(text) < LONG else READINGS.read(text)


Statement = Select[Any] | Insert | Update | Delete


class Prepared:
    """A statement; its values are given by name when it is run (`Transaction.run`)."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._texts: dict[str, Text] = {}

    def text(self, dialect: DefaultDialect | Dialect) -> Text:
        found = self._texts.get(dialect.name)
        if found is None:
            found = self._texts[dialect.name] = Text(self._statement, dialect)
        return found
