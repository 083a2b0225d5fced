"""The ASGI application: requests to threads, and their bodies bounded in size, time and memory.

What can be answered without waiting never comes here: `BoundedProtocol` answers it at once. S3's
uploads are streamed, and asked for only once the request is authorised; they have threads of their
own, so that slow senders hold up nobody else. Every other body is received whole first.
"""

import asyncio
import gc
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sekisho.access.evidence import WouldWait
from sekisho.app.bodies import Memory, Receive, ReceivedBody
from sekisho.app.discovery import is_discovery, publish
from sekisho.app.lots import Lots
from sekisho.app.protocol import IS_GONE, OPEN_INFLOW, AnswerAtOnce, Later, tls_version
from sekisho.app.signin.door import is_for_console, longest_body, open_door
from sekisho.gate.authority import Authority
from sekisho.gate.pipeline import Draft, begin, handle, may_share, may_wait
from sekisho.wire.http import LONGEST_FORM, Headers, HttpRequest, HttpResponse
from sekisho.wire.route import Route, find_route, is_streamed

CALLS, UPLOADS, AT_DOOR = 32, 32, 4
MOST_AT_DOOR = 128
LONGEST_DOCUMENT = 2 * 1024 * 1024
FORMS_IN_MEMORY = 256 * 1024 * 1024
OBJECTS_BETWEEN_COLLECTIONS = 10_000
TAKING = frozenset({"POST", "PUT"})  # what these answer is never read from a disk piece by piece

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

TOO_LARGE = HttpResponse(413, [])
CROWDED = HttpResponse(503, [("Retry-After", "1")])


@dataclass(slots=True)
class Threads:
    """scribe: the one that waits for what the loop writes to be on the disk."""

    calls: ThreadPoolExecutor
    uploads: ThreadPoolExecutor
    scribe: ThreadPoolExecutor
    door: ThreadPoolExecutor
    waiting_at_door: int = 0

    def shut_down(self) -> None:
        """Wait for the requests under way."""
        for pool in (self.door, self.calls, self.uploads, self.scribe):
            pool.shutdown(wait=True)


def begin_threads() -> Threads:
    return Threads(
        ThreadPoolExecutor(CALLS, thread_name_prefix="call"),
        ThreadPoolExecutor(UPLOADS, thread_name_prefix="upload"),
        ThreadPoolExecutor(1, thread_name_prefix="scribe"),
        ThreadPoolExecutor(AT_DOOR, thread_name_prefix="door"),
    )


def application(authority: Authority, threads: Threads) -> Application:
    """The ASGI application over an authority."""
    memory = Memory(FORMS_IN_MEMORY)

    async def serve(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            authority.access.evidence.never_hold_up(threading.get_ident())
            await live(receive, send, threads)
        elif scope["type"] == "http":
            body = ReceivedBody(receive, scope[OPEN_INFLOW], memory)
            try:
                sending = heedful(send, scope[IS_GONE])
                await respond(request_of(scope, body), body, sending, authority, threads)
            except Gone:
                pass
            finally:
                body.release()

    return serve


class Gone(Exception):
    """Nobody is there any more to take an answer."""


def heedful(send: Send, is_gone: Callable[[], bool]) -> Send:
    """A `send` that raises Gone where uvicorn's says nothing: else all of an object would be read
    for a client that asked for it and went away.
    """

    async def sending(message: Message) -> None:
        if is_gone():
            raise Gone
        await send(message)

    return sending


async def live(receive: Receive, send: Send, threads: Threads) -> None:
    """Answer the server's start and stop; threads end with their requests."""
    await receive()
    spare_collector()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    # Not here: uploads end when their connections do, which it takes this loop to close.
    await asyncio.get_running_loop().run_in_executor(None, threads.shut_down)
    await send({"type": "lifespan.shutdown.complete"})


def spare_collector() -> None:
    """Have the garbage collector pass over all that there is by now, and look less often.

    Requests leave hardly any cycles, and a list of a thousand entities would set it off forty
    times, to look through the same entities again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


def answering_at_once(authority: Authority, threads: Threads) -> AnswerAtOnce:
    """Answers requests on the event loop, if that takes no waiting; what is small and writes is
    written there, in lots; threads answer other calls.
    """
    lots = Lots(authority, threads.scribe, threads.calls)

    def answer(request: HttpRequest, *, is_alone: bool) -> HttpResponse | Later | None:
        if request.raw_path != "/" and (is_for_console(request) or is_discovery(request)):
            return None
        route = find_route(request)
        try:
            if not may_wait(route):
                return handle(request, authority, route)
            if may_share(request, route):
                begun = begin(request, authority, route, decides=False)
                if isinstance(begun, Draft):
                    return lots.add(begun, request, route, is_alone=is_alone)
                return begun
        except WouldWait:
            pass
        if request.method in TAKING:
            return threads.calls.submit(handle, request, authority, route)
        return None

    return answer


async def respond(
    request: HttpRequest, body: ReceivedBody, send: Send, authority: Authority, threads: Threads
) -> None:
    if is_for_console(request):
        await respond_for_console(request, body, send, authority, threads)
        return
    if is_discovery(request):
        response = await asyncio.get_running_loop().run_in_executor(
            threads.calls, publish, request, authority
        )
        await send_response(send, response, threads, closing=False)
        return
    route: Route | None = None  # a form is read by the thread that answers it
    is_upload, limit = False, LONGEST_FORM
    if is_streamed(request):
        route, limit = find_route(request), LONGEST_DOCUMENT
        is_upload = route.model is not None and route.model.streaming_input
    if is_upload:
        await body.fetch_small()
    elif not await body.receive_whole(limit):
        await send_response(send, TOO_LARGE, threads, closing=True)
        return
    response = await asyncio.get_running_loop().run_in_executor(
        threads.uploads if is_upload else threads.calls, handle, request, authority, route
    )
    await send_response(send, response, threads, closing=body.is_left_over)


async def respond_for_console(
    request: HttpRequest, body: ReceivedBody, send: Send, authority: Authority, threads: Threads
) -> None:
    """Passwords are slow to check, so the door has threads of its own, and a queue that ends."""
    if not await body.receive_whole(longest_body(request)):
        await send_response(send, TOO_LARGE, threads, closing=True)
        return
    if threads.waiting_at_door >= MOST_AT_DOOR:
        await send_response(send, CROWDED, threads, closing=False)
        return
    threads.waiting_at_door += 1
    try:
        response = await asyncio.get_running_loop().run_in_executor(
            threads.door, open_door, request, authority
        )
    finally:
        threads.waiting_at_door -= 1
    await send_response(send, response, threads, closing=False)


def request_of(scope: Message, body: ReceivedBody) -> HttpRequest:
    client = scope.get("client")
    headers = Headers.received(scope["headers"])
    body.expect(headers)
    return HttpRequest(
        method=scope["method"],
        raw_path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        secure=scope["scheme"] == "https",
        client=client[0] if client else "",
        tls=tls_version(scope.get("extensions", {})),
    )


async def send_response(
    send: Send, response: HttpResponse, threads: Threads, closing: bool
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
        while piece := await loop.run_in_executor(threads.calls, next, pieces, b""):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            await loop.run_in_executor(threads.calls, close)
