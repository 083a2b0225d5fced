"""What is particular to SQLite: files, processes, turns to write."""

import multiprocessing
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from directory.samples import ACCOUNT, OTHER, account, bucket, stored, user
from sekisho.directory import changes, lines, sqlite
from sekisho.directory.queries import accounts, buckets, objects, users
from sekisho.directory.sqlite import SqliteDirectory, open_directory
from sekisho.directory.store import Busy, Duplicate, StoreError
from sekisho.model.records import User

# Not forked: SQLite connections must not be carried into a child.
SPAWN = multiprocessing.get_context("spawn")


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
    starters = [SPAWN.Process(target=open_and_close, args=(place,)) for _ in range(4)]
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
    writers = [
        SPAWN.Process(target=count_up, args=(place, counter.unique_id, 20)) for _ in range(2)
    ]
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
    count = 3 * lines.IDLE_LINES
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


# Objects and blobs together.


def test_a_replaced_blob_goes_only_after_the_commit(directory: SqliteDirectory) -> None:
    with directory.writing() as tx:
        buckets.add_bucket(tx, bucket("b"))
        old = put(directory)
        objects.put_object(tx, replace(stored("b", "k"), blob=old))
    new = put(directory)
    with directory.writing() as tx:
        replaced = objects.put_object(tx, replace(stored("b", "k"), blob=new))
        assert replaced == [old]
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
