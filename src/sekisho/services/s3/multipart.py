"""Uploads in parts: begun, filled, completed or aborted (W-308, W-309).

A part is a row that names a blob. Completing names no bytes anew: the parts that are chosen become
the object's, in one transaction; the others go.
"""

import secrets
from collections.abc import Sequence

from sekisho.access.decide import Ask
from sekisho.directory.queries import objects, parts, uploads
from sekisho.model.faults import AccessDenied
from sekisho.model.records import Bucket, MultipartUpload, Part, StoredObject
from sekisho.services.operation import Asks, Call, Desk, Output, operation
from sekisho.services.s3.acl_policies import policy_of_writing
from sekisho.services.s3.acls import acl_of_new, acls_count, as_acl, owned
from sekisho.services.s3.asks import (
    begun_upload,
    check_signed,
    creating_asks,
    find_bucket,
    object_ask,
)
from sekisho.services.s3.assembly import (
    check_type,
    chosen_parts,
    joined_checksum,
    joined_etag,
    wished_checksum,
)
from sekisho.services.s3.digests import MEMBER_OF, shown_checksums
from sekisho.services.s3.encryption import sealed
from sekisho.services.s3.faults import invalid_request, no_such_upload, quoted
from sekisho.services.s3.headers import check_wishes, kept_headers, shown_sealing
from sekisho.services.s3.locks import asked_lock, default_retention
from sekisho.services.s3.objects import current, new_version, publish, remove_later, shown_put
from sekisho.services.s3.preconditions import check_condition, check_write
from sekisho.services.s3.ranges import check_part_number
from sekisho.services.s3.tags import wished_tags
from sekisho.services.s3.upload import DEFAULT_ALGORITHM, Uploaded, receive

ID_BYTES = 24


def beginning_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    check_signed(call)
    held = find_bucket(call, desk)
    return creating_asks(call, desk, held, wished_tags(call.input), is_creation=False)


def part_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    return creating_asks(call, desk, find_bucket(call, desk), {}, is_creation=False)


def completing_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    return creating_asks(call, desk, find_bucket(call, desk), {})


def on_upload(action: str) -> Asks:
    """An action on an upload under way; the bucket's ACL lets those who began it."""

    def asks(call: Call, desk: Desk) -> Sequence[Ask]:
        held = find_bucket(call, desk)
        ask = object_ask(call, held, action)
        if acls_count(held.bucket):

            def belongs() -> bool:
                upload = begun_upload(call, desk)
                return upload is not None and upload.account == call.account

            ask = ask._replace(policy=policy_of_writing(call, held, belongs))
        return (ask,)

    return asks


@operation("s3:CreateMultipartUpload", asks=beginning_asks, writes=True)
def create_multipart_upload(call: Call, desk: Desk) -> Output:
    """Begin an upload in parts; the object will have these headers, tags and checksums.

    Input: ChecksumAlgorithm, ChecksumType (COMPOSITE, FULL_OBJECT), and as PutObject.
    Raises: InvalidRequest (W-308), and of the head what PutObject raises.
    """
    check_wishes(call.input)
    algorithm, kind = wished_checksum(call.input)
    bucket, principal = find_bucket(call, desk).bucket, call.caller.principal
    upload = MultipartUpload(
        id=new_upload_id(call),
        bucket=bucket.name,
        key=call.input["Key"],
        account=principal.account,
        initiator=principal.arn,
        created=call.now,
        headers=sealed(kept_headers(call.input), bucket),
        algorithm=algorithm,
        checksum_type=kind,
        tags=wished_tags(call.input),
        lock=asked_lock(call.input, bucket, call.now),
        acl=acl_of_new(call, desk.tx, bucket),
    )
    uploads.add_upload(desk.tx, upload)
    output: Output = {"Bucket": upload.bucket, "Key": upload.key, "UploadId": upload.id}
    return {**output, **shown_algorithm(upload), **shown_sealing(upload.headers)}


def new_upload_id(call: Call) -> str:
    """Greater than those of before; 60 hexadecimal digits, of which nobody guesses the last 48."""
    return f"{int(call.ambient.now * 1000):012x}{secrets.token_hex(ID_BYTES)}"


def shown_algorithm(upload: MultipartUpload) -> Output:
    if not upload.algorithm:
        return {}
    return {"ChecksumAlgorithm": upload.algorithm.upper(), "ChecksumType": upload.checksum_type}


def find_upload(call: Call, desk: Desk) -> MultipartUpload:
    """Raises NoSuchUpload."""
    upload = begun_upload(call, desk)
    if upload is None:
        raise no_such_upload(call.input["UploadId"])
    return upload


