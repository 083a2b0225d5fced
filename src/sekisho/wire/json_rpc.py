"""The AWS JSON protocol of Organizations: a document in, a document out (W-1, W-14, W-63, W-221).

X-Amz-Target names service and operation. Calls to other services of this protocol are refused in
words that their clients read.
"""

import functools
from dataclasses import dataclass
from typing import Any

import orjson

from sekisho.catalog import OperationModel, service_model
from sekisho.model.faults import Fault
from sekisho.wire.http import HttpRequest, HttpResponse
from sekisho.wire.json_values import Reader, Writer, compile_reader, compile_writer, not_serial

LONGEST_CALL = 1 << 20
"""Bytes of the document of a call."""

SERVICE_OF_TARGET = {"AWSOrganizationsV20161128": "organizations"}

_CONTENT_TYPE = ("Content-Type", "application/x-amz-json-1.1")
# What the house says to whoever is not let in, in the words of JSON services (W-63).
_AT_THE_DOOR = {
    "AccessDenied": "AccessDeniedException",
    "ExpiredToken": "ExpiredTokenException",
    "IncompleteSignature": "IncompleteSignatureException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
}


@dataclass(frozen=True, slots=True)
class _Codec:
    read: Reader
    write: Writer | None


@functools.cache
def _codec(service: str, operation: str) -> _Codec:
    found = service_model(service).operations[operation]
    return _Codec(
        read=compile_reader(found.input),
        write=None if found.output is None else compile_writer(found.output),
    )


@dataclass(frozen=True, slots=True)
class JsonRoute:
    """The way to an operation of a service of this protocol, or to a refusal."""

    service: str
    fault: Fault | None
    operation: str = ""
    model: OperationModel | None = None

    def parse(self, request: HttpRequest) -> dict[str, Any]:
        """The input by member names. Raises Fault: InvalidInputException for what the model does
        not allow; SerializationException for what is no such document, or nests more than a
        thousand levels; EntityTooLarge above 1 MiB."""
        if self.fault is not None:
            raise self.fault
        content = request.body.read_all(LONGEST_CALL)
        try:
            document = orjson.loads(content) if content.strip() else {}
        except orjson.JSONDecodeError as error:
            raise not_serial() from error
        found: dict[str, Any] = _codec(self.service, self.operation).read(document)
        return found

    def render(self, output: dict[str, Any], request_id: str) -> HttpResponse:
        write = _codec(self.service, self.operation).write
        return _answer(200, b"" if write is None else orjson.dumps(write(output)), request_id)

    def render_fault(self, fault: Fault, request_id: str) -> HttpResponse:
        """W-14: `message` in what is said at the door, `Message` in what the service says itself;
        all that is the caller's fault has status 400."""
        code = _AT_THE_DOOR.get(fault.code, fault.code)
        content: dict[str, str] = {"__type": code}
        if fault.message:
            by_service = fault.code.endswith("Exception") and code == fault.code
            content["Message" if by_service else "message"] = fault.message
        content |= fault.details
        status = fault.status if fault.status >= 500 else 400
        return _answer(status, orjson.dumps(content), request_id)


def _answer(status: int, body: bytes, request_id: str) -> HttpResponse:
    return HttpResponse(status, [("x-amzn-RequestId", request_id), _CONTENT_TYPE], body, len(body))


# A profile with an endpoint_url sends every service's calls here.
ELSEWHERE = "This server serves iam, organizations, s3 and sts, and no other service."


def find_json_route(request: HttpRequest, named: str) -> JsonRoute:
    """The route of a request with X-Amz-Target. named: the service its signature names.

    A call that is signed for another service than its target is told so by the claim (W-53).
    """
    prefix, _, name = request.headers.get("x-amz-target", "").partition(".")
    service = SERVICE_OF_TARGET.get(prefix)
    if service is None:
        return JsonRoute(named, _unknown(ELSEWHERE))
    model = service_model(service).operations
    if name not in model or request.method != "POST" or request.raw_path != "/":
        return JsonRoute(service, _unknown())
    return JsonRoute(service, None, name, model[name])


def _unknown(message: str = "") -> Fault:
    return Fault("UnknownOperationException", 400, message)
