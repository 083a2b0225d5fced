"""Object Ownership, and the ACLs of buckets and objects that count or not by it (PE-138, W-276).

Where ACLs are off they are kept and do nothing: what is read is the owner's full control.
"""

from collections.abc import Mapping
from typing import Any

from sekisho.directory.queries import objects
from sekisho.model.arn import bucket_arn, object_arn
from sekisho.model.faults import Fault
from sekisho.model.records import Bucket
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.acl_policies import owner_of
from sekisho.services.s3.acls import (
    ENFORCED,
    FULL_CONTROL,
    OWNERSHIP,
    PREFERRED,
    SETTING,
    WRITER,
    Acl,
    acl_of,
    acl_with_ownership,
    acls_are_off,
    acls_count,
    as_acl,
    changes_something,
    check_public,
    documented_acl,
    is_wished,
    shown_acl,
    wished_acl,
)
from sekisho.services.s3.asks import ACL_KEYS, find_bucket, on_bucket, on_object
from sekisho.services.s3.faults import malformed_xml
from sekisho.services.s3.reading import find_object
from sekisho.services.s3.settings import keep_setting

DEFAULT: Mapping[str, Any] = {"Rules": [{"ObjectOwnership": ENFORCED}]}
DELETED: Mapping[str, Any] = {"Rules": []}


@operation(
    "s3:PutBucketOwnershipControls", asks=on_bucket("s3:PutBucketOwnershipControls"), writes=True
)
def put_bucket_ownership_controls(call: Call, desk: Desk) -> Output:
    """Say who owns what others write, and whether ACLs count.

    Raises MalformedXML; InvalidBucketAclWithObjectOwnership where the bucket's ACL would be lost.
    """
    bucket = find_bucket(call, desk).bucket
    wished = call.input["OwnershipControls"]
    rules = wished.get("Rules", ())
    if len(rules) != 1 or rules[0].get("ObjectOwnership") not in (ENFORCED, PREFERRED, WRITER):
        raise malformed_xml()
    if rules[0]["ObjectOwnership"] == ENFORCED and grants_to_others(acl_of(bucket), bucket):
        raise acl_with_ownership(bucket.name)
    keep_setting(desk, bucket, OWNERSHIP, wished)
    return {}


@operation("s3:GetBucketOwnershipControls", asks=on_bucket("s3:GetBucketOwnershipControls"))
def get_bucket_ownership_controls(call: Call, desk: Desk) -> Output:
    """The setting. Raises OwnershipControlsNotFoundError once it was deleted."""
    bucket = find_bucket(call, desk).bucket
    kept = bucket.settings.get(OWNERSHIP, DEFAULT)
    if not kept["Rules"]:
        message = "The bucket ownership controls were not found"
        raise Fault("OwnershipControlsNotFoundError", 404, message, {"BucketName": bucket.name})
    return {"OwnershipControls": kept}


@operation(
    "s3:DeleteBucketOwnershipControls",
    asks=on_bucket("s3:PutBucketOwnershipControls"),
    writes=True,
)
def delete_bucket_ownership_controls(call: Call, desk: Desk) -> Output:
    """Let ACLs count, and objects belong to who writes them, as in buckets of old."""
    keep_setting(desk, find_bucket(call, desk).bucket, OWNERSHIP, DELETED)
    return {}


def grants_to_others(acl: Acl, bucket: Bucket) -> bool:
    return any(grantee != bucket.account for grantee, _ in acl)


@operation("s3:GetBucketAcl", asks=on_bucket("s3:GetBucketAcl"))
def get_bucket_acl(call: Call, desk: Desk) -> Output:
    """The ACL of a bucket; where ACLs are off, its owner's full control."""
    bucket = find_bucket(call, desk).bucket
    return shown_acl(desk, bucket.account, acl_of(bucket) if acls_count(bucket) else ())


@operation("s3:GetObjectAcl", asks=on_object("s3:GetObjectAcl"))
def get_object_acl(call: Call, desk: Desk) -> Output:
    """The ACL of an object; where ACLs are off, the full control of its bucket's owner."""
    stored, bucket = find_object(call, desk), find_bucket(call, desk).bucket
    acl = as_acl(stored.acl) if acls_count(bucket) else ()
    return shown_acl(desk, owner_of(stored, bucket), acl)


@operation("s3:PutBucketAcl", asks=on_bucket("s3:PutBucketAcl", ACL_KEYS), writes=True)
def put_bucket_acl(call: Call, desk: Desk) -> Output:
    """Give a bucket an ACL: a canned one, grants in headers, or a document.

    Raises: AccessControlListNotSupported (PE-138), AccessDenied for a public one where those are
        blocked, MissingSecurityHeader, UnexpectedContent, and as `wished_acl`.
    """
    bucket = find_bucket(call, desk).bucket
    acl = new_acl(call, desk, bucket, bucket.account, of_object=False)
    if acl is not None:
        check_public(call, bucket, acl, "s3:PutBucketAcl", bucket_arn(bucket.name))
        keep_setting(desk, bucket, SETTING, acl)
    return {}


@operation("s3:PutObjectAcl", asks=on_object("s3:PutObjectAcl", ACL_KEYS), writes=True)
def put_object_acl(call: Call, desk: Desk) -> Output:
    """Give an object, or a version, an ACL; as PutBucketAcl."""
    stored, bucket = find_object(call, desk), find_bucket(call, desk).bucket
    acl = new_acl(call, desk, bucket, owner_of(stored, bucket), of_object=True)
    if acl is not None:
        resource = object_arn(bucket.name, stored.key)
        check_public(call, bucket, acl, "s3:PutObjectAcl", resource)
        objects.change_object(desk.tx, stored, acl=acl)
    return {}


def new_acl(call: Call, desk: Desk, bucket: Bucket, owner: str, *, of_object: bool) -> Acl | None:
    """The ACL that a request gives; None where ACLs are off and it changes nothing."""
    given, document = call.input, call.input.get("AccessControlPolicy")
    if document is not None and is_wished(given):
        raise Fault("UnexpectedContent", 400, "This request does not support content")
    if document is None and not is_wished(given):
        details = {"MissingHeaderName": "x-amz-acl"}
        raise Fault(
            "MissingSecurityHeader", 400, "Your request was missing a required header", details
        )
    if acls_count(bucket):
        if document is not None:
            return documented_acl(document, desk.tx, owner)
        return wished_acl(given, desk.tx, owner, bucket, of_object=of_object)
    if document is None:
        is_refused = changes_something(given)
    else:
        is_refused = documented_acl(document, desk.tx, owner) != ((owner, FULL_CONTROL),)
    if is_refused:
        raise acls_are_off()
    return None
