"""Who may do what: within an account, across accounts, and what the asks say (PE-42, PE-106)."""

from typing import Any

import pytest

from sekisho.access.context import Ambient
from sekisho.model.principal import Caller
from sekisho.services import OPERATIONS, Call, Desk
from services.iam.office import allow, document
from services.s3.depot import NOBODY, Depot

BODY = b"content"


def granting(depot: Depot, who: Any, action: str | list[str], **more: Any) -> None:
    resources = [depot.arn(), depot.arn("*")]
    statement = allow(action, resources, Principal=who, **more)
    depot.do("PutBucketPolicy", Policy=document(statement))


@pytest.mark.parametrize(
    ("name", "given", "action", "key"),
    [
        ("HeadBucket", {}, "s3:ListBucket", None),
        ("ListObjects", {}, "s3:ListBucket", None),
        ("ListObjectsV2", {}, "s3:ListBucket", None),
        ("DeleteBucket", {}, "s3:DeleteBucket", None),
        ("GetBucketLocation", {}, "s3:GetBucketLocation", None),
        ("GetBucketPolicy", {}, "s3:GetBucketPolicy", None),
        ("GetBucketPolicyStatus", {}, "s3:GetBucketPolicyStatus", None),
        ("PutBucketPolicy", {"Policy": "{}"}, "s3:PutBucketPolicy", None),
        ("DeleteBucketPolicy", {}, "s3:DeleteBucketPolicy", None),
        ("GetObject", {"Key": "a/b"}, "s3:GetObject", "a/b"),
        ("HeadObject", {"Key": "k"}, "s3:GetObject", "k"),
        ("GetObject", {"Key": "k", "VersionId": "null"}, "s3:GetObjectVersion", "k"),
        ("HeadObject", {"Key": "k", "VersionId": "null"}, "s3:GetObjectVersion", "k"),
        ("PutObject", {"Key": "k"}, "s3:PutObject", "k"),
        ("DeleteObject", {"Key": "k"}, "s3:DeleteObject", "k"),
        ("DeleteObject", {"Key": "k", "VersionId": "null"}, "s3:DeleteObjectVersion", "k"),
    ],
)
def test_action_names_and_denials(
    depot: Depot, name: str, given: dict[str, Any], action: str, key: str | None
) -> None:
    """PE-42, W-272, W-274; the sentences are those of W-279."""
    user = depot.owner.new_user("bare")
    assert depot.refusal(name, user, **given) == (
        "AccessDenied",
        403,
        f"User: {user.principal.arn} is not authorized to perform: {action} on resource:"
        f' "{depot.arn(key)}" because no identity-based policy allows the {action} action',
    )
    stranger = depot.other.root
    assert depot.refusal(name, stranger, **given) == ("AccessDenied", 403, "Access Denied")
    assert depot.refusal(name, NOBODY, **given) == ("AccessDenied", 403, "Access Denied")


@pytest.mark.parametrize(
    ("identity", "resource", "in_account", "across"),
    [
        (False, False, False, False),
        (True, False, True, False),
        (False, True, True, False),
        (True, True, True, True),
    ],
)
def test_one_side_is_enough_at_home_and_both_are_needed_abroad(
    depot: Depot, identity: bool, resource: bool, in_account: bool, across: bool
) -> None:
    """W-273"""
    depot.put("k", BODY)
    statements = [allow("s3:GetObject", depot.arn("*"))] if identity else []
    for office, expected in ((depot.owner, in_account), (depot.other, across)):
        user = office.new_user("reader", *statements)
        if resource:
            granting(depot, {"AWS": user.principal.arn}, ["s3:GetObject", "s3:ListBucket"])
        if expected:
            assert depot.content("k", user) == BODY
        else:
            assert depot.refusal("GetObject", user, Key="k")[0] == "AccessDenied"


