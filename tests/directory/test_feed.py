"""The feed of changes, and the key ring that is kept fresh by it."""

import multiprocessing
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from directory.samples import ACCOUNT, OTHER, account, user
from sekisho.directory import changes, rings, sqlite
from sekisho.directory.queries import accounts, users
from sekisho.directory.sqlite import SqliteDirectory, open_directory
from sekisho.directory.store import Ring, Transaction

# Not forked: SQLite connections must not be carried into a child.
SPAWN = multiprocessing.get_context("spawn")


def elsewhere(run: Callable[..., None], *given: object) -> None:
    """Run something in another process, to its end."""
    process = SPAWN.Process(target=run, args=given)
    process.start()
    process.join()
    assert process.exitcode == 0


# The feed.


def add_user_elsewhere(place: Path) -> None:
    directory = open_directory(place)
    with directory.writing() as tx:
        users.add_user(tx, user("alice"))
    directory.close()


def test_a_change_by_another_directory_is_seen(directory: SqliteDirectory, place: Path) -> None:
    watcher = directory.watch()
    assert watcher.poll().nothing
    second = open_directory(place)
    with second.writing() as tx:
        users.add_user(tx, user("alice"))
        accounts.add_account(tx, account(OTHER))
    second.close()
    assert watcher.poll().accounts == {ACCOUNT, OTHER}
    assert watcher.poll().nothing


def test_a_change_by_another_process_is_seen(directory: SqliteDirectory, place: Path) -> None:
    watcher = directory.watch()
    elsewhere(add_user_elsewhere, place)
    assert watcher.poll().accounts == {ACCOUNT}


def test_each_watcher_is_told(directory: SqliteDirectory) -> None:
    first, second = directory.watch(), directory.watch()
    with directory.writing() as tx:
        users.add_user(tx, user("alice"))
    late = directory.watch()
    assert first.poll().accounts == second.poll().accounts == {ACCOUNT}
    assert late.poll().nothing


def test_a_commit_is_seen_by_the_next_poll_of_any_thread(directory: SqliteDirectory) -> None:
    watcher = directory.watch()
    seen: list[bool] = []

    def work(number: int) -> None:
        mine = directory.watch()
        for step in range(10):
            with directory.writing() as tx:
                users.add_user(tx, user(f"u{number}-{step}"))
            watcher.poll()
            seen.append(ACCOUNT in mine.poll().accounts)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 40


def test_trimmed_changes_mean_everything(
    directory: SqliteDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "KEPT_CHANGES", 3)
    slow, prompt = directory.watch(), directory.watch()
    for number in range(5):
        with directory.writing() as tx:
            users.add_user(tx, user(f"u{number}"))
        assert prompt.poll().accounts == {ACCOUNT}
    changed = slow.poll()
    assert changed.everything
    assert not changed.nothing
    assert slow.poll().nothing
    with directory.reading() as tx:
        assert tx.connection.exec_driver_sql("SELECT count(*) FROM changes").scalar() == 3


# The ring.


def rotate_elsewhere(place: Path) -> None:
    directory = open_directory(place)
    directory.rotate_ring()
    directory.close()


def test_a_store_begins_with_one_ring_key_and_keeps_it(place: Path) -> None:
    first = open_directory(place)
    ring = first.ring()
    first.close()
    second = open_directory(place)
    assert second.ring() == ring
    assert list(ring.keys) == [ring.current]
    assert len(ring.keys[ring.current]) == 32
    second.close()


def test_after_rotation_the_new_key_seals_and_the_old_one_opens(
    directory: SqliteDirectory, place: Path
) -> None:
    old = directory.ring()
    sealed = old.cipher(old.current).encrypt(bytes(12), b"x", None)
    new_id = directory.rotate_ring()
    ring = directory.ring()
    assert ring.current == new_id != old.current
    assert ring.cipher(old.current).decrypt(bytes(12), sealed, None) == b"x"
    again = open_directory(place)
    assert again.ring() == ring
    again.close()


def test_a_rotation_elsewhere_is_seen_at_the_next_poll(
    directory: SqliteDirectory, place: Path
) -> None:
    watcher = directory.watch()
    old = directory.ring()
    elsewhere(rotate_elsewhere, place)
    watcher.poll()
    assert directory.ring().current != old.current


def test_a_ring_read_during_a_rotation_is_not_kept(
    directory: SqliteDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = rings.load_ring

    def rotated_meanwhile(tx: Transaction) -> Ring:
        ring = load(tx)
        monkeypatch.setattr(sqlite, "load_ring", load)
        directory.rotate_ring()
        return ring

    monkeypatch.setattr(sqlite, "load_ring", rotated_meanwhile)
    overtaken = directory.ring()
    assert directory.ring().current != overtaken.current


def test_the_ring_never_outgrows_its_ids(directory: SqliteDirectory) -> None:
    for _ in range(260):
        newest = directory.rotate_ring()
    ring = directory.ring()
    assert sorted(ring.keys) == list(range(256))
    assert ring.current == newest


def test_an_unknown_ring_key_is_a_lookup_error(directory: SqliteDirectory) -> None:
    ring = directory.ring()
    with pytest.raises(LookupError):
        ring.cipher(ring.current + 1)


def test_no_repr_shows_a_ring_key(directory: SqliteDirectory) -> None:
    ring = directory.ring()
    assert repr(ring.keys[ring.current]) not in repr(ring)
