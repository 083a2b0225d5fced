"""S3 on the wire: which operation is meant, what it is given, what goes out (G2, W-12)."""

import base64
import hashlib
import zlib
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.model.faults import Fault
from sekisho.wire.http import Headers, HttpRequest, WholeBody
from sekisho.wire.rest_xml import ObjectRoute
from sekisho.wire.route import find_route

REQUEST_ID = "c6104cbe-af31-11e0-8154-cbc7ccf896c7"


def asked(
    method: str,
    target: str,
    body: bytes = b"",
    host: str = "127.0.0.1:9000",
    headers: dict[str, str] | None = None,
) -> HttpRequest:
    path, _, query = target.partition("?")
    fields = {"host": host} | (headers or {})
    if query == "delete":
        fields.setdefault("content-md5", md5(body))
    return HttpRequest(method, path, query, Headers(fields.items()), WholeBody(body))


def md5(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body).digest()).decode()


def parse(request: HttpRequest) -> dict[str, Any]:
    route = find_route(request)
    assert route.fault is None, route.fault
    return route.parse(request)


def refusal(request: HttpRequest) -> tuple[int, str]:
    route = find_route(request)
    with pytest.raises(Fault) as caught:
        route.parse(request)
    return caught.value.status, caught.value.code


COPY = {"x-amz-copy-source": "b/k"}


@pytest.mark.parametrize(
    ("method", "target", "headers", "operation"),
    [
        ("PUT", "/b", {}, "CreateBucket"),  # W-286
        ("GET", "/", {}, "ListBuckets"),
        ("GET", "/?x-id=ListBuckets", {}, "ListBuckets"),
        ("GET", "/b?list-type=2&prefix=&delimiter=%2F", {}, "ListObjectsV2"),
        ("GET", "/b", {}, "ListObjects"),
        ("GET", "/b/", {}, "ListObjects"),
        ("GET", "/b?versions", {}, "ListObjectVersions"),
        ("HEAD", "/b", {}, "HeadBucket"),
        ("DELETE", "/b", {}, "DeleteBucket"),
        ("POST", "/b?delete", {}, "DeleteObjects"),
        ("GET", "/b?policy", {}, "GetBucketPolicy"),
        ("PUT", "/b?policy=", {}, "PutBucketPolicy"),
        ("GET", "/b?policyStatus", {}, "GetBucketPolicyStatus"),
        ("GET", "/b?location", {}, "GetBucketLocation"),
        ("GET", "/b?lifecycle", {}, "GetBucketLifecycleConfiguration"),
        ("GET", "/b?analytics", {}, "ListBucketAnalyticsConfigurations"),
        ("GET", "/b?analytics&id=x", {}, "GetBucketAnalyticsConfiguration"),
        ("PUT", "/b/k", {}, "PutObject"),
        ("PUT", "/b/k?x-id=PutObject", {}, "PutObject"),
        ("PUT", "/b/k", COPY, "CopyObject"),
        ("PUT", "/b/k?partNumber=1&uploadId=u", {}, "UploadPart"),
        ("PUT", "/b/k?partNumber=1&uploadId=u", COPY, "UploadPartCopy"),
        ("POST", "/b/k?uploads", {}, "CreateMultipartUpload"),
        ("POST", "/b/k?uploadId=u", {}, "CompleteMultipartUpload"),
        ("DELETE", "/b/k?uploadId=u", {}, "AbortMultipartUpload"),
        ("GET", "/b/k?uploadId=u", {}, "ListParts"),
        ("GET", "/b?uploads", {}, "ListMultipartUploads"),
        ("GET", "/b/k", {}, "GetObject"),
        ("GET", "/b/k?versionId=v&partNumber=2", {}, "GetObject"),
        ("GET", "/b/k?attributes", {"x-amz-object-attributes": "ETag"}, "GetObjectAttributes"),
        ("HEAD", "/b/k", {}, "HeadObject"),
        ("DELETE", "/b/k?versionId=v", {}, "DeleteObject"),
        ("GET", "/b/k?tagging", {}, "GetObjectTagging"),
        ("GET", "/b/k?acl", {}, "GetObjectAcl"),
    ],
)
def test_operations(method: str, target: str, headers: dict[str, str], operation: str) -> None:
    route = find_route(asked(method, target, headers=headers))
    assert (route.service, route.operation, route.fault) == ("s3", operation, None)


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("DELETE", "/b?acl"),
        ("DELETE", "/b?versioning"),
        ("DELETE", "/b?list-type=2"),
        ("DELETE", "/b/k?acl"),
        ("PUT", "/b/k?uploads"),
        ("PUT", "/b/k?uploadId=u"),
        ("PUT", "/b/k?partNumber=1"),
        ("GET", "/b/k?policy"),
        ("GET", "/b?policy&acl"),
        ("POST", "/b"),
        ("POST", "/b/k"),
        ("POST", "/"),
        ("PATCH", "/b/k"),
    ],
)
def test_no_sub_resource_is_passed_over(method: str, target: str) -> None:
    """DELETE ?acl must never become the deletion of the bucket."""
    route = find_route(asked(method, target))
    assert route.fault is not None
    assert (route.fault.code, route.fault.status) == ("MethodNotAllowed", 405)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/b/a//b", "a//b"),
        ("/b//a", "/a"),
        ("/b/a/", "a/"),
        ("/b/./x/../y", "./x/../y"),
        ("/b/a%2Fb", "a/b"),
        ("/b/a%20b+c%2B/%C3%BC", "a b+c+/ü"),
        ("/b/%00%0A", "\0\n"),
        ("/b/%25%32%35", "%25"),
    ],
)
def test_keys_are_decoded_once(path: str, key: str) -> None:
    found = parse(asked("GET", path))
    assert (found["Bucket"], found["Key"]) == ("b", key)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_every_key_arrives(key: str) -> None:
    path = "/bucket/" + "".join(f"%{byte:02X}" for byte in key.encode())
    assert parse(asked("GET", path))["Key"] == key


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/b/%", "InvalidURI"),
        ("/b/%zz", "InvalidURI"),
        ("/b/%ff", "InvalidURI"),
        ("//k", "InvalidURI"),
        ("b/k", "InvalidURI"),
        ("/a%2Fb", "InvalidBucketName"),
        ("/a%2Fb/k", "InvalidBucketName"),
        ("/a*/k", "InvalidBucketName"),
        ("/b/" + "k" * 1025, "KeyTooLongError"),
        ("/b/" + "%C3%BC" * 513, "KeyTooLongError"),
    ],
)
def test_paths_that_name_nothing(path: str, code: str) -> None:
    assert refusal(asked("GET", path)) == (400, code)


