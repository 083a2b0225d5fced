"""JSON with places: what a policy is written in, read strictly and within bounds.

RFC 8259, and two rules more: no key twice in one object (PE-5), no half of a surrogate pair.
Every value remembers where in the text it stands, so that findings can point at it.
"""

import json
import re
from dataclasses import dataclass
from typing import NamedTuple

from sekisho.policy.words import say, shortened

# IAM's API takes 131,072 characters (PE-2), but AWS has a managed policy of 152,297.
LONGEST_TEXT = 262_144
DEEPEST = 32

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number as it is written; policies read it as text (PE-14)."""

    text: str


class Node(NamedTuple):
    """A JSON value and its place: text[start:end].

    value: str, Number, bool, None, a tuple of Nodes (array) or a dict of Nodes (object, in the
    order of the text). key: where its key stands, if it is a member of an object; else -1.
    """

    value: "str | Number | bool | tuple[Node, ...] | dict[str, Node] | None"
    start: int
    end: int
    key: int = -1


class BadJson(Exception):
    """Not a JSON text within the bounds. code: InvalidJson, NotUtf8, DuplicateKey, TooLong or
    TooDeep."""

    def __init__(self, code: str, message: str, offset: int) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.offset = offset


def decoded(text: str | bytes) -> str:
    """A text given as bytes; BadJson, at the offset of the text so far, if they are not UTF-8."""
    if isinstance(text, str):
        return text
    try:
        return text.decode()
    except UnicodeDecodeError as fault:
        read = len(text[: fault.start].decode())
        raise BadJson("NotUtf8", say("this is not UTF-8"), read) from None


def read_json(text: str) -> Node:
    """Read a whole text of at most 131,072 characters, nested at most 32 deep; BadJson if not."""
    if len(text) > LONGEST_TEXT:
        raise BadJson("TooLong", say("more than {} characters", LONGEST_TEXT), LONGEST_TEXT)
    node = _Reader(text).read(_skip(text, 0), 1)
    if _skip(text, node.end) != len(text):
        raise BadJson(
            "InvalidJson", say("text after the end of the document"), _skip(text, node.end)
        )
    return node


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _skip(text: str, offset: int) -> int:
    if text[offset : offset + 1] > " ":  # as nearly always
        return offset
    found = _SPACE.match(text, offset)
    return offset if found is None else found.end()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text

    def read(self, at: int, depth: int, key: int = -1) -> Node:
        text = self._text
        sign = text[at : at + 1]
        if sign in ("{", "["):
            if depth > DEEPEST:
                raise BadJson("TooDeep", say("nested deeper than {} levels", DEEPEST), at)
            return self._object(at, depth, key) if sign == "{" else self._array(at, depth, key)
        if sign == '"':
            word, end = self._string(at)
            return Node(word, at, end, key)
        number = _NUMBER.match(text, at)
        if number is not None:
            return Node(Number(number.group()), at, number.end(), key)
        for name, value in _WORDS.items():
            if text.startswith(name, at):
                return Node(value, at, at + len(name), key)
        raise BadJson("InvalidJson", say("a JSON value was expected"), at)

    def _object(self, at: int, depth: int, key_at: int) -> Node:
        text, members = self._text, dict[str, Node]()
        here = _skip(text, at + 1)
        if text.startswith("}", here):
            return Node(members, at, here + 1, key_at)
        while True:
            key, end = self._string(here)
            if key in members:
                said = say('the key "{}" stands here twice', shortened(key))
                raise BadJson("DuplicateKey", said, here)
            value_at = _skip(text, self._sign(":", _skip(text, end)))
            members[key] = self.read(value_at, depth + 1, here)
            here = _skip(text, members[key].end)
            if text.startswith("}", here):
                return Node(members, at, here + 1, key_at)
            here = _skip(text, self._sign(",", here))

    def _array(self, at: int, depth: int, key_at: int) -> Node:
        text, items = self._text, list[Node]()
        here = _skip(text, at + 1)
        if text.startswith("]", here):
            return Node((), at, here + 1, key_at)
        while True:
            items.append(self.read(here, depth + 1))
            here = _skip(text, items[-1].end)
            if text.startswith("]", here):
                return Node(tuple(items), at, here + 1, key_at)
            here = _skip(text, self._sign(",", here))

    def _string(self, at: int) -> tuple[str, int]:
        found = _STRING.match(self._text, at)
        if found is None:
            raise BadJson("InvalidJson", say("a string was expected"), at)
        written = found.group()
        word: str = json.loads(written) if "\\" in written else written[1:-1]
        if not word.isascii() and SURROGATE.search(word):
            raise BadJson("InvalidJson", say("half of a surrogate pair"), at)
        return word, found.end()

    def _sign(self, sign: str, at: int) -> int:
        if not self._text.startswith(sign, at):
            raise BadJson("InvalidJson", say("'{}' was expected", sign), at)
        return at + 1
