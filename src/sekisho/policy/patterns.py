"""Patterns with ``*`` and ``?`` that decide in linear time, whatever the pattern (PE-43, PE-159).

A pattern is a run of tokens: literal text, Wild.RUN (``*``, any characters, none too) and
Wild.ONE (``?``, exactly one). Tests are made once, from the cheapest form that is exact: equality,
prefix, suffix, containment; else the literal runs are searched from left to right, each once.
No regular expression is made from a policy.
"""

import enum
import re
from collections.abc import Callable, Collection, Iterable
from typing import Protocol
from weakref import WeakValueDictionary

Test = Callable[[str], bool]


class LooseTest(Protocol):
    """A test that may be given a context too, which means nothing to it."""

    def __call__(self, text: str, _context: object = ..., /) -> bool: ...


class Wild(enum.Enum):
    RUN = "*"
    ONE = "?"


Token = str | Wild
Tokens = tuple[Token, ...]

_SIGNS = re.compile(r"([*?])")


def read_pattern(text: str) -> Tokens:
    """The tokens of a text in which every ``*`` and ``?`` is a wildcard."""
    return tuple(
        Wild(piece) if piece in ("*", "?") else piece for piece in _SIGNS.split(text) if piece
    )


def everything(_text: str) -> bool:
    return True


def nothing_at_all(_text: str) -> bool:
    return False


def compile_pattern(tokens: Iterable[Token]) -> Test:
    """A test for whole texts."""
    simple = simplify(tokens)
    match simple:
        case ():
            return "".__eq__
        case (str() as whole,):
            return whole.__eq__
        case (Wild.RUN,):
            return everything
        case (str() as head, Wild.RUN):
            return lambda text: text.startswith(head)
        case (Wild.RUN, str() as tail):
            return lambda text: text.endswith(tail)
        case (Wild.RUN, str() as middle, Wild.RUN):
            return lambda text: middle in text
        case (str() as head, Wild.RUN, str() as tail):
            least = len(head) + len(tail)
            return lambda text: text.startswith(head) and text.endswith(tail) and len(text) >= least
        case (str() as head, Wild.RUN, str() as middle, Wild.RUN):
            begin = len(head)
            return lambda text: text.startswith(head) and text.find(middle, begin) >= 0
    if Wild.ONE in simple:
        return _Search(simple).matches
    if isinstance(simple[0], Wild):
        return compile_rest(simple)
    first, rest = simple[0], compile_rest(simple)
    return lambda text: text.startswith(first) and rest(text)


def compile_rest(simple: Tokens) -> LooseTest:
    """A test of texts that are known to begin with the pattern's first token, if that is literal.

    simple: a pattern without ``?`` that `simplify` made; it is searched as `_Search` does it.
    """
    match simple:
        case (str() as head, Wild.RUN, str() as tail):
            least = len(head) + len(tail)
            return lambda text, _context=None, /: text.endswith(tail) and len(text) >= least
        case (str() as head, Wild.RUN, str() as middle, Wild.RUN) if middle[0] not in head:
            # None of it stands within the head, so that the whole text may be searched, which is
            # done faster.
            return _containing(middle)
    return _in_turn(simple)


_known: WeakValueDictionary[str, LooseTest] = WeakValueDictionary()


def _containing(middle: str) -> LooseTest:
    """One test for all patterns that look for this text: most look for a slash."""
    test = _known.get(middle)
    if test is None:

        def test(text: str, _context: object = None, /) -> bool:
            return middle in text

        _known[middle] = test
    return test


def _in_turn(tokens: Tokens) -> LooseTest:
    head = tokens[0] if isinstance(tokens[0], str) else ""
    tail = tokens[-1] if isinstance(tokens[-1], str) else ""
    inner = [token for token in tokens if isinstance(token, str)]
    inner = inner[1 if head else 0 : len(inner) - 1 if tail else len(inner)]
    middles = [(token, len(token)) for token in inner]
    begin, ending = len(head), len(tail)

    def matches(text: str, _context: object = None, /) -> bool:
        here, end = begin, len(text) - ending
        if here > end or not text.endswith(tail):
            return False
        for middle, length in middles:
            here = text.find(middle, here, end)
            if here < 0:
                return False
            here += length
        return True

    return matches


