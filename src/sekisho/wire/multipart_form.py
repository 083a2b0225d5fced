"""Forms with a file, as browsers post them (RFC 7578), read as they come.

The fields before the file are gathered, within bounds; the file flows; what follows it is left.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sekisho.model.faults import Fault

LARGEST_FIELDS = 20 * 1024
MOST_FIELDS = 200
LONGEST_BOUNDARY = 70
LONGEST_HEAD = 4096
PIECE = 256 * 1024

_BOUNDARY = re.compile(
    r'(?i)multipart/form-data\s*;.*?\bboundary=(?:"([^"\r\n]{1,70})"|([^";,\s]{1,70}))'
)
_PARAMETER = re.compile(r'(?i);\s*(name|filename)="((?:[^"\\\r\n]|\\.)*)"')


def boundary_of(content_type: str) -> bytes | None:
    """The boundary of a form with files; None for other types of content."""
    found = _BOUNDARY.match(content_type[:1024])
    return (found[1] or found[2]).encode("latin-1", "replace") if found else None


@dataclass(frozen=True, slots=True)
class MultipartForm:
    """fields: those before the file, names in lower case. filename: as the browser gives it.

    file: the pieces of the file, once; raises Fault at the end of a form that is cut off.
    """

    fields: Mapping[str, str]
    filename: str
    file: Iterator[bytes]


def read_form(pieces: Iterator[bytes], boundary: bytes) -> MultipartForm:
    """Read a form up to its file.

    Raises Fault: MalformedPOSTRequest, MaxPostPreDataLengthExceeded, InvalidArgument without file.
    """
    source = _Source(pieces)
    source.expect_start(boundary)
    fields: dict[str, str] = {}
    size = 0
    while True:
        name, filename = source.head()
        if name == "file":
            return MultipartForm(fields, filename, source.file(boundary))
        value = source.value(boundary, LARGEST_FIELDS - size)
        size += len(name) + len(value)
        if name in fields or len(fields) >= MOST_FIELDS:
            raise malformed()
        fields[name] = value


class _Source:
    """Bytes as they come, held until they are taken."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""

    def _fill(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            raise Fault("IncompleteBody", 400, "The request body terminated unexpectedly")
        self._held += piece

    def until(self, mark: bytes, limit: int) -> bytes:
        """What comes before a mark, which is left out."""
        start = 0
        while (end := self._held.find(mark, start)) < 0:
            if len(self._held) > limit + len(mark):
                raise too_large()
            start = max(0, len(self._held) - len(mark) + 1)
            self._fill()
        if end > limit:
            raise too_large()
        taken, self._held = self._held[:end], self._held[end + len(mark) :]
        return taken

    def expect_start(self, boundary: bytes) -> None:
        """The first boundary, before which nothing but a line may stand."""
        self.until(b"--" + boundary, LONGEST_HEAD)
        if self.until(b"\r\n", LONGEST_BOUNDARY).strip():
            raise no_file()

    def head(self) -> tuple[str, str]:
        """Name and file name of the next field."""
        text = self.until(b"\r\n\r\n", LONGEST_HEAD).decode("utf-8", "replace")
        disposition = ""
        for line in text.split("\r\n"):
            name, _, value = line.partition(":")
            if name.strip().lower() == "content-disposition":
                disposition = value
        found = {name.lower(): value for name, value in _PARAMETER.findall(disposition)}
        if not found.get("name"):
            raise malformed()
        return found["name"].lower(), found.get("filename", "")

    def value(self, boundary: bytes, limit: int) -> str:
        value = self.until(b"\r\n--" + boundary, limit)
        if self.until(b"\r\n", LONGEST_BOUNDARY).strip():
            raise no_file()
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            raise malformed() from None

    def file(self, boundary: bytes) -> Iterator[bytes]:
        """The file's bytes up to the next boundary; the rest is read and dropped."""
        mark = b"\r\n--" + boundary
        while (end := self._held.find(mark)) < 0:
            safe = len(self._held) - len(mark) + 1
            if safe >= PIECE:
                yield self._held[:safe]
                self._held = self._held[safe:]
            self._fill()
        if end:
            yield self._held[:end]
        self._held = b""
        for _ in self._pieces:
            pass


def malformed() -> Fault:
    return Fault(
        "MalformedPOSTRequest",
        400,
        "The body of your POST request is not well-formed multipart/form-data.",
    )


def too_large() -> Fault:
    return Fault(
        "MaxPostPreDataLengthExceeded",
        400,
        "Your POST request fields preceding the upload file were too large.",
    )


def no_file() -> Fault:
    return Fault(
        "InvalidArgument",
        400,
        "POST requires exactly one file upload per request.",
        {"ArgumentName": "file", "ArgumentValue": "0"},
    )
