"""What is taken in of a PutObject, and that nothing is left of one that fails (W-307, W-316)."""

import base64
import errno
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from sekisho.catalog.checksums import ALGORITHMS
from sekisho.directory import intake
from sekisho.directory.blobs import Staged
from sekisho.model.faults import Fault
from sekisho.services.s3 import upload
from services.s3.depot import Depot, Sent

BODY = b"the quick brown fox"


def b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


CRC32 = b64(zlib.crc32(BODY).to_bytes(4))
SHA1 = b64(hashlib.sha1(BODY).digest())
SHA256 = b64(hashlib.sha256(BODY).digest())
MD5 = b64(hashlib.md5(BODY).digest())
GIVEN = [("ChecksumCRC32", CRC32), ("ChecksumSHA1", SHA1), ("ChecksumSHA256", SHA256)]


def test_known_values() -> None:
    """The check values of the algorithms' definitions."""
    known = {
        "crc32": "cbf43926",
        "crc32c": "e3069283",
        "crc64nvme": "ae8b14860a799888",
        "sha1": "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
        "sha256": "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
    }
    assert known.keys() == ALGORITHMS.keys()
    for name, (length, begin) in ALGORITHMS.items():
        digest = begin()
        digest.update(b"1234")
        digest.update(b"56789")
        assert digest.digest().hex() == known[name]
        assert len(digest.digest()) == length


@pytest.mark.parametrize(("member", "value"), GIVEN)
def test_a_checksum_is_checked_kept_and_shown(depot: Depot, member: str, value: str) -> None:
    """W-306, W-316"""
    shown = {member: value, "ChecksumType": "FULL_OBJECT"}
    output = depot.put("k", BODY, **{member: value})
    assert output == {"ETag": f'"{hashlib.md5(BODY).hexdigest()}"', **shown}
    for name in ("HeadObject", "GetObject"):
        assert member not in depot.do(name, Key="k")
        told = depot.do(name, Key="k", ChecksumMode="ENABLED")
        assert {key: told[key] for key in shown} == shown
        part = depot.do(name, Key="k", ChecksumMode="ENABLED", Range="bytes=0-3")
        assert member not in part


@pytest.mark.parametrize(("member", "value"), GIVEN)
def test_a_checksum_may_come_after_the_body(depot: Depot, member: str, value: str) -> None:
    algorithm = member.removeprefix("Checksum")
    sent = Sent(BODY, {f"x-amz-checksum-{algorithm.lower()}": value})
    output = depot.do("PutObject", body=sent, Key="k", ChecksumAlgorithm=algorithm)
    assert output[member] == value
    again = Sent(BODY, sent.trailers)
    assert depot.do("PutObject", body=again, Key="k")[member] == value


def test_without_a_checksum_one_is_computed(depot: Depot) -> None:
    """W-306"""
    digest = ALGORITHMS["crc64nvme"][1]()
    digest.update(BODY)
    expected = b64(digest.digest())
    assert depot.put("k", BODY)["ChecksumCRC64NVME"] == expected
    head = depot.do("HeadObject", Key="k", ChecksumMode="ENABLED")
    assert (head["ChecksumCRC64NVME"], head["ChecksumType"]) == (expected, "FULL_OBJECT")


def test_content_md5(depot: Depot) -> None:
    """W-307"""
    assert depot.put("k", BODY, ContentMD5=MD5)["ETag"]


OTHER = b64(zlib.crc32(b"other").to_bytes(4))
WRONG_HEADER = "The CRC32 you specified did not match the calculated checksum."
WRONG_64 = "The CRC64NVME you specified did not match the calculated checksum."
WRONG_TRAILER = "The crc32 you specified did not match the calculated checksum."
TWO = "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
NONE = (
    "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or"
    " x-amz-trailer headers were found."
)
DIFFERENT = "Value for x-amz-sdk-checksum-algorithm header is invalid."
BAD_VALUE = "Value for x-amz-checksum-crc32 header is invalid."


