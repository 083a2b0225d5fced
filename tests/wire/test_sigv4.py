"""Signature Version 4 against AWS's published examples and against botocore (A2, A4, A5)."""

import hashlib
import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sekisho.model.faults import Fault
from sekisho.wire.http import Headers, HttpRequest, WholeBody
from sekisho.wire.sigv4 import Claim, Form, read_claim, signing_key, verify
from wire.signing import (
    IDENTITY,
    KEY,
    SECRET,
    moment_of,
    presigned_call,
    presigned_object,
    presigned_object_v2,
    signed_call,
    signed_object,
)

QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def claim_of(request: HttpRequest, service: str) -> Claim:
    claim = read_claim(request, service)
    assert claim is not None
    return claim


def check(request: HttpRequest, service: str, now: float | None = None) -> Claim:
    claim = claim_of(request, service)
    verify(claim, request, SECRET, time.time() if now is None else now)
    return claim


def with_headers(request: HttpRequest, **changed: str | None) -> HttpRequest:
    """The request with headers replaced, or left out where the new value is None."""
    named = {name.replace("_", "-"): value for name, value in changed.items()}
    kept = [(name, value) for name, value in request.headers if name not in named]
    kept += [(name, value) for name, value in named.items() if value is not None]
    return request._replace(headers=Headers(kept))


def refusal(request: HttpRequest, service: str, now: float | None = None) -> Fault:
    with pytest.raises(Fault) as caught:
        check(request, service, now)
    return caught.value


# AWS's examples


