"""Pages: together they are the list, and whoever stays throughout is on one of them (W-158)."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sekisho.catalog import service_model
from sekisho.directory.sqlite import SqliteDirectory
from sekisho.services import OPERATIONS
from services.iam.office import Office
from services.iam.shelves import SHELVES, Shelf

# What they list is settled when they are asked, or is one thing at most.
SETTLED = {
    "GetServiceLastAccessedDetails",
    "GetServiceLastAccessedDetailsWithEntities",
    "ListAccountAliases",
    "ListPoliciesGrantingServiceAccess",
    "SimulateCustomPolicy",
    "SimulatePrincipalPolicy",
}
NAMES = ("a", "B", "c.1", "C-2", "d_3", "E", "f", "g@h")

quick = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def test_every_list_in_pages_is_looked_at() -> None:
    paged = {
        name
        for name, model in service_model("iam").operations.items()
        if f"iam:{name}" in OPERATIONS and model.output and "IsTruncated" in model.output.members
    }
    assert paged == SHELVES.keys() | SETTLED
    assert not SHELVES.keys() & SETTLED


class Shelved:
    """A list of an account of its own. there: id by name, of what was put there and is there."""

    def __init__(self, directory: SqliteDirectory, operation: str, names: set[str]) -> None:
        self.office, self.operation = Office(directory), operation
        self.shelf: Shelf = SHELVES[operation]
        self.there: dict[str, str] = {}
        self.shelf.begin(self.office)
        for name in sorted(names):
            self.turn(name)

    def turn(self, name: str) -> None:
        """Take it away if it is there; else put it there, if there is room."""
        if name in self.there:
            self.shelf.take(self.office, name, self.there.pop(name))
        elif len(self.there) < self.shelf.most:
            self.office.now += 1
            self.there[name] = self.shelf.put(self.office, name)

    def pages(self, size: int) -> Iterator[list[str]]:
        """The ids on each page; every page but the last is full."""
        given: dict[str, Any] = {"MaxItems": size, **self.shelf.of(self.office)}
        while True:
            output = self.office.do(self.operation, **given)
            page = [self.shelf.shown(entry) for name in self.shelf.listed for entry in output[name]]
            assert len(page) == size if output["IsTruncated"] else len(page) <= size
            yield page
            if not output["IsTruncated"]:
                return
            given["Marker"] = output["Marker"]

    def whole(self) -> list[str]:
        (page,) = self.pages(1000)
        return page


@pytest.mark.parametrize("operation", SHELVES)
def test_pages_together_are_the_list(directory: SqliteDirectory, operation: str) -> None:
    @quick
    @given(st.sets(st.sampled_from(NAMES)), st.integers(1, 4))
    def check(names: set[str], size: int) -> None:
        shelved = Shelved(directory, operation, names)
        whole = shelved.whole()
        assert set(shelved.there.values()) <= set(whole)
        seen = [shown for page in shelved.pages(size) for shown in page]
        if operation == "ListEntitiesForPolicy":  # each page has them by kind
            seen.sort()
            whole.sort()
        assert seen == whole

    check()


@pytest.mark.parametrize("operation", SHELVES)
def test_who_stays_throughout_is_listed_and_nobody_twice(
    directory: SqliteDirectory, operation: str
) -> None:
    """Between two pages others come and go, of whom some have been listed by then."""
    going = st.lists(st.tuples(st.booleans(), st.sampled_from(NAMES)), max_size=3)

    @quick
    @given(
        st.sets(st.sampled_from(NAMES), min_size=3),
        st.integers(1, 2),
        st.lists(going, min_size=1, max_size=4),
    )
    @example(set(NAMES), 1, [[(True, "a")]] * 3)
    def check(names: set[str], size: int, between: list[list[tuple[bool, str]]]) -> None:
        shelved = Shelved(directory, operation, names)
        staying, ever = set(shelved.whole()), set(shelved.whole())
        seen: list[str] = []
        for number, page in enumerate(shelved.pages(size)):
            seen += page
            for is_listed, other in between[number] if number < len(between) else ():
                listed = [name for name, known in shelved.there.items() if known in seen]
                name = listed[0] if is_listed and listed else other
                staying.discard(shelved.there.get(name, ""))
                shelved.turn(name)
                ever |= set(shelved.there.values())
        assert len(seen) == len(set(seen))
        assert staying <= set(seen) <= ever

    check()
