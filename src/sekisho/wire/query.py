"""The AWS Query protocol of IAM and STS: a form or a query string in, XML out (W-7 to W-16)."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sekisho.catalog import OperationModel, service_model
from sekisho.model.faults import Fault
from sekisho.wire.form import Tree, compile_input, grow_tree
from sekisho.wire.http import LONGEST_FORM, Headers, HttpRequest, HttpResponse
from sekisho.wire.shapes import QUERY, Pieces, compile_output
from sekisho.wire.uri import TooManyParameters, bad_escape, split_query
from sekisho.wire.xml import escape

LONGEST_QUERY = 15_800
FAULT_NAMESPACE = "http://webservices.amazon.com/AWSFault/2005-15-09"
SERVICE_OF_VERSION = {"2011-06-15": "sts", "2010-05-08": "iam"}

_FORM_TYPE = "application/x-www-form-urlencoded"
_HOME = "https://aws.amazon.com/iam"
_CONTENT_TYPE = ("Content-Type", "text/xml")
# Faults of the protocol itself rather than of the service.
_PROTOCOL_FAULTS = frozenset({"InvalidAction", "MalformedInput", "MalformedQueryString"})


@dataclass(frozen=True, slots=True)
class _Codec:
    """An operation's compiled reader and writer, and the text around its result."""

    read: Callable[[Tree], dict[str, Any]]
    write: Pieces | None
    before: str
    after: str


@functools.cache
def _codec(service: str, operation: str) -> _Codec:
    model = service_model(service)
    found = model.operations[operation]
    write = compile_output(found.output.members, QUERY, 2) if found.output else None
    wrapper = found.result_wrapper
    return _Codec(
        read=compile_input(found.input, shows_values=service == "sts"),
        write=write,
        before=f'<{operation}Response xmlns="{model.xml_namespace}">\n'
        + (f"  <{wrapper}>\n" if wrapper else ""),
        after=f"  </{wrapper}>\n" if wrapper else "",
    )


class QueryRoute(NamedTuple):
    """The way to an operation of IAM or STS, or to a refusal."""

    service: str
    operation: str
    model: OperationModel | None
    fault: Fault | None
    form: Tree
    refusal: HttpResponse | None = None

    def parse(self, request: HttpRequest) -> dict[str, Any]:
        """The input by member names. Raises Fault: ValidationError or MalformedInput."""
        del request  # its parameters were read when the route was found
        if self.fault is not None:
            raise self.fault
        return _codec(self.service, self.operation).read(self.form)

    def render(self, output: dict[str, Any], request_id: str) -> HttpResponse:
        codec = _codec(self.service, self.operation)
        result = () if codec.write is None else codec.write(output)
        metadata = (
            f"{codec.after}"
            f"  <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n"
            f"  </ResponseMetadata>\n</{self.operation}Response>\n"
        )
        body = "".join([codec.before, *result, metadata]).encode()
        return HttpResponse(200, [("x-amzn-RequestId", request_id), _CONTENT_TYPE], body, len(body))

    def render_fault(self, fault: Fault, request_id: str) -> HttpResponse:
        """The error body of W-11, or the bare answers that STS gives to what is no call (W-15)."""
        headers = [("x-amzn-RequestId", request_id)]
        if self.refusal is not None and fault is self.fault:
            bare = self.refusal
            return HttpResponse(bare.status, headers + bare.headers, bare.body, bare.length)
        protocol = fault is self.fault or fault.code in _PROTOCOL_FAULTS
        namespace = FAULT_NAMESPACE if protocol else service_model(self.service).xml_namespace
        side = "Receiver" if fault.status >= 500 else "Sender"
        message = f"    <Message>{escape(fault.message)}</Message>\n" if fault.message else ""
        body = (
            f'<ErrorResponse xmlns="{namespace}">\n  <Error>\n    <Type>{side}</Type>\n'
            f"    <Code>{escape(fault.code)}</Code>\n{message}  </Error>\n"
            f"  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
        ).encode()
        return HttpResponse(fault.status, [*headers, _CONTENT_TYPE], body, len(body))


def read_parameters(request: HttpRequest) -> Tree:
    """The parameters of the query string and, for POST, of the form; the first of a name counts.

    Raises Fault: EntityTooLarge above 10,000,000 bytes of form, MalformedInput above 10,000
    parameters or where they nest too deep, and what the body raises.
    """
    try:
        pairs = split_query(request.query)
        if request.method == "POST" and is_form(request.headers):
            form = request.body.read_all(LONGEST_FORM)
            pairs += split_query(form.decode("utf-8", "replace"))
    except TooManyParameters as error:
        raise Fault("MalformedInput", 400) from error
    return grow_tree(pairs)


def is_form(headers: Headers) -> bool:
    kind = headers.get("content-type")
    return kind is not None and _is_form_type(kind[:128])


@functools.lru_cache(maxsize=128)
def _is_form_type(kind: str) -> bool:
    return kind.partition(";")[0].strip().lower() == _FORM_TYPE


def find_query_route(request: HttpRequest, service: str, form: Tree) -> QueryRoute:
    """The route of a request to `service`, the oddities of W-15 and W-16 included."""
    if bad_escape(request.raw_path) is not None:
        return _refuse(service, "InvalidURI", 400)
    if request.raw_path != "/":
        body = b"<UnknownOperationException/>"
        return _refuse(service, "UnknownOperationException", 404, [], body)
    if len(request.query) > LONGEST_QUERY:
        return _refuse(service, "MalformedQueryString", 400)
    action = form.get("Action")
    if not isinstance(action, str) or not action or request.method not in ("GET", "POST"):
        query = f"?{request.query}" if request.method == "GET" and request.query else ""
        return _refuse(service, "MissingAction", 302, [("Location", _HOME + query)])
    version = form.get("Version")
    model = service_model(service)
    known = action in model.operations and version == model.api_version
    if not known:
        said = version if isinstance(version, str) and version else "NO_VERSION_SPECIFIED"
        message = f"Could not find operation {action[:256]} for version {said[:64]}"
        return QueryRoute(service, "", None, Fault("InvalidAction", 400, message), form)
    return QueryRoute(service, action, model.operations[action], None, form)


def refuse(service: str, fault: Fault) -> QueryRoute:
    """A route that answers with this fault, in the service's own form."""
    if fault.code == "EntityTooLarge":
        return _refuse(service, fault.code, 413)
    return QueryRoute(service, "", None, fault, {})


def _refuse(
    service: str,
    code: str,
    status: int,
    headers: list[tuple[str, str]] | None = None,
    body: bytes = b"",
) -> QueryRoute:
    fault = Fault(code, status)
    answer = HttpResponse(status, headers or [], body, len(body))
    return QueryRoute(service, "", None, fault, {}, answer)
