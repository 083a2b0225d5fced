"""Objects found, opened and described, for whoever may read them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sekisho.access.denial import denial
from sekisho.directory.blob_contract import BlobReader, Blobs
from sekisho.directory.intake import is_small
from sekisho.directory.queries import buckets, contents, objects, parts
from sekisho.directory.store import Directory, Transaction
from sekisho.model.faults import Fault
from sekisho.model.principal import PrincipalKind
from sekisho.model.records import Part, StoredObject
from sekisho.services.operation import Call, Desk, Output
from sekisho.services.s3.acls import as_acl
from sekisho.services.s3.asks import (
    bucket_ask,
    find_bucket,
    look_up,
    named_version,
    version_ask,
)
from sekisho.services.s3.digests import shown_checksums
from sekisho.services.s3.faults import (
    marked_deleted,
    no_such_key,
    no_such_version,
    quoted,
)
from sekisho.services.s3.headers import (
    check_sealing,
    shown_headers,
    shown_sealing,
    wished_headers,
)
from sekisho.services.s3.preconditions import check_read
from sekisho.services.s3.ranges import Span, check_part_number, missing_part, wanted_span


class ContentReader:
    """The bytes of a small object, which are here already."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def pieces(self, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        yield self.content[start : None if length is None else start + length]

    def close(self) -> None:
        """Nothing is open."""


