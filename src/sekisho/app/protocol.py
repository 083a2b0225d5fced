"""uvicorn's HTTP/1.1 over httptools, with what it lacks: bounds, and answers without detours.

A call of the Query protocol, a request without a body and a small upload are answered where their
last byte is parsed, or by a thread that is asked there, without the task, the events and the
messages that the ASGI interface costs. All that is out of the ordinary goes that way: other
requests, answers that are read from a disk, answers behind others that are still to come.
"""

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, Protocol

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from sekisho.app.forwarded import Network, caller_address
from sekisho.app.inflow import Inflow
from sekisho.app.outflow import JoiningTransport, written
from sekisho.wire.http import Headers, HttpRequest, HttpResponse, WholeBody
from sekisho.wire.query import is_form

OPEN_INFLOW = "sekisho.open_inflow"
"""In the scope: opens the body of the request for the thread that calls it."""

IS_GONE = "sekisho.is_gone"
"""In the scope: tells whether the client has gone away."""

LARGEST_HEAD = 64 * 1024
LARGEST_AT_ONCE = 16 * 1024
PATIENCE_SECONDS = 30
LOOKS_WHEN_STUCK = 2
FORWARDED = "x-forwarded-for"
MOST_IN_LINE = 64
# As they go over the wire, which is how ASGI's extension for TLS has them.
TLS_VERSIONS = {0x0303: "1.2", 0x0304: "1.3"}

_PLAIN_METHODS = frozenset({b"GET", b"HEAD", b"PUT"})
_PLAIN_TARGET = re.compile(rb"/[!\"$-~]+")  # no fragment

Later = Future[HttpResponse] | asyncio.Future[HttpResponse]
"""An answer that a thread is working on, or that comes by way of the event loop."""


class AnswerAtOnce(Protocol):
    """is_alone: whether nobody else is connected."""

    def __call__(self, request: HttpRequest, *, is_alone: bool) -> HttpResponse | Later | None: ...


log = logging.getLogger(__name__)


class Late:
    """A request whose answer a thread is working on, as uvicorn knows requests under way: what
    comes after it on its connection waits for its turn.
    """

    __slots__ = ("disconnected", "keep_alive", "message_event", "response_complete")

    def __init__(self) -> None:
        self.disconnected = False
        self.keep_alive = True
        self.message_event = asyncio.Event()
        self.response_complete = False


