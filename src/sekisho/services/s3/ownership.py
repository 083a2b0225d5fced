"""Object Ownership, and the ACLs that there are without any: the owner has full control (W-276)."""

from collections.abc import Mapping
from typing import Any

from sekisho.model.faults import Fault
from sekisho.model.records import Bucket
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.asks import ACL_KEYS, find_bucket, on_bucket, on_object
from sekisho.services.s3.faults import malformed_xml, not_implemented
from sekisho.services.s3.headers import OWNER_ONLY
from sekisho.services.s3.reading import find_object

SETTING = "ownership"
ENFORCED = "BucketOwnerEnforced"
DEFAULT: Mapping[str, Any] = {"Rules": [{"ObjectOwnership": ENFORCED}]}
OTHERS = frozenset({"BucketOwnerPreferred", "ObjectWriter"})
FULL_CONTROL = "FULL_CONTROL"


def checked(wished: Mapping[str, Any], _bucket: Bucket) -> Mapping[str, Any]:
    """Raises MalformedXML; NotImplemented for the settings under which ACLs would count."""
    rules = wished.get("Rules", ())
    if len(rules) != 1 or rules[0]["ObjectOwnership"] not in {ENFORCED, *OTHERS}:
        raise malformed_xml()
    if rules[0]["ObjectOwnership"] in OTHERS:
        raise not_implemented("ObjectOwnership")
    return wished


def no_configuration(bucket: Bucket) -> Fault:
    message = "The bucket ownership controls were not found"
    return Fault("OwnershipControlsNotFoundError", 404, message, {"BucketName": bucket.name})


def shown_acl(desk: Desk, bucket: Bucket) -> Output:
    """The owner has full control, and nobody else has anything (W-276)."""
    account = desk.access.evidence.account(bucket.account)
    if account is None:
        return {}
    owner = {"ID": account.canonical_id}
    grant = {"Grantee": {**owner, "Type": "CanonicalUser"}, "Permission": FULL_CONTROL}
    return {"Owner": owner, "Grants": [grant]}


@operation("s3:GetBucketAcl", asks=on_bucket("s3:GetBucketAcl"))
def get_bucket_acl(call: Call, desk: Desk) -> Output:
    """The ACL of a bucket: its owner's full control."""
    return shown_acl(desk, find_bucket(call, desk).bucket)


@operation("s3:GetObjectAcl", asks=on_object("s3:GetObjectAcl"))
def get_object_acl(call: Call, desk: Desk) -> Output:
    """The ACL of an object: the full control of its bucket's owner."""
    find_object(call, desk)
    return shown_acl(desk, find_bucket(call, desk).bucket)


@operation("s3:PutBucketAcl", asks=on_bucket("s3:PutBucketAcl", ACL_KEYS), writes=True)
def put_bucket_acl(call: Call, desk: Desk) -> Output:
    """Set the ACL that there is. Raises AccessControlListNotSupported for any other (PE-138)."""
    check_unchanged(call, desk)
    return {}


@operation("s3:PutObjectAcl", asks=on_object("s3:PutObjectAcl", ACL_KEYS), writes=True)
def put_object_acl(call: Call, desk: Desk) -> Output:
    """Set the ACL that there is. Raises AccessControlListNotSupported for any other (PE-138)."""
    find_object(call, desk)
    check_unchanged(call, desk)
    return {}


def check_unchanged(call: Call, desk: Desk) -> None:
    if any(member in call.input for member in ACL_KEYS if member != "ACL"):
        raise acls_are_off()
    if "AccessControlPolicy" in call.input:
        standing = shown_acl(desk, find_bucket(call, desk).bucket)
        wished = call.input["AccessControlPolicy"].get("Grants", ())
        if [bare(grant) for grant in wished] != [bare(grant) for grant in standing["Grants"]]:
            raise acls_are_off()
    elif "ACL" not in call.input:
        message = "Your request was missing a required header"
        raise Fault("MissingSecurityHeader", 400, message)
    elif call.input["ACL"] not in OWNER_ONLY:
        raise acls_are_off()


def bare(grant: Mapping[str, Any]) -> tuple[str, str]:
    return grant.get("Grantee", {}).get("ID", ""), grant.get("Permission", "")


def acls_are_off() -> Fault:
    message = "The bucket does not allow ACLs"
    return Fault("AccessControlListNotSupported", 400, message)