def fillable_upload(call: Call, desk: Desk) -> MultipartUpload:
    """For the account that began it, and the bucket's. Raises NoSuchUpload, AccessDenied."""
    upload = find_upload(call, desk)
    if call.account not in (upload.account, find_bucket(call, desk).bucket.account):
        raise AccessDenied("Access Denied")
    return upload


def stage_part(call: Call, desk: Desk) -> Uploaded:
    """Take the bytes of a part in."""
    check_part_number(call.input["PartNumber"])
    with desk.directory.reading() as tx:
        upload = fillable_upload(call, Desk(tx, desk.directory, desk.access))
    uploaded = receive(call, desk.directory.blobs.stage, upload.algorithm or DEFAULT_ALGORITHM)
    given = [name for name in uploaded.checksums if name != upload.algorithm]
    if upload.algorithm and given:
        uploaded.discard()
        raise invalid_request(
            f"Checksum Type mismatch occurred, expected checksum Type: {upload.algorithm}, actual"
            f" checksum Type: {given[0]}"
        )
    return uploaded


@operation("s3:UploadPart", asks=part_asks, writes=True, stage=stage_part)
def upload_part(call: Call, desk: Desk) -> Output:
    """Put a part, in the place of the one of its number.

    Input: UploadId, PartNumber (1-10,000). Raises NoSuchUpload, InvalidArgument, InvalidRequest
        (W-308), and what `receive` raises.
    """
    uploaded: Uploaded = call.staged
    upload = fillable_upload(call, desk)
    part = keep_part(call, desk, upload, uploaded)
    shown = {MEMBER_OF[name]: value for name, value in part.checksums.items()}
    return {"ETag": quoted(part.etag), **shown, **shown_sealing(upload.headers)}


def keep_part(call: Call, desk: Desk, upload: MultipartUpload, uploaded: Uploaded) -> Part:
    part = Part(
        upload=upload.id,
        number=call.input["PartNumber"],
        blob=uploaded.blob,
        size=uploaded.size,
        etag=uploaded.etag,
        modified=call.now,
        checksums=uploaded.checksums,
    )
    remove_later(desk, parts.put_part(desk.tx, part))
    return part


@operation("s3:CompleteMultipartUpload", asks=completing_asks, writes=True)
def complete_multipart_upload(call: Call, desk: Desk) -> Output:
    """Make an object of parts, in the order of their numbers.

    Input: MultipartUpload (Parts with PartNumber, ETag and checksum), a checksum of the whole,
        ChecksumType, MpuObjectSize, IfMatch, IfNoneMatch. Asked again, it answers as before.
    Raises: NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, MalformedXML,
        InvalidRequest, BadDigest (W-308, W-309), PreconditionFailed.
    """
    check_condition(call.input)
    bucket, key = find_bucket(call, desk).bucket, call.input["Key"]
    done = completed_before(call, desk)
    if done is not None:
        return shown_completion(bucket, done)
    upload = fillable_upload(call, desk)
    check_type(call.input, upload)
    chosen = chosen_parts(call.input, upload, parts.list_parts(desk.tx, upload.id))
    checksums = joined_checksum(call.input, upload, chosen)
    check_write(call.input, current(desk, bucket, key))
    remove_later(desk, parts.settle_parts(desk.tx, upload.id, chosen))
    uploads.remove_upload(desk.tx, upload)
    stored = publish(
        desk,
        StoredObject(
            bucket=bucket.name,
            key=key,
            blob=upload.id,
            size=sum(part.size for part in chosen),
            etag=joined_etag(chosen),
            modified=call.now,
            version=new_version(bucket),
            headers=upload.headers,
            checksums=checksums,
            parts=len(chosen),
            tags=upload.tags,
            lock={**default_retention(bucket, call.now), **upload.lock},
            **owned(upload.account, bucket, as_acl(upload.acl)),
        ),
    )
    return shown_completion(bucket, stored)


def completed_before(call: Call, desk: Desk) -> StoredObject | None:
    """The object that was made of this upload, if it is still what the key names."""
    stored = objects.get_object(desk.tx, call.input["Bucket"], call.input["Key"])
    is_it = stored is not None and stored.blob == call.input["UploadId"]
    return stored if is_it else None


def shown_completion(bucket: Bucket, stored: StoredObject) -> Output:
    output: Output = {
        "Location": f"/{stored.bucket}/{stored.key}",
        "Bucket": stored.bucket,
        "Key": stored.key,
        "ETag": quoted(stored.etag),
    }
    return {**output, **shown_checksums(stored), **shown_put(bucket, stored)}


@operation("s3:AbortMultipartUpload", asks=on_upload("s3:AbortMultipartUpload"), writes=True)
def abort_multipart_upload(call: Call, desk: Desk) -> Output:
    """Give an upload up; its parts are gone. Raises NoSuchUpload."""
    remove_later(desk, uploads.abandon_upload(desk.tx, find_upload(call, desk)))
    return {}
