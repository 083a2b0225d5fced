"""A live server, and accounts on it made as an operator makes them."""

from collections.abc import Iterator

import pytest
from demo.server import serving

from journeys.crossing import Crossing, Side
from journeys.world import World, root_key, sekisho


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    data = folder / "data"
    with serving(data, folder / "stderr") as server:
        source = sekisho(data, "account", "create", "source", "--id", "111122223333")["id"]
        destination = sekisho(data, "account", "create", "dest", "--id", "444455556666")["id"]
        yield World(
            server, source, destination, root_key(data, source), root_key(data, destination)
        )
        assert (folder / "stderr").read_text() == "", "the server complained"


@pytest.fixture(params=["there", "back"])
def crossing(world: World, request: pytest.FixtureRequest) -> Crossing:
    """From the source account to the destination account, and the other way round."""
    source = Side(world, world.source, world.source_root)
    destination = Side(world, world.destination, world.destination_root)
    there = Crossing(source, destination)
    return there if request.param == "there" else Crossing(destination, source)
