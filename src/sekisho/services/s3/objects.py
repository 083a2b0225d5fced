"""Objects: put, got and looked at.

A version of an object is a row that names its bytes: a blob, or another row if they are few. A
PutObject stages them outside of any transaction, then one transaction names them, so that a crash
leaves the old object or the new one.
"""

import secrets
from collections.abc import Iterator, Sequence
from functools import partial

from sekisho.directory.intake import Intake
from sekisho.directory.queries import objects
from sekisho.model.records import NULL_VERSION, Bucket, StoredObject
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.acls import acl_of_new, is_wished, owned
from sekisho.services.s3.asks import find_bucket, look_up, on_new_object, on_object
from sekisho.services.s3.digests import shown_checksums
from sekisho.services.s3.encryption import sealed
from sekisho.services.s3.faults import quoted
from sekisho.services.s3.headers import (
    check_wishes,
    kept_headers,
    shown_sealing,
)
from sekisho.services.s3.locks import shown_lock, wished_lock
from sekisho.services.s3.preconditions import check_condition, check_write, is_conditional
from sekisho.services.s3.reading import ContentReader, described, find_object, open_object
from sekisho.services.s3.tags import wished_tags
from sekisho.services.s3.upload import Uploaded, receive


def stage_object(call: Call, desk: Desk) -> Uploaded:
    """Check the head of a PutObject and take its body in."""
    check_wishes(call.input)
    check_acl(call, desk)
    check_condition(call.input)
    kept_headers(call.input)
    return receive(call, partial(Intake, desk.directory.blobs))


def check_acl(call: Call, desk: Desk) -> None:
    """Refuse what cannot be the ACL before any byte is taken in; raises as `acl_of_new`."""
    if is_wished(call.input):
        with desk.directory.reading() as tx:
            held = find_bucket(call, Desk(tx, desk.directory, desk.access))
            acl_of_new(call, tx, held.bucket)


@operation("s3:PutObject", asks=on_new_object, writes=True, stage=stage_object, shares=True)
def put_object(call: Call, desk: Desk) -> Output:
    """Put an object: as a new version, or in the place of the one of its key.

    Raises: what `receive` raises, PreconditionFailed, NoSuchKey (If-Match), MetadataTooLarge,
        AccessControlListNotSupported, InvalidStorageClass, InvalidTag, NotImplemented.
    """
    uploaded: Uploaded = call.staged
    bucket, key = find_bucket(call, desk).bucket, call.input["Key"]
    acl = acl_of_new(call, desk.tx, bucket)
    if is_conditional(call.input):
        check_write(call.input, current(desk, bucket, key))
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
            headers=sealed(kept_headers(call.input), bucket),
            checksums=uploaded.checksums,
            tags=wished_tags(call.input),
            lock=wished_lock(call.input, bucket, call.now),
            **owned(call.account, bucket, acl),
        ),
        uploaded.content,
    )
    return {"ETag": quoted(stored.etag), **shown_checksums(stored), **shown_put(bucket, stored)}


def publish(desk: Desk, stored: StoredObject, content: bytes | None = None) -> StoredObject:
    """Name an object's bytes: it is its key's newest version. What nothing names now goes.

    content: the bytes, if they are no blob.
    """
    remove_later(desk, objects.put_object(desk.tx, stored, content))
    return stored


def new_version(bucket: Bucket) -> str:
    return secrets.token_hex(16) if bucket.versioning == "Enabled" else NULL_VERSION


def shown_put(bucket: Bucket, stored: StoredObject) -> Output:
    """What is told of an object to who has made it, beside its digests."""
    return {**shown_sealing(stored.headers), **shown_version(bucket, stored)}


def shown_version(bucket: Bucket, stored: StoredObject) -> Output:
    """Its version id, once its bucket has had versions."""
    return {"VersionId": stored.version} if bucket.versioning else {}


def current(desk: Desk, bucket: Bucket, key: str) -> StoredObject | None:
    """The object of a key; None if there is none, or a delete marker stands for it."""
    stored = look_up(desk, bucket.name, key, None)
    return None if stored is None or stored.is_marker else stored


def remove_later(desk: Desk, blobs: Sequence[str]) -> None:
    """Remove blobs that nothing names any more, once that is so for good; they go together.

    If that fails they are orphans, which a sweep removes; the request has succeeded. Where there
    are none this is the moment for those that were read when their turn came.
    """
    desk.tx.after_commit(partial(desk.directory.blobs.remove_all, blobs))


@operation("s3:HeadObject", asks=on_object("s3:GetObject"), waits=False)
def head_object(call: Call, desk: Desk) -> Output:
    """What GetObject would answer, without the bytes."""
    stored = find_object(call, desk)
    output, _ = described(call, desk, stored)
    return {**output, **shown_lock(call, desk, stored)}


@operation("s3:GetObject", asks=on_object("s3:GetObject"), waits=False)
def get_object(call: Call, desk: Desk) -> Output:
    """The bytes of an object, or a span of them.

    Raises: NoSuchKey, or AccessDenied for who may not list the bucket (W-275); 304,
        PreconditionFailed, InvalidRange, InvalidPartNumber, InvalidRequest, InvalidArgument.
    """
    stored, reader = open_object(call, desk, find_object(call, desk))
    try:
        output, span = described(call, desk, stored)
        start, length = (0, stored.size) if span is None else (span.start, span.length)
        output |= shown_lock(call, desk, stored)
        body: bytes | Iterator[bytes]
        if isinstance(reader, ContentReader):
            body = reader.content[start : start + length]
        else:
            body = reader.pieces(start, length)
    except BaseException:
        reader.close()
        raise
    return {**output, "Body": body}
