"""The condition keys of S3: each is there when AWS has it, or it is known why it never is (PE-191).

Keys of connection and signature are the gate's to give: tests/gate and tests/journeys hold them.
"""

from typing import Any

import pytest

from sekisho.access.context import Ambient
from sekisho.catalog.authorization import service_authorization
from sekisho.services import OPERATIONS, Call, Desk
from services.iam.office import NOW, allow
from services.s3.depot import Depot

SIGNING = {
    "s3:TlsVersion": "1.3",
    "s3:authType": "REST-HEADER",
    "s3:signatureAge": "7",
    "s3:signatureversion": "AWS4-HMAC-SHA256",
    "s3:x-amz-content-sha256": "UNSIGNED-PAYLOAD",
}
K: dict[str, Any] = {"Key": "k"}
COPY: dict[str, Any] = {"Key": "copy", "CopySource": "{bucket}/k"}
LISTING: dict[str, Any] = {"Prefix": "p", "Delimiter": "/", "MaxKeys": 7}
LOCKED: dict[str, Any] = {
    "Key": "k",
    "ObjectLockMode": "GOVERNANCE",
    "ObjectLockRetainUntilDate": NOW + 86_400,
    "ObjectLockLegalHoldStatus": "ON",
}

# Key, operation, what it is asked with, the action that is then asked for, the value of the key.
ROWS: list[tuple[str, str, dict[str, Any], str, Any]] = [
    ("aws:ResourceTag/*", "ListObjectsV2", {}, "s3:ListBucket", "red"),
    ("s3:BucketTag/*", "ListObjectsV2", {}, "s3:ListBucket", "red"),
    ("s3:BucketTag/*", "GetObject", K, "s3:GetObject", "red"),
    ("s3:BucketTag/*", "DeleteBucket", {}, "s3:DeleteBucket", "red"),
    ("s3:ExistingObjectTag/*", "GetObject", K, "s3:GetObject", "blue"),
    ("s3:ExistingObjectTag/*", "GetObjectAcl", K, "s3:GetObjectAcl", "blue"),
    ("s3:ExistingObjectTag/*", "DeleteObjectTagging", K, "s3:DeleteObjectTagging", "blue"),
    ("s3:RequestObjectTag/*", "PutObject", {**K, "Tagging": "tag=x"}, "s3:PutObject", "x"),
    ("s3:RequestObjectTagKeys", "PutObject", {**K, "Tagging": "tag=x"}, "s3:PutObject", ("tag",)),
    ("s3:ResourceAccount", "ListBuckets", {}, "s3:ListAllMyBuckets", "{owner}"),
    ("s3:ResourceAccount", "GetObject", K, "s3:GetObject", "{owner}"),
    ("s3:ObjectCreationOperation", "PutObject", K, "s3:PutObject", "true"),
    ("s3:prefix", "ListObjectsV2", LISTING, "s3:ListBucket", "p"),
    ("s3:delimiter", "ListObjects", LISTING, "s3:ListBucket", "/"),
    ("s3:max-keys", "ListObjectVersions", LISTING, "s3:ListBucketVersions", "7"),
    ("s3:versionid", "GetObject", {**K, "VersionId": "null"}, "s3:GetObjectVersion", "null"),
    ("s3:if-match", "PutObject", {**K, "IfMatch": "e"}, "s3:PutObject", "e"),
    ("s3:if-match", "DeleteObject", {**K, "IfMatch": "e"}, "s3:DeleteObject", "e"),
    ("s3:if-none-match", "PutObject", {**K, "IfNoneMatch": "*"}, "s3:PutObject", "*"),
    ("s3:object-lock-mode", "PutObject", LOCKED, "s3:PutObject", "GOVERNANCE"),
    ("s3:object-lock-legal-hold", "PutObject", LOCKED, "s3:PutObject", "ON"),
    (
        "s3:object-lock-retain-until-date",
        "PutObject",
        LOCKED,
        "s3:PutObject",
        "2025-02-01T09:00:00Z",
    ),
    ("s3:object-lock-remaining-retention-days", "PutObject", LOCKED, "s3:PutObject", "1"),
    (
        "s3:object-lock-mode",
        "PutObjectRetention",
        {**K, "Retention": {"Mode": "GOVERNANCE", "RetainUntilDate": NOW + 86_400}},
        "s3:PutObjectRetention",
        "GOVERNANCE",
    ),
    ("s3:x-amz-copy-source", "CopyObject", COPY, "s3:PutObject", "{bucket}/k"),
    (
        "s3:x-amz-metadata-directive",
        "CopyObject",
        {**COPY, "MetadataDirective": "REPLACE"},
        "s3:PutObject",
        "REPLACE",
    ),
    (
        "s3:x-amz-object-ownership",
        "CreateBucket",
        {"Bucket": "some-bucket", "ObjectOwnership": "ObjectWriter"},
        "s3:CreateBucket",
        "ObjectWriter",
    ),
    (
        "s3:x-amz-bucket-namespace",
        "CreateBucket",
        {"Bucket": "some-bucket", "BucketNamespace": "global"},
        "s3:CreateBucket",
        "global",
    ),
    (
        "s3:locationconstraint",
        "CreateBucket",
        {"Bucket": "some-bucket", "CreateBucketConfiguration": {"LocationConstraint": "EU"}},
        "s3:CreateBucket",
        "EU",
    ),
    (
        "aws:RequestTag/*",
        "CreateBucket",
        {
            "Bucket": "some-bucket",
            "CreateBucketConfiguration": {"Tags": [{"Key": "tag", "Value": "x"}]},
        },
        "s3:CreateBucket",
        "x",
    ),
    (
        "aws:TagKeys",
        "CreateBucket",
        {
            "Bucket": "some-bucket",
            "CreateBucketConfiguration": {"Tags": [{"Key": "tag", "Value": "x"}]},
        },
        "s3:TagResource",
        ("tag",),
    ),
    *(
        (f"s3:x-amz-{header}", operation, {**given, member: "v"}, action, "v")
        for operation, given, action in (
            ("PutObject", K, "s3:PutObject"),
            ("PutObjectAcl", K, "s3:PutObjectAcl"),
            ("PutBucketAcl", {}, "s3:PutBucketAcl"),
            ("CreateBucket", {"Bucket": "some-bucket"}, "s3:CreateBucket"),
        )
        for member, header in (
            ("ACL", "acl"),
            ("GrantFullControl", "grant-full-control"),
            ("GrantRead", "grant-read"),
            ("GrantReadACP", "grant-read-acp"),
            ("GrantWrite", "grant-write"),
            ("GrantWriteACP", "grant-write-acp"),
        )
    ),
    *(
        (f"s3:x-amz-{header}", operation, {**K, member: "v"}, "s3:PutObject", "v")
        for operation in ("PutObject", "CreateMultipartUpload")
        for member, header in (
            ("ServerSideEncryption", "server-side-encryption"),
            ("SSEKMSKeyId", "server-side-encryption-aws-kms-key-id"),
            ("SSECustomerAlgorithm", "server-side-encryption-customer-algorithm"),
            ("StorageClass", "storage-class"),
            ("WebsiteRedirectLocation", "website-redirect-location"),
        )
    ),
    *((key, "ListBuckets", {}, "s3:ListAllMyBuckets", value) for key, value in SIGNING.items()),
    *((key, "DeleteObject", K, "s3:DeleteObject", value) for key, value in SIGNING.items()),
    *((key, "CreateBucket", {}, "s3:CreateBucket", value) for key, value in SIGNING.items()),
]

