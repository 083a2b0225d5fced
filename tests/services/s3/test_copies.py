"""Copies within and across accounts: decided twice, whole, and with what they take over."""

import hashlib
from typing import Any

import pytest

from sekisho.services.s3 import copies, copy_source
from services.iam.office import NOW, allow, document
from services.s3.depot import Depot

BODY = b"0123456789"
ETAG = f'"{hashlib.md5(BODY).hexdigest()}"'


def copy(depot: Depot, key: str = "to", caller: Any = None, **given: Any) -> dict[str, Any]:
    given.setdefault("CopySource", f"{depot.bucket}/from")
    return depot.do("CopyObject", caller, Key=key, **given)


def test_a_copy_is_the_same_object(depot: Depot) -> None:
    depot.put("from", BODY, ContentType="a/b", Metadata={"m": "n"}, Tagging="t=u&v=")
    output = copy(depot, now=NOW + 5)
    assert output["CopyObjectResult"]["ETag"] == ETAG
    assert output["CopyObjectResult"]["LastModified"] == NOW + 5
    assert depot.content("to") == BODY
    head = depot.do("HeadObject", Key="to")
    assert (head["ContentType"], head["Metadata"], head["TagCount"]) == ("a/b", {"m": "n"}, 2)
    depot.do("DeleteObject", Key="from")
    assert depot.content("to") == BODY


@pytest.mark.parametrize("source", ["{}/a%20b%2Bc/%C3%BC", "/{}/a b%2Bc/ü", "{}/a%20b+c/ü"])
def test_the_source_is_percent_encoded(depot: Depot, source: str) -> None:
    depot.put("a b+c/ü", BODY)
    copy(depot, CopySource=source.format(depot.bucket))
    assert depot.content("to") == BODY


def test_directives(depot: Depot) -> None:
    depot.put("from", BODY, ContentType="a/b", Metadata={"m": "n"}, Tagging="t=u")
    copy(depot, MetadataDirective="REPLACE", TaggingDirective="REPLACE", ContentType="c/d")
    head = depot.do("HeadObject", Key="to")
    assert (head["ContentType"], head["Metadata"]) == ("c/d", {})
    assert "TagCount" not in head
    copy(depot, Metadata={"ignored": "x"}, Tagging="ignored=x")
    head = depot.do("HeadObject", Key="to")
    assert (head["Metadata"], head["TagCount"]) == ({"m": "n"}, 1)
    for member in ("MetadataDirective", "TaggingDirective"):
        given: dict[str, Any] = {"CopySource": f"{depot.bucket}/from", member: "MOVE"}
        assert depot.refusal("CopyObject", Key="to", **given)[0] == "InvalidArgument"


def test_onto_itself_something_must_change(depot: Depot) -> None:
    depot.put("from", BODY, Metadata={"m": "n"})
    source = f"{depot.bucket}/from"
    code, status, message = depot.refusal("CopyObject", Key="from", CopySource=source)
    assert (code, status) == ("InvalidRequest", 400)
    assert message.startswith("This copy request is illegal because it is trying to copy an object")
    copy(depot, "from", MetadataDirective="REPLACE", Metadata={"m": "o"})
    assert depot.do("HeadObject", Key="from")["Metadata"] == {"m": "o"}
    assert depot.content("from") == BODY


@pytest.mark.parametrize(
    ("given", "is_copied"),
    [
        ({"IfMatch": ETAG}, True),
        ({"IfMatch": '"x"'}, False),
        ({"IfNoneMatch": '"x"'}, True),
        ({"IfNoneMatch": ETAG}, False),
        ({"IfUnmodifiedSince": NOW}, True),
        ({"IfUnmodifiedSince": NOW - 1}, False),
        ({"IfModifiedSince": NOW - 1}, True),
        ({"IfModifiedSince": NOW}, False),
        ({"IfMatch": ETAG, "IfUnmodifiedSince": NOW - 1}, True),
        ({"IfNoneMatch": ETAG, "IfModifiedSince": NOW - 1}, False),
    ],
)
def test_conditions_on_the_source(depot: Depot, given: dict[str, Any], is_copied: bool) -> None:
    """S3 API Reference, CopyObject: all that do not hold are 412."""
    depot.put("from", BODY)
    files = depot.files()
    wished = {f"CopySource{name}": value for name, value in given.items()}
    if is_copied:
        copy(depot, **wished)
        assert depot.content("to") == BODY
        return
    fault = depot.fault("CopyObject", Key="to", CopySource=f"{depot.bucket}/from", **wished)
    assert (fault.code, fault.status) == ("PreconditionFailed", 412)
    assert fault.details["Condition"].startswith("x-amz-copy-source-If-")
    assert depot.files() == files


