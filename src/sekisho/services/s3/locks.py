"""Object Lock: versions that nobody can delete for a time, or while they are held.

Retention in GOVERNANCE mode yields to who may bypass it, in COMPLIANCE mode to nobody.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sekisho.access.context import ContextValue, instant
from sekisho.access.decide import Ask
from sekisho.directory.queries import objects
from sekisho.model.faults import AccessDenied, Fault
from sekisho.model.records import Bucket, StoredObject
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.asks import (
    find_bucket,
    object_ask,
    on_bucket,
    retention_days,
    version_ask,
)
from sekisho.services.s3.faults import invalid_argument, invalid_request, malformed_xml
from sekisho.services.s3.reading import find_object
from sekisho.services.s3.settings import keep_settings

DAY = 86_400
MOST_DAYS = 36_500
MODES = frozenset({"GOVERNANCE", "COMPLIANCE"})
HELD = "ON"


def is_protected(stored: StoredObject, now: float) -> bool:
    """Whether a version is held or must be retained, in any mode."""
    return stored.lock.get("hold") == HELD or stored.lock.get("until", 0) > now


def check_removable(call: Call, desk: Desk, stored: StoredObject) -> None:
    """Raises AccessDenied for a version that is protected from this caller."""
    if not is_protected(stored, call.ambient.now):
        return
    if stored.lock.get("hold") == HELD or not may_bypass(call, desk, stored.lock):
        raise AccessDenied("Access Denied because object protected by object lock.")


def may_bypass(call: Call, desk: Desk, lock: Mapping[str, Any]) -> bool:
    """Who asks for it and may can do away with retention in governance mode."""
    if lock.get("mode") != "GOVERNANCE" or not call.input.get("BypassGovernanceRetention"):
        return False
    held = find_bucket(call, desk)
    return desk.may(call, object_ask(call, held, "s3:BypassGovernanceRetention"))


def has_lock(bucket: Bucket) -> bool:
    return "lock" in bucket.settings


def check_has_lock(bucket: Bucket) -> None:
    if not has_lock(bucket):
        raise invalid_request("Bucket is missing Object Lock Configuration")


def wished_lock(given: Mapping[str, Any], bucket: Bucket, now: int) -> dict[str, Any]:
    """The lock of a new version: what its request says, or else the bucket's default.

    Raises InvalidRequest where the bucket has none, InvalidArgument.
    """
    return {**default_retention(bucket, now), **asked_lock(given, bucket, now)}


def asked_lock(given: Mapping[str, Any], bucket: Bucket, now: int) -> dict[str, Any]:
    """What a request says of the lock of a new version, the default left aside."""
    mode, until = given.get("ObjectLockMode"), given.get("ObjectLockRetainUntilDate")
    hold = given.get("ObjectLockLegalHoldStatus")
    if mode is not None or until is not None or hold is not None:
        check_has_lock(bucket)
    if (mode is None) != (until is None):
        missing = (
            "x-amz-object-lock-mode" if mode is None else "x-amz-object-lock-retain-until-date"
        )
        message = (
            "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied"
        )
        raise invalid_argument(missing, "", message)
    lock: dict[str, Any] = {} if hold is None else {"hold": checked_hold(hold)}
    if mode is None or until is None:
        return lock
    if mode not in MODES:
        raise invalid_argument("x-amz-object-lock-mode", mode, "Unknown wormMode directive.")
    check_future(until, now)
    return {**lock, "mode": mode, "until": until}


def checked_hold(hold: str) -> str:
    if hold not in ("ON", "OFF"):
        message = "Legal Hold must be either of 'ON' or 'OFF'"
        raise invalid_argument("x-amz-object-lock-legal-hold", hold, message)
    return hold


def check_future(until: int, now: int) -> None:
    if until <= now:
        message = "The retain until date must be in the future!"
        raise invalid_argument("x-amz-object-lock-retain-until-date", instant(until), message)


def default_retention(bucket: Bucket, now: int) -> dict[str, Any]:
    rule = bucket.settings.get("lock", {}).get("Rule", {}).get("DefaultRetention")
    if not rule:
        return {}
    days = rule.get("Days", 0) + 365 * rule.get("Years", 0)
    return {"mode": rule["Mode"], "until": now + days * DAY}


def shown_lock(call: Call, desk: Desk, stored: StoredObject) -> Output:
    """The members of GetObject that tell of a lock, for who may know."""
    shown: Output = {}
    if not stored.lock:
        return shown
    held = find_bucket(call, desk)
    if "until" in stored.lock and desk.may(call, object_ask(call, held, "s3:GetObjectRetention")):
        shown["ObjectLockMode"] = stored.lock["mode"]
        shown["ObjectLockRetainUntilDate"] = stored.lock["until"]
    if "hold" in stored.lock and desk.may(call, object_ask(call, held, "s3:GetObjectLegalHold")):
        shown["ObjectLockLegalHoldStatus"] = stored.lock["hold"]
    return shown


def on_lock(action: str) -> Any:
    """An action on a version whose name does not change with the version's."""

    def asks(call: Call, desk: Desk) -> Sequence[Ask]:
        ask = version_ask(call, desk, action)
        wished = call.input.get("Retention", {})
        context: dict[str, ContextValue] = {}
        if "Mode" in wished:
            context["s3:object-lock-mode"] = wished["Mode"]
        if "RetainUntilDate" in wished:
            context["s3:object-lock-retain-until-date"] = instant(wished["RetainUntilDate"])
            context |= retention_days(wished["RetainUntilDate"], call.now)
        if "Status" in call.input.get("LegalHold", {}):
            context["s3:object-lock-legal-hold"] = call.input["LegalHold"]["Status"]
        return (ask._replace(action=action, context={**ask.context, **context}),)

    return asks


