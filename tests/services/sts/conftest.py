from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.gatehouse import Gatehouse


@pytest.fixture
def gatehouse(tmp_path: Path) -> Iterator[Gatehouse]:
    opened = Gatehouse(tmp_path / "data")
    yield opened
    opened.close()
