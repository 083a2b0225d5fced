"""What buckets here never have: tools that look hear so, and whoever wants it hears why not."""

from typing import Any

import pytest

from sekisho.model.faults import Fault
from services.iam.office import allow
from services.s3.depot import Depot

NO_CONFIGURATION = ("NoSuchConfiguration", 404, "The specified configuration does not exist.")
KINDS = ["Analytics", "IntelligentTiering", "Inventory", "Metrics"]


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_no_reports_on_buckets(depot: Depot, kind: str) -> None:
    """W-302"""
    assert depot.do(f"ListBucket{kind}Configurations") == {"IsTruncated": False}
    for verb in ("Get", "Delete"):
        assert depot.refusal(f"{verb}Bucket{kind}Configuration", Id="x") == NO_CONFIGURATION


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("GetBucketPolicy", "NoSuchBucketPolicy"),
        ("GetBucketPolicyStatus", "NoSuchBucketPolicy"),
        ("GetBucketCors", "NoSuchCORSConfiguration"),
        ("GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration"),
        ("GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError"),
        ("GetObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"),
        ("GetBucketTagging", "NoSuchTagSet"),
        ("GetBucketWebsite", "NoSuchWebsiteConfiguration"),
        ("GetBucketReplication", "ReplicationConfigurationNotFoundError"),
        ("GetBucketMetadataConfiguration", "MetadataConfigurationNotFound"),
        ("GetBucketMetadataTableConfiguration", "MetadataConfigurationNotFound"),
        ("DeleteBucketMetadataConfiguration", "MetadataConfigurationNotFound"),
        ("DeleteBucketMetadataTableConfiguration", "MetadataConfigurationNotFound"),
    ],
)
def test_what_is_not_there(depot: Depot, name: str, code: str) -> None:
    """W-302"""
    assert depot.refusal(name)[:2] == (code, 404)
    assert depot.fault(name).details == {"BucketName": depot.bucket}


@pytest.mark.parametrize(
    "name",
    [
        "GetBucketLogging",
        "GetBucketNotificationConfiguration",
        "GetBucketAccelerateConfiguration",
        "DeleteBucketReplication",
        "DeleteBucketWebsite",
    ],
)
def test_nothing_is_there_and_nothing_need_be_taken_away(depot: Depot, name: str) -> None:
    """W-302"""
    assert depot.do(name) == {}


TURNED = [
    (
        "PutBucketAccelerateConfiguration",
        "AccelerateConfiguration",
        {"Status": "Suspended"},
        [{"Status": "Enabled"}, {"Status": "Off"}],
        "there are no other endpoints to come in by",
    ),
    (
        "PutBucketLogging",
        "BucketLoggingStatus",
        {},
        [{"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": ""}}],
        "the audit trail tells of every request",
    ),
    (
        "PutBucketNotificationConfiguration",
        "NotificationConfiguration",
        {},
        [
            {"EventBridgeConfiguration": {}},
            {"QueueConfigurations": [{"QueueArn": "arn:aws:sqs:::q", "Events": ["s3:*"]}]},
        ],
        "there are no queues, topics, functions or buses here to tell of what happens",
    ),
]


@pytest.mark.parametrize(("name", "member", "off", "wishes", "reason"), TURNED)
def test_what_is_off_can_be_turned_off_and_not_on(
    depot: Depot, name: str, member: str, off: Any, wishes: list[Any], reason: str
) -> None:
    assert depot.do(name, None, None, **{member: off}) == {}
    said = f"This server does not implement s3:{name}: {reason}."
    for wish in wishes:
        refusal = depot.refusal(name, None, None, **{member: wish})
        assert refusal == ("NotImplemented", 501, said)


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("ListBucketInventoryConfigurations", "s3:GetInventoryConfiguration"),
        ("GetBucketMetricsConfiguration", "s3:GetMetricsConfiguration"),
        ("DeleteBucketAnalyticsConfiguration", "s3:PutAnalyticsConfiguration"),
        ("GetBucketMetadataConfiguration", "s3:GetBucketMetadataTableConfiguration"),
        ("DeleteBucketReplication", "s3:PutReplicationConfiguration"),
        ("PutBucketNotificationConfiguration", "s3:PutBucketNotification"),
    ],
)
def test_leave_comes_first(depot: Depot, name: str, action: str) -> None:
    """PE-204"""
    given: dict[str, Any] = {"Id": "x", "NotificationConfiguration": {}}
    bare = depot.owner.new_user("bare", allow("s3:List*", depot.arn()))
    assert depot.refusal(name, bare, None, **given)[0] == "AccessDenied"
    keen = depot.owner.new_user("keen", allow(action, depot.arn()))
    try:
        depot.do(name, keen, None, **given)
    except Fault as fault:
        assert fault.status == 404
    gone = {**given, "Bucket": "no-such-bucket-at-all"}
    assert depot.refusal(name, keen, None, **gone)[0] == "NoSuchBucket"


def test_nothing_is_archived(depot: Depot) -> None:
    depot.put("k")
    said = "Restore is not allowed for the object's current storage class"
    assert depot.refusal("RestoreObject", Key="k") == ("InvalidObjectState", 403, said)
    assert depot.refusal("RestoreObject", Key="none")[0] == "NoSuchKey"
    depot.do("PutBucketVersioning", VersioningConfiguration={"Status": "Enabled"})
    version = depot.put("k")["VersionId"]
    keen = depot.owner.new_user("keen", allow("s3:RestoreObject", depot.arn("*")))
    restored = depot.refusal("RestoreObject", keen, Key="k", VersionId=version)
    assert restored[0] == "InvalidObjectState"
    bare = depot.owner.new_user("bare", allow("s3:GetObject*", depot.arn("*")))
    assert depot.refusal("RestoreObject", bare, Key="k")[0] == "AccessDenied"
