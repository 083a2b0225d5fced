"""Servers of one's own, started as an operator starts them, and watched from outside."""

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from demo.cli import PROGRAMS
from demo.server import READY, stop

LONGEST_WAIT = 60  # seconds
PROGRAM = str(PROGRAMS / "sekisho")


@dataclass(slots=True)
class Started:
    """A server under way. said: its lines up to and with the one that names its endpoint."""

    process: subprocess.Popen[str]
    data: Path
    log: Path
    said: list[str] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return self.said[-1].removeprefix(READY).strip()

    @property
    def port(self) -> int:
        return int(self.endpoint.rpartition(":")[2])

    def wait(self) -> int:
        """Its exit code."""
        return self.process.wait(LONGEST_WAIT)

    def peak_memory(self) -> int:
        """Most bytes that were ever resident."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024


def command(data: Path, *options: str, port: int = 0) -> list[str]:
    return [PROGRAM, "serve", "--data", str(data), "--port", str(port), *options]


@contextmanager
def started(data: Path, *options: str) -> Iterator[Started]:
    """A server over a data directory, killed if it does not end; its log lies beside the data."""
    log = data.with_suffix(".log")
    with log.open("a", encoding="utf-8") as complaints:
        process = subprocess.Popen(
            command(data, *options),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    watchdog = threading.Timer(LONGEST_WAIT, process.kill)
    watchdog.start()
    try:
        server = Started(process, data, log)
        assert process.stdout is not None
        for line in process.stdout:
            server.said.append(line.rstrip("\n"))
            if line.startswith(READY):
                break
        else:
            raise AssertionError(f"the server did not start: {log.read_text()}")
        watchdog.cancel()
        yield server
    finally:
        watchdog.cancel()
        stop(process)
        if process.stdout is not None:
            process.stdout.close()


def failed_start(data: Path, *options: str, port: int = 0) -> tuple[int, str]:
    """Exit code and stderr of a server that cannot start."""
    done = subprocess.run(
        command(data, *options, port=port),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_WAIT,
        check=False,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr
