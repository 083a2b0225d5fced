"""Text that others wrote, made fit to be told: of bounded length, and inert on a screen."""

import functools
from collections.abc import Iterable

MOST_VALUES = 5
LONGEST_VALUE = 200


def printable(text: str) -> str:
    """The text with every character that a screen would obey written out."""
    if text.isprintable():
        return text
    if isinstance(text, Said):
        inert = (printable(each) if isinstance(each, str) else each for each in text.values)
        return say(text.pattern, *inert)
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


def shortened(text: str, longest: int = LONGEST_VALUE) -> str:
    """Printable, and cut off with an ellipsis beyond so many characters."""
    return printable(text if len(text) <= longest else text[:longest] + "…")


def quoted(values: tuple[str, ...]) -> str:
    """Such as ``"a", "b" and 7 more``; empty for no values."""
    shown = [f'"{shortened(value)}"' for value in values[:MOST_VALUES]]
    more = len(values) - MOST_VALUES
    told = ", ".join(shown)
    return say("{} and {} more", told, more) if more > 0 else told


class Said(str):
    """A sentence that knows how it was made, so that it can be told in another language.

    pattern: as `str.format` takes it, with ``{}`` for each of the values in their order. values:
    sentences themselves, or texts and numbers that are the same in every language.
    """

    __slots__ = ("pattern", "values")
    pattern: str
    values: tuple[object, ...]


def say(pattern: str, *values: object) -> Said:
    """The sentence of a pattern; the console's catalogue has every literal that is given here."""
    said = Said(pattern.format(*values))
    said.pattern, said.values = pattern, values
    return said


def together(pattern: str, texts: Iterable[str]) -> str:
    """Texts put together two by two, such as by ``{} and {}``; empty for none."""
    told = list(texts)
    return functools.reduce(lambda left, right: say(pattern, left, right), told) if told else ""


def unfolded(text: object) -> object:
    """A text as JSON can carry it: ``[pattern, value, …]`` of what was said, else itself."""
    if isinstance(text, Said):
        return [text.pattern, *map(unfolded, text.values)]
    return text if isinstance(text, str) else str(text)


def folded(data: object) -> str:
    """The text that was unfolded."""
    if not isinstance(data, list):
        return str(data)
    pattern, *values = data
    return say(str(pattern), *map(folded, values))
