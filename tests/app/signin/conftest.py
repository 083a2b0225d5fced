from collections.abc import Iterator
from pathlib import Path

import pytest

from app.signin.browser import Browser, Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    opened = Town(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def browser(town: Town) -> Browser:
    return Browser(town)
