import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from sekisho.directory import intake
from sekisho.directory.sqlite import SqliteDirectory, open_directory
from services.s3.depot import Depot
from services.s3.ownership import WRITER, own

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="package")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="package")
def directory(root: Path) -> Iterator[SqliteDirectory]:
    opened = open_directory(root)
    yield opened
    opened.close()


@pytest.fixture
def depot(directory: SqliteDirectory, root: Path) -> Depot:
    """Accounts and a bucket of its own."""
    return Depot(directory, root, f"depot-{next(_NUMBERS)}")


@pytest.fixture(scope="module")
def depot_once(directory: SqliteDirectory, root: Path) -> Depot:
    """One for all the examples of a property."""
    return Depot(directory, root, f"depot-{next(_NUMBERS)}")


@pytest.fixture
def no_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few bytes are blobs like many."""
    monkeypatch.setattr(intake, "SMALL", -1)


@pytest.fixture
def open_depot(depot: Depot) -> Depot:
    """One whose ACLs count, the public ones too, and whose objects belong to who writes them."""
    own(depot, WRITER)
    depot.do("DeletePublicAccessBlock")
    return depot
