"""Output shapes compiled into writers of XML, for Query answers and for S3's.

A writer turns a value into text. Values: text, int, bool, bytes (written in
base64), epoch seconds for timestamps, lists, and dicts keyed by AWS's member names; None is left
out. Members come in the order in which the dict has them. A name that the model does not know is
a fault of the service and raises KeyError.
"""

import base64
import functools
from collections.abc import Callable, Mapping
from typing import Any

from sekisho.catalog import Member, Shape
from sekisho.wire.times import format_iso, format_iso_millis
from sekisho.wire.uri import encode
from sekisho.wire.xml import escape, escape_attribute

Writer = Callable[[Any], str]
Text = Callable[[Any], str]

# Shapes whose text goes out percent-encoded, space as %20, never a raw plus sign (W-160).
_ENCODED_SHAPES = frozenset({"policyDocumentType"})
_SHORT_DOCUMENT = 1_024  # characters


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


def compile_members(members: Mapping[str, Member], layout: Layout, depth: int) -> Writer:
    """A writer of a structure's members without an element around them."""
    writers = {name: compile_member(member, layout, depth) for name, member in members.items()}

    def write(value: Any) -> str:
        items = value.items()
        return "".join([writers[name](item) for name, item in items if item is not None])

    return write


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
        written = text(value)
        return f"{before}{written}{after}" if written else empty

    return write


def _structure(name: str, shape: Shape, layout: Layout, depth: int) -> Writer:
    attributes = {key: m for key, m in shape.members.items() if m.attribute}
    inner = compile_members(
        {key: m for key, m in shape.members.items() if not m.attribute}, layout, depth + 1
    )
    pad, end = layout.pad(depth), layout.end
    before, after, empty = f"{pad}<{name}>{end}", f"{pad}</{name}>{end}", f"{pad}<{name}/>{end}"

    def write(value: Any) -> str:
        return f"{before}{inner(value)}{after}" if value else empty

    def write_with_attributes(value: Any) -> str:
        opened = f"{pad}<{name}"
        for key, member in attributes.items():
            if value.get(key) is not None:
                opened += _attribute(member, value[key])
        rest = {key: item for key, item in value.items() if key not in attributes}
        return f"{opened}>{end}{inner(rest)}{after}"

    return write_with_attributes if attributes else write


def _attribute(member: Member, value: Any) -> str:
    """An attribute with the declaration of its prefix, such as xsi:type of a Grantee."""
    prefix = member.wire_name.partition(":")[0]
    declared = f' xmlns:{prefix}="{_XSI}"' if prefix == "xsi" else ""
    return f'{declared} {member.wire_name}="{escape_attribute(str(value))}"'


_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def _list(name: str, shape: Shape, layout: Layout, depth: int, *, flattened: bool) -> Writer:
    assert shape.member is not None
    if flattened:
        item_name = shape.member.wire_name or name
        write_item = compile_element(item_name, shape.member.shape, layout, depth)

        def write_items(value: Any) -> str:
            return "".join([write_item(item) for item in value])

        return write_items
    item_name = shape.member.wire_name or "member"
    write_item = compile_element(item_name, shape.member.shape, layout, depth + 1)
    pad, end = layout.pad(depth), layout.end
    before, after, empty = f"{pad}<{name}>{end}", f"{pad}</{name}>{end}", f"{pad}<{name}/>{end}"

    def write(value: Any) -> str:
        if not value:
            return empty
        return f"{before}{''.join([write_item(item) for item in value])}{after}"

    return write


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
            f"{opened}{write_key(key)}{write_value(item)}{closed}" for key, item in value.items()
        ]
        return "".join(entries if flattened else [before, *entries, after])

    return write


def compile_text(shape: Shape, layout: Layout) -> Text:
    """A function from a scalar to its text, escaped."""
    if shape.kind == "boolean":
        return _boolean_text
    if shape.kind == "timestamp":
        return layout.time
    if shape.kind == "blob":
        return _blob_text
    if shape.kind == "string":
        encoded = layout.encodes and shape.name in _ENCODED_SHAPES
        return _document_text if encoded else escape
    return str


def _boolean_text(value: Any) -> str:
    return "true" if value else "false"


def _blob_text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _document_text(value: str) -> str:
    return _short_document_text(value) if len(value) <= _SHORT_DOCUMENT else encode(value)


@functools.lru_cache(maxsize=256)
def _short_document_text(value: str) -> str:
    """The roles of an account mostly have few different trust policies."""
    return encode(value)
