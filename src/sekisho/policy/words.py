"""Text that others wrote, made fit to be told: of bounded length, and inert on a screen."""

MOST_VALUES = 5
LONGEST_VALUE = 200


def printable(text: str) -> str:
    """The text with every character that a screen would obey written out."""
    if text.isprintable():
        return text
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
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
