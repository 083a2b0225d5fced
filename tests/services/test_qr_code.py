"""QR codes: module for module as another encoder makes them, and pictures that show just that."""

import hashlib
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.services.qr_code import LONGEST, PIXELS, QUIET, correction, modules, png, room, times

OTPAUTH = b"otpauth://totp/phone@111122223333?secret=" + b"A" * 64


@pytest.mark.parametrize(
    ("content", "size", "digest"),
    [
        (b"a", 21, "e0eaa9451b23803acd598cdcd8d99adde8caa43b11da279e22533be2510d2a6d"),
        (OTPAUTH, 37, "1ce36853b6688834631510c3ad93d03fb4a540b8f781287fbd5cc3bc45e7358a"),
        (
            "語".encode() * 50,
            45,
            "6044731c131c01080680e265c6432a99f75a86633fe8725cb2732bc72743875d",
        ),
        (b"x" * 858, 97, "8215dd34ce23e8ff7df08766edf15cd98be2b2eea1b7a404448b3ce50203397f"),
    ],
)
def test_codes_are_as_another_encoder_makes_them(content: bytes, size: int, digest: str) -> None:
    """Those of PyPI's qrcode 8, error correction L and mask 0."""
    rows = modules(content)
    assert [len(row) for row in rows] == [size] * size
    assert hashlib.sha256(b"".join(rows)).hexdigest() == digest


@given(st.text(max_size=200))
def test_a_picture_shows_the_modules_in_a_light_frame(text: str) -> None:
    width, lines = pixels_of(png(text))
    rows, border = modules(text.encode()), QUIET * PIXELS
    assert width == len(lines) == (len(rows) + 2 * QUIET) * PIXELS
    for y, line in enumerate(lines):
        for x, light in enumerate(line[:width]):
            row, column = (y - border) // PIXELS, (x - border) // PIXELS
            inside = 0 <= row < len(rows) and 0 <= column < len(rows)
            assert (light == "0") == (inside and rows[row][column] == 1)


def pixels_of(picture: bytes) -> tuple[int, list[str]]:
    """The width of a PNG of one bit a pixel, and its lines; each chunk's sum is right."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    rest, chunks = picture[8:], {}
    while rest:
        length, kind = struct.unpack(">I4s", rest[:8])
        chunks[kind] = rest[8 : 8 + length]
        (told,) = struct.unpack(">I", rest[8 + length : 12 + length])
        assert told == zlib.crc32(kind + chunks[kind])
        rest = rest[12 + length :]
    width, height, depth, colours, *_ = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert (depth, colours, list(chunks)) == (1, 0, [b"IHDR", b"IDAT", b"IEND"])
    raw, size = zlib.decompress(chunks[b"IDAT"]), 1 + -(-width // 8)
    assert len(raw) == height * size
    lines = [raw[start : start + size] for start in range(0, len(raw), size)]
    assert all(line[0] == 0 for line in lines)
    return width, [f"{int.from_bytes(line[1:]):0{8 * (size - 1)}b}" for line in lines]


@given(st.binary(min_size=1, max_size=60), st.integers(7, 30))
def test_correction_makes_a_block_that_the_generator_divides(block: bytes, degree: int) -> None:
    """Every root of the generator is one of the whole block."""
    whole, root = block + correction(block, degree), 1
    for _ in range(degree):
        value = 0
        for part in whole:
            value = times(value, root) ^ part
        assert value == 0
        root = times(root, 2)


def test_what_is_too_long_has_no_code() -> None:
    assert room(20) == LONGEST
    with pytest.raises(ValueError, match="858"):
        png("x" * (LONGEST + 1))
