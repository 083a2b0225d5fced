"""The search for prefixes, held against trying every one."""

from hypothesis import given
from hypothesis import strategies as st

from sekisho.policy.prefixes import search_prefixes

TEXTS = st.text(alphabet="ab", max_size=9)  # so few letters that prefixes nest


@given(st.dictionaries(TEXTS, st.sets(st.integers(0, 9), min_size=1), max_size=30), TEXTS)
def test_theorem_a_search_finds_what_trying_every_prefix_finds(
    prefixes: dict[str, set[int]], text: str
) -> None:
    items = "abcdefghij"
    places = {place for prefix, own in prefixes.items() if text.startswith(prefix) for place in own}
    assert list(search_prefixes(prefixes, items)(text)) == [
        items[place] for place in sorted(places)
    ]


def test_nothing_is_found_among_no_prefixes() -> None:
    assert not search_prefixes({}, ())("a")


def test_items_are_asked_for_when_they_are_found() -> None:
    asked: list[int] = []

    class Recording(dict[int, str]):
        def __missing__(self, place: int) -> str:
            asked.append(place)
            return self.setdefault(place, str(place))

    search = search_prefixes({"a": [0], "ab": [1], "b": [2]}, Recording())
    assert asked == []
    assert list(search("abc")) == list(search("abc")) == ["0", "1"]
    assert list(search("c")) == []
    assert asked == [0, 1]
