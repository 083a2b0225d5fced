"""What S3 says of keys and tokens, before it has looked at any signature but after the scope."""

import json
import time
from dataclasses import replace

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from gate.gatehouse import AWAY, HERE, HOME, Gatehouse
from sekisho.gate.pipeline import handle
from sekisho.wire.http import Headers, HttpRequest

UNKNOWN = (403, "InvalidAccessKeyId")
UNKNOWN_SAID = "The AWS Access Key Id you provided does not exist in our records."
GARBLED = (400, "InvalidToken")
GARBLED_SAID = "The provided token is malformed or otherwise invalid."
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": HOME}, "Action": "sts:AssumeRole"},
    }
)


@pytest.fixture
def session(gatehouse: Gatehouse) -> Credentials:
    """A role's in the other account."""
    una = gatehouse.new_user(
        "una",
        json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "*"},
            }
        ),
    )
    return gatehouse.assume(una, gatehouse.new_role("guest", TRUST))


def with_token(keys: Credentials, token: str | None) -> Credentials:
    return Credentials(keys.access_key, keys.secret_key, token)


def test_an_unknown_key(gatehouse: Gatehouse) -> None:
    """W-64"""
    nobody = Credentials("AKIAIOSFODNN7EXAMPLE", "x" * 40)
    answer = gatehouse.store(nobody, "GET", "/")
    assert answer.refusal == (*UNKNOWN, UNKNOWN_SAID)
    assert answer.value("AWSAccessKeyId") == nobody.access_key


def test_a_temporary_key_needs_its_own_token(gatehouse: Gatehouse, session: Credentials) -> None:
    """W-64, W-67: of another key or none at all it is unknown; what cannot be opened is garbled."""
    other = gatehouse.session(gatehouse.new_user("max"), "GetSessionToken")
    for token in (None, other.token):
        answer = gatehouse.store(with_token(session, token), "GET", "/")
        assert answer.refusal == (*UNKNOWN, UNKNOWN_SAID)
    for token in ("x", f"{session.token}x", (session.token or "")[:-1]):
        answer = gatehouse.store(with_token(session, token), "GET", "/")
        assert answer.refusal == (*GARBLED, GARBLED_SAID)
        assert answer.value("Token-0") == token


def test_long_term_keys_have_no_token(gatehouse: Gatehouse, session: Credentials) -> None:
    """W-67"""
    for token in ("x", session.token):
        answer = gatehouse.store(with_token(gatehouse.home, token), "GET", "/")
        assert answer.refusal == (*GARBLED, GARBLED_SAID)


def test_the_session_of_a_deleted_role(gatehouse: Gatehouse, session: Credentials) -> None:
    """W-64, W-89: whatever the signature."""
    gatehouse.done(gatehouse.call(gatehouse.away, "DeleteRole", RoleName="guest"))
    forged = Credentials(session.access_key, "x" * 40, session.token)
    for keys in (session, forged):
        assert gatehouse.store(keys, "GET", "/").refusal == (*UNKNOWN, UNKNOWN_SAID)


def test_a_session_that_has_ended(gatehouse: Gatehouse, session: Credentials) -> None:
    """W-66: before its signature is looked at, and before the clock is."""
    gatehouse.authority = replace(gatehouse.authority, clock=lambda: time.time() + 3601)
    for keys in (session, Credentials(session.access_key, "x" * 40, session.token)):
        answer = gatehouse.store(keys, "GET", "/")
        assert answer.refusal == (400, "ExpiredToken", "The provided token has expired.")
        assert answer.value("Token-0") == session.token


@pytest.mark.parametrize("authorization", [None, "", " "])
def test_nobody_has_signed(gatehouse: Gatehouse, authorization: str | None) -> None:
    """W-88: an empty header is none."""
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/private-bucket"))
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/private-bucket/key", b"x"))
    headers = {} if authorization is None else {"Authorization": authorization}
    for path in ("/", "/private-bucket", "/private-bucket/key"):
        answer = gatehouse.store(None, "GET", path, headers=headers)
        assert answer.refusal == (403, "AccessDenied", "Access Denied")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_whoever_is_refused_learns_the_region_of_a_bucket(
    gatehouse: Gatehouse, method: str
) -> None:
    """W-12: of one that is there, whatever is wrong with the request."""
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/private-bucket"))

    def region(bucket: str, **headers: str) -> str | None:
        fields = Headers([("host", "localhost:4566"), *headers.items()])
        response = handle(HttpRequest(method, f"/{bucket}", "", fields), gatehouse.authority)
        assert response.status >= 400
        return dict(response.headers).get("x-amz-bucket-region")

    assert region("private-bucket") == "us-east-1"
    assert region("private-bucket", authorization="AWS4-HMAC-SHA256 x") == "us-east-1"
    assert region("no-such-bucket") is None


def test_the_scope_comes_first_and_leave_last(gatehouse: Gatehouse, session: Credentials) -> None:
    """W-70, W-89: scope, key and token, signature, leave."""
    nobody = Credentials("AKIAIOSFODNN7EXAMPLE", "x" * 40)
    request = AWSRequest("GET", f"{HERE}/", {}, b"")
    S3SigV4Auth(nobody, "s3", "us-east-1").add_auth(request)
    signed = request.headers["Authorization"]
    request.headers.replace_header("Authorization", signed.replace("aws4_", "aws5_"))
    said = gatehouse.send(request, b"").refusal
    assert said[:2] == (400, "AuthorizationHeaderMalformed")
    forged = Credentials(session.access_key, "x" * 40, session.token)
    assert gatehouse.store(forged, "GET", "/").refusal[1] == "SignatureDoesNotMatch"
    assert gatehouse.store(with_token(forged, "x"), "GET", "/").refusal[:2] == GARBLED
    denied = gatehouse.store(session, "GET", "/").refusal
    assert denied[:2] == (403, "AccessDenied")
    assert f"arn:aws:sts::{AWAY}:assumed-role/guest/" in denied[2]
