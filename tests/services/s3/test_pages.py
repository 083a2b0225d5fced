"""Pages of lists in which a key may have several entries (W-315)."""

import bisect
from functools import partial
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from sekisho.services.s3.listings import group_of
from sekisho.services.s3.pages import Page, resumed, walk


def same(rank: int | None) -> int | None:
    return rank


class Version(NamedTuple):
    key: str
    rank: int


class Shelf:
    """Versions in their order; it counts those that are read."""

    def __init__(self, versions: list[Version]) -> None:
        self.versions = sorted(versions)
        self.read = 0

    def find(self, after: tuple[str, int | None] | None, limit: int) -> list[Version]:
        start = 0
        if after is not None:
            key, rank = after
            start = bisect.bisect(self.versions, (key, float("inf") if rank is None else rank))
        found = self.versions[start : start + limit]
        self.read += len(found)
        return found

    def page(self, after: tuple[str, int | None] | None, most: int) -> Page[Version]:
        return walk(self.find, lambda version: version.rank, ("", "/"), after, most)


def test_versions_below_a_common_prefix_are_jumped_past() -> None:
    """The rows read do not grow with them."""
    shelf = Shelf([Version(f"{group:03}/k", rank) for group in range(50) for rank in range(1500)])
    page = shelf.page(None, 1000)
    assert len(page.prefixes) == 50
    assert shelf.read <= 50 * 16


@given(
    versions=st.lists(st.builds(Version, st.text("ab/", min_size=1), st.integers(0, 9))),
    most=st.integers(1, 5),
)
def test_pages_of_versions_together_are_all_of_them(versions: list[Version], most: int) -> None:
    shelf, after = Shelf(list(set(versions))), None
    entries, prefixes = list[Version](), list[str]()
    while True:
        page = shelf.page(after, most)
        assert len(page) <= most
        entries += page.entries
        prefixes += page.prefixes
        if page.last is None:
            break
        key, rank = (page.last, None) if isinstance(page.last, str) else page.last
        after = resumed(key, ("", "/"), partial(same, rank))
    groups = [(version, group_of(version.key, "", "/")) for version in shelf.versions]
    assert entries == [version for version, group in groups if group is None]
    assert prefixes == sorted({group for _, group in groups if group is not None})
