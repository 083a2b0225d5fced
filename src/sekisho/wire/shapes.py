"""Output shapes compiled into writers of XML, for Query answers and for S3's.

A writer turns a value into text. Values: text, int, bool, bytes (written in base64), epoch seconds
for timestamps, lists, and dicts keyed by AWS's member names, or `Columns` of such dicts; None is
left out. Members come in the order in which the dict has them. A name that the model does not know
is a fault of the service and raises KeyError.

Long lists are written by columns: the names of all users, then the dates of all, and so on. What
Python does for each cell it then does once a column, in half the time or less.
"""

import base64
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sekisho.catalog import Member, Shape
from sekisho.model.columns import Columns
from sekisho.wire.times import format_iso, format_iso_millis
from sekisho.wire.uri import encode, encode_all
from sekisho.wire.xml import escape, escape_all, escape_attribute

One = Callable[[Any], str]
Many = Callable[[Any], Sequence[str]]
Pieces = Callable[[Any], Sequence[str]]


class Writer(NamedTuple):
    """one: the text of a value. many: of values, the text of each.

    pieces: what `one` gives before it is put together, so that a long text is only once; None if
    it has no pieces.
    """

    one: One
    many: Many
    pieces: Pieces | None = None


# Shapes whose text goes out percent-encoded, space as %20, never a raw plus sign (W-160).
_ENCODED_SHAPES = frozenset({"policyDocumentType"})
_FEW = 16  # entries of a list that are written one by one


class Layout:
    """How a protocol writes XML: indented by two spaces or not at all, and its form of times."""

    def __init__(self, *, indented: bool, time: Callable[[int], str], encodes: bool) -> None:
        self.time = time
        self.encodes = encodes
        self._step, self.end = ("  ", "\n") if indented else ("", "")

    def pad(self, depth: int) -> str:
        return self._step * depth


QUERY = Layout(indented=True, time=format_iso, encodes=True)
REST = Layout(indented=False, time=format_iso_millis, encodes=False)


def one_by_one(write: One) -> Writer:
    return Writer(write, lambda values: [write(value) for value in values])


def compile_output(members: Mapping[str, Member], layout: Layout, depth: int) -> Pieces:
    """A writer of an answer's members, whose text is put together by the caller."""
    writers = {name: compile_member(member, layout, depth) for name, member in members.items()}

    def write(value: Any) -> Sequence[str]:
        pieces: list[str] = []
        for name, item in value.items():
            if item is not None:
                one, _, several = writers[name]
                if several is None:
                    pieces.append(one(item))
                else:
                    pieces += several(item)
        return pieces

    return write


def compile_members(members: Mapping[str, Member], layout: Layout, depth: int) -> Writer:
    """A writer of a structure's members without an element around them."""
    writers = {name: compile_member(member, layout, depth) for name, member in members.items()}
    ones = {name: writer.one for name, writer in writers.items()}

    def write(value: Any) -> str:
        items = value.items()
        return "".join([ones[name](item) for name, item in items if item is not None])

    def write_columns(names: Iterable[str], columns: Iterable[Sequence[Any]]) -> Sequence[str]:
        written = [
            _write_given(writers[name].many, column)
            for name, column in zip(names, columns, strict=True)
        ]
        return list(map("".join, zip(*written, strict=True)))

    def write_many(values: Sequence[Any] | Columns) -> Sequence[str]:
        if isinstance(values, Columns):
            return write_columns(values.cells, values.cells.values())
        alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, names in enumerate(map(tuple, values)):
            alike[names].append(place)
        texts = [""] * len(values)
        for names, places in alike.items():
            columns = zip(*[values[place].values() for place in places], strict=True)
            for place, row in zip(places, write_columns(names, columns), strict=bool(names)):
                texts[place] = row
        return texts

    return Writer(write, write_many)


def _write_given(write: Many, column: Sequence[Any]) -> Sequence[str]:
    """A column, with nothing where there is no value."""
    if None not in column:
        return write(column)
    texts = iter(write([item for item in column if item is not None]))
    return ["" if item is None else next(texts) for item in column]


def compile_member(member: Member, layout: Layout, depth: int) -> Writer:
    return compile_element(
        member.wire_name or member.name,
        member.shape,
        layout,
        depth,
        flattened=member.flattened or member.shape.flattened,
    )


def compile_element(
    name: str, shape: Shape, layout: Layout, depth: int, *, flattened: bool = False
) -> Writer:
    """A writer of an element of this name; of one element per item if it is flattened."""
    if shape.kind == "structure":
        return _structure(name, shape, layout, depth)
    if shape.kind == "list":
        return _list(name, shape, layout, depth, flattened=flattened)
    if shape.kind == "map":
        return _map(name, shape, layout, depth, flattened=flattened)
    text = compile_text(shape, layout)
    before, after = f"{layout.pad(depth)}<{name}>", f"</{name}>{layout.end}"
    empty = f"{layout.pad(depth)}<{name}/>{layout.end}"

    def write(value: Any) -> str:
        written = text.one(value)
        return f"{before}{written}{after}" if written else empty

    def write_many(values: Sequence[Any]) -> Sequence[str]:
        texts = text.many(values)
        if all(texts):
            return [f"{before}{written}{after}" for written in texts]
        return [f"{before}{written}{after}" if written else empty for written in texts]

    return Writer(write, write_many)


