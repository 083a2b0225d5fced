"""Versions and delete markers: made, named, listed and gone (W-315)."""

from typing import Any

import pytest

from services.iam.office import allow
from services.s3.depot import Depot


def turn(depot: Depot, status: str) -> None:
    depot.do("PutBucketVersioning", VersioningConfiguration={"Status": status})


@pytest.fixture
def kept(depot: Depot) -> Depot:
    """A depot whose bucket keeps versions."""
    turn(depot, "Enabled")
    return depot


def test_versioning_is_off_then_on_then_suspended(depot: Depot) -> None:
    assert depot.do("GetBucketVersioning") == {}
    for status in ("Enabled", "Suspended"):
        turn(depot, status)
        assert depot.do("GetBucketVersioning") == {"Status": status}
    for wished in ({}, {"Status": "Off"}):
        said = depot.refusal("PutBucketVersioning", VersioningConfiguration=wished)
        assert said[0] == "MalformedXML"
    wished = {"Status": "Enabled", "MFADelete": "Enabled"}
    said = depot.refusal("PutBucketVersioning", VersioningConfiguration=wished)
    assert said[0] == "NotImplemented"


def test_without_versions_none_is_told_of(depot: Depot) -> None:
    assert "VersionId" not in depot.put("k", b"x")
    assert "VersionId" not in depot.do("HeadObject", Key="k")


def test_versions_are_kept(kept: Depot) -> None:
    first = kept.put("k", b"first")["VersionId"]
    second = kept.put("k", b"second")["VersionId"]
    assert first != second
    assert kept.content("k") == b"second"
    assert kept.content("k", VersionId=first) == b"first"
    assert kept.do("HeadObject", Key="k")["VersionId"] == second
    assert kept.do("DeleteObject", Key="k", VersionId=second) == {"VersionId": second}
    assert kept.content("k") == b"first"
    unknown = "0" * 32
    fault = kept.fault("GetObject", Key="k", VersionId=unknown)
    assert (fault.code, fault.status) == ("NoSuchVersion", 404)
    assert kept.do("DeleteObject", Key="k", VersionId=unknown) == {"VersionId": unknown}


def test_a_delete_marker_hides_what_is_there(kept: Depot) -> None:
    version = kept.put("k", b"x")["VersionId"]
    output = kept.do("DeleteObject", Key="k")
    marker = output["VersionId"]
    assert output == {"DeleteMarker": True, "VersionId": marker}
    for name in ("GetObject", "HeadObject", "GetObjectTagging"):
        fault = kept.fault(name, Key="k")
        assert (fault.code, fault.status) == ("NoSuchKey", 404)
        assert fault.details["x-amz-delete-marker"] == "true"
        assert fault.details["x-amz-version-id"] == marker
        fault = kept.fault(name, Key="k", VersionId=marker)
        assert (fault.code, fault.status) == ("MethodNotAllowed", 405)
        assert fault.details["x-amz-delete-marker"] == "true"
    assert kept.do("ListObjectsV2")["Contents"] == []
    assert kept.content("k", VersionId=version) == b"x"
    undone = kept.do("DeleteObject", Key="k", VersionId=marker)
    assert undone == {"DeleteMarker": True, "VersionId": marker}
    assert kept.content("k") == b"x"


def test_what_was_there_before_is_version_null(depot: Depot) -> None:
    depot.put("k", b"before")
    turn(depot, "Enabled")
    depot.put("k", b"after")
    assert depot.content("k", VersionId="null") == b"before"
    turn(depot, "Suspended")
    assert depot.put("k", b"null again")["VersionId"] == "null"
    assert depot.content("k", VersionId="null") == b"null again"
    versions = depot.do("ListObjectVersions")["Versions"]
    assert [(entry["VersionId"] == "null", entry["IsLatest"]) for entry in versions] == [
        (True, True),
        (False, False),
    ]
    assert depot.do("DeleteObject", Key="k") == {"DeleteMarker": True, "VersionId": "null"}
    assert depot.refusal("GetObject", Key="k", VersionId="null")[0] == "MethodNotAllowed"
    assert len(depot.do("ListObjectVersions")["Versions"]) == 1


def test_a_bucket_with_versions_is_not_empty(kept: Depot) -> None:
    """W-304"""
    kept.put("k", b"x")
    kept.do("DeleteObject", Key="k")
    assert kept.refusal("DeleteBucket") == (
        "BucketNotEmpty",
        409,
        "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
    )
    before = kept.files()
    listed = kept.do("ListObjectVersions")
    for entry in listed["Versions"] + listed["DeleteMarkers"]:
        kept.do("DeleteObject", Key="k", VersionId=entry["VersionId"])
    assert len(before - kept.files()) == 1
    kept.do("DeleteBucket")


def test_conditional_writes_look_at_the_current_version(kept: Depot) -> None:
    """W-311: behind a delete marker there is nothing."""
    etag = kept.put("k", b"x")["ETag"]
    assert kept.refusal("PutObject", body=b"", Key="k", IfNoneMatch="*")[1] == 412
    kept.do("DeleteObject", Key="k")
    assert kept.refusal("PutObject", body=b"", Key="k", IfMatch=etag)[0] == "NoSuchKey"
    kept.put("k", b"y", IfNoneMatch="*")


def test_copies_of_versions(kept: Depot) -> None:
    first = kept.put("k", b"first")["VersionId"]
    kept.put("k", b"second")
    source = f"{kept.bucket}/k?versionId={first}"
    output = kept.do("CopyObject", Key="k", CopySource=source)
    assert output["CopySourceVersionId"] == first
    assert output["VersionId"] not in (first, None)
    assert kept.content("k") == b"first"


