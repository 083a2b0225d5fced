"""Writes that are kept with one commit: each is decided again and undone alone, or none is kept."""

import json
from collections.abc import Mapping

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from demo.policies import allow, deny

from gate.gatehouse import HERE, Gatehouse, received
from sekisho.directory.batch import Batch
from sekisho.directory.errors import StoreError
from sekisho.gate.pipeline import Draft, begin, finish, write_together
from sekisho.wire.http import HttpRequest, HttpResponse
from sekisho.wire.route import find_route

ONCE = {"If-None-Match": "*"}


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


@pytest.fixture
def shared(gatehouse: Gatehouse) -> Gatehouse:
    """A gatehouse with a bucket, in which lies ``there``."""
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/shared"))
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/shared/there", b"old"))
    return gatehouse


def put(key: str, by: Credentials, headers: Mapping[str, str] | None = None) -> HttpRequest:
    request = AWSRequest("PUT", f"{HERE}/shared/{key}", dict(headers or {}), b"new")
    S3SigV4Auth(by, "s3", "us-east-1").add_auth(request)
    return received(request, b"new")


def drafted(gatehouse: Gatehouse, requests: list[HttpRequest]) -> list[Draft]:
    drafts = []
    for request in requests:
        draft = begin(request, gatehouse.authority, find_route(request))
        assert isinstance(draft, Draft)
        drafts.append(draft)
    return drafts


def written(
    gatehouse: Gatehouse, requests: list[HttpRequest], drafts: list[Draft]
) -> list[HttpResponse]:
    outcomes = write_together(drafts, gatehouse.authority)
    return [
        finish(draft, outcome, request, gatehouse.authority, find_route(request))
        for request, draft, outcome in zip(requests, drafts, outcomes, strict=True)
    ]


def content(gatehouse: Gatehouse, key: str) -> str | None:
    answer = gatehouse.store(gatehouse.home, "GET", f"/shared/{key}")
    return answer.text if answer.status == 200 else None


@pytest.mark.parametrize("first_fails", [True, False])
def test_who_fails_is_undone_alone(
    shared: Gatehouse, commits: list[int], *, first_fails: bool
) -> None:
    """Even the first, whose part needs no savepoint."""
    failing, fine = put("there", shared.home, ONCE), [put(key, shared.home) for key in "ab"]
    requests = [failing, *fine, failing] if first_fails else [fine[0], failing, fine[1], failing]
    answers = written(shared, requests, drafted(shared, requests))
    expected = [412, 200, 200, 412] if first_fails else [200, 412, 200, 412]
    assert [answer.status for answer in answers] == expected
    assert len(commits) == 1
    assert [content(shared, key) for key in ("a", "b", "there")] == ["new", "new", "old"]
    assert [line["status"] for line in shared.lines()[-7:-3]] == expected


def test_each_sees_what_those_before_wrote(shared: Gatehouse) -> None:
    requests = [put("a", shared.home, ONCE), put("a", shared.home, ONCE)]
    answers = written(shared, requests, drafted(shared, requests))
    assert [answer.status for answer in answers] == [200, 412]


def test_each_is_decided_again(shared: Gatehouse) -> None:
    una = shared.new_user("una", json.dumps(allow("s3:*", "*")))
    requests = [put("a", una), put("b", shared.home)]
    drafts = drafted(shared, requests)
    shared.permit("una", json.dumps(deny("s3:PutObject", "*")))
    answers = written(shared, requests, drafts)
    assert [answer.status for answer in answers] == [403, 200]
    assert (content(shared, "a"), content(shared, "b")) == (None, "new")


def test_none_is_kept_nor_said_to_be_if_the_commit_fails(
    shared: Gatehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = Batch.commit

    def fail(self: Batch) -> None:
        self.line.say("ROLLBACK")
        self._failure = StoreError("the disk is full")
        commit(self)

    requests = [put("a", shared.home), put("there", shared.home, ONCE), put("b", shared.home)]
    drafts = drafted(shared, requests)
    with monkeypatch.context() as patched:
        patched.setattr(Batch, "commit", fail)
        answers = written(shared, requests, drafts)
    assert [answer.status for answer in answers] == [500, 500, 500]
    assert [line["status"] for line in shared.lines()[-3:]] == [500, 500, 500]
    assert [content(shared, key) for key in ("a", "b", "there")] == [None, None, "old"]


def asked(method: str, path: str, by: Credentials, body: bytes = b"") -> HttpRequest:
    request = AWSRequest(method, HERE + path, {}, body)
    S3SigV4Auth(by, "s3", "us-east-1").add_auth(request)
    return received(request, body)


def test_each_is_decided_by_what_those_before_did_to_the_bucket(shared: Gatehouse) -> None:
    una = shared.new_user("una", json.dumps(allow("s3:*", "*")))
    denied = deny("s3:PutObject", "arn:aws:s3:::shared/*")
    denied["Statement"][0]["Principal"] = "*"
    policy = json.dumps(denied).encode()
    requests = [
        put("a", una),
        asked("PUT", "/shared?policy", shared.home, policy),
        put("b", una),
        asked("DELETE", "/shared?policy", shared.home),
        put("c", una),
    ]
    answers = written(shared, requests, drafted(shared, requests))
    assert [answer.status for answer in answers] == [200, 204, 403, 204, 200]


def test_a_bucket_that_goes_before_is_gone(shared: Gatehouse) -> None:
    shared.done(shared.store(shared.home, "DELETE", "/shared/there"))
    requests = [asked("DELETE", "/shared", shared.home), put("a", shared.home)]
    answers = written(shared, requests, drafted(shared, requests))
    assert [answer.status for answer in answers] == [204, 404]
