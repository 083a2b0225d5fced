"""Which of many texts begin a given one: a search over lengths, each probe one dict look-up.

The lengths that occur are searched by halves. Where a probe hits, something at least that long may
begin the text, so the search goes on among longer lengths; where it misses, among shorter ones.
For that, every prefix leaves its own beginnings as marks at the lengths its search passes. So a
search takes as many probes as the number of lengths has binary digits, however many texts come.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
MOST_KEPT = 64  # items of nested prefixes together, as every one of them may be kept for many


class _Stem(Generic[Item]):
    """A prefix or a mark; outer: the stem of the longest other prefix that begins it.

    items: those of this prefix and of all that begin it, once they were asked for.
    """

    __slots__ = ("items", "outer", "places", "text")

    def __init__(self, text: str, places: tuple[int, ...], outer: "_Stem[Item] | None") -> None:
        self.text = text
        self.places = places
        self.outer = outer
        self.items: tuple[Item, ...] | None = None


class _Probe(Generic[Item]):
    """One length of the search, and where it goes on."""

    __slots__ = ("length", "longer", "shorter", "table")

    def __init__(
        self, length: int, shorter: "_Probe[Item] | None", longer: "_Probe[Item] | None"
    ) -> None:
        self.length = length
        self.table: dict[str, _Stem[Item]] = {}
        self.shorter = shorter
        self.longer = longer


def search_prefixes(
    prefixes: Mapping[str, Iterable[int]], items: Sequence[Item] | Mapping[int, Item]
) -> Callable[[str], Sequence[Item]]:
    """A search for the items of all prefixes that begin a text, each item once, in their order.

    prefixes: text -> places among the items; an item is not asked for before it is found. Takes
    time and memory in proportion to the number of prefixes.
    """
    root: _Probe[Item] | None = _halve(sorted({len(prefix) for prefix in prefixes}))
    stems: Iterable[_Stem[Item]] = _stems(prefixes)
    for stem in sorted(stems, key=lambda stem: len(stem.text)):
        _mark(root, stem)

    def search(text: str) -> Sequence[Item]:
        probe, found = root, None
        while probe is not None:
            hit = probe.table.get(text[: probe.length])
            if hit is None:
                probe = probe.shorter
            else:
                probe, found = probe.longer, hit
        if found is None:
            return ()
        return _gather(found, items) if found.items is None else found.items

    return search


def _gather(stem: _Stem[Item], items: Sequence[Item] | Mapping[int, Item]) -> Sequence[Item]:
    places = set(stem.places)
    outer = stem.outer
    while outer is not None:
        places.update(outer.places)
        outer = outer.outer
    found = tuple([items[place] for place in sorted(places)])
    if stem.outer is None or len(found) <= MOST_KEPT:
        stem.items = found
    return found


def _halve(lengths: Sequence[int]) -> _Probe[Item] | None:
    if not lengths:
        return None
    middle = len(lengths) // 2
    return _Probe(lengths[middle], _halve(lengths[:middle]), _halve(lengths[middle + 1 :]))


def _stems(prefixes: Mapping[str, Iterable[int]]) -> Iterable[_Stem[Item]]:
    """In alphabetical order, so that whatever begins a prefix comes before it."""
    outer: _Stem[Item] | None = None
    for text in sorted(prefixes):
        while outer is not None and not text.startswith(outer.text):
            outer = outer.outer
        outer = _Stem(text, tuple(prefixes[text]), outer)
        yield outer


def _mark(probe: _Probe[Item] | None, stem: _Stem[Item]) -> None:
    """Enter a prefix; all shorter ones are entered already."""
    while probe is not None:
        length = probe.length
        if length > len(stem.text):
            probe = probe.shorter
        elif length == len(stem.text):
            probe.table[stem.text] = stem
            return
        else:
            mark = stem.text[:length]
            if mark not in probe.table:
                probe.table[mark] = _known_beginning(stem, mark)
            probe = probe.longer


def _known_beginning(stem: _Stem[Item], mark: str) -> _Stem[Item]:
    """What a search knows that has met this mark of a prefix, and nothing longer."""
    outer = stem.outer
    while outer is not None and len(outer.text) > len(mark):
        outer = outer.outer
    return _Stem(mark, (), None) if outer is None else outer
