"""The bodies of S3 requests: decoded, and held to what their heads say (W-28, W-30 to W-38).

A decoded body hands its bytes out before the last of them is checked, as a stream must. So what is
made of them may be used only once `chunks` has come to its end without a Fault: stage, then
publish. Memory is bounded by the longest piece, whatever sizes the sender declares.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sekisho.model.faults import Fault
from sekisho.wire.claim import Claim, is_hash
from sekisho.wire.digests import check_trailer
from sekisho.wire.http import LONGEST_PIECE, HttpRequest, body_too_large
from sekisho.wire.sigv4 import signing_key

LONGEST_LINE = 1024
LONGEST_TRAILER = 8192
SMALLEST_CHUNK = 8192

_EMPTY_HASH = hashlib.sha256(b"").hexdigest()
_CHUNK_LINE = re.compile(rb"([0-9a-fA-F]{1,16})(?:;chunk-signature=([0-9a-f]{64}))?", re.ASCII)
_TRAILER_NAME = re.compile(r"x-amz-checksum-[a-z0-9]{1,32}", re.ASCII)
_SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
_SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
_UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
_SIGNATURE_TRAILER = "x-amz-trailer-signature"


class DecodedBody:
    """A body without its framing; a Body like any other.

    announced: the names of the trailers that are to come.
    """

    def __init__(
        self,
        pieces: Iterator[bytes],
        length: int | None,
        trailers: dict[str, str],
        announced: frozenset[str] = frozenset(),
    ) -> None:
        self._pieces: Iterator[bytes] | None = pieces
        self._whole: bytes | None = None
        self._trailers = trailers
        self.length = length
        self.announced = announced

    @property
    def trailers(self) -> Mapping[str, str]:
        return MappingProxyType(self._trailers)

    def read_all(self, limit: int) -> bytes:
        if self._whole is None:
            if self.length is not None and self.length > limit:
                raise body_too_large(limit)
            found = bytearray()
            for piece in self.chunks():
                found += piece
                if len(found) > limit:
                    raise body_too_large(limit)
            self._whole = bytes(found)
        elif len(self._whole) > limit:
            raise body_too_large(limit)
        return self._whole

    def chunks(self) -> Iterator[bytes]:
        """The pieces, once. Raises RuntimeError when asked a second time."""
        if self._whole is not None:
            return iter((self._whole,))
        if self._pieces is None:
            raise RuntimeError("the body has been read")
        pieces, self._pieces = self._pieces, None
        return pieces


def open_body(request: HttpRequest, claim: Claim | None, secret: str) -> DecodedBody:
    """The body of an S3 request, decoded.

    claim: verified before, or None for an anonymous request; secret: of its access key.
    Raises Fault at once: a form of body that is not supported, a missing decoded length, an
    unknown trailer. While it is read: IncompleteBody, XAmzContentSHA256Mismatch,
    SignatureDoesNotMatch, InvalidChunkSizeError, MalformedTrailerError.
    """
    form = request.headers.get("x-amz-content-sha256", "")
    trailers: dict[str, str] = {}
    if not form.startswith("STREAMING-"):
        pieces = _exactly(request.body.chunks(), request.body.length)
        if is_hash(form):
            pieces = _hashed(pieces, form)
        return DecodedBody(_cut(pieces), request.body.length, trailers)
    length = _decoded_length(request)
    expected = _expected_trailers(request) if form.endswith("-TRAILER") else frozenset()
    check: _ChunkSignatures | None = None
    if form in (_SIGNED, _SIGNED_TRAILER):
        if claim is None or not claim.timestamp or not claim.scope.region:
            raise Fault("AccessDenied", 403, "Access Denied")
        check = _ChunkSignatures.of(claim, secret)
    elif form != _UNSIGNED_TRAILER:
        raise Fault(
            "NotImplemented",
            501,
            "A header you provided implies functionality that is not implemented",
        )
    source = _Inflow(request.body.chunks())
    pieces = _decode(source, length, check, expected, trailers)
    return DecodedBody(_cut(pieces), length, trailers, expected)


def read_whole(request: HttpRequest, limit: int) -> bytes:
    """The whole body of an S3 request that is one document, held to its signed hash (W-87) and to
    the checksums that come after it (W-307).

    Raises Fault as `open_body` does; chunks that are signed one by one are for flowing bodies only.
    """
    if isinstance(request.body, DecodedBody):
        return request.body.read_all(limit)
    form = request.headers.get("x-amz-content-sha256", "")
    if form.startswith("STREAMING-"):
        decoded = open_body(request, None, "")
        content = decoded.read_all(limit)
        for name, text in decoded.trailers.items():
            check_trailer(name, text, content)
        return content
    content = request.body.read_all(limit)
    return b"".join(_hashed(iter((content,)), form)) if is_hash(form) else content


def _decoded_length(request: HttpRequest) -> int:
    text = request.headers.get("x-amz-decoded-content-length", "")
    if not re.fullmatch(r"[0-9]{1,16}", text, re.ASCII):
        raise Fault("MissingContentLength", 411, "You must provide the Content-Length HTTP header.")
    return int(text)


def _expected_trailers(request: HttpRequest) -> frozenset[str]:
    names = [name.strip().lower() for name in request.headers.get("x-amz-trailer", "").split(",")]
    if len(names) > 8 or not all(_TRAILER_NAME.fullmatch(name) for name in names):
        raise Fault(
            "InvalidRequest",
            400,
            "The value specified in the x-amz-trailer header is not supported",
        )
    return frozenset(names)


def _exactly(pieces: Iterator[bytes], length: int | None) -> Iterator[bytes]:
    """The pieces, if they are as long together as was said."""
    seen = 0
    for piece in pieces:
        seen += len(piece)
        if length is not None and seen > length:
            raise incomplete_body()
        yield piece
    if length is not None and seen < length:
        raise incomplete_body()


def _hashed(pieces: Iterator[bytes], claimed: str) -> Iterator[bytes]:
    """The pieces, if they have the hash that was signed (W-87)."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        yield piece
    if digest.hexdigest() != claimed:
        raise Fault(
            "XAmzContentSHA256Mismatch",
            400,
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
            {
                "ClientComputedContentSHA256": claimed,
                "S3ComputedContentSHA256": digest.hexdigest(),
            },
        )


