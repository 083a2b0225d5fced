"""Decoded bodies: AWS's published chunk chain, botocore's framing, and what is refused (A3)."""

import base64
import hashlib
import hmac
import io
import zlib
from collections.abc import Iterator

import pytest
from botocore.httpchecksum import AwsChunkedWrapper, Crc32Checksum
from hypothesis import given
from hypothesis import strategies as st

from sekisho.model.faults import Fault
from sekisho.wire.chunks import open_body
from sekisho.wire.http import NO_BODY, Body, Headers, HttpRequest, WholeBody
from sekisho.wire.sigv4 import Claim, read_claim, signing_key, verify
from wire.signing import KEY, SECRET, signed_object

STAMP = "20130524T000000Z"
SCOPE = "20130524/us-east-1/s3/aws4_request"
EMPTY = hashlib.sha256(b"").hexdigest()
DATA = b"a" * 66560
SEED = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
TRAILER = "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"
SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"


class InPieces(WholeBody):
    """A body that comes in pieces of `size` bytes, its length untold."""

    def __init__(self, content: bytes, size: int) -> None:
        super().__init__(content)
        object.__setattr__(self, "size", size)

    def chunks(self) -> Iterator[bytes]:
        size: int = self.size  # type: ignore[attr-defined]
        return iter([self.content[at : at + size] for at in range(0, len(self.content), size)])


def published(kind: str, seed: str, body: Body, **more: str) -> HttpRequest:
    """The request of AWS's example (W-36)."""
    fields = {
        "content-encoding": "aws-chunked",
        "host": "s3.amazonaws.com",
        "x-amz-content-sha256": kind,
        "x-amz-date": STAMP,
        "x-amz-decoded-content-length": "66560",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
    } | {name.replace("_", "-"): value for name, value in more.items()}
    names = ";".join(sorted(fields))
    fields["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={KEY}/{SCOPE},SignedHeaders={names},Signature={seed}"
    )
    return HttpRequest("PUT", "/examplebucket/chunkObject.txt", "", Headers(fields.items()), body)


def sign(kind: str, previous: str, covered: str) -> str:
    key = signing_key(SECRET, "20130524", "us-east-1", "s3")
    text = f"AWS4-HMAC-SHA256-{kind}\n{STAMP}\n{SCOPE}\n{previous}\n{covered}"
    return hmac.digest(key, text.encode(), "sha256").hex()


def framed(chunks: list[bytes], seed: str) -> tuple[bytes, str]:
    """Signed chunks, the empty one last, and the last signature."""
    out, previous = b"", seed
    for chunk in [*chunks, b""]:
        digest = hashlib.sha256(chunk).hexdigest()
        previous = sign("PAYLOAD", previous, f"{EMPTY}\n{digest}")
        out += f"{len(chunk):x};chunk-signature={previous}\r\n".encode() + chunk
        out += b"\r\n" if chunk else b""
    return out, previous


def trailed(seed: str = SEED, signature: str = TRAILER) -> bytes:
    body, _ = framed([DATA[:65536], DATA[65536:]], seed)
    return (
        body
        + (
            f"x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:{signature}\r\n\r\n"
        ).encode()
    )


def claim_of(request: HttpRequest) -> Claim:
    claim = read_claim(request, "s3")
    assert claim is not None
    return claim


def read(request: HttpRequest) -> bytes:
    return b"".join(open_body(request, claim_of(request), SECRET).chunks())


def refusal(request: HttpRequest) -> Fault:
    with pytest.raises(Fault) as caught:
        read(request)
    return caught.value


def test_published_chain_of_signatures() -> None:
    """W-34…W-36: seed, chunks and trailer of AWS's example."""
    body = trailed()
    for beginning in (b"b474d886", b"1c1344b1", b"2ca2aba2"):
        assert b";chunk-signature=" + beginning in body
    request = published(
        f"{SIGNED}-TRAILER", SEED, WholeBody(body), x_amz_trailer="x-amz-checksum-crc32c"
    )
    claim = claim_of(request)
    verify(claim, request, SECRET, claim.time)
    decoded = open_body(request, claim, SECRET)
    assert decoded.length == 66560
    assert b"".join(decoded.chunks()) == DATA
    assert decoded.trailers == {"x-amz-checksum-crc32c": "sOO8/Q=="}


