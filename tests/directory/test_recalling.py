"""Readers who recall what others have seen of the same state, and of no other."""

import sqlite3

import pytest

from directory.samples import bucket, stored
from sekisho.directory import sqlite
from sekisho.directory.errors import Moved
from sekisho.directory.queries import buckets, objects
from sekisho.directory.sqlite import SqliteDirectory
from sekisho.directory.store import Changes


@pytest.fixture
def watcher(directory: SqliteDirectory) -> Changes:
    with directory.writing() as tx:
        buckets.add_bucket(tx, bucket("b"))
    watcher = directory.watch()
    watcher.poll()
    return watcher


def put(directory: SqliteDirectory, key: str) -> None:
    with directory.writing() as tx:
        objects.put_object(tx, stored("b", key))


def look(directory: SqliteDirectory, key: str) -> bool:
    """Whether there is such an object, as far as one recalls or else by a query."""
    with directory.recalling() as tx:
        if key not in tx.seen:
            tx.seen[key] = objects.get_object(tx, "b", key)
        return tx.seen[key] is not None


def test_what_was_seen_is_not_asked_for_again(directory: SqliteDirectory, watcher: Changes) -> None:
    assert not look(directory, "k")
    watcher.poll()
    with directory.recalling() as tx:
        assert tx.seen == {"k": None}


def test_nothing_is_recalled_once_somebody_has_heard_of_a_commit(
    directory: SqliteDirectory, watcher: Changes
) -> None:
    """Even one that bears on no evidence, of which the feed names nobody."""
    assert not look(directory, "k")
    put(directory, "k")
    assert watcher.poll().nothing
    assert look(directory, "k")


@pytest.mark.parametrize("is_polled", [False, True])
def test_what_is_of_two_states_never_meets(
    directory: SqliteDirectory, watcher: Changes, *, is_polled: bool
) -> None:
    with directory.recalling() as tx:
        put(directory, "k")
        if is_polled:  # by somebody else, for another request
            watcher.poll()
        with pytest.raises(Moved):
            objects.get_object(tx, "b", "k")
    watcher.poll()
    assert look(directory, "k")


def test_another_process_is_noticed(directory: SqliteDirectory, watcher: Changes) -> None:
    with directory.recalling() as tx:
        other = sqlite3.connect(directory._file)
        other.execute("DELETE FROM objects")
        other.execute("UPDATE buckets SET region = 'eu-west-1'")
        other.commit()
        other.close()
        with pytest.raises(Moved):
            buckets.get_bucket(tx, "b")


def test_a_state_that_was_met_stays_the_same_to_the_end(
    directory: SqliteDirectory, watcher: Changes
) -> None:
    with directory.recalling() as tx:
        assert objects.get_object(tx, "b", "k") is None
        put(directory, "k")
        assert objects.get_object(tx, "b", "k") is None
    watcher.poll()
    assert look(directory, "k")


def test_only_so_much_is_recalled(
    directory: SqliteDirectory, watcher: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "MOST_SEEN", 3)
    for number in range(9):
        look(directory, str(number))
        assert len(directory._seen) <= 4