NOT_HERE = {
    "access grants": ("AccessGrantScope", "AccessGrantsInstanceArn", "AccessGrantsLocationScope"),
    "access points": (
        "AccessPointNetworkOrigin",
        "AccessPointTag/*",
        "DataAccessPointAccount",
        "DataAccessPointArn",
    ),
    "batch operations": (
        "ExistingJobOperation",
        "ExistingJobPriority",
        "JobSuspendedCause",
        "RequestJobOperation",
        "RequestJobPriority",
    ),
    "inventory, replication, logs of other services": (
        "InventoryAccessibleOptionalFields",
        "deliverySourceArn",
        "destinationRegion",
        "isReplicationPauseRequest",
        "logType",
        "resourceArnBeingAuthorized",
    ),
    "annotations": (
        "annotation-prefix",
        "max-annotation-results",
        "x-amz-object-annotation-directive",
        "x-amz-object-if-match",
    ),
    "event holds": ("object-lock-event-hold", "object-lock-event-hold-duration-days"),
}


@pytest.fixture(scope="module")
def tagged(depot_once: Depot) -> Depot:
    """Access to the bucket goes by its tags; it has an object with another tag."""
    depot_once.do("PutBucketTagging", Tagging={"TagSet": [{"Key": "Tag", "Value": "red"}]})
    depot_once.do("PutBucketAbac", AbacStatus={"Status": "Enabled"})
    depot_once.put("k", b"x", Tagging="tag=blue")
    return depot_once