def test_the_buckets_owner_owns_what_others_put(depot: Depot) -> None:
    """PE-106, W-276"""
    writer = depot.other.new_user("writer", allow("s3:PutObject"))
    granting(depot, {"AWS": depot.other.id}, "s3:PutObject")
    depot.do("PutObject", writer, body=BODY, Key="k")
    assert depot.content("k") == BODY
    assert depot.refusal("GetObject", writer, Key="k") == ("AccessDenied", 403, "Access Denied")


def test_who_may_not_list_is_not_told_what_is_missing(depot: Depot) -> None:
    """PE-142, W-275"""
    reader = depot.owner.new_user("reader", allow("s3:GetObject"))
    lister = depot.owner.new_user("lister", allow(["s3:GetObject", "s3:ListBucket"]))
    for name in ("GetObject", "HeadObject"):
        assert depot.refusal(name, lister, Key="none")[:2] == ("NoSuchKey", 404)
        assert depot.refusal(name, reader, Key="none") == (
            "AccessDenied",
            403,
            f"User: {reader.principal.arn} is not authorized to perform: s3:ListBucket on"
            f' resource: "{depot.arn()}" because no identity-based policy allows the s3:ListBucket'
            " action",
        )
    abroad = depot.other.new_user("reader", allow("s3:GetObject"))
    granting(depot, {"AWS": depot.other.id}, "s3:GetObject")
    assert depot.refusal("GetObject", abroad, Key="none") == ("AccessDenied", 403, "Access Denied")


def test_a_conditional_write_reads(depot: Depot) -> None:
    """S3 User Guide, conditional writes and deletes: an entity tag needs s3:GetObject, too."""
    etag = depot.put("k", BODY)["ETag"]
    writer = depot.owner.new_user("writer", allow(["s3:PutObject", "s3:DeleteObject"]))
    said = depot.refusal("PutObject", writer, body=BODY, Key="k", IfMatch=etag)[2]
    assert "is not authorized to perform: s3:GetObject on" in said
    said = depot.refusal("DeleteObject", writer, Key="k", IfMatch=etag)[2]
    assert "is not authorized to perform: s3:GetObject on" in said
    depot.do("PutObject", writer, body=BODY, Key="n", IfNoneMatch="*")
    depot.do("DeleteObject", writer, Key="k", IfMatch="*")


def context(depot: Depot, name: str, caller: Caller | None = None, **given: Any) -> dict[str, Any]:
    """The S3 condition keys of an operation's first ask."""
    ambient = Ambient(0, "request", "192.0.2.7", secure=True)
    call = Call(caller or depot.owner.root, {"Bucket": depot.bucket, **given}, ambient)
    with depot.directory.reading() as tx:
        ask = OPERATIONS[f"s3:{name}"].asks(call, Desk(tx, depot.directory, depot.access))[0]
    assert ask.owner == depot.owner.id
    return {key.removeprefix("s3:"): value for key, value in ask.context.items()}


def test_condition_keys(depot: Depot) -> None:
    """PE-191"""
    owner = {"resourceaccount": depot.owner.id}
    assert context(depot, "HeadBucket") == owner
    listing: dict[str, Any] = {"Prefix": "home/", "Delimiter": "/", "MaxKeys": 7, "StartAfter": "x"}
    wanted = {"prefix": "home/", "delimiter": "/", "max-keys": "7", **owner}
    assert context(depot, "ListObjectsV2", **listing) == wanted
    assert context(depot, "GetObject", Key="k", IfMatch="e") == owner
    assert context(depot, "GetObject", Key="k", VersionId="null") == {"versionid": "null", **owner}
    assert context(depot, "DeleteObject", Key="k", IfMatch="e") == {"if-match": "e", **owner}
    put: dict[str, Any] = {
        "ACL": "private",
        "GrantRead": "id=x",
        "ServerSideEncryption": "aws:kms",
        "SSEKMSKeyId": "key",
        "StorageClass": "GLACIER",
        "ObjectLockRetainUntilDate": 0,
        "IfNoneMatch": "*",
    }
    assert context(depot, "PutObject", Key="k", **put) == {
        "x-amz-acl": "private",
        "x-amz-grant-read": "id=x",
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": "key",
        "x-amz-storage-class": "GLACIER",
        "object-lock-retain-until-date": "1970-01-01T00:00:00Z",
        "object-lock-remaining-retention-days": "0",
        "if-none-match": "*",
        "objectcreationoperation": "true",
        **owner,
    }


