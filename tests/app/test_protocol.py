"""Connections that are slow, silent or too many: each costs little, and not for long."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
import uvloop
from uvicorn.server import ServerState

from sekisho.app import bodies, protocol
from sekisho.app.inflow import Inflow, Late, Lost
from sekisho.app.protocol import BoundedProtocol
from sekisho.app.settings import read_networks
from sekisho.wire.http import HttpRequest, HttpResponse

SIZE = 32 * 1024 * 1024
HEAD = b"GET /%s HTTP/1.1\r\nhost: x\r\n\r\n"
Visit = Callable[["House"], Awaitable[None]]


class House:
    """A server with nothing behind it: /large is large, /never is never answered."""

    def __init__(self, most: int | None, trusted: Sequence[str]) -> None:
        self.trusted = read_networks(trusted)
        self.callers: list[str] = []
        self.state = ServerState()
        self.config = uvicorn.Config(
            self.serve,
            log_config=None,
            interface="asgi3",
            proxy_headers=False,
            limit_concurrency=most,
            timeout_keep_alive=0,
        )
        self.flow = Inflow(list)
        self.port = 0
        self._kept: list[asyncio.StreamWriter] = []  # or they would be closed

    async def serve(self, scope: Any, receive: Any, send: Any) -> None:
        self.callers.append(scope["client"][0])
        if scope["path"] == "/upload":
            self.flow = scope[protocol.OPEN_INFLOW]()
            await asyncio.sleep(0.01)
            raise asyncio.CancelledError
        if scope["path"] != "/never":
            head = [(b"content-length", b"%d" % SIZE)]
            await send({"type": "http.response.start", "status": 200, "headers": head})
            piece = SIZE if scope["path"] == "/large" else 65536
            for end in range(piece, SIZE + 1, piece):
                await send(
                    {
                        "type": "http.response.body",
                        "body": bytes(piece),
                        "more_body": end < SIZE,
                    }
                )
            return
        while (await receive())["type"] != "http.disconnect":
            pass

    def answer(self, request: HttpRequest, *, is_alone: bool) -> HttpResponse | None:
        self.callers.append(request.client)
        if request.raw_path == "/large":
            return HttpResponse(200, [], bytes(SIZE))
        return HttpResponse(200, [], b"here") if request.raw_path == "/here" else None

    def protocol(self) -> BoundedProtocol:
        return BoundedProtocol(
            self.config, self.state, {}, answer_at_once=self.answer, trusted_proxies=self.trusted
        )

    async def connect(self, sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        door.setblocking(False)
        await asyncio.get_running_loop().sock_connect(door, ("127.0.0.1", self.port))
        reader, writer = await asyncio.open_connection(sock=door, limit=4096)
        self._kept.append(writer)
        writer.write(sent)
        await writer.drain()
        return reader, writer

    async def until(self, count: int, tasks: int | None = None) -> None:
        """Wait until so many connections are open, and if it is said, so many tasks under way."""
        async with asyncio.timeout(20):
            while len(self.state.connections) != count or tasks not in (
                None,
                len(self.state.tasks),
            ):
                await asyncio.sleep(0.01)


async def rest(reader: asyncio.StreamReader) -> bytes:
    """What comes before the other side closes."""
    async with asyncio.timeout(20):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


def visit(what: Visit, most: int | None = None, trusted: Sequence[str] = ()) -> None:
    async def run() -> None:
        house = House(most, trusted)
        server = await asyncio.get_running_loop().create_server(house.protocol, "127.0.0.1", 0)
        house.port = server.sockets[0].getsockname()[1]
        await what(house)
        server.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HT", HEAD % b"here"], ids=["nothing", "half", "idle"]
)
def test_who_sends_nothing_more_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(protocol, "PATIENCE_SECONDS", 0.05)

    async def dawdle(house: House) -> None:
        reader, _ = await house.connect(sent)
        await rest(reader)
        await house.until(0)

    visit(dawdle)


@pytest.mark.parametrize("path", [b"large", b"stream"])
@pytest.mark.parametrize("field", [b"", b"connection: close\r\n"])
def test_who_takes_nothing_of_an_answer_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, path: bytes, field: bytes
) -> None:
    monkeypatch.setattr(protocol, "PATIENCE_SECONDS", 0.1)

    async def stare(house: House) -> None:
        _, writer = await house.connect((HEAD % path)[:-2] + field + b"\r\n")
        await house.until(1)
        await house.until(0, tasks=0)
        writer.close()

    visit(stare)


def test_who_takes_an_answer_slowly_gets_it_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "PATIENCE_SECONDS", 0.2)

    async def sip(house: House) -> None:
        reader, _ = await house.connect(HEAD % b"large")
        left = SIZE
        await reader.readuntil(b"\r\n\r\n")
        while left:
            left -= len(await reader.read(65536))

    visit(sip)


def test_who_lets_wait_longest_makes_room() -> None:
    async def crowd(house: House) -> None:
        busy, _ = await house.connect(HEAD % b"never")
        await house.until(1, tasks=1)
        oldest, _ = await house.connect(b"GET / HT")
        await house.until(2)
        newest, writer = await house.connect(HEAD % b"here")
        assert await newest.readline() == b"HTTP/1.1 200 OK\r\n"
        assert await rest(oldest) == b""
        assert len(house.state.connections) == 2
        writer.close()
        await house.until(1)
        assert not busy.at_eof()

    visit(crowd, most=3)


def test_who_comes_where_all_are_busy_is_sent_away() -> None:
    async def crowd(house: House) -> None:
        writers = [(await house.connect(HEAD % b"never"))[1] for _ in range(2)]
        await house.until(2, tasks=2)
        reader, _ = await house.connect(b"")
        assert await rest(reader) == b""
        assert len(house.state.connections) == 2
        for writer in writers:
            writer.close()

    visit(crowd, most=3)


def test_requests_that_wait_in_line_are_few() -> None:
    async def push(house: House) -> None:
        reader, _ = await house.connect(HEAD % b"never" * 1000)
        async with asyncio.timeout(20):
            assert await reader.readline() == b"HTTP/1.1 400 Bad Request\r\n"
        await house.until(0)

    visit(push)


def test_a_few_requests_may_wait_in_line() -> None:
    async def push(house: House) -> None:
        reader, writer = await house.connect(HEAD % b"here" * 30)
        for _ in range(30):
            await reader.readuntil(b"\r\n\r\nhere")
        writer.close()

    visit(push)


@pytest.mark.parametrize(
    ("trusted", "caller"), [((), "127.0.0.1"), (("127.0.0.0/8",), "203.0.113.9")]
)
def test_only_trusted_proxies_say_where_a_request_is_from(
    trusted: Sequence[str], caller: str
) -> None:
    async def call(house: House) -> None:
        fields = b"x-forwarded-for: 192.0.2.1\r\nX-Forwarded-For: 203.0.113.9, 127.0.0.2\r\n"
        at_once, _ = await house.connect((HEAD % b"here")[:-2] + fields + b"\r\n")
        await at_once.readuntil(b"here")
        later, _ = await house.connect((HEAD % b"")[:-2] + fields + b"\r\n")
        await later.readline()
        assert house.callers == [caller, caller]

    visit(call, trusted=trusted)


def test_whose_answer_is_given_up_waits_for_no_more_of_a_body(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def trickle(house: House) -> None:
        head = b"PUT /upload HTTP/1.1\r\nhost: x\r\ncontent-length: 99999\r\n\r\n"
        reader, _ = await house.connect(head)
        assert await reader.readline() == b"HTTP/1.1 500 Internal Server Error\r\n"
        with pytest.raises(Lost):
            house.flow.take(20)

    visit(trickle)
    caplog.clear()


class Drip:
    """A sender of a byte at a time, a minute after the other; and the clock of that."""

    def __init__(self, size: int) -> None:
        self.now = 0.0
        self.pieces = 0
        self._size = size

    def monotonic(self) -> float:
        return self.now

    def take(self, patience: float) -> list[bytes]:
        if patience < 50:
            self.now += patience
            raise Late
        self.now += 50
        self.pieces += 1
        return [bytes(self._size)]


@pytest.mark.parametrize(("size", "pieces"), [(1, 1), (40 * 1024, 2), (50 * 1024, 100)])
def test_an_upload_comes_at_a_least_pace(
    monkeypatch: pytest.MonkeyPatch, size: int, pieces: int
) -> None:
    drip: Any = Drip(size)
    monkeypatch.setattr(bodies, "time", SimpleNamespace(monotonic=drip.monotonic))
    taken = bodies.taken_with_patience(drip)
    for _ in range(pieces):
        assert next(taken) == bytes(size)
    if pieces < 100:
        with pytest.raises(Late):
            next(taken)
