"""S3 on the wire: what an operation is given, by path, query, headers and body (G2)."""

import base64
import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.model.faults import Fault
from sekisho.wire.http import Headers, HttpRequest, WholeBody
from sekisho.wire.route import find_route
from wire.asking import asked, md5, parse, refusal


def test_members_from_all_places() -> None:
    request = asked(
        "PUT",
        "/b/k?x-amz-acl=private",
        b"content",
        headers={
            "x-amz-meta-Color": "red",
            "x-amz-meta-size": "4",
            "content-type": "text/plain",
            "expires": "never",
            "x-amz-server-side-encryption-bucket-key-enabled": "true",
            "if-none-match": "*",
        },
    )
    found = parse(request)
    assert found == {
        "Bucket": "b",
        "Key": "k",
        "ACL": "private",
        "Metadata": {"color": "red", "size": "4"},
        "ContentType": "text/plain",
        "Expires": "never",
        "BucketKeyEnabled": True,
        "IfNoneMatch": "*",
    }


def test_a_date_that_is_none_is_ignored() -> None:
    good = asked("GET", "/b/k", headers={"if-modified-since": "Fri, 31 Jan 2025 09:00:00 GMT"})
    assert parse(good)["IfModifiedSince"] == 1738314000
    bad = asked("GET", "/b/k", headers={"if-modified-since": "yesterday"})
    assert "IfModifiedSince" not in parse(bad)


@pytest.mark.parametrize(
    "time", ["999999999999", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-00:01"]
)
def test_times_beyond_years_of_four_digits_are_none(time: str) -> None:
    named = {"x-amz-object-lock-retain-until-date": time}
    assert refusal(asked("PUT", "/b/k", headers=named)) == (400, "InvalidArgument")
    body = f"<Retention><RetainUntilDate>{time}</RetainUntilDate></Retention>".encode()
    put = asked("PUT", "/b/k?retention", body, headers={"content-md5": md5(body)})
    assert refusal(put) == (400, "MalformedXML")
    latest = asked(
        "PUT", "/b/k", headers={"x-amz-object-lock-retain-until-date": "9999-12-31T23:59:59Z"}
    )
    assert parse(latest)["ObjectLockRetainUntilDate"] == 253_402_300_799


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/b?max-keys=x", {}),
        ("/b?max-keys=٣", {}),
        ("/b?max-keys=" + "9" * 5000, {}),
        ("/b/k?partNumber=", {}),
        ("/b/k?attributes", {}),
    ],
)
def test_values_of_the_wrong_kind(target: str, headers: dict[str, str]) -> None:
    assert refusal(asked("GET", target, headers=headers)) == (400, "InvalidArgument")


def test_other_headers_are_no_parameters() -> None:
    """W-92: what version 2 does not sign must not be said in a URL."""
    target = "/b/k?content-type=text/html&if-match=e&cache-control=no-store&content-encoding=x"
    assert parse(asked("PUT", target)) == {"Bucket": "b", "Key": "k", "Metadata": {}}


def test_documents_are_held_to_their_signed_hash() -> None:
    """W-87: a signature covers the hash, and the hash the policy that is put."""
    signed = {"x-amz-content-sha256": hashlib.sha256(b"{}").hexdigest()}
    assert parse(asked("PUT", "/b?policy", b"{}", headers=signed))["Policy"] == "{}"
    other = asked("PUT", "/b?policy", b'{"a": 1}', headers=signed)
    assert refusal(other) == (400, "XAmzContentSHA256Mismatch")
    assert refusal(asked("PUT", "/b?policy", b"", headers=signed))[0] == 400


def chunked(checksum: str) -> bytes:
    return f"2\r\n{{}}\r\n0\r\nx-amz-checksum-crc32:{checksum}\r\n\r\n".encode()


def test_documents_may_come_in_unsigned_chunks() -> None:
    """And are held to the checksum that comes after them (W-307)."""
    headers = {
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-decoded-content-length": "2",
        "x-amz-trailer": "x-amz-checksum-crc32",
    }
    right = base64.b64encode(zlib.crc32(b"{}").to_bytes(4)).decode()
    body = chunked(right)
    assert parse(asked("PUT", "/b?policy", body, headers=headers))["Policy"] == "{}"
    wrong = asked("PUT", "/b?policy", chunked("AAAAAA=="), headers=headers)
    assert refusal(wrong) == (400, "BadDigest")
    assert refusal(asked("PUT", "/b?policy", chunked("AAAA"), headers=headers))[0] == 400
    headers["x-amz-content-sha256"] = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
    assert refusal(asked("PUT", "/b?policy", body, headers=headers)) == (403, "AccessDenied")


