"""The JSON protocol of Organizations: what is read, what is refused, and how (W-1, W-14, W-63)."""

import json
from typing import Any

import pytest

from sekisho.catalog import Shape, service_model
from sekisho.model.faults import Fault
from sekisho.wire.http import Headers, HttpRequest, WholeBody
from sekisho.wire.json_rpc import LONGEST_CALL, JsonRoute, find_json_route
from sekisho.wire.json_values import compile_reader

TARGET = "AWSOrganizationsV20161128."


def call(operation: str, content: bytes, method: str = "POST", path: str = "/") -> HttpRequest:
    headers = Headers([("X-Amz-Target", TARGET + operation)])
    return HttpRequest(method, path, "", headers, WholeBody(content))


def refused(operation: str, content: bytes) -> Fault:
    request = call(operation, content)
    with pytest.raises(Fault) as caught:
        find_json_route(request, "organizations").parse(request)
    return caught.value


def test_an_input_is_read() -> None:
    request = call("ListAccounts", b' {"MaxResults": 3, "NextToken": null, "Unknown": [1]} ')
    route = find_json_route(request, "organizations")
    assert (route.service, route.operation) == ("organizations", "ListAccounts")
    assert route.parse(request) == {"MaxResults": 3}
    assert route.parse(call("ListAccounts", b"")) == {}


@pytest.mark.parametrize(
    "request_",
    [
        call("NoSuchOperation", b"{}"),
        call("", b"{}"),
        call("ListAccounts", b"{}", method="GET"),
        call("ListAccounts", b"{}", path="/x"),
    ],
)
def test_unknown_operations(request_: HttpRequest) -> None:
    fault = find_json_route(request_, "organizations").fault
    assert fault is not None
    assert fault.code == "UnknownOperationException"


@pytest.mark.parametrize(
    ("operation", "document", "reason", "said"),
    [
        (
            "DescribeAccount",
            {},
            "INPUT_REQUIRED",
            "You must include a value for all required parameters.",
        ),
        (
            "DescribeAccount",
            {"AccountId": "12345678901x"},
            "INVALID_PATTERN",
            "You provided a value that does not match the required pattern.",
        ),
        (
            "DescribeAccount",
            {"AccountId": "1" * 13},
            "MAX_LENGTH_EXCEEDED",
            "You provided a string parameter that is longer than allowed.",
        ),
        (
            "CreateAccount",
            {"AccountName": "x", "Email": "a@b"},
            "MIN_LENGTH_EXCEEDED",
            "You provided a string parameter that is shorter than allowed.",
        ),
        (
            "ListAccounts",
            {"MaxResults": 21},
            "MAX_VALUE_EXCEEDED",
            "You provided a numeric parameter that has a larger value than allowed.",
        ),
        (
            "ListAccounts",
            {"MaxResults": 0},
            "MIN_VALUE_EXCEEDED",
            "You provided a numeric parameter that has a smaller value than allowed.",
        ),
        (
            "CreateOrganization",
            {"FeatureSet": "SOME"},
            "INVALID_ENUM",
            "You specified an invalid value.",
        ),
    ],
)
def test_what_the_model_does_not_allow(
    operation: str, document: Any, reason: str, said: str
) -> None:
    """W-241: one exception, with a reason."""
    fault = refused(operation, json.dumps(document).encode())
    assert (fault.code, fault.message, fault.details) == (
        "InvalidInputException",
        said,
        {"Reason": reason},
    )


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b'"x"',
        b"\xff",
        b'{"AccountId": 123456789012}',
        b'{"AccountId": ["123456789012"]}',
        b'{"AccountId": "\\ud800"}',
        b"[" * 100_000,
        b'{"AccountId":' * 5_000 + b"1" + b"}" * 5_000,
    ],
)
def test_what_is_no_such_document(content: bytes) -> None:
    assert refused("DescribeAccount", content).code == "SerializationException"


def test_lists_and_numbers_of_another_kind() -> None:
    assert refused("TagResource", b'{"ResourceId": "r-1234", "Tags": {}}').code == (
        "SerializationException"
    )
    for number in (b"true", b"1.5", b"99999999999", b'"3"'):
        content = b'{"MaxResults": ' + number + b"}"
        assert refused("ListAccounts", content).code == "SerializationException"


def test_a_call_is_bounded() -> None:
    assert refused("ListAccounts", b" " * (LONGEST_CALL + 1)).code == "EntityTooLarge"


@pytest.mark.parametrize("operation", service_model("organizations").operations)
def test_every_input_can_be_read(operation: str) -> None:
    found = service_model("organizations").operations[operation].input
    assert found is None or found.kind == "structure"
    compile_reader(found)


def test_maps_are_not_read() -> None:
    with pytest.raises(LookupError):
        compile_reader(Shape("Odd", "map"))


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (
            Fault("InvalidClientTokenId", 403, "m"),
            400,
            {"__type": "UnrecognizedClientException", "message": "m"},
        ),
        (
            Fault("SignatureDoesNotMatch", 403, "m"),
            400,
            {"__type": "InvalidSignatureException", "message": "m"},
        ),
        (
            Fault("ExpiredToken", 403, "m"),
            400,
            {"__type": "ExpiredTokenException", "message": "m"},
        ),
        (
            Fault("MissingAuthenticationToken", 403, "m"),
            400,
            {"__type": "MissingAuthenticationTokenException", "message": "m"},
        ),
        (
            Fault("IncompleteSignature", 400, "m"),
            400,
            {"__type": "IncompleteSignatureException", "message": "m"},
        ),
        (
            Fault("AccessDenied", 403, "m"),
            400,
            {"__type": "AccessDeniedException", "message": "m"},
        ),
        (
            Fault("ConstraintViolationException", 400, "m", {"Reason": "R"}),
            400,
            {"__type": "ConstraintViolationException", "Message": "m", "Reason": "R"},
        ),
        (Fault("InternalFailure", 500), 500, {"__type": "InternalFailure"}),
        (Fault("NotImplemented", 501, "m"), 501, {"__type": "NotImplemented", "message": "m"}),
    ],
)
def test_how_faults_are_told(fault: Fault, status: int, body: dict[str, str]) -> None:
    """W-14, W-63: at the door `message`, from the service `Message`; 400 but for our own faults."""
    answer = JsonRoute("organizations", None).render_fault(fault, "id")
    assert isinstance(answer.body, bytes)
    assert (answer.status, json.loads(answer.body)) == (status, body)
    assert ("x-amzn-RequestId", "id") in answer.headers
    assert answer.length == len(answer.body)
