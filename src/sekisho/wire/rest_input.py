"""S3 inputs: members bound to the path, the query string, headers and the body.

S3 has no validation errors of the kind of IAM's: here only kinds are checked (InvalidArgument,
MalformedXML) and that required members are there; the services check the rest.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any

from sekisho.catalog import Member, OperationModel, Shape
from sekisho.model.faults import Fault
from sekisho.wire.chunks import read_whole
from sekisho.wire.digests import check_document
from sekisho.wire.http import HttpRequest
from sekisho.wire.times import parse_http, parse_iso
from sekisho.wire.xml import Element, MalformedDocument, parse_xml

LONGEST_DOCUMENT = 1024 * 1024
LONGEST_BATCH = 2 * 1024 * 1024
"""DeleteObjects names up to a thousand keys of up to 1,024 bytes (W-310)."""

Bound = Mapping[str, str]
Binder = Callable[[HttpRequest, Bound], dict[str, Any]]
Take = Callable[[HttpRequest], bytes]

_INTEGER = re.compile(r"-?[0-9]{1,19}", re.ASCII)


def compile_binder(model: OperationModel) -> Binder:
    """A function from a request, and its bucket, key and query parameters, to the input.

    Of the headers only those named x-amz-… may be parameters instead, as presigners write them:
    signatures of version 2 cover no other parameters.

    It raises Fault: InvalidArgument, MalformedXML, MissingRequestBodyError, EntityTooLarge and
    what the body raises.
    """
    shape = model.input
    if shape is None:
        return lambda _request, _bound: {}
    in_headers = {
        member.wire_name.lower(): (order, name, _scalar_reader(member), name in shape.required)
        for order, (name, member) in enumerate(shape.members.items())
        if member.location == "header"
    }
    required = {wire_name for wire_name, header in in_headers.items() if header[-1]}
    in_url = [
        (name, member.wire_name, _scalar_reader(member), name in shape.required)
        for name, member in shape.members.items()
        if member.location in ("querystring", "uri")
    ]
    prefixes = [
        (name, member.wire_name.lower())
        for name, member in shape.members.items()
        if member.location == "headers"
    ]
    read_body = _compile_body(model, shape)

    def bind(request: HttpRequest, bound: Bound) -> dict[str, Any]:
        found: dict[str, Any] = {}
        get = request.headers.get
        wanted = in_headers.keys() & {*request.headers.names, *bound} | required
        for wire_name in sorted(wanted, key=in_headers.__getitem__):
            _, name, read, is_required = in_headers[wire_name]
            text = get(wire_name)
            if text is None and wire_name[:6] == "x-amz-":
                text = bound.get(wire_name)
            if text is not None or is_required:
                _take(found, name, wire_name, text, read, is_required)
        for name, wire_name, read, is_required in in_url:
            if wire_name in bound or is_required:
                _take(found, name, wire_name, bound.get(wire_name), read, is_required)
        for name, prefix in prefixes:
            found[name] = _prefixed(request, bound, prefix)
        if read_body is not None:
            found |= read_body(request)
        return found

    return bind


def _take(
    found: dict[str, Any],
    name: str,
    wire_name: str,
    text: str | None,
    read: Callable[[str], Any],
    is_required: bool,
) -> None:
    value = None if text is None else read(text)
    if value is not None:
        found[name] = value
    elif is_required:
        raise _invalid(wire_name, text or "", "Missing required parameter")


def _prefixed(request: HttpRequest, bound: Bound, prefix: str) -> dict[str, str]:
    """The headers with a prefix, such as x-amz-meta-, by what follows it in lower case."""
    given = {name: text for name, text in bound.items() if name.startswith(prefix)}
    for name in request.headers.names:
        if name.startswith(prefix):
            given[name] = request.headers.get(name, "")
    return {name.removeprefix(prefix): text for name, text in given.items()}


def _invalid(name: str, value: str, message: str) -> Fault:
    details = {"ArgumentName": name, "ArgumentValue": value}
    return Fault("InvalidArgument", 400, message, details)


def _scalar_reader(member: Member) -> Callable[[str], Any]:
    """Of a time in a header that is no time nothing is left: HTTP has it ignored."""
    kind, name = member.shape.kind, member.wire_name
    if kind in ("integer", "long"):

        def read_number(text: str) -> int:
            if not _INTEGER.fullmatch(text):
                raise _invalid(
                    name, text, f"Provided {name} not an integer or within integer range"
                )
            return int(text)

        return read_number
    if kind == "boolean":

        def read_boolean(text: str) -> bool:
            if text.lower() not in ("true", "false"):
                raise _invalid(name, text, f"Invalid value for {name}")
            return text.lower() == "true"

        return read_boolean
    if kind == "timestamp":
        return _iso_reader(name) if member.shape.timestamp == "iso8601" else _read_http_time
    if kind == "list":
        return lambda text: [part.strip() for part in text.split(",") if part.strip()]
    return str


def _iso_reader(name: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            return parse_iso(text)
        except (ValueError, OverflowError) as error:
            raise _invalid(name, text, f"Invalid value for {name}") from error

    return read


def _read_http_time(text: str) -> int | None:
    try:
        return parse_http(text)
    except ValueError:
        try:
            return parse_iso(text)
        except (ValueError, OverflowError):
            return None


def _compile_body(
    model: OperationModel, shape: Shape
) -> Callable[[HttpRequest], dict[str, Any]] | None:
    """The reader of the body; None where there is none or the operation takes it as it flows."""
    if not shape.payload:
        in_body = {name: m for name, m in shape.members.items() if not m.location}
        return _document_reader(in_body, shape, _taker(model)) if in_body else None
    name, member = shape.payload, shape.members[shape.payload]
    if member.streaming:
        return None
    if member.shape.kind == "structure":
        return _payload_reader(name, member, _taker(model), required=name in shape.required)
    take = _taker(model)
    is_text = member.shape.kind == "string"
    must = name in shape.required

    def read(request: HttpRequest) -> dict[str, Any]:
        body = take(request)
        if not body:
            return _missing_body(must)
        return {name: body.decode("utf-8", "replace") if is_text else body}

    return read


def _taker(model: OperationModel) -> Take:
    """What reads the body whole, held to the checksums that come with it (W-310)."""
    is_batch = model.name == "DeleteObjects"
    limit = LONGEST_BATCH if is_batch else LONGEST_DOCUMENT
    if not model.checksum_required:
        return lambda request: read_whole(request, limit)

    def take(request: HttpRequest) -> bytes:
        body = read_whole(request, limit)
        if body:
            check_document(request, body, required=is_batch)
        return body

    return take


def _missing_body(required: bool) -> dict[str, Any]:
    if required:
        raise Fault("MissingRequestBodyError", 400, "Request Body is empty")
    return {}


def _payload_reader(
    name: str, member: Member, take: Take, *, required: bool
) -> Callable[[HttpRequest], dict[str, Any]]:
    read_value = compile_element_reader(member.shape)

    def read(request: HttpRequest) -> dict[str, Any]:
        body = take(request)
        if not body:
            return _missing_body(required)
        root = _document(body)
        if root.name != member.wire_name:
            raise malformed_xml()
        return {name: read_value(root)}

    return read


def _document_reader(
    members: Mapping[str, Member], shape: Shape, take: Take
) -> Callable[[HttpRequest], dict[str, Any]]:
    required = shape.required.intersection(members)
    inner = Shape(name=shape.name, kind="structure", members=members, required=required)
    read_value = compile_element_reader(inner)

    def read(request: HttpRequest) -> dict[str, Any]:
        body = take(request)
        return dict(read_value(_document(body))) if body else _missing_body(bool(required))

    return read


def _document(body: bytes) -> Element:
    try:
        return parse_xml(body)
    except MalformedDocument as error:
        raise malformed_xml() from error


def malformed_xml() -> Fault:
    return Fault(
        "MalformedXML",
        400,
        "The XML you provided was not well-formed or did not validate against our published schema",
    )


def compile_element_reader(shape: Shape) -> Callable[[Element], Any]:
    """A function from an element to the value of the shape. It raises Fault (MalformedXML)."""
    if shape.kind == "structure":
        return _structure_reader(shape)
    if shape.kind == "list":
        return _list_reader(shape)
    return _text_reader(shape)


def _structure_reader(shape: Shape) -> Callable[[Element], dict[str, Any]]:
    children = {
        member.wire_name: (name, _is_flat(member), compile_element_reader(_item_shape(member)))
        for name, member in shape.members.items()
        if not member.attribute
    }
    attributes = {
        member.wire_name.rpartition(":")[2]: name
        for name, member in shape.members.items()
        if member.attribute
    }
    required = shape.required

    def read(element: Element) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for wire_name, name in attributes.items():
            if wire_name in element.attributes:
                found[name] = element.attributes[wire_name]
        for child in element.children:
            known = children.get(child.name)
            if known is None:
                continue
            name, is_flat, read_child = known
            if is_flat:
                found.setdefault(name, []).append(read_child(child))
            elif name in found:
                raise malformed_xml()
            else:
                found[name] = read_child(child)
        if not required <= found.keys():
            raise malformed_xml()
        return found

    return read


def _is_flat(member: Member) -> bool:
    return member.shape.kind == "list" and (member.flattened or member.shape.flattened)


def _item_shape(member: Member) -> Shape:
    """What an element holds: of a flattened list, one item."""
    inner = member.shape.member
    return inner.shape if _is_flat(member) and inner is not None else member.shape


def _list_reader(shape: Shape) -> Callable[[Element], list[Any]]:
    assert shape.member is not None
    item_name = shape.member.wire_name or "member"
    read_item = compile_element_reader(shape.member.shape)

    def read(element: Element) -> list[Any]:
        return [read_item(child) for child in element.children if child.name == item_name]

    return read


def _text_reader(shape: Shape) -> Callable[[Element], Any]:
    convert = _CONVERTERS.get(shape.kind, str)

    def read(element: Element) -> Any:
        if element.children:
            raise malformed_xml()
        try:
            return convert(element.text)
        except (ValueError, OverflowError) as error:
            raise malformed_xml() from error

    return read


def _to_integer(text: str) -> int:
    stripped = text.strip()
    if not _INTEGER.fullmatch(stripped):
        raise ValueError("no integer")
    return int(stripped)


def _to_boolean(text: str) -> bool:
    lowered = text.strip().lower()
    if lowered not in ("true", "false"):
        raise ValueError("no boolean")
    return lowered == "true"


def _to_time(text: str) -> int:
    try:
        return parse_iso(text.strip())
    except ValueError:
        return parse_http(text.strip())


def _to_bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error


_CONVERTERS: dict[str, Callable[[str], Any]] = {
    "integer": _to_integer,
    "long": _to_integer,
    "boolean": _to_boolean,
    "timestamp": _to_time,
    "blob": _to_bytes,
}