def unknown(algorithm: str) -> str:
    return (
        f"The checksum algorithm {algorithm} is not supported by this server. Please try again"
        " with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]"
    )


@pytest.mark.parametrize(
    ("given", "trailers", "code", "message"),
    [
        ({"ChecksumCRC32": OTHER}, {}, "BadDigest", WRONG_HEADER),
        ({}, {"x-amz-checksum-crc32": OTHER}, "BadDigest", WRONG_TRAILER),
        (
            {},
            {"x-amz-checksum-crc32c": OTHER},
            "BadDigest",
            "The crc32c you specified did not match the calculated checksum.",
        ),
        ({"ChecksumCRC32": "!"}, {}, "InvalidRequest", BAD_VALUE),
        ({"ChecksumCRC32": "ä"}, {}, "InvalidRequest", BAD_VALUE),
        ({"ChecksumCRC32": SHA1}, {}, "InvalidRequest", BAD_VALUE),
        ({}, {"x-amz-checksum-crc32": "AA"}, "InvalidRequest", BAD_VALUE),
        ({"ChecksumCRC32": CRC32, "ChecksumSHA1": SHA1}, {}, "InvalidRequest", TWO),
        ({"ChecksumCRC32": CRC32}, {"x-amz-checksum-sha1": SHA1}, "InvalidRequest", TWO),
        ({"ChecksumAlgorithm": "CRC32"}, {}, "InvalidRequest", NONE),
        (
            {"ChecksumAlgorithm": "SHA1", "ChecksumCRC32": CRC32},
            {},
            "InvalidRequest",
            DIFFERENT,
        ),
        (
            {"ChecksumAlgorithm": "SHA1"},
            {"x-amz-checksum-crc32": CRC32},
            "InvalidRequest",
            DIFFERENT,
        ),
        ({"ChecksumCRC64NVME": "AAAAAAAAAAA="}, {}, "BadDigest", WRONG_64),
        ({"ChecksumXXHASH64": "AAAAAAAAAAA="}, {}, "InvalidRequest", unknown("XXHASH64")),
        ({"ChecksumAlgorithm": "XXHASH3"}, {}, "InvalidRequest", unknown("XXHASH3")),
        ({}, {"x-amz-checksum-sha512": "AA=="}, "InvalidRequest", unknown("SHA512")),
        ({"ChecksumMD5": MD5}, {}, "InvalidRequest", unknown("MD5")),
        (
            {"ContentMD5": "AA=="},
            {},
            "InvalidDigest",
            "The Content-MD5 you specified was invalid.",
        ),
        (
            {"ContentMD5": b64(bytes(16))},
            {},
            "BadDigest",
            "The Content-MD5 you specified did not match what we received.",
        ),
    ],
)
def test_digests_that_are_not_right(
    depot: Depot, given: dict[str, Any], trailers: dict[str, str], code: str, message: str
) -> None:
    """W-307; the object of before stays, and nothing else does."""
    depot.put("k", b"before")
    files = depot.files()
    refused = depot.refusal("PutObject", body=Sent(BODY, trailers), Key="k", **given)
    assert refused == (code, 400, message)
    assert depot.content("k") == b"before"
    assert depot.files() == files


def test_a_body_that_fails_leaves_nothing(depot: Depot) -> None:
    depot.put("k", b"before")
    files = depot.files()
    fault = Fault("XAmzContentSHA256Mismatch", 400)
    assert depot.fault("PutObject", body=Sent(BODY, fault=fault), Key="k") is fault
    assert depot.content("k") == b"before"
    assert depot.files() == files