@pytest.mark.parametrize(
    ("host", "bucket"),
    [
        ("localhost:9000", "x"),
        ("s3.localhost:9000", "x"),
        ("s3.eu-west-1.localhost", "x"),
        ("127.0.0.1:9000", "x"),
        ("example.com", "x"),
        ("b.localhost:9000", "b"),
        ("b.s3.localhost", "b"),
        ("b.s3.eu-west-1.localhost", "b"),
        ("my.bucket.localhost", "my.bucket"),
    ],
)
def test_bucket_in_the_host(host: str, bucket: str) -> None:
    """W-314."""
    found = parse(asked("GET", "/x/k", host=host))
    assert (found["Bucket"], found["Key"]) == (bucket, "k" if bucket == "x" else "x/k")


# inputs


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


def test_documents_are_held_to_their_signed_hash() -> None:
    """W-87: a signature covers the hash, and the hash the policy that is put."""
    signed = {"x-amz-content-sha256": hashlib.sha256(b"{}").hexdigest()}
    assert parse(asked("PUT", "/b?policy", b"{}", headers=signed))["Policy"] == "{}"
    other = asked("PUT", "/b?policy", b'{"a": 1}', headers=signed)
    assert refusal(other) == (400, "XAmzContentSHA256Mismatch")
    assert refusal(asked("PUT", "/b?policy", b"", headers=signed))[0] == 400


def test_documents_may_come_in_unsigned_chunks() -> None:
    headers = {
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-decoded-content-length": "2",
        "x-amz-trailer": "x-amz-checksum-crc32",
    }
    body = b"2\r\n{}\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n"
    assert parse(asked("PUT", "/b?policy", body, headers=headers))["Policy"] == "{}"
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


# answers


def answer(method: str, target: str, output: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
    response = find_route(asked(method, target)).render(output, REQUEST_ID)
    if isinstance(response.body, bytes) and method != "HEAD":
        assert response.length == len(response.body)
    return response.status, dict(response.headers), response.body


def test_listing() -> None:
    """W-313."""
    contents = [{"Key": "a<b", "LastModified": 1738314000, "ETag": '"x"', "Size": 3}]
    status, headers, body = answer(
        "GET", "/b?list-type=2", {"Name": "b", "IsTruncated": False, "Contents": contents}
    )
    assert (status, headers["Content-Type"]) == (200, "application/xml")
    assert body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>'
        "<IsTruncated>false</IsTruncated><Contents><Key>a&lt;b</Key>"
        '<LastModified>2025-01-31T09:00:00.000Z</LastModified><ETag>"x"</ETag><Size>3</Size>'
        "</Contents></ListBucketResult>"
    )


