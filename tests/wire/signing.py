"""Requests signed by botocore, as our server would see them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from botocore.auth import HmacV1QueryAuth, S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from sekisho.wire.http import Headers, HttpRequest, WholeBody
from sekisho.wire.times import parse_basic

KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
IDENTITY = b"Action=GetCallerIdentity&Version=2011-06-15"


def as_request(signed: AWSRequest, body: bytes) -> HttpRequest:
    prepared = signed.prepare()
    split = urlsplit(prepared.url)
    headers = {"Host": split.netloc} | {
        name: value.decode() if isinstance(value, bytes) else str(value)
        for name, value in prepared.headers.items()
    }
    return HttpRequest(
        prepared.method, split.path or "/", split.query, Headers(headers.items()), WholeBody(body)
    )


def signed_call(
    body: bytes = IDENTITY,
    service: str = "sts",
    region: str = "eu-west-1",
    token: str | None = None,
    headers: Mapping[str, str] = FORM,
) -> HttpRequest:
    """A Query call signed now."""
    request = AWSRequest("POST", "http://localhost:5000/", headers=dict(headers), data=body)
    SigV4Auth(Credentials(KEY, SECRET, token), service, region).add_auth(request)
    return as_request(request, body)


def presigned_call(region: str = "eu-west-1") -> HttpRequest:
    """A GetCallerIdentity URL, as EKS and Vault use it for a proof of identity (W-25)."""
    url = "http://localhost:5000/?Action=GetCallerIdentity&Version=2011-06-15"
    request = AWSRequest("GET", url)
    SigV4QueryAuth(Credentials(KEY, SECRET), "sts", region, expires=60).add_auth(request)
    return as_request(request, b"")


def signed_object(
    method: str = "PUT",
    path: str = "/bucket/key",
    body: bytes = b"content",
    headers: Mapping[str, str] | None = None,
    token: str | None = None,
) -> HttpRequest:
    """An S3 request signed now in its header."""
    url = f"http://localhost:5000{path}"
    request = AWSRequest(method, url, headers=dict(headers or {}), data=body)
    S3SigV4Auth(Credentials(KEY, SECRET, token), "s3", "eu-west-1").add_auth(request)
    return as_request(request, body)


def presigned_object(
    method: str = "GET", path: str = "/bucket/key", expires: int = 60, token: str | None = None
) -> HttpRequest:
    request = AWSRequest(method, f"http://localhost:5000{path}")
    auth = S3SigV4QueryAuth(Credentials(KEY, SECRET, token), "s3", "eu-west-1", expires=expires)
    auth.add_auth(request)
    return as_request(request, b"")


def presigned_object_v2(
    method: str = "GET",
    path: str = "/bucket/key",
    expires: int = 60,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpRequest:
    """headers: those named x-amz-… become parameters."""
    request = AWSRequest(method, f"http://localhost:5000{path}", headers=dict(headers or {}))
    HmacV1QueryAuth(Credentials(KEY, SECRET, token), expires=expires).add_auth(request)
    return as_request(request, b"")


def moment_of(request: HttpRequest) -> int:
    """When the request was signed."""
    stamp = request.headers.get("x-amz-date", "")
    found = parse_basic(stamp)
    assert found is not None
    return found
