"""Objects put, got, looked at and deleted; their headers, conditions and ranges."""

import hashlib
from typing import Any

import pytest

from sekisho.directory import intake
from sekisho.directory.queries import objects
from sekisho.services.s3.preconditions import names
from services.iam.office import NOW, allow
from services.s3.depot import NOBODY, Depot

BODY = b"0123456789"
ETAG = hashlib.md5(BODY).hexdigest()
QUOTED = f'"{ETAG}"'
FAILED = "At least one of the pre-conditions you specified did not hold"


def test_what_is_put_is_described(depot: Depot) -> None:
    """W-306, W-316: aws-chunked is the upload's, not the object's."""
    given = {
        "ContentType": "text/plain",
        "CacheControl": "no-cache",
        "ContentDisposition": 'attachment; filename="a"',
        "ContentEncoding": "aws-chunked, gzip",
        "ContentLanguage": "de",
        "Expires": "tomorrow",
        "Metadata": {"colour": "blue", "empty": ""},
        "ACL": "bucket-owner-full-control",
        "StorageClass": "STANDARD",
    }
    assert depot.put("k", BODY, **given)["ETag"] == QUOTED
    described = {
        "AcceptRanges": "bytes",
        "LastModified": NOW,
        "ContentLength": 10,
        "ETag": QUOTED,
        "CacheControl": "no-cache",
        "ContentDisposition": 'attachment; filename="a"',
        "ContentEncoding": "gzip",
        "ContentLanguage": "de",
        "ContentType": "text/plain",
        "Expires": "tomorrow",
        "Metadata": {"colour": "blue", "empty": ""},
    }
    assert depot.do("HeadObject", Key="k") == described
    output = depot.do("GetObject", Key="k")
    assert b"".join(output.pop("Body")) == BODY
    assert output == described


def test_a_plain_object_has_the_default_type(depot: Depot) -> None:
    depot.put("k", ContentEncoding="aws-chunked")
    assert depot.do("HeadObject", Key="k") == {
        "AcceptRanges": "bytes",
        "LastModified": NOW,
        "ContentLength": 0,
        "ETag": '"d41d8cd98f00b204e9800998ecf8427e"',
        "ContentType": "binary/octet-stream",
        "Metadata": {},
    }
    assert depot.content("k") == b""


@pytest.mark.parametrize("key", ["a b+c/ü", "../../etc/passwd", "/", "\x00", "😀" * 256, "null"])
def test_keys_are_opaque(depot: Depot, key: str) -> None:
    depot.put(key, BODY)
    assert depot.content(key) == BODY
    assert depot.do("DeleteObject", Key=key) == {}
    assert depot.refusal("GetObject", Key=key)[0] == "NoSuchKey"


def test_an_object_that_is_not_there(depot: Depot) -> None:
    """W-275, W-315"""
    for name in ("GetObject", "HeadObject"):
        fault = depot.fault(name, Key="k")
        assert (fault.code, fault.status) == ("NoSuchKey", 404)
        assert fault.message == "The specified key does not exist."
        assert fault.details == {"Key": "k"}
        assert depot.refusal(name, Key="k", VersionId="null")[:2] == ("NoSuchVersion", 404)
    assert depot.do("DeleteObject", Key="k") == {}
    assert depot.do("DeleteObject", Key="k", VersionId="null") == {"VersionId": "null"}


@pytest.mark.parametrize("name", ["GetObject", "HeadObject", "DeleteObject"])
def test_the_only_version_is_null(depot: Depot, name: str) -> None:
    """W-315"""
    depot.put("k", BODY)
    for version in ("", "3HL4kqtJvjVBH40Nrjfkd"):
        assert depot.refusal(name, Key="k", VersionId=version) == (
            "InvalidArgument",
            400,
            "Invalid version id specified",
        )
    depot.do(name, Key="k", VersionId="null")


