"""Pieces of statements that several nouns share."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, Select, Table, bindparam, func, literal, select

from sekisho.directory.prepared import Prepared
from sekisho.directory.store import Transaction

NOTHING_ASKED: Mapping[str, str] = MappingProxyType({})


def folded(name: str) -> str:
    """A name as it is compared: names are ASCII in IAM, so lower case is enough."""
    return name.lower()


def starts_with(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """A prefix test that heeds case, as paths do; LIKE would not everywhere."""
    return func.substr(column, 1, len(prefix)) == prefix if prefix else literal(True)


_THESE = func.json_each(bindparam("these")).table_valued("value")


def among(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a column is one of many values, which `these` gives: one statement for any number."""
    return column.in_(select(_THESE.c.value))


def these(values: Sequence[str]) -> Mapping[str, str]:
    return {"these": orjson.dumps(values).decode()}


def in_pages(wanted: Select[Any], table: Table) -> Prepared:
    """A select whose rows come in the order of their folded names, as `page_of` asks for them."""
    return Prepared(
        wanted.where(table.c.folded > bindparam("after"))
        .order_by(table.c.folded)
        .limit(bindparam("most"))
    )


def page_of(after: str | None, limit: int) -> Mapping[str, Any]:
    """The values for `in_pages`: what comes after a marker."""
    return {"after": "" if after is None else folded(after), "most": limit}


def under(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a path begins with `prefix`; heeds case, as paths do."""
    prefix: ColumnElement[str] = bindparam("prefix")
    return func.substr(column, 1, func.length(prefix)) == prefix


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
