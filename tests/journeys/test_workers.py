"""Several processes behind one socket: they serve as one, and a lost one is replaced."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from journeys.servers import LONGEST_WAIT, Started, failed_start, started
from journeys.test_lifetime import end, first_key
from journeys.world import client as client_at


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Started]:
    with started(tmp_path / "data", "--workers", "2") as server:
        yield server


def workers(server: Started) -> set[int]:
    """The processes that answer: children of the supervisor, less Python's resource tracker."""
    pid = server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {
        int(child)
        for child in children
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    }


def test_what_one_commits_all_know_before_their_next_answer(server: Started) -> None:
    keys = first_key(server)
    # A client keeps its connection, so these have one each, spread over both processes.
    clients = [client_at(server.endpoint, "iam", keys) for _ in range(12)]
    for number, writer in enumerate(clients):
        name = f"user-{number}"
        writer.create_user(UserName=name)
        for reader in clients:
            assert reader.get_user(UserName=name)["User"]["UserName"] == name
    assert len(clients[0].list_users()["Users"]) == len(clients)


def test_a_lost_worker_is_replaced(server: Started) -> None:
    keys = first_key(server)
    before = workers(server)
    assert len(before) == 2
    lost = min(before)
    os.kill(lost, signal.SIGKILL)
    client = client_at(server.endpoint, "sts", keys)
    assert client.get_caller_identity()["Arn"].endswith(":root")
    deadline = time.monotonic() + LONGEST_WAIT
    while len((now := workers(server)) - {lost}) < 2:  # the supervisor looks twice a second
        assert time.monotonic() < deadline, now
        time.sleep(0.05)
    assert now & before == before - {lost}
    assert end(server) == 0


def test_the_end_is_orderly(server: Started) -> None:
    assert end(server) == 0
    assert server.log.read_text() == ""


def test_a_taken_port_is_told(server: Started, tmp_path: Path) -> None:
    code, said = failed_start(tmp_path / "other", "--workers", "2", port=server.port)
    assert (code, "Traceback" in said) == (1, False)
    assert "is something else there? Try --port." in said


def test_a_store_that_cannot_be_used_ends_the_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "sekisho.db").write_bytes(b"no database" * 1000)
    code, said = failed_start(data, "--workers", "2")
    assert (code, "Traceback" in said) == (1, False)