@pytest.mark.parametrize(
    ("given", "code", "status"),
    [
        ({"ACL": "public-read"}, "AccessControlListNotSupported", 400),  # W-276
        ({"ACL": "authenticated-read"}, "AccessControlListNotSupported", 400),
        ({"GrantRead": "id=x"}, "AccessControlListNotSupported", 400),
        ({"StorageClass": "GLACIER"}, "InvalidStorageClass", 400),
        ({"ServerSideEncryption": "aws:kms"}, "NotImplemented", 501),
        ({"ServerSideEncryption": "rot13"}, "InvalidArgument", 400),
        ({"SSECustomerAlgorithm": "AES256"}, "NotImplemented", 501),
        ({"Tagging": "a=b&a=c"}, "InvalidArgument", 400),
        ({"Tagging": "=b"}, "InvalidArgument", 400),
        ({"Tagging": "a=%ff"}, "InvalidArgument", 400),
        ({"Tagging": "a=%3Cb"}, "InvalidTag", 400),
        ({"Tagging": "aws:a=b"}, "InvalidTag", 400),
        ({"Tagging": "a=" + "b" * 257}, "InvalidTag", 400),
        ({"Tagging": "&".join(f"a{n}=" for n in range(11))}, "BadRequest", 400),
        ({"ObjectLockLegalHoldStatus": "ON"}, "InvalidRequest", 400),
        ({"ObjectLockMode": "GOVERNANCE"}, "InvalidRequest", 400),
        ({"IfNoneMatch": QUOTED}, "NotImplemented", 501),  # W-311
        ({"IfMatch": "*"}, "NotImplemented", 501),
        ({"IfMatch": QUOTED, "IfNoneMatch": "*"}, "NotImplemented", 501),
        ({"Metadata": {"a": "x" * 2048}}, "MetadataTooLarge", 400),
        ({"Metadata": {"a\r\nset-cookie": "x"}}, "InvalidArgument", 400),
        ({"Metadata": {"a": "日"}}, "InvalidArgument", 400),
        ({"ContentType": "日"}, "InvalidArgument", 400),
    ],
)
def test_what_objects_do_not_have_is_refused(
    depot: Depot, given: dict[str, Any], code: str, status: int
) -> None:
    """Nothing is dropped in silence; and nothing is stored."""
    files = depot.files()
    assert depot.refusal("PutObject", body=BODY, Key="k", **given)[:2] == (code, status)
    assert depot.refusal("HeadObject", Key="k")[0] == "NoSuchKey"
    assert depot.files() == files


def test_two_kilobytes_of_metadata_are_the_limit(depot: Depot) -> None:
    depot.put("k", Metadata={"ab": "x" * 2040, "c": "yyyyy"})
    fault = depot.fault("PutObject", body=b"", Key="k", Metadata={"ab": "x" * 2047})
    assert fault.details == {"Size": "2049", "MaxSizeAllowed": "2048"}


def test_the_acl_refusal(depot: Depot) -> None:
    """PE-138"""
    said = depot.refusal("PutObject", body=b"", Key="k", ACL="public-read")
    assert said[2] == "The bucket does not allow ACLs"


MODIFIED, UNMODIFIED = NOW - 1, NOW


@pytest.mark.parametrize("name", ["GetObject", "HeadObject"])
@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"IfMatch": QUOTED}, 200),
        ({"IfMatch": ETAG}, 200),
        ({"IfMatch": "*"}, 200),
        ({"IfMatch": f'"x", {QUOTED}'}, 200),
        ({"IfMatch": '"x"'}, 412),
        ({"IfUnmodifiedSince": UNMODIFIED}, 200),
        ({"IfUnmodifiedSince": MODIFIED}, 412),
        ({"IfMatch": QUOTED, "IfUnmodifiedSince": MODIFIED}, 200),
        ({"IfMatch": '"x"', "IfUnmodifiedSince": UNMODIFIED}, 412),
        ({"IfNoneMatch": '"x"'}, 200),
        ({"IfNoneMatch": QUOTED}, 304),
        ({"IfNoneMatch": f"W/{QUOTED}"}, 304),
        ({"IfNoneMatch": "*"}, 304),
        ({"IfModifiedSince": MODIFIED}, 200),
        ({"IfModifiedSince": UNMODIFIED}, 304),
        ({"IfNoneMatch": '"x"', "IfModifiedSince": UNMODIFIED}, 200),
        ({"IfNoneMatch": QUOTED, "IfModifiedSince": MODIFIED}, 304),
        ({"IfMatch": '"x"', "IfNoneMatch": QUOTED}, 412),
    ],
)
def test_conditional_reads(depot: Depot, name: str, given: dict[str, Any], status: int) -> None:
    """RFC 9110, 13.2.2"""
    depot.put("k", BODY)
    if status == 200:
        assert depot.do(name, Key="k", **given)["ETag"] == QUOTED
        return
    fault = depot.fault(name, Key="k", **given)
    assert fault.status == status
    if status == 412:
        condition = "If-Match" if "IfMatch" in given else "If-Unmodified-Since"
        assert (fault.code, fault.message) == ("PreconditionFailed", FAILED)
        assert fault.details == {"Condition": condition}
    else:
        modified = "Fri, 31 Jan 2025 09:00:00 GMT"
        assert fault.details == {"ETag": QUOTED, "Last-Modified": modified}


