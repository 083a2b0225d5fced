"""What S3 operations ask leave for: actions, ARNs, owners, bucket policies, condition keys.

The owner of an object is the account that owns its bucket (PE-106, W-276), unless ACLs count and
another wrote it. Buckets are read in the operation's own transaction, so that decision and deed are
about the same bucket and policy.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from sekisho.access.context import ContextValue, instant, tag_context
from sekisho.access.decide import Ask
from sekisho.access.held import HeldBucket, load_bucket
from sekisho.directory.queries import buckets, objects, uploads
from sekisho.model.arn import bucket_arn, object_arn
from sekisho.model.faults import AccessDenied, Fault
from sekisho.model.identifiers import is_account_id
from sekisho.model.principal import PrincipalKind, nothing
from sekisho.model.records import NULL_VERSION, Bucket, MultipartUpload, StoredObject
from sekisho.policy import CompiledPolicySet
from sekisho.services.operation import Asks, Call, Desk
from sekisho.services.s3.acl_policies import (
    OWNERS,
    owner_of,
    policy_of_acl_to_be,
    policy_of_bucket,
    policy_of_object,
    policy_of_writing,
)
from sekisho.services.s3.acls import acls_count, is_wished
from sekisho.services.s3.faults import invalid_argument, no_such_bucket
from sekisho.services.s3.public_access import is_shut, shut
from sekisho.services.s3.tags import wished_tags

ABAC = "abac"
"""The setting of a bucket that says whether access to it goes by its tags."""

_VERSION = re.compile(r"[0-9a-f]{32}", re.ASCII)

# Members of inputs that are condition keys; a key is absent when its member is (PE-191, PE-192).
ACL_KEYS: Mapping[str, str] = {
    "ACL": "s3:x-amz-acl",
    "GrantFullControl": "s3:x-amz-grant-full-control",
    "GrantRead": "s3:x-amz-grant-read",
    "GrantReadACP": "s3:x-amz-grant-read-acp",
    "GrantWrite": "s3:x-amz-grant-write",
    "GrantWriteACP": "s3:x-amz-grant-write-acp",
}
CREATION_KEYS: Mapping[str, str] = {
    **ACL_KEYS,
    "ObjectOwnership": "s3:x-amz-object-ownership",
    "BucketNamespace": "s3:x-amz-bucket-namespace",
}
LISTING_KEYS: Mapping[str, str] = {
    "Prefix": "s3:prefix",
    "Delimiter": "s3:delimiter",
    "MaxKeys": "s3:max-keys",
}
WRITING_KEYS: Mapping[str, str] = {
    **ACL_KEYS,
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "SSECustomerAlgorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
    "StorageClass": "s3:x-amz-storage-class",
    "WebsiteRedirectLocation": "s3:x-amz-website-redirect-location",
    "ObjectLockMode": "s3:object-lock-mode",
    "ObjectLockLegalHoldStatus": "s3:object-lock-legal-hold",
    "ObjectLockRetainUntilDate": "s3:object-lock-retain-until-date",
    "IfMatch": "s3:if-match",
    "IfNoneMatch": "s3:if-none-match",
}
REMOVAL_KEYS: Mapping[str, str] = {"IfMatch": "s3:if-match"}
VERSION_KEYS: Mapping[str, str] = {"VersionId": "s3:versionid"}


def on_bucket(
    action: str,
    keys: Mapping[str, str] = nothing(),
    check: Callable[[Call], None] | None = None,
) -> Asks:
    """One action on the bucket of the input. check: raises Faults that come before it (PE-204)."""

    def asks(call: Call, desk: Desk) -> Sequence[Ask]:
        if check is not None:
            check(call)
        return (bucket_ask(call, find_bucket(call, desk), action, keys),)

    return asks


def on_bucket_policy(action: str) -> Asks:
    """An action on a bucket's policy, which that policy cannot keep the owner's root from."""

    def asks(call: Call, desk: Desk) -> Sequence[Ask]:
        held = find_bucket(call, desk)
        ask = bucket_ask(call, held, action)
        return (ask._replace(policy=None) if is_owner_root(call, held) else ask,)

    return asks


def on_object(action: str, keys: Mapping[str, str] = nothing()) -> Asks:
    """One action on the object of the input; of a version, if one is named (PE-42, W-274)."""

    def asks(call: Call, desk: Desk) -> Sequence[Ask]:
        return (version_ask(call, desk, action, keys),)

    return asks


def version_ask(call: Call, desk: Desk, action: str, keys: Mapping[str, str] = nothing()) -> Ask:
    """An action on an object, told of the tags it has; s3:…ObjectVersion… if a version is named."""
    held = find_bucket(call, desk)
    version = named_version(call)
    stored = look_up(desk, held.bucket.name, call.input["Key"], version)
    named = action if version is None else action.replace("Object", "ObjectVersion", 1)
    ask = object_ask(call, held, named, {**keys, **VERSION_KEYS})
    if action in OWNERS and acls_count(held.bucket):
        ask = to_its_owner(ask, call, held, stored)
    if stored is None or not stored.tags:
        return ask
    return ask._replace(context={**ask.context, **existing_tags(stored)})


def to_its_owner(ask: Ask, call: Call, held: HeldBucket, stored: StoredObject | None) -> Ask:
    """The ask as one of the account that owns the object, under the object's ACL."""
    owner = held.bucket.account if stored is None else owner_of(stored, held.bucket)
    policy = policy_of_object(call, held, stored)
    return owned_by(ask, owner)._replace(policy=policy)


