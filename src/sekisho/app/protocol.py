"""uvicorn's HTTP/1.1 over httptools, with what it lacks: bounds, and answers in one segment."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 64 * 1024
PATIENCE_SECONDS = 30


class BoundedProtocol(HttpToolsProtocol):
    """Heads of requests are bounded in size, and in time; so are the forms that follow them.

    Forms go to the path ``/``. How long another body may take is for who reads it to say.
    """

    _since: float | None = None  # loop time; None while nothing is awaited
    _is_in_head = True
    _head_bytes = 0
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.transport = JoiningTransport(transport)  # type: ignore[assignment]
        self._since = self.loop.time()
        self._watch = self.loop.call_later(PATIENCE_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = 0
        self._is_in_head = True
        self._since = self.loop.time()

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        if self.url != b"/":
            self._since = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._since = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self.transport.flush()  # type: ignore[attr-defined]
        super().on_response_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD:
                self.transport.close()

    def _look(self) -> None:
        """Close a connection that has kept us waiting for too long; else look again later."""
        if self._since is not None and self.loop.time() - self._since >= PATIENCE_SECONDS:
            self.transport.close()
        else:
            self._watch = self.loop.call_later(PATIENCE_SECONDS, self._look)


class JoiningTransport:
    """A transport that keeps the head of an answer until its body comes.

    uvicorn writes them one after the other, which costs a second system call and a second segment.
    """

    __slots__ = ("_head", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""

    def write(self, data: bytes) -> None:
        if self._head:
            data, self._head = self._head + data, b""
        elif data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 100"):
            self._head = data
            return
        self._transport.write(data)

    def flush(self) -> None:
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
