"""What is particular to SQLite: files, processes, turns to write, the feed and the ring."""

import multiprocessing
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from directory.samples import ACCOUNT, OTHER, account, bucket, stored, user
from sekisho.directory import changes, rings, sqlite
from sekisho.directory.queries import accounts, buckets, objects, users
from sekisho.directory.sqlite import SqliteDirectory, open_directory
from sekisho.directory.store import Busy, Duplicate, Ring, StoreError, Transaction
from sekisho.model.records import User

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def directory(place: Path) -> Iterator[SqliteDirectory]:
    opened = open_directory(place)
    with opened.writing() as tx:
        accounts.add_account(tx, account(ACCOUNT))
    yield opened
    opened.close()


def elsewhere(run: Callable[..., None], *given: object) -> None:
    """Run something in another process, to its end."""
    process = FORK.Process(target=run, args=given)
    process.start()
    process.join()
    assert process.exitcode == 0


# Files.


def test_the_files_are_their_owners_alone(directory: SqliteDirectory, place: Path) -> None:
    with directory.reading() as tx:
        accounts.list_accounts(tx)
        names = {path.name for path in place.iterdir()}
        assert {"sekisho.db", "sekisho.db-wal", "sekisho.db-shm", "master.key", "blobs"} <= names
        for path in (place, *place.rglob("*")):
            assert path.stat().st_mode & 0o077 == 0, path


def test_a_folder_open_to_others_is_closed(place: Path) -> None:
    place.mkdir()
    place.chmod(0o755)
    open_directory(place).close()
    assert place.stat().st_mode & 0o777 == 0o700


def test_a_folder_of_something_else_is_left_alone(place: Path) -> None:
    place.mkdir()
    place.chmod(0o755)
    (place / "thesis.txt").write_text("precious")
    with pytest.raises(StoreError, match=r"holds thesis\.txt and no store"):
        open_directory(place)
    assert place.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in place.iterdir()] == ["thesis.txt"]


def test_a_file_that_is_no_database_is_told(place: Path) -> None:
    open_directory(place).close()
    (place / "sekisho.db").write_bytes(b"this is not a database" * 400)
    with pytest.raises(StoreError, match="no usable store"):
        open_directory(place)


@pytest.mark.parametrize("name", ["with space", "50%", "a?b#c", "ü"])
def test_any_path_will_do(tmp_path: Path, name: str) -> None:
    open_directory(tmp_path / name).close()
    assert (tmp_path / name / "sekisho.db").exists()


def test_commits_are_synced(directory: SqliteDirectory) -> None:
    with directory.writing() as tx:
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        for pragma, value in wanted.items():
            assert tx.connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value, pragma


def test_opening_a_store_again_does_not_load_alembic(
    directory: SqliteDirectory, place: Path
) -> None:
    asked = (
        "import sys; from pathlib import Path; from sekisho.directory.sqlite import open_directory;"
        "open_directory(Path(sys.argv[1])); print('alembic' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked, place], capture_output=True, text=True, check=True
    )
    assert told.stdout == "False\n"