class PartsReading:
    """The bytes of an object that is made of parts, one part open at a time."""

    def __init__(self, blobs: Blobs, held: Sequence[Part], size: int) -> None:
        self._blobs = blobs
        self._parts = held
        self._size = size
        self._hold = blobs.hold(held[0].blob)

    def pieces(self, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        end = self._size if length is None else start + length
        try:
            for part in self._parts:
                first, last = max(start, part.start), min(end, part.start + part.size)
                if first < last:
                    reader = self._blobs.open(part.blob)
                    yield from reader.pieces(first - part.start, last - first)
        finally:
            self.close()

    def close(self) -> None:
        self._hold.let_go()


def find_object(call: Call, desk: Desk) -> StoredObject:
    """The object of the input, or the version. Raises NoSuchKey, NoSuchVersion, MethodNotAllowed.

    Who may not list the bucket gets AccessDenied for what is not there (W-275).
    """
    version = named_version(call)
    stored = look_up(desk, call.input["Bucket"], call.input["Key"], version)
    return there(call, desk, stored)


def there(call: Call, desk: Desk, stored: StoredObject | None) -> StoredObject:
    if stored is None:
        raise missing(call, desk)
    if stored.is_marker:
        raise marked(call, desk, stored)
    return stored


def missing(call: Call, desk: Desk) -> Fault:
    """That nothing is there; for who may not list the bucket, that they may not (PE-142, W-275)."""
    refusal = unlisted(call, desk)
    if refusal is not None:
        return refusal
    key = call.input["Key"]
    version = call.input.get("VersionId")
    return no_such_key(key) if version is None else no_such_version(key, version)


def marked(call: Call, desk: Desk, marker: StoredObject) -> Fault:
    """That a delete marker is there: 404, or 405 for who names it (W-315)."""
    if "VersionId" in call.input:
        return marked_deleted(marker, "GET")
    fault = missing(call, desk)
    if fault.status != 404:
        return fault
    headers = {"x-amz-delete-marker": "true", "x-amz-version-id": marker.version}
    return Fault(fault.code, fault.status, fault.message, {**fault.details, **headers})


def unlisted(call: Call, desk: Desk) -> Fault | None:
    ask = bucket_ask(call, find_bucket(call, desk), "s3:ListBucket")
    ruling = desk.access.decide(call.caller, call.ambient, ask)
    return None if ruling.decision.allowed else denial(call.caller, ruling)


def open_object(call: Call, desk: Desk, stored: StoredObject) -> tuple[StoredObject, BlobReader]:
    """Open an object's bytes, which may have been replaced since its row was read."""
    if stored.parts or not is_small(stored.blob):
        desk.access.evidence.take_time()
    try:
        return stored, open_bytes(desk.directory, desk.tx, stored)
    except FileNotFoundError:
        pass
    while True:
        with desk.directory.reading() as tx:
            later = look_again(call, desk, tx)
            if later.blob == stored.blob:
                raise FileNotFoundError(stored.blob)
            if decided_by(later) != decided_by(stored):
                raise Fault("SlowDown", 503, "Please reduce your request rate.")
            try:
                return later, open_bytes(desk.directory, tx, later)
            except FileNotFoundError:
                stored = later


def decided_by(stored: StoredObject) -> tuple[object, ...]:
    """What of an object leave to read it depends on."""
    return dict(stored.tags), stored.owner, as_acl(stored.acl)


def open_bytes(directory: Directory, tx: Transaction, stored: StoredObject) -> BlobReader:
    """tx: what the row was read in. Raises FileNotFoundError if they are gone."""
    blobs = directory.blobs
    if not stored.parts:
        if is_small(stored.blob):
            return ContentReader(small_content(tx, stored.blob))
        return blobs.open(stored.blob)
    held = parts.list_parts(tx, stored.blob)
    if not held:
        raise FileNotFoundError(stored.blob)
    if len(held) == 1:
        return blobs.open(held[0].blob)
    reading = PartsReading(blobs, held, stored.size)
    # Blobs go after their rows: if the rows are still there, none had gone before the hold.
    with directory.reading() as later:
        if not objects.is_named(later, stored.blob):
            reading.close()
            raise FileNotFoundError(stored.blob)
    return reading


def small_content(tx: Transaction, blob: str) -> bytes:
    place = ("content", blob)
    if place not in tx.seen:
        tx.seen[place] = contents.get_content(tx, blob)
    content: bytes = tx.seen[place]
    return content


def look_again(call: Call, desk: Desk, tx: Transaction) -> StoredObject:
    """The object as it is now, if its bucket is what leave was given for.

    Raises SlowDown if it is not, so that the client asks again.
    """
    name, key = call.input["Bucket"], call.input["Key"]
    if buckets.get_bucket(tx, name) != buckets.get_bucket(desk.tx, name):
        raise Fault("SlowDown", 503, "Please reduce your request rate.")
    stored = objects.get_object(tx, name, key, call.input.get("VersionId"))
    return there(call, desk, stored)


def described(call: Call, desk: Desk, stored: StoredObject) -> tuple[Output, Span | None]:
    """All but the bytes, and which of them; raises where the request's conditions do not hold."""
    check_sealing(call.input)
    anonymous = call.caller.principal.kind is PrincipalKind.ANONYMOUS
    wished = wished_headers(call.input, anonymous=anonymous)
    check_read(call.input, stored)
    span = span_of(call.input, desk, stored)
    output: Output = {
        "AcceptRanges": "bytes",
        "LastModified": stored.modified,
        "ContentLength": stored.size,
        "ETag": quoted(stored.etag),
        **shown_headers(stored.headers),
        **shown_sealing(stored.headers),
        **told_beside(call, desk, stored),
        **wished,
    }
    if "PartNumber" in call.input and stored.parts:
        output["PartsCount"] = stored.parts
    if span is not None:
        output["ContentLength"] = span.length
        output["ContentRange"] = span.told(stored.size)
    elif call.input.get("ChecksumMode") == "ENABLED":
        output |= shown_checksums(stored)
    return output, span


def told_beside(call: Call, desk: Desk, stored: StoredObject) -> Output:
    """The version, and how many tags there are if the caller may read them."""
    output: Output = {}
    if find_bucket(call, desk).bucket.versioning:
        output["VersionId"] = stored.version
    if stored.tags and desk.may(call, version_ask(call, desk, "s3:GetObjectTagging")):
        output["TagCount"] = len(stored.tags)
    return output


def span_of(given: Mapping[str, Any], desk: Desk, stored: StoredObject) -> Span | None:
    """The bytes that a request asks for by range or by part; None for all of them."""
    if "PartNumber" not in given or "Range" in given or not stored.parts:
        return wanted_span(given, stored.size)
    number: int = given["PartNumber"]
    check_part_number(number)
    found = parts.list_parts(desk.tx, stored.blob, after=number - 1, limit=1)
    if not found or found[0].number != number:
        raise missing_part(number, stored.parts)
    return Span(found[0].start, found[0].size)
