"""What S3 operations ask leave for: actions, ARNs, owners, bucket policies, condition keys.

The owner of every object is the account that owns its bucket (PE-106, W-276). Buckets are read in
the operation's own transaction, so that decision and deed are about the same bucket and policy.
"""

from collections.abc import Callable, Mapping, Sequence

from sekisho.access.context import ContextValue, instant
from sekisho.access.decide import Ask
from sekisho.access.held import HeldBucket, load_bucket
from sekisho.directory.queries import buckets
from sekisho.model.arn import bucket_arn, object_arn
from sekisho.model.faults import AccessDenied, Fault
from sekisho.model.identifiers import is_account_id
from sekisho.model.principal import PrincipalKind, nothing
from sekisho.services.operation import Asks, Call, Desk
from sekisho.services.s3.faults import invalid_argument, no_such_bucket

NULL_VERSION = "null"

# Members of inputs that are condition keys; a key is absent when its member is (PE-191, PE-192).
ACL_KEYS: Mapping[str, str] = {
    "ACL": "s3:x-amz-acl",
    "GrantFullControl": "s3:x-amz-grant-full-control",
    "GrantRead": "s3:x-amz-grant-read",
    "GrantReadACP": "s3:x-amz-grant-read-acp",
    "GrantWrite": "s3:x-amz-grant-write",
    "GrantWriteACP": "s3:x-amz-grant-write-acp",
}
CREATION_KEYS: Mapping[str, str] = {**ACL_KEYS, "ObjectOwnership": "s3:x-amz-object-ownership"}
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
        check_version(call)
        named = f"{action}Version" if "VersionId" in call.input else action
        return (object_ask(call, find_bucket(call, desk), named, {**keys, **VERSION_KEYS}),)

    return asks


def on_new_object(call: Call, desk: Desk) -> Sequence[Ask]:
    """s3:PutObject; who names the entity tag to replace must be allowed to read it as well."""
    held = find_bucket(call, desk)
    ask = object_ask(call, held, "s3:PutObject", WRITING_KEYS)
    creating = {**ask.context, "s3:objectcreationoperation": "true"}
    asks = [ask._replace(context=creating)]
    if "IfMatch" in call.input:
        asks.append(object_ask(call, held, "s3:GetObject"))
    return asks


def on_old_object(call: Call, desk: Desk) -> Sequence[Ask]:
    """s3:DeleteObject; with an entity tag s3:GetObject too, but not with ``*``."""
    asks = [*on_object("s3:DeleteObject", REMOVAL_KEYS)(call, desk)]
    if call.input.get("IfMatch", "*") != "*":
        asks.append(object_ask(call, find_bucket(call, desk), "s3:GetObject"))
    return asks


def bucket_ask(
    call: Call,
    held: HeldBucket,
    action: str,
    keys: Mapping[str, str] = nothing(),
) -> Ask:
    bucket = held.bucket
    context = asked_context(call, bucket.account, keys)
    return Ask(action, bucket_arn(bucket.name), bucket.account, context, held.policy)


def object_ask(
    call: Call,
    held: HeldBucket,
    action: str,
    keys: Mapping[str, str] = nothing(),
) -> Ask:
    bucket = held.bucket
    context = asked_context(call, bucket.account, keys)
    resource = object_arn(bucket.name, call.input["Key"])
    return Ask(action, resource, bucket.account, context, held.policy)


def asked_context(call: Call, owner: str, keys: Mapping[str, str]) -> dict[str, ContextValue]:
    context: dict[str, ContextValue] = {"s3:resourceaccount": owner, **call.ambient.signing}
    for member, key in keys.items():
        value = call.input.get(member)
        if value is not None:
            is_time = member == "ObjectLockRetainUntilDate"
            context[key] = instant(value) if is_time else str(value)
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
    bucket = buckets.get_bucket(desk.tx, name)
    if bucket is None:
        return None
    held = desk.access.evidence.bucket(name)
    return held if held is not None and held.bucket == bucket else load_bucket(desk.tx, name)


def is_owner_root(call: Call, held: HeldBucket) -> bool:
    """Whether this is the root user of the bucket's owner (PE-99, W-284)."""
    principal = call.caller.principal
    return principal.kind is PrincipalKind.ROOT and principal.account == held.bucket.account


def check_version(call: Call) -> None:
    """No bucket has versions: each object is the one that S3 calls null (W-315)."""
    version = call.input.get("VersionId", NULL_VERSION)
    if version != NULL_VERSION:
        raise invalid_argument("versionId", version, "Invalid version id specified")
