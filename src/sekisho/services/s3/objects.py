"""Objects: put, got, looked at and deleted. There are no versions: each object is version null.

An object is a row that names a blob. A PutObject stages its blob outside of any transaction, then
one transaction names it, so that a crash leaves the old object or the new one.
"""

from functools import partial

from sekisho.access.denial import denial
from sekisho.directory.blobs import Reader
from sekisho.directory.queries import buckets, objects
from sekisho.model.faults import Fault
from sekisho.model.principal import PrincipalKind
from sekisho.model.records import StoredObject
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.asks import (
    bucket_ask,
    find_bucket,
    on_new_object,
    on_object,
    on_old_object,
)
from sekisho.services.s3.digests import MEMBER_OF
from sekisho.services.s3.faults import (
    no_such_key,
    no_such_version,
    not_implemented,
    quoted,
)
from sekisho.services.s3.headers import (
    check_sealing,
    check_wishes,
    kept_headers,
    shown_headers,
    wished_headers,
)
from sekisho.services.s3.preconditions import (
    check_condition,
    check_read,
    check_still,
    check_write,
)
from sekisho.services.s3.ranges import Span, wanted_span
from sekisho.services.s3.upload import Uploaded, receive


def stage_object(call: Call, desk: Desk) -> Uploaded:
    """Check the head of a PutObject and take its body in."""
    check_wishes(call.input)
    check_condition(call.input)
    kept_headers(call.input)
    return receive(call, desk.directory.blobs)


@operation("s3:PutObject", asks=on_new_object, writes=True, stage=stage_object)
def put_object(call: Call, desk: Desk) -> Output:
    """Put an object in the place of the one of its key, if there is one.

    Raises: what `receive` raises, PreconditionFailed, NoSuchKey (If-Match), MetadataTooLarge,
        AccessControlListNotSupported, InvalidStorageClass, NotImplemented.
    """
    uploaded: Uploaded = call.staged
    bucket, key = call.input["Bucket"], call.input["Key"]
    check_write(call.input, objects.get_object(desk.tx, bucket, key))
    stored = StoredObject(
        bucket=bucket,
        key=key,
        blob=uploaded.blob,
        size=uploaded.size,
        etag=uploaded.etag,
        modified=call.now,
        headers=kept_headers(call.input),
        checksums=uploaded.checksums,
    )
    remove_later(desk, objects.put_object(desk.tx, stored))
    return {"ETag": quoted(stored.etag), **shown_checksums(stored)}


@operation("s3:DeleteObject", asks=on_old_object, writes=True)
def delete_object(call: Call, desk: Desk) -> Output:
    """Delete an object; done as well if there is none. Raises PreconditionFailed, NoSuchKey."""
    for member, header in (
        ("IfMatchLastModifiedTime", "x-amz-if-match-last-modified-time"),
        ("IfMatchSize", "x-amz-if-match-size"),
    ):
        if member in call.input:
            raise not_implemented(header)
    bucket, key = call.input["Bucket"], call.input["Key"]
    if "IfMatch" in call.input:
        check_still(call.input, objects.get_object(desk.tx, bucket, key))
    remove_later(desk, objects.remove_object(desk.tx, bucket, key))
    return {}


def remove_later(desk: Desk, blob: str | None) -> None:
    """Remove a blob that nothing names any more, once that is so for good.

    If that fails the blob is an orphan, which a sweep removes; the request has succeeded.
    """
    if blob is not None:
        desk.tx.after_commit(partial(desk.directory.blobs.remove, blob))


@operation("s3:HeadObject", asks=on_object("s3:GetObject"))
def head_object(call: Call, desk: Desk) -> Output:
    """What GetObject would answer, without the bytes."""
    output, _ = described(call, find_object(call, desk))
    return output


@operation("s3:GetObject", asks=on_object("s3:GetObject"))
def get_object(call: Call, desk: Desk) -> Output:
    """The bytes of an object, or a span of them.

    Raises: NoSuchKey, or AccessDenied for who may not list the bucket (W-275); 304,
        PreconditionFailed, InvalidRange, InvalidPartNumber, InvalidRequest, InvalidArgument.
    """
    stored, reader = open_object(call, desk, find_object(call, desk))
    try:
        output, span = described(call, stored)
    except BaseException:
        reader.close()
        raise
    start, length = (0, stored.size) if span is None else (span.start, span.length)
    return {**output, "Body": reader.pieces(start, length)}


def find_object(call: Call, desk: Desk) -> StoredObject:
    bucket, key = call.input["Bucket"], call.input["Key"]
    stored = objects.get_object(desk.tx, bucket, key)
    if stored is None:
        raise missing(call, desk)
    return stored


def missing(call: Call, desk: Desk) -> Fault:
    """That nothing is there; for who may not list the bucket, that they may not (PE-142, W-275)."""
    ask = bucket_ask(call, find_bucket(call, desk), "s3:ListBucket")
    ruling = desk.access.decide(call.caller, call.ambient, ask)
    if not ruling.decision.allowed:
        return denial(call.caller, ruling)
    key = call.input["Key"]
    version = call.input.get("VersionId")
    return no_such_key(key) if version is None else no_such_version(key, version)


def open_object(call: Call, desk: Desk, stored: StoredObject) -> tuple[StoredObject, Reader]:
    """Open an object's blob, which may have been replaced since its row was read."""
    while True:
        try:
            return stored, desk.directory.blobs.open(stored.blob)
        except FileNotFoundError:
            later = look_again(call, desk)
            if later.blob == stored.blob:
                raise
            stored = later


def look_again(call: Call, desk: Desk) -> StoredObject:
    """The object as it is now, if its bucket is what leave was given for.

    Raises SlowDown if it is not, so that the client asks again.
    """
    name, key = call.input["Bucket"], call.input["Key"]
    with desk.directory.reading() as tx:
        if buckets.get_bucket(tx, name) != buckets.get_bucket(desk.tx, name):
            raise Fault("SlowDown", 503, "Please reduce your request rate.")
        stored = objects.get_object(tx, name, key)
    if stored is None:
        raise missing(call, desk)
    return stored


def described(call: Call, stored: StoredObject) -> tuple[Output, Span | None]:
    """All but the bytes, and which of them; raises where the request's conditions do not hold."""
    check_sealing(call.input)
    anonymous = call.caller.principal.kind is PrincipalKind.ANONYMOUS
    wished = wished_headers(call.input, anonymous=anonymous)
    check_read(call.input, stored)
    span = wanted_span(call.input, stored.size)
    output: Output = {
        "AcceptRanges": "bytes",
        "LastModified": stored.modified,
        "ContentLength": stored.size,
        "ETag": quoted(stored.etag),
        **shown_headers(stored.headers),
        **wished,
    }
    if span is not None:
        output["ContentLength"] = span.length
        output["ContentRange"] = span.told(stored.size)
    elif call.input.get("ChecksumMode") == "ENABLED":
        output |= shown_checksums(stored)
    return output, span


def shown_checksums(stored: StoredObject) -> Output:
    """The output members of the checksum that the object was put with."""
    if not stored.checksums:
        return {}
    shown = {MEMBER_OF[algorithm]: value for algorithm, value in stored.checksums.items()}
    return {**shown, "ChecksumType": "FULL_OBJECT"}
