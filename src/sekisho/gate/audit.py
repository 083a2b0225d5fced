"""The audit trail: one JSON line a request, in files of its own, secrets never among it.

It is not part of any transaction, so a request that was rolled back is still on record. `why` reads
it back.
"""

import contextlib
import fcntl
import heapq
import json
import mmap
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from sekisho.access.context import instant
from sekisho.access.decide import Ruling, story
from sekisho.model.principal import Caller, Principal, PrincipalKind, is_assumed_root
from sekisho.policy.words import unfolded

KNOWN = "audit.jsonl"
UNKNOWN = "unknown.jsonl"
LARGEST_FILE = 64 * 1024 * 1024
KEPT_FILES = 8
KEPT_OF_UNKNOWN = 1
LONGEST_TEXT = 1024
LONGEST_OF_UNKNOWN = 256
MOST_OF_UNKNOWN = 16
KEPT = {KNOWN: KEPT_FILES, UNKNOWN: KEPT_OF_UNKNOWN}

Line = dict[str, Any]


class Sink:
    """Append-only lines in one file; rotated by size, the newest file unnumbered.

    Several processes may write to it: each line is one write, and whoever finds that the file was
    rotated away opens the new one. They look for that once a second, and after each 64th of the
    largest size, by which much the file may outgrow it.
    """

    def __init__(self, path: Path, largest: int, kept: int) -> None:
        self._path = path
        self._largest = largest
        self._kept = kept
        self._lock = threading.Lock()
        self._file, self._inode = self._open()
        self._room = 0  # bytes that may be written before the next look
        self._look_at = 0.0

    def write(self, data: bytes) -> None:
        with self._lock:
            self._room -= len(data)
            if self._room < 0 or time.monotonic() >= self._look_at:
                self._look(len(data))
            os.write(self._file, data)

    def _look(self, coming: int) -> None:
        try:
            now = self._path.stat()
        except FileNotFoundError:
            self._reopen()
        else:
            if now.st_ino != self._inode:
                self._reopen()
            elif now.st_size + coming > self._largest and now.st_size:
                self._rotate()
        self._room = self._largest // 64
        self._look_at = time.monotonic() + 1

    def close(self) -> None:
        with self._lock:
            os.close(self._file)

    def _open(self) -> tuple[int, int]:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        file = os.open(self._path, flags, 0o600)
        return file, os.fstat(file).st_ino

    def _reopen(self) -> None:
        os.close(self._file)
        self._file, self._inode = self._open()

    def _rotate(self) -> None:
        """Shift the numbered files up by one, unless another process has just done so."""
        with (self._path.with_suffix(".lock")).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._path.exists() and self._inode == self._path.stat().st_ino:
                for number in range(self._kept - 1, 0, -1):
                    older = numbered(self._path, number)
                    if older.exists():
                        older.replace(numbered(self._path, number + 1))
                self._path.replace(numbered(self._path, 1))
            self._reopen()


class AuditTrail:
    """The trail of one data directory.

    Requests of callers who were not authenticated go to a file of their own, cut short, so that
    nobody can wash the others off the trail by knocking.
    """

    def __init__(
        self, directory: Path, largest: int = LARGEST_FILE, kept: int = KEPT_FILES
    ) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.directory = directory
        self._known = Sink(directory / KNOWN, largest, kept)
        self._unknown = Sink(directory / UNKNOWN, largest, KEPT_OF_UNKNOWN)

    def write(self, line: Line) -> None:
        self._known.write(encoded(line))

    def write_unknown(self, line: Line) -> None:
        self._unknown.write(encoded(line))

    def close(self) -> None:
        self._known.close()
        self._unknown.close()


def encoded(line: Line) -> bytes:
    """A line as JSON; text that is no Unicode (half a surrogate pair) is escaped."""
    try:
        return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")


def read_back(directory: Path) -> Iterator[Line]:
    """The lines on record, newest first; a line cut short by a crash is passed over."""
    return lines_about(directory, b"")


