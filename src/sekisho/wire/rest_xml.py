"""The REST-XML protocol of S3: routes, answers and errors."""

import base64
import functools
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sekisho.catalog import Member, OperationModel, service_model
from sekisho.model.faults import Fault
from sekisho.wire.hosts import bucket_of_host
from sekisho.wire.http import HttpRequest, HttpResponse
from sekisho.wire.rest_input import Binder, compile_binder
from sekisho.wire.s3_operations import BUCKET, OBJECT, SERVICE, find_operation
from sekisho.wire.shapes import REST, Pieces, compile_output
from sekisho.wire.times import format_http, format_iso
from sekisho.wire.uri import TooManyParameters, bad_escape, decode_path, split_query
from sekisho.wire.xml import DECLARATION, escape

LONGEST_KEY = 1024
"""Bytes of UTF-8 in an object's key."""

_XML = ("Content-Type", "application/xml")
_BUCKET_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")

HeaderWriter = Callable[[Any, list[tuple[str, str]]], None]


@dataclass(frozen=True, slots=True)
class _Codec:
    """An operation's compiled parts. payload: the member that is the whole body, or empty."""

    bind: Binder
    status: int
    headers: Mapping[str, HeaderWriter]
    payload: str
    payload_is_xml: bool
    write: Pieces | None
    before: str
    after: str
    unwrapped: str = ""


@functools.cache
def _codec(operation: str) -> _Codec:
    model = service_model("s3")
    found = model.operations[operation]
    members = found.output.members if found.output else {}
    payload = found.output.payload if found.output else ""
    is_xml = bool(payload and members[payload].shape.kind == "structure")
    in_body = {name: m for name, m in members.items() if not m.location}
    written = dict(members[payload].shape.members) if is_xml else in_body
    root = found.root
    return _Codec(
        bind=compile_binder(found),
        status=found.status,
        headers={name: _header_writer(m) for name, m in members.items() if m.location},
        payload=payload,
        payload_is_xml=is_xml,
        write=compile_output(written, REST, 0) if root else None,
        before=f'{DECLARATION}<{root} xmlns="{model.xml_namespace}">',
        after=f"</{root}>",
        unwrapped="LocationConstraint" if operation == "GetBucketLocation" else "",
    )


def _header_writer(member: Member) -> HeaderWriter:
    name = member.wire_name
    if name == "Content-Length":
        return lambda _value, _out: None  # the server writes it
    if member.location == "headers":

        def write_all(value: Any, out: list[tuple[str, str]]) -> None:
            out.extend((name + key, _header_text(text)) for key, text in value.items())

        return write_all
    if member.shape.kind == "timestamp":
        form = format_iso if member.shape.timestamp == "iso8601" else format_http
        return lambda value, out: out.append((name, form(value)))
    if member.shape.kind == "boolean":
        return lambda value, out: out.append((name, "true" if value else "false"))
    return lambda value, out: out.append((name, _header_text(value)))


def _header_text(value: Any) -> str:
    """Text that cannot end its header: control characters become spaces."""
    text = value if isinstance(value, str) else str(value)
    if text.isprintable():
        return text
    return "".join(letter if letter >= " " and letter != "\x7f" else " " for letter in text)


@dataclass(frozen=True, slots=True)
class ObjectRoute:
    """The way to an operation of S3, or to a refusal.

    bound: bucket, key and query parameters, as the operation's input names them on the wire; those
    that stand for x-amz-* headers, as presigned URLs may have it, in lower case.
    """

    service: str
    operation: str
    model: OperationModel | None
    fault: Fault | None
    method: str
    bound: Mapping[str, str]

    def parse(self, request: HttpRequest) -> dict[str, Any]:
        """The input by member names; of a request whose body flows, without its Body.

        A body that is part of the input is held to the hash that was signed. Raises Fault: see
        `rest_input`.
        """
        if self.fault is not None:
            raise self.fault
        return _codec(self.operation).bind(request, self.bound)

    def render(self, output: dict[str, Any], request_id: str) -> HttpResponse:
        codec = _codec(self.operation)
        headers = _identity(request_id)
        in_body: dict[str, Any] = {}
        for name, value in output.items():
            if value is None:
                continue
            if name in codec.headers:
                codec.headers[name](value, headers)
            else:
                in_body[name] = value
        status = 206 if "ContentRange" in output else codec.status
        return self._with_body(codec, HttpResponse(status, headers), in_body, output)

    def _with_body(
        self,
        codec: _Codec,
        response: HttpResponse,
        in_body: dict[str, Any],
        output: dict[str, Any],
    ) -> HttpResponse:
        length = output.get("ContentLength")
        if codec.payload and not codec.payload_is_xml:
            body = in_body.get(codec.payload, b"")
            response.body = body.encode() if isinstance(body, str) else body
        elif codec.write is not None:
            response.headers.append(_XML)
            response.body = _xml_body(codec, in_body)
        whole = isinstance(response.body, bytes)
        if whole and self.method != "HEAD":
            response.length = len(response.body) if isinstance(response.body, bytes) else None
        else:
            response.length = length
        return response

    def render_fault(self, fault: Fault, request_id: str) -> HttpResponse:
        """The error body of W-12; none for HEAD and for 304.

        Details named in small letters (``x-amz-delete-marker``) go out as headers, those of a 304
        all do.
        """
        headers = _identity(request_id)
        details: dict[str, str] = {}
        for name, value in fault.details.items():
            if name.startswith("x-amz-") or fault.status == 304:
                headers.append((name, _header_text(value)))
            else:
                details[name] = value
        if self.method == "HEAD" or fault.status == 304:
            return HttpResponse(fault.status, headers)
        elements = {"Code": fault.code, "Message": fault.message, **details}
        elements |= {"RequestId": request_id, "HostId": _host_id(request_id)}
        inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in elements.items())
        body = f"{DECLARATION}<Error>{inner}</Error>".encode()
        return HttpResponse(fault.status, [*headers, _XML], body, len(body))