def owned_by(ask: Ask, owner: str) -> Ask:
    """The ask with another owner; aws:ResourceAccount stays the bucket's (PE-106)."""
    return ask._replace(owner=owner, context={**ask.context, "aws:resourceaccount": ask.owner})


def existing_tags(stored: StoredObject) -> dict[str, ContextValue]:
    return dict(tag_context("s3:existingobjecttag", stored.tags))


def request_tags(tags: Mapping[str, str]) -> dict[str, ContextValue]:
    """s3:RequestObjectTag/… and s3:RequestObjectTagKeys; both absent without tags (PE-191)."""
    if not tags:
        return {}
    keys: dict[str, ContextValue] = {"s3:requestobjecttagkeys": tuple(tags)}
    return {**keys, **tag_context("s3:requestobjecttag", tags)}


def creating_asks(
    call: Call,
    desk: Desk,
    held: HeldBucket,
    tags: Mapping[str, str],
    extra: Mapping[str, ContextValue] = nothing(),
    *,
    is_creation: bool = True,
) -> list[Ask]:
    """s3:PutObject, and what else one needs who sets tags, a lock or an ACL with it.

    is_creation: whether an object is there afterwards, which is not so of parts and beginnings.
    """
    context = {
        **request_tags(tags),
        "s3:objectcreationoperation": "true" if is_creation else "false",
        **extra,
    }
    if "ObjectLockRetainUntilDate" in call.input:
        context |= retention_days(call.input["ObjectLockRetainUntilDate"], call.now)
    actions = ["s3:PutObject"]
    if tags:
        actions.append("s3:PutObjectTagging")
    if "ObjectLockMode" in call.input or "ObjectLockRetainUntilDate" in call.input:
        actions.append("s3:PutObjectRetention")
    if "ObjectLockLegalHoldStatus" in call.input:
        actions.append("s3:PutObjectLegalHold")
    asks = [object_ask(call, held, action, WRITING_KEYS, context) for action in actions]
    if acls_count(held.bucket):
        asks[0] = asks[0]._replace(policy=policy_for_writer(call, desk, held))
        if is_wished(call.input):
            asks.append(acl_to_be_ask(call, held))
    if "IfMatch" in call.input:
        asks.append(version_ask(call, desk, "s3:GetObject"))
    return asks


def acl_to_be_ask(call: Call, held: HeldBucket) -> Ask:
    """s3:PutObjectAcl of an object that will be the caller's own."""
    ask = object_ask(call, held, "s3:PutObjectAcl", ACL_KEYS)
    return owned_by(ask, call.account)._replace(policy=policy_of_acl_to_be(call, held))


def policy_for_writer(call: Call, desk: Desk, held: HeldBucket) -> CompiledPolicySet | None:
    """The bucket's policy, with its ACL if nobody else's object is in the way, nor their upload."""

    def belongs() -> bool:
        upload = begun_upload(call, desk)
        if upload is not None and upload.account != call.account:
            return False
        stored = look_up(desk, held.bucket.name, call.input["Key"], named_version(call))
        if stored is None or stored.is_marker:
            return True
        return owner_of(stored, held.bucket) == call.account

    return policy_of_writing(call, held, belongs)


def begun_upload(call: Call, desk: Desk) -> MultipartUpload | None:
    """The upload in parts that the input names, if it is under way."""
    if "UploadId" not in call.input:
        return None
    given = call.input
    return uploads.get_upload(desk.tx, given["Bucket"], given["Key"], given["UploadId"])


def check_signed(call: Call) -> None:
    """Raises AccessDenied: uploads in parts and copies are for those who sign."""
    if call.caller.principal.kind is PrincipalKind.ANONYMOUS:
        raise AccessDenied("Access Denied")


