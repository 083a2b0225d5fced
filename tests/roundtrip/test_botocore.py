"""botocore as the oracle, both ways: it reads what we write, and we read what it writes."""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel as TheirModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roundtrip.values import values
from sekisho.catalog import OperationModel, Shape, service_model
from sekisho.wire.http import Headers, HttpRequest, WholeBody
from sekisho.wire.json_rpc import JsonRoute
from sekisho.wire.query import QueryRoute
from sekisho.wire.rest_xml import ObjectRoute
from sekisho.wire.route import find_route
from sekisho.wire.s3_operations import _SHADOWED as SHADOWED
from sekisho.wire.times import format_http

REQUEST_ID = "c6104cbe-af31-11e0-8154-cbc7ccf896c7"
QUICK = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
XML_TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_characters="\x7f"), max_size=12
)

THEIRS = {
    name: TheirModel(Loader().load_service_model(name, "service-2"), name)
    for name in ("iam", "organizations", "sts", "s3")
}
QUERY_OPERATIONS = [
    (service, name) for service in ("iam", "sts") for name in service_model(service).operations
]
S3_OPERATIONS = [name for name in service_model("s3").operations if name not in SHADOWED]


def query_request(service: str, operation: str, parameters: dict[str, Any]) -> HttpRequest:
    theirs = THEIRS[service].operation_model(operation)
    serialized = create_serializer("query").serialize_to_request(parameters, theirs)
    body = urlencode(serialized["body"]).encode()
    headers = Headers([("Content-Type", serialized["headers"]["Content-Type"])])
    return HttpRequest("POST", serialized["url_path"], "", headers, WholeBody(body))


def s3_request(operation: str, parameters: dict[str, Any]) -> HttpRequest:
    theirs = THEIRS["s3"].operation_model(operation)
    serialized = create_serializer("rest-xml").serialize_to_request(parameters, theirs)
    path, _, literal = serialized["url_path"].partition("?")
    query = urlencode(serialized["query_string"], doseq=True)
    headers = Headers((name, str(value)) for name, value in serialized["headers"].items())
    body = serialized["body"]
    content = body.encode() if isinstance(body, str) else bytes(body or b"")
    joined = "&".join(filter(None, (literal, query)))
    return HttpRequest(serialized["method"], path, joined, headers, WholeBody(content))


def as_given(shape: Shape, value: Any) -> Any:
    """A value as botocore takes it: times as datetime."""
    if shape.kind == "structure":
        return {name: as_given(shape.members[name].shape, item) for name, item in value.items()}
    if shape.kind == "list":
        assert shape.member is not None
        return [as_given(shape.member.shape, item) for item in value]
    if shape.kind == "map":
        assert shape.value is not None
        return {key: as_given(shape.value.shape, item) for key, item in value.items()}
    return datetime.fromtimestamp(value, UTC) if shape.kind == "timestamp" else value


def as_seen(shape: Shape, value: Any) -> Any:
    """A value that botocore read, as we would have given it."""
    if shape.kind == "structure":
        return {name: as_seen(shape.members[name].shape, item) for name, item in value.items()}
    if shape.kind == "list":
        assert shape.member is not None
        return [as_seen(shape.member.shape, item) for item in value]
    if shape.kind == "map":
        assert shape.value is not None
        return {key: as_seen(shape.value.shape, item) for key, item in value.items()}
    if isinstance(value, datetime):
        return format_http(value.timestamp()) if shape.kind == "string" else int(value.timestamp())
    return unquote(value) if shape.name == "policyDocumentType" else value


def without_empties(value: Any) -> Any:
    """Empty lists, maps and structures cannot be told from absent ones in every place."""
    if isinstance(value, dict):
        cleaned = {key: without_empties(item) for key, item in value.items()}
        return {key: item for key, item in cleaned.items() if item not in ({}, [])}
    if isinstance(value, list):
        return [without_empties(item) for item in value]
    return value


@pytest.mark.parametrize(("service", "operation"), QUERY_OPERATIONS)
def test_query_input_comes_back(service: str, operation: str) -> None:
    model = service_model(service).operations[operation]
    shape = model.input or Shape(name="Nothing", kind="structure")

    @QUICK
    @given(values(shape, least=1))
    def check(value: dict[str, Any]) -> None:
        request = query_request(service, operation, as_given(shape, value))
        route = find_route(request)
        assert (route.service, route.operation, route.fault) == (service, operation, None)
        assert without_empties(route.parse(request)) == without_empties(value)

    check()


@pytest.mark.parametrize(("service", "operation"), QUERY_OPERATIONS)
def test_query_output_is_understood(service: str, operation: str) -> None:
    model = service_model(service).operations[operation]
    shape = model.output or Shape(name="Nothing", kind="structure")
    theirs = THEIRS[service].operation_model(operation).output_shape
    route = QueryRoute(service, operation, model, None, {})

    @QUICK
    @given(values(shape, free_text=XML_TEXT))
    def check(value: dict[str, Any]) -> None:
        answer = route.render(value, REQUEST_ID)
        seen = create_parser("query").parse(
            {"body": answer.body, "headers": dict(answer.headers), "status_code": answer.status},
            theirs,
        )
        metadata = seen.pop("ResponseMetadata")
        assert metadata["RequestId"] == REQUEST_ID
        assert without_empties(as_seen(shape, seen)) == without_empties(value)

    check()


