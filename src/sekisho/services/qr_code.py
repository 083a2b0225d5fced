"""QR codes, as pictures: ISO/IEC 18004, bytes, the lowest error correction, versions 1 to 20.

Every mask may be read; the first is taken. A picture is a PNG of one bit a pixel, with the quiet
zone that readers need.
"""

import struct
import zlib
from collections.abc import Iterator
from functools import reduce

LONGEST = 858  # bytes, in version 20
PIXELS = 4  # a module's side
QUIET = 4  # modules around
# Of each version: codewords of error correction in a block, and blocks.
CORRECTION = (7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28)
BLOCKS = (1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8)
FORMAT = 0b01_000  # correction L, mask 0
BYTES = 0b0100


class Canvas:
    """The modules of a code by column and row; `kept` are those that no data may take."""

    def __init__(self, version: int) -> None:
        self.size = 17 + 4 * version
        self.rows = [bytearray(self.size) for _ in range(self.size)]
        self.kept = [bytearray(self.size) for _ in range(self.size)]

    def keep(self, column: int, row: int, dark: bool) -> None:
        if 0 <= column < self.size and 0 <= row < self.size:
            self.rows[row][column] = dark
            self.kept[row][column] = True

    def square(self, column: int, row: int, reach: int, light: tuple[int, ...]) -> None:
        """Rings around a module; light: the distances at which it is light."""
        for across in range(-reach, reach + 1):
            for down in range(-reach, reach + 1):
                distance = max(abs(across), abs(down))
                self.keep(column + across, row + down, distance not in light)