def test_keys_of_what_was_not_sent_are_absent(depot: Depot) -> None:
    """PE-192: and an empty prefix is a prefix that was sent."""
    assert "prefix" not in context(depot, "ListObjectsV2")
    assert context(depot, "ListObjectsV2", Prefix="")["prefix"] == ""
    put = context(depot, "PutObject", Key="k")
    assert put.keys() == {"objectcreationoperation", "resourceaccount"}


def test_home_folders(depot: Depot) -> None:
    """The policy that most listings are kept in bounds by."""
    depot.put("home/anna/a")
    mine = {"StringLike": {"s3:prefix": "home/${aws:username}/*"}}
    anna = depot.owner.new_user("anna", allow("s3:ListBucket", depot.arn(), Condition=mine))
    listed = depot.do("ListObjectsV2", anna, Prefix="home/anna/")
    assert [entry["Key"] for entry in listed["Contents"]] == ["home/anna/a"]
    assert depot.refusal("ListObjectsV2", anna)[0] == "AccessDenied"
    for prefix in ("", "home/bert/", "home/anna"):
        assert depot.refusal("ListObjectsV2", anna, Prefix=prefix)[0] == "AccessDenied"


def test_a_deny_of_the_bucket_policy_holds_for_its_owners_root(depot: Depot) -> None:
    """PE-99, W-273"""
    depot.put("k", BODY)
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject"}
    depot.do("PutBucketPolicy", Policy=document({**deny, "Resource": depot.arn("*")}))
    assert depot.refusal("GetObject", Key="k") == (
        "AccessDenied",
        403,
        f"User: {depot.owner.root.principal.arn} is not authorized to perform: s3:GetObject on"
        f' resource: "{depot.arn("k")}" with an explicit deny in a resource-based policy',
    )


def test_a_policy_holds_from_the_moment_it_is_put(depot: Depot) -> None:
    depot.put("k", BODY)
    reader = depot.other.new_user("reader", allow("s3:GetObject"))
    for _ in range(2):
        assert depot.refusal("GetObject", reader, Key="k")[0] == "AccessDenied"
        granting(depot, {"AWS": depot.other.id}, "s3:GetObject")
        assert depot.content("k", reader) == BODY
        depot.do("DeleteBucketPolicy")


def test_a_new_bucket_of_the_name_has_nothing_of_the_old_ones_policy(depot: Depot) -> None:
    reader = depot.other.new_user("reader", allow("s3:GetObject"))
    granting(depot, {"AWS": depot.other.id}, "s3:GetObject")
    depot.put("k", BODY)
    assert depot.content("k", reader) == BODY
    depot.do("DeleteObject", Key="k")
    depot.do("DeleteBucket")
    depot.do("CreateBucket")
    depot.put("k", BODY)
    assert depot.refusal("GetObject", reader, Key="k")[0] == "AccessDenied"


def test_a_decision_is_about_the_bucket_that_the_transaction_sees(depot: Depot) -> None:
    """Evidence older than the transaction is not used, though nobody refreshed it."""
    depot.put("k", BODY)
    granting(depot, {"AWS": depot.other.id}, "s3:GetObject")
    reader = depot.other.new_user("reader", allow("s3:GetObject"))
    assert depot.content("k", reader) == BODY
    asked = OPERATIONS["s3:GetObject"].asks
    ambient = Ambient(0, "request", "192.0.2.7", secure=True)
    call = Call(reader, {"Bucket": depot.bucket, "Key": "k"}, ambient)
    depot.do("DeleteBucketPolicy")
    with depot.directory.reading() as tx:
        (ask,) = asked(call, Desk(tx, depot.directory, depot.access))
    assert ask.policy is None