def _cut(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of at most 1 MiB."""
    for piece in pieces:
        if len(piece) <= LONGEST_PIECE:
            yield piece
            continue
        for start in range(0, len(piece), LONGEST_PIECE):
            yield piece[start : start + LONGEST_PIECE]


class _Inflow:
    """Encoded bytes as they come, read by lines and by counts."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""
        self._at = 0

    def _fill(self) -> bool:
        """Whether more came."""
        for piece in self._pieces:
            if piece:
                self._held = self._held[self._at :] + piece
                self._at = 0
                return True
        return False

    def line(self) -> bytes:
        """Up to the next CRLF, which is left out. Raises Fault above 1 KiB."""
        while (end := self._held.find(b"\r\n", self._at)) < 0:
            if len(self._held) - self._at > LONGEST_LINE or not self._fill():
                raise incomplete_body()
        if end - self._at > LONGEST_LINE:
            raise incomplete_body()
        line = self._held[self._at : end]
        self._at = end + 2
        return line

    def take(self, count: int) -> Iterator[bytes]:
        """The next `count` bytes, in pieces."""
        while count:
            if self._at == len(self._held) and not self._fill():
                raise incomplete_body()
            piece = self._held[self._at : self._at + min(count, LONGEST_PIECE)]
            self._at += len(piece)
            count -= len(piece)
            yield piece

    def rest(self, limit: int) -> bytes:
        """All that is left. Raises Fault above `limit` bytes."""
        while len(self._held) - self._at <= limit:
            if not self._fill():
                return self._held[self._at :]
        raise malformed_trailer()


@dataclass(slots=True)
class _ChunkSignatures:
    """The chain of chunk signatures: each covers the one before it (W-34, W-35)."""

    key: bytes
    stamp: str
    scope: str
    previous: str

    @classmethod
    def of(cls, claim: Claim, secret: str) -> "_ChunkSignatures":
        scope = claim.scope
        key = signing_key(secret, scope.date, scope.region, scope.service)
        return cls(key, claim.timestamp, str(scope), claim.signature)

    def check_chunk(self, signature: str, digest: str) -> None:
        self._check("PAYLOAD", f"{_EMPTY_HASH}\n{digest}", signature)

    def check_trailer(self, signature: str, text: str) -> None:
        self._check("TRAILER", hashlib.sha256(text.encode("latin-1")).hexdigest(), signature)

    def _check(self, kind: str, covered: str, signature: str) -> None:
        text = f"AWS4-HMAC-SHA256-{kind}\n{self.stamp}\n{self.scope}\n{self.previous}\n{covered}"
        expected = hmac.digest(self.key, text.encode("latin-1", "replace"), "sha256").hex()
        if not hmac.compare_digest(expected.encode(), signature.encode("latin-1", "replace")):
            raise Fault(
                "SignatureDoesNotMatch",
                403,
                "The request signature we calculated does not match the signature you provided. "
                "Check your key and signing method.",
            )
        self.previous = signature


def _decode(
    source: _Inflow,
    length: int,
    check: _ChunkSignatures | None,
    expected: frozenset[str],
    trailers: dict[str, str],
) -> Iterator[bytes]:
    """Chunks up to the empty one, then the trailers."""
    seen, number, small = 0, 0, 0
    while True:
        size, signature = _chunk_line(source.line(), signed=check is not None)
        number += 1
        if size and small and check is not None:
            raise _chunk_too_small(number - 1, small)
        small = size if size < SMALLEST_CHUNK else 0
        seen += size
        if seen > length:
            raise incomplete_body()
        digest = hashlib.sha256() if check is not None else None
        for piece in source.take(size):
            if digest is not None:
                digest.update(piece)
            yield piece
        if check is not None and digest is not None:
            check.check_chunk(signature, digest.hexdigest())
        if not size:
            break
        if source.line():
            raise incomplete_body()
    if seen != length:
        raise incomplete_body()
    _read_trailers(source.rest(LONGEST_TRAILER), check, expected, trailers)


def _chunk_line(line: bytes, *, signed: bool) -> tuple[int, str]:
    found = _CHUNK_LINE.fullmatch(line)
    if not found or (signed and not found[2]):
        raise incomplete_body()
    return int(found[1], 16), (found[2] or b"").decode()


def _read_trailers(
    text: bytes,
    check: _ChunkSignatures | None,
    expected: frozenset[str],
    trailers: dict[str, str],
) -> None:
    """Lines of ``name:value``, blank ones passed over; the announced ones and no others (W-33)."""
    found: dict[str, str] = {}
    for line in text.decode("latin-1").split("\n"):
        stripped = line.strip("\r")
        if not stripped:
            continue
        name, colon, value = stripped.partition(":")
        if not colon or name.lower() in found:
            raise malformed_trailer()
        found[name.lower()] = value.strip()
    signature = found.pop(_SIGNATURE_TRAILER, "")
    if found.keys() != expected:
        raise malformed_trailer()
    if expected and check is not None:
        covered = "".join(f"{name}:{found[name]}\n" for name in sorted(found))
        check.check_trailer(signature, covered)
    trailers.update(found)


def incomplete_body() -> Fault:
    return Fault("IncompleteBody", 400, "The request body terminated unexpectedly")


def malformed_trailer() -> Fault:
    return Fault(
        "MalformedTrailerError",
        400,
        "The request contained trailing data that was not well-formed or did not conform to our "
        "published schema.",
    )


def _chunk_too_small(number: int, size: int) -> Fault:
    return Fault(
        "InvalidChunkSizeError",
        400,
        "Only the last chunk is allowed to have a size less than 8192 bytes",
        {"Chunk": str(number), "BadChunkSize": str(size)},
    )
