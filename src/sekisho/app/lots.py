"""Small writes that come at once are written in lots, each with one transaction and one sync.

They are let in on the event loop, where their last byte is parsed, and written by its thread. To
write takes less than to hand over what is to be written: each call of SQLite would give Python's
lock away to a thread that has to be woken for it. A thread, the scribe, waits for the disk and,
where others write, for the turn; what comes meanwhile is the next lot.
Whoever is the only one connected holds up nobody: their write is committed by the loop's thread.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any, NamedTuple

from sekisho.access.evidence import WouldWait
from sekisho.directory.store import Busy, Lot
from sekisho.gate.authority import Authority
from sekisho.gate.lots import decide_and_write, keep, open_lot, write_in
from sekisho.gate.pipeline import Draft, Outcome, finish, settled
from sekisho.wire.http import HttpRequest, HttpResponse
from sekisho.wire.route import Route

LARGEST_LOT = 32
"""Others are held up while a lot is written: some milliseconds at most."""

Answer = asyncio.Future[HttpResponse]


class Waiting(NamedTuple):
    draft: Draft
    request: HttpRequest
    route: Route
    answer: Answer


class Lots:
    """Drafts that wait for the lot before them to be kept; of one event loop.

    scribe: the thread that waits for it; others: threads for what may take long after all.
    """

    def __init__(self, authority: Authority, scribe: Executor, others: Executor) -> None:
        self._authority = authority
        self._scribe = scribe
        self._others = others
        self._waiting: list[Waiting] = []
        self._is_writing = False

    def add(
        self, draft: Draft, request: HttpRequest, route: Route, *, is_alone: bool = False
    ) -> HttpResponse | Answer:
        """The answer to a draft, once it is on the disk. Called on the event loop.

        is_alone: whether nobody else is connected.
        """
        loop = asyncio.get_running_loop()
        waiting = Waiting(draft, request, route, loop.create_future())
        if is_alone and not self._is_writing:
            try:
                return self._write_alone(waiting, open_lot(self._authority, at_once=True))
            except Busy:
                pass
            except Exception as error:
                return self._finished(waiting, error)
        self._waiting.append(waiting)
        if not self._is_writing:
            self._is_writing = True
            loop.call_soon(self._begin)  # with what else has been received by now
        return waiting.answer

    def _write_alone(self, waiting: Waiting, lot: Lot) -> HttpResponse | Answer:
        left, outcomes = self._written(lot, [waiting])
        outcomes = keep(lot, drafts(left), outcomes)
        return self._finished(waiting, outcomes[0]) if left else waiting.answer

    def _begin(self) -> None:
        try:
            lot = open_lot(self._authority, at_once=True)
        except Busy:
            self._once(self._scribe.submit(open_lot, self._authority), self._begin_late)
        except Exception as error:
            self._refuse(error)
        else:
            self._write(lot)

    def _begin_late(self, opened: Future[Lot]) -> None:
        try:
            lot = opened.result()
        except Exception as error:
            self._refuse(error)
        else:
            self._write(lot)

    def _refuse(self, error: Exception) -> None:
        """Tell all who wait that there is no lot."""
        refused, self._waiting = self._waiting, []
        self._answer(refused, settled(drafts(refused), [error] * len(refused)))

    def _write(self, lot: Lot) -> None:
        taken, self._waiting = self._waiting[:LARGEST_LOT], self._waiting[LARGEST_LOT:]
        try:
            left, outcomes = self._written(lot, taken)
        except Exception as error:
            self._answer(taken, [error] * len(taken))
            return
        kept = self._scribe.submit(keep, lot, drafts(left), outcomes)
        self._once(kept, partial(self._answer_kept, left))

    def _answer_kept(self, written: Sequence[Waiting], kept: Future[list[Outcome]]) -> None:
        try:
            outcomes = kept.result()
        except Exception as error:
            outcomes = [error] * len(written)
        self._answer(written, outcomes)

    def _written(
        self, lot: Lot, taken: Sequence[Waiting]
    ) -> tuple[Sequence[Waiting], list[Outcome]]:
        """Those that were written, and what came of them; the others are handed over."""
        outcomes = write_in(lot, drafts(taken), self._authority)
        if not any(isinstance(outcome, WouldWait) for outcome in outcomes):
            return taken, outcomes
        left = []
        for waiting, outcome in zip(taken, outcomes, strict=True):
            if isinstance(outcome, WouldWait):
                done = self._others.submit(decide_and_write, waiting.draft, self._authority)
                self._once(done, partial(self._answer_one, waiting))
            else:
                left.append(waiting)
        return left, [outcome for outcome in outcomes if not isinstance(outcome, WouldWait)]

    def _answer(self, written: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
        for waiting, outcome in zip(written, outcomes, strict=True):
            self._tell(waiting, outcome)
        self._is_writing = bool(self._waiting)
        if self._is_writing:
            asyncio.get_running_loop().call_soon(self._begin)

    def _answer_one(self, waiting: Waiting, done: Future[Outcome]) -> None:
        try:
            outcome = done.result()
        except Exception as error:
            outcome = error
        self._tell(waiting, outcome)

    def _tell(self, waiting: Waiting, outcome: Outcome) -> None:
        """Whatever is wrong with one answer, the others go out."""
        try:
            waiting.answer.set_result(self._finished(waiting, outcome))
        except Exception as error:
            waiting.answer.set_exception(error)

    def _finished(self, waiting: Waiting, outcome: Outcome) -> HttpResponse:
        draft, request, route, _ = waiting
        return finish(draft, outcome, request, self._authority, route)

    def _once(self, done: Future[Any], act: Callable[[Future[Any]], None]) -> None:
        """Do something on the loop once a thread has done its part."""
        loop = asyncio.get_running_loop()
        done.add_done_callback(lambda done: loop.call_soon_threadsafe(act, done))


def drafts(waiting: Sequence[Waiting]) -> list[Draft]:
    return [each.draft for each in waiting]
