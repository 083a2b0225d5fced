"""Buckets: made, listed, looked at and removed.

A new one has all public access blocked, and ACLs off unless it is made otherwise.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from sekisho.access.context import passed_tags_context
from sekisho.access.decide import Ask
from sekisho.catalog import service_model
from sekisho.directory.queries import buckets, uploads
from sekisho.model.arn import bucket_arn
from sekisho.model.faults import Fault
from sekisho.model.principal import nothing
from sekisho.model.records import Bucket
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.acls import (
    ENFORCED,
    OWNERSHIP,
    PREFERRED,
    SETTING,
    WRITER,
    Acl,
    acl_with_ownership,
    is_public,
    wished_acl,
)
from sekisho.services.s3.asks import (
    ACL_KEYS,
    CREATION_KEYS,
    asked_context,
    find_bucket,
    on_bucket,
)
from sekisho.services.s3.faults import invalid_argument, not_implemented
from sekisho.services.s3.names import TAKEN, check_bucket_name
from sekisho.services.s3.objects import remove_later
from sekisho.services.s3.tags import MOST_BUCKET_TAGS, tags_of_document

FIRST_REGION = "us-east-1"
MOST_BUCKETS = 10_000
EVERY = 1_000_000


def creation_asks(call: Call, _desk: Desk) -> Sequence[Ask]:
    """s3:CreateBucket is a matter of the caller's account, whoever may have the name.

    What else is set with it asks for the actions that would set it later.
    """
    name = call.input["Bucket"]
    check_bucket_name(name)
    context = asked_context(call, call.account, CREATION_KEYS)
    constraint = configuration(call).get("LocationConstraint")
    if constraint:
        context["s3:locationconstraint"] = constraint
    actions = ["s3:CreateBucket"]
    if call.input.get("ObjectLockEnabledForBucket"):
        actions += ["s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning"]
    if is_granting(call):
        actions.append("s3:PutBucketAcl")
    if "ObjectOwnership" in call.input:
        actions.append("s3:PutBucketOwnershipControls")
    tags = wished_bucket_tags(call)
    if tags:
        context |= passed_tags_context(tags)
        actions.append("s3:TagResource")
    return [Ask(action, bucket_arn(name), call.account, context) for action in actions]


@operation("s3:CreateBucket", asks=creation_asks, writes=True)
def create_bucket(call: Call, desk: Desk) -> Output:
    """Create a bucket.

    Raises: BucketAlreadyOwnedByYou, BucketAlreadyExists, InvalidLocationConstraint,
        IllegalLocationConstraintException (W-303), InvalidBucketAclWithObjectOwnership (W-276),
        InvalidBucketAclWithBlockPublicAccessError; NotImplemented for other kinds of bucket; and of
        ACLs as `wished_acl`.
    """
    name = call.input["Bucket"]
    if name in TAKEN:
        raise already_exists(name)
    check_wishes(call)
    settings = first_settings(call, desk)
    region = region_of(call)
    standing = buckets.get_bucket(desk.tx, name)
    if standing is None:
        made = Bucket(name, call.account, region, call.now, settings=settings)
        buckets.add_bucket(desk.tx, made)
    elif standing.account != call.account:
        raise already_exists(name)
    elif (standing.region, call.ambient.region) != (FIRST_REGION, FIRST_REGION):
        raise already_owned(name)
    return {"Location": f"/{name}"}


def configuration(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = call.input.get("CreateBucketConfiguration", {})
    return found


def check_wishes(call: Call) -> None:
    """Refuse what buckets here do not have, and ACLs where they are off (W-276)."""
    ownership = call.input.get("ObjectOwnership", ENFORCED)
    if ownership not in (ENFORCED, PREFERRED, WRITER):
        raise invalid_argument(
            "x-amz-object-ownership",
            ownership,
            "Invalid x-amz-object-ownership header: " + ownership,
        )
    if call.input.get("BucketNamespace", "global") != "global":
        raise not_implemented("x-amz-bucket-namespace")
    if ownership == ENFORCED and is_granting(call):
        raise acl_with_ownership(call.input["Bucket"])
    for element, value in configuration(call).items():
        if element not in ("LocationConstraint", "Tags") and value:
            message = "This server implements general purpose buckets only."
            raise Fault("NotImplemented", 501, message, {"Element": element})


def wished_bucket_tags(call: Call) -> dict[str, str]:
    """Raises InvalidTag, BadRequest."""
    return tags_of_document({"TagSet": configuration(call).get("Tags", ())}, MOST_BUCKET_TAGS)


def is_granting(call: Call) -> bool:
    """Whether a bucket is to be made with more than its owner's full control."""
    return any(call.input.get(member, "private") != "private" for member in ACL_KEYS)


def first_settings(call: Call, desk: Desk) -> dict[str, Any]:
    """What a bucket is made with. Where objects are locked there must be versions."""
    settings: dict[str, Any] = {}
    if call.input.get("ObjectLockEnabledForBucket"):
        settings |= {"versioning": "Enabled", "lock": {"ObjectLockEnabled": "Enabled"}}
    tags = wished_bucket_tags(call)
    if tags:
        settings["tags"] = tags
    if "ObjectOwnership" in call.input:
        settings[OWNERSHIP] = {"Rules": [{"ObjectOwnership": call.input["ObjectOwnership"]}]}
    if is_granting(call):
        settings[SETTING] = first_acl(call, desk)
    return settings


def first_acl(call: Call, desk: Desk) -> Acl:
    """The ACL of a new bucket, of which all public access is blocked."""
    bucket = Bucket(call.input["Bucket"], call.account, "", call.now)
    acl = wished_acl(call.input, desk.tx, call.account, bucket, of_object=False)
    if is_public(acl):
        message = "Bucket cannot have public ACLs set with BlockPublicAccess enabled"
        details = {"BucketName": bucket.name}
        raise Fault("InvalidBucketAclWithBlockPublicAccessError", 400, message, details)
    return acl