def shared_beginning(texts: Collection[str]) -> str:
    """The text with which all of these begin."""
    first, last = min(texts, default=""), max(texts, default="")  # all others lie between them
    for place, letter in enumerate(first):
        if last[place : place + 1] != letter:
            return first[:place]
    return first


def simplify(tokens: Iterable[Token]) -> Tokens:
    """Neighbouring literals made one, neighbouring ``*`` made one, empty literals left out."""
    simple: list[Token] = []
    for token in tokens:
        last = simple[-1] if simple else None
        if token == "":
            continue
        if isinstance(token, str) and isinstance(last, str):
            simple[-1] = last + token
        elif not (token is Wild.RUN and last is Wild.RUN):
            simple.append(token)
    return tuple(simple)


class _Search:
    """The general case: segments between ``*``, the first and the last of them anchored.

    Taking each middle segment at its leftmost place is exact, as nothing is gained by waiting.
    """

    def __init__(self, tokens: Tokens) -> None:
        segments: list[list[Token]] = [[]]
        for token in tokens:
            if token is Wild.RUN:
                segments.append([])
            else:
                segments[-1].append(token)
        self._first = _Segment(segments[0])
        self._middle = tuple(_Segment(segment) for segment in segments[1:-1])
        self._last = _Segment(segments[-1]) if len(segments) > 1 else None

    def matches(self, text: str) -> bool:
        first, last = self._first, self._last
        if last is None:
            return len(text) == first.length and first.stands(text, 0)
        here, end = first.length, len(text) - last.length
        if end < here or not first.stands(text, 0) or not last.stands(text, end):
            return False
        for segment in self._middle:
            found = segment.find(text, here, end)
            if found < 0:
                return False
            here = found + segment.length
        return True


class _Segment:
    """Literals and ``?`` of a fixed length."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        pieces, length = list[tuple[int, str]](), 0
        for token in tokens:
            if isinstance(token, str):
                pieces.append((length, token))
                length += len(token)
            else:
                length += 1
        self.length = length
        self._pieces = tuple(pieces)
        self._literal = pieces[0][1] if len(pieces) == 1 and len(pieces[0][1]) == length else None
        self._masks: dict[str, int] | None = None
        self._any = 0

    def stands(self, text: str, at: int) -> bool:
        """Whether it stands at this place; the caller has seen to the length."""
        if self._literal is not None:
            return text.startswith(self._literal, at)
        return all(text.startswith(piece, at + offset) for offset, piece in self._pieces)

    def find(self, text: str, start: int, end: int) -> int:
        """The leftmost place at which it stands within text[start:end], or -1."""
        if self._literal is not None:
            return text.find(self._literal, start, end)
        if start + self.length > end:
            return -1
        if not self._pieces:
            return start
        return self._shift_and(text, start, end)

    def _shift_and(self, text: str, start: int, end: int) -> int:
        """Search with one bit a position, so that ``?`` costs no more than a letter."""
        if self._masks is None:
            self._masks = self._make_masks()
        masks, wild, seen, goal = self._masks, self._any, 0, 1 << (self.length - 1)
        for here in range(start, end):
            seen = ((seen << 1) | 1) & masks.get(text[here], wild)
            if seen & goal:
                return here - self.length + 1
        return -1

    def _make_masks(self) -> dict[str, int]:
        places: dict[str, int] = {}
        literal = 0
        for offset, piece in self._pieces:
            literal |= ((1 << len(piece)) - 1) << offset
            for index, letter in enumerate(piece):
                places[letter] = places.get(letter, 0) | 1 << (offset + index)
        self._any = ((1 << self.length) - 1) & ~literal
        return {letter: bits | self._any for letter, bits in places.items()}
