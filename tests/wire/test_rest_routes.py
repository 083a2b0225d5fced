"""S3 on the wire: which operation is meant, of which bucket and key (G2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.wire.http import Headers, HttpRequest
from sekisho.wire.rest_xml import ObjectRoute
from sekisho.wire.route import find_route
from wire.asking import REQUEST_ID, asked, parse, refusal

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
        ("s3-backup.localhost", "s3-backup"),
        ("sts-logs.localhost:9000", "sts-logs"),
        ("team.iam.reports.localhost", "team.iam.reports"),
        ("b.s3-us-gov-west-1.localhost", "b"),
    ],
)
def test_bucket_in_the_host(host: str, bucket: str) -> None:
    """W-6, W-314."""
    found = parse(asked("GET", "/x/k", host=host))
    assert (found["Bucket"], found["Key"]) == (bucket, "k" if bucket == "x" else "x/k")


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["GET", "PUT", "HEAD", "?"]))
def test_finding_a_route_never_raises(path: str, query: str, method: str) -> None:
    request = HttpRequest(method, "/" + path, query, Headers([("host", path)]))
    route = find_route(request)
    assert route.fault is not None or isinstance(route, ObjectRoute)
    if route.fault is not None:
        assert route.render_fault(route.fault, REQUEST_ID).status >= 300
