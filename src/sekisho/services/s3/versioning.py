"""Versions: whether a bucket keeps them, and lists of them (W-315)."""

from functools import partial
from operator import attrgetter
from typing import Any

from sekisho.directory.queries import objects
from sekisho.model.faults import Fault
from sekisho.model.records import StoredObject
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.asks import LISTING_KEYS, check_version, find_bucket, on_bucket
from sekisho.services.s3.faults import invalid_argument, malformed_xml, not_implemented
from sekisho.services.s3.listings import (
    MOST_KEYS,
    check_listing,
    delimiter_of,
    encoder,
    prefix_of,
    shown_object,
    shown_owners,
)
from sekisho.services.s3.pages import resumed, shown_page, walk
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
    grouping, encoded = (prefix_of(call), delimiter_of(call)), encoder(call)
    find = partial(objects.list_versions, desk.tx, bucket.name, grouping[0])
    after = resumed(call.input.get("KeyMarker", ""), grouping, partial(rank_of_marker, call, desk))
    page = walk(find, attrgetter("rank"), grouping, after, most)
    owner = shown_owners(desk, bucket)
    shown: dict[bool, list[Any]] = {False: [], True: []}
    for stored in page.entries:
        shown[stored.is_marker].append(
            {**shown_entry(stored, encoded(stored.key)), **owner(stored)}
        )
    output, marker = shown_page(call, page, grouping, attrgetter("version"))
    output |= {
        "Name": bucket.name,
        "VersionIdMarker": call.input.get("VersionIdMarker", ""),
        "MaxKeys": most,
        "Versions": shown[False],
        "DeleteMarkers": shown[True],
    }
    if marker:
        output["NextVersionIdMarker"] = marker
    return output


def rank_of_marker(call: Call, desk: Desk) -> int | None:
    """Which version of the key marker the list goes on after; None: after all of them.

    If the version of the marker is gone, with all versions of its key that there are: whoever
    deletes page after page misses none.
    """
    version = call.input.get("VersionIdMarker", "")
    if not version:
        return None
    place = call.input["Bucket"], call.input["KeyMarker"], version
    stored = objects.get_object(desk.tx, *place)
    return BEFORE_ALL if stored is None else stored.rank


def shown_entry(stored: StoredObject, key: str) -> Output:
    shown: Output = {
        "Key": key,
        "VersionId": stored.version,
        "IsLatest": stored.is_current,
        "LastModified": stored.modified,
    }
    return shown if stored.is_marker else {**shown, **shown_object(stored)}
