"""Digests that clients send along with their bytes, and what is said when they differ (W-307)."""

import base64
import binascii
from collections.abc import Mapping

from sekisho.catalog.checksums import ALGORITHMS
from sekisho.model.faults import Fault
from sekisho.model.records import StoredObject
from sekisho.services.operation import Output
from sekisho.services.s3.faults import invalid_request

MD5_LENGTH = 16


MEMBERS: Mapping[str, str] = {
    "ChecksumCRC32": "crc32",
    "ChecksumCRC32C": "crc32c",
    "ChecksumCRC64NVME": "crc64nvme",
    "ChecksumMD5": "md5",
    "ChecksumSHA1": "sha1",
    "ChecksumSHA256": "sha256",
    "ChecksumSHA512": "sha512",
    "ChecksumXXHASH128": "xxhash128",
    "ChecksumXXHASH3": "xxhash3",
    "ChecksumXXHASH64": "xxhash64",
}
"""The algorithm of each checksum member of inputs and outputs, as headers write it."""

MEMBER_OF: Mapping[str, str] = {algorithm: member for member, algorithm in MEMBERS.items()}


def check_supported(algorithm: str) -> None:
    """algorithm: in small letters. Raises InvalidRequest for one that is not computed here."""
    if algorithm not in ALGORITHMS:
        known = ", ".join(name.upper() for name in ALGORITHMS)
        raise invalid_request(
            f"The checksum algorithm {algorithm.upper()} is not supported by this server. Please"
            f" try again with any of the valid types: [{known}]"
        )


def read_checksum(algorithm: str, text: str) -> bytes:
    """The value of a checksum header. Raises InvalidRequest."""
    check_supported(algorithm)
    value = read_base64(text)
    if value is None or len(value) != ALGORITHMS[algorithm][0]:
        raise invalid_request(f"Value for x-amz-checksum-{algorithm} header is invalid.")
    return value


def read_md5(text: str) -> bytes:
    """The value of Content-MD5. Raises InvalidDigest."""
    value = read_base64(text)
    if value is None or len(value) != MD5_LENGTH:
        message = "The Content-MD5 you specified was invalid."
        raise Fault("InvalidDigest", 400, message, {"Content-MD5": text})
    return value


def check_md5(expected: bytes, calculated: bytes) -> None:
    if expected != calculated:
        raise Fault(
            "BadDigest",
            400,
            "The Content-MD5 you specified did not match what we received.",
            {"ExpectedDigest": expected.hex(), "CalculatedDigest": write_base64(calculated)},
        )


def wrong_checksum(named: str) -> Fault:
    """named: the algorithm; in capitals if a header gave the checksum, else in small letters."""
    message = f"The {named} you specified did not match the calculated checksum."
    return Fault("BadDigest", 400, message)


def read_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError):
        return None


def write_base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def shown_checksums(stored: StoredObject) -> Output:
    """The output members of an object's checksum."""
    shown: Output = {MEMBER_OF[algorithm]: value for algorithm, value in stored.checksums.items()}
    return {**shown, "ChecksumType": checksum_type(stored)} if shown else {}


def checksum_type(stored: StoredObject) -> str:
    """COMPOSITE if it is of the parts' checksums, and so ends in their number (W-308)."""
    is_composite = any("-" in value for value in stored.checksums.values())
    return "COMPOSITE" if is_composite else "FULL_OBJECT"