def png(text: str) -> bytes:
    """A picture of a text. Raises ValueError above 858 bytes of UTF-8."""
    rows, border = modules(text.encode()), QUIET * PIXELS
    width = (len(rows) + 2 * QUIET) * PIXELS
    blank = b"\0" + b"\xff" * -(-width // 8)
    lines = [blank] * border
    for row in rows:
        pixels = "1" * border + "".join("01"[not dark] * PIXELS for dark in row) + "1" * border
        pixels += "1" * (-width % 8)
        lines += [b"\0" + int(pixels, 2).to_bytes(len(pixels) // 8)] * PIXELS
    lines += [blank] * border
    head = struct.pack(">IIBBBBB", width, width, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


def chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def modules(content: bytes) -> list[bytearray]:
    """The rows of the smallest code that holds some bytes; 1 is dark."""
    version = next((v for v in range(1, 21) if len(content) <= room(v)), None)
    if version is None:
        raise ValueError(f"more than {LONGEST} bytes")
    canvas = Canvas(version)
    keep_patterns(canvas, version)
    keep_format(canvas, version)
    bits = "".join(f"{word:08b}" for word in codewords(content, version))
    for place, (column, row) in enumerate(free_places(canvas)):
        dark = place < len(bits) and bits[place] == "1"
        canvas.rows[row][column] = dark ^ ((column + row) % 2 == 0)
    return canvas.rows


def room(version: int) -> int:
    """The bytes that a version holds."""
    words = all_codewords(version) - CORRECTION[version - 1] * BLOCKS[version - 1]
    return words - (2 if version < 10 else 3)


def all_codewords(version: int) -> int:
    modules_left = (16 * version + 128) * version + 64
    if version > 1:
        aligned = version // 7 + 2
        modules_left -= (25 * aligned - 10) * aligned - 55
    if version > 6:
        modules_left -= 36
    return modules_left // 8


def keep_patterns(canvas: Canvas, version: int) -> None:
    """Timing, the three finders with their separators, alignment."""
    last = canvas.size - 1
    for place in range(canvas.size):
        canvas.keep(6, place, place % 2 == 0)
        canvas.keep(place, 6, place % 2 == 0)
    for column, row in ((3, 3), (last - 3, 3), (3, last - 3)):
        canvas.square(column, row, 4, light=(2, 4))
    places = aligned_places(version)
    for column in places:
        for row in places:
            if (column, row) not in ((6, 6), (6, last - 6), (last - 6, 6)):
                canvas.square(column, row, 2, light=(1,))


def aligned_places(version: int) -> list[int]:
    if version == 1:
        return []
    count, last = version // 7 + 2, 17 + 4 * version - 7
    step = (version * 8 + count * 3 + 5) // (count * 4 - 4) * 2
    return [6, *(last - step * number for number in range(count - 1))]


def keep_format(canvas: Canvas, version: int) -> None:
    """What tells readers of the correction, the mask and the version, twice each."""
    bits, size = (FORMAT << 10 | remainder(FORMAT, 10, 0x537)) ^ 0x5412, canvas.size
    beside = [(8, row) for row in (0, 1, 2, 3, 4, 5, 7, 8)] + [
        (column, 8) for column in (7, 5, 4, 3, 2, 1, 0)
    ]
    apart = [(size - 1 - place, 8) for place in range(8)] + [
        (8, size - 15 + place) for place in range(8, 15)
    ]
    for places in (beside, apart):
        for number, (column, row) in enumerate(places):
            canvas.keep(column, row, bool(bits >> number & 1))
    canvas.keep(8, size - 8, dark=True)
    if version > 6:
        bits = version << 12 | remainder(version, 12, 0x1F25)
        for number in range(18):
            near, far = number // 3, size - 11 + number % 3
            canvas.keep(far, near, bool(bits >> number & 1))
            canvas.keep(near, far, bool(bits >> number & 1))


def remainder(value: int, degree: int, generator: int) -> int:
    """Of a binary polynomial, by which readers correct what it is told beside."""
    rest = value
    for _ in range(degree):
        rest = rest << 1 ^ (rest >> degree - 1) * generator
    return rest


def free_places(canvas: Canvas) -> Iterator[tuple[int, int]]:
    """Two columns at a time from the right, up and down in turn; the sixth is for timing."""
    upward = True
    for right in (*range(canvas.size - 1, 6, -2), 5, 3, 1):
        rows = range(canvas.size)
        for row in reversed(rows) if upward else rows:
            for column in (right, right - 1):
                if not canvas.kept[row][column]:
                    yield column, row
        upward = not upward


def codewords(content: bytes, version: int) -> Iterator[int]:
    """Data and correction, the blocks interleaved."""
    blocks = list(split(padded(content, version), version))
    corrections = [correction(block, CORRECTION[version - 1]) for block in blocks]
    for parts in (blocks, corrections):
        for place in range(max(map(len, parts))):
            yield from (part[place] for part in parts if place < len(part))


def padded(content: bytes, version: int) -> bytes:
    count = 8 if version < 10 else 16
    words = room(version) + (2 if version < 10 else 3)
    bits = f"{BYTES:04b}{len(content):0{count}b}" + "".join(f"{byte:08b}" for byte in content)
    bits += "0000"
    filled = int(bits, 2).to_bytes(len(bits) // 8)
    return (filled + b"\xec\x11" * words)[:words]


def split(data: bytes, version: int) -> Iterator[bytes]:
    """The blocks of a version; those that come last may be longer by one."""
    blocks = BLOCKS[version - 1]
    short, longer = divmod(len(data), blocks)
    start = 0
    for number in range(blocks):
        end = start + short + (number >= blocks - longer)
        yield data[start:end]
        start = end


def correction(block: bytes, degree: int) -> bytes:
    """The Reed-Solomon codewords of a block."""
    generator = reduce(times_root, (power(number) for number in range(degree)), [1])
    rest = [0] * degree
    for byte in block:
        factor = byte ^ rest.pop(0)
        rest.append(0)
        rest = [old ^ times(part, factor) for old, part in zip(rest, generator[1:], strict=True)]
    return bytes(rest)


def times_root(polynomial: list[int], root: int) -> list[int]:
    """A polynomial times (x - root), the highest coefficient first."""
    shifted, scaled = [*polynomial, 0], [0, *(times(part, root) for part in polynomial)]
    return [one ^ other for one, other in zip(shifted, scaled, strict=True)]


def power(exponent: int) -> int:
    return reduce(lambda value, _: times(value, 2), range(exponent), 1)


def times(one: int, other: int) -> int:
    """The product in the field of 256 elements that codes are made in."""
    product = 0
    for place in range(7, -1, -1):
        product = product << 1 ^ (product >> 7) * 0x11D
        product ^= (other >> place & 1) * one
    return product
