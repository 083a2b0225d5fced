"""Pages of other origins: preflights, and the headers that let them see an answer."""

import pytest

from gate.gatehouse import Gatehouse
from sekisho.gate.pipeline import handle
from sekisho.wire.http import Headers, HttpRequest, HttpResponse

CORS = b"""<CORSConfiguration><CORSRule><AllowedOrigin>https://page.example</AllowedOrigin>
<AllowedMethod>GET</AllowedMethod><AllowedHeader>x-amz-*</AllowedHeader>
</CORSRule></CORSConfiguration>"""


@pytest.fixture
def bucket(gatehouse: Gatehouse) -> str:
    name = "cors-bucket"
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", f"/{name}"))
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", f"/{name}?cors", CORS))
    return name


def ask(gatehouse: Gatehouse, method: str, path: str, **headers: str) -> HttpResponse:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    fields = Headers([("host", "localhost:4566"), *named])
    return handle(HttpRequest(method, path, "", fields), gatehouse.authority)


def test_a_preflight_is_answered_without_a_signature(gatehouse: Gatehouse, bucket: str) -> None:
    response = ask(
        gatehouse,
        "OPTIONS",
        f"/{bucket}/key",
        origin="https://page.example",
        access_control_request_method="GET",
        access_control_request_headers="x-amz-date, X-Amz-User-Agent",
    )
    told = dict(response.headers)
    assert response.status == 200
    assert told["Access-Control-Allow-Origin"] == "https://page.example"
    assert told["Access-Control-Allow-Headers"] == "x-amz-date, x-amz-user-agent"
    assert "Access-Control-Request-Method" in told["Vary"]


@pytest.mark.parametrize(
    ("place", "origin", "method", "status", "code"),
    [
        ("cors-bucket", "https://other.example", "GET", 403, b"AccessForbidden"),
        ("cors-bucket", "https://page.example", "PUT", 403, b"AccessForbidden"),
        ("no-such-bucket", "https://page.example", "GET", 403, b"AccessForbidden"),
        ("cors-bucket", None, "GET", 400, b"BadRequest"),
        ("cors-bucket", "https://page.example", None, 400, b"BadRequest"),
    ],
)
def test_other_preflights_are_refused(
    gatehouse: Gatehouse,
    bucket: str,
    place: str,
    origin: str | None,
    method: str | None,
    status: int,
    code: bytes,
) -> None:
    given = {"origin": origin, "access_control_request_method": method}
    headers = {name: value for name, value in given.items() if value is not None}
    response = ask(gatehouse, "OPTIONS", f"/{place}/key", **headers)
    assert response.status == status
    assert isinstance(response.body, bytes)
    assert code in response.body


def test_answers_are_seen_by_the_page_refusals_too(gatehouse: Gatehouse, bucket: str) -> None:
    refused = ask(gatehouse, "GET", f"/{bucket}/key", origin="https://page.example")
    assert refused.status == 403
    told = dict(refused.headers)
    assert told["Access-Control-Allow-Origin"] == "https://page.example"
    other = ask(gatehouse, "GET", f"/{bucket}/key", origin="https://other.example")
    assert "Access-Control-Allow-Origin" not in dict(other.headers)


def test_every_page_may_call_sts(gatehouse: Gatehouse) -> None:
    """W-17: its preflights are asked of the endpoint itself, where no bucket is named."""
    response = ask(
        gatehouse,
        "OPTIONS",
        "/",
        origin="https://page.example",
        access_control_request_method="POST",
        access_control_request_headers="authorization, x-amz-date",
    )
    told = dict(response.headers)
    assert (response.status, response.body) == (200, b"")
    assert told["Access-Control-Allow-Origin"] == "*"
    assert told["Access-Control-Allow-Methods"] == "POST"
    assert told["Access-Control-Allow-Headers"] == "authorization,x-amz-date"
    assert told["Access-Control-Expose-Headers"].startswith("x-amzn-RequestId,")
    assert told["Access-Control-Max-Age"] == "172800"


@pytest.mark.parametrize(("version", "seen"), [("2011-06-15", "*"), ("2010-05-08", None)])
def test_pages_see_the_answers_of_sts_and_not_of_iam(
    gatehouse: Gatehouse, version: str, seen: str | None
) -> None:
    """W-17."""
    query = f"Action=GetCallerIdentity&Version={version}"
    fields = Headers([("host", "localhost:4566"), ("origin", "https://page.example")])
    response = handle(HttpRequest("GET", "/", query, fields), gatehouse.authority)
    assert dict(response.headers).get("Access-Control-Allow-Origin") == seen
