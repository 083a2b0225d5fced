"""The audit trail: one line a request, rotated by size, read back newest first."""

import json
import multiprocessing
from itertools import islice
from pathlib import Path

from demo.policies import trust

from gate.gatehouse import HOME, Gatehouse
from sekisho.gate.audit import (
    KNOWN,
    UNKNOWN,
    AuditTrail,
    Entry,
    Mark,
    lines_below,
    lines_of,
    numbered,
    read_back,
    top,
)


def test_lines_come_back_newest_first(tmp_path: Path) -> None:
    trail = AuditTrail(tmp_path)
    for number in range(3):
        trail.write({"n": number})
    assert [line["n"] for line in read_back(tmp_path)] == [2, 1, 0]


def test_files_rotate_by_size_and_the_oldest_goes(tmp_path: Path) -> None:
    trail = AuditTrail(tmp_path, largest=200, kept=2)
    for number in range(60):
        trail.write({"n": number, "text": "x" * 20})
    path = tmp_path / KNOWN
    assert path.stat().st_size <= 200
    assert numbered(path, 2).exists()
    assert not numbered(path, 3).exists()
    kept = [line["n"] for line in read_back(tmp_path)]
    assert kept == list(range(59, 59 - len(kept), -1))


def test_a_line_cut_by_a_crash_is_passed_over(tmp_path: Path) -> None:
    AuditTrail(tmp_path).write({"n": 1})
    with (tmp_path / KNOWN).open("ab") as file:
        file.write(b'{"n": 2, "half')
    assert [line["n"] for line in read_back(tmp_path)] == [1]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    AuditTrail(tmp_path / "audit").write({"n": 1})
    assert (tmp_path / "audit").stat().st_mode & 0o077 == 0
    assert (tmp_path / "audit" / KNOWN).stat().st_mode & 0o077 == 0


def write_many(directory: Path, name: str) -> None:
    trail = AuditTrail(directory, largest=4000, kept=1000)
    for number in range(200):
        trail.write({"who": name, "n": number})