def test_published_example_of_iam() -> None:
    """W-19, W-20: the ListUsers example of the General Reference's signing walk-through."""
    authorization = (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, "
        "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    )
    request = HttpRequest(
        "GET",
        "/",
        "Action=ListUsers&Version=2010-05-08",
        Headers(
            [
                ("Authorization", authorization),
                ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
                ("host", "iam.amazonaws.com"),
                ("x-amz-date", "20150830T123600Z"),
            ]
        ),
    )
    claim = claim_of(request, "iam")
    verify(claim, request, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", claim.time)


def test_published_example_of_s3() -> None:
    """W-19: the GET of a range in the S3 reference's signing examples."""
    empty = hashlib.sha256(b"").hexdigest()
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={KEY}/20130524/us-east-1/s3/aws4_request,"
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )
    request = HttpRequest(
        "GET",
        "/test.txt",
        "",
        Headers(
            [
                ("Host", "examplebucket.s3.amazonaws.com"),
                ("Authorization", authorization),
                ("Range", "bytes=0-9"),
                ("x-amz-content-sha256", empty),
                ("x-amz-date", "20130524T000000Z"),
            ]
        ),
    )
    claim = claim_of(request, "s3")
    verify(claim, request, SECRET, claim.time)


# botocore signs, we accept


@pytest.mark.parametrize("service", ["iam", "sts"])
@pytest.mark.parametrize("token", [None, "FwoGZXIvYXdzEBY//+="])
def test_signed_calls_are_accepted(service: str, token: str | None) -> None:
    """W-3, W-7, W-23, W-24: whatever the region; the host is signed with its port."""
    claim = check(signed_call(service=service, token=token), service)
    assert (claim.access_key_id, claim.token) == (KEY, token)
    assert (claim.scope.region, claim.scope.service) == ("eu-west-1", service)


def test_presigned_call_is_accepted() -> None:
    """W-25."""
    claim = check(presigned_call(), "sts")
    assert claim.form is Form.QUERY


PATHS = [
    "/",
    "/bucket",
    "/bucket?policy",
    "/bucket?list-type=2&prefix=a%2Fb&delimiter=%2F&encoding-type=url",
    "/bucket/key",
    "/bucket/a//b",
    "/bucket/./x/../y",
    "/bucket/a%20b%2Bc/%C3%BC",
    "/bucket/a%2Fb",
    "/bucket/key?partNumber=1&uploadId=abc~_-.",
    "/bucket/key?response-content-type=text%2Fplain%3B%20a",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", [None, "FwoGZXIvYXdzEBY//+="])
def test_signed_objects_are_accepted(path: str, token: str | None) -> None:
    """W-21, W-24: a path of S3 is signed as it is sent."""
    assert check(signed_object("PUT", path, token=token), "s3").token == token


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", [None, "FwoGZXIvYXdzEBY//+="])
def test_presigned_objects_are_accepted(path: str, token: str | None) -> None:
    """W-21, W-24, W-25."""
    claim = check(presigned_object("GET", path, token=token), "s3")
    assert (claim.form, claim.token, claim.expires) == (Form.QUERY, token, 60)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", [None, "FwoGZXIvYXdzEBY//+="])
def test_version_two_urls_are_accepted(path: str, token: str | None) -> None:
    """W-91, W-92."""
    claim = check(presigned_object_v2("GET", path, token=token), "s3")
    assert (claim.form, claim.token, claim.access_key_id) == (Form.QUERY_V2, token, KEY)


def test_version_two_url_of_a_bucket_in_the_host() -> None:
    request = presigned_object_v2("GET", "/bucket/key")
    moved = with_headers(request._replace(raw_path="/key"), host="bucket.localhost:5000")
    assert check(moved, "s3").form is Form.QUERY_V2


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20),
    st.dictionaries(
        st.sampled_from(["x-amz-meta-a", "x-amz-acl", "cache-control"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    ),
)
@QUICK
def test_every_key_and_header_botocore_signs_is_accepted(key: str, headers: dict[str, str]) -> None:
    from urllib.parse import quote

    check(signed_object("PUT", "/bucket/" + quote(key, safe="/~"), headers=headers), "s3")


# what was changed is refused


@given(st.data())
@QUICK
def test_no_changed_call_is_accepted(data: st.DataObject) -> None:
    request = signed_call(token="token")
    name = data.draw(st.sampled_from(["content-type", "host", "x-amz-date", "body", "token"]))
    if name == "body":
        changed = data.draw(st.binary(max_size=60).filter(lambda body: body != IDENTITY))
        mutant = request._replace(body=WholeBody(changed))
    elif name == "token":
        mutant = with_headers(request, x_amz_security_token=data.draw(st.sampled_from(["", "x"])))
    elif name == "x-amz-date":
        day = request.headers.get("x-amz-date", "")
        mutant = with_headers(request, x_amz_date=day[:-2] + ("0" if day[-2] != "0" else "1") + "Z")
    else:
        text = request.headers.get(name, "")
        extra = data.draw(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
        mutant = with_headers(request, **{name.replace("-", "_"): text + extra})
    assert refusal(mutant, "sts").code in ("SignatureDoesNotMatch", "IncompleteSignature")


@given(st.data())
@QUICK
def test_no_changed_object_request_is_accepted(data: st.DataObject) -> None:
    request = signed_object("PUT", "/bucket/key?tagging", headers={"x-amz-meta-a": "1"})
    part = data.draw(st.sampled_from(["method", "path", "query", "header", "extra"]))
    word = data.draw(st.from_regex(r"[a-z0-9%2F/=&]{1,8}", fullmatch=True))
    if part == "method":
        mutant = request._replace(method="DELETE")
    elif part == "path":
        mutant = request._replace(raw_path=f"/bucket/key{word}")
    elif part == "query":
        mutant = request._replace(query=f"{word}=1&tagging")
    elif part == "header":
        mutant = with_headers(request, x_amz_meta_a=f"1 {word}")
    else:
        mutant = with_headers(request, x_amz_acl="public-read")
    fault = refusal(mutant, "s3")
    assert (fault.status, fault.code) in [(403, "SignatureDoesNotMatch"), (403, "AccessDenied")]


@given(st.data())
@QUICK
def test_no_changed_signature_or_scope_is_accepted(data: st.DataObject) -> None:
    request = signed_call()
    text = request.headers.get("authorization", "")
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    changed = text[:place] + letter + text[place + 1 :]
    if changed in (text, text.replace(", ", ",", 1)):
        return
    mutant = with_headers(request, authorization=changed)
    try:
        claim = read_claim(mutant, "sts")
        assert claim is not None
        if claim.access_key_id != KEY or "\xa0" in changed:
            return  # another key: the gate looks up another secret
        verify(claim, mutant, SECRET, time.time())
    except Fault as fault:
        assert fault.status in (400, 403)
        return
    original = claim_of(request, "sts")
    assert claim == original  # nothing but white space was changed


@pytest.mark.parametrize(
    "added", ["policy", "acl", "legal-hold", "publicAccessBlock=", "%61cl", "%78-amz-acl=x"]
)
def test_version_two_url_cannot_be_turned_to_another_sub_resource(added: str) -> None:
    request = presigned_object_v2("PUT", "/bucket")
    mutant = request._replace(query=f"{request.query}&{added}")
    assert refusal(mutant, "s3").code == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("path", "headers", "signed", "sent"),
    [
        (
            f"/bucket/key?response-cache-control=no-cache&versionId={'0' * 32}",
            {},
            "&versionId=",
            "%26versionId%3D",
        ),
        ("/bucket/key?response-cache-control=a%2Bb", {}, "a%2Bb", "a+b"),
        (
            "/bucket/key",
            {"x-amz-tagging": "a=b", "x-amz-website-redirect-location": "/c"},
            "&x-amz-website-redirect-location=",
            "%0Ax-amz-website-redirect-location:",
        ),
    ],
)
def test_what_version_two_signs_alike_is_not_all_accepted(
    path: str, headers: dict[str, str], signed: str, sent: str
) -> None:
    """W-92: the text that is signed does not tell where a value ends."""
    request = presigned_object_v2("GET", path, headers=headers)
    check(request, "s3")
    assert signed in request.query
    mutant = request._replace(query=request.query.replace(signed, sent))
    assert refusal(mutant, "s3").code == "SignatureDoesNotMatch"


def test_another_secret_is_refused_with_awss_words() -> None:
    request = signed_call()
    with pytest.raises(Fault) as caught:
        verify(claim_of(request, "sts"), request, SECRET[:-1], time.time())
    assert caught.value.message == (  # W-58, W-60: without what was signed
        "The request signature we calculated does not match the signature you provided. Check "
        "your AWS Secret Access Key and signing method. Consult the service documentation for "
        "details."
    )


def test_s3_tells_what_it_signed_but_not_the_right_signature() -> None:
    """W-65."""
    request = signed_object()
    claim = claim_of(request, "s3")
    wrong = claim._replace(signature="0" * 64)
    with pytest.raises(Fault) as caught:
        verify(wrong, request, SECRET, time.time())
    details = caught.value.details
    assert caught.value.message == (
        "The request signature we calculated does not match the signature you provided. Check "
        "your key and signing method."
    )
    assert list(details) == [
        "AWSAccessKeyId",
        "StringToSign",
        "SignatureProvided",
        "StringToSignBytes",
        "CanonicalRequest",
        "CanonicalRequestBytes",
    ]
    assert bytes.fromhex(details["StringToSignBytes"]).decode() == details["StringToSign"]
    assert claim.signature not in "".join(details.values())


def test_of_version_two_s3_tells_no_canonical_request() -> None:
    """W-65."""
    request = presigned_object_v2()
    with pytest.raises(Fault) as caught:
        verify(claim_of(request, "s3"), request, SECRET[:-1], time.time())
    shown = ["AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes"]
    assert list(caught.value.details) == shown


# the clock

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.mark.parametrize("seconds", [-900, 0, 900])
def test_fifteen_minutes_each_way(seconds: int) -> None:
    """W-27."""
    request = signed_call()
    check(request, "sts", moment_of(request) + seconds)
    check(signed := signed_object(), "s3", moment_of(signed) + seconds)


def test_texts_of_the_clock() -> None:
    """W-50, W-51."""
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={KEY}/20220127/us-east-1/sts/aws4_request, "
        f"SignedHeaders=host, Signature={'0' * 64}"
    )
    headers = Headers(
        [("host", "x"), ("x-amz-date", "20220127T001427Z"), ("authorization", authorization)]
    )
    request = HttpRequest("POST", "/", "", headers)
    late = claim_of(request, "sts").time + 6301
    assert refusal(request, "sts", late).message == (
        "Signature expired: 20220127T001427Z is now earlier than 20220127T014428Z "
        "(20220127T015928Z - 15 min.)"
    )
    early = claim_of(request, "sts").time - 901
    assert refusal(request, "sts", early).message == (
        "Signature not yet current: 20220127T001427Z is still later than 20220127T001426Z "
        "(20220126T235926Z + 15 min.)"
    )


def test_s3_tells_the_skew() -> None:
    """W-74."""
    request = signed_object()
    fault = refusal(request, "s3", moment_of(request) + 901)
    assert (fault.code, fault.status) == ("RequestTimeTooSkewed", 403)
    said = "The difference between the request time and the current time is too large."
    assert fault.message == said
    assert list(fault.details) == ["RequestTime", "ServerTime", "MaxAllowedSkewMilliseconds"]
    assert fault.details["MaxAllowedSkewMilliseconds"] == "900000"


def test_presigned_urls_end() -> None:
    """W-77, W-78, W-79; moments are told as W-94 has them."""
    request = presigned_object(expires=60)
    start = claim_of(request, "s3").time
    check(request, "s3", start + 60)
    fault = refusal(request, "s3", start + 61)
    assert (fault.code, fault.message) == ("AccessDenied", "Request has expired")
    assert list(fault.details) == ["X-Amz-Expires", "Expires", "ServerTime"]
    assert all(ISO.fullmatch(fault.details[name]) for name in ("Expires", "ServerTime"))
    early = refusal(request, "s3", start - 901)
    assert (early.status, early.code) == (403, "AccessDenied")
    assert early.message == "Request is not valid yet"
    request = presigned_object_v2(expires=60)
    end = claim_of(request, "s3").time
    check(request, "s3", end)
    fault = refusal(request, "s3", end + 1)
    assert (fault.code, fault.message) == ("AccessDenied", "Request has expired")
    assert list(fault.details) == ["Expires", "ServerTime"]
    assert all(ISO.fullmatch(moment) for moment in fault.details.values())


# what must be signed


def test_unsigned_amazon_headers_are_named() -> None:
    """W-76, for both places of the signature."""
    for request in (signed_object(), presigned_object()):
        mutant = with_headers(request, x_amz_acl="private", x_amz_meta_a="1")
        fault = refusal(mutant, "s3")
        assert (fault.status, fault.code) == (403, "AccessDenied")
        assert fault.message == "There were headers present in the request which were not signed"
        assert fault.details == {"HeadersNotSigned": "x-amz-acl, x-amz-meta-a"}


def test_explicit_hash_must_be_right() -> None:
    """W-28: IAM and STS take a right one and no other."""
    right = hashlib.sha256(IDENTITY).hexdigest()
    form = "application/x-www-form-urlencoded"
    request = signed_call(headers={"Content-Type": form, "X-Amz-Content-SHA256": right})
    check(request, "sts")
    for wrong in ("UNSIGNED-PAYLOAD", "0" * 64):
        mutant = with_headers(request, x_amz_content_sha256=wrong)
        assert refusal(mutant, "sts").code == "SignatureDoesNotMatch"


def test_a_second_token_spoils_the_first() -> None:
    request = signed_call(token="token")
    pairs = [*request.headers, ("X-Amz-Security-Token", "other")]
    mutant = request._replace(headers=Headers(pairs))
    assert claim_of(mutant, "sts").token == "token,other"
    assert refusal(mutant, "sts").code == "SignatureDoesNotMatch"


def test_claims_keep_their_secrets_to_themselves() -> None:
    request = signed_call(token="FwoGZXIvYXdzEBY")
    claim = claim_of(request, "sts")
    shown = repr(claim) + repr(request)
    assert "FwoGZXIvYXdzEBY" not in shown
    assert claim.signature not in shown
    assert not re.search(r"[0-9a-f]{64}", shown)


def test_signing_key_of_the_documentation() -> None:
    key = signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "iam")
    assert key.hex() == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"