def region_of(call: Call) -> str:
    """The region of a new bucket: where the request is signed for, unless that is the first one."""
    here = call.ambient.region
    asked = configuration(call).get("LocationConstraint")
    if not asked:
        if here != FIRST_REGION:
            raise illegal_location("unspecified")
        return here
    region = "eu-west-1" if asked == "EU" else asked
    if asked == FIRST_REGION or (asked not in known_locations() and asked != here):
        message = "The specified location-constraint is not valid"
        raise Fault("InvalidLocationConstraint", 400, message, {"LocationConstraint": asked})
    if here not in (FIRST_REGION, region):
        raise illegal_location(asked)
    return region


def known_locations() -> tuple[str, ...]:
    shape = service_model("s3").operations["CreateBucket"].input
    assert shape is not None
    members = shape.members["CreateBucketConfiguration"].shape.members
    return members["LocationConstraint"].shape.enum


def illegal_location(asked: str) -> Fault:
    return Fault(
        "IllegalLocationConstraintException",
        400,
        f"The {asked} location constraint is incompatible for the region specific endpoint this"
        " request was sent to.",
    )


def already_owned(name: str) -> Fault:
    message = "Your previous request to create the named bucket succeeded and you already own it."
    return Fault("BucketAlreadyOwnedByYou", 409, message, {"BucketName": name})


def already_exists(name: str) -> Fault:
    return Fault(
        "BucketAlreadyExists",
        409,
        "The requested bucket name is not available. The bucket namespace is shared by all users"
        " of the system. Please select a different name and try again.",
        {"BucketName": name},
    )


@operation("s3:DeleteBucket", asks=on_bucket("s3:DeleteBucket"), writes=True)
def delete_bucket(call: Call, desk: Desk) -> Output:
    """Delete an empty bucket, its policy and uploads under way with it.

    Raises BucketNotEmpty (W-304).
    """
    bucket = find_bucket(call, desk).bucket
    if not buckets.is_empty(desk.tx, bucket.name):
        message = "The bucket you tried to delete is not empty"
        if bucket.versioning:
            message += ". You must delete all versions in the bucket."
        raise Fault("BucketNotEmpty", 409, message, {"BucketName": bucket.name})
    for upload in uploads.list_uploads(desk.tx, bucket.name, "", None, EVERY):
        remove_later(desk, uploads.abandon_upload(desk.tx, upload))
    buckets.remove_bucket(desk.tx, bucket)
    return {}


@operation("s3:HeadBucket", asks=on_bucket("s3:ListBucket"))
def head_bucket(call: Call, desk: Desk) -> Output:
    """Tell that a bucket is there, and its region (W-312)."""
    return {"BucketRegion": find_bucket(call, desk).bucket.region}


@operation("s3:GetBucketLocation", asks=on_bucket("s3:GetBucketLocation"))
def get_bucket_location(call: Call, desk: Desk) -> Output:
    """The region of a bucket; nothing for us-east-1 (W-305)."""
    region = find_bucket(call, desk).bucket.region
    return {"LocationConstraint": "" if region == FIRST_REGION else region}


def bucket_list_asks(call: Call, _desk: Desk) -> Sequence[Ask]:
    """s3:ListAllMyBuckets (PE-42); denials name no resource (W-279).

    It is asked for all buckets, so that policies that write them ``*`` or ``arn:aws:s3:::*`` both
    allow it, as AWS's examples have it.
    """
    asked: int = call.input.get("MaxBuckets", MOST_BUCKETS)
    if not 1 <= asked <= MOST_BUCKETS:
        message = f"Argument max-buckets must be an integer between 1 and {MOST_BUCKETS}"
        raise invalid_argument("max-buckets", str(asked), message)
    context = asked_context(call, call.account, nothing())
    return (Ask("s3:ListAllMyBuckets", bucket_arn("*"), call.account, context, shown=""),)


@operation("s3:ListBuckets", asks=bucket_list_asks)
def list_buckets(call: Call, desk: Desk) -> Output:
    """The caller's account's buckets in the order of their names, in pages.

    Input: MaxBuckets (1-10,000, the default), ContinuationToken, Prefix, BucketRegion.
    Raises InvalidArgument.
    """
    most: int = call.input.get("MaxBuckets", MOST_BUCKETS)
    prefix: str = call.input.get("Prefix", "")
    region: str | None = call.input.get("BucketRegion")
    after = read_bucket_token(call)
    found = [
        bucket
        for bucket in buckets.list_buckets(desk.tx, call.account)
        if bucket.name.startswith(prefix)
        and bucket.name > after
        and region in (None, bucket.region)
    ]
    account = desk.access.evidence.account(call.account)
    output: Output = {"Owner": {"ID": account.canonical_id}} if account is not None else {}
    output["Buckets"] = [
        {"Name": bucket.name, "CreationDate": bucket.created, "BucketRegion": bucket.region}
        for bucket in found[:most]
    ]
    if "Prefix" in call.input:
        output["Prefix"] = prefix
    if len(found) > most:
        last = found[most - 1].name
        output["ContinuationToken"] = base64.urlsafe_b64encode(last.encode()).decode()
    return output


def read_bucket_token(call: Call) -> str:
    """The name that a page ended with; empty if there was none."""
    token: str = call.input.get("ContinuationToken", "")
    try:
        return base64.b64decode(token.encode(), b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        message = "The continuation token provided is incorrect"
        raise invalid_argument("continuation-token", token, message) from None
