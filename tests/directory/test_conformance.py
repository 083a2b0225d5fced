"""Every engine against the conformance suite."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from directory.conformance import PROOFS
from sekisho.directory.sqlite import open_directory
from sekisho.directory.store import Directory

ENGINES: dict[str, Callable[[Path], Directory]] = {"sqlite": open_directory}


@pytest.fixture(params=ENGINES)
def directory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Directory]:
    opened = ENGINES[request.param](tmp_path / "data")
    yield opened
    opened.close()


@pytest.mark.parametrize("proof", PROOFS)
def test_the_engine_conforms(directory: Directory, proof: str) -> None:
    PROOFS[proof](directory)
