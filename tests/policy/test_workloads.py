"""The engine answers the workloads that it is measured on as AWS does."""

from dataclasses import replace
from pathlib import Path

import pytest
from bench.engine.beside import Peer, ask
from bench.engine.sekisho import prepare
from bench.engine.workloads import ALLOWED, IMPLICIT, Workload, workloads

SAMPLE = 250  # requests of each


def sample(workload: Workload) -> Workload:
    step = max(1, len(workload.requests) // SAMPLE)
    return replace(workload, requests=workload.requests[::step])


@pytest.mark.parametrize("workload", list(workloads()), ids=lambda workload: workload.name)
def test_the_engine_answers_the_workloads_right(workload: Workload) -> None:
    assert len(prepare(sample(workload))) >= SAMPLE


@pytest.mark.parametrize("workload", list(workloads()), ids=lambda workload: workload.name)
def test_a_wrong_answer_does_not_pass(workload: Workload) -> None:
    first = workload.requests[0]
    turned = {**first, "e": IMPLICIT if first["e"] == ALLOWED else ALLOWED}
    with pytest.raises(AssertionError):
        prepare(replace(workload, requests=[turned]))


def test_the_workloads_have_answers_of_each_kind() -> None:
    answers = {request["e"] for workload in workloads() for request in sample(workload).requests}
    assert answers == {"Allowed", "ImplicitlyDenied", "ExplicitlyDenied"}


def test_a_peer_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not installed"):
        ask(Peer("none", tmp_path / "stamp", ("none",)), [])


def test_a_peer_that_fails_says_why(tmp_path: Path) -> None:
    (tmp_path / "stamp").touch()
    command = ("sh", "-c", "cat >/dev/null; echo one >&2; echo 'no such thing' >&2; exit 1")
    with pytest.raises(RuntimeError, match=r"^no such thing$"):
        ask(Peer("broken", tmp_path / "stamp", command), [])
