"""Bucket policies. Public ones are refused unless the bucket lets them pass (W-277).

The root user of the bucket's owner can always read, replace and delete a policy, even one that
locks everybody out; callers of other accounts never can (S3 API Reference, PutBucketPolicy).
"""

import hashlib
from dataclasses import replace

from sekisho.directory.queries import buckets
from sekisho.model.arn import bucket_arn
from sekisho.model.faults import AccessDenied, Fault
from sekisho.model.records import Bucket, StoredDocument
from sekisho.policy import PolicyType, is_public, parse_policy, refusal
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.principals import invalid_in_bucket, resolve, shown_document
from sekisho.services.s3.asks import find_bucket, on_bucket, on_bucket_policy
from sekisho.services.s3.digests import check_md5, read_md5
from sekisho.services.s3.faults import method_not_allowed
from sekisho.services.s3.public_access import blocks

LARGEST_POLICY = 20 * 1024
"""Bytes, white space included (PE-61)."""


@operation("s3:PutBucketPolicy", asks=on_bucket_policy("s3:PutBucketPolicy"), writes=True)
def put_bucket_policy(call: Call, desk: Desk) -> Output:
    """Give a bucket a policy in place of the one it has.

    Input: Policy (JSON text, up to 20 KB), ContentMD5.
    Raises: MalformedPolicy (PE-79, W-282), AccessDenied for a public policy (W-277),
        MethodNotAllowed, BadDigest, InvalidDigest.
    """
    bucket = own_bucket(call, desk, "PUT")
    text: str = call.input["Policy"]
    check_digest(call, text)
    check_text(text, bucket)
    document = resolve(desk.tx, text, invalid_in_bucket)
    is_blocked = blocks(bucket).get("BlockPublicPolicy", False)
    if is_blocked and is_public(parse_policy(text)):
        raise public_policy(call, bucket)
    buckets.update_bucket(desk.tx, replace(bucket, policy=document))
    return {}


def check_digest(call: Call, text: str) -> None:
    given = call.input.get("ContentMD5")
    if given is not None:
        digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
        check_md5(read_md5(given), digest)


def check_text(text: str, bucket: Bucket) -> None:
    if len(text.encode()) > LARGEST_POLICY:
        raise malformed_policy("Policy exceeds the maximum allowed document size.")
    said = refusal(text, PolicyType.BUCKET, bucket_name=bucket.name)
    if said is not None:
        raise malformed_policy(said)


def malformed_policy(message: str) -> Fault:
    return Fault("MalformedPolicy", 400, message)


def public_policy(call: Call, bucket: Bucket) -> AccessDenied:
    return AccessDenied(
        f"User: {call.caller.principal.arn} is not authorized to perform: s3:PutBucketPolicy on"
        f' resource: "{bucket_arn(bucket.name)}" because public policies are prevented by the'
        " BlockPublicPolicy setting in S3 Block Public Access."
    )


@operation("s3:GetBucketPolicy", asks=on_bucket_policy("s3:GetBucketPolicy"))
def get_bucket_policy(call: Call, desk: Desk) -> Output:
    """The text of a bucket's policy; principals that are gone show as unique ids (PE-31)."""
    document = policy_of(own_bucket(call, desk, "GET"))
    return {"Policy": shown_document(desk.tx, document)}


@operation("s3:DeleteBucketPolicy", asks=on_bucket_policy("s3:DeleteBucketPolicy"), writes=True)
def delete_bucket_policy(call: Call, desk: Desk) -> Output:
    """Take a bucket's policy away; done as well if it has none."""
    bucket = own_bucket(call, desk, "DELETE")
    if bucket.policy is not None:
        buckets.update_bucket(desk.tx, replace(bucket, policy=None))
    return {}


@operation("s3:GetBucketPolicyStatus", asks=on_bucket("s3:GetBucketPolicyStatus"))
def get_bucket_policy_status(call: Call, desk: Desk) -> Output:
    """Whether a bucket's policy is public (PE-140)."""
    document = policy_of(find_bucket(call, desk).bucket)
    return {"PolicyStatus": {"IsPublic": is_public(parse_policy(document.text))}}


def own_bucket(call: Call, desk: Desk, method: str) -> Bucket:
    """The bucket, of which only its owner's account may touch the policy."""
    bucket = find_bucket(call, desk).bucket
    if call.account != bucket.account:
        raise method_not_allowed(method)
    return bucket


def policy_of(bucket: Bucket) -> StoredDocument:
    """Raises NoSuchBucketPolicy (W-284)."""
    if bucket.policy is None:
        message = "The bucket policy does not exist"
        raise Fault("NoSuchBucketPolicy", 404, message, {"BucketName": bucket.name})
    return bucket.policy
