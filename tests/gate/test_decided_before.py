"""Writes are decided before their transaction, for which all who write wait, and again in it."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from botocore.credentials import Credentials
from demo.policies import allow, deny

from gate.gatehouse import Answer, Gatehouse
from sekisho.directory.store import Begin
from sekisho.policy import Decision, Evidence, Question, decide


@pytest.fixture
def decided_inside(gatehouse: Gatehouse, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the engine is asked within transactions that write, from now on."""
    inside, found, directory = [False], list[str](), gatehouse.authority.directory
    writing = directory.writing_together

    @contextmanager
    def watched() -> Iterator[Begin]:
        with writing() as begin:
            inside[0] = True
            try:
                yield begin
            finally:
                inside[0] = False

    def told(question: Question, evidence: Evidence) -> Decision:
        if inside[0]:
            found.append(question.action)
        return decide(question, evidence)

    monkeypatch.setattr(directory, "writing_together", watched)
    monkeypatch.setattr("sekisho.access.decide.decide", told)
    return found


def batch_of(gatehouse: Gatehouse, *keys: str) -> Callable[[Credentials], Answer]:
    inner = "".join(f"<Object><Key>{key}</Key></Object>" for key in keys)
    body = f"<Delete>{inner}</Delete>".encode()
    digest = base64.b64encode(hashlib.md5(body).digest()).decode()
    headers = {"Content-MD5": digest}
    return lambda by: gatehouse.store(by, "POST", "/shared?delete", body, headers)


@pytest.mark.interpreted
def test_nobody_waits_for_the_policies_of_another_who_writes(
    gatehouse: Gatehouse, decided_inside: list[str]
) -> None:
    """What was decided before the transaction stands in it, if nothing has changed."""
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/shared"))
    user = gatehouse.new_user("una", json.dumps(allow("s3:*", "*")))
    decided_inside.clear()
    for key in ("a", "b"):
        gatehouse.done(gatehouse.store(user, "PUT", f"/shared/{key}", b"x"))
    answer = gatehouse.done(batch_of(gatehouse, "a", "b", "a")(user))
    assert answer.text.count("<Deleted>") == 3
    assert decided_inside == []
    assert gatehouse.store(gatehouse.home, "GET", "/shared/a").status == 404


@pytest.mark.interpreted
def test_what_was_decided_before_a_policy_changed_does_not_stand(
    gatehouse: Gatehouse, decided_inside: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/shared"))
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/shared/a", b"x"))
    user = gatehouse.new_user("una", json.dumps(allow("s3:*", "*")))
    directory = gatehouse.authority.directory
    writing = directory.writing_together

    @contextmanager
    def later() -> Iterator[Begin]:
        monkeypatch.setattr(directory, "writing_together", writing)
        gatehouse.permit("una", json.dumps(deny("s3:DeleteObject", "*")))
        with writing() as begin:
            yield begin

    monkeypatch.setattr(directory, "writing_together", later)
    decided_inside.clear()
    answer = batch_of(gatehouse, "a")(user)
    assert "<Code>AccessDenied</Code>" in answer.text
    assert decided_inside[-1] == "s3:DeleteObject"
    assert gatehouse.store(gatehouse.home, "GET", "/shared/a").status == 200
