"""The canonical layout of a policy: the same document, its elements in the order AWS shows them.

Two spaces a level, one item a line. Statements, lists and the keys of conditions keep their order;
strings and numbers stay as they are written; elements that no policy knows come behind those it
knows, in their own order. Nothing is added, dropped or joined.
"""

import json
from collections.abc import Iterator, Mapping

from sekisho.policy.grammar import DOCUMENT_KEYS, STATEMENT_KEYS
from sekisho.policy.syntax import Node, read_json

STEP = "  "


def lay_out(text: str) -> str:
    """The text in canonical layout, with a line's end at its end; laying it out again changes
    nothing.

    Raises BadJson if it is not JSON within the bounds of policies.
    """
    return _Writer(text).write(read_json(text)) + "\n"


class _Writer:
    def __init__(self, text: str) -> None:
        self._text = text

    def write(self, root: Node) -> str:
        if not isinstance(root.value, dict):
            return self._value(root, 0)
        members = _ordered(root.value, DOCUMENT_KEYS)
        return self._object(
            (key, self._statements(node) if key == "Statement" else self._value(node, 1))
            for key, node in members
        )

    def _statements(self, node: Node) -> str:
        if isinstance(node.value, tuple):
            return self._array((self._statement(item, 2) for item in node.value), 1)
        return self._statement(node, 1)

    def _statement(self, node: Node, level: int) -> str:
        if not isinstance(node.value, dict):
            return self._value(node, level)
        members = _ordered(node.value, STATEMENT_KEYS)
        return self._object(((key, self._value(each, level + 1)) for key, each in members), level)

    def _value(self, node: Node, level: int) -> str:
        if isinstance(node.value, dict):
            members = node.value.items()
            return self._object(
                ((key, self._value(each, level + 1)) for key, each in members), level
            )
        if isinstance(node.value, tuple):
            return self._array((self._value(item, level + 1) for item in node.value), level)
        return self._text[node.start : node.end]

    def _object(self, members: Iterator[tuple[str, str]], level: int = 0) -> str:
        lines = (f"{json.dumps(key, ensure_ascii=False)}: {value}" for key, value in members)
        return _block("{", lines, "}", level)

    def _array(self, items: Iterator[str], level: int) -> str:
        return _block("[", items, "]", level)


def _block(opening: str, items: Iterator[str], closing: str, level: int) -> str:
    inner = f",\n{STEP * (level + 1)}".join(items)
    if not inner:
        return opening + closing
    return f"{opening}\n{STEP * (level + 1)}{inner}\n{STEP * level}{closing}"


def _ordered(members: Mapping[str, Node], order: tuple[str, ...]) -> list[tuple[str, Node]]:
    known = [(key, members[key]) for key in order if key in members]
    return known + [(key, node) for key, node in members.items() if key not in order]