def test_conditions_on_the_destination(depot: Depot) -> None:
    """W-311"""
    depot.put("from", BODY)
    depot.put("to", b"there")
    source = f"{depot.bucket}/from"
    wishes: list[dict[str, Any]] = [{"IfNoneMatch": "*"}, {"IfMatch": '"x"'}]
    for given in wishes:
        said = depot.refusal("CopyObject", Key="to", CopySource=source, **given)
        assert said[:2] == ("PreconditionFailed", 412)
    assert depot.content("to") == b"there"


@pytest.mark.parametrize("source", ["", "b", "b/", "/", "arn:aws:s3:eu-west-1:1:accesspoint/a/o"])
def test_sources_that_are_none(depot: Depot, source: str) -> None:
    assert depot.refusal("CopyObject", Key="to", CopySource=source)[0] == "InvalidArgument"


def test_a_source_that_is_not_there(depot: Depot) -> None:
    """W-275, told of the source's bucket"""
    reader = depot.owner.new_user("r", allow(["s3:GetObject", "s3:PutObject"]))
    source = f"{depot.bucket}/none"
    fault = depot.fault("CopyObject", Key="to", CopySource=source)
    assert (fault.code, fault.details) == ("NoSuchKey", {"Key": "none"})
    assert depot.refusal("CopyObject", reader, Key="to", CopySource=source)[0] == "AccessDenied"
    assert depot.refusal("CopyObject", Key="to", CopySource="no-such/k")[0] == "NoSuchBucket"


def test_a_delete_marker_that_is_named_cannot_be_copied(depot: Depot) -> None:
    """W-315"""
    depot.do("PutBucketVersioning", VersioningConfiguration={"Status": "Enabled"})
    depot.put("k", b"x")
    marker = depot.do("DeleteObject", Key="k")["VersionId"]
    said = (
        "InvalidRequest",
        400,
        "The source of a copy request may not specifically refer to a delete marker by version id.",
    )
    source = f"{depot.bucket}/k"
    assert depot.refusal("CopyObject", Key="n", CopySource=source)[0] == "NoSuchKey"
    source += f"?versionId={marker}"
    assert depot.refusal("CopyObject", Key="n", CopySource=source) == said
    upload = depot.do("CreateMultipartUpload", Key="n")["UploadId"]
    given = {"Key": "n", "UploadId": upload, "PartNumber": 1, "CopySource": source}
    assert depot.refusal("UploadPartCopy", None, None, **given) == said


