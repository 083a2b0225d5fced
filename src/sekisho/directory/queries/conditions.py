"""Pieces of statements that several nouns share."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, func, literal

from sekisho.directory.store import Transaction

NOTHING_ASKED: Mapping[str, str] = MappingProxyType({})


def folded(name: str) -> str:
    """A name as it is compared: names are ASCII in IAM, so lower case is enough."""
    return name.lower()


def starts_with(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """A prefix test that heeds case, as paths do; LIKE would not everywhere."""
    return func.substr(column, 1, len(prefix)) == prefix if prefix else literal(True)


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
