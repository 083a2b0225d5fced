"""Object Lock: what is retained or held stays, for whom and for how long."""

from typing import Any

import pytest

from services.iam.office import NOW, allow
from services.s3.depot import Depot

DAY = 86_400
SAID = "Access Denied because object protected by object lock."


@pytest.fixture
def locked(depot: Depot) -> Depot:
    """A depot whose bucket locks."""
    name = f"{depot.bucket}-locked"
    depot.do("CreateBucket", Bucket=name, ObjectLockEnabledForBucket=True)
    depot.bucket = name
    return depot


def put(depot: Depot, mode: str, until: int = NOW + DAY) -> dict[str, Any]:
    """Key and version of a retained object."""
    given: dict[str, Any] = {"ObjectLockMode": mode, "ObjectLockRetainUntilDate": until}
    return {"Key": "k", "VersionId": depot.put("k", b"x", **given)["VersionId"]}


def test_a_locking_bucket_keeps_versions(locked: Depot) -> None:
    assert locked.do("GetBucketVersioning") == {"Status": "Enabled"}
    shown = locked.do("GetObjectLockConfiguration")
    assert shown == {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}
    suspended = {"Status": "Suspended"}
    said = locked.refusal("PutBucketVersioning", VersioningConfiguration=suspended)
    assert said[:2] == ("InvalidBucketState", 409)


def test_compliance_yields_to_nobody(locked: Depot) -> None:
    version = put(locked, "COMPLIANCE")
    for bypass in (False, True):
        said = locked.refusal("DeleteObject", BypassGovernanceRetention=bypass, **version)
        assert said == ("AccessDenied", 403, SAID)
    marker = locked.do("DeleteObject", Key="k")
    assert marker["DeleteMarker"] is True
    assert locked.content("k", VersionId=version["VersionId"]) == b"x"
    locked.do("DeleteObject", now=NOW + DAY, **version)


def test_governance_yields_to_who_may_bypass(locked: Depot) -> None:
    version = put(locked, "GOVERNANCE")
    user = locked.owner.new_user("user", allow("s3:DeleteObjectVersion"))
    assert locked.refusal("DeleteObject", **version)[2] == SAID
    said = locked.refusal("DeleteObject", user, None, BypassGovernanceRetention=True, **version)
    assert said[2] == SAID
    locked.do("DeleteObject", BypassGovernanceRetention=True, **version)


def test_a_hold_yields_to_nobody_until_it_is_lifted(locked: Depot) -> None:
    version = put(locked, "GOVERNANCE", NOW + 1)
    locked.do("PutObjectLegalHold", LegalHold={"Status": "ON"}, **version)
    assert locked.do("GetObjectLegalHold", **version) == {"LegalHold": {"Status": "ON"}}
    for now in (NOW, NOW + 10):
        with pytest.raises(Exception, match="object lock"):
            locked.do("DeleteObject", now=now, BypassGovernanceRetention=True, **version)
    locked.do("PutObjectLegalHold", LegalHold={"Status": "OFF"}, **version)
    locked.do("DeleteObject", BypassGovernanceRetention=True, **version)


def retention(mode: str, until: int) -> dict[str, Any]:
    return {"Retention": {"Mode": mode, "RetainUntilDate": until}}


@pytest.mark.parametrize(
    ("standing", "wished", "plainly", "bypassing"),
    [
        ("GOVERNANCE", retention("GOVERNANCE", NOW + 2 * DAY), True, True),
        ("GOVERNANCE", retention("COMPLIANCE", NOW + DAY), True, True),
        ("GOVERNANCE", retention("GOVERNANCE", NOW + 1), False, True),
        ("GOVERNANCE", {"Retention": {}}, False, True),
        ("COMPLIANCE", retention("COMPLIANCE", NOW + 2 * DAY), True, True),
        ("COMPLIANCE", retention("GOVERNANCE", NOW + 2 * DAY), False, False),
        ("COMPLIANCE", retention("COMPLIANCE", NOW + 1), False, False),
        ("COMPLIANCE", {"Retention": {}}, False, False),
    ],
)
def test_retention_is_lengthened_not_shortened(
    locked: Depot, standing: str, wished: dict[str, Any], plainly: bool, bypassing: bool
) -> None:
    for bypass, is_done in ((False, plainly), (True, bypassing)):
        version = put(locked, standing)
        given = {**version, **wished, "BypassGovernanceRetention": bypass}
        if is_done:
            locked.do("PutObjectRetention", **given)
            if wished["Retention"]:
                assert locked.do("GetObjectRetention", **version) == wished
        else:
            assert locked.refusal("PutObjectRetention", **given)[2] == SAID


