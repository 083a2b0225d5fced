"""The audit trail: one JSON line a request, in files of its own, secrets never among it.

It is not part of any transaction, so a request that was rolled back is still on record. Lines are
appended with one write each, so several processes may share the file. `why` reads it back.
"""

import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from sekisho.access.context import instant
from sekisho.access.decide import Ruling
from sekisho.model.principal import Caller

FILE_NAME = "audit.jsonl"
LARGEST_FILE = 64 * 1024 * 1024
KEPT_FILES = 8
LONGEST_TEXT = 1024

Line = dict[str, Any]


class AuditTrail:
    """Append-only JSON lines in a directory; rotated by size, the newest file unnumbered."""

    def __init__(
        self, directory: Path, largest: int = LARGEST_FILE, kept: int = KEPT_FILES
    ) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = directory / FILE_NAME
        self._largest = largest
        self._kept = kept
        self._lock = threading.Lock()
        self._file = self._open()
        self._size = os.fstat(self._file).st_size

    def write(self, line: Line) -> None:
        data = encoded(line)
        with self._lock:
            if self._size + len(data) > self._largest and self._size:
                self._rotate()
            os.write(self._file, data)
            self._size += len(data)

    def close(self) -> None:
        with self._lock:
            os.close(self._file)

    def _open(self) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        return os.open(self._path, flags, 0o600)

    def _rotate(self) -> None:
        """Shift the numbered files up by one, unless another process has just done so."""
        with (self._path.with_suffix(".lock")).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if os.fstat(self._file).st_ino == self._path.stat().st_ino:
                for number in range(self._kept - 1, 0, -1):
                    older = numbered(self._path, number)
                    if older.exists():
                        older.replace(numbered(self._path, number + 1))
                self._path.replace(numbered(self._path, 1))
            os.close(self._file)
            self._file = self._open()
        self._size = os.fstat(self._file).st_size


def encoded(line: Line) -> bytes:
    """A line as JSON; text that is no Unicode (half a surrogate pair) is escaped."""
    try:
        return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json.dumps(line, default=lambda word: word.value).encode() + b"\n"


def numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")


def read_back(directory: Path) -> Iterator[Line]:
    """The lines on record, newest first; a line cut short by a crash is passed over."""
    path = directory / FILE_NAME
    files = [path, *(numbered(path, number) for number in range(1, KEPT_FILES + 1))]
    for file in files:
        if not file.exists():
            continue
        for text in reversed(file.read_bytes().splitlines()):
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if isinstance(line, dict):
                yield line


class Entry:
    """What is gathered of one request while it passes; `end` writes it down."""

    __slots__ = ("_line", "_started", "_trail", "now", "request_id")

    def __init__(self, trail: AuditTrail, request_id: str, now: float, source_ip: str) -> None:
        self._trail = trail
        self._started = time.perf_counter()
        self.now = now
        self.request_id = request_id
        second = int(now)
        self._line: Line = {
            "time": f"{instant(second)[:-1]}.{int((now - second) * 1000):03d}Z",
            "request_id": request_id,
            "source_ip": source_ip,
        }

    def named(self, operation: str, user_agent: str) -> None:
        self._line["operation"] = operation
        self._line["user_agent"] = user_agent[:LONGEST_TEXT]

    def called_by(self, caller: Caller) -> None:
        principal = caller.principal
        self._line["caller"] = {
            "type": principal.kind,
            "account": principal.account,
            "arn": principal.arn,
            "user_id": principal.user_id,
            "access_key_id": caller.access_key_id,
        }

    def decided(self, rulings: Sequence[Ruling]) -> None:
        """Put the decisions on record."""
        self._line["decisions"] = [told(ruling) for ruling in rulings]

    def refused(self, code: str, message: str) -> None:
        self._line["error"] = {"code": code, "message": message[:LONGEST_TEXT]}

    def end(self, status: int) -> None:
        self._line["status"] = status
        self._line["duration_us"] = round((time.perf_counter() - self._started) * 1_000_000)
        self._trail.write(self._line)


def told(ruling: Ruling) -> Line:
    """A decision; of a denial also the whole story, since policies may be others tomorrow."""
    decision = ruling.decision
    line: Line = {
        "action": ruling.ask.action,
        "resource": ruling.ask.resource,
        "owner": ruling.ask.owner,
        "decision": decision.kind,
        "layer": decision.layer,
        "statements": [
            {
                "layer": statement.source.layer,
                "policy": statement.source.name,
                "of": statement.source.owner,
                "statement": statement.index,
                "sid": statement.sid,
            }
            for statement in decision.statements
        ],
    }
    if not decision.allowed:
        line["story"] = ruling.story()
    return line
