from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.gatehouse import Gatehouse
from services.organizations.controls import RCP, SCP, root_id


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


@pytest.fixture
def governed(house: Gatehouse) -> Gatehouse:
    """The same, and both types of control policies are in use."""
    for kind in (SCP, RCP):
        house.organized(house.home, "EnablePolicyType", RootId=root_id(house), PolicyType=kind)
    return house
