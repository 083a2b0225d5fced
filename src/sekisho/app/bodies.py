"""Request bodies as the server receives them: whole, or piece by piece as they come."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from typing import Any

from sekisho.app.inflow import Inflow, Late, Lost
from sekisho.model.faults import Fault
from sekisho.model.principal import nothing
from sekisho.wire.http import LONGEST_PIECE, Headers, body_too_large

WHOLE_SECONDS = 30
PATIENCE_SECONDS = 60
LEAST_RATE = 1024  # bytes a second, once patience has been used up
SMALL = 64 * 1024

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
OpenInflow = Callable[[], Inflow]


class Memory:
    """Bytes that whole bodies may take up together; used on the event loop alone."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, size: int) -> bool:
        if size > self._left:
            return False
        self._left -= size
        return True

    def give_back(self, size: int) -> None:
        self._left += size


class ReceivedBody:
    """The body of one request.

    Either `receive_whole` has read it on the loop, or `chunks` asks for it piece by piece, from
    another thread. Asking for the first piece is what makes the server say 100 Continue (W-32). A
    sender that lets a minute pass without a byte of a stream is given up, and so is one that is
    waited for longer than a minute and what its bytes take at 1 KiB a second.
    """

    def __init__(self, receive: Receive, open_inflow: OpenInflow, memory: Memory) -> None:
        self._receive = receive
        self._open = open_inflow
        self._memory = memory
        self._taken = 0
        self._whole: bytes | None = None
        self._length: int | None = None
        self._is_expected = False
        self._is_finished = False
        self._may_fetch = False
        self._first: Message | None = None

    def expect(self, headers: Headers) -> None:
        """Learn from the head how long the body is; the parser has refused what is no number."""
        length = headers.get("content-length")
        if length is not None and length.isdecimal():
            self._length = int(length)
        self._is_expected = bool(self._length) or "transfer-encoding" in headers
        self._may_fetch = 0 < (self._length or 0) <= SMALL and "expect" not in headers

    @property
    def length(self) -> int | None:
        return self._length

    @property
    def trailers(self) -> Mapping[str, str]:
        return nothing()

    @property
    def is_left_over(self) -> bool:
        """Whether there was a body that has not been read to its end."""
        return self._is_expected and not self._is_finished

    async def fetch_small(self) -> None:
        """Wait for a small body here, unless it must be asked for: it costs no thread its time.

        Of one that does not come `chunks` tells.
        """
        if self._may_fetch:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    self._first = await self._receive()
            except TimeoutError:
                return

    async def receive_whole(self, limit: int) -> bool:
        """Read it whole.

        False if it is longer than `limit` bytes or takes longer than 30 seconds, if its sender
        went away, or if there is no memory to be had for it.
        """
        if self._length is not None and self._length > limit:
            return False
        gathered = bytearray()
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                is_more = self._is_expected
                while is_more:
                    message = await self._receive()
                    piece = message.get("body", b"")
                    is_more = message.get("more_body", False)
                    gathered += piece
                    is_lost = message["type"] == "http.disconnect" or len(gathered) > limit
                    if is_lost or not self._memory.take(len(piece)):
                        return False
                    self._taken += len(piece)
        except TimeoutError:
            return False
        self._whole, self._is_finished = bytes(gathered), True
        return True

    def release(self) -> None:
        """Give back the memory that the whole body took."""
        self._memory.give_back(self._taken)
        self._taken = 0

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
        if self._whole is not None:
            yield from cut(self._whole)
        if self._first is not None:
            message, self._first = self._first, None
            yield from cut(self._content(message))
        if self._is_finished:
            return
        try:
            yield from taken_with_patience(self._open())
        except Lost:
            raise cut_off() from None
        except Late:
            raise Fault(
                "RequestTimeout",
                400,
                "Your socket connection to the server was not read from or written to within the"
                " timeout period. Idle connections will be closed.",
            ) from None
        self._is_finished = True

    def _content(self, message: Message) -> bytes:
        """What an ASGI message brings of the body."""
        if message["type"] == "http.disconnect":
            raise cut_off()
        self._is_finished = not message.get("more_body", False)
        content: bytes = message.get("body", b"")
        return content


def taken_with_patience(inflow: Inflow) -> Iterator[bytes]:
    """What comes in. Raises Late when the sender is silent, or too slow for its bytes."""
    left: float = PATIENCE_SECONDS
    while True:
        before = time.monotonic()
        pieces = inflow.take(min(left, PATIENCE_SECONDS))
        if not pieces:
            return
        left += sum(map(len, pieces)) / LEAST_RATE - (time.monotonic() - before)
        if left <= 0:
            raise Late
        yield from pieces


def cut_off() -> Fault:
    return Fault("IncompleteBody", 400, "The request body terminated unexpectedly")


def cut(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), LONGEST_PIECE):
        yield content[start : start + LONGEST_PIECE]
