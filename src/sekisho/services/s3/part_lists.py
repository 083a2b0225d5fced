"""Lists of uploads under way, and of the parts of one."""

from functools import partial
from operator import attrgetter

from sekisho.directory.queries import parts, uploads
from sekisho.model.arn import root_arn
from sekisho.model.records import MultipartUpload, Part
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.s3.asks import find_bucket, on_bucket
from sekisho.services.s3.digests import MEMBER_OF
from sekisho.services.s3.faults import invalid_argument, quoted
from sekisho.services.s3.listings import (
    check_encoding,
    delimiter_of,
    encoder,
    prefix_of,
)
from sekisho.services.s3.multipart import find_upload, on_upload, shown_algorithm
from sekisho.services.s3.pages import resumed, shown_page, walk

MOST = 1000
LARGEST_NUMBER = 2**31 - 1


def bounded(call: Call, member: str, shown: str) -> int:
    """How many entries a page may have. Raises InvalidArgument."""
    return min(asked_number(call, member, shown, MOST), MOST)


def part_marker(call: Call) -> int:
    """The number of the part that a page comes after. Raises InvalidArgument."""
    return asked_number(call, "PartNumberMarker", "part-number-marker", 0)


def asked_number(call: Call, member: str, shown: str, default: int) -> int:
    asked: int = call.input.get(member, default)
    if not 0 <= asked <= LARGEST_NUMBER:
        message = f"Argument {shown} must be an integer between 0 and {LARGEST_NUMBER}"
        raise invalid_argument(shown, str(asked), message)
    return asked


@operation("s3:ListParts", asks=on_upload("s3:ListMultipartUploadParts"))
def list_parts(call: Call, desk: Desk) -> Output:
    """The parts of an upload under way, by number, in pages.

    Input: UploadId, MaxParts (1,000 at most and by default), PartNumberMarker.
    Raises NoSuchUpload, InvalidArgument.
    """
    most, marker = bounded(call, "MaxParts", "max-parts"), part_marker(call)
    upload = find_upload(call, desk)
    found = parts.list_parts(desk.tx, upload.id, marker, most + 1)
    page = found[:most]
    output: Output = {
        "Bucket": upload.bucket,
        "Key": upload.key,
        "UploadId": upload.id,
        "PartNumberMarker": marker,
        "NextPartNumberMarker": page[-1].number if page else 0,
        "MaxParts": most,
        "IsTruncated": len(found) > most,
        "Parts": [shown_part(part) for part in page],
        "StorageClass": "STANDARD",
    }
    return {**output, **shown_people(call, desk, upload), **shown_algorithm(upload)}


def shown_part(part: Part) -> Output:
    shown = {MEMBER_OF[name]: value for name, value in part.checksums.items()}
    return {
        "PartNumber": part.number,
        "LastModified": part.modified,
        "ETag": quoted(part.etag),
        "Size": part.size,
        **shown,
    }


def shown_people(call: Call, desk: Desk, upload: MultipartUpload) -> Output:
    """Who began it, by ARN or as an account by its canonical id; and the bucket's owner (W-281)."""
    owner = desk.access.evidence.account(find_bucket(call, desk).bucket.account)
    account = desk.access.evidence.account(upload.account)
    initiator = upload.initiator
    if account is not None and initiator == root_arn(upload.account):
        initiator = account.canonical_id
    people: Output = {"Initiator": {"ID": initiator, "DisplayName": initiator.rpartition("/")[2]}}
    if owner is not None:
        people["Owner"] = {"ID": owner.canonical_id}
    return people


@operation(
    "s3:ListMultipartUploads",
    asks=on_bucket("s3:ListBucketMultipartUploads", check=check_encoding),
)
def list_multipart_uploads(call: Call, desk: Desk) -> Output:
    """The uploads under way in a bucket, by key, in pages.

    Input: Prefix, Delimiter, MaxUploads (1,000 at most and by default), KeyMarker,
        UploadIdMarker, EncodingType (url). Raises InvalidArgument.
    """
    most = bounded(call, "MaxUploads", "max-uploads")
    grouping = prefix_of(call), delimiter_of(call)
    key_marker = call.input.get("KeyMarker", "")
    id_marker = call.input.get("UploadIdMarker", "") if key_marker else ""
    bucket = find_bucket(call, desk).bucket
    find = partial(uploads.list_uploads, desk.tx, bucket.name, grouping[0])
    after = resumed(key_marker, grouping, lambda: id_marker or None)
    page = walk(find, attrgetter("id"), grouping, after, most)
    output, marker = shown_page(call, page, grouping, attrgetter("id"))
    output |= {
        "Bucket": bucket.name,
        "UploadIdMarker": id_marker,
        "MaxUploads": most,
        "Uploads": [shown_upload(call, desk, upload) for upload in page.entries],
    }
    if page.last is not None:
        output["NextUploadIdMarker"] = marker
    return output


def shown_upload(call: Call, desk: Desk, upload: MultipartUpload) -> Output:
    return {
        "UploadId": upload.id,
        "Key": encoder(call)(upload.key),
        "Initiated": upload.created,
        "StorageClass": "STANDARD",
        **shown_people(call, desk, upload),
        **shown_algorithm(upload),
    }