def test_what_is_too_large_is_copied_by_parts(
    depot: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sekisho.services.s3.copies.MOST_COPIED", 9)
    depot.put("from", BODY)
    source = f"{depot.bucket}/from"
    assert depot.refusal("CopyObject", Key="to", CopySource=source)[0] == "InvalidRequest"
    assert copy_source.MOST_COPIED == 5 * 1024**3


@pytest.mark.parametrize(
    ("read", "write", "is_copied"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_both_accounts_have_a_say(depot: Depot, read: bool, write: bool, is_copied: bool) -> None:
    """PE-107: the source is read in one account, the copy written in another."""
    depot.put("from", BODY)
    theirs = f"{depot.bucket}-theirs"
    depot.do("CreateBucket", depot.other.root, Bucket=theirs)
    copier = depot.owner.new_user("copier", allow("s3:*"))
    nobody_else = {"AWS": copier.principal.arn}
    if write:
        statement = allow("s3:PutObject", f"arn:aws:s3:::{theirs}/*", Principal=nobody_else)
        depot.do("PutBucketPolicy", depot.other.root, Bucket=theirs, Policy=document(statement))
    if not read:
        deny = {
            "Effect": "Deny",
            "Action": "s3:GetObject",
            "Resource": depot.arn("*"),
            "Principal": nobody_else,
        }
        depot.do("PutBucketPolicy", Policy=document(deny))
    given: dict[str, Any] = {"Bucket": theirs, "Key": "to", "CopySource": f"{depot.bucket}/from"}
    if is_copied:
        depot.do("CopyObject", copier, **given)
        assert depot.content("to", depot.other.root, Bucket=theirs) == BODY
    else:
        assert depot.refusal("CopyObject", copier, **given)[0] == "AccessDenied"


def test_copied_tags_are_read_there_and_written_here(depot: Depot) -> None:
    depot.put("from", BODY, Tagging="a=b")
    rights = ["s3:GetObject", "s3:PutObject"]
    source = f"{depot.bucket}/from"
    for missing in ("s3:GetObjectTagging", "s3:PutObjectTagging"):
        both = {"s3:GetObjectTagging", "s3:PutObjectTagging"} - {missing}
        user = depot.owner.new_user(missing.removeprefix("s3:"), allow([*rights, *both]))
        said = depot.refusal("CopyObject", user, Key="to", CopySource=source)[2]
        assert f"not authorized to perform: {missing} on" in said
    plain = depot.owner.new_user("plain", allow(rights))
    copy(depot, caller=plain, TaggingDirective="REPLACE")
    depot.put("from", BODY)
    copy(depot, caller=plain)


def test_condition_keys_of_a_copy(depot: Depot) -> None:
    """PE-191: s3:x-amz-copy-source, s3:x-amz-metadata-directive, s3:ExistingObjectTag"""
    depot.put("from", BODY, Tagging="open=yes")
    depot.put("shut", BODY, Tagging="open=no")
    tagged = {"StringEquals": {"s3:ExistingObjectTag/open": "yes"}}
    from_there = {
        "StringLike": {"s3:x-amz-copy-source": f"{depot.bucket}/*"},
        "Null": {"s3:x-amz-metadata-directive": "true"},
    }
    user = depot.owner.new_user(
        "copier",
        allow("s3:GetObject", Condition=tagged),
        allow("s3:PutObject", Condition=from_there),
    )
    copy(depot, caller=user, TaggingDirective="REPLACE")
    given: dict[str, Any] = {
        "CopySource": f"{depot.bucket}/from",
        "TaggingDirective": "REPLACE",
        "Key": "to",
    }
    assert depot.refusal("CopyObject", user, MetadataDirective="COPY", **given)[0] == "AccessDenied"
    shut = {**given, "CopySource": f"{depot.bucket}/shut"}
    assert depot.refusal("CopyObject", user, **shut)[0] == "AccessDenied"
    assert depot.refusal("PutObject", user, body=b"", Key="to")[0] == "AccessDenied"


def test_parts_are_copied(depot: Depot) -> None:
    depot.put("from", BODY)
    upload = depot.do("CreateMultipartUpload", Key="to", ChecksumAlgorithm="CRC32")["UploadId"]
    given = {"Key": "to", "UploadId": upload, "CopySource": f"{depot.bucket}/from"}
    part = depot.do("UploadPartCopy", PartNumber=1, CopySourceRange="bytes=2-4", **given)
    result = part["CopyPartResult"]
    assert result["ETag"] == f'"{hashlib.md5(b"234").hexdigest()}"'
    assert "ChecksumCRC32" in result
    named = {"Parts": [{"PartNumber": 1, **result}]}
    named["Parts"][0].pop("LastModified")
    depot.do("CompleteMultipartUpload", Key="to", UploadId=upload, MultipartUpload=named)
    assert depot.content("to") == b"234"


@pytest.mark.parametrize("text", ["bytes=0-10", "bytes=3-2", "bytes=-3", "bytes=3-", "0-1"])
def test_ranges_that_are_none(depot: Depot, text: str) -> None:
    depot.put("from", BODY)
    upload = depot.do("CreateMultipartUpload", Key="to")["UploadId"]
    files = depot.files()
    given = {"Key": "to", "UploadId": upload, "CopySource": f"{depot.bucket}/from"}
    said = depot.refusal("UploadPartCopy", PartNumber=1, CopySourceRange=text, **given)
    assert said[:2] == ("InvalidArgument", 400)
    assert depot.files() == files


def test_what_was_copied_is_what_leave_was_given_for(
    depot: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decided before and after, while the bytes in between were those of something secret."""
    only = {"StringEquals": {"s3:ExistingObjectTag/class": "open"}}
    copier = depot.owner.new_user(
        "copier",
        allow("s3:GetObject", Condition=only),
        allow(["s3:PutObject", "s3:*Tagging"]),
    )
    depot.put("source", b"open", Tagging="class=open")
    copy_bytes = copies.copy_bytes

    def between(*args: Any) -> Any:
        depot.put("source", b"secret", Tagging="class=secret")
        copied = copy_bytes(*args)
        depot.put("source", b"open", Tagging="class=open")
        return copied

    monkeypatch.setattr(copies, "copy_bytes", between)
    source = f"{depot.bucket}/source"
    said = depot.refusal("CopyObject", copier, Key="copy", CopySource=source)
    assert said[:2] == ("SlowDown", 503)
    upload = depot.do("CreateMultipartUpload", copier, Key="copy")["UploadId"]
    place: dict[str, Any] = {"Key": "copy", "UploadId": upload, "PartNumber": 1}
    said = depot.refusal("UploadPartCopy", copier, **place, CopySource=source)
    assert said[:2] == ("SlowDown", 503)