def _structure(name: str, shape: Shape, layout: Layout, depth: int) -> Writer:
    attributes = {key: m for key, m in shape.members.items() if m.attribute}
    inner = compile_members(
        {key: m for key, m in shape.members.items() if not m.attribute}, layout, depth + 1
    )
    pad, end = layout.pad(depth), layout.end
    before, after, empty = f"{pad}<{name}>{end}", f"{pad}</{name}>{end}", f"{pad}<{name}/>{end}"

    def write(value: Any) -> str:
        return f"{before}{inner.one(value)}{after}" if value else empty

    def write_many(values: Sequence[Any] | Columns) -> Sequence[str]:
        texts = inner.many(values)
        if isinstance(values, Columns):
            return [f"{before}{text}{after}" for text in texts]
        pairs = zip(values, texts, strict=True)
        return [f"{before}{text}{after}" if value else empty for value, text in pairs]

    def write_with_attributes(value: Any) -> str:
        opened = f"{pad}<{name}"
        for key, member in attributes.items():
            if value.get(key) is not None:
                opened += _attribute(member, value[key])
        rest = {key: item for key, item in value.items() if key not in attributes}
        return f"{opened}>{end}{inner.one(rest)}{after}"

    return one_by_one(write_with_attributes) if attributes else Writer(write, write_many)


def _attribute(member: Member, value: Any) -> str:
    """An attribute with the declaration of its prefix, such as xsi:type of a Grantee."""
    prefix = member.wire_name.partition(":")[0]
    declared = f' xmlns:{prefix}="{_XSI}"' if prefix == "xsi" else ""
    return f'{declared} {member.wire_name}="{escape_attribute(str(value))}"'


_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def _list(name: str, shape: Shape, layout: Layout, depth: int, *, flattened: bool) -> Writer:
    assert shape.member is not None
    fallback, inside = (name, depth) if flattened else ("member", depth + 1)
    item = compile_element(shape.member.wire_name or fallback, shape.member.shape, layout, inside)
    pad, end = layout.pad(depth), layout.end
    before, after, empty = f"{pad}<{name}>{end}", f"{pad}</{name}>{end}", f"{pad}<{name}/>{end}"
    if flattened:
        before = after = empty = ""

    def write(value: Any) -> str:
        return "".join(pieces(value))

    def pieces(value: Any) -> Sequence[str]:
        if not value:
            return (empty,)
        few = len(value) <= _FEW
        texts = [item.one(each) for each in value] if few else item.many(value)
        return [before, *texts, after]

    def write_many(values: Sequence[Any]) -> Sequence[str]:
        texts = iter(item.many([each for value in values for each in value]))
        return [
            f"{before}{''.join(islice(texts, len(value)))}{after}" if value else empty
            for value in values
        ]

    return Writer(write, write_many, pieces)


def _map(name: str, shape: Shape, layout: Layout, depth: int, *, flattened: bool) -> Writer:
    assert shape.key is not None
    assert shape.value is not None
    inside = depth + 1 if flattened else depth + 2
    write_key = compile_element(shape.key.wire_name or "key", shape.key.shape, layout, inside)
    write_value = compile_element(
        shape.value.wire_name or "value", shape.value.shape, layout, inside
    )
    entry = name if flattened else "entry"
    pad, end = layout.pad(depth), layout.end
    entry_pad = layout.pad(inside - 1)
    before, after, empty = f"{pad}<{name}>{end}", f"{pad}</{name}>{end}", f"{pad}<{name}/>{end}"

    opened, closed = f"{entry_pad}<{entry}>{end}", f"{entry_pad}</{entry}>{end}"

    def write(value: Any) -> str:
        if not value and not flattened:
            return empty
        entries = [
            f"{opened}{write_key.one(key)}{write_value.one(item)}{closed}"
            for key, item in value.items()
        ]
        return "".join(entries if flattened else [before, *entries, after])

    return one_by_one(write)


def compile_text(shape: Shape, layout: Layout) -> Writer:
    """A writer of a scalar's text, escaped, with no element around it."""
    if shape.kind == "boolean":
        return one_by_one(_boolean_text)
    if shape.kind == "timestamp":
        return one_by_one(layout.time)
    if shape.kind == "blob":
        return one_by_one(_blob_text)
    if shape.kind != "string":
        return one_by_one(str)
    if layout.encodes and shape.name in _ENCODED_SHAPES:
        return Writer(encode, encode_all)
    return Writer(escape, escape_all)


def _boolean_text(value: Any) -> str:
    return "true" if value else "false"


def _blob_text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")
