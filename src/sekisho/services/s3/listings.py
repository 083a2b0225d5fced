"""Lists of objects: in the order of the keys' UTF-8 bytes, grouped, in pages (W-313).

A page of n entries costs about n rows, however many keys lie under its common prefixes: the walk
jumps past each.
"""

import base64
import binascii
import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from sekisho.directory.queries import objects
from sekisho.directory.store import Transaction
from sekisho.model.records import Bucket, StoredObject
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.acls import acls_count, canonical
from sekisho.services.s3.asks import LISTING_KEYS, find_bucket, on_bucket
from sekisho.services.s3.digests import checksum_type
from sekisho.services.s3.faults import invalid_argument, quoted

MOST_KEYS = 1000
LARGEST_NUMBER = 2**31 - 1
LONGEST_KEY = 1024
LAST_CHARACTER = "\U0010ffff"
FEW = 16

_TOKEN = b"1"
_PLAIN = re.compile(r"[A-Za-z0-9/_.~-]*", re.ASCII)


@dataclass(slots=True)
class Page:
    """One page. last: the key or common prefix that it ends with, if more follow; else None."""

    objects: list[StoredObject] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    last: str | None = None

    def __len__(self) -> int:
        return len(self.objects) + len(self.prefixes)


def walk(
    tx: Transaction, bucket: str, prefix: str, delimiter: str, after: str | None, most: int
) -> Page:
    """At most `most` entries under a prefix, from keys greater than `after`.

    Keys that have the delimiter after the prefix count as one entry, their common prefix.
    """
    page = Page()
    if most == 0:
        return page
    batch = min(FEW, most + 1) if delimiter else most + 1
    group, last = None, ""
    while True:
        rows = objects.list_objects(tx, bucket, prefix, after, batch)
        for stored in rows:
            if group is not None and stored.key.startswith(group):
                continue
            if len(page) == most:
                page.last = last
                return page
            group = group_of(stored.key, prefix, delimiter)
            if group is None:
                page.objects.append(stored)
            else:
                page.prefixes.append(group)
            last = stored.key if group is None else group
        if len(rows) < batch:
            return page
        if group is None:
            after, batch = rows[-1].key, min(2 * batch, MOST_KEYS + 1)
        else:
            after, batch = beyond(group), min(FEW, most + 1)


def group_of(key: str, prefix: str, delimiter: str) -> str | None:
    """The common prefix that a key is counted under; None if it stands for itself."""
    if not delimiter or not key.startswith(prefix):
        return None
    end = key.find(delimiter, len(prefix))
    return None if end < 0 else key[: end + len(delimiter)]


