"""S3 on the wire: what goes out (G2, W-12)."""

from typing import Any
from xml.etree import ElementTree

import pytest

from sekisho.model.faults import Fault
from sekisho.wire.route import find_route
from wire.asking import REQUEST_ID, asked


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
