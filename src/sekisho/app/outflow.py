"""Answers on their way out: in as few pieces as may be, and whether anybody takes them."""

import asyncio
import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from sekisho.wire.http import HttpResponse

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def written(response: HttpResponse, fields: list[tuple[bytes, bytes]]) -> bytes:
    """An answer with a body of bytes as it goes out, `fields` first.

    Raises ValueError rather than let a header field end early.
    """
    assert isinstance(response.body, bytes)
    head = ""
    for name, value in response.headers:
        if not value.isprintable() and _CONTROL.search(value):
            raise ValueError(f"header {name} holds a control character")
        head += f"{name.lower()}: {value}\r\n"
    length = len(response.body) if response.length is None else response.length
    first = [b"%s: %s\r\n" % field for field in fields]
    last = f"{head}content-length: {length}\r\n\r\n".encode("latin-1")
    return b"".join((STATUS_LINE[response.status], *first, last, response.body))


class JoiningTransport:
    """A transport that keeps the head of an answer until its body comes.

    uvicorn writes them one after the other, which costs a second system call and a second segment.
    """

    __slots__ = ("_given", "_head", "_seen", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self._given = 0
        self._seen = 0

    def write(self, data: bytes) -> None:
        if self._head:
            data, self._head = self._head + data, b""
        elif data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 100"):
            self._head = data
            return
        self.write_at_once(data)

    def write_at_once(self, data: bytes) -> None:
        self._given += len(data)
        self._transport.write(data)

    def is_stuck(self) -> bool:
        """Whether there is something to take, and nothing of it was taken since this was asked."""
        left = self._transport.get_write_buffer_size()
        taken, self._seen = self._seen, self._given - left
        return left > 0 and taken == self._seen

    def flush(self) -> None:
        if self._head:
            head, self._head = self._head, b""
            self.write_at_once(head)

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
