"""CORS on the way: preflights answered, and answers that pages of other origins may see.

A preflight is sent by browsers without any signature, and tells no more than the rules.
"""

from sekisho.gate.authority import Authority
from sekisho.model.faults import Fault
from sekisho.model.identifiers import new_request_id
from sekisho.model.records import Bucket
from sekisho.services.s3.cors import SETTING, Inquiry, allowing_rule, answer_headers
from sekisho.wire.http import HttpRequest, HttpResponse
from sekisho.wire.post_route import PostRoute
from sekisho.wire.rest_xml import ObjectRoute
from sekisho.wire.route import Route

MOST_HEADERS = 100

# What STS lets every page see (W-17).
_SEEN_BY_ALL = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"),
)


def is_preflight(request: HttpRequest, route: Route) -> bool:
    return request.method == "OPTIONS" and isinstance(route, ObjectRoute)


def preflight(request: HttpRequest, route: Route, authority: Authority) -> HttpResponse:
    """Tell whether a request of another origin would be let pass.

    Raises Fault: BadRequest, AccessForbidden.
    """
    get = request.headers.get
    origin, method = get("origin"), get("access-control-request-method")
    if origin is None:
        message = "Insufficient information. Origin request header needed."
        raise Fault("BadRequest", 400, message)
    if method is None:
        message = f"Invalid Access-Control-Request-Method: {method}"
        raise Fault("BadRequest", 400, message)
    asked = get("access-control-request-headers", "").split(",", MOST_HEADERS)
    headers = tuple(name.strip() for name in asked if name.strip())
    if method == "POST" and isinstance(route, ObjectRoute) and not route.bound.get("Bucket"):
        return preflight_of_sts(headers)
    inquiry = Inquiry(origin, method, headers)
    authority.access.evidence.refresh()
    bucket = bucket_of(route, authority)
    if bucket is None or SETTING not in bucket.settings:
        raise forbidden("CORSResponse: CORS is not enabled for this bucket.", route, method)
    rule = allowing_rule(bucket, inquiry)
    if rule is None:
        raise forbidden(
            "CORSResponse: This CORS request is not allowed. This is usually because the evalution"
            " of Origin, request method / Access-Control-Request-Method or"
            " Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
            route,
            method,
        )
    identity = [("x-amz-request-id", new_request_id())]
    return HttpResponse(200, [*identity, *answer_headers(rule, inquiry)])


def preflight_of_sts(headers: tuple[str, ...]) -> HttpResponse:
    """What STS answers to every preflight (W-17): whoever asks needs a token or a signature."""
    told = [
        ("x-amzn-RequestId", new_request_id()),
        *_SEEN_BY_ALL,
        ("Access-Control-Allow-Methods", "POST"),
        ("Access-Control-Max-Age", "172800"),
    ]
    if headers:
        told.append(("Access-Control-Allow-Headers", ",".join(headers)))
    return HttpResponse(200, told)


def forbidden(message: str, route: Route, method: str) -> Fault:
    is_object = isinstance(route, ObjectRoute) and route.bound.get("Key")
    details = {"Method": method, "ResourceType": "OBJECT" if is_object else "BUCKET"}
    return Fault("AccessForbidden", 403, message, details)


def bucket_of(route: Route, authority: Authority) -> Bucket | None:
    name = route.bound.get("Bucket") if isinstance(route, ObjectRoute | PostRoute) else None
    held = authority.access.evidence.bucket(name) if name else None
    return None if held is None else held.bucket


def let_pages_see(
    request: HttpRequest, route: Route, response: HttpResponse, authority: Authority
) -> None:
    """Add to an answer what lets the page that asked see it, if a rule does, or it is of STS."""
    if route.service == "sts":
        response.headers += _SEEN_BY_ALL
        return
    origin = request.headers.get("origin")
    bucket = None if origin is None else bucket_of(route, authority)
    if origin is None or bucket is None or SETTING not in bucket.settings:
        return
    inquiry = Inquiry(origin, request.method)
    rule = allowing_rule(bucket, inquiry)
    if rule is not None:
        response.headers += answer_headers(rule, inquiry)
