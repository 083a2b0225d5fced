"""Small uploads that come at once share commits, so many at most."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest

from gate.gatehouse import HERE, Gatehouse, received
from sekisho.app import lots
from sekisho.app.lots import Lots
from sekisho.directory.batch import Batch
from sekisho.gate.pipeline import Draft, begin
from sekisho.wire.route import find_route


@pytest.fixture
def gatehouse(tmp_path: Path) -> Iterator[Gatehouse]:
    opened = Gatehouse(tmp_path / "data")
    opened.done(opened.store(opened.home, "PUT", "/shared"))
    yield opened
    opened.close()


def test_what_waits_shares_a_commit(gatehouse: Gatehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lots, "LARGEST_LOT", 3)
    counted, commit = list[int](), Batch.commit

    def counting(self: Batch) -> None:
        counted.append(self._writers)
        commit(self)

    monkeypatch.setattr(Batch, "commit", counting)

    async def put_all(scribe: ThreadPoolExecutor) -> list[int]:
        waiting = Lots(gatehouse.authority, scribe)
        answers = []
        for number in range(7):
            signed = AWSRequest("PUT", f"{HERE}/shared/{number}", {}, b"bytes")
            S3SigV4Auth(gatehouse.home, "s3", "us-east-1").add_auth(signed)
            request = received(signed, b"bytes")
            route = find_route(request)
            draft = begin(request, gatehouse.authority, route)
            assert isinstance(draft, Draft)
            answers.append(waiting.add(draft, request, route))
        return [(await answer).status for answer in answers]

    with ThreadPoolExecutor(1) as scribe:
        assert asyncio.run(put_all(scribe)) == [200] * 7
    assert counted == [3, 3, 1]
    for number in range(7):
        assert gatehouse.store(gatehouse.home, "GET", f"/shared/{number}").text == "bytes"
