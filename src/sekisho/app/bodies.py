"""Request bodies as the server receives them: a stream that a thread may wait for."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

from sekisho.model.faults import Fault
from sekisho.model.principal import nothing
from sekisho.wire.http import LONGEST_PIECE, body_too_large

PATIENCE_SECONDS = 60

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class StreamedBody:
    """A body that is asked for piece by piece, from a thread other than the event loop's.

    Asking for the first piece is what makes the server say 100 Continue (W-32). A sender that lets
    a minute pass without a byte is given up.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, receive: Receive, length: int | None
    ) -> None:
        self._loop = loop
        self._receive = receive
        self._length = length
        self._whole: bytes | None = None
        self.is_finished = False

    @property
    def length(self) -> int | None:
        return self._length

    @property
    def trailers(self) -> Mapping[str, str]:
        return nothing()

    def read_all(self, limit: int) -> bytes:
        if self._whole is None:
            if self._length is not None and self._length > limit:
                raise body_too_large(limit)
            gathered = bytearray()
            for piece in self.chunks():
                gathered += piece
                if len(gathered) > limit:
                    raise body_too_large(limit)
            self._whole = bytes(gathered)
        return self._whole

    def chunks(self) -> Iterator[bytes]:
        while not self.is_finished:
            message = self._next()
            if message["type"] == "http.disconnect":
                raise incomplete_body()
            self.is_finished = not message.get("more_body", False)
            content: bytes = message.get("body", b"")
            for start in range(0, len(content), LONGEST_PIECE):
                yield content[start : start + LONGEST_PIECE]

    def _next(self) -> MutableMapping[str, Any]:
        waiting = asyncio.run_coroutine_threadsafe(self._wait(), self._loop)
        try:
            return waiting.result(PATIENCE_SECONDS)
        except (FutureTimeout, TimeoutError):
            waiting.cancel()
            raise Fault(
                "RequestTimeout",
                400,
                "Your socket connection to the server was not read from or written to within the"
                " timeout period. Idle connections will be closed.",
            ) from None

    async def _wait(self) -> MutableMapping[str, Any]:
        return await self._receive()


def incomplete_body() -> Fault:
    return Fault("IncompleteBody", 400, "The request body terminated unexpectedly")
