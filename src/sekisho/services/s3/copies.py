"""Copies: of objects, and of their bytes into parts. Two decisions: to read there, to write here.

Each is made against the account that owns the bucket in question (PE-107). The bytes are copied
outside of any transaction; the one that names them decides both once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sekisho.access.context import ContextValue
from sekisho.access.decide import Ask
from sekisho.catalog.checksums import ALGORITHMS
from sekisho.directory.intake import Intake
from sekisho.model.faults import Fault
from sekisho.model.records import StoredObject
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.acls import acl_of_new, owned
from sekisho.services.s3.asks import (
    check_signed,
    creating_asks,
    find_bucket,
    look_up,
    version_ask,
)
from sekisho.services.s3.copy_source import (
    MOST_COPIED,
    Source,
    check_directives,
    check_not_onto_itself,
    check_source,
    copied_headers,
    copied_tags,
    copy_span,
    keeps_tags,
    read_source,
    sourced,
)
from sekisho.services.s3.digests import MEMBER_OF, check_supported, shown_checksums
from sekisho.services.s3.encryption import sealed
from sekisho.services.s3.faults import invalid_request, quoted
from sekisho.services.s3.headers import check_wishes
from sekisho.services.s3.locks import wished_lock
from sekisho.services.s3.multipart import fillable_upload, keep_part
from sekisho.services.s3.objects import check_acl, current, new_version, publish, shown_put
from sekisho.services.s3.preconditions import check_condition, check_write
from sekisho.services.s3.ranges import Span, check_part_number
from sekisho.services.s3.reading import decided_by, find_object, open_object
from sekisho.services.s3.upload import DEFAULT_ALGORITHM, Stage, Uploaded, keep


@dataclass(frozen=True, slots=True)
class Copied:
    """Bytes copied into the blob store, and the version that they are of."""

    uploaded: Uploaded
    of: StoredObject

    def discard(self) -> None:
        self.uploaded.discard()


def reading_asks(call: Call, desk: Desk, source: Source, *, with_tags: bool) -> list[Ask]:
    """s3:GetObject of the source, told of its tags; s3:GetObjectTagging if they are copied."""
    actions = ["s3:GetObject", *(["s3:GetObjectTagging"] if with_tags else [])]
    return [version_ask(sourced(call, source), desk, action) for action in actions]


def copy_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    check_signed(call)
    source = read_source(call.input)
    check_directives(call.input)
    stored = look_up(desk, source.bucket, source.key, source.version)
    tags = copied_tags(call.input, stored)
    extra: dict[str, ContextValue] = {"s3:x-amz-copy-source": f"{source.bucket}/{source.key}"}
    if "MetadataDirective" in call.input:
        extra["s3:x-amz-metadata-directive"] = call.input["MetadataDirective"]
    with_tags = keeps_tags(call.input) and bool(tags)
    return [
        *reading_asks(call, desk, source, with_tags=with_tags),
        *creating_asks(call, desk, find_bucket(call, desk), tags, extra),
    ]


def part_copy_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    check_signed(call)
    source = read_source(call.input)
    extra = {"s3:x-amz-copy-source": f"{source.bucket}/{source.key}"}
    return [
        *reading_asks(call, desk, source, with_tags=False),
        *creating_asks(call, desk, find_bucket(call, desk), {}, extra, is_creation=False),
    ]


def stage_copy(call: Call, desk: Desk) -> Copied:
    """Copy the bytes of the source."""
    check_wishes(call.input)
    check_acl(call, desk)
    check_condition(call.input)
    algorithm: str = call.input.get("ChecksumAlgorithm", "").lower()
    if algorithm:
        check_supported(algorithm)
    source = read_source(call.input)
    check_not_onto_itself(call.input, source)
    return copy_bytes(call, desk, source, algorithm, partial(Intake, desk.directory.blobs))


def stage_part_copy(call: Call, desk: Desk) -> Copied:
    check_part_number(call.input["PartNumber"])
    with desk.directory.reading() as tx:
        upload = fillable_upload(call, Desk(tx, desk.directory, desk.access))
    source = read_source(call.input)
    algorithm = upload.algorithm or DEFAULT_ALGORITHM
    return copy_bytes(call, desk, source, algorithm, desk.directory.blobs.stage)


def copy_bytes(call: Call, desk: Desk, source: Source, algorithm: str, stage: Stage) -> Copied:
    """The bytes that a copy asks for, with this checksum or else the one that they had.

    Raises what reading raises, 412 PreconditionFailed, InvalidRequest above 5 GiB.
    """
    there = sourced(call, source)
    with desk.directory.reading() as tx:
        at = Desk(tx, desk.directory, desk.access)
        stored, reading = open_object(there, at, find_source(there, at))
    try:
        check_source(call.input, stored)
        span = copy_span(call.input, stored.size) or Span(0, stored.size)
        if span.length > MOST_COPIED:
            raise invalid_request(
                "The specified copy source is larger than the maximum allowable size for a copy"
                f" source: {MOST_COPIED}"
            )
        known = next((name for name in stored.checksums if name in ALGORITHMS), DEFAULT_ALGORITHM)
        pieces = reading.pieces(span.start, span.length)
        return Copied(keep(stage, pieces, algorithm or known), stored)
    finally:
        reading.close()


def find_source(there: Call, at: Desk) -> StoredObject:
    """The object, or version, that is read. Raises what `find_object` does; InvalidRequest."""
    try:
        return find_object(there, at)
    except Fault as fault:
        if fault.code != "MethodNotAllowed":
            raise
        raise invalid_request(
            "The source of a copy request may not specifically refer to a delete marker by version"
            " id."
        ) from None


@operation("s3:CopyObject", asks=copy_asks, writes=True, stage=stage_copy)
def copy_object(call: Call, desk: Desk) -> Output:
    """Copy an object of up to 5 GiB, of any account's bucket; made of parts, it is whole then.

    Input: CopySource (bucket/key, ?versionId=…), MetadataDirective and TaggingDirective (COPY,
        REPLACE), CopySourceIf…, ChecksumAlgorithm, and as PutObject.
    Raises: what GetObject and PutObject raise; InvalidRequest, InvalidArgument.
    """
    copied: Copied = call.staged
    bucket, key = find_bucket(call, desk).bucket, call.input["Key"]
    check_decided(call, desk, copied)
    acl = acl_of_new(call, desk.tx, bucket)
    check_write(call.input, current(desk, bucket, key))
    uploaded = copied.uploaded
    stored = publish(
        desk,
        StoredObject(
            bucket=bucket.name,
            key=key,
            blob=uploaded.blob,
            size=uploaded.size,
            etag=uploaded.etag,
            modified=call.now,
            version=new_version(bucket),
            headers=sealed(copied_headers(call.input, copied.of), bucket),
            checksums=uploaded.checksums,
            tags=copied_tags(call.input, copied.of),
            lock=wished_lock(call.input, bucket, call.now),
            **owned(call.account, bucket, acl),
        ),
        uploaded.content,
    )
    result = {"ETag": quoted(stored.etag), "LastModified": stored.modified}
    result |= shown_checksums(stored)
    return {"CopyObjectResult": result, **shown_put(bucket, stored), **shown_source(call, copied)}


def check_decided(call: Call, desk: Desk, copied: Copied) -> None:
    """Leave was given for what stands there now: what was copied must have been like it.

    Raises SlowDown if it was not, so that the client asks again.
    """
    source = read_source(call.input)
    stored = look_up(desk, source.bucket, source.key, source.version)
    if stored is None or decided_by(stored) != decided_by(copied.of):
        raise Fault("SlowDown", 503, "Please reduce your request rate.")


def shown_source(call: Call, copied: Copied) -> Output:
    """Which version was copied, once there are versions."""
    is_versioned = copied.of.version != "null" or read_source(call.input).version is not None
    return {"CopySourceVersionId": copied.of.version} if is_versioned else {}


@operation("s3:UploadPartCopy", asks=part_copy_asks, writes=True, stage=stage_part_copy)
def upload_part_copy(call: Call, desk: Desk) -> Output:
    """Make a part of an object's bytes, or of a range of them.

    Input: CopySource, CopySourceRange (bytes=first-last), CopySourceIf…, UploadId, PartNumber.
    Raises: what GetObject and UploadPart raise; InvalidArgument.
    """
    copied: Copied = call.staged
    check_decided(call, desk, copied)
    part = keep_part(call, desk, fillable_upload(call, desk), copied.uploaded)
    result = {"ETag": quoted(part.etag), "LastModified": part.modified}
    result |= {MEMBER_OF[name]: value for name, value in part.checksums.items()}
    return {"CopyPartResult": result, **shown_source(call, copied)}
