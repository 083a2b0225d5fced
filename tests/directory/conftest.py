"""A directory on SQLite that has one account."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from directory.samples import ACCOUNT, account
from sekisho.directory.queries import accounts
from sekisho.directory.sqlite import SqliteDirectory, open_directory


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def directory(place: Path) -> Iterator[SqliteDirectory]:
    opened = open_directory(place)
    with opened.writing() as tx:
        accounts.add_account(tx, account(ACCOUNT))
    yield opened
    opened.close()