def test_conditional_writes(depot: Depot) -> None:
    """W-311"""
    assert depot.refusal("PutObject", body=b"", Key="k", IfMatch=QUOTED)[0] == "NoSuchKey"
    depot.put("k", BODY, IfNoneMatch="*")
    files = depot.files()
    fault = depot.fault("PutObject", body=b"x", Key="k", IfNoneMatch="*")
    assert (fault.code, fault.status, fault.message) == ("PreconditionFailed", 412, FAILED)
    assert fault.details == {"Condition": "If-None-Match"}
    fault = depot.fault("PutObject", body=b"x", Key="k", IfMatch='"x"')
    assert (fault.status, fault.details) == (412, {"Condition": "If-Match"})
    assert depot.files() == files
    assert depot.content("k") == BODY
    depot.put("k", b"new", IfMatch=QUOTED)
    assert depot.content("k") == b"new"


def test_conditional_deletes(depot: Depot) -> None:
    assert depot.refusal("DeleteObject", Key="k", IfMatch="*")[0] == "NoSuchKey"
    depot.put("k", BODY)
    assert depot.refusal("DeleteObject", Key="k", IfMatch='"x"')[:2] == ("PreconditionFailed", 412)
    assert depot.refusal("DeleteObject", Key="k", IfMatchSize=10)[0] == "NotImplemented"
    assert depot.content("k") == BODY
    depot.do("DeleteObject", Key="k", IfMatch=QUOTED)
    assert depot.refusal("HeadObject", Key="k")[0] == "NoSuchKey"


@pytest.mark.parametrize("name", ["GetObject", "HeadObject"])
def test_a_part_of_an_object(depot: Depot, name: str) -> None:
    depot.put("k", BODY)
    output = depot.do(name, Key="k", Range="bytes=2-4", IfMatch=QUOTED)
    assert output["ContentRange"] == "bytes 2-4/10"
    assert output["ContentLength"] == 3
    if name == "GetObject":
        assert b"".join(output["Body"]) == b"234"


def test_part_numbers(depot: Depot) -> None:
    depot.put("k", BODY)
    first = depot.do("GetObject", Key="k", PartNumber=1)
    assert first["ContentRange"] == "bytes 0-9/10"
    assert depot.refusal("GetObject", Key="k", PartNumber=2) == (
        "InvalidPartNumber",
        416,
        "The requested partnumber is not satisfiable",
    )
    assert depot.refusal("GetObject", Key="k", PartNumber=0)[0] == "InvalidArgument"
    both = depot.refusal("GetObject", Key="k", PartNumber=1, Range="bytes=0-1")
    assert both[0] == "InvalidRequest"


def test_response_parameters(depot: Depot) -> None:
    depot.put("k", BODY, ContentType="text/plain")
    given: dict[str, Any] = {"ResponseContentType": "text/html", "ResponseExpires": NOW}
    for name in ("GetObject", "HeadObject"):
        output = depot.do(name, Key="k", **given)
        assert output["ContentType"] == "text/html"
        assert output["Expires"] == "Fri, 31 Jan 2025 09:00:00 GMT"
    fault = depot.fault("GetObject", Key="k", ResponseContentDisposition="日")
    assert fault.message == "Header value cannot be represented using ISO-8859-1."
    assert fault.details == {
        "ArgumentName": "response-content-disposition",
        "ArgumentValue": "日",
    }


def test_response_parameters_are_for_signed_requests(depot: Depot) -> None:
    depot.put("k", BODY)
    here = {"IpAddress": {"aws:SourceIp": "192.0.2.7/32"}}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Condition": here}
    policy = str({"Statement": [{**statement, "Resource": depot.arn("*")}]}).replace("'", '"')
    depot.do("PutBucketPolicy", Policy=policy)
    assert depot.content("k", NOBODY) == BODY
    assert depot.refusal("GetObject", NOBODY, Key="k", ResponseContentType="text/html") == (
        "InvalidRequest",
        400,
        "Request specific response headers cannot be used for anonymous GET requests.",
    )


def test_a_key_for_what_is_not_sealed(depot: Depot) -> None:
    depot.put("k", BODY)
    assert depot.refusal("GetObject", Key="k", SSECustomerAlgorithm="AES256") == (
        "InvalidRequest",
        400,
        "The encryption parameters are not applicable to this object.",
    )


def test_an_object_being_read_survives_its_replacement(depot: Depot, no_rows: None) -> None:
    depot.put("k", BODY)
    body = depot.do("GetObject", Key="k")["Body"]
    depot.put("k", b"new")
    assert b"".join(body) == BODY


