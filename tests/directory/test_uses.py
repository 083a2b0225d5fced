"""What was used is remembered at once and written down later."""

import threading
from pathlib import Path

import pytest

from directory.samples import ACCOUNT, account
from sekisho.directory import uses as uses_room
from sekisho.directory.queries import accounts
from sekisho.directory.queries import uses as written
from sekisho.directory.sqlite import SqliteDirectory, open_directory
from sekisho.directory.store import Busy
from sekisho.directory.uses import LastUses
from sekisho.model.uses import Use

USE = Use("AIDAX", "s3", "GetObject", ACCOUNT, 7, "eu-west-1")


def on_record(directory: SqliteDirectory) -> list[Use]:
    with directory.reading() as tx:
        return written.list_uses(tx, "AIDAX")


def test_noting_writes_nothing_until_its_time(directory: SqliteDirectory) -> None:
    directory.uses.note(USE)
    assert on_record(directory) == []
    with directory.reading() as tx:
        assert directory.uses.of(tx, "AIDAX") == [USE]
    directory.uses.flush()
    assert on_record(directory) == [USE]


def test_a_thread_writes_after_the_delay(directory: SqliteDirectory) -> None:
    done = threading.Event()
    uses = LastUses(directory, delay=0)
    flush = uses.flush

    def flush_and_tell() -> None:
        flush()
        done.set()

    uses.flush = flush_and_tell  # type: ignore[method-assign]
    uses.note(USE)
    assert done.wait(10)
    assert on_record(directory) == [USE]


def test_what_is_noted_is_written_when_the_store_is_closed(tmp_path: Path) -> None:
    opened = open_directory(tmp_path)
    with opened.writing() as tx:
        accounts.add_account(tx, account(ACCOUNT))
    opened.uses.note(USE)
    opened.close()
    again = open_directory(tmp_path)
    assert on_record(again) == [USE]
    again.close()


def test_the_later_use_stays(directory: SqliteDirectory) -> None:
    for at in (9, 3):
        directory.uses.note(USE._replace(at=at))
        directory.uses.flush()
    assert on_record(directory) == [USE._replace(at=9)]


def test_what_could_not_be_written_is_kept(
    directory: SqliteDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> None:
        raise Busy

    directory.uses.note(USE)
    with monkeypatch.context() as patch:
        patch.setattr(directory, "writing", busy)
        directory.uses.flush()
    directory.uses.flush()
    assert on_record(directory) == [USE]


def test_the_memory_is_bounded(directory: SqliteDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses_room, "MOST_NOTED", 1)
    directory.uses.note(USE)
    directory.uses.note(USE._replace(subject="AIDAY"))
    directory.uses.note(USE._replace(at=8))
    with directory.reading() as tx:
        assert directory.uses.of(tx, "AIDAY") == []
        assert directory.uses.of(tx, "AIDAX") == [USE._replace(at=8)]


def test_a_use_is_told_to_no_watcher(directory: SqliteDirectory) -> None:
    watcher = directory.watch()
    directory.uses.note(USE)
    directory.uses.flush()
    assert watcher.poll().nothing