NS = b' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


def test_delete_objects() -> None:
    body = (
        b"<Delete" + NS + b"><Object><Key>a&amp;b</Key></Object><Other/>"
        b"<Object><Key>c</Key><VersionId>v</VersionId></Object><Quiet>true</Quiet></Delete>"
    )
    assert parse(asked("POST", "/b?delete", body))["Delete"] == {
        "Objects": [{"Key": "a&b"}, {"Key": "c", "VersionId": "v"}],
        "Quiet": True,
    }


def test_policy_is_taken_as_it_came() -> None:
    assert parse(asked("PUT", "/b?policy", b'{"a": 1}\n'))["Policy"] == '{"a": 1}\n'


DELETION = b"<Delete><Object><Key>a</Key></Object></Delete>"
CRC32 = base64.b64encode(zlib.crc32(DELETION).to_bytes(4)).decode()


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"x-amz-checksum-crc32": CRC32}, None),
        ({"content-md5": md5(DELETION)}, None),
        ({}, "InvalidRequest"),
        ({"content-md5": md5(b"other")}, "BadDigest"),
        ({"content-md5": "nonsense"}, "InvalidDigest"),
        ({"x-amz-checksum-crc32": "AAAAAA=="}, "BadDigest"),
        ({"x-amz-checksum-crc32": "AAAA"}, "InvalidRequest"),
        ({"x-amz-checksum-sha256": "nonsense"}, "InvalidRequest"),
    ],
)
def test_a_batch_of_deletions_comes_with_its_digest(
    headers: dict[str, str], code: str | None
) -> None:
    """W-310: neither Content-MD5 nor a checksum alone is asked for, but one of them is."""
    fields = Headers([("host", "localhost"), *headers.items()])
    request = HttpRequest("POST", "/b", "delete", fields, WholeBody(DELETION))
    if code is None:
        assert parse(request)["Delete"] == {"Objects": [{"Key": "a"}]}
    else:
        assert refusal(request) == (400, code)


def test_what_a_batch_of_deletions_lacks() -> None:
    """W-310."""
    fields = Headers([("host", "localhost")])
    request = HttpRequest("POST", "/b", "delete", fields, WholeBody(DELETION))
    with pytest.raises(Fault) as caught:
        parse(request)
    assert caught.value.message == (
        "Missing required header for this request: Content-MD5 OR x-amz-checksum-*"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"nonsense",
        b"<Delete>",
        b"<Delete/>",
        b"<Delete><Object/></Delete>",
        b"<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>",
        b"<Delete><Object><Key><b/></Key></Object></Delete>",
        b"<Delete><Object><Key>a</Key></Object><Quiet>perhaps</Quiet></Delete>",
        b'<!DOCTYPE d [<!ENTITY a "b">]><Delete><Object><Key>&a;</Key></Object></Delete>',
        b"<a>" * 40 + b"</a>" * 40,
        b"<a>" + b"<b/>" * 60_000 + b"</a>",
        b"<?xml version='1.0' encoding='nonsense'?><Delete/>",
        b"\xff\xfe<",
    ],
)
def test_malformed_documents(body: bytes) -> None:
    assert refusal(asked("POST", "/b?delete", body)) == (400, "MalformedXML")


def test_bodies_that_are_missing_or_too_long() -> None:
    assert refusal(asked("POST", "/b?delete")) == (400, "MissingRequestBodyError")
    assert refusal(asked("PUT", "/b?policy")) == (400, "MissingRequestBodyError")
    assert parse(asked("PUT", "/b")) == {"Bucket": "b"}
    assert refusal(asked("PUT", "/b?policy", b"x" * (1 << 20 | 1))) == (400, "EntityTooLarge")
    assert refusal(asked("POST", "/b?delete", b"x" * (2 << 20 | 1))) == (400, "EntityTooLarge")


@given(st.binary(max_size=200))
def test_no_document_raises_anything_but_a_fault(body: bytes) -> None:
    for start in (b"", b"<Delete><Object><Key>"):
        request = asked("POST", "/b?delete", start + body)
        try:
            find_route(request).parse(request)
        except Fault as fault:
            assert fault.status == 400