def test_the_default_of_the_bucket(locked: Depot) -> None:
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 2}}
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    locked.do("PutObjectLockConfiguration", ObjectLockConfiguration=configuration)
    version = locked.put("k", b"x")["VersionId"]
    head = locked.do("HeadObject", Key="k")
    assert head["ObjectLockMode"] == "GOVERNANCE"
    assert head["ObjectLockRetainUntilDate"] == NOW + 2 * DAY
    assert locked.refusal("DeleteObject", Key="k", VersionId=version)[2] == SAID
    reader = locked.owner.new_user("reader", allow("s3:GetObject"))
    assert "ObjectLockMode" not in locked.do("HeadObject", reader, Key="k")


@pytest.mark.parametrize("asked", [{}, {"ObjectLockLegalHoldStatus": "OFF"}])
def test_the_default_reaches_uploads_that_were_begun_before_it(
    locked: Depot, asked: dict[str, Any]
) -> None:
    begun = locked.do("CreateMultipartUpload", Key="k", **asked)["UploadId"]
    place = {"Key": "k", "UploadId": begun}
    part = {"PartNumber": 1, **locked.do("UploadPart", body=b"x", PartNumber=1, **place)}
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 2}}
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    locked.do("PutObjectLockConfiguration", ObjectLockConfiguration=configuration)
    locked.do("CompleteMultipartUpload", MultipartUpload={"Parts": [part]}, **place)
    head = locked.do("HeadObject", Key="k")
    assert head["ObjectLockMode"] == "GOVERNANCE"
    assert head["ObjectLockRetainUntilDate"] == NOW + 2 * DAY


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"Mode": "GOVERNANCE"}, "MalformedXML"),
        ({"Mode": "GOVERNANCE", "Days": 1, "Years": 1}, "MalformedXML"),
        ({"Mode": "OTHER", "Days": 1}, "MalformedXML"),
        ({"Mode": "GOVERNANCE", "Days": 0}, "InvalidArgument"),
        ({"Mode": "GOVERNANCE", "Years": 101}, "InvalidArgument"),
    ],
)
def test_defaults_that_are_none(locked: Depot, rule: dict[str, Any], code: str) -> None:
    wished = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": rule}}
    assert locked.refusal("PutObjectLockConfiguration", ObjectLockConfiguration=wished)[0] == code


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ObjectLockMode": "GOVERNANCE"}, "InvalidArgument"),
        ({"ObjectLockRetainUntilDate": NOW + 1}, "InvalidArgument"),
        ({"ObjectLockMode": "X", "ObjectLockRetainUntilDate": NOW + 1}, "InvalidArgument"),
        ({"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": NOW}, "InvalidArgument"),
        ({"ObjectLockLegalHoldStatus": "MAYBE"}, "InvalidArgument"),
    ],
)
def test_locks_that_are_none(locked: Depot, given: dict[str, Any], code: str) -> None:
    files = locked.files()
    assert locked.refusal("PutObject", body=b"", Key="k", **given)[0] == code
    assert locked.files() == files


def test_where_nothing_is_locked(depot: Depot) -> None:
    """W-302"""
    depot.put("k")
    assert depot.refusal("GetObjectLockConfiguration")[0] == "ObjectLockConfigurationNotFoundError"
    for name in ("GetObjectRetention", "GetObjectLegalHold"):
        assert depot.refusal(name, Key="k")[0] == "InvalidRequest"
    wished = {"ObjectLockEnabled": "Enabled"}
    said = depot.refusal("PutObjectLockConfiguration", ObjectLockConfiguration=wished)
    assert said[0] == "InvalidBucketState"
    depot.do("PutBucketVersioning", VersioningConfiguration={"Status": "Enabled"})
    depot.do("PutObjectLockConfiguration", ObjectLockConfiguration=wished)
    for name in ("GetObjectRetention", "GetObjectLegalHold"):
        assert depot.refusal(name, Key="k")[0] == "NoSuchObjectLockConfiguration"


def test_conditions_on_retention(locked: Depot) -> None:
    """PE-191: s3:object-lock-remaining-retention-days"""
    short = {"NumericLessThanEquals": {"s3:object-lock-remaining-retention-days": "10"}}
    user = locked.owner.new_user(
        "user", allow(["s3:PutObject", "s3:PutObjectRetention"], Condition=short)
    )
    given: dict[str, Any] = {"Key": "k", "ObjectLockMode": "GOVERNANCE"}
    days = 10 * DAY
    locked.do("PutObject", user, body=b"", ObjectLockRetainUntilDate=NOW + days, **given)
    said = locked.refusal(
        "PutObject", user, body=b"", ObjectLockRetainUntilDate=NOW + days + 1, **given
    )
    assert said[0] == "AccessDenied"
    locked.do("PutObjectRetention", user, Key="k", **retention("GOVERNANCE", NOW + days))
    wished = retention("GOVERNANCE", NOW + 2 * days)
    assert locked.refusal("PutObjectRetention", user, None, Key="k", **wished)[0] == "AccessDenied"