@pytest.mark.parametrize(("region", "inner"), [(None, ""), ("eu-west-1", "eu-west-1")])
def test_location(region: str | None, inner: str) -> None:
    """W-305."""
    _, _, body = answer("GET", "/b?location", {"LocationConstraint": region})
    root = ElementTree.fromstring(body)
    assert root.tag == "{http://s3.amazonaws.com/doc/2006-03-01/}LocationConstraint"
    assert (root.text or "", len(root)) == (inner, 0)


def test_grantee_tells_its_type() -> None:
    grantee = {"Type": "CanonicalUser", "ID": "x"}
    _, _, body = answer("GET", "/b?acl", {"Grants": [{"Grantee": grantee, "Permission": "READ"}]})
    assert (
        b'<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        b'xsi:type="CanonicalUser"><ID>x</ID></Grantee>'
    ) in body


def test_object() -> None:
    output = {
        "Body": iter([b"ab", b"c"]),
        "ContentLength": 3,
        "ETag": '"x"',
        "LastModified": 1738314000,
        "Metadata": {"color": "red\r\nSet-Cookie: x"},
        "ContentType": "text/plain",
    }
    route = find_route(asked("GET", "/b/k"))
    response = route.render(output, REQUEST_ID)
    assert (response.status, response.length) == (200, 3)
    assert b"".join(response.body) == b"abc"  # type: ignore[arg-type]
    headers = dict(response.headers)
    assert headers["Last-Modified"] == "Fri, 31 Jan 2025 09:00:00 GMT"
    assert headers["x-amz-meta-color"] == "red  Set-Cookie: x"
    assert "Content-Length" not in headers
    output |= {"Body": iter([b"b"]), "ContentRange": "bytes 1-1/3", "ContentLength": 1}
    assert route.render(output, REQUEST_ID).status == 206
    head = find_route(asked("HEAD", "/b/k")).render({"ContentLength": 3}, REQUEST_ID)
    assert (head.body, head.length) == (b"", 3)


@pytest.mark.parametrize(
    ("method", "target", "output", "status", "body"),
    [
        ("DELETE", "/b", {}, 204, b""),
        ("PUT", "/b?policy", {}, 204, b""),
        ("PUT", "/b", {"Location": "/b"}, 200, b""),
        ("GET", "/b?policy", {"Policy": '{"a": 1}'}, 200, b'{"a": 1}'),
    ],
)
def test_statuses(
    method: str, target: str, output: dict[str, Any], status: int, body: bytes
) -> None:
    """W-284, W-303, W-304."""
    found = answer(method, target, output)
    assert (found[0], found[2]) == (status, body)


def test_error_body() -> None:
    """W-12."""
    details = {"BucketName": "b<", "x-amz-bucket-region": "eu-west-1", "X-Amz-Expires": "60"}
    fault = Fault("NoSuchBucket", 404, "The specified bucket does not exist", details)
    response = find_route(asked("GET", "/b")).render_fault(fault, REQUEST_ID)
    headers = dict(response.headers)
    assert headers["x-amz-bucket-region"] == "eu-west-1"
    assert headers["x-amz-request-id"] == REQUEST_ID
    assert isinstance(response.body, bytes)
    assert response.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchBucket</Code>'
        "<Message>The specified bucket does not exist</Message><BucketName>b&lt;</BucketName>"
        f"<X-Amz-Expires>60</X-Amz-Expires><RequestId>{REQUEST_ID}</RequestId>"
        f"<HostId>{headers['x-amz-id-2']}</HostId></Error>"
    )


def test_answers_without_a_body() -> None:
    """W-12: errors of HEAD; and 304, whose details are headers."""
    response = find_route(asked("HEAD", "/b/k")).render_fault(Fault("NoSuchKey", 404), REQUEST_ID)
    assert (response.status, response.body, response.length) == (404, b"", 0)
    fault = Fault("NotModified", 304, details={"ETag": '"x"'})
    response = find_route(asked("GET", "/b/k")).render_fault(fault, REQUEST_ID)
    assert (response.status, response.body) == (304, b"")
    assert ("ETag", '"x"') in response.headers


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["GET", "PUT", "HEAD", "?"]))
def test_finding_a_route_never_raises(path: str, query: str, method: str) -> None:
    request = HttpRequest(method, "/" + path, query, Headers([("host", path)]))
    route = find_route(request)
    assert route.fault is not None or isinstance(route, ObjectRoute)
    if route.fault is not None:
        assert route.render_fault(route.fault, REQUEST_ID).status >= 300
