"""Small uploads that come at once share commits, so many at most."""

import asyncio
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest

from gate.gatehouse import HERE, Gatehouse, received
from sekisho.app import lots
from sekisho.app.lots import Lots
from sekisho.directory.batch import Batch
from sekisho.gate.pipeline import Draft, begin, finish
from sekisho.wire.http import HttpResponse
from sekisho.wire.route import find_route


@pytest.fixture
def gatehouse(tmp_path: Path) -> Iterator[Gatehouse]:
    opened = Gatehouse(tmp_path / "data")
    opened.done(opened.store(opened.home, "PUT", "/shared"))
    yield opened
    opened.close()


async def answers_to(
    gatehouse: Gatehouse, scribe: ThreadPoolExecutor, count: int
) -> list[int | str]:
    """The statuses of so many uploads that come at once, or what was raised instead."""
    waiting, answers = Lots(gatehouse.authority, scribe), []
    for number in range(count):
        signed = AWSRequest("PUT", f"{HERE}/shared/{number}", {}, b"bytes")
        S3SigV4Auth(gatehouse.home, "s3", "us-east-1").add_auth(signed)
        request = received(signed, b"bytes")
        route = find_route(request)
        draft = begin(request, gatehouse.authority, route)
        assert isinstance(draft, Draft)
        answers.append(waiting.add(draft, request, route))
    told = await asyncio.gather(*answers, return_exceptions=True)
    return [each.status if isinstance(each, HttpResponse) else repr(each) for each in told]


def test_what_waits_shares_a_commit(gatehouse: Gatehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lots, "LARGEST_LOT", 3)
    counted, commit = list[int](), Batch.commit

    def counting(self: Batch) -> None:
        counted.append(self._writers)
        commit(self)

    monkeypatch.setattr(Batch, "commit", counting)
    with ThreadPoolExecutor(1) as scribe:
        assert asyncio.run(answers_to(gatehouse, scribe, 7)) == [200] * 7
    assert counted == [3, 3, 1]
    for number in range(7):
        assert gatehouse.store(gatehouse.home, "GET", f"/shared/{number}").text == "bytes"


def test_an_answer_that_cannot_be_made_keeps_back_no_other(
    gatehouse: Gatehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = itertools.count()

    def failing(*given: Any) -> HttpResponse:
        if next(made) == 1:
            raise OSError("the audit trail is full")
        return finish(*given)

    monkeypatch.setattr(lots, "finish", failing)
    with ThreadPoolExecutor(1) as scribe:
        told = asyncio.run(answers_to(gatehouse, scribe, 3))
    assert told == [200, "OSError('the audit trail is full')", 200]


def test_whatever_becomes_of_a_lot_is_told(
    gatehouse: Gatehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: Any) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(lots, "write_together", fail)
    with ThreadPoolExecutor(1) as scribe:
        assert asyncio.run(answers_to(gatehouse, scribe, 2)) == ["OSError('no disk')"] * 2
