"""Tags: put, shown, bounded, and what conditions see of them (PE-191)."""

from typing import Any

import pytest

from services.iam.office import allow
from services.s3.depot import Depot


def tagging(**tags: str) -> dict[str, Any]:
    return {"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]}


def test_tags_of_objects(depot: Depot) -> None:
    depot.put("k", b"", Tagging="a=b&c%20d=%C3%BC+x")
    assert depot.do("GetObjectTagging", Key="k") == tagging(**{"a": "b", "c d": "ü x"})
    depot.do("PutObjectTagging", Key="k", Tagging=tagging(e="f"))
    assert depot.do("GetObjectTagging", Key="k") == tagging(e="f")
    depot.do("DeleteObjectTagging", Key="k")
    assert depot.do("GetObjectTagging", Key="k") == tagging()
    calls: list[tuple[str, dict[str, Any]]] = [
        ("GetObjectTagging", {}),
        ("PutObjectTagging", {"Tagging": tagging()}),
        ("DeleteObjectTagging", {}),
    ]
    for name, more in calls:
        assert depot.refusal(name, Key="none", **more)[:2] == ("NoSuchKey", 404)


def test_tags_of_buckets(depot: Depot) -> None:
    """W-302"""
    assert depot.refusal("GetBucketTagging") == (
        "NoSuchTagSet",
        404,
        "The TagSet does not exist",
    )
    depot.do("PutBucketTagging", Tagging=tagging(a="b"))
    assert depot.do("GetBucketTagging") == tagging(a="b")
    depot.do("DeleteBucketTagging")
    depot.do("DeleteBucketTagging")
    assert depot.refusal("GetBucketTagging")[0] == "NoSuchTagSet"


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ([("a", "b"), ("a", "c")], "InvalidTag"),
        ([("a", "b"), ("A", "c")], "InvalidTag"),
        ([("", "b")], "InvalidTag"),
        ([("a" * 129, "")], "InvalidTag"),
        ([("a", "b" * 257)], "InvalidTag"),
        ([("a", "<")], "InvalidTag"),
        ([("AWS:a", "b")], "InvalidTag"),
        ([(f"a{number}", "") for number in range(51)], "BadRequest"),
    ],
)
def test_tags_that_are_none(depot: Depot, tags: list[tuple[str, str]], code: str) -> None:
    depot.put("k")
    given = {"TagSet": [{"Key": key, "Value": value} for key, value in tags]}
    assert depot.refusal("PutObjectTagging", Key="k", Tagging=given)[:2] == (code, 400)
    assert depot.refusal("PutBucketTagging", Tagging=given)[:2] == (code, 400)


def test_a_condition_on_a_tag_is_not_passed_by_the_same_key_in_capitals(depot: Depot) -> None:
    forbidden = {"StringEquals": {"s3:RequestObjectTag/env": "prod"}}
    deny = {**allow("s3:*", Condition=forbidden), "Effect": "Deny"}
    user = depot.owner.new_user("tagger", allow("s3:*"), deny)
    depot.do("PutObject", user, b"", Key="k", Tagging="env=dev")
    assert depot.refusal("PutObject", user, b"", Key="k", Tagging="env=prod")[0] == "AccessDenied"
    twice = depot.refusal("PutObject", user, b"", Key="k", Tagging="env=prod&ENV=dev")
    assert twice[0] == "InvalidTag"
    assert depot.do("GetObjectTagging", Key="k") == tagging(env="dev")


def test_conditions_on_tags(depot: Depot) -> None:
    depot.put("open", b"", Tagging="state=Open")
    depot.put("shut", b"", Tagging="state=shut")
    depot.put("none")
    user = depot.owner.new_user(
        "tagger",
        allow(
            ["s3:GetObject", "s3:GetObjectTagging"],
            Condition={"StringEquals": {"s3:ExistingObjectTag/state": "Open"}},
        ),
        allow(
            ["s3:PutObject", "s3:PutObjectTagging"],
            Condition={
                "StringEquals": {"s3:RequestObjectTag/owner": "me"},
                "ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": ["owner", "more"]},
            },
        ),
    )
    assert depot.content("open", user) == b""
    depot.do("GetObjectTagging", user, Key="open")
    for key in ("shut", "none"):
        assert depot.refusal("GetObject", user, Key=key)[0] == "AccessDenied"
    depot.do("PutObject", user, body=b"", Key="n", Tagging="owner=me&more=x")
    depot.do("PutObjectTagging", user, Key="n", Tagging=tagging(owner="me"))
    for text in ("", "owner=you", "owner=me&other=x"):
        given = {"Tagging": text} if text else {}
        assert depot.refusal("PutObject", user, body=b"", Key="n", **given)[0] == "AccessDenied"
    wrong = tagging(owner="me", other="x")
    assert depot.refusal("PutObjectTagging", user, Key="n", Tagging=wrong)[0] == "AccessDenied"


def test_who_may_not_read_tags_is_not_told_how_many(depot: Depot) -> None:
    depot.put("k", b"", Tagging="a=b")
    reader = depot.owner.new_user("reader", allow("s3:GetObject"))
    assert depot.do("HeadObject", Key="k")["TagCount"] == 1
    assert "TagCount" not in depot.do("HeadObject", reader, Key="k")


def test_tags_are_put_by_who_may_tag(depot: Depot) -> None:
    writer = depot.owner.new_user("writer", allow("s3:PutObject"))
    depot.do("PutObject", writer, body=b"", Key="k")
    said = depot.refusal("PutObject", writer, body=b"", Key="k", Tagging="a=b")[2]
    assert "not authorized to perform: s3:PutObjectTagging on" in said


def test_attributes(depot: Depot) -> None:
    put = depot.put("k", b"abc")
    names = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]
    output = depot.do("GetObjectAttributes", Key="k", ObjectAttributes=names)
    output.pop("LastModified")
    assert output == {
        "ETag": put["ETag"].strip('"'),
        "Checksum": {
            "ChecksumCRC64NVME": put["ChecksumCRC64NVME"],
            "ChecksumType": "FULL_OBJECT",
        },
        "StorageClass": "STANDARD",
        "ObjectSize": 3,
    }
    said = depot.refusal("GetObjectAttributes", Key="k", ObjectAttributes=["Colour"])
    assert said[0] == "InvalidArgument"
    reader = depot.owner.new_user("reader", allow("s3:GetObject"))
    said = depot.refusal("GetObjectAttributes", reader, Key="k", ObjectAttributes=["ETag"])
    assert "not authorized to perform: s3:GetObjectAttributes on" in said[2]