def contexts(depot: Depot, name: str, given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The condition keys of each action that an operation asks for."""
    signing = {key.lower(): value for key, value in SIGNING.items()}
    ambient = Ambient(NOW, "request", "192.0.2.7", secure=True, signing=signing)
    filled = {
        member: value.replace("{bucket}", depot.bucket) if isinstance(value, str) else value
        for member, value in given.items()
    }
    call = Call(depot.owner.root, {"Bucket": depot.bucket, **filled}, ambient)
    with depot.directory.reading() as tx:
        asks = OPERATIONS[f"s3:{name}"].asks(call, Desk(tx, depot.directory, depot.access))
    return {ask.action: dict(ask.context) for ask in asks}


@pytest.mark.parametrize(("key", "name", "given", "action", "value"), ROWS)
def test_each_key(
    tagged: Depot, key: str, name: str, given: dict[str, Any], action: str, value: Any
) -> None:
    """And it is absent where nothing says it (PE-192)."""
    asked = key.lower().replace("*", "tag")
    if isinstance(value, str):
        value = value.replace("{bucket}", tagged.bucket).replace("{owner}", tagged.owner.id)
    assert contexts(tagged, name, given)[action][asked] == value


def test_the_table_is_whole() -> None:
    """Every key that AWS lists for S3 is in the table, or in that of what is not here."""
    service = service_authorization("s3")
    assert service is not None
    listed = {key.name for key in service.keys.values()}
    absent = {f"s3:{name}" for names in NOT_HERE.values() for name in names}
    ours = {row[0] for row in ROWS}
    # The sheet has these two beyond AWS's list.
    assert ours - listed == {"s3:x-amz-object-ownership"} - listed
    assert ours.isdisjoint(absent)
    assert listed - ours == absent


def test_tags_of_buckets_count_only_where_access_goes_by_them(depot: Depot) -> None:
    """S3 User Guide, enabling ABAC in general purpose buckets."""
    depot.put("k", b"x")
    red = {"StringEquals": {"aws:ResourceTag/tag": "red"}}
    reader = depot.owner.new_user("reader", allow("s3:GetObject", Condition=red))
    tagging = {"TagSet": [{"Key": "tag", "Value": "red"}]}
    tagger = depot.owner.new_user("tagger", allow(["s3:PutBucketTagging", "s3:DeleteObject"]))
    depot.do("PutBucketTagging", tagger, Tagging=tagging)
    assert depot.do("GetBucketAbac") == {"AbacStatus": {"Status": "Disabled"}}
    assert depot.refusal("GetObject", reader, Key="k")[0] == "AccessDenied"
    depot.do("PutBucketAbac", AbacStatus={"Status": "Enabled"})
    assert depot.do("GetBucketAbac") == {"AbacStatus": {"Status": "Enabled"}}
    assert depot.content("k", reader) == b"x"
    depot.do("PutBucketTagging", tagger, Tagging=tagging)  # which changes nothing
    blue = {"TagSet": [{"Key": "tag", "Value": "blue"}]}
    assert "s3:TagResource" in depot.refusal("PutBucketTagging", tagger, Tagging=blue)[2]
    assert "s3:UntagResource" in depot.refusal("DeleteBucketTagging", tagger)[2]
    depot.do("PutBucketTagging", Tagging=blue)
    assert depot.refusal("GetObject", reader, Key="k")[0] == "AccessDenied"
    assert depot.refusal("PutBucketAbac", AbacStatus={"Status": "On"})[0] == "MalformedXML"
