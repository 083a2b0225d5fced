"""Where the processor time of an AssumeRole goes, stage by stage, inside one process.

``python -m bench.stages`` from the repository root, in the environment of the tests. Each stage is
repeated by itself, so it finds the processor's caches warm: the stages together come to less than
the whole, which is measured beside them on 200 different requests.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvloop
from rich.console import Console
from rich.table import Table
from uvicorn.server import ServerState

from bench.servers import SIDES, serving
from bench.setup import settle
from sekisho.access.decide import Ruling
from sekisho.app.assemble import assemble
from sekisho.app.outflow import written
from sekisho.app.protocol import BoundedProtocol
from sekisho.app.server import configure
from sekisho.app.settings import Settings
from sekisho.gate.audit import Entry
from sekisho.gate.authenticate import authenticate
from sekisho.gate.authority import Authority
from sekisho.gate.pipeline import ambient, desk_for, handle
from sekisho.policy import decide
from sekisho.services import OPERATIONS, Call
from sekisho.wire.http import Headers, HttpRequest, WholeBody
from sekisho.wire.route import find_route

REPEATS = 2_000
ROUNDS = 9

Stage = tuple[str, Callable[[], object]]


class Sink:
    """A transport that takes answers and keeps the last."""

    def __init__(self) -> None:
        self.answer = b""

    def write(self, data: bytes) -> None:
        self.answer = data

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)}.get(name, default)

    def is_closing(self) -> bool:
        return False


def main() -> int:
    table = Table("stage of an AssumeRole", "µs")
    table.columns[1].justify = "right"
    for title, micros in break_down():
        table.add_row(title, f"{micros:.1f}")
    Console(highlight=False).print(table)
    return 0


def break_down() -> list[tuple[str, float]]:
    """The stages and the whole, each with its microseconds. Raises SideFailed without a server."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        side = next(side for side in SIDES if side.name == "sekisho")
        with serving(side, Path(name)) as server:
            shots = settle(server.endpoint, server.source, server.destination).assume()
        requests = [(shot.request.encode(), shot.expected.encode()) for shot in shots]
        loop = uvloop.new_event_loop()
        with assembled(Path(name) / "data") as authority:
            rows = loop.run_until_complete(measure(authority, Path(name) / "data", requests))
        loop.close()
    return rows


@contextmanager
def assembled(data: Path) -> Iterator[Authority]:
    authority = assemble(data)
    try:
        yield authority
    finally:
        authority.audit.close()
        authority.directory.close()


async def measure(
    authority: Authority, data: Path, requests: list[tuple[bytes, bytes]]
) -> list[tuple[str, float]]:
    config = configure(Settings(data), authority)
    config.load()
    protocol: BoundedProtocol = config.http_protocol_class(  # type: ignore[assignment,call-arg]
        config=config, server_state=ServerState(), app_state={}, _loop=asyncio.get_running_loop()
    )
    sink = Sink()
    protocol.connection_made(sink)  # type: ignore[arg-type]
    for request, expected in requests:  # loads the evidence; a first one may go to a thread
        protocol.data_received(request)
        while expected not in sink.answer:
            await asyncio.sleep(0.001)

    def whole() -> None:
        for request, _ in requests:
            protocol.data_received(request)

    rows = [(title, best(stage, REPEATS)) for title, stage in stages(authority, requests[0][0])]
    return [*rows, ("the whole, from bytes to bytes", best(whole, 1) / len(requests))]


def stages(authority: Authority, raw: bytes) -> Iterator[Stage]:
    """The body of `pipeline.handle`, cut into pieces that can be repeated."""
    head, _, body = raw.decode().partition("\r\n\r\n")
    fields = [tuple(line.split(": ", 1)) for line in head.split("\r\n")[1:]]
    pairs = [(name, value) for name, value in fields]
    yield "header fields to a request", lambda: Headers(pairs)
    request = HttpRequest("POST", "/", "", Headers(pairs), WholeBody(body.encode()))
    yield "find the route", lambda: find_route(request)
    route = find_route(request)
    evidence = authority.access.evidence
    yield "learn what has changed", evidence.refresh
    yield "verify the signature", lambda: authenticate(request, route, authority)
    authentic = authenticate(request, route, authority)
    yield "read and check the input", lambda: route.parse(request)
    entry = Entry(authority.audit, "request", authority.clock(), request.client)
    around = ambient(request, authentic, entry)
    call = Call(authentic.caller, route.parse(request), around)
    operation = OPERATIONS["sts:AssumeRole"]
    with authority.directory.reading() as tx:
        desk = desk_for(tx, authority)
        yield "what is asked, and its context", lambda: operation.asks(call, desk)
        ask = operation.asks(call, desk)[0]
        yield (
            "gather evidence, decide",
            lambda: desk.access.decide(call.caller, call.ambient, ask),
        )
        ruling: Ruling = desk.access.decide(call.caller, call.ambient, ask)
        yield "… the decision alone", lambda: decide(ruling.question, ruling.evidence)
        yield "mint the credentials", lambda: operation.run(call, desk)
        output = operation.run(call, desk)
    yield "render the answer", lambda: route.render(output, "request")
    entry.named("sts:AssumeRole", "bench")
    entry.called_by(authentic.caller)
    entry.decided([ruling])
    yield "write the audit line", lambda: entry.end(200)
    response = route.render(output, "request")
    yield "bytes for the wire", lambda: written(response, [])
    yield "all from request to response", lambda: handle(request, authority, route)


def best(act: Callable[[], object], times: int) -> float:
    """Microseconds of processor time for one, the best of several rounds."""
    act()
    found = []
    for _ in range(ROUNDS):
        before = time.process_time()
        for _ in range(times):
            act()
        found.append((time.process_time() - before) / times * 1e6)
    return min(found)


if __name__ == "__main__":
    sys.exit(main())
