from collections.abc import Iterator

import pytest

from sekisho.directory.sqlite import SqliteDirectory, open_directory
from services.iam.office import Office


@pytest.fixture(scope="package")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteDirectory]:
    opened = open_directory(tmp_path_factory.mktemp("store"))
    yield opened
    opened.close()


@pytest.fixture
def office(directory: SqliteDirectory) -> Office:
    """An account of its own."""
    return Office(directory)
