"""What is answered to clients who go away."""

import asyncio
import itertools
from collections.abc import Iterator

import pytest

from sekisho.app.application import Gone, Message, begin_threads, heedful, send_response
from sekisho.wire.http import HttpResponse


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
