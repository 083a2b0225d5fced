"""Two accounts of a live server, the ways between them, and a traveller with a shell."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from journeys.crossing import Crossing, Side
from journeys.traveller import Traveller
from journeys.world import World, inhabited


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with inhabited(tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture(params=["there", "back"])
def crossing(world: World, request: pytest.FixtureRequest) -> Crossing:
    """From the source account to the destination account, and the other way round."""
    source = Side(world, world.source, world.source_root)
    destination = Side(world, world.destination, world.destination_root)
    there = Crossing(source, destination)
    return there if request.param == "there" else Crossing(destination, source)


@pytest.fixture
def traveller(world: World, crossing: Crossing, tmp_path: Path) -> Traveller:
    return Traveller(world, crossing, tmp_path / "home")