def test_two_processes_may_be_first_at_once(place: Path) -> None:
    starters = [FORK.Process(target=open_and_close, args=(place,)) for _ in range(4)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert [starter.exitcode for starter in starters] == [0, 0, 0, 0]
    open_directory(place).close()
    assert not list(place.glob("master.key.*"))


def open_and_close(place: Path) -> None:
    open_directory(place).close()


# Turns to write.


def count_up(place: Path, user_id: str, times: int) -> None:
    directory = open_directory(place)
    for _ in range(times):
        raise_count(directory, user_id)
    directory.close()


def raise_count(directory: SqliteDirectory, user_id: str) -> None:
    with directory.writing() as tx:
        known = users.get_user_by_id(tx, ACCOUNT, user_id)
        assert known is not None
        count = int(known.tags["count"]) + 1
        users.update_user(tx, replace(known, tags={"count": str(count)}))


def counted(directory: SqliteDirectory, counter: User) -> str:
    with directory.reading() as tx:
        known = users.get_user_by_id(tx, ACCOUNT, counter.unique_id)
    assert known is not None
    return known.tags["count"]


def test_no_update_is_lost_between_processes(directory: SqliteDirectory, place: Path) -> None:
    counter = user("counter", tags={"count": "0"})
    with directory.writing() as tx:
        users.add_user(tx, counter)
    writers = [FORK.Process(target=count_up, args=(place, counter.unique_id, 20)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for _ in range(20):
        raise_count(directory, counter.unique_id)
    for writer in writers:
        writer.join()
    assert counted(directory, counter) == "60"


def test_no_update_is_lost_between_threads(directory: SqliteDirectory) -> None:
    counter = user("counter", tags={"count": "0"})
    with directory.writing() as tx:
        users.add_user(tx, counter)

    def work() -> None:
        for _ in range(10):
            raise_count(directory, counter.unique_id)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted(directory, counter) == "80"


def test_of_many_who_take_one_name_one_gets_it(directory: SqliteDirectory) -> None:
    got: list[str] = []

    def take(name: str) -> None:
        try:
            with directory.writing() as tx:
                users.add_user(tx, user(name))
        except Duplicate:
            return
        got.append(name)

    threads = [threading.Thread(target=take, args=(name,)) for name in ("a", "A") * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with directory.reading() as tx:
        assert [each.name for each in users.list_users(tx, ACCOUNT, "/", None, 9)] == got
    assert len(got) == 1


def test_waiting_for_another_process_is_bounded(
    directory: SqliteDirectory, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE_SECONDS", 0.05)
    hasty = open_directory(place)
    holder = sqlite3.connect(place / "sekisho.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy), hasty.writing():
        pass
    with hasty.reading() as tx:
        assert accounts.get_account(tx, ACCOUNT) is not None
    holder.execute("ROLLBACK")
    holder.close()
    with hasty.writing() as tx:
        accounts.add_account(tx, account(OTHER))
    hasty.close()


def test_waiting_for_another_thread_is_bounded(
    directory: SqliteDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE_SECONDS", 0.05)
    told: list[str] = []

    def wait() -> None:
        try:
            with directory.writing():
                told.append("wrote")
        except Busy:
            told.append("busy")

    with directory.writing():
        waiter = threading.Thread(target=wait)
        waiter.start()
        waiter.join()
    assert told == ["busy"]


def test_many_readers_never_wait_for_a_connection(directory: SqliteDirectory) -> None:
    count = 3 * sqlite.IDLE_CONNECTIONS
    contexts = [directory.reading() for _ in range(count)]
    for context in contexts:
        assert accounts.get_account(context.__enter__(), ACCOUNT) is not None
    with directory.writing() as tx:
        accounts.add_account(tx, account(OTHER))
    for context in contexts:
        context.__exit__(None, None, None)


def test_an_untouched_transaction_opens_nothing(
    directory: SqliteDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "_readers", None)
    with directory.reading():
        pass


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
    monkeypatch.setattr(sqlite, "KEPT_CHANGES", 3)
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


# Objects and blobs together.


def test_a_replaced_blob_goes_only_after_the_commit(directory: SqliteDirectory) -> None:
    with directory.writing() as tx:
        buckets.add_bucket(tx, bucket("b"))
        old = put(directory)
        objects.put_object(tx, replace(stored("b", "k"), blob=old))
    new = put(directory)
    with directory.writing() as tx:
        replaced = objects.put_object(tx, replace(stored("b", "k"), blob=new))
        assert replaced == old
        tx.after_commit(lambda: directory.blobs.remove(old))
        directory.blobs.open(old).close()
    with pytest.raises(FileNotFoundError):
        directory.blobs.open(old)
    directory.blobs.open(new).close()


def put(directory: SqliteDirectory) -> str:
    staged = directory.blobs.stage()
    staged.write(b"abc")
    staged.finish()
    return staged.id


def test_closing_closes_the_watchers(place: Path) -> None:
    directory = open_directory(place)
    watcher = directory.watch()
    directory.close()
    with pytest.raises(sqlite3.ProgrammingError):
        watcher.poll()
    assert isinstance(watcher, changes.SqliteChanges)
