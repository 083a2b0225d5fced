"""What is answered to clients who go away."""

import asyncio
import itertools
from collections.abc import Iterator

import pytest

from sekisho.app import application
from sekisho.app.application import (
    Gone,
    Message,
    begin_threads,
    heedful,
    live,
    send_response,
)
from sekisho.app.inflow import Inflow, Lost
from sekisho.wire.http import HttpResponse


def test_the_end_lets_connections_close_for_which_threads_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a sender that trickles on would keep the server from ending."""
    monkeypatch.setattr(application, "spare_collector", list)
    flow, threads, sent = Inflow(list), begin_threads(), list[Message]()
    upload = threads.uploads.submit(flow.take, 600)

    async def receive() -> Message:
        return {}

    async def send(message: Message) -> None:
        sent.append(message)

    async def end() -> None:
        asyncio.get_running_loop().call_later(0.01, flow.lose)
        await live(receive, send, threads)

    asyncio.run(end())
    assert isinstance(upload.exception(), Lost)
    assert sent[-1] == {"type": "lifespan.shutdown.complete"}


def test_what_nobody_takes_any_more_is_read_no_further() -> None:
    read, sent = list[int | str](), list[Message]()

    def pieces() -> Iterator[bytes]:
        try:
            for number in itertools.count():
                read.append(number)
                yield b"piece"
        finally:
            read.append("closed")

    async def send(message: Message) -> None:
        sent.append(message)

    sending = heedful(send, lambda: len(sent) == 3)
    threads = begin_threads()
    with pytest.raises(Gone):
        response = HttpResponse(200, [], pieces(), None)
        asyncio.run(send_response(sending, response, threads, closing=False))
    threads.shut_down()
    assert read == [0, 1, 2, "closed"]
