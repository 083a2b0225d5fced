"""Lifecycle rules done: what expires goes when it is due, and nothing else."""

from typing import Any

import pytest

from sekisho.services.s3.expiry import expire
from sekisho.services.s3.lifecycle import due
from services.iam.office import NOW
from services.s3.depot import Depot

DAY = 86_400


def rule(depot: Depot, **wished: Any) -> None:
    whole = {"Status": "Enabled", "Filter": {"Prefix": "x/"}, **wished}
    depot.do("PutBucketLifecycleConfiguration", LifecycleConfiguration={"Rules": [whole]})


def keys(depot: Depot) -> list[str]:
    return [entry["Key"] for entry in depot.do("ListObjectsV2")["Contents"]]


def versions(depot: Depot) -> list[tuple[str, bool]]:
    page = depot.do("ListObjectVersions")
    found = [(entry["Key"], False) for entry in page["Versions"]]
    return found + [(entry["Key"], True) for entry in page["DeleteMarkers"]]


@pytest.mark.parametrize(
    ("since", "days", "expected"), [(0, 1, DAY), (1, 1, 2 * DAY), (DAY - 1, 2, 3 * DAY)]
)
def test_days_end_at_midnight(since: int, days: int, expected: int) -> None:
    assert due(since, days) == expected


def test_what_is_old_goes(depot: Depot) -> None:
    before = depot.files()
    rule(depot, Expiration={"Days": 3})
    for key in ("x/old", "y/old"):
        depot.put(key, b"x")
    depot.put("x/young", b"x", now=NOW + 2 * DAY)
    expire(depot.directory, due(NOW, 3) - 1)
    assert keys(depot) == ["x/old", "x/young", "y/old"]
    expire(depot.directory, due(NOW, 3))
    assert keys(depot) == ["x/young", "y/old"]
    assert len(depot.files() - before) == 2


@pytest.mark.parametrize(
    ("narrowing", "expected"),
    [
        ({"Tag": {"Key": "a", "Value": "b"}}, ["x/big", "x/plain"]),
        ({"ObjectSizeGreaterThan": 3}, ["x/plain", "x/tagged"]),
        ({"ObjectSizeLessThan": 3}, ["x/big"]),
        ({"And": {"Prefix": "x/", "Tags": [{"Key": "a", "Value": "c"}]}}, None),
    ],
)
def test_filters(depot: Depot, narrowing: dict[str, Any], expected: list[str] | None) -> None:
    depot.put("x/plain", b"x")
    depot.put("x/tagged", b"x", Tagging="a=b")
    depot.put("x/big", b"xxxxx")
    everything = keys(depot)
    rule(depot, Filter=narrowing, Expiration={"Days": 1})
    expire(depot.directory, NOW + 5 * DAY)
    assert keys(depot) == (everything if expected is None else expected)


def test_disabled_rules_do_nothing(depot: Depot) -> None:
    depot.put("x/k")
    rule(depot, Status="Disabled", Expiration={"Days": 1})
    expire(depot.directory, NOW + 5 * DAY)
    assert keys(depot) == ["x/k"]


def test_versions_go_in_two_steps(depot: Depot) -> None:
    depot.do("PutBucketVersioning", VersioningConfiguration={"Status": "Enabled"})
    rule(
        depot,
        Expiration={"Days": 1},
        NoncurrentVersionExpiration={"NoncurrentDays": 3, "NewerNoncurrentVersions": 1},
    )
    for number in range(3):
        depot.put("x/k", str(number).encode(), now=NOW + number)
    later = due(NOW, 1) + DAY
    expire(depot.directory, later)
    assert keys(depot) == []
    assert versions(depot) == [("x/k", False)] * 3 + [("x/k", True)]
    expire(depot.directory, later + 4 * DAY)
    assert versions(depot) == [("x/k", False), ("x/k", True)]
    listed = depot.do("ListObjectVersions")["Versions"][0]
    depot.do("DeleteObject", Key="x/k", VersionId=listed["VersionId"])
    expire(depot.directory, later + 4 * DAY)
    assert versions(depot) == []


def test_locked_versions_stay(depot: Depot) -> None:
    depot.do("PutBucketVersioning", VersioningConfiguration={"Status": "Enabled"})
    depot.do("PutObjectLockConfiguration", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
    rule(depot, NoncurrentVersionExpiration={"NoncurrentDays": 1})
    depot.put("x/k", b"held", ObjectLockLegalHoldStatus="ON")
    depot.put("x/k", b"new")
    expire(depot.directory, NOW + 9 * DAY)
    assert len(versions(depot)) == 2


def test_uploads_are_aborted(depot: Depot) -> None:
    before = depot.files()
    rule(depot, AbortIncompleteMultipartUpload={"DaysAfterInitiation": 1})
    for key in ("x/k", "y/k"):
        upload = depot.do("CreateMultipartUpload", Key=key)["UploadId"]
        depot.do("UploadPart", body=b"x", Key=key, UploadId=upload, PartNumber=1)
    expire(depot.directory, NOW + 3 * DAY)
    left = depot.do("ListMultipartUploads")["Uploads"]
    assert [entry["Key"] for entry in left] == ["y/k"]
    assert len(depot.files() - before) == 1


def test_more_than_a_batch_goes(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sekisho.services.s3.expiry.BATCH", 3)
    monkeypatch.setattr("sekisho.services.s3.expiry.PAGE", 4)
    for number in range(10):
        depot.put(f"x/{number}", b"x")
    rule(depot, Expiration={"Date": due(NOW, 0)})
    expire(depot.directory, due(NOW, 0) - 1)
    assert len(keys(depot)) == 10
    expire(depot.directory, due(NOW, 0))
    assert keys(depot) == []
