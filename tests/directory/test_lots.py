"""Lots: one thread writes for several, and one commit keeps it."""

import os
import sqlite3
import threading

import pytest

from directory.samples import ACCOUNT, user
from sekisho.directory.errors import Busy, StoreError
from sekisho.directory.queries import users
from sekisho.directory.sqlite import SqliteDirectory
from sekisho.directory.store import Lot, Transaction


class Undone(Exception):
    pass


def add(lot: Lot, name: str, done: list[str] | None = None) -> None:
    with lot.begin() as tx:
        users.add_user(tx, user(name))
        if done is not None:
            tx.after_commit(lambda: done.append(name))


def fail(lot: Lot, name: str) -> None:
    with pytest.raises(Undone), lot.begin() as tx:
        users.add_user(tx, user(name))
        raise Undone


def names(directory: SqliteDirectory, tx: Transaction | None = None) -> list[str]:
    if tx is None:
        with directory.reading() as tx:
            return names(directory, tx)
    return [each.name for each in users.list_users(tx, ACCOUNT, "/", None, 99)]


def test_all_of_a_lot_is_there_once_it_is_committed(directory: SqliteDirectory) -> None:
    watcher, done = directory.watch(), list[str]()
    lot = directory.open_lot(at_once=True)
    add(lot, "a", done)
    add(lot, "b", done)
    assert (names(directory), done, watcher.poll().named) == ([], [], frozenset())
    lot.commit()
    assert (names(directory), done) == (["a", "b"], ["a", "b"])
    assert len(watcher.poll().named) == 2


def test_each_sees_those_before_it_and_whose_evidence_they_changed(
    directory: SqliteDirectory,
) -> None:
    lot = directory.open_lot(at_once=True)
    add(lot, "a")
    with lot.begin() as tx:
        assert names(directory, tx) == ["a"]
        assert {account for account, _ in tx.unsettled} == {ACCOUNT}
    lot.commit()


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_who_fails_is_undone_alone_even_the_first(directory: SqliteDirectory, failing: int) -> None:
    lot, kept = directory.open_lot(at_once=True), ["a", "b"]
    for number in range(3):
        if number == failing:
            fail(lot, "undone")
        else:
            add(lot, kept[number - (number > failing)])
    lot.commit()
    assert names(directory) == kept


def test_a_lot_of_which_nothing_is_kept_is_not_synced(directory: SqliteDirectory) -> None:
    watcher = sqlite3.connect(directory._file)
    before = watcher.execute("PRAGMA data_version").fetchone()
    lot = directory.open_lot(at_once=True)
    fail(lot, "undone")
    lot.commit()
    directory.open_lot(at_once=True).commit()
    assert watcher.execute("PRAGMA data_version").fetchone() == before
    watcher.close()


def test_a_lot_has_the_turn_until_it_is_committed(directory: SqliteDirectory) -> None:
    lot, told = directory.open_lot(at_once=True), list[str]()

    def try_to() -> None:
        try:
            directory.open_lot(at_once=True).commit()
        except Busy:
            told.append("busy")

    def try_elsewhere() -> None:
        other = threading.Thread(target=try_to)
        other.start()
        other.join()

    try_elsewhere()
    lot.commit()
    try_elsewhere()
    assert told == ["busy"]


def test_no_lot_is_opened_while_another_process_writes(directory: SqliteDirectory) -> None:
    holder = sqlite3.connect(directory._file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        directory.open_lot(at_once=True)
    holder.execute("ROLLBACK")
    holder.close()
    directory.open_lot(at_once=True).commit()


def test_who_waits_for_a_turn_shares_the_commit_of_a_lot(directory: SqliteDirectory) -> None:
    lot = directory.open_lot(at_once=True)
    add(lot, "a")
    seen: list[list[str]] = []

    def work() -> None:
        with directory.writing() as tx:
            seen.append(names(directory, tx))
            users.add_user(tx, user("b"))

    other = threading.Thread(target=work)
    other.start()
    while not directory._turns._waiting:
        os.sched_yield()
    lot.commit()
    assert names(directory) == ["a", "b"]
    other.join()
    assert seen == [["a"]]


def test_all_is_lost_if_the_commit_fails(directory: SqliteDirectory) -> None:
    lot, done = directory.open_lot(at_once=True), list[str]()
    add(lot, "a", done)
    with pytest.raises(StoreError), lot.begin() as tx:
        # As SQLite does by itself when the disk is full.
        tx.line.driver.execute("ROLLBACK")
    with pytest.raises(StoreError):
        lot.commit()
    assert (names(directory), done) == ([], [])
    with directory.writing() as tx:
        users.add_user(tx, user("b"))
    assert names(directory) == ["b"]


def test_who_writes_in_a_lot_cannot_wait_for_a_turn(directory: SqliteDirectory) -> None:
    lot = directory.open_lot(at_once=True)
    with pytest.raises(RuntimeError), lot.begin(), directory.writing():
        pass
    lot.commit()