@operation("s3:PutObjectRetention", asks=on_lock("s3:PutObjectRetention"), writes=True)
def put_object_retention(call: Call, desk: Desk) -> Output:
    """Let a version be retained until a date; later dates are let pass, earlier ones may not be.

    Input: Retention (Mode, RetainUntilDate; empty to end it), BypassGovernanceRetention.
    Raises InvalidRequest, MalformedXML, InvalidArgument, AccessDenied.
    """
    check_has_lock(find_bucket(call, desk).bucket)
    stored = find_object(call, desk)
    wished = call.input.get("Retention", {})
    mode, until = wished.get("Mode"), wished.get("RetainUntilDate")
    if (mode is None) != (until is None) or (mode is not None and mode not in MODES):
        raise malformed_xml()
    if until is not None:
        check_future(until, call.now)
    standing = stored.lock
    if standing.get("until", 0) > call.now:
        is_longer = until is not None and until >= standing["until"]
        is_no_weaker = mode in (standing["mode"], "COMPLIANCE")
        if not (is_longer and is_no_weaker) and not may_bypass(call, desk, standing):
            raise AccessDenied("Access Denied because object protected by object lock.")
    lock = {"hold": standing["hold"]} if "hold" in standing else {}
    if until is not None:
        lock |= {"mode": mode, "until": until}
    objects.change_object(desk.tx, stored, lock=lock)
    return {}


@operation("s3:GetObjectRetention", asks=on_lock("s3:GetObjectRetention"))
def get_object_retention(call: Call, desk: Desk) -> Output:
    """Mode and date of a version. Raises NoSuchObjectLockConfiguration."""
    check_has_lock(find_bucket(call, desk).bucket)
    lock = find_object(call, desk).lock
    if "until" not in lock:
        raise no_lock()
    return {"Retention": {"Mode": lock["mode"], "RetainUntilDate": lock["until"]}}


@operation("s3:PutObjectLegalHold", asks=on_lock("s3:PutObjectLegalHold"), writes=True)
def put_object_legal_hold(call: Call, desk: Desk) -> Output:
    """Hold a version, or hold it no longer. Raises InvalidRequest, MalformedXML."""
    check_has_lock(find_bucket(call, desk).bucket)
    stored = find_object(call, desk)
    status = call.input.get("LegalHold", {}).get("Status")
    if status not in ("ON", "OFF"):
        raise malformed_xml()
    objects.change_object(desk.tx, stored, lock={**stored.lock, "hold": status})
    return {}


@operation("s3:GetObjectLegalHold", asks=on_lock("s3:GetObjectLegalHold"))
def get_object_legal_hold(call: Call, desk: Desk) -> Output:
    """Whether a version is held. Raises NoSuchObjectLockConfiguration."""
    check_has_lock(find_bucket(call, desk).bucket)
    lock = find_object(call, desk).lock
    if "hold" not in lock:
        raise no_lock()
    return {"LegalHold": {"Status": lock["hold"]}}


def no_lock() -> Fault:
    message = "The specified object does not have a ObjectLock configuration"
    return Fault("NoSuchObjectLockConfiguration", 404, message)


@operation(
    "s3:PutObjectLockConfiguration",
    asks=on_bucket("s3:PutBucketObjectLockConfiguration"),
    writes=True,
)
def put_object_lock_configuration(call: Call, desk: Desk) -> Output:
    """Turn Object Lock on, for a bucket with versions, and set the default retention.

    Raises InvalidBucketState, MalformedXML, InvalidArgument.
    """
    bucket = find_bucket(call, desk).bucket
    wished = call.input.get("ObjectLockConfiguration", {})
    if wished.get("ObjectLockEnabled") != "Enabled":
        raise malformed_xml()
    if bucket.versioning != "Enabled":
        message = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"
        raise Fault("InvalidBucketState", 409, message)
    if "Rule" in wished:
        check_rule(wished["Rule"].get("DefaultRetention", {}))
    keep_settings(desk, bucket, {**bucket.settings, "lock": wished})
    return {}


def check_rule(rule: Mapping[str, Any]) -> None:
    periods = [rule[name] for name in ("Days", "Years") if name in rule]
    if rule.get("Mode") not in MODES or len(periods) != 1 or "DefaultEventHold" in rule:
        raise malformed_xml()
    days = periods[0] * (365 if "Years" in rule else 1)
    if periods[0] <= 0:
        message = "Default retention period must be a positive integer value."
        raise Fault("InvalidArgument", 400, message)
    if days > MOST_DAYS:
        raise Fault("InvalidArgument", 400, "Default retention period too large.")


@operation("s3:GetObjectLockConfiguration", asks=on_bucket("s3:GetBucketObjectLockConfiguration"))
def get_object_lock_configuration(call: Call, desk: Desk) -> Output:
    """Raises ObjectLockConfigurationNotFoundError (W-302)."""
    bucket = find_bucket(call, desk).bucket
    if not has_lock(bucket):
        message = "Object Lock configuration does not exist for this bucket"
        details = {"BucketName": bucket.name}
        raise Fault("ObjectLockConfigurationNotFoundError", 404, message, details)
    return {"ObjectLockConfiguration": bucket.settings["lock"]}
