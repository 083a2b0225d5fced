"""Turns to write, and the commits that those who wait for one share."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from directory.samples import ACCOUNT, bucket, stored, user
from sekisho.directory import batch
from sekisho.directory.batch import Batch
from sekisho.directory.errors import Busy, StoreError
from sekisho.directory.queries import buckets, objects, users
from sekisho.directory.sqlite import SqliteDirectory
from sekisho.directory.sqlite_transaction import WritingTransaction
from sekisho.directory.turns import Turns

Write = Callable[[WritingTransaction], object]


class Undone(Exception):
    pass


@pytest.fixture
def filled(directory: SqliteDirectory) -> SqliteDirectory:
    with directory.writing() as tx:
        buckets.add_bucket(tx, bucket("b"))
    return directory


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


@contextmanager
def together(directory: SqliteDirectory, *writes: Write) -> Iterator[list[str]]:
    """Somebody writes in the block; these wait for their turn, and come in this order after it.

    What became of each, once the block is over: nothing, or the name of what was raised.
    """
    told = [""] * len(writes)

    def work(place: int, write: Write) -> None:
        try:
            with directory.writing() as tx:
                write(tx)
        except Exception as error:
            told[place] = type(error).__name__

    threads = []
    try:
        with directory.writing() as tx:
            for place, write in enumerate(writes):
                threads.append(threading.Thread(target=work, args=(place, write)))
                threads[-1].start()
                while len(directory._turns._waiting) <= place:
                    os.sched_yield()
            yield told
            objects.put_object(tx, stored("b", "first"))
    finally:
        for thread in threads:
            thread.join()


def put(key: str) -> Write:
    return lambda tx: objects.put_object(tx, stored("b", key))


def fail(tx: WritingTransaction) -> None:
    objects.put_object(tx, stored("b", "undone"))
    raise Undone


def keys(directory: SqliteDirectory) -> list[str]:
    with directory.reading() as tx:
        return [each.key for each in objects.list_objects(tx, "b", "", None, 99)]


def test_those_who_wait_share_a_commit(filled: SqliteDirectory, commits: list[int]) -> None:
    with together(filled, put("k1"), put("k2"), put("k3")) as told:
        assert keys(filled) == []
    assert told == ["", "", ""]
    assert commits == [4]
    assert keys(filled) == ["first", "k1", "k2", "k3"]


def test_a_later_writer_sees_what_an_earlier_one_wrote(filled: SqliteDirectory) -> None:
    seen: list[list[str]] = []

    def look(tx: WritingTransaction) -> None:
        seen.append([each.key for each in objects.list_objects(tx, "b", "", None, 99)])

    with together(filled, put("k1"), look):
        pass
    assert seen == [["first", "k1"]]


def test_who_fails_is_undone_alone(filled: SqliteDirectory, commits: list[int]) -> None:
    with together(filled, put("k1"), fail, put("k2"), fail) as told:
        pass
    assert told == ["", "Undone", "", "Undone"]
    assert commits == [5]
    assert keys(filled) == ["first", "k1", "k2"]


def test_whose_evidence_was_changed_is_told_to_who_shares_the_commit(
    filled: SqliteDirectory, commits: list[int]
) -> None:
    """Nobody else can see it yet: the watchers hear of all of it once it is committed."""
    watcher = filled.watch()
    seen: list[object] = []

    def look(tx: WritingTransaction) -> None:
        seen.extend([set(tx.unsettled), watcher.poll().named])

    def repent(tx: WritingTransaction) -> None:
        users.add_user(tx, user("undone"))
        raise Undone

    una = user("u")
    with together(filled, lambda tx: users.add_user(tx, una), repent, look):
        pass
    changed = {(ACCOUNT, una.unique_id)}
    assert commits == [4]
    assert seen == [changed, set()]
    assert watcher.poll().named == changed


def test_a_commit_is_shared_by_so_many(
    filled: SqliteDirectory, commits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_WRITERS", 2)
    with together(filled, *(put(f"k{number}") for number in range(4))):
        pass
    assert commits == [2, 2, 1]


def test_nothing_is_synced_for_who_keeps_nothing(directory: SqliteDirectory) -> None:
    watcher = sqlite3.connect(directory._file)
    before = watcher.execute("PRAGMA data_version").fetchone()
    with pytest.raises(Undone), directory.writing():
        raise Undone
    assert watcher.execute("PRAGMA data_version").fetchone() == before
    watcher.close()


def test_a_commit_that_fails_fails_for_all_who_share_it(filled: SqliteDirectory) -> None:
    done: list[str] = []

    def hope(tx: WritingTransaction) -> None:
        tx.after_commit(lambda: done.append("k1"))
        put("k1")(tx)
        # As SQLite does by itself when the disk is full.
        tx.line.driver.execute("ROLLBACK")

    with pytest.raises(StoreError), together(filled, put("k0"), hope, put("k2")) as told:
        pass
    assert told == ["StoreError", "StoreError", ""]
    assert (keys(filled), done) == (["k2"], [])


def test_turns_come_in_the_order_of_asking() -> None:
    turns = Turns[str]()
    assert turns.take(0) is None
    assert not turns.hand_on("nobody")
    got: list[str | None] = []
    threads = []
    for place in range(3):
        threads.append(threading.Thread(target=lambda: got.append(turns.take(9))))
        threads[-1].start()
        while len(turns._waiting) <= place:
            os.sched_yield()
    for handed in ("a", "b"):
        assert turns.hand_on(handed)
        while handed not in got:
            os.sched_yield()
    turns.let_go()
    for thread in threads:
        thread.join()
    assert got == ["a", "b", None]
    turns.let_go()
    assert turns.take(0) is None


def test_who_waits_too_long_gets_no_turn() -> None:
    turns = Turns[str]()
    turns.take(0)
    with pytest.raises(Busy):
        turns.take(0.01)
    assert not turns.hand_on("nobody")


def test_a_turn_that_comes_at_the_last_moment_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is handed on after patience ended and before the waiter took itself off the list."""
    turns = Turns[str]()
    turns.take(0)

    class Late(list[object]):
        def acquire(self, timeout: float) -> bool:
            assert turns.hand_on("batch")
            return False

        def release(self) -> None:
            pass

    def late(waiter: object) -> None:
        waiter.has_come, waiter.handed = Late(), None  # type: ignore[attr-defined]

    monkeypatch.setattr("sekisho.directory.turns.Waiter.__init__", late)
    assert turns.take(0) == "batch"
