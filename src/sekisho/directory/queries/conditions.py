"""Pieces of statements that several nouns share."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, Select, Table, bindparam, func, literal, select

from sekisho.directory.store import Transaction

NOTHING_ASKED: Mapping[str, str] = MappingProxyType({})


def folded(name: str) -> str:
    """A name as it is compared: names are ASCII in IAM, so lower case is enough."""
    return name.lower()


def starts_with(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """A prefix test that heeds case, as paths do; LIKE would not everywhere."""
    if prefix in ("", "/"):  # every path begins with a slash
        return literal(True)
    return func.substr(column, 1, len(prefix)) == prefix


_THESE = func.json_each(bindparam("these")).table_valued("value")


def among(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a column is one of many values, which `these` gives: one statement for any number."""
    return column.in_(select(_THESE.c.value))


def these(values: Sequence[str]) -> Mapping[str, str]:
    return {"these": orjson.dumps(values).decode()}


def page(
    tx: Transaction,
    wanted: Select[Any],
    table: Table,
    after: str | None,
    limit: int,
    asked: Mapping[str, str] = NOTHING_ASKED,
) -> Sequence[Row[Any]]:
    """The rows of a select in the order of their folded names, after a marker."""
    if after is not None:
        wanted = wanted.where(table.c.folded > folded(after))
    return tx.connection.execute(wanted.order_by(table.c.folded).limit(limit), asked).all()