def beyond(group: str) -> str:
    """A text greater than all keys that begin with a prefix, and less than all that come after."""
    return group + LAST_CHARACTER * (LONGEST_KEY // 4)


def going_on(entry: str, prefix: str, delimiter: str) -> str:
    """Where a list goes on that ended with this key or common prefix."""
    group = group_of(entry, prefix, delimiter)
    return entry if group is None else beyond(group)


def check_listing(call: Call) -> None:
    """Raises InvalidArgument."""
    asked = call.input.get("MaxKeys", MOST_KEYS)
    if asked > LARGEST_NUMBER:
        message = "Provided max-keys not an integer or within integer range"
        raise invalid_argument("max-keys", str(asked), message)
    if asked < 0:
        message = f"Argument maxKeys must be an integer between 0 and {LARGEST_NUMBER}"
        raise invalid_argument("maxKeys", str(asked), message)
    check_encoding(call)
    read_token(call)


def check_encoding(call: Call) -> None:
    encoding = call.input.get("EncodingType", "url")
    if encoding != "url":
        message = "Invalid Encoding Method specified in Request"
        raise invalid_argument("encoding-type", encoding, message)


@operation(
    "s3:ListObjectsV2", asks=on_bucket("s3:ListBucket", keys=LISTING_KEYS, check=check_listing)
)
def list_objects_v2(call: Call, desk: Desk) -> Output:
    """A page of a bucket's keys.

    Input: Prefix, Delimiter, MaxKeys (1,000 at most and by default), StartAfter,
        ContinuationToken, EncodingType (url), FetchOwner. Raises InvalidArgument.
    """
    token = read_token(call)
    start: str | None = call.input.get("StartAfter")
    after = start or None
    if token is not None:
        after = going_on(token, prefix_of(call), delimiter_of(call))
    page, output = listed(call, desk, after, with_owner=bool(call.input.get("FetchOwner")))
    output["KeyCount"] = len(page)
    if "ContinuationToken" in call.input:
        output["ContinuationToken"] = call.input["ContinuationToken"]
    if start is not None:
        output["StartAfter"] = encoder(call)(start)
    if page.last is not None:
        output["NextContinuationToken"] = write_token(page.last)
    return output


@operation(
    "s3:ListObjects", asks=on_bucket("s3:ListBucket", keys=LISTING_KEYS, check=check_listing)
)
def list_objects(call: Call, desk: Desk) -> Output:
    """The older form: a page goes on after Marker, which may be a common prefix or lie in one."""
    marker: str = call.input.get("Marker", "")
    after = going_on(marker, prefix_of(call), delimiter_of(call)) if marker else None
    page, output = listed(call, desk, after, with_owner=True)
    output["Marker"] = encoder(call)(marker)
    if page.last is not None and delimiter_of(call):
        output["NextMarker"] = encoder(call)(page.last)
    return output


def prefix_of(call: Call) -> str:
    prefix: str = call.input.get("Prefix", "")
    return prefix


def delimiter_of(call: Call) -> str:
    delimiter: str = call.input.get("Delimiter", "")
    return delimiter


def listed(call: Call, desk: Desk, after: str | None, *, with_owner: bool) -> tuple[Page, Output]:
    """A page, and what both forms of the list say of it."""
    bucket = find_bucket(call, desk).bucket
    prefix, delimiter = prefix_of(call), delimiter_of(call)
    most = min(call.input.get("MaxKeys", MOST_KEYS), MOST_KEYS)
    page = walk(desk.tx, bucket.name, prefix, delimiter, after, most)
    encoded = encoder(call)
    owner = shown_owners(desk, bucket) if with_owner else no_owner
    output: Output = {
        "Name": bucket.name,
        "Prefix": encoded(prefix),
        "MaxKeys": most,
        "IsTruncated": page.last is not None,
        "Contents": [
            {"Key": encoded(stored.key), **shown_object(stored), **owner(stored)}
            for stored in page.objects
        ],
        "CommonPrefixes": [{"Prefix": encoded(group)} for group in page.prefixes],
    }
    if delimiter:
        output["Delimiter"] = encoded(delimiter)
    if "EncodingType" in call.input:
        output["EncodingType"] = call.input["EncodingType"]
    return page, output


def shown_owners(desk: Desk, bucket: Bucket) -> Callable[[StoredObject], Output]:
    """What tells of an object whose it is (W-281); accounts are looked up once."""

    @functools.cache
    def shown(account: str) -> Output:
        canonical_id = canonical(desk, account)
        return {"Owner": {"ID": canonical_id}} if canonical_id else {}

    counts = acls_count(bucket)
    return lambda stored: shown((counts and stored.owner) or bucket.account)


def no_owner(_stored: StoredObject) -> Output:
    return {}


def shown_object(stored: StoredObject) -> Output:
    shown: Output = {
        "LastModified": stored.modified,
        "ETag": quoted(stored.etag),
        "Size": stored.size,
        "StorageClass": "STANDARD",
    }
    if stored.checksums:
        shown["ChecksumAlgorithm"] = [name.upper() for name in stored.checksums]
        shown["ChecksumType"] = checksum_type(stored)
    return shown


def encoder(call: Call) -> Callable[[str], str]:
    """What keys and prefixes go through: percent-encoding, if asked for."""
    return encoded_key if "EncodingType" in call.input else str


def encoded_key(key: str) -> str:
    return key if _PLAIN.fullmatch(key) else quote(key, safe="/")


def write_token(entry: str) -> str:
    return base64.urlsafe_b64encode(_TOKEN + entry.encode()).decode()


def read_token(call: Call) -> str | None:
    """The entry that the page before ended with. Raises InvalidArgument for a token that is none.

    A token is a position and no secret: whoever makes one up may list the bucket anyway.
    """
    token: str | None = call.input.get("ContinuationToken")
    if token is None:
        return None
    try:
        content = base64.b64decode(token.encode(), b"-_", validate=True)
        if content.startswith(_TOKEN) and len(content) <= len(_TOKEN) + LONGEST_KEY:
            return content.removeprefix(_TOKEN).decode()
    except (binascii.Error, ValueError):
        pass
    message = "The continuation token provided is incorrect"
    raise invalid_argument("continuation-token", token, message)
