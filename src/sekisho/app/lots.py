"""Small writes that come at once are written in lots, each with one transaction and one sync.

They are let in on the event loop, where their last byte is parsed; then one thread writes all that
wait, and the loop answers them. Between threads a lot goes back and forth once, whatever its size.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from typing import NamedTuple

from sekisho.gate.authority import Authority
from sekisho.gate.pipeline import Draft, Outcome, finish, write_together
from sekisho.wire.http import HttpRequest, HttpResponse
from sekisho.wire.route import Route

LARGEST_LOT = 64


class Waiting(NamedTuple):
    draft: Draft
    request: HttpRequest
    route: Route
    answer: asyncio.Future[HttpResponse]


class Lots:
    """Drafts that wait for the scribe, who writes one lot at a time; of one event loop."""

    def __init__(self, authority: Authority, scribe: Executor) -> None:
        self._authority = authority
        self._scribe = scribe
        self._waiting: list[Waiting] = []
        self._is_writing = False

    def add(self, draft: Draft, request: HttpRequest, route: Route) -> asyncio.Future[HttpResponse]:
        """The answer to a draft, once it is on the disk. Called on the event loop."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[HttpResponse] = loop.create_future()
        self._waiting.append(Waiting(draft, request, route, answer))
        if not self._is_writing:
            self._is_writing = True
            loop.call_soon(self._write, loop)  # with what else has been received by now
        return answer

    def _write(self, loop: asyncio.AbstractEventLoop) -> None:
        lot, self._waiting = self._waiting[:LARGEST_LOT], self._waiting[LARGEST_LOT:]
        drafts = [each.draft for each in lot]
        written = self._scribe.submit(write_together, drafts, self._authority)
        written.add_done_callback(
            lambda written: loop.call_soon_threadsafe(self._answer, loop, lot, written)
        )

    def _answer(
        self,
        loop: asyncio.AbstractEventLoop,
        lot: Sequence[Waiting],
        written: Future[list[Outcome]],
    ) -> None:
        self._is_writing = bool(self._waiting)
        if self._is_writing:
            self._write(loop)
        for place, (draft, request, route, answer) in enumerate(lot):
            # Whatever is wrong with one answer, the others go out.
            try:
                outcome = written.result()[place]
                answer.set_result(finish(draft, outcome, request, self._authority, route))
            except Exception as error:
                answer.set_exception(error)
