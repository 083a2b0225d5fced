"""The only place that waits: a raw ASGI application, and the HTTP server under it.

Requests that touch neither disk nor lock are answered on the event loop; the others get a thread.
Forms are read whole, up to AWS's limit; S3 bodies are streamed, and asked for only once the request
is authorised.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvicorn

from sekisho.app.bodies import Receive, ReceivedBody
from sekisho.app.protocol import BoundedProtocol
from sekisho.app.settings import Settings
from sekisho.gate.authority import Authority
from sekisho.gate.pipeline import handle, may_wait
from sekisho.wire.http import Headers, HttpRequest, HttpResponse
from sekisho.wire.route import find_route, is_streamed

KEEP_ALIVE_SECONDS = 75
DRAIN_SECONDS = 20
THREADS = 32
CONNECTIONS = 2048
BACKLOG = 1024

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


def application(authority: Authority) -> Application:
    """The ASGI application over an authority."""
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    async def serve(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, threads)
        elif scope["type"] == "http":
            await respond(scope, receive, send, authority, threads)

    return serve


async def live(receive: Receive, send: Send, threads: ThreadPoolExecutor) -> None:
    """Answer the server's start and stop; threads end with their requests."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    threads.shutdown(wait=True)
    await send({"type": "lifespan.shutdown.complete"})


async def respond(
    scope: Message,
    receive: Receive,
    send: Send,
    authority: Authority,
    threads: ThreadPoolExecutor,
) -> None:
    body = ReceivedBody(receive)
    request = request_of(scope, body)
    streams = is_streamed(request)
    if not streams and not await body.receive_form():
        await send_response(send, TOO_LARGE, threads, closing=True)
        return
    route = find_route(request)
    if streams or may_wait(request, route):
        loop = asyncio.get_running_loop()
        response = await loop.run_in_executor(threads, handle, request, authority, route)
    else:
        response = handle(request, authority, route)
    await send_response(send, response, threads, closing=streams and body.is_left_over)


def request_of(scope: Message, body: ReceivedBody) -> HttpRequest:
    client = scope.get("client")
    headers = Headers(
        [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    )
    body.expect(headers)
    return HttpRequest(
        method=scope["method"],
        raw_path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        secure=scope["scheme"] == "https",
        client=client[0] if client else "",
    )


TOO_LARGE = HttpResponse(413, [])


async def send_response(
    send: Send, response: HttpResponse, threads: ThreadPoolExecutor, closing: bool
) -> None:
    """Send an answer; what it streams is read by a thread, as fast as the client takes it."""
    headers = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers
    ]
    if response.length is not None:
        headers.append((b"content-length", b"%d" % response.length))
    if closing:
        # What is left of an unread body must not be taken for the next request.
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if isinstance(response.body, bytes):
        await send({"type": "http.response.body", "body": response.body})
        return
    pieces, loop = response.body, asyncio.get_running_loop()
    try:
        while piece := await loop.run_in_executor(threads, next, pieces, b""):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            await loop.run_in_executor(threads, close)


class Server(uvicorn.Server):
    """uvicorn's server, which says when it is ready; a signal to end is its expected end."""

    def __init__(
        self, config: uvicorn.Config, settings: Settings, ready: Callable[[str], None]
    ) -> None:
        super().__init__(config)
        self._settings = settings
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready(self._address())

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Like the base class, but without raising the signal again, so that the exit code is 0."""
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _address(self) -> str:
        port = self.servers[0].sockets[0].getsockname()[1]
        host = self._settings.host
        scheme = "https" if self._settings.secure else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def configure(settings: Settings, authority: Authority) -> uvicorn.Config:
    return uvicorn.Config(
        application(authority),
        host=settings.host,
        port=settings.port,
        http=BoundedProtocol,
        loop="uvloop",
        ws="none",
        interface="asgi3",
        lifespan="on",
        log_config=None,
        log_level="error",  # what clients do wrong is theirs to know
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.private_key,
    )


def run(settings: Settings, authority: Authority, ready: Callable[[str], None]) -> bool:
    """Serve until SIGTERM or SIGINT; requests under way are finished first.

    ready: called once with the URL, when connections are accepted. False if it could not listen.
    """
    server = Server(configure(settings, authority), settings, ready)
    server.run()
    return server.started
