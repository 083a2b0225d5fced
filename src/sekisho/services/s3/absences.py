"""What buckets here never have, as tools ask for it (W-302).

A get says that it is not there, a list is empty, and taking it away is soon done. Having it is
refused with the reason. Leave is asked for first, as elsewhere.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sekisho.access.decide import Ask
from sekisho.model.faults import Fault
from sekisho.model.records import Bucket
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.asks import find_bucket, on_bucket, version_ask
from sekisho.services.s3.reading import find_object
from sekisho.services.unserved import (
    NOT_ACCELERATED,
    NOT_LOGGED,
    NOT_NOTIFIED,
    refused_because,
)

Missing = Callable[[Bucket], Fault]


def missing(code: str, message: str) -> Missing:
    return lambda bucket: Fault(code, 404, message, {"BucketName": bucket.name})


NO_CONFIGURATION = missing("NoSuchConfiguration", "The specified configuration does not exist.")
NO_METADATA = missing(
    "MetadataConfigurationNotFound", "The metadata configuration for this bucket does not exist."
)
NO_REPLICATION = missing(
    "ReplicationConfigurationNotFoundError", "The replication configuration was not found"
)
NO_WEBSITE = missing(
    "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"
)


def offer_missing(name: str, action: str, fault: Missing) -> None:
    """Register an operation on what is not there, and says so."""

    @operation(f"s3:{name}", asks=on_bucket(action))
    def not_there(call: Call, desk: Desk) -> Output:
        raise fault(find_bucket(call, desk).bucket)


def offer_nothing(name: str, action: str, **shown: Any) -> None:
    """Register an operation that answers with nothing, or has nothing to do."""

    @operation(f"s3:{name}", asks=on_bucket(action))
    def nothing_there(call: Call, desk: Desk) -> Output:
        find_bucket(call, desk)
        return dict(shown)


def offer_turning_off(name: str, action: str, member: str, reason: str) -> None:
    """Register a put that may only turn off what is off.

    member: of its input; off is an empty one, or the Status ``Suspended``.
    """

    @operation(f"s3:{name}", asks=on_bucket(action))
    def turn_off(call: Call, desk: Desk) -> Output:
        find_bucket(call, desk)
        if call.input.get(member) not in ({}, {"Status": "Suspended"}):
            raise refused_because(f"s3:{name}", reason)
        return {}


for kind in ("Analytics", "IntelligentTiering", "Inventory", "Metrics"):
    reading, writing = f"s3:Get{kind}Configuration", f"s3:Put{kind}Configuration"
    offer_missing(f"GetBucket{kind}Configuration", reading, NO_CONFIGURATION)
    offer_missing(f"DeleteBucket{kind}Configuration", writing, NO_CONFIGURATION)
    offer_nothing(f"ListBucket{kind}Configurations", reading, IsTruncated=False)

for form in ("Metadata", "MetadataTable"):
    for verb in ("Get", "Delete"):
        asked = f"s3:{verb}BucketMetadataTableConfiguration"
        offer_missing(f"{verb}Bucket{form}Configuration", asked, NO_METADATA)

offer_missing("GetBucketReplication", "s3:GetReplicationConfiguration", NO_REPLICATION)
offer_nothing("DeleteBucketReplication", "s3:PutReplicationConfiguration")
offer_missing("GetBucketWebsite", "s3:GetBucketWebsite", NO_WEBSITE)
offer_nothing("DeleteBucketWebsite", "s3:DeleteBucketWebsite")

offer_nothing("GetBucketAccelerateConfiguration", "s3:GetAccelerateConfiguration")
offer_turning_off(
    "PutBucketAccelerateConfiguration",
    "s3:PutAccelerateConfiguration",
    "AccelerateConfiguration",
    NOT_ACCELERATED,
)
offer_nothing("GetBucketLogging", "s3:GetBucketLogging")
offer_turning_off("PutBucketLogging", "s3:PutBucketLogging", "BucketLoggingStatus", NOT_LOGGED)
offer_nothing("GetBucketNotificationConfiguration", "s3:GetBucketNotification")
offer_turning_off(
    "PutBucketNotificationConfiguration",
    "s3:PutBucketNotification",
    "NotificationConfiguration",
    NOT_NOTIFIED,
)


def restoring(call: Call, desk: Desk) -> Sequence[Ask]:
    """s3:RestoreObject, whether a version is named or not."""
    return (version_ask(call, desk, "s3:RestoreObject")._replace(action="s3:RestoreObject"),)


@operation("s3:RestoreObject", asks=restoring)
def restore_object(call: Call, desk: Desk) -> Output:
    """Nothing is archived here. Raises InvalidObjectState, or NoSuchKey and the like."""
    find_object(call, desk)
    message = "Restore is not allowed for the object's current storage class"
    raise Fault("InvalidObjectState", 403, message)