def retention_days(until: int, now: int) -> dict[str, ContextValue]:
    """How long a version would be retained, in days begun (PE-191)."""
    days = max(0, -(-(until - now) // 86_400))
    return {"s3:object-lock-remaining-retention-days": str(days)}


def on_new_object(call: Call, desk: Desk) -> Sequence[Ask]:
    """s3:PutObject; who names the entity tag to replace must be allowed to read it as well."""
    return creating_asks(call, desk, find_bucket(call, desk), wished_tags(call.input))


def on_old_object(call: Call, desk: Desk) -> Sequence[Ask]:
    """s3:DeleteObject; with an entity tag s3:GetObject too, but not with ``*``."""
    held = find_bucket(call, desk)
    action = "s3:DeleteObject" if named_version(call) is None else "s3:DeleteObjectVersion"
    asks = [object_ask(call, held, action, {**REMOVAL_KEYS, **VERSION_KEYS})]
    if acls_count(held.bucket):
        asks[0] = asks[0]._replace(policy=policy_for_writer(call, desk, held))
    if call.input.get("IfMatch", "*") != "*":
        asks.append(version_ask(call, desk, "s3:GetObject"))
    return asks


def bucket_ask(
    call: Call,
    held: HeldBucket,
    action: str,
    keys: Mapping[str, str] = nothing(),
) -> Ask:
    bucket = held.bucket
    context = {**asked_context(call, bucket.account, keys), **bucket_tags(bucket)}
    policy = policy_of_bucket(call, held)
    return Ask(action, bucket_arn(bucket.name), bucket.account, context, policy)


def object_ask(
    call: Call,
    held: HeldBucket,
    action: str,
    keys: Mapping[str, str] = nothing(),
    extra: Mapping[str, ContextValue] = nothing(),
) -> Ask:
    """extra: condition keys beside those that the input gives."""
    bucket = held.bucket
    context = {**asked_context(call, bucket.account, keys), **bucket_tags(bucket), **extra}
    resource = object_arn(bucket.name, call.input["Key"])
    policy = shut(held) if is_shut(call, held) else held.policy
    return Ask(action, resource, bucket.account, context, policy)


def bucket_tags(bucket: Bucket) -> Mapping[str, ContextValue]:
    """s3:BucketTag/… and aws:ResourceTag/…, where access goes by tags at all (PE-191)."""
    if bucket.settings.get(ABAC) != "Enabled":
        return nothing()
    own = tag_context("s3:buckettag", bucket.tags)
    return {**own, **tag_context("aws:resourcetag", bucket.tags)}


def asked_context(call: Call, owner: str, keys: Mapping[str, str]) -> dict[str, ContextValue]:
    context: dict[str, ContextValue] = {"s3:resourceaccount": owner, **call.ambient.signing}
    for member, value in call.input.items():
        if member in keys and value is not None:
            is_time = member == "ObjectLockRetainUntilDate"
            context[keys[member]] = instant(value) if is_time else str(value)
    return context


def find_bucket(call: Call, desk: Desk) -> HeldBucket:
    """The bucket of the input with its compiled policy.

    Raises NoSuchBucket; what W-283 has for an expected owner who is not the owner.
    """
    expected = call.input.get("ExpectedBucketOwner")
    if expected is not None and not is_account_id(expected):
        raise Fault(
            "InvalidBucketOwnerAWSAccountID",
            400,
            "The value of the expected bucket owner parameter must be an AWS Account ID..."
            f" [{expected}]",
        )
    name = call.input["Bucket"]
    held = hold_bucket(desk, name)
    if held is None:
        raise no_such_bucket(name)
    if expected is not None and expected != held.bucket.account:
        raise AccessDenied("Access Denied")
    return held


def hold_bucket(desk: Desk, name: str) -> HeldBucket | None:
    """A bucket as the transaction sees it; the evidence's compiled policy if it is of that one."""
    if name in desk.tx.seen:
        seen: HeldBucket | None = desk.tx.seen[name]
        return seen
    if desk.agrees:
        held = desk.tx.seen[name] = desk.access.evidence.bucket(name)
        return held
    bucket = buckets.get_bucket(desk.tx, name)
    held = None
    if bucket is not None:
        held = desk.access.evidence.bucket(name)
        if held is None or held.bucket != bucket:
            held = load_bucket(desk.tx, name)
    desk.tx.seen[name] = held
    return held


def look_up(desk: Desk, bucket: str, key: str, version: str | None) -> StoredObject | None:
    """A version of an object as it was when the transaction began; the current one without id."""
    place = (bucket, key, version)
    if place not in desk.tx.seen:
        desk.tx.seen[place] = objects.get_object(desk.tx, bucket, key, version)
    seen: StoredObject | None = desk.tx.seen[place]
    return seen


def forget_seen(desk: Desk, key: str) -> None:
    """Look afresh at the versions of a key that this transaction has changed."""
    changed = [place for place in desk.tx.seen if isinstance(place, tuple) and place[1] == key]
    for place in changed:
        del desk.tx.seen[place]


def is_owner_root(call: Call, held: HeldBucket) -> bool:
    """Whether this is the root user of the bucket's owner (PE-99, W-284)."""
    principal = call.caller.principal
    return principal.kind is PrincipalKind.ROOT and principal.account == held.bucket.account


def named_version(call: Call) -> str | None:
    """The version id of the input. Raises InvalidArgument for what can be none (W-315)."""
    version: str | None = call.input.get("VersionId")
    if version is not None:
        check_version(version)
    return version


def check_version(version: str) -> None:
    if version != NULL_VERSION and not _VERSION.fullmatch(version):
        raise invalid_argument("versionId", version, "Invalid version id specified")
