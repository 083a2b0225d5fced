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
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sekisho.app.bodies import Receive, StreamedBody
from sekisho.app.settings import Settings
from sekisho.gate.authority import Authority
from sekisho.gate.pipeline import handle, may_wait
from sekisho.wire.http import (
    LONGEST_FORM,
    NO_BODY,
    Body,
    Headers,
    HttpRequest,
    HttpResponse,
    WholeBody,
)
from sekisho.wire.route import find_route, is_streamed

LARGEST_HEAD = 64 * 1024
HEAD_SECONDS = 30
FORM_SECONDS = 60
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
    loop = asyncio.get_running_loop()
    request = head_of(scope)
    if is_streamed(request):
        body: Body = StreamedBody(loop, receive, declared_length(request.headers))
    else:
        form = await read_form(receive)
        if form is None:
            await send_response(send, TOO_LARGE, loop, threads, closing=True)
            return
        body = WholeBody(form) if form else NO_BODY
    request = with_body(request, body)
    route = find_route(request)
    if may_wait(request, route):
        response = await loop.run_in_executor(threads, handle, request, authority, route)
    else:
        response = handle(request, authority, route)
    unread = isinstance(body, StreamedBody) and not body.is_finished
    await send_response(send, response, loop, threads, closing=unread and has_body(request))


def head_of(scope: Message) -> HttpRequest:
    client = scope.get("client")
    return HttpRequest(
        method=scope["method"],
        raw_path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=Headers(
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        ),
        secure=scope["scheme"] == "https",
        client=client[0] if client else "",
    )


def with_body(request: HttpRequest, body: Body) -> HttpRequest:
    return HttpRequest(
        request.method,
        request.raw_path,
        request.query,
        request.headers,
        body,
        request.secure,
        request.client,
    )


def declared_length(headers: Headers) -> int | None:
    """Content-Length; the HTTP parser has already refused one that is no number."""
    length = headers.get("content-length")
    return int(length) if length is not None and length.isdecimal() else None


def has_body(request: HttpRequest) -> bool:
    length = declared_length(request.headers)
    return bool(length) or "transfer-encoding" in request.headers


async def read_form(receive: Receive) -> bytes | None:
    """A whole body; None if it is larger than a form may be, or its sender went away or idle."""
    gathered = b""
    while True:
        try:
            message = await asyncio.wait_for(receive(), FORM_SECONDS)
        except TimeoutError:
            return None
        if message["type"] == "http.disconnect":
            return None
        gathered += message.get("body", b"")
        if len(gathered) > LONGEST_FORM:
            return None
        if not message.get("more_body", False):
            return gathered


TOO_LARGE = HttpResponse(413, [])


async def send_response(
    send: Send,
    response: HttpResponse,
    loop: asyncio.AbstractEventLoop,
    threads: ThreadPoolExecutor,
    closing: bool,
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
    pieces = response.body
    try:
        while piece := await loop.run_in_executor(threads, next, pieces, b""):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            await loop.run_in_executor(threads, close)


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 whose request heads are bounded in size and in time."""

    _head_bytes = 0
    _unfinished_bytes = 0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = 0
        if self._deadline is None:
            self._await_head()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        waiting = self._deadline is not None
        super().data_received(data)
        if waiting and self._deadline is not None:
            self._unfinished_bytes += len(data)
            if self._unfinished_bytes > LARGEST_HEAD:
                self.transport.close()
        else:
            self._unfinished_bytes = 0

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > LARGEST_HEAD:
            raise ValueError("the head of the request is too large")

    def _await_head(self) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.close()


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