@pytest.mark.parametrize("operation", service_model("organizations").operations)
def test_json_input_comes_back(operation: str) -> None:
    """W-1, W-221."""
    model = service_model("organizations").operations[operation]
    shape = model.input or Shape(name="Nothing", kind="structure")
    theirs = THEIRS["organizations"].operation_model(operation)

    @QUICK
    @given(values(shape))
    def check(value: dict[str, Any]) -> None:
        sent = create_serializer("json").serialize_to_request(as_given(shape, value), theirs)
        headers = Headers((name, str(text)) for name, text in sent["headers"].items())
        request = HttpRequest("POST", sent["url_path"], "", headers, WholeBody(sent["body"]))
        route = find_route(request)
        found = (route.service, route.operation, route.fault)
        assert found == ("organizations", operation, None)
        assert route.parse(request) == value

    check()


@pytest.mark.parametrize("operation", service_model("organizations").operations)
def test_json_output_is_understood(operation: str) -> None:
    """W-221: times are epoch seconds."""
    model = service_model("organizations").operations[operation]
    shape = model.output or Shape(name="Nothing", kind="structure")
    theirs = THEIRS["organizations"].operation_model(operation).output_shape
    route = JsonRoute("organizations", None, operation, model)

    @QUICK
    @given(values(shape))
    def check(value: dict[str, Any]) -> None:
        answer = route.render(value, REQUEST_ID)
        headers = {name.lower(): text for name, text in answer.headers}
        content = {"body": answer.body, "headers": headers, "status_code": answer.status}
        seen = create_parser("json").parse(content, theirs)
        metadata = seen.pop("ResponseMetadata")
        assert metadata["RequestId"] == REQUEST_ID
        assert as_seen(shape, seen) == value

    check()


LONGEST = 1 << 20


def s3_in_body(model: OperationModel) -> Shape:
    """The input without what flows."""
    shape = model.input or Shape(name="Nothing", kind="structure")
    kept = {name: m for name, m in shape.members.items() if not m.streaming}
    return Shape(name=shape.name, kind="structure", members=kept, required=shape.required)


@pytest.mark.parametrize("operation", S3_OPERATIONS)
def test_s3_input_comes_back(operation: str) -> None:
    model = service_model("s3").operations[operation]
    payload = model.input.payload if model.input else ""
    shape = s3_in_body(model)
    named = {n for n, m in shape.members.items() if m.location == "headers"}

    @QUICK
    @given(
        values(shape, least=1), st.sampled_from(["key", "a b+c/ü", "a//b", "./x", "%2F", "100%"])
    )
    def check(value: dict[str, Any], key: str) -> None:
        value = {name: item for name, item in value.items() if item not in ("", b"")}
        value |= {n: t for n, t in (("Bucket", "bucket"), ("Key", key)) if n in shape.members}
        value |= {name: {"color": "red"} for name in named}
        flowing = {payload: b"x"} if model.streaming_input else {}
        if model.checksum_required:
            value.pop("ContentMD5", None)
        request = s3_request(operation, as_given(shape, value) | flowing)
        if model.checksum_required and (body := request.body.read_all(LONGEST)):
            md5 = base64.b64encode(hashlib.md5(body).digest()).decode()
            fields = Headers([*request.headers, ("content-md5", md5)])
            request = request._replace(headers=fields)
            value |= {"ContentMD5": md5} if "ContentMD5" in shape.members else {}
        route = find_route(request)
        assert (route.service, route.operation) == ("s3", operation)
        assert without_empties(route.parse(request)) == without_empties(value)

    check()


# Event streams are not written: nothing here answers with one.
@pytest.mark.parametrize("operation", [n for n in S3_OPERATIONS if n != "SelectObjectContent"])
def test_s3_output_is_understood(operation: str) -> None:
    model = service_model("s3").operations[operation]
    shape = model.output or Shape(name="Nothing", kind="structure")
    theirs = THEIRS["s3"].operation_model(operation).output_shape
    route = ObjectRoute("s3", operation, model, None, "GET", {})

    @QUICK
    @given(values(shape, free_text=st.text("abc<&>é /", min_size=1, max_size=8).map(str.strip)))
    def check(value: dict[str, Any]) -> None:
        value.pop("ContentRange", None)
        value.pop("ContentLength", None)
        answer = route.render(value, REQUEST_ID)
        body = answer.body
        seen = create_parser("rest-xml").parse(
            {
                "body": Flowing(body) if model.streaming_output else body,
                "headers": dict(answer.headers),
                "status_code": answer.status,
            },
            theirs,
        )
        seen.pop("ResponseMetadata")
        if operation == "GetBucketLocation":  # botocore reads it in a handler of its own
            assert isinstance(body, bytes)
            return
        if model.streaming_output:
            seen[shape.payload] = seen[shape.payload].read()
        seen.pop("ContentLength", None)
        wanted = without_empties(value)
        if shape.payload and wanted.get(shape.payload) in (None, b"", ""):
            wanted.pop(shape.payload, None)
        assert tidy(as_seen(shape, seen)) == tidy(wanted)

    check()


def tidy(value: Any) -> Any:
    cleaned = without_empties(value)
    return {key: item for key, item in cleaned.items() if item not in ("", b"")}


class Flowing:
    """Just enough of an HTTP body for botocore's parser."""

    def __init__(self, body: Any) -> None:
        self.content = body if isinstance(body, bytes) else b"".join(body)

    def read(self) -> bytes:
        return self.content