def test_published_chain_without_trailer() -> None:
    seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
    body, _ = framed([DATA[:65536], DATA[65536:]], seed)
    for beginning in (b"ad80c730", b"0055627c", b"b6c6ea8a"):
        assert b";chunk-signature=" + beginning in body
    request = published(SIGNED, seed, WholeBody(body + b"\r\n"), content_length="66824")
    claim = claim_of(request)
    verify(claim, request, SECRET, claim.time)
    assert read(request) == DATA


@pytest.mark.parametrize("size", [0, 1, 5000, 100_000])
def test_what_botocore_sends_over_tls_decodes(size: int) -> None:
    """W-30, W-33."""
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    sent = AwsChunkedWrapper(
        io.BytesIO(content),
        checksum_cls=Crc32Checksum,
        checksum_name="x-amz-checksum-crc32",
        chunk_size=16384,
    ).read()
    request = unsigned(sent, size)
    decoded = open_body(request, claim_of(request), SECRET)
    assert decoded.read_all(size) == content
    expected = base64.b64encode(zlib.crc32(content).to_bytes(4)).decode()
    assert decoded.trailers == {"x-amz-checksum-crc32": expected}


@pytest.mark.parametrize("size", [1, 7, 1000, 1 << 20])
def test_pieces_of_any_size_decode_alike(size: int) -> None:
    content = b"4\r\nabcd\r\n2\r\nef\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n"
    request = unsigned(content, 6)
    request = request._replace(body=InPieces(content, size))
    decoded = open_body(request, claim_of(request), SECRET)
    assert decoded.read_all(6) == b"abcdef"
    assert decoded.read_all(6) == b"abcdef"
    assert decoded.trailers == {"x-amz-checksum-crc32": "AAAA"}


def unsigned(content: bytes, length: int, trailer: str = "x-amz-checksum-crc32") -> HttpRequest:
    """What boto3 sends over TLS (W-30, W-33)."""
    return published(
        UNSIGNED_TRAILER,
        "0" * 64,
        WholeBody(content),
        x_amz_decoded_content_length=str(length),
        x_amz_trailer=trailer,
    )


SAID = {
    "IncompleteBody": "The request body terminated unexpectedly",
    "MalformedTrailerError": "The request contained trailing data that was not well-formed or did"
    " not conform to our published schema.",
}
GOOD = b"4\r\nabcd\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n"


@pytest.mark.parametrize(
    ("content", "length", "code"),
    [
        (b"", 0, "IncompleteBody"),
        (b"4\r\nabc", 4, "IncompleteBody"),
        (b"4\r\nabcd", 4, "IncompleteBody"),
        (b"4\r\nabcd\r\n", 4, "IncompleteBody"),
        (b"4\r\nabcdX0\r\n", 4, "IncompleteBody"),
        (GOOD, 5, "IncompleteBody"),
        (GOOD, 3, "IncompleteBody"),
        (b"-4\r\nabcd\r\n0\r\n\r\n", 4, "IncompleteBody"),
        (b"+4\r\nabcd\r\n0\r\n\r\n", 4, "IncompleteBody"),
        (b"f" * 17 + b"\r\nabcd", 4, "IncompleteBody"),
        (b"0" * 5000, 4, "IncompleteBody"),
        (b"4\r\nabcd\r\n0\r\n\r\n", 4, "MalformedTrailerError"),
        (b"4\r\nabcd\r\n0\r\nnonsense\r\n\r\n", 4, "MalformedTrailerError"),
        (b"4\r\nabcd\r\n0\r\nx-amz-checksum-sha1:AAAA\r\n\r\n", 4, "MalformedTrailerError"),
        (GOOD + GOOD, 4, "MalformedTrailerError"),
        (GOOD[:-2] + b"x" * 9000, 4, "MalformedTrailerError"),
    ],
)
def test_broken_framing_is_refused(content: bytes, length: int, code: str) -> None:
    """W-38."""
    fault = refusal(unsigned(content, length))
    assert (fault.code, fault.status, fault.message) == (code, 400, SAID[code])


@given(st.binary(max_size=200))
def test_no_body_raises_anything_but_a_fault(content: bytes) -> None:
    try:
        read(unsigned(content, 4))
    except Fault as fault:
        assert fault.status == 400
    else:
        raise AssertionError("random bytes were taken for a framed body")


