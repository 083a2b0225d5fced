"""Uploads: bytes staged as they arrive, held to their digests, in place before anything names them.

Nothing of it is seen before a transaction names the blob; of an upload that fails nothing is left.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from sekisho.catalog.checksums import ALGORITHMS, Digest, new_md5
from sekisho.directory.blob_contract import StagedBlob
from sekisho.directory.intake import Intake
from sekisho.model.faults import Fault
from sekisho.services.operation import Call, Upload
from sekisho.services.s3.digests import (
    MEMBERS,
    check_md5,
    check_supported,
    read_checksum,
    read_md5,
    write_base64,
    wrong_checksum,
)
from sekisho.services.s3.faults import invalid_request

LARGEST_OBJECT = 5 * 1024**3
"""Bytes of one PutObject."""

LOT = 1024 * 1024
"""Bytes that are digested by one thread while another writes those before them."""

DEFAULT_ALGORITHM = "crc64nvme"

_TRAILER = "x-amz-checksum-"

Stage = Callable[[], StagedBlob]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Bytes in the blob store, not named by anything yet.

    etag: their MD5 in hexadecimal. checksums: what the client gave and they were held to, by
    algorithm in small letters, in base64.
    """

    staged: StagedBlob
    etag: str
    checksums: Mapping[str, str]

    @property
    def blob(self) -> str:
        return self.staged.id

    @property
    def content(self) -> bytes | None:
        """The bytes, where few: then they are kept as a row, with the one that names them."""
        return self.staged.content if isinstance(self.staged, Intake) else None

    @property
    def size(self) -> int:
        return self.staged.size

    def discard(self) -> None:
        self.staged.discard()


@dataclass(frozen=True, slots=True)
class Promise:
    """What the head of the request says of its body.

    checksum: (algorithm, value) of a header; None if there is none. algorithm: that the trailer
    will be of, empty if it is not said. md5: of Content-MD5. announced: algorithms of trailers.
    """

    checksum: tuple[str, bytes] | None
    algorithm: str
    md5: bytes | None
    announced: frozenset[str] = frozenset()

    @property
    def algorithms(self) -> frozenset[str]:
        """What to compute to hold the body to it."""
        if self.checksum is not None:
            return frozenset({self.checksum[0]})
        return frozenset({self.algorithm} if self.algorithm else self.announced)


def receive(call: Call, stage: Stage, computed: str = "") -> Uploaded:
    """Take in the body of a PutObject or an UploadPart.

    stage: begins what the bytes are written to. computed: a checksum that is kept whatever the
    client gives; if it is empty and the client gives none, CRC64NVME is (W-306).
    Raises: what the body raises, MissingContentLength, EntityTooLarge (5 GiB), BadDigest,
        InvalidDigest, InvalidRequest (W-307).
    """
    upload = call.upload
    assert upload is not None
    promise = read_promise(call)
    check_length(upload)
    staged = stage()
    try:
        own = computed or ("" if promise.algorithms else DEFAULT_ALGORITHM)
        wanted = promise.algorithms | {own} if own else promise.algorithms
        md5, digests = new_md5(), {name: ALGORITHMS[name][1]() for name in wanted}
        take_in(upload, staged, [md5, *digests.values()])
        if promise.md5 is not None:
            check_md5(promise.md5, md5.digest())
        checksums = held_to(promise, upload.trailers, digests)
        if own:
            checksums = {own: write_base64(digests[own].digest()), **checksums}
        staged.finish()
    except BaseException:
        staged.discard()
        raise
    return Uploaded(staged, md5.digest().hex(), checksums)


def keep(stage: Stage, pieces: Iterable[bytes], algorithm: str) -> Uploaded:
    """Bytes that are here already, as if they had been uploaded."""
    staged = stage()
    try:
        md5, digest = new_md5(), ALGORITHMS[algorithm][1]()
        for piece in pieces:
            md5.update(piece)
            digest.update(piece)
            staged.write(piece)
        staged.finish()
    except BaseException:
        staged.discard()
        raise
    checksums = {algorithm: write_base64(digest.digest())}
    return Uploaded(staged, md5.digest().hex(), checksums)


