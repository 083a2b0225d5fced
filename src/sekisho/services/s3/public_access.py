"""Block Public Access: four switches, all on for new buckets (PE-139, W-277)."""

from collections.abc import Mapping

from sekisho.access.held import HeldBucket
from sekisho.model.faults import Fault
from sekisho.model.records import Bucket
from sekisho.policy import CompiledPolicySet, Layer, Source, compile_set, parse_policy
from sekisho.services.operation import Call

ALL: Mapping[str, bool] = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
SETTING = "public_access"

_SHUT = """{
    "Version": "2012-10-17",
    "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
}"""


def blocks(bucket: Bucket) -> Mapping[str, bool]:
    """The switches of a bucket; those that are not there are off."""
    found: Mapping[str, bool] = bucket.settings.get(SETTING, ALL)
    return found


def is_shut(call: Call, held: HeldBucket) -> bool:
    """Whether a public policy keeps other accounts out, as RestrictPublicBuckets has it.

    Public policies do nothing for them then: all is denied, and the denial reads like one of the
    policy (W-277).
    """
    is_restricted = held.is_public and blocks(held.bucket).get("RestrictPublicBuckets", False)
    return bool(is_restricted and call.account != held.bucket.account)


def shut(held: HeldBucket) -> CompiledPolicySet:
    """The policy that other accounts meet then; kept with the bucket."""
    known = held.united.get(_SHUT)
    if known is None:
        arn = f"arn:aws:s3:::{held.bucket.name}"
        source = Source(Layer.RESOURCE, "RestrictPublicBuckets", arn)
        known = held.united[_SHUT] = compile_set([(source, parse_policy(_SHUT))])
    return known


def no_configuration(bucket: Bucket) -> Fault:
    message = "The public access block configuration was not found"
    details = {"BucketName": bucket.name}
    return Fault("NoSuchPublicAccessBlockConfiguration", 404, message, details)
