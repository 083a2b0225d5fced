"""Starting and stopping a server of one's own."""

import subprocess
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.cli import PROGRAMS

READY = "Sekisho listens on "
LONGEST_START = 30  # seconds
LONGEST_STOP = 10


class ServerFailed(Exception):
    """The server did not come up; the text is what it said last."""


@dataclass(frozen=True, slots=True)
class Server:
    endpoint: str
    data: Path
    process: subprocess.Popen[str]


@contextmanager
def serving(data: Path, log: Path) -> Iterator[Server]:
    """A server over a fresh data directory on a free loopback port, stopped on leaving.

    log: file for what it writes to stderr. Raises ServerFailed if it ends, or says nothing for 30
    seconds, before it listens.
    """
    with log.open("w", encoding="utf-8") as complaints:
        process = subprocess.Popen(
            [str(PROGRAMS / "sekisho"), "serve", "--data", str(data), "--port", "0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
    try:
        yield Server(wait_until_ready(process, log), data, process)
    finally:
        stop(process)


def wait_until_ready(process: subprocess.Popen[str], log: Path) -> str:
    """The endpoint URL, read from the server's own first lines."""
    assert process.stdout is not None
    watchdog = threading.Timer(LONGEST_START, process.kill)
    watchdog.start()
    said: list[str] = []
    try:
        for line in process.stdout:
            if line.startswith(READY):
                drain(process)
                return line.removeprefix(READY).strip().rstrip(".")
            said.append(line)
    finally:
        watchdog.cancel()
    raise ServerFailed("".join(said) + log.read_text(encoding="utf-8")[-4000:])


def drain(process: subprocess.Popen[str]) -> None:
    """Read on, so that the server never waits for its reader."""
    assert process.stdout is not None
    threading.Thread(target=deque, args=(process.stdout, 0), daemon=True).start()


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