@generated(content=st.binary(max_size=60), piece=st.integers(1, 20), lot=st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_many_bytes_are_digested_and_written_at_once(
    depot_once: Depot, content: bytes, piece: int, lot: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upload, "LOT", lot)
        patch.setattr(intake, "SMALL", -1)
        body = Sent(
            content, {"x-amz-checksum-crc32": b64(zlib.crc32(content).to_bytes(4))}, piece=piece
        )
        output = depot_once.do("PutObject", body=body, Key="k")
    assert output["ETag"] == f'"{hashlib.md5(content).hexdigest()}"'
    assert depot_once.content("k") == content


def test_a_disk_that_fails_fails_the_upload(
    depot: Depot, no_rows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes the lots down; nothing of it is left."""
    files = depot.files()
    monkeypatch.setattr(upload, "LOT", 5)

    def full(staged: Staged, piece: bytes) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(Staged, "write", full)
    with pytest.raises(OSError, match="full"):
        depot.put("k", BODY)
    assert depot.files() == files


@dataclass
class Disturbed(Sent):
    """A body in whose midst something happens to the server itself."""

    def chunks(self) -> Iterator[bytes]:
        yield self.content
        raise KeyboardInterrupt


def test_an_interrupted_upload_leaves_nothing(depot: Depot) -> None:
    files = depot.files()
    with pytest.raises(KeyboardInterrupt):
        depot.do("PutObject", body=Disturbed(BODY), Key="k")
    assert depot.files() == files


def test_a_length_must_be_said(depot: Depot) -> None:
    sent = Sent(BODY)
    sent.length = None
    assert depot.refusal("PutObject", body=sent, Key="k") == (
        "MissingContentLength",
        411,
        "You must provide the Content-Length HTTP header.",
    )


def test_five_gibibytes_are_the_limit(depot: Depot) -> None:
    fault = depot.fault("PutObject", body=Sent(length=5 * 1024**3 + 1), Key="k")
    assert (fault.code, fault.status) == ("EntityTooLarge", 400)
    assert fault.message == "Your proposed upload exceeds the maximum allowed size"
    assert fault.details == {"ProposedSize": "5368709121", "MaxSizeAllowed": "5368709120"}


def test_more_than_was_said_is_not_taken_in(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit holds for what comes, whatever the head said."""
    monkeypatch.setattr(upload, "LARGEST_OBJECT", 10)
    files = depot.files()
    assert depot.refusal("PutObject", body=Sent(b"x" * 11, length=10), Key="k")[0] == (
        "EntityTooLarge"
    )
    assert depot.files() == files
    depot.put("k", b"x" * 10)


def test_the_replaced_blob_goes(depot: Depot) -> None:
    files = depot.files()
    depot.put("k", b"one")
    depot.put("k", b"two")
    assert len(depot.files() - files) == 1
    depot.do("DeleteObject", Key="k")
    assert depot.files() == files


def test_a_blob_that_cannot_be_removed_does_not_fail_the_request(
    depot: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    depot.put("k", b"one")

    def fail(blob: str) -> None:
        raise PermissionError(blob)

    monkeypatch.setattr(depot.directory.blobs, "remove", fail)
    depot.put("k", b"two")
    assert depot.content("k") == b"two"


def test_what_is_decided_anew_and_denied_leaves_nothing(depot: Depot) -> None:
    """The bucket goes while the body comes in."""
    files = depot.files()

    @dataclass
    class Slow(Sent):
        def chunks(self) -> Iterator[bytes]:
            yield self.content
            depot.do("DeleteBucket")

    assert depot.refusal("PutObject", body=Slow(BODY), Key="k")[0] == "NoSuchBucket"
    assert depot.files() == files


@generated(content=st.binary(max_size=300), piece=st.integers(1, 64))
def test_what_is_put_is_got(depot_once: Depot, content: bytes, piece: int) -> None:
    checksum = b64(zlib.crc32(content).to_bytes(4))
    sent = Sent(content, {"x-amz-checksum-crc32": checksum}, piece=piece)
    output = depot_once.do("PutObject", body=sent, Key="k")
    assert output["ETag"] == f'"{hashlib.md5(content).hexdigest()}"'
    assert depot_once.content("k") == content
