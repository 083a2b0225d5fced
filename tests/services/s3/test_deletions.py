"""Many deleted at once: each decided on its own, and told of (W-310)."""

from typing import Any

import pytest

from services.iam.office import allow
from services.s3.depot import NOBODY, Depot


def batch(*keys: str, **more: Any) -> dict[str, Any]:
    return {"Delete": {"Objects": [{"Key": key} for key in keys], **more}}


def test_many_are_deleted(depot: Depot) -> None:
    before = depot.files()
    for key in ("a", "b", "c"):
        depot.put(key, b"x")
    output = depot.do("DeleteObjects", **batch("a", "none", "b", "a"))
    assert output == {"Deleted": [{"Key": key} for key in ("a", "none", "b", "a")], "Errors": []}
    assert len(depot.files() - before) == 1
    quiet = depot.do("DeleteObjects", **batch("c", Quiet=True))
    assert quiet == {"Deleted": [], "Errors": []}
    assert depot.files() == before


def test_each_key_is_decided_on_its_own(depot: Depot) -> None:
    for key in ("own/a", "other/b"):
        depot.put(key, b"x")
    user = depot.owner.new_user("user", allow("s3:DeleteObject", depot.arn("own/*")))
    output = depot.do("DeleteObjects", user, **batch("own/a", "other/b"))
    assert output["Deleted"] == [{"Key": "own/a"}]
    (error,) = output["Errors"]
    assert (error["Key"], error["Code"]) == ("other/b", "AccessDenied")
    assert "is not authorized to perform: s3:DeleteObject on" in error["Message"]
    assert depot.content("other/b") == b"x"
    anonymous = depot.do("DeleteObjects", NOBODY, **batch("other/b"))
    assert anonymous["Errors"][0]["Message"] == "Access Denied"


@pytest.mark.parametrize("count", [0, 1001])
def test_a_thousand_are_the_limit(depot: Depot, count: int) -> None:
    keys = [str(number) for number in range(count)]
    assert depot.refusal("DeleteObjects", **batch(*keys))[:2] == ("MalformedXML", 400)


def test_a_key_has_a_letter_at_least(depot: Depot) -> None:
    """Else a delete marker would stand under a key that no path can name."""
    depot.do("PutBucketVersioning", VersioningConfiguration={"Status": "Enabled"})
    depot.put("k", b"x")
    refused = depot.refusal("DeleteObjects", **batch("k", ""))
    assert refused[:2] == ("UserKeyMustBeSpecified", 400)
    assert [v["Key"] for v in depot.do("ListObjectVersions")["Versions"]] == ["k"]
    assert depot.do("ListObjectVersions")["DeleteMarkers"] == []


def test_what_is_wrong_with_one_is_told_of_it(depot: Depot) -> None:
    depot.put("k", b"x")
    named = [
        {"Key": "k", "VersionId": "nonsense"},
        {"Key": "k", "ETag": '"x"'},
        {"Key": "k", "Size": 1},
        {"Key": "ü" * 600},
    ]
    output = depot.do("DeleteObjects", Delete={"Objects": named})
    assert [error["Code"] for error in output["Errors"]] == [
        "InvalidArgument",
        "PreconditionFailed",
        "NotImplemented",
        "KeyTooLongError",
    ]
    assert depot.content("k") == b"x"
    assert depot.refusal("DeleteObjects", Bucket="no-such", **batch("k"))[0] == "NoSuchBucket"