class BoundedProtocol(HttpToolsProtocol):
    """Heads of requests are bounded in size and in time; so are forms that are answered at once.

    How long another body may take is for who reads it to say. What surrounds its chunks is bounded
    as a head is, and fields after it are nobody's.
    trusted_proxies: who is believed about where a request comes from.
    answer_at_once: answers without waiting for anything, with bytes, or has a thread do it; None if
    it is for the application to answer.
    A client that takes nothing of its answers for a minute is cut off. Of connections there are
    fewer than `limit_concurrency`: whoever has let us wait longest makes room for who comes.
    """

    transport: JoiningTransport  # type: ignore[assignment]
    _deadline: float | None = None  # loop time; None while nothing is awaited
    _since: float | None = None  # loop time; None while the client waits for us
    _is_in_head = True
    _is_in_body = False
    _idle_bytes = 0  # of the head, or of what came since the last byte of the body
    _is_flowing = False
    _stuck = 0  # looks in a row
    _watch: asyncio.TimerHandle | None = None
    _fields: Headers | None = None  # of a request that may be answered at once
    _form: bytearray
    _inflow: Inflow | None = None  # where the body goes that is being received
    _extensions: dict[str, Any] | None = None
    _tls = ""

    def __init__(
        self,
        *settings: Any,
        answer_at_once: AnswerAtOnce,
        trusted_proxies: Sequence[Network] = (),
        **more: Any,
    ) -> None:
        super().__init__(*settings, **more)
        self._answer_at_once = answer_at_once
        self._trusted = trusted_proxies

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._plain = transport
        tls = transport.get_extra_info("ssl_object")
        if tls is not None:
            self._extensions = {"tls": {"tls_version": spoken_version(tls.version())}}
            self._tls = tls_version(self._extensions)
        self.transport = JoiningTransport(transport)
        self._since = self.loop.time()
        self._deadline = self._since + PATIENCE_SECONDS
        if self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency:
            make_room(self.connections, self)
        self._watch = self.loop.call_later(PATIENCE_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        if self._inflow is not None:
            self._inflow.lose()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self.url, self.headers, self.expect_100_continue = b"", [], False
        self._idle_bytes = 0
        self._is_in_head, self._is_in_body = True, False
        self._since = self.loop.time()
        self._deadline = self._since + PATIENCE_SECONDS

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._is_in_head:
            return
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._idle_bytes = 0
        self._is_in_head, self._is_in_body = False, True
        self._fields = self._fields_at_once()
        if self._fields is None:
            self._begin_for_uvicorn()
        else:
            self._form = bytearray()

    def on_body(self, body: bytes) -> None:
        self._is_flowing = True
        if self._inflow is not None:
            if not self._inflow.put(body):
                self.flow.pause_reading()
            return
        if self._fields is None:
            super().on_body(body)
            return
        self._form += body
        if len(self._form) > LARGEST_AT_ONCE:
            self._hand_over()

    def on_message_complete(self) -> None:
        self._is_in_body = False
        self._deadline = self._since = None
        fields = self._fields
        if fields is None:
            if self._inflow is not None:
                self._inflow.end()
                self._inflow = None
            super().on_message_complete()
            return
        is_alone = len(self.connections) == 1
        response = self._answer_at_once(self._request(fields), is_alone=is_alone)
        if response is None:
            self._hand_over()
            super().on_message_complete()
            return
        self._fields = None
        if not isinstance(response, HttpResponse):
            self._wait_for(response)
            return
        self._send(response)
        self._rest()

    def _rest(self) -> None:
        """Begin to wait for another request."""
        self._since = self.loop.time()
        self._deadline = self._since + self.timeout_keep_alive

    def _send(self, response: HttpResponse) -> None:
        self.transport.write_at_once(written(response, self.server_state.default_headers))
        self.server_state.total_requests += 1

    def _wait_for(self, answer: Later) -> None:
        late = Late()
        self.cycle = late  # type: ignore[assignment]
        if isinstance(answer, asyncio.Future):
            answer.add_done_callback(partial(self._send_late, late))
            return
        answer.add_done_callback(
            lambda answer: self.loop.call_soon_threadsafe(self._send_late, late, answer)
        )

    def _send_late(self, late: Late, answer: Later) -> None:
        late.response_complete = True
        if late.disconnected or self._plain.is_closing():
            return
        try:
            self._send(answer.result())
        except Exception:
            log.exception("an answer was lost")
            late.keep_alive = False
        if not late.keep_alive:
            self.transport.close()
        elif self.pipeline:
            super().on_response_complete()
        else:
            self._rest()

    def _fields_at_once(self) -> Headers | None:
        """The header fields of a plain request with nothing before it; None for any other.

        Plain is a form that is posted to ``/``, what has no body and is to be read, and what is
        small and put somewhere.
        """
        parser = self.parser
        method = parser.get_method()
        if (
            (method != b"POST" if self.url == b"/" else method not in _PLAIN_METHODS)
            or parser.get_http_version() != "1.1"
            or not parser.should_keep_alive()
            or parser.should_upgrade()
            or self.expect_100_continue
            or not self._is_at_rest()
        ):
            return None
        fields = Headers.received(self.headers)
        if method == b"POST":
            return fields if is_form(fields) else None
        if "transfer-encoding" in fields or not _PLAIN_TARGET.fullmatch(self.url):
            return None
        length = int(fields.get("content-length", "0"))  # the parser has refused what is no number
        return fields if length <= (LARGEST_AT_ONCE if method == b"PUT" else 0) else None

    def _request(self, fields: Headers) -> HttpRequest:
        path, _, query = self.url.decode("latin-1").partition("?")
        return HttpRequest(
            self.parser.get_method().decode("latin-1"),
            path,
            query,
            fields,
            WholeBody(bytes(self._form)),
            self.scheme == "https",
            self._caller(fields),
            self._tls,
        )

    def _caller(self, fields: Headers) -> str:
        """The address that the request came from; empty if that is not known."""
        peer = self.client[0] if self.client else ""
        if not self._trusted or FORWARDED not in fields:
            return peer
        return caller_address(peer, fields.get(FORWARDED, ""), self._trusted)

    def _is_at_rest(self) -> bool:
        """Whether no answer is still to come, the last has been taken, and there is no crowd."""
        return (
            (self.cycle is None or self.cycle.response_complete)
            and not self.flow.write_paused
            and not self._plain.is_closing()
            and (self.limit_concurrency is None or len(self.connections) < self.limit_concurrency)
        )

    def _hand_over(self) -> None:
        """Let uvicorn deal with it, as if its head and its bytes had come just now."""
        self._fields = None
        self._begin_for_uvicorn()
        if self._form:
            super().on_body(bytes(self._form))

    def _begin_for_uvicorn(self) -> None:
        """Tell uvicorn of the head, now that it is known that its scope is needed."""
        self._deadline = None
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers += headers  # the list that its scope holds
        if self._extensions is not None:
            self.scope["extensions"] = self._extensions
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        super().on_headers_complete()
        if len(self.pipeline) > MOST_IN_LINE:
            raise ValueError("too many requests at once")  # as one that cannot be read
        cycle = self.cycle
        if self._trusted:
            scope["client"] = (self._caller(Headers.received(self.headers)), 0)
        scope[OPEN_INFLOW] = partial(self._open_inflow, cycle)
        scope[IS_GONE] = lambda: cycle.disconnected

    def _open_inflow(self, cycle: RequestResponseCycle) -> Inflow:
        """Called by the thread that is about to read what has not been received yet."""
        inflow = Inflow(partial(self.loop.call_soon_threadsafe, self.flow.resume_reading))
        self.loop.call_soon_threadsafe(self._let_flow, cycle, inflow)
        return inflow

    def _let_flow(self, cycle: RequestResponseCycle, inflow: Inflow) -> None:
        if cycle.disconnected or cycle.response_complete:
            inflow.lose()
            return
        if cycle.body:
            inflow.put(bytes(cycle.body))
            cycle.body = bytearray()
        if not cycle.more_body:
            inflow.end()
            return
        self._inflow = inflow
        self._since = None
        if cycle.waiting_for_100_continue:
            self.transport.write_at_once(b"HTTP/1.1 100 Continue\r\n\r\n")
            cycle.waiting_for_100_continue = False
        self.flow.resume_reading()

    def on_response_complete(self) -> None:
        if self._inflow is not None:
            self._inflow.lose()  # for a thread whose answer is not waited for any more
            self._inflow = None
        self.transport.flush()
        if not self.pipeline:
            self._rest()
        super().on_response_complete()

    def data_received(self, data: bytes) -> None:
        self._is_flowing = False
        super().data_received(data)
        if self._is_flowing:
            self._idle_bytes = 0
        elif self._is_in_head or self._is_in_body:
            self._idle_bytes += len(data)
            if self._idle_bytes > LARGEST_HEAD:
                self.transport.close()

    def _look(self) -> None:
        """Close a connection that has kept us waiting for too long; else look again later."""
        self._stuck = self._stuck + 1 if self.transport.is_stuck() else 0
        if self._stuck == LOOKS_WHEN_STUCK:
            self.transport.abort()
            return
        if self._deadline is not None and self.loop.time() >= self._deadline:
            self.transport.close()  # once what was answered has been taken
        self._watch = self.loop.call_later(PATIENCE_SECONDS, self._look)


def make_room(connections: set[Any], newcomer: BoundedProtocol) -> None:
    """Cut off who has let us wait longest; the newcomer if all the others wait for us."""
    others = connections - {newcomer}
    waiting = [each for each in others if each._since is not None]
    longest = min(waiting, key=lambda each: each._since, default=newcomer)
    connections.discard(longest)
    longest.transport.abort()


def spoken_version(name: str | None) -> int | None:
    """The number of a TLS version that is named as OpenSSL does, such as ``TLSv1.3``."""
    versions = {f"TLSv{text}": number for number, text in TLS_VERSIONS.items()}
    return versions.get(name or "")


def tls_version(extensions: Mapping[str, Any]) -> str:
    """The version of TLS that ASGI's extensions tell of, such as ``1.3``; empty if of none."""
    return TLS_VERSIONS.get(extensions.get("tls", {}).get("tls_version"), "")