def _xml_body(codec: _Codec, in_body: dict[str, Any]) -> bytes:
    assert codec.write is not None
    if codec.unwrapped:
        inner: Sequence[str] = (escape(in_body.get(codec.unwrapped) or ""),)
    else:
        inner = codec.write(in_body.get(codec.payload, {}) if codec.payload_is_xml else in_body)
    return "".join([codec.before, *inner, codec.after]).encode()


def _identity(request_id: str) -> list[tuple[str, str]]:
    return [("x-amz-request-id", request_id), ("x-amz-id-2", _host_id(request_id))]


def _host_id(request_id: str) -> str:
    """Stands where AWS names the host that answered; here it tells nothing."""
    return base64.b64encode(hashlib.sha384(request_id.encode()).digest()).decode()


def find_object_route(request: HttpRequest, hosts: Collection[str]) -> ObjectRoute:
    """The route of a request to S3, in path style or with the bucket in the host (W-314)."""
    method = request.method
    try:
        query: dict[str, str] = {}
        for name, value in split_query(request.query):
            query.setdefault(name, value)
        bucket, key = _split_path(request.raw_path, bucket_of_host(request, hosts))
    except (TooManyParameters, ValueError):
        return _refuse(method, _invalid_uri(request.raw_path))
    if bucket and not _BUCKET_LETTERS.issuperset(bucket):
        details = {"BucketName": bucket}
        message = "The specified bucket is not valid."
        return _refuse(method, Fault("InvalidBucketName", 400, message, details))
    if len(key.encode("utf-8", "replace")) > LONGEST_KEY:
        details = {"Size": str(len(key.encode())), "MaxSizeAllowed": str(LONGEST_KEY)}
        return _refuse(method, Fault("KeyTooLongError", 400, "Your key is too long", details))
    level = OBJECT if key else BUCKET if bucket else SERVICE
    hoisted: dict[str, str] = {}
    for name, text in query.items():
        if name[:6].lower() == "x-amz-":
            hoisted.setdefault(name.lower(), text)
    found = find_operation(method, level, query, {*request.headers.names, *hoisted})
    if found is None:
        bound = {"Bucket": bucket, "Key": key}
        return ObjectRoute("s3", "", None, _not_allowed(method, level), method, bound)
    bound = {**query, **hoisted, "Bucket": bucket, "Key": key}
    return ObjectRoute("s3", found.name, found, None, method, bound)


def _split_path(raw_path: str, bucket: str | None) -> tuple[str, str]:
    """Bucket and key, decoded. Raises ValueError: a bad escape, or bytes that are no UTF-8."""
    if not raw_path.startswith("/") or bad_escape(raw_path) is not None:
        raise ValueError("no path")
    if bucket is not None:
        return bucket, decode_path(raw_path[1:])
    raw_bucket, _, raw_key = raw_path[1:].partition("/")
    if not raw_bucket and raw_key:
        raise ValueError("no bucket")
    return decode_path(raw_bucket), decode_path(raw_key)


def _refuse(method: str, fault: Fault) -> ObjectRoute:
    return ObjectRoute("s3", "", None, fault, method, {})


def _invalid_uri(raw_path: str) -> Fault:
    return Fault("InvalidURI", 400, "Couldn't parse the specified URI.", {"URI": raw_path[:2048]})


def _not_allowed(method: str, level: int) -> Fault:
    return Fault(
        "MethodNotAllowed",
        405,
        "The specified method is not allowed against this resource.",
        {"Method": method, "ResourceType": ("SERVICE", "BUCKET", "OBJECT")[level]},
    )
