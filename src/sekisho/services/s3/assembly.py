"""How an object comes of parts: which, in which order, with which entity tag and checksum."""

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from sekisho.catalog.checksums import ALGORITHMS, COMBINED, combine
from sekisho.model.faults import Fault
from sekisho.model.records import MultipartUpload, Part
from sekisho.services.s3.digests import (
    MEMBER_OF,
    MEMBERS,
    check_supported,
    read_base64,
    write_base64,
    wrong_checksum,
)
from sekisho.services.s3.faults import invalid_request, malformed_xml, quoted
from sekisho.services.s3.upload import DEFAULT_ALGORITHM

SMALLEST_PART = 5 * 1024**2
COMPOSITE, FULL_OBJECT = "COMPOSITE", "FULL_OBJECT"


def wished_checksum(given: Mapping[str, Any]) -> tuple[str, str]:
    """The algorithm and type of a new upload's checksums; both empty if none is asked for."""
    algorithm: str = given.get("ChecksumAlgorithm", "").lower()
    kind: str = given.get("ChecksumType", "")
    if not algorithm:
        if kind:
            raise invalid_request(
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm"
                " header."
            )
        return "", ""
    check_supported(algorithm)
    can_join = algorithm in COMBINED
    kind = kind or (FULL_OBJECT if algorithm == DEFAULT_ALGORITHM else COMPOSITE)
    if kind not in (COMPOSITE, FULL_OBJECT):
        raise invalid_request("Value for x-amz-checksum-type header is invalid.")
    if (kind == FULL_OBJECT and not can_join) or (
        kind == COMPOSITE and algorithm == DEFAULT_ALGORITHM
    ):
        raise invalid_request(
            f"The {kind} checksum type cannot be used with the {algorithm} checksum algorithm."
        )
    return algorithm, kind


def check_type(given: Mapping[str, Any], upload: MultipartUpload) -> None:
    kind = upload.checksum_type or FULL_OBJECT
    if given.get("ChecksumType", kind) != kind:
        raise invalid_request(
            f"The upload was created using the {kind} checksum mode. The complete request must use"
            " the same checksum mode."
        )


def chosen_parts(
    given: Mapping[str, Any], upload: MultipartUpload, held: Sequence[Part]
) -> list[Part]:
    """The parts that are named, as they are held.

    Raises MalformedXML, InvalidPartOrder, InvalidPart, EntityTooSmall, InvalidRequest.
    """
    named: Sequence[Mapping[str, Any]] = given.get("MultipartUpload", {}).get("Parts", ())
    if not named or any("PartNumber" not in part for part in named):
        raise malformed_xml()
    numbers = [part["PartNumber"] for part in named]
    if any(later <= earlier for earlier, later in itertools.pairwise(numbers)):
        raise Fault(
            "InvalidPartOrder",
            400,
            "The list of parts was not in ascending order. Parts must be ordered by part number.",
            {"UploadId": upload.id},
        )
    by_number = {part.number: part for part in held}
    chosen = [checked_part(part, by_number.get(part["PartNumber"]), upload) for part in named]
    for part in chosen[:-1]:
        if part.size < SMALLEST_PART:
            raise too_small(part)
    size = sum(part.size for part in chosen)
    if given.get("MpuObjectSize", size) != size:
        raise invalid_request(
            f"The provided 'x-amz-mp-object-size' header value {given['MpuObjectSize']} does not"
            f" match what was computed: {size}"
        )
    return chosen


def checked_part(named: Mapping[str, Any], held: Part | None, upload: MultipartUpload) -> Part:
    if held is None or named.get("ETag", "").strip('"') != held.etag:
        raise invalid_part(named, upload)
    if upload.checksum_type == COMPOSITE and MEMBER_OF[upload.algorithm] not in named:
        raise invalid_request(
            f"The upload was created using a {upload.algorithm} checksum. The complete request must"
            f" include the checksum for each part. It was missing for part {held.number} in the"
            " request."
        )
    for member, algorithm in MEMBERS.items():
        if named.get(member, known := held.checksums.get(algorithm)) != known and known:
            raise invalid_part(named, upload)
    return held


def invalid_part(named: Mapping[str, Any], upload: MultipartUpload) -> Fault:
    return Fault(
        "InvalidPart",
        400,
        "One or more of the specified parts could not be found.  The part may not have been"
        " uploaded, or the specified entity tag may not match the part's entity tag.",
        {
            "UploadId": upload.id,
            "PartNumber": str(named["PartNumber"]),
            "ETag": named.get("ETag", "").strip('"'),
        },
    )


def too_small(part: Part) -> Fault:
    return Fault(
        "EntityTooSmall",
        400,
        "Your proposed upload is smaller than the minimum allowed size",
        {
            "ProposedSize": str(part.size),
            "MinSizeAllowed": str(SMALLEST_PART),
            "PartNumber": str(part.number),
            "ETag": quoted(part.etag),
        },
    )


def joined_etag(chosen: Sequence[Part]) -> str:
    """The MD5 of the parts' MD5s, and how many they are (W-309)."""
    joined = b"".join(bytes.fromhex(part.etag) for part in chosen)
    return f"{hashlib.md5(joined, usedforsecurity=False).hexdigest()}-{len(chosen)}"


def joined_checksum(
    given: Mapping[str, Any], upload: MultipartUpload, chosen: Sequence[Part]
) -> dict[str, str]:
    """The checksum of the whole: of the parts' checksums, or as if of all bytes (W-308).

    Raises BadDigest if the client gives another.
    """
    algorithm = upload.algorithm or DEFAULT_ALGORITHM
    values = [read_base64(part.checksums[algorithm]) or b"" for part in chosen]
    if upload.checksum_type == COMPOSITE:
        digest = ALGORITHMS[algorithm][1]()
        digest.update(b"".join(values))
        joined = f"{write_base64(digest.digest())}-{len(chosen)}"
    else:
        whole = values[0]
        for value, part in zip(values[1:], chosen[1:], strict=True):
            whole = combine(algorithm, whole, value, part.size)
        joined = write_base64(whole)
    told = {name: given[member] for member, name in MEMBERS.items() if member in given}
    if told and (told.keys() != {algorithm} or bare(told[algorithm]) != bare(joined)):
        raise wrong_checksum(next(iter(told)))
    return {algorithm: joined}


def bare(checksum: str) -> str:
    """Without the number of parts, which clients may leave out."""
    return checksum.partition("-")[0]