def test_two_processes_lose_no_line(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(tmp_path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    lines = [
        json.loads(text)
        for path in tmp_path.iterdir()
        if path.name.startswith(KNOWN)
        for text in path.read_text().splitlines()
    ]
    assert sorted((line["who"], line["n"]) for line in lines) == sorted(
        (name, number) for name in "ab" for number in range(200)
    )


def test_what_a_client_says_is_cut_and_escaped(tmp_path: Path) -> None:
    trail = AuditTrail(tmp_path)
    entry = Entry(trail, "id", 0.0, "127.0.0.1")
    entry.named("sts:AssumeRole", "agent\n{}\u2028" + "x" * 5000)
    entry.refused("AccessDenied", "m" * 5000)
    entry.end(403)
    raw = (tmp_path / UNKNOWN).read_bytes()
    assert raw.count(b"\n") == 1
    (line,) = read_back(tmp_path)
    assert len(line["user_agent"]) == 256
    assert len(line["error"]["message"]) == 256


def test_half_a_surrogate_pair_is_written_too(tmp_path: Path) -> None:
    AuditTrail(tmp_path).write({"sid": "\ud800"})
    assert [line["sid"] for line in read_back(tmp_path)] == ["\ud800"]


def test_knocking_does_not_wash_others_off_the_trail(tmp_path: Path) -> None:
    trail = AuditTrail(tmp_path, largest=2000)
    trail.write({"time": "2026-01-01T00:00:00.000Z", "n": 1})
    for _ in range(200):
        entry = Entry(trail, "id", 0.0, "127.0.0.1")
        entry.named("sts:AssumeRole", "x" * 500)
        entry.end(403)
    assert 1 in [line.get("n") for line in read_back(tmp_path)]
    size = sum(path.stat().st_size for path in tmp_path.glob(f"{UNKNOWN}*"))
    assert size <= 2 * 2000


def test_who_does_not_sign_is_unknown_to_the_trail(gatehouse: Gatehouse) -> None:
    """S3 has callers who do not sign; there may be as many of their requests as they like."""
    known = gatehouse.data / "audit" / KNOWN
    before = known.stat().st_size
    answer = gatehouse.store(None, "GET", "/no-such-bucket/key")
    assert known.stat().st_size == before
    assert gatehouse.line(answer)["caller"]["type"] == "Anonymous"
    gatehouse.store(gatehouse.home, "GET", "/no-such-bucket/key")
    assert known.stat().st_size > before


def test_a_chain_of_roles_can_be_followed(gatehouse: Gatehouse) -> None:
    """W-321: the key that an answer gives out is that of the requests that follow."""
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    una = gatehouse.new_user("una", json.dumps({"Version": "2012-10-17", "Statement": everything}))
    guest = gatehouse.assume(una, gatehouse.new_role("Guest", json.dumps(trust(HOME))))
    asked = gatehouse.call(guest, "GetCallerIdentity", "sts")
    given, used = gatehouse.lines()[-2:]
    assert given["gave"] == guest.access_key == used["caller"]["access_key_id"]
    assert "gave" not in used
    assert used["caller"]["user_id"] == asked.value("UserId")
    assert guest.secret_key not in str(given)


def test_a_quiet_process_follows_a_busy_one(tmp_path: Path) -> None:
    quiet, busy = AuditTrail(tmp_path, largest=500, kept=2), AuditTrail(tmp_path, 500, 2)
    quiet.write({"n": "first"})
    for number in range(100):
        busy.write({"n": number, "text": "x" * 50})
    quiet.write({"n": "last"})
    assert next(read_back(tmp_path))["n"] == "last"


def test_both_files_are_read_in_the_order_of_time(tmp_path: Path) -> None:
    trail = AuditTrail(tmp_path)
    trail.write({"time": "2026-01-01T00:00:01.000Z", "n": 1})
    trail.write_unknown({"time": "2026-01-01T00:00:02.000Z", "n": 2})
    trail.write({"time": "2026-01-01T00:00:03.000Z", "n": 3})
    assert [line["n"] for line in read_back(tmp_path)] == [3, 2, 1]


def test_lines_about_something_are_found_newest_first(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    for number, name in ((1, "old"), (2, "older")):
        lines = "".join(f'{{"time": "{name}{at}", "who": "{at % 3}"}}\n' for at in range(7))
        (path if number == 1 else numbered(path, 1)).write_text(lines)
    found = [line["time"] for line, _ in lines_of(path, 2, b'"who": "1"')]
    assert found == ["old4", "old1", "older4", "older1"]
    assert len(list(lines_of(path, 2))) == 14


def test_files_without_lines_have_none(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    assert list(lines_of(path, 1)) == []
    path.write_text("")
    assert list(lines_of(path, 1)) == []
    path.write_text('\n{"a": 1}\n{"cut')
    assert [line for line, _ in lines_of(path, 1)] == [{"a": 1}]


def test_reading_goes_on_from_a_mark_whatever_was_written_and_rotated_since(
    tmp_path: Path,
) -> None:
    trail = AuditTrail(tmp_path, largest=300, kept=4)
    for number in range(12):
        trail.write({"time": f"{number:02}", "n": number})
        trail.write_unknown({"time": f"{number:02}", "n": number})
    kept = [line["n"] for line in read_back(tmp_path)]
    marks, read = dict(top(tmp_path)), []
    while True:
        page = list(islice(lines_below(tmp_path, b"", marks), 3))
        if not page:
            break
        for line, name, mark in page:
            read.append(line["n"])
            marks[name] = mark
        trail.write({"time": "99", "n": 99})
    assert read == kept
    trail.close()


def test_marks_that_are_nowhere_find_nothing_or_what_is_there(tmp_path: Path) -> None:
    assert list(lines_below(tmp_path, b"", top(tmp_path))) == []
    trail = AuditTrail(tmp_path)
    trail.write({"n": 1})
    trail.write({"n": 2})
    trail.close()
    inode, size = top(tmp_path)[KNOWN]
    for mark, found in (
        (Mark(inode + 1, size), []),
        (Mark(inode, size * 9), [2, 1]),
        (Mark(inode, size - 3), [1]),
        (Mark(inode, 0), []),
    ):
        marks = {KNOWN: mark, UNKNOWN: Mark(0, 0)}
        assert [line["n"] for line, _, _ in lines_below(tmp_path, b"", marks)] == found
