"""Small writes that come at once are decided one after the other, and kept by one commit."""

import asyncio
import itertools
import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from demo.policies import allow, deny

from gate.gatehouse import HERE, Answer, Gatehouse, read, received
from sekisho.app import lots
from sekisho.app.application import Threads, begin_threads
from sekisho.app.lots import Lots
from sekisho.directory import sqlite
from sekisho.directory.batch import Batch
from sekisho.directory.errors import StoreError
from sekisho.directory.sqlite import SqliteDirectory
from sekisho.directory.store import Lot
from sekisho.gate.pipeline import begin, finish
from sekisho.wire.http import HttpRequest, HttpResponse
from sekisho.wire.route import find_route

ALL = json.dumps(allow("iam:*", "*"))


@pytest.fixture
def gatehouse(tmp_path: Path) -> Iterator[Gatehouse]:
    opened = Gatehouse(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def threads() -> Iterator[Threads]:
    begun = begin_threads()
    yield begun
    begun.shut_down()


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many writers shared each commit."""
    counted: list[int] = []
    commit = Batch.commit

    def counting(self: Batch) -> None:
        counted.append(self._writers)
        commit(self)

    monkeypatch.setattr(Batch, "commit", counting)
    return counted


def told(
    gatehouse: Gatehouse, threads: Threads, *requests: HttpRequest, is_alone: bool = False
) -> list[Any]:
    """What is answered to requests that came at the same time, by a loop that is never held up;
    what was raised where an answer is lost.
    """

    async def ask() -> list[Any]:
        authority = gatehouse.authority
        authority.access.evidence.never_hold_up(threading.get_ident())
        waiting, asked = Lots(authority, threads.scribe, threads.calls), list[Any]()
        try:
            for request in requests:
                route = find_route(request)
                begun = begin(request, authority, route, decides=False)
                if not isinstance(begun, HttpResponse):
                    asked.append(waiting.add(begun, request, route, is_alone=is_alone))
                else:
                    asked.append(begun)
            promised = [one for one in asked if not isinstance(one, HttpResponse)]
            kept = iter(await asyncio.gather(*promised, return_exceptions=True))
            return [one if isinstance(one, HttpResponse) else next(kept) for one in asked]
        finally:
            authority.access.evidence.never_hold_up(0)

    return asyncio.run(ask())


def answers(
    gatehouse: Gatehouse, threads: Threads, *requests: HttpRequest, is_alone: bool = False
) -> list[Answer]:
    return [read(one) for one in told(gatehouse, threads, *requests, is_alone=is_alone)]


def creating(gatehouse: Gatehouse, by: Any, *names: str) -> list[HttpRequest]:
    return [gatehouse.query(by, "CreateUser", UserName=name) for name in names]


def putting(gatehouse: Gatehouse, by: Any, *keys: str) -> list[HttpRequest]:
    requests = []
    for key in keys:
        signed = AWSRequest("PUT", f"{HERE}/shared/{key}", {}, b"bytes")
        S3SigV4Auth(by, "s3", "us-east-1").add_auth(signed)
        requests.append(received(signed, b"bytes"))
    return requests


def taken(gatehouse: Gatehouse) -> Lot:
    """A lot of another thread, which has the turn to write."""
    with ThreadPoolExecutor(1) as other:
        return other.submit(gatehouse.authority.directory.open_lot).result()


def names(gatehouse: Gatehouse) -> list[str]:
    listed = gatehouse.done(gatehouse.call(gatehouse.home, "ListUsers")).text
    return [piece.partition("<")[0] for piece in listed.split("<UserName>")[1:]]


@pytest.fixture
def una(gatehouse: Gatehouse) -> Any:
    """A user whose key and policies are in memory."""
    keys = gatehouse.new_user("una", ALL)
    gatehouse.call(keys, "ListUsers")
    return keys


def test_what_comes_together_is_one_commit(
    gatehouse: Gatehouse, threads: Threads, una: Any, commits: list[int]
) -> None:
    got = answers(gatehouse, threads, *creating(gatehouse, una, "a", "b", "c"))
    assert [answer.value("UserName") for answer in got] == ["a", "b", "c"]
    assert commits == [3]
    assert names(gatehouse) == ["a", "b", "c", "una"]
    lines = gatehouse.lines()[::-1][1:4]
    assert [(line["operation"], line["status"]) for line in lines] == [("iam:CreateUser", 200)] * 3


def test_uploads_and_users_share_a_commit(
    gatehouse: Gatehouse, threads: Threads, commits: list[int]
) -> None:
    home = gatehouse.home
    gatehouse.done(gatehouse.store(home, "PUT", "/shared"))
    gatehouse.done(gatehouse.store(home, "PUT", "/shared/there", b"old"))
    commits.clear()
    requests = [*putting(gatehouse, home, "a", "there"), *creating(gatehouse, home, "una")]
    assert [answer.status for answer in answers(gatehouse, threads, *requests)] == [200] * 3
    assert commits == [3]
    for key in ("a", "there"):
        assert gatehouse.store(home, "GET", f"/shared/{key}").text == "bytes"


def test_who_comes_later_in_a_lot_finds_what_is_there(
    gatehouse: Gatehouse, threads: Threads, una: Any
) -> None:
    """W-162, W-168: of two who make the same one is told so."""
    gone = gatehouse.query(una, "DeleteUser", UserName="a")
    first, second, third = creating(gatehouse, una, "a", "A", "a")
    got = answers(gatehouse, threads, first, second, gone, third)
    assert [answer.status for answer in got] == [200, 409, 200, 200]
    assert names(gatehouse) == ["a", "una"]


def test_more_than_a_lot_holds_is_the_next_lot(
    gatehouse: Gatehouse,
    threads: Threads,
    una: Any,
    commits: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lots, "LARGEST_LOT", 2)
    got = answers(gatehouse, threads, *creating(gatehouse, una, "a", "b", "c"))
    assert [answer.status for answer in got] == [200, 200, 200]
    assert commits == [2, 1]


def test_who_may_not_writes_nothing(gatehouse: Gatehouse, threads: Threads, una: Any) -> None:
    duo = gatehouse.new_user("duo", json.dumps(deny("iam:CreateUser", "*")))
    for keys in (una, duo):
        gatehouse.call(keys, "ListUsers")
    first, second = creating(gatehouse, duo, "a"), creating(gatehouse, una, "b")
    denied, made = answers(gatehouse, threads, *first, *second)
    assert denied.refusal[:2] == (403, "AccessDenied")
    assert made.status == 200
    assert names(gatehouse) == ["b", "duo", "una"]


def test_who_did_not_sign_opens_no_lot(
    gatehouse: Gatehouse, threads: Threads, commits: list[int]
) -> None:
    (got,) = answers(gatehouse, threads, *creating(gatehouse, None, "a"))
    assert got.status == 403
    assert commits == []


def test_who_is_decided_by_what_is_not_committed_yet_is_decided_by_a_thread(
    gatehouse: Gatehouse, threads: Threads
) -> None:
    """The loop loads no evidence: here it is what was revoked just before, in the same lot."""
    una, home = gatehouse.new_user("una"), gatehouse.home
    team = {"GroupName": "team"}
    gatehouse.done(gatehouse.call(home, "CreateGroup", **team))
    group = {**team, "PolicyName": "p", "PolicyDocument": ALL}
    gatehouse.done(gatehouse.call(home, "PutGroupPolicy", **group))
    gatehouse.done(gatehouse.call(home, "AddUserToGroup", UserName="una", **team))
    for keys in (una, home):
        gatehouse.done(gatehouse.call(keys, "ListUsers"))
    leaving = gatehouse.query(home, "RemoveUserFromGroup", UserName="una", **team)
    left, made = answers(gatehouse, threads, leaving, *creating(gatehouse, una, "a"))
    assert left.status == 200
    assert made.refusal[:2] == (403, "AccessDenied")
    assert names(gatehouse) == ["una"]


def test_a_lot_waits_for_the_turn(
    gatehouse: Gatehouse, threads: Threads, una: Any, commits: list[int]
) -> None:
    directory, holder = gatehouse.authority.directory, taken(gatehouse)
    assert isinstance(directory, SqliteDirectory)

    def let_go() -> None:
        while not directory._turns._waiting:
            os.sched_yield()
        holder.commit()

    other = threading.Thread(target=let_go)
    other.start()
    got = answers(gatehouse, threads, *creating(gatehouse, una, "a", "b"))
    other.join()
    assert [answer.status for answer in got] == [200, 200]
    assert sum(commits) == 2


def test_nobody_waits_for_the_turn_without_end(
    gatehouse: Gatehouse, threads: Threads, una: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE_SECONDS", 0.01)
    holder = taken(gatehouse)
    got = answers(gatehouse, threads, *creating(gatehouse, una, "a", "b"))
    holder.commit()
    assert [answer.refusal[:2] for answer in got] == [(503, "ServiceUnavailable")] * 2
    assert names(gatehouse) == ["una"]


@pytest.fixture
def losing(una: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From now on no commit succeeds."""

    def lose(self: Batch) -> None:
        self.line.driver.execute("ROLLBACK")
        self._failure = StoreError("the disk is full")
        self._is_over.set()

    with monkeypatch.context() as broken:
        broken.setattr(Batch, "commit", lose)
        yield


def test_nobody_hears_of_success_if_the_commit_fails(
    gatehouse: Gatehouse, threads: Threads, una: Any, losing: None
) -> None:
    got = answers(gatehouse, threads, *creating(gatehouse, una, "a", "b"))
    assert [answer.refusal[:2] for answer in got] == [(500, "InternalFailure")] * 2
    assert names(gatehouse) == ["una"]
    lines = gatehouse.lines()[::-1]
    assert [line["status"] for line in lines[1:3]] == [500, 500]


def test_whoever_is_alone_is_answered_at_once(
    gatehouse: Gatehouse, threads: Threads, una: Any, commits: list[int]
) -> None:
    """One after the other: no thread is asked, so a pool that has ended does not matter."""
    threads.shut_down()
    first, second, third = creating(gatehouse, una, "a", "A", "b")
    got = answers(gatehouse, threads, first, second, third, is_alone=True)
    assert [answer.status for answer in got] == [200, 409, 200]
    assert len(commits) == 3
    assert names(gatehouse) == ["a", "b", "una"]


def test_whoever_is_alone_waits_while_others_write(
    gatehouse: Gatehouse, threads: Threads, una: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE_SECONDS", 0.01)
    holder = taken(gatehouse)
    (got,) = answers(gatehouse, threads, *creating(gatehouse, una, "a"), is_alone=True)
    holder.commit()
    assert got.refusal[:2] == (503, "ServiceUnavailable")


def test_whoever_is_alone_does_not_hear_of_success_if_the_commit_fails(
    gatehouse: Gatehouse, threads: Threads, una: Any, losing: None
) -> None:
    (got,) = answers(gatehouse, threads, *creating(gatehouse, una, "a"), is_alone=True)
    assert got.refusal[:2] == (500, "InternalFailure")


def test_an_answer_that_cannot_be_made_keeps_back_no_other(
    gatehouse: Gatehouse, threads: Threads, una: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = itertools.count()

    def failing(*given: Any) -> HttpResponse:
        if next(made) == 1:
            raise OSError("the audit trail is full")
        return finish(*given)

    monkeypatch.setattr(lots, "finish", failing)
    first, lost, last = told(gatehouse, threads, *creating(gatehouse, una, "a", "b", "c"))
    assert (read(first).status, read(last).status) == (200, 200)
    assert repr(lost) == "OSError('the audit trail is full')"


@pytest.mark.parametrize("step", ["write_in", "keep"])
def test_whatever_becomes_of_a_lot_is_told(
    gatehouse: Gatehouse, threads: Threads, una: Any, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    whole = getattr(lots, step)

    def fail(lot: Lot, *given: Any) -> None:
        whole(lot, *given)
        if step == "write_in":
            lot.commit()
        raise OSError("no disk")

    monkeypatch.setattr(lots, step, fail)
    got = answers(gatehouse, threads, *creating(gatehouse, una, "a", "b"))
    assert [answer.refusal[:2] for answer in got] == [(500, "InternalFailure")] * 2
    monkeypatch.undo()
    (last,) = answers(gatehouse, threads, *creating(gatehouse, una, "c"))
    assert last.status == 200


@pytest.mark.parametrize("is_alone", [False, True])
def test_a_store_that_cannot_be_written_is_told_of(
    gatehouse: Gatehouse,
    threads: Threads,
    una: Any,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_alone: bool,
) -> None:
    def fail(*_given: Any, **_more: Any) -> Lot:
        raise StoreError("no disk")

    monkeypatch.setattr(lots, "open_lot", fail)
    got = answers(gatehouse, threads, *creating(gatehouse, una, "a", "b"), is_alone=is_alone)
    assert [answer.refusal[:2] for answer in got] == [(500, "InternalFailure")] * 2
    monkeypatch.undo()
    (last,) = answers(gatehouse, threads, *creating(gatehouse, una, "c"), is_alone=is_alone)
    assert last.status == 200