def read_promise(call: Call) -> Promise:
    """Raises InvalidRequest: two checksums, one not computed here, one that is no value of its."""
    given = [(MEMBERS[name], text) for name, text in call.input.items() if name in MEMBERS]
    algorithm = call.input.get("ChecksumAlgorithm", "").lower()
    if algorithm:
        check_supported(algorithm)
    if len(given) > 1:
        raise several_checksums()
    md5 = call.input.get("ContentMD5")
    checksum = None
    if given:
        named, text = given[0]
        checksum = named, read_checksum(named, text)
        if algorithm and algorithm != named:
            raise wrong_algorithm()
    return Promise(
        checksum, algorithm, None if md5 is None else read_md5(md5), announced_by(call.upload)
    )


def announced_by(upload: Upload | None) -> frozenset[str]:
    """The checksums that are to come after the body. Raises InvalidRequest for unknown ones."""
    names = upload.announced if upload is not None else frozenset()
    found = {name.removeprefix(_TRAILER) for name in names if name.startswith(_TRAILER)}
    for name in found:
        check_supported(name)
    return frozenset(found)


def check_length(upload: Upload) -> None:
    if upload.length is None:
        message = "You must provide the Content-Length HTTP header."
        raise Fault("MissingContentLength", 411, message)
    if upload.length > LARGEST_OBJECT:
        raise too_large(upload.length)


def take_in(upload: Upload, staged: StagedBlob, digests: list[Digest]) -> None:
    """Digest the bytes and write them down, both at once where they are many."""
    if upload.length is None or upload.length <= LOT:
        for piece in limited(upload):
            digest_all(digests, piece)
            staged.write(piece)
        return
    with ThreadPoolExecutor(1, thread_name_prefix="scribe") as scribe:
        written: Future[None] | None = None
        for lot in lots(limited(upload)):
            # No more than two lots are held: one here, one there.
            if written is not None:
                written.result()
            written = scribe.submit(write_all, staged, lot)
            for piece in lot:
                digest_all(digests, piece)
        if written is not None:
            written.result()


def limited(upload: Upload) -> Iterator[bytes]:
    size = 0
    for piece in upload.chunks():
        size += len(piece)
        if size > LARGEST_OBJECT:
            raise too_large(size)
        yield piece


def lots(pieces: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Pieces in lots of about 1 MiB."""
    lot: list[bytes] = []
    size = 0
    for piece in pieces:
        lot.append(piece)
        size += len(piece)
        if size >= LOT:
            yield lot
            lot, size = [], 0
    if lot:
        yield lot


def write_all(staged: StagedBlob, lot: Iterable[bytes]) -> None:
    for piece in lot:
        staged.write(piece)


def digest_all(digests: Iterable[Digest], piece: bytes) -> None:
    for digest in digests:
        digest.update(piece)


def held_to(
    promise: Promise, trailers: Mapping[str, str], digests: Mapping[str, Digest]
) -> Mapping[str, str]:
    """The checksum that the client gave, in a header or after the body, if it is right."""
    later = [
        (name.removeprefix(_TRAILER), text)
        for name, text in trailers.items()
        if name.startswith(_TRAILER)
    ]
    if len(later) + (promise.checksum is not None) > 1:
        raise several_checksums()
    if promise.checksum is not None:
        named, expected = promise.checksum
        said = named.upper()
    elif later:
        named, expected = later[0][0], read_checksum(*later[0])
        said = named
    elif promise.algorithm:
        raise invalid_request(
            "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or"
            " x-amz-trailer headers were found."
        )
    else:
        return {}
    if named not in digests:
        raise wrong_algorithm()
    if digests[named].digest() != expected:
        raise wrong_checksum(said)
    return {named: write_base64(expected)}


def several_checksums() -> Fault:
    return invalid_request(
        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
    )


def wrong_algorithm() -> Fault:
    return invalid_request("Value for x-amz-sdk-checksum-algorithm header is invalid.")


def too_large(size: int) -> Fault:
    return Fault(
        "EntityTooLarge",
        400,
        "Your proposed upload exceeds the maximum allowed size",
        {"ProposedSize": str(size), "MaxSizeAllowed": str(LARGEST_OBJECT)},
    )
