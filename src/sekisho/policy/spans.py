"""Where the statements of a document stand, as the simulator tells it (W-214)."""

from typing import NamedTuple

from sekisho.policy.syntax import Node, place, read_json

WHITE_SPACE = " \t\n\r"


class Span(NamedTuple):
    """Line and column, from 1: of the sign after what comes before the statement, and of the sign
    after its end."""

    start: tuple[int, int]
    end: tuple[int, int]


def statement_spans(text: str) -> tuple[Span, ...]:
    """One for each statement, in the order of the text, which must be a policy.

    What comes before is ``[`` or ``:`` for the first statement, for others the one before.
    """
    root = read_json(text).value
    listed = root.get("Statement") if isinstance(root, dict) else None
    if listed is None:
        return ()
    if isinstance(listed.value, tuple):
        nodes, before = listed.value, listed.start + 1
    else:
        nodes, before = (listed,), len(text[: listed.start].rstrip(WHITE_SPACE))
    return tuple(_spans(text, nodes, before))


def _spans(text: str, nodes: tuple[Node, ...], before: int) -> list[Span]:
    spans = []
    for node in nodes:
        spans.append(Span(place(text, before), place(text, node.end)))
        before = node.end
    return spans
