"""The checksum algorithms of S3 that are computed here, by their names in small letters."""

import hashlib
import zlib
from collections.abc import Callable, Mapping
from typing import Protocol


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

COMBINED: Mapping[str, str] = {
    "crc32": "combine_crc32",
    "crc32c": "combine_crc32c",
    "crc64nvme": "combine_crc64nvme",
}


def combine(algorithm: str, first: bytes, second: bytes, length: int) -> bytes:
    """The checksum of two texts one after the other, of theirs. length: of the second, in bytes.

    Only a CRC has this; raises KeyError for other algorithms.
    """
    from awscrt import checksums  # noqa: PLC0415 - see Crc32c

    joined: int = getattr(checksums, COMBINED[algorithm])(
        int.from_bytes(first), int.from_bytes(second), length
    )
    return joined.to_bytes(len(first))