def test_a_blob_replaced_before_it_is_opened_is_looked_for_again(
    depot: Depot, no_rows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A GetObject that read the row just before a PutObject removed its blob."""
    depot.put("k", BODY)
    blobs = depot.directory.blobs
    opened = blobs.open

    def late(blob: str) -> Any:
        monkeypatch.setattr(blobs, "open", opened)
        depot.put("k", b"new")
        return opened(blob)

    monkeypatch.setattr(blobs, "open", late)
    output = depot.do("GetObject", Key="k")
    assert b"".join(output["Body"]) == b"new"
    assert output["ETag"] == f'"{hashlib.md5(b"new").hexdigest()}"'


@pytest.mark.parametrize("by_parts", [False, True])
def test_what_is_found_again_may_be_kept_otherwise(
    depot: Depot, monkeypatch: pytest.MonkeyPatch, by_parts: bool
) -> None:
    """A blob was replaced by a row, or by an object of parts, that came after the transaction."""
    with monkeypatch.context() as patch:
        patch.setattr(intake, "SMALL", -1)
        depot.put("k", BODY)
    blobs = depot.directory.blobs
    opened = blobs.open

    def late(blob: str) -> Any:
        monkeypatch.setattr(blobs, "open", opened)
        if by_parts:
            upload = depot.do("CreateMultipartUpload", Key="k")["UploadId"]
            place: dict[str, Any] = {"Key": "k", "UploadId": upload}
            etag = depot.do("UploadPart", body=b"new", PartNumber=1, **place)["ETag"]
            named = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
            depot.do("CompleteMultipartUpload", MultipartUpload=named, **place)
        else:
            depot.put("k", b"new")
        return opened(blob)

    monkeypatch.setattr(blobs, "open", late)
    assert depot.content("k") == b"new"


@pytest.mark.parametrize("size", [0, 1, intake.SMALL, intake.SMALL + 1])
def test_few_bytes_are_kept_as_a_row(depot: Depot, size: int) -> None:
    content = b"x" * size
    before = depot.files()
    depot.put("k", content)
    depot.do("CopyObject", Key="copy", CopySource=f"{depot.bucket}/k")
    new = depot.files() - before
    assert len(new) == 2
    assert all(("/" in name) is (size > intake.SMALL) for name in new)
    for key in ("k", "copy"):
        assert depot.content(key) == content
        assert depot.content(key, Range="bytes=0-0") == content[:1] if size else True
    depot.put("k", b"")
    depot.do("DeleteObject", Key="copy")
    assert len(depot.files() - before) == 1


def test_it_is_not_looked_for_in_another_bucket_of_the_name(
    depot: Depot, no_rows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leave was given for a bucket of one account, not for that of the next."""
    depot.put("k", BODY)
    blobs = depot.directory.blobs
    opened = blobs.open

    def late(blob: str) -> Any:
        monkeypatch.setattr(blobs, "open", opened)
        depot.do("DeleteObject", Key="k")
        depot.do("DeleteBucket")
        depot.do("CreateBucket", depot.other.root)
        depot.do("PutObject", depot.other.root, body=b"foreign", Key="k")
        return opened(blob)

    monkeypatch.setattr(blobs, "open", late)
    assert depot.refusal("GetObject", Key="k")[:2] == ("SlowDown", 503)


def test_it_is_not_looked_for_where_other_tags_stand_now(
    depot: Depot, no_rows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leave was given for what is open, not for what is secret (s3:ExistingObjectTag)."""
    only = {"StringEquals": {"s3:ExistingObjectTag/class": "open"}}
    reader = depot.owner.new_user("reader", allow("s3:GetObject", Condition=only))
    depot.put("k", BODY, Tagging="class=open")
    blobs = depot.directory.blobs
    opened = blobs.open

    def late(blob: str) -> Any:
        monkeypatch.setattr(blobs, "open", opened)
        depot.put("k", b"secret", Tagging="class=secret")
        return opened(blob)

    monkeypatch.setattr(blobs, "open", late)
    assert depot.refusal("GetObject", reader, Key="k")[:2] == ("SlowDown", 503)


def test_a_blob_that_is_lost_is_no_fault_of_the_client(depot: Depot, no_rows: None) -> None:
    depot.put("k", BODY)
    with depot.directory.reading() as tx:
        stored = objects.get_object(tx, depot.bucket, "k")
    assert stored is not None
    depot.directory.blobs.remove(stored.blob)
    with pytest.raises(FileNotFoundError):
        depot.do("GetObject", Key="k")


@pytest.mark.parametrize(
    ("condition", "is_named"),
    [
        ("*", True),
        (" * ", True),
        ('"e"', True),
        ("e", True),
        ('W/"e"', True),
        ('"a","e"', True),
        ('"E"', False),
        ("", False),
        (",,", False),
        ('"e', True),
        ('"ee"', False),
    ],
)
def test_entity_tags(condition: str, is_named: bool) -> None:
    assert names(condition, "e") is is_named
