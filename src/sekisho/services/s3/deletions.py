"""Objects deleted: one, or up to a thousand at once, for good or behind a delete marker (W-315)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sekisho.access.decide import Ask, Ruling
from sekisho.access.denial import denial
from sekisho.directory.queries import objects
from sekisho.model.faults import Fault
from sekisho.model.records import Bucket, StoredObject
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.asks import find_bucket, forget_seen, look_up, named_version, on_old_object
from sekisho.services.s3.faults import malformed_xml, no_such_version, not_implemented
from sekisho.services.s3.locks import check_removable
from sekisho.services.s3.objects import current, new_version, remove_later, shown_version
from sekisho.services.s3.preconditions import check_still

MOST_KEYS = 1000
LONGEST_KEY = 1024
_UNSERVED: Mapping[str, str] = {
    "IfMatchLastModifiedTime": "x-amz-if-match-last-modified-time",
    "IfMatchSize": "x-amz-if-match-size",
}


@operation("s3:DeleteObject", asks=on_old_object, writes=True)
def delete_object(call: Call, desk: Desk) -> Output:
    """Delete an object; done as well if there is none.

    Raises PreconditionFailed, and NoSuchKey or NoSuchVersion where a condition is on nothing.

    Where there are versions a delete marker takes its place; a version that is named is gone.
    """
    for member, header in _UNSERVED.items():
        if member in call.input:
            raise not_implemented(header)
    bucket = find_bucket(call, desk).bucket
    if "IfMatch" in call.input:
        check_still(call.input, replaced(call, desk, bucket))
    return delete(call, desk, bucket)


def replaced(call: Call, desk: Desk, bucket: Bucket) -> StoredObject | None:
    """What a condition is on: the version that is named, or else the current object."""
    key, version = call.input["Key"], named_version(call)
    if version is None:
        return current(desk, bucket, key)
    stored = look_up(desk, bucket.name, key, version)
    if stored is None:
        raise no_such_version(key, version)
    return stored


def delete(call: Call, desk: Desk, bucket: Bucket) -> Output:
    """Delete what the input names, which must be allowed; what was deleted."""
    key, version = call.input["Key"], named_version(call)
    if version is not None:
        return delete_version(call, desk, look_up(desk, bucket.name, key, version), version)
    if bucket.versioning:
        return mark(call, desk, bucket)
    stored = look_up(desk, bucket.name, key, None)
    if stored is not None:
        remove_later(desk, objects.remove_object(desk.tx, stored))
    return {}


def delete_version(call: Call, desk: Desk, stored: StoredObject | None, version: str) -> Output:
    """Raises AccessDenied for a version that is locked."""
    output: Output = {"VersionId": version}
    if stored is not None:
        check_removable(call, desk, stored)
        remove_later(desk, objects.remove_object(desk.tx, stored))
        if stored.is_marker:
            output["DeleteMarker"] = True
    return output


def mark(call: Call, desk: Desk, bucket: Bucket) -> Output:
    """Make a delete marker the newest version."""
    marker = StoredObject(
        bucket=bucket.name,
        key=call.input["Key"],
        blob="",
        size=0,
        etag="",
        modified=call.now,
        version=new_version(bucket),
        is_marker=True,
    )
    remove_later(desk, objects.put_object(desk.tx, marker))
    return {"DeleteMarker": True, **shown_version(bucket, marker)}


def asked_one_by_one(call: Call, desk: Desk) -> Sequence[Ask]:
    """Each key is decided on its own, when its turn comes: denials are entries of the answer.

    Raises MalformedXML, UserKeyMustBeSpecified, NoSuchBucket.
    """
    named = call.input["Delete"].get("Objects", ())
    if not 1 <= len(named) <= MOST_KEYS:
        raise malformed_xml()
    if not all(each["Key"] for each in named):
        message = "User key must have a length greater than 0."
        raise Fault("UserKeyMustBeSpecified", 400, message)
    find_bucket(call, desk)
    return ()


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What was decided of each key before the transaction, for which all who write wait."""

    rulings: Sequence[Sequence[Ruling]]

    def discard(self) -> None:
        """Nothing was made."""


def foresee(call: Call, desk: Desk) -> Foreseen:
    return Foreseen([foreseen(call, desk, named) for named in call.input["Delete"]["Objects"]])


def foreseen(call: Call, desk: Desk, named: Mapping[str, Any]) -> Sequence[Ruling]:
    """None of a key with which something is wrong: that is told when its turn comes."""
    try:
        one = deletion_of_one(call, named)
        asks = on_old_object(one, desk)
    except Fault:
        return ()
    return list(desk.access.decide_each(one.caller, one.ambient, asks))


@operation("s3:DeleteObjects", asks=asked_one_by_one, writes=True, stage=foresee)
def delete_objects(call: Call, desk: Desk) -> Output:
    """Delete up to a thousand objects or versions; tells of each what became of it (W-310).

    Input: Delete (Objects with Key, VersionId, ETag; Quiet: tell of errors only).
    """
    known: Foreseen = call.staged
    deleted, errors = [], []
    for named, before in zip(call.input["Delete"]["Objects"], known.rulings, strict=True):
        try:
            deleted.append(delete_one(call, desk, named, before))
        except Fault as fault:
            errors.append(shown_error(named, fault))
    is_quiet = call.input["Delete"].get("Quiet", False)
    return {"Deleted": [] if is_quiet else deleted, "Errors": errors}


def delete_one(
    call: Call, desk: Desk, named: Mapping[str, Any], before: Sequence[Ruling]
) -> Output:
    """Raises Fault, among them AccessDenied."""
    one = deletion_of_one(call, named)
    asks = on_old_object(one, desk)
    for ruling in desk.access.decide_each(one.caller, one.ambient, asks, before):
        desk.noted(ruling)
        if not ruling.decision.allowed:
            raise denial(one.caller, ruling)
    output = delete_object(one, desk)
    key: str = one.input["Key"]
    forget_seen(desk, key)  # it may be named once more
    return shown_deletion(key, one.input.get("VersionId"), output)


def deletion_of_one(call: Call, named: Mapping[str, Any]) -> Call:
    """The call of DeleteObject that stands for a key. Raises NotImplemented, KeyTooLongError."""
    for member in ("LastModifiedTime", "Size"):
        if member in named:
            raise not_implemented(f"x-amz-if-match-{member}")
    key: str = named["Key"]
    if len(key.encode("utf-8", "replace")) > LONGEST_KEY:
        raise Fault("KeyTooLongError", 400, "Your key is too long")
    given: dict[str, Any] = {**call.input, "Key": key}
    if named.get("VersionId"):
        given["VersionId"] = named["VersionId"]
    if "ETag" in named:
        given["IfMatch"] = named["ETag"]
    return call._replace(input=given)


def shown_deletion(key: str, version: str | None, output: Output) -> Output:
    shown: Output = {"Key": key}
    if version is not None:
        shown["VersionId"] = version
    if output.get("DeleteMarker"):
        shown["DeleteMarker"] = True
        shown["DeleteMarkerVersionId"] = output["VersionId"]
    return shown


def shown_error(named: Mapping[str, Any], fault: Fault) -> Output:
    shown: Output = {"Key": named["Key"], "Code": fault.code, "Message": fault.message}
    if named.get("VersionId"):
        shown["VersionId"] = named["VersionId"]
    return shown
