"""Requests and responses as values, with no input or output of their own.

Header values are text decoded as ISO-8859-1, so that every byte that came survives and the bytes
that were signed can be had back. Paths and queries stay as they were sent.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol, overload

from sekisho.model.faults import Fault
from sekisho.model.principal import nothing

LONGEST_PIECE = 1024 * 1024
LONGEST_FORM = 10_000_000


class Headers:
    """Header fields in the order in which they came; names in lower case.

    A field that came several times is read as one, its values joined by a comma, as a signature
    covers it (W-19): so a second Authorization or token spoils the first instead of hiding.
    get: the value of a name, or what is given as the default; None without one.
    """

    __slots__ = ("_index", "_pairs", "get")

    get: "Get"

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._fill([(name.lower(), value) for name, value in pairs])

    @classmethod
    def received(cls, fields: Iterable[tuple[bytes, bytes]]) -> "Headers":
        """Of fields whose names were put in lower case where they were received."""
        headers = cls.__new__(cls)
        headers._fill([(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields])
        return headers

    def _fill(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs
        self._index = dict(self._pairs)
        if len(self._index) < len(self._pairs):
            self._index = joined(self._pairs)
        self.get = self._index.get  # asked a dozen times a request

    def get_all(self, name: str) -> tuple[str, ...]:
        return tuple(value for known, value in self._pairs if known == name)

    @property
    def names(self) -> Iterable[str]:
        """Each name once."""
        return self._index.keys()

    def __contains__(self, name: object) -> bool:
        return name in self._index

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __repr__(self) -> str:
        """Names alone: values hold signatures and tokens."""
        return f"Headers({', '.join(self._index)})"


class Get(Protocol):
    @overload
    def __call__(self, name: str, /) -> str | None: ...
    @overload
    def __call__(self, name: str, default: str, /) -> str: ...


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    index: dict[str, str] = {}
    for name, value in pairs:
        known = index.get(name)
        index[name] = value if known is None else f"{known},{value}"
    return index


class Body(Protocol):
    """What comes after the head of a request.

    Either the whole is asked for, as often as wanted, or the chunks are, once.
    """

    @property
    def length(self) -> int | None:
        """Bytes to expect; None if the sender did not say."""

    @property
    def trailers(self) -> Mapping[str, str]:
        """Trailing header fields in lower case; complete once the chunks have been read."""

    def read_all(self, limit: int) -> bytes:
        """All of it. Raises Fault: EntityTooLarge above `limit` bytes, IncompleteBody, and more."""

    def chunks(self) -> Iterator[bytes]:
        """Pieces of at most 1 MiB. Raises Fault when the body is cut off or not what was said."""


class WholeBody:
    """A body that lies in memory."""

    __slots__ = ("content",)

    def __init__(self, content: bytes = b"") -> None:
        self.content = content

    @property
    def length(self) -> int:
        return len(self.content)

    @property
    def trailers(self) -> Mapping[str, str]:
        return nothing()

    def read_all(self, limit: int) -> bytes:
        if len(self.content) > limit:
            raise body_too_large(limit)
        return self.content

    def chunks(self) -> Iterator[bytes]:
        for start in range(0, len(self.content), LONGEST_PIECE):
            yield self.content[start : start + LONGEST_PIECE]


NO_BODY = WholeBody()


def body_too_large(limit: int) -> Fault:
    return Fault(
        "EntityTooLarge",
        400,
        "Your proposed upload exceeds the maximum allowed size",
        {"MaxSizeAllowed": str(limit)},
    )


class HttpRequest(NamedTuple):
    """A request.

    raw_path: as sent, still percent-encoded. query: as sent, without its question mark.
    secure: whether it came over TLS. client: the address it came from.
    tls: the version of TLS (``1.3``); empty where it is not known.
    """

    method: str
    raw_path: str
    query: str
    headers: Headers
    body: Body = NO_BODY
    secure: bool = False
    client: str = ""
    tls: str = ""


@dataclass(slots=True)
class HttpResponse:
    """An answer; the server adds Date and writes Content-Length from `length`.

    length: bytes of the body (for HEAD: of the body that GET would send); None if unknown.
    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes | Iterator[bytes] = b""
    length: int | None = 0