def lines_about(directory: Path, needle: bytes) -> Iterator[Line]:
    """As `read_back`, but only the lines that have these bytes somewhere."""
    return (line for line, _, _ in lines_below(directory, needle, {}))


class Mark(NamedTuple):
    """A place in one of the files that a sink has written."""

    inode: int
    offset: int


Marks = Mapping[str, Mark]
"""Of each sink by its file's name: below which place it is read. Rotation changes nothing."""


def top(directory: Path) -> Marks:
    """The end of all that is on record now."""
    found = {}
    for name in KEPT:
        with contextlib.suppress(FileNotFoundError):
            status = (directory / name).stat()
            found[name] = Mark(status.st_ino, status.st_size)
    return {name: found.get(name, Mark(0, 0)) for name in KEPT}


def lines_below(directory: Path, needle: bytes, marks: Marks) -> Iterator[tuple[Line, str, Mark]]:
    """The lines with these bytes, newest first, from the marks on; where each sink is read from
    its end if it has none. With each its sink, and the mark to go on from.
    """
    sinks = [
        zip(lines_of(directory / name, kept, needle, marks.get(name)), repeat(name))
        for name, kept in KEPT.items()
    ]
    merged = heapq.merge(*sinks, key=lambda each: str(each[0][0].get("time", "")), reverse=True)
    return ((line, name, mark) for (line, mark), name in merged)


def lines_of(
    path: Path, kept: int, needle: bytes = b"", below: Mark | None = None
) -> Iterator[tuple[Line, Mark]]:
    for file in (path, *(numbered(path, number) for number in range(1, kept + 1))):
        if below is not None and inode_of(file) != below.inode:
            continue
        for text, mark in texts_of(file, needle, below):
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if isinstance(line, dict):
                yield line, mark
        below = None


def inode_of(file: Path) -> int | None:
    try:
        return file.stat().st_ino
    except FileNotFoundError:
        return None


def texts_of(file: Path, needle: bytes, below: Mark | None) -> Iterator[tuple[bytes, Mark]]:
    """The lines of a file that hold these bytes, the last first; no more of it is read than that.

    A file that is gone, since it was rotated away meanwhile, has none.
    """
    try:
        with (
            file.open("rb") as opened,
            mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as all_,
        ):
            inode = os.fstat(opened.fileno()).st_ino
            end = len(all_) if below is None else min(below.offset, len(all_))
            while end > 0:
                found = all_.rfind(needle, 0, end) if needle else end - 1
                if found < 0:
                    return
                start = all_.rfind(b"\n", 0, found) + 1
                stop = all_.find(b"\n", found, end)
                yield all_[start : end if stop < 0 else stop], Mark(inode, start)
                end = start
    except (FileNotFoundError, ValueError):  # mmap's word for an empty file
        return


