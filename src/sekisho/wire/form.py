"""Query parameters read into the values of an input shape, and checked against it.

Names with dots are paths: ``Tags.member.1.Key`` (W-8). Parameters become a tree, and each shape
becomes a reader of a node of it; so the work is linear in what was sent.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from typing import Any

from sekisho.catalog import Member, Shape
from sekisho.model.faults import Fault
from sekisho.wire.constraints import (
    Problems,
    compile_check,
    item_demands,
    length_clauses,
    shown_value,
    special_rule,
    spoken_name,
)
from sekisho.wire.times import parse_iso

Tree = dict[str, Any]
"""Parameter name to text, or to the tree of what follows its dot; text beside one is under ""."""

Reader = Callable[[Any, str, Problems], Any]

_DEEPEST = 12
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_INDEX = re.compile(r"[0-9]{1,9}", re.ASCII)
_BRANCHING = frozenset({"structure", "list", "map"})
_BOUNDS = {"integer": 1 << 31, "long": 1 << 63}


def grow_tree(pairs: Iterable[tuple[str, str]]) -> Tree:
    """The tree of the parameters. Of several with one name the first counts (W-16).

    Raises Fault (MalformedInput) above twelve levels.
    """
    tree: Tree = {}
    for name, value in pairs:
        if "." in name:
            _graft(tree, name, value)
        elif name not in tree:
            tree[name] = value
        elif type(tree[name]) is dict:
            tree[name].setdefault("", value)
    return tree


def _graft(tree: Tree, name: str, value: str) -> None:
    *branches, leaf = name.split(".", _DEEPEST)
    if "." in leaf:
        raise malformed_input()
    if not leaf or "" in branches:
        return  # the name of nothing: ignored, like every unknown name
    node = tree
    for branch in branches:
        below = node.get(branch)
        if type(below) is not dict:
            below = node[branch] = {} if below is None else {"": below}
        node = below
    known = node.get(leaf)
    if known is None:
        node[leaf] = value
    elif type(known) is dict:
        known.setdefault("", value)


def malformed_input() -> Fault:
    """A value of the wrong kind: AWS says no more than the code (W-133)."""
    return Fault("MalformedInput", 400)


def compile_input(shape: Shape | None, *, shows_values: bool) -> Callable[[Tree], dict[str, Any]]:
    """A function from the parameters to the input, keyed by member names.

    It raises Fault: ValidationError with every fault found, or MalformedInput.
    """
    if shape is None:
        return lambda _: {}
    readers = _member_readers(shape, shows_values)

    def read(tree: Tree) -> dict[str, Any]:
        found: dict[str, Any] = {}
        problems = Problems(shows_values)
        for name, path, is_required, is_scalar, reader in readers:
            if name not in tree and not is_required:
                continue
            node = tree.get(name)
            if is_scalar and type(node) is dict:
                node = node.get("")
            if node is not None:
                found[name] = reader(node, path, problems)
            elif is_required:
                problems.missing(path)
        if problems.clauses or problems.rules:
            problems.raise_any()
        return found

    return read


def _member_readers(shape: Shape, shows_values: bool) -> list[tuple[str, str, bool, bool, Reader]]:
    """For each member: name, name in messages, whether it is required, whether a scalar, reader."""
    return [
        (
            name,
            spoken_name(name),
            name in shape.required,
            member.shape.kind not in _BRANCHING,
            _compile(name, member, shows_values),
        )
        for name, member in shape.members.items()
    ]


def _compile(name: str, member: Member, shows_values: bool) -> Reader:
    shape = member.shape
    if shape.kind == "structure":
        return _structure(shape, shows_values)
    if shape.kind == "list":
        return _list(shape, shows_values)
    if shape.kind == "map":
        return _map(shape, shows_values)
    return _scalar(name, shape, shows_values)


def _structure(shape: Shape, shows_values: bool) -> Reader:
    readers = _member_readers(shape, shows_values)

    def read(node: Any, path: str, problems: Problems) -> dict[str, Any]:
        tree = node if type(node) is dict else {}
        found = {}
        for name, spoken, is_required, is_scalar, reader in readers:
            below = tree.get(name)
            if is_scalar and type(below) is dict:
                below = below.get("")
            if below is not None:
                found[name] = reader(below, f"{path}.{spoken}", problems)
            elif is_required:
                problems.missing(f"{path}.{spoken}")
        return found

    return read


def _list(shape: Shape, shows_values: bool) -> Reader:
    assert shape.member is not None
    item = shape.member.shape
    item_name = shape.member.wire_name or "member"
    is_scalar = item.kind not in _BRANCHING
    convert = _converter(item) if is_scalar else None
    check = compile_check(item, shows_values=shows_values) if is_scalar else None
    reader = None if is_scalar else _compile("member", shape.member, shows_values)

    def read(node: Any, path: str, problems: Problems) -> list[Any]:
        numbered = _numbered(node, item_name)
        if reader is not None:
            items = [
                reader(below, f"{path}.{place}.member", problems)
                for place, below in enumerate(numbered, 1)
            ]
        else:
            assert convert is not None
            items = [convert(_text(below)) for below in numbered]
            if check is not None and any(check(value) for value in items):
                shown = shown_value(shape, items) if shows_values else ""
                problems.add(path, shown, item_demands(item))
        for clause in length_clauses(len(items), shape):
            problems.add(path, shown_value(shape, items) if shows_values else "", clause)
        return items

    return read


def _map(shape: Shape, shows_values: bool) -> Reader:
    assert shape.key is not None
    assert shape.value is not None
    key_name = shape.key.wire_name or "key"
    value_name = shape.value.wire_name or "value"
    read_key = _scalar("key", shape.key.shape, shows_values)
    read_value = _compile("value", shape.value, shows_values)

    def read(node: Any, path: str, problems: Problems) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for place, entry in enumerate(_numbered(node, "entry"), 1):
            tree = entry if type(entry) is dict else {}
            if tree.get(key_name) is None or tree.get(value_name) is None:
                problems.missing(f"{path}.{place}.{value_name if key_name in tree else key_name}")
                continue
            key = read_key(_text(tree[key_name]), f"{path}.{place}.key", problems)
            value = read_value(tree[value_name], f"{path}.{key}.value", problems)
            found.setdefault(key, value)
        for clause in length_clauses(len(found), shape):
            problems.add(path, "", clause)
        return found

    return read


def _numbered(node: Any, item_name: str) -> list[Any]:
    """The items under ``member.1``, ``member.2``, …, in the order of their numbers.

    Gaps are closed rather than taken for the end, so that nothing a caller signed is passed over.
    Raises Fault (MalformedInput) where something else than a number stands.
    """
    items = node.get(item_name) if type(node) is dict else None
    if type(items) is not dict:
        return []
    numbered = []
    for index, below in items.items():
        if not _INDEX.fullmatch(index):
            raise malformed_input()
        numbered.append((int(index), below))
    numbered.sort(key=_first)
    return [below for _, below in numbered]


def _first(pair: tuple[int, Any]) -> int:
    return pair[0]


def _text(node: Any) -> str:
    """The text at a node; a node that has only branches has none."""
    return node if type(node) is str else node.get("", "")


def _scalar(name: str, shape: Shape, shows_values: bool) -> Reader:
    convert = _converter(shape)
    check = compile_check(shape, shows_values=shows_values)
    rule = None if shows_values else special_rule(shape, name)
    is_text = shape.kind == "string"

    def read_unchecked(node: Any, _path: str, _problems: Problems) -> Any:
        return convert(_text(node))

    if check is None:
        return read_unchecked

    def read(node: Any, path: str, problems: Problems) -> Any:
        text = node if type(node) is str else _text(node)
        value = text if is_text else convert(text)
        clauses = check(value)
        if clauses:
            _tell(clauses, text, path, problems)
        return value

    def _tell(clauses: list[str], text: str, path: str, problems: Problems) -> None:
        for clause in clauses:
            if rule is not None and "regular expression" in clause and text:
                problems.rules.append(rule)
            else:
                problems.add(path, shown_value(shape, text) if shows_values else "", clause)

    return read


def _converter(shape: Shape) -> Callable[[str], Any]:
    if shape.kind in _BOUNDS:
        return _integer_reader(_BOUNDS[shape.kind])
    if shape.kind == "boolean":
        return _read_boolean
    if shape.kind == "timestamp":
        return _read_timestamp
    if shape.kind == "blob":
        return _read_blob
    return _read_text


def _read_text(text: str) -> str:
    return text


def _integer_reader(bound: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not _INTEGER.fullmatch(text):
            raise malformed_input()
        number = int(text)
        if not -bound <= number < bound:
            raise malformed_input()
        return number

    return read


def _read_boolean(text: str) -> bool:
    lowered = text.lower()
    if lowered not in ("true", "false"):
        raise malformed_input()
    return lowered == "true"


def _read_timestamp(text: str) -> int:
    try:
        return parse_iso(text)
    except (ValueError, OverflowError) as error:
        raise malformed_input() from error


def _read_blob(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise malformed_input() from error
