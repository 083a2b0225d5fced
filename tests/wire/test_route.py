"""Which service a request is for (W-4), and the headers and host names it is found by."""

import pytest

from sekisho.model.faults import Fault
from sekisho.wire.http import Headers, HttpRequest, WholeBody
from sekisho.wire.route import find_route
from wire.signing import presigned_call, presigned_object, signed_call, signed_object

FORM = ("content-type", "application/x-www-form-urlencoded")
IDENTITY = "Action=GetCallerIdentity&Version=2011-06-15"
USERS = "Action=ListUsers&Version=2010-05-08"


def signed_for(service: str) -> tuple[str, str]:
    scope = f"20150830/us-east-1/{service}/aws4_request"
    return "authorization", f"AWS4-HMAC-SHA256 Credential=AKIA/{scope}, SignedHeaders=host"


def post(body: str, *headers: tuple[str, str], query: str = "") -> HttpRequest:
    return HttpRequest("POST", "/", query, Headers(headers), WholeBody(body.encode()))


@pytest.mark.parametrize(
    ("request_", "service", "operation"),
    [
        (signed_call(), "sts", "GetCallerIdentity"),
        (presigned_call(), "sts", "GetCallerIdentity"),
        (signed_object("GET"), "s3", "GetObject"),
        (presigned_object("GET"), "s3", "GetObject"),
        (post(IDENTITY, FORM), "sts", "GetCallerIdentity"),
        (post(USERS, FORM), "iam", "ListUsers"),
        (post(USERS, FORM, signed_for("iam")), "iam", "ListUsers"),
        # The version goes before the scope: the refusal is then in the right service's words.
        (post(USERS, FORM, signed_for("sts")), "iam", "ListUsers"),
        (post(IDENTITY, FORM, signed_for("s3")), "sts", "GetCallerIdentity"),
        (post(IDENTITY, FORM, signed_for("ec2")), "sts", "GetCallerIdentity"),
        (HttpRequest("GET", "/", IDENTITY, Headers()), "sts", "GetCallerIdentity"),
        # Signed for S3, a query string is S3's.
        (HttpRequest("GET", "/", IDENTITY, Headers([signed_for("s3")])), "s3", "ListBuckets"),
        (HttpRequest("GET", "/", "", Headers()), "s3", "ListBuckets"),
        (HttpRequest("GET", "/bucket", "Action=x", Headers()), "s3", "ListObjects"),
    ],
)
def test_services(request_: HttpRequest, service: str, operation: str) -> None:
    route = find_route(request_)
    assert (route.service, route.operation) == (service, operation)


def test_json_calls_are_refused_in_json() -> None:
    """W-14. AWS has no endpoint of many services, so what is said of others is our own."""
    target = ("x-amz-target", "DynamoDB_20120810.ListTables")
    route = find_route(post("{}", target, signed_for("dynamodb")))
    assert route.service == "dynamodb"
    assert route.fault is not None
    with pytest.raises(Fault):
        route.parse(post("{}"))
    answer = route.render_fault(route.fault, "id")
    said = b"This server serves iam, organizations, s3 and sts, and no other service."
    told = b'{"__type":"UnknownOperationException","Message":"' + said + b'"}'
    assert (answer.status, answer.body) == (400, told)
    answer = route.render_fault(Fault("AccessDeniedException", 400, "no"), "id")
    assert answer.body == b'{"__type":"AccessDeniedException","Message":"no"}'


def test_headers_join_what_came_twice() -> None:
    headers = Headers([("X-A", "1"), ("host", "h"), ("x-a", "2")])
    assert headers.get("x-a") == "1,2"
    assert headers.get_all("x-a") == ("1", "2")
    assert headers.get("none") is None
    assert list(headers.names) == ["x-a", "host"]
    assert len(headers) == 3
    assert "x-a" in headers
    assert "1" not in repr(headers)