class Entry:
    """What is gathered of one request while it passes; `end` writes it down."""

    __slots__ = ("_groups", "_is_known", "_line", "_started", "_trail", "now", "request_id")

    def __init__(self, trail: AuditTrail, request_id: str, now: float, source_ip: str) -> None:
        self._trail = trail
        self._started = time.perf_counter()
        self._groups: dict[str, Line] = {}
        self._is_known = False
        self.now = now
        self.request_id = request_id
        second = int(now)
        self._line: Line = {
            "time": f"{instant(second)[:-1]}.{int((now - second) * 1_000_000):06d}Z",
            "request_id": request_id,
            "source_ip": source_ip,
        }

    def named(self, operation: str, user_agent: str) -> None:
        self._line["operation"] = operation
        self._line["user_agent"] = user_agent[:LONGEST_TEXT]

    def called_by(self, caller: Caller) -> None:
        """Put on record who called; who did not sign is as little known as before."""
        principal = caller.principal
        self._is_known = principal.kind is not PrincipalKind.ANONYMOUS
        self._line["caller"] = {
            "type": principal.kind.word,
            "account": principal.account,
            "arn": principal.arn,
            "user_id": principal.user_id,
            "access_key_id": caller.access_key_id,
        }
        if caller.sponsor is not None:
            self._line["caller"]["sponsor"] = caller.sponsor.arn
        if is_assumed_root(principal.kind, caller.session):
            self._line["caller"]["assumed_root"] = True

    def vouched_for(self, asker: Principal, account: str) -> None:
        """Put on record who assumed a role of this account without a signature of their own.

        Only once they were let in: until then anybody can be a bearer of some token.
        """
        self._is_known = True
        self._line["caller"] = {
            "type": asker.kind.word,
            "account": account,
            "arn": asker.name,
            "user_id": asker.unique_id,
            "access_key_id": "",
        }

    def signed_in(self, account: str, user: str, mfa: bool, result: str) -> None:
        """Put on record who tried to sign in to the console, and how it went (W-323).

        user: empty where there is none of that name, since people type passwords there.
        """
        self._line["account"] = account
        self._line["sign_in"] = {"user": user, "mfa": mfa, "result": result}

    def decided(self, rulings: Sequence[Ruling]) -> None:
        """Put the decisions on record."""
        self._line["decisions"] = [told(ruling) for ruling in rulings]
        self._groups = {}

    def also_decided(self, ruling: Ruling) -> None:
        """Put on record what was decided on the way.

        Of decisions that are alike but for their resource the first is told, with the resources of
        the others: a call may name a thousand. Of calls that nobody signed some are told, and how
        many more there were.
        """
        line = told(ruling, with_story=False)
        resource = line.pop("resource")
        known = self._groups.get(alike := repr(line))
        if known is not None:
            also = known.setdefault("also", [])
            if self._line["caller"]["access_key_id"] or len(also) < MOST_OF_UNKNOWN:
                also.append(resource)
            else:
                known["more"] = known.get("more", 0) + 1
            return
        self._groups[alike] = told(ruling)
        self._line.setdefault("decisions", []).append(self._groups[alike])

    def gave(self, output: Line) -> None:
        """Put on record the temporary key that was given, by which what is done with it is found
        (W-321)."""
        given = output.get("Credentials")
        if given is not None:
            self._line["gave"] = given["AccessKeyId"]

    def encoded(self, message: str) -> None:
        """Put on record what DecodeAuthorizationMessage makes the denial of."""
        self._line["encoded_message"] = message

    def refused(self, code: str, message: str) -> None:
        self._line["error"] = {"code": code, "message": message[:LONGEST_TEXT]}

    def end(self, status: int) -> None:
        line = self._line
        line["status"] = status
        line["duration_us"] = round((time.perf_counter() - self._started) * 1_000_000)
        if self._is_known:
            self._trail.write(line)
            return
        line["user_agent"] = line.get("user_agent", "")[:LONGEST_OF_UNKNOWN]
        if "error" in line:
            line["error"]["message"] = line["error"]["message"][:LONGEST_OF_UNKNOWN]
        self._trail.write_unknown(line)


def told(ruling: Ruling, *, with_story: bool = True) -> Line:
    """A decision; of a denial also the whole story and what would change it, since policies may be
    others tomorrow.
    """
    decision = ruling.decision
    line: Line = {
        "action": ruling.ask.action,
        "resource": ruling.ask.resource,
        "owner": ruling.ask.owner,
        "decision": decision.kind.word,
        "layer": decision.layer.word,
        "statements": [
            {
                "layer": statement.source.layer.word,
                "policy": statement.source.name,
                "of": statement.source.owner,
                "statement": statement.index,
                "sid": statement.sid,
            }
            for statement in decision.statements
        ],
    }
    if with_story and not decision.allowed:
        explanation = ruling.explained()
        line["story"] = layers = story(explanation)
        line["remedies"] = list(explanation.remedies)
        line["told"] = {
            "story": [[unfolded(text) for text in told["lines"]] for told in layers],
            "remedies": [unfolded(text) for text in explanation.remedies],
        }
    return line
