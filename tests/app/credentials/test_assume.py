"""The caller's side of AssumeRole: what is signed here is what the server verifies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.app.credentials.assume import Endpoint, endpoint_at, signed_headers
from sekisho.app.credentials.profiles import CredentialsError, Keys
from sekisho.wire.http import Headers, HttpRequest, WholeBody
from sekisho.wire.sigv4 import read_claim, verify

NOW = 1_738_314_000.0
TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)


@given(st.binary(max_size=200), TEXT, st.just("") | TEXT, st.sampled_from(["/", "/sts/", "/a%20b"]))
def test_what_is_signed_is_verified(body: bytes, secret: str, token: str, path: str) -> None:
    endpoint = Endpoint(False, "127.0.0.1:4566", path, "eu-west-1")
    fields = signed_headers(endpoint, Keys("AKIAIOSFODNN7EXAMPLE", secret, token), body, NOW)
    request = HttpRequest("POST", path, "", Headers(fields.items()), WholeBody(body))
    claim = read_claim(request, "sts")
    assert claim is not None
    assert (claim.access_key_id, claim.token or "") == ("AKIAIOSFODNN7EXAMPLE", token)
    verify(claim, request, secret, NOW)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("", Endpoint(True, "sts.eu-west-1.amazonaws.com", "/", "eu-west-1")),
        ("http://127.0.0.1:4566", Endpoint(False, "127.0.0.1:4566", "/", "eu-west-1")),
        ("http://localhost:1/x", Endpoint(False, "localhost:1", "/x", "eu-west-1")),
        ("http://[::1]:4566", Endpoint(False, "[::1]:4566", "/", "eu-west-1")),
        ("https://sts.example", Endpoint(True, "sts.example", "/", "eu-west-1")),
    ],
)
def test_endpoints(url: str, found: Endpoint) -> None:
    assert endpoint_at(url, "eu-west-1") == found


@pytest.mark.parametrize("url", ["127.0.0.1:4566", "ftp://x", "http://", "https://[", "http://h:x"])
def test_what_is_no_endpoint(url: str) -> None:
    with pytest.raises(CredentialsError, match="is no endpoint"):
        endpoint_at(url, "eu-west-1")


def test_credentials_do_not_travel_in_the_clear() -> None:
    with pytest.raises(CredentialsError, match="in the clear"):
        endpoint_at("http://sekisho.example", "eu-west-1")
    assert not endpoint_at("http://sekisho.example", "eu-west-1", insecure=True).is_secure
