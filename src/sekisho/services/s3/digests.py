"""Digests that clients send along with their bytes, and what is said when they differ (W-307)."""

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

from sekisho.model.faults import Fault
from sekisho.services.s3.faults import invalid_request

MD5_LENGTH = 16


class Digest(Protocol):
    """A digest that is being computed."""

    def update(self, piece: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


class Crc32:
    def __init__(self) -> None:
        self._sum = 0

    def update(self, piece: bytes, /) -> None:
        self._sum = zlib.crc32(piece, self._sum)

    def digest(self) -> bytes:
        return self._sum.to_bytes(4)


class Crc32c:
    def __init__(self) -> None:
        from awscrt import checksums  # noqa: PLC0415 - only uploads need it, start-up does not

        self._add = checksums.crc32c
        self._sum = 0

    def update(self, piece: bytes, /) -> None:
        self._sum = self._add(piece, self._sum)

    def digest(self) -> bytes:
        return self._sum.to_bytes(4)


class Crc64Nvme:
    """What current versions of the AWS CLI send unless told otherwise."""

    def __init__(self) -> None:
        from awscrt import checksums  # noqa: PLC0415 - see Crc32c

        self._add = checksums.crc64nvme
        self._sum = 0

    def update(self, piece: bytes, /) -> None:
        self._sum = self._add(piece, self._sum)

    def digest(self) -> bytes:
        return self._sum.to_bytes(8)


def new_md5() -> Digest:
    return hashlib.md5(usedforsecurity=False)


ALGORITHMS: Mapping[str, tuple[int, Callable[[], Digest]]] = {
    "crc32": (4, Crc32),
    "crc32c": (4, Crc32c),
    "crc64nvme": (8, Crc64Nvme),
    "sha1": (20, lambda: hashlib.sha1(usedforsecurity=False)),
    "sha256": (32, hashlib.sha256),
}
"""What is computed here: the length of its value in bytes, and how to begin one."""

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