def test_many_versions_are_deleted_at_once(kept: Depot) -> None:
    version = kept.put("k", b"x")["VersionId"]
    named = [{"Key": "k"}, {"Key": "k", "VersionId": version}]
    deleted = kept.do("DeleteObjects", Delete={"Objects": named})["Deleted"]
    marker = deleted[0]["DeleteMarkerVersionId"]
    assert deleted == [
        {"Key": "k", "DeleteMarker": True, "DeleteMarkerVersionId": marker},
        {"Key": "k", "VersionId": version},
    ]
    last = kept.do("DeleteObjects", Delete={"Objects": [{"Key": "k", "VersionId": marker}]})
    assert last["Deleted"] == [
        {
            "Key": "k",
            "VersionId": marker,
            "DeleteMarker": True,
            "DeleteMarkerVersionId": marker,
        }
    ]


def pages(depot: Depot, **given: Any) -> list[tuple[str, str]]:
    found = []
    while True:
        page = depot.do("ListObjectVersions", **given)
        entries = page["Versions"] + page["DeleteMarkers"]
        assert len(entries) + len(page["CommonPrefixes"]) <= given["MaxKeys"]
        found += [(entry["Key"], entry["VersionId"]) for entry in entries]
        found += [(entry["Prefix"], "") for entry in page["CommonPrefixes"]]
        if not page["IsTruncated"]:
            return found
        given["KeyMarker"] = page["NextKeyMarker"]
        given["VersionIdMarker"] = page.get("NextVersionIdMarker", "")


@pytest.mark.parametrize("most", [1, 2, 3, 100])
def test_lists_in_pages(kept: Depot, most: int) -> None:
    made: list[tuple[str, str]] = []
    for key, count in (("a", 3), ("b/c", 2), ("b/d", 1), ("e", 1)):
        versions = [kept.put(key, b"x")["VersionId"] for _ in range(count)]
        made += [(key, version) for version in reversed(versions)]
    marker = kept.do("DeleteObject", Key="e")["VersionId"]
    made.insert(-1, ("e", marker))
    assert sorted(pages(kept, MaxKeys=most)) == sorted(made)
    grouped = pages(kept, MaxKeys=most, Delimiter="/")
    assert ("b/", "") in grouped
    assert sorted(grouped) == sorted([each for each in made if "/" not in each[0]] + [("b/", "")])
    assert sorted(pages(kept, MaxKeys=most, Prefix="b/")) == sorted(made[3:6])


def test_who_deletes_page_after_page_misses_none(kept: Depot) -> None:
    for _ in range(5):
        kept.put("k", b"x")
    given: dict[str, Any] = {"MaxKeys": 2}
    while True:
        page = kept.do("ListObjectVersions", **given)
        for entry in page["Versions"]:
            kept.do("DeleteObject", Key="k", VersionId=entry["VersionId"])
        if not page["IsTruncated"]:
            break
        given["KeyMarker"] = page["NextKeyMarker"]
        given["VersionIdMarker"] = page["NextVersionIdMarker"]
    kept.do("DeleteBucket")


def test_markers_of_lists(kept: Depot) -> None:
    said = kept.refusal("ListObjectVersions", VersionIdMarker="0" * 32)
    assert said[2] == "A version-id marker cannot be specified without a key marker."
    said = kept.refusal("ListObjectVersions", VersionIdMarker="x", KeyMarker="k")
    assert said[2] == "Invalid version id specified"


def test_actions_on_versions(kept: Depot) -> None:
    """W-274, PE-191: s3:GetObjectVersion and s3:versionid"""
    version = kept.put("k", b"x")["VersionId"]
    only = {"StringEquals": {"s3:VersionId": version}}
    user = kept.owner.new_user("user", allow("s3:GetObjectVersion", Condition=only))
    assert kept.content("k", user, VersionId=version) == b"x"
    wishes: list[dict[str, Any]] = [{}, {"VersionId": "null"}]
    for given in wishes:
        assert kept.refusal("GetObject", user, None, **given, Key="k")[0] == "AccessDenied"
    for name, action in (
        ("GetObjectTagging", "s3:GetObjectVersionTagging"),
        ("DeleteObjectTagging", "s3:DeleteObjectVersionTagging"),
        ("DeleteObject", "s3:DeleteObjectVersion"),
    ):
        said = kept.refusal(name, user, Key="k", VersionId=version)[2]
        assert f"not authorized to perform: {action} on" in said
    said = kept.refusal("ListObjectVersions", user)[2]
    assert "not authorized to perform: s3:ListBucketVersions on" in said


def test_a_condition_is_on_the_version_that_is_named(kept: Depot) -> None:
    old, new = kept.put("k", b"old"), kept.put("k", b"new")
    place = {"Key": "k", "VersionId": old["VersionId"]}
    refused = kept.refusal("DeleteObject", IfMatch=new["ETag"], **place)
    assert refused[:2] == ("PreconditionFailed", 412)
    kept.do("DeleteObject", IfMatch=old["ETag"], **place)
    assert kept.refusal("DeleteObject", IfMatch=old["ETag"], **place)[0] == "NoSuchVersion"
    assert kept.content("k") == b"new"
    named = {"Key": "k", "VersionId": new["VersionId"], "ETag": new["ETag"]}
    kept.do("DeleteObject", Key="k")
    told = kept.do("DeleteObjects", Delete={"Objects": [named]})
    assert [each["VersionId"] for each in told["Deleted"]] == [new["VersionId"]]
