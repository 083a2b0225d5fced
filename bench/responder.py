"""A server that does nothing but answer: what the client could reach if no server limited it.

``python -m bench.responder`` prints its port and answers every request with the same bytes, of the
size of an AssumeRole answer, from a bare asyncio protocol on uvloop.
"""

import asyncio
from typing import cast

import uvloop

SIZE = 1100  # bytes of the body
BODY = b"<Nothing/>".ljust(SIZE)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s" % (SIZE, BODY)


class Responder(asyncio.Protocol):
    """Takes whatever comes in one piece for one request, which is how the client sends."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are asyncio's by behaviour, not by class.
        self._write = cast(asyncio.WriteTransport, transport).write

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 - what is asked does not matter
        self._write(ANSWER)


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Responder, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve())
