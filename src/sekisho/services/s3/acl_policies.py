"""What ACLs are worth in a decision: Allow statements beside those of the bucket's policy (PE-137).

A grant to an account lets it hand the permission on, as a policy that names the account does; one
to everybody names everybody. An object that is not the bucket owner's is a matter of its own
owner's account: of the bucket's policy its denials count, and no more.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sekisho.access.held import HeldBucket
from sekisho.model.principal import ANONYMOUS_ACCOUNT
from sekisho.model.records import Bucket, StoredObject
from sekisho.policy import CompiledPolicySet, Layer, Source, compile_texts, denials, unite
from sekisho.services.operation import Call
from sekisho.services.s3.acls import (
    ALL_USERS,
    AUTHENTICATED_USERS,
    FULL_CONTROL,
    PUBLIC,
    Acl,
    acl_of,
    acls_count,
    as_acl,
)
from sekisho.services.s3.public_access import blocks, is_shut, shut

Actions = Mapping[str, tuple[str, ...]]

OF_BUCKETS: Actions = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}
OF_WRITING: Actions = {
    "WRITE": (
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
    ),
}
OF_MISSING: Actions = {"READ": ("s3:GetObject", "s3:GetObjectVersion")}
OF_OBJECTS: Actions = {
    "READ": ("s3:GetObject", "s3:GetObjectVersion"),
    "READ_ACP": ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "WRITE_ACP": ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
}
OWNERS = frozenset({"s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectAttributes", "s3:PutObjectAcl"})
"""What is a matter of the object's owner; all else is one of the bucket's."""

MOST_KEPT = 256


def policy_of_bucket(call: Call, held: HeldBucket) -> CompiledPolicySet | None:
    """The bucket's policy as it counts for this caller, and the bucket's ACL."""
    if is_shut(call, held):
        return shut(held)
    return beside(held, acl_of_bucket(held), OF_BUCKETS, "bucket ACL", held.bucket.name)


def policy_of_writing(
    call: Call, held: HeldBucket, belongs: Callable[[], bool]
) -> CompiledPolicySet | None:
    """The same where something is put into a bucket or taken out of it.

    belongs: whether what is there already, if anything, is the caller's. To write lets nobody touch
    what is another's.
    """
    if is_shut(call, held):
        return shut(held)
    acl = acl_of_bucket(held)
    if not any(permission in ("WRITE", FULL_CONTROL) for _, permission in acl) or not belongs():
        return held.policy
    return beside(held, acl, OF_WRITING, "bucket ACL", f"{held.bucket.name}/*")


def policy_of_object(
    call: Call, held: HeldBucket, stored: StoredObject | None
) -> CompiledPolicySet | None:
    """What bears on the reading of an object and on its ACL.

    Of one that is not there, who may list the bucket by its ACL is told so (PE-142).
    """
    if is_shut(call, held):
        return shut(held)
    within = f"{held.bucket.name}/*"
    if stored is None or stored.is_marker:
        return beside(held, acl_of_bucket(held), OF_MISSING, "bucket ACL", within)
    acl = as_acl(stored.acl) if acls_count(held.bucket) else ()
    is_foreign = owner_of(stored, held.bucket) != held.bucket.account
    return beside(held, counted(held, acl), OF_OBJECTS, "object ACL", within, is_foreign=is_foreign)


def policy_of_acl_to_be(call: Call, held: HeldBucket) -> CompiledPolicySet | None:
    """What bears on the setting of an ACL while an object of the caller's own is written."""
    if is_shut(call, held):
        return shut(held)
    is_foreign = call.account != held.bucket.account
    return beside(held, (), OF_OBJECTS, "", "", is_foreign=is_foreign)


def owner_of(stored: StoredObject, bucket: Bucket) -> str:
    """The account that owns an object; the bucket's owner owns all where ACLs are off (PE-138)."""
    return (stored.owner or bucket.account) if acls_count(bucket) else bucket.account


def acl_of_bucket(held: HeldBucket) -> Acl:
    """The grants of the bucket's ACL that count."""
    return counted(held, acl_of(held.bucket)) if acls_count(held.bucket) else ()


def counted(held: HeldBucket, acl: Acl) -> Acl:
    """Without the public grants, where those are ignored (PE-139)."""
    if acl and blocks(held.bucket).get("IgnorePublicAcls", False):
        return tuple(grant for grant in acl if grant[0] not in PUBLIC)
    return acl


def beside(
    held: HeldBucket,
    acl: Acl,
    actions: Actions,
    name: str,
    resource: str,
    *,
    is_foreign: bool = False,
) -> CompiledPolicySet | None:
    """The bucket's policy, or its denials, and what an ACL grants; kept with the bucket."""
    if not acl and not is_foreign:
        return held.policy
    key = (acl, name, resource, id(actions), is_foreign)
    known = held.united.get(key)
    if known is None:
        parts = [] if held.policy is None else [held.policy]
        if is_foreign:
            parts = [denials(policies) for policies in parts]
        arn = f"arn:aws:s3:::{resource}"
        text = statements(acl, actions, arn)
        if text is not None:
            source = Source(Layer.RESOURCE, name, arn)
            parts.append(compile_texts([(source, text)]))
        known = unite(parts)
        if len(held.united) >= MOST_KEPT:
            held.united.clear()
        held.united[key] = known
    return known


def statements(acl: Acl, actions: Actions, arn: str) -> str | None:
    """The policy that says what an ACL grants; None if that is nothing."""
    found = []
    for grantee, permission in acl:
        granted = [
            action
            for named, those in actions.items()
            if permission in (named, FULL_CONTROL)
            for action in those
        ]
        if granted:
            statement = {"Effect": "Allow", **grantees(grantee)}
            found.append({**statement, "Action": granted, "Resource": arn})
    return json.dumps({"Version": "2012-10-17", "Statement": found}) if found else None


def grantees(grantee: str) -> dict[str, Any]:
    if grantee == ALL_USERS:
        return {"Principal": "*"}
    if grantee == AUTHENTICATED_USERS:
        signed = {"StringNotEquals": {"aws:PrincipalAccount": ANONYMOUS_ACCOUNT}}
        return {"Principal": "*", "Condition": signed}
    return {"Principal": {"AWS": grantee}}
