"""Versions: whether a bucket keeps them, and lists of them (W-315)."""

from dataclasses import dataclass, field
from typing import Any

from sekisho.directory.queries import objects
from sekisho.directory.store import Transaction
from sekisho.model.faults import Fault
from sekisho.model.records import StoredObject
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.asks import LISTING_KEYS, check_version, find_bucket, on_bucket
from sekisho.services.s3.faults import invalid_argument, malformed_xml, not_implemented
from sekisho.services.s3.listings import (
    MOST_KEYS,
    beyond,
    check_listing,
    delimiter_of,
    encoder,
    group_of,
    prefix_of,
    shown_object,
    shown_owners,
)
from sekisho.services.s3.settings import keep_setting

STATES = frozenset({"Enabled", "Suspended"})
BEFORE_ALL = -(2**62)


@operation("s3:PutBucketVersioning", asks=on_bucket("s3:PutBucketVersioning"), writes=True)
def put_bucket_versioning(call: Call, desk: Desk) -> Output:
    """Let a bucket keep versions (Enabled), or make no more of them (Suspended).

    Raises MalformedXML; NotImplemented for MFA delete; InvalidBucketState where objects are locked.
    """
    bucket = find_bucket(call, desk).bucket
    wished = call.input["VersioningConfiguration"]
    if wished.get("MFADelete", "Disabled") != "Disabled":
        raise not_implemented("MfaDelete")
    status = wished.get("Status")
    if status not in STATES:
        raise malformed_xml()
    if status != "Enabled" and "lock" in bucket.settings:
        raise Fault(
            "InvalidBucketState",
            409,
            "An Object Lock configuration is present on this bucket, so the versioning state"
            " cannot be changed.",
        )
    keep_setting(desk, bucket, "versioning", status)
    return {}


@operation("s3:GetBucketVersioning", asks=on_bucket("s3:GetBucketVersioning"))
def get_bucket_versioning(call: Call, desk: Desk) -> Output:
    """Enabled or Suspended; nothing if there never were versions."""
    status = find_bucket(call, desk).bucket.versioning
    return {"Status": status} if status else {}


@dataclass(slots=True)
class Page:
    """One page. last: the key or common prefix that it ends with, and the version id if any."""

    versions: list[StoredObject] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    last: tuple[str, str] | None = None

    def __len__(self) -> int:
        return len(self.versions) + len(self.prefixes)


def walk(
    tx: Transaction,
    bucket: str,
    prefix: str,
    delimiter: str,
    after: tuple[str, int | None] | None,
    most: int,
) -> Page:
    """At most `most` versions and common prefixes of keys, from after a key or a version of it."""
    page, last = Page(), ("", "")
    while most:
        found = objects.list_versions(tx, bucket, prefix, after, most + 1)
        for stored in found:
            group = group_of(stored.key, prefix, delimiter)
            if group is not None and page.prefixes[-1:] == [group]:
                continue
            if len(page) == most:
                page.last = last
                return page
            if group is None:
                page.versions.append(stored)
                last = (stored.key, stored.version)
            else:
                page.prefixes.append(group)
                last = (group, "")
        if len(found) <= most:
            return page
        end = found[-1]
        group = group_of(end.key, prefix, delimiter)
        after = (end.key, end.rank) if group is None else (beyond(group), None)
    return page


def check_version_listing(call: Call) -> None:
    """Raises InvalidArgument."""
    check_listing(call)
    if call.input.get("VersionIdMarker"):
        check_version(call.input["VersionIdMarker"])
        if not call.input.get("KeyMarker"):
            message = "A version-id marker cannot be specified without a key marker."
            raise invalid_argument("version-id-marker", call.input["VersionIdMarker"], message)


@operation(
    "s3:ListObjectVersions",
    asks=on_bucket("s3:ListBucketVersions", keys=LISTING_KEYS, check=check_version_listing),
)
def list_object_versions(call: Call, desk: Desk) -> Output:
    """Versions and delete markers by key, of one key the newest first, in pages.

    Input: Prefix, Delimiter, MaxKeys (1,000 at most and by default), KeyMarker, VersionIdMarker,
        EncodingType (url). Raises InvalidArgument.
    """
    bucket = find_bucket(call, desk).bucket
    most = min(call.input.get("MaxKeys", MOST_KEYS), MOST_KEYS)
    prefix, delimiter, encoded = prefix_of(call), delimiter_of(call), encoder(call)
    page = walk(desk.tx, bucket.name, prefix, delimiter, start_of(call, desk), most)
    owner = shown_owners(desk, bucket)
    shown: dict[bool, list[Any]] = {False: [], True: []}
    for stored in page.versions:
        shown[stored.is_marker].append(
            {**shown_entry(stored, encoded(stored.key)), **owner(stored)}
        )
    output: Output = {
        "Name": bucket.name,
        "Prefix": encoded(prefix),
        "KeyMarker": encoded(call.input.get("KeyMarker", "")),
        "VersionIdMarker": call.input.get("VersionIdMarker", ""),
        "MaxKeys": most,
        "IsTruncated": page.last is not None,
        "Versions": shown[False],
        "DeleteMarkers": shown[True],
        "CommonPrefixes": [{"Prefix": encoded(group)} for group in page.prefixes],
    }
    if page.last is not None:
        output["NextKeyMarker"] = encoded(page.last[0])
        if page.last[1]:
            output["NextVersionIdMarker"] = page.last[1]
    if delimiter:
        output["Delimiter"] = encoded(delimiter)
    if "EncodingType" in call.input:
        output["EncodingType"] = call.input["EncodingType"]
    return output


def start_of(call: Call, desk: Desk) -> tuple[str, int | None] | None:
    """Where the list goes on.

    If the version of the marker is gone, with all versions of its key that there are: whoever
    deletes page after page misses none.
    """
    key, version = call.input.get("KeyMarker", ""), call.input.get("VersionIdMarker", "")
    if not key:
        return None
    group = group_of(key, prefix_of(call), delimiter_of(call))
    if group is not None:
        return beyond(group), None
    if not version:
        return key, None
    stored = objects.get_object(desk.tx, call.input["Bucket"], key, version)
    return key, BEFORE_ALL if stored is None else stored.rank


def shown_entry(stored: StoredObject, key: str) -> Output:
    shown: Output = {
        "Key": key,
        "VersionId": stored.version,
        "IsLatest": stored.is_current,
        "LastModified": stored.modified,
    }
    return shown if stored.is_marker else {**shown, **shown_object(stored)}