def test_head_faults_of_chunked_bodies() -> None:
    """W-38: an unknown trailer, no decoded length, a form that is not offered."""
    fault = refusal(unsigned(GOOD, 4, trailer="x-other"))
    said = "The value specified in the x-amz-trailer header is not supported"
    assert (fault.status, fault.code, fault.message) == (400, "InvalidRequest", said)
    request = published(UNSIGNED_TRAILER, "0" * 64, NO_BODY, x_amz_decoded_content_length="")
    assert (refusal(request).code, refusal(request).status) == ("MissingContentLength", 411)
    request = published("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "0" * 64, NO_BODY)
    assert refusal(request).status == 501


@given(st.integers(0, 66559), st.integers(1, 255))
def test_no_changed_byte_of_a_signed_body_is_accepted(place: int, change: int) -> None:
    body = bytearray(trailed())
    place = place * len(body) // 66560
    body[place] ^= change
    request = published(
        f"{SIGNED}-TRAILER", SEED, WholeBody(bytes(body)), x_amz_trailer="x-amz-checksum-crc32c"
    )
    try:
        decoded = read(request)
    except Fault as fault:
        assert fault.code in ("SignatureDoesNotMatch", "IncompleteBody", "MalformedTrailerError")
    else:  # an upper-case hexadecimal digit, or white space around a trailer
        assert decoded == DATA


def test_small_chunks_are_for_the_end_only() -> None:
    """W-37, W-38."""
    body, _ = framed([b"a" * 10, DATA[10:]], SEED)
    fault = refusal(published(SIGNED, SEED, WholeBody(body)))
    assert (fault.status, fault.code, fault.message) == (
        400,
        "InvalidChunkSizeError",
        "Only the last chunk is allowed to have a size less than 8192 bytes",
    )
    assert fault.details == {"Chunk": "1", "BadChunkSize": "10"}


@pytest.mark.parametrize("size", [8191, 8192])
def test_a_chunk_of_8192_bytes_is_large_enough(size: int) -> None:
    """W-37."""
    body, _ = framed([DATA[:size], DATA[size:]], SEED)
    request = published(SIGNED, SEED, WholeBody(body))
    if size < 8192:
        assert refusal(request).code == "InvalidChunkSizeError"
    else:
        assert read(request) == DATA


def test_a_chunk_with_another_signature() -> None:
    """W-34, W-38."""
    body, _ = framed([DATA], "0" * 64)
    fault = refusal(published(SIGNED, SEED, WholeBody(body)))
    assert (fault.status, fault.code) == (403, "SignatureDoesNotMatch")


def test_trailer_signature_is_checked() -> None:
    """W-35."""
    request = published(
        f"{SIGNED}-TRAILER",
        SEED,
        WholeBody(trailed(signature="0" * 64)),
        x_amz_trailer="x-amz-checksum-crc32c",
    )
    assert refusal(request).code == "SignatureDoesNotMatch"


# plain bodies


def test_plain_body_is_held_to_its_hash() -> None:
    """W-87."""
    request = signed_object(body=b"content")
    assert read(request) == b"content"
    fault = refusal(request._replace(body=WholeBody(b"Content")))
    assert (fault.status, fault.code, fault.message) == (
        400,
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
    assert list(fault.details) == ["ClientComputedContentSHA256", "S3ComputedContentSHA256"]


def test_plain_body_is_held_to_its_length() -> None:
    class Short(WholeBody):
        def chunks(self) -> Iterator[bytes]:
            return iter([b"cont"])

    request = signed_object(body=b"content")
    assert refusal(request._replace(body=Short(b"content"))).code == "IncompleteBody"


def test_anonymous_bodies() -> None:
    plain = HttpRequest("PUT", "/b/k", "", Headers(), WholeBody(b"content"))
    assert open_body(plain, None, "").read_all(7) == b"content"
    signed = published(SIGNED, SEED, NO_BODY)
    with pytest.raises(Fault, match="Access Denied"):
        open_body(signed, None, "")


def test_reading_is_bounded() -> None:
    request = unsigned(GOOD, 4)
    with pytest.raises(Fault) as caught:
        open_body(request, claim_of(request), SECRET).read_all(3)
    assert caught.value.code == "EntityTooLarge"


def test_long_bodies_come_in_short_pieces() -> None:
    content = b"x" * (3 << 20)
    request = unsigned(b"300000\r\n" + content + GOOD[7:], len(content))
    decoded = open_body(request, claim_of(request), SECRET)
    pieces = list(decoded.chunks())
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= 1 << 20
    with pytest.raises(RuntimeError):
        decoded.chunks()
