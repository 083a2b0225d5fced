from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.gatehouse import Gatehouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Gatehouse]:
    """`home` manages an organization; `away` is an account by itself."""
    opened = Gatehouse(tmp_path / "data")
    opened.organized(opened.home, "CreateOrganization")
    yield opened
    opened.close()


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Gatehouse]:
    """Two accounts, and no organization."""
    opened = Gatehouse(tmp_path / "data")
    yield opened
    opened.close()
