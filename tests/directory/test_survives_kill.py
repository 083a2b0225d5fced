"""kill -9 at any moment: whatever was acknowledged is there, and nothing is there by half."""

import hashlib
import itertools
import multiprocessing
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import func, select

from directory.samples import ACCOUNT, account, bucket, stored, user
from sekisho.directory import schema
from sekisho.directory.intake import Intake, is_small
from sekisho.directory.queries import accounts, buckets, contents, objects, users
from sekisho.directory.sqlite import SqliteDirectory, open_directory
from sekisho.directory.store import Transaction
from sekisho.model.records import StoredObject

Writing = Callable[[], AbstractContextManager[Transaction]]

MOST_ACKNOWLEDGED = 6
EVERY = 1_000_000
# The parent has no connection open when it forks, as SQLite demands.
FORK = multiprocessing.get_context("fork")


def content_of(name: str) -> bytes:
    """Between nothing and 40 KB, told by the name."""
    seed = hashlib.sha256(name.encode()).digest()
    return seed * (int.from_bytes(seed[:2]) % 1250)


def write_for_ever(place: Path, turn: int, writers: int, acknowledge: Connection) -> None:
    """writers: threads that write; 0 for one that writes in lots."""
    directory = open_directory(place)
    if not writers:
        write_in_lots(directory, turn, acknowledge)
    sending = threading.Lock()

    def work(writer: int) -> None:
        for number in itertools.count():
            name = f"{turn}-{writer}-{number}"
            write(directory, name)
            with sending:
                acknowledge.send(name)

    for writer in range(1, writers):
        threading.Thread(target=work, args=(writer,)).start()
    work(0)


def write_in_lots(directory: SqliteDirectory, turn: int, acknowledge: Connection) -> None:
    for number in itertools.count():
        names = [f"{turn}-{number}-{part}" for part in range(3)]
        lot = directory.open_lot()
        for name in names:
            write(directory, name, lot.begin)
        lot.commit()
        for name in names:
            acknowledge.send(name)


def write(directory: SqliteDirectory, name: str, writing: Writing | None = None) -> None:
    """A user and two objects in one transaction; the second replaces what its key held."""
    taken = [take_in(directory, content_of(name)) for _ in range(2)]
    with (writing or directory.writing)() as tx:
        users.add_user(tx, user(name))
        objects.put_object(tx, made(name, name, taken[0].id), taken[0].content)
        replaced = objects.put_object(tx, made("newest", name, taken[1].id), taken[1].content)
        for blob in replaced:
            tx.after_commit(partial(directory.blobs.remove, blob))


def take_in(directory: SqliteDirectory, content: bytes) -> Intake:
    """Up to 16 KiB become a row, more a blob."""
    staged = Intake(directory.blobs)
    staged.write(content)
    staged.finish()
    return staged


def made(key: str, name: str, blob: str) -> StoredObject:
    content = content_of(name)
    etag = hashlib.md5(content).hexdigest()
    return replace(stored("b", key), blob=blob, size=len(content), etag=etag)


def run_and_kill(place: Path, turn: int, writers: int, chance: random.Random) -> list[str]:
    """Let a process write, kill it at a random moment; the names it had acknowledged."""
    ours, theirs = FORK.Pipe(duplex=False)
    writer = FORK.Process(target=write_for_ever, args=(place, turn, writers, theirs))
    writer.start()
    theirs.close()
    acknowledged = [str(ours.recv()) for _ in range(chance.randrange(MOST_ACKNOWLEDGED))]
    # Now it is somewhere in its next write, or the one after: where, only chance knows.
    moment = time.perf_counter() + chance.random() * 0.01
    while time.perf_counter() < moment:
        pass
    writer.kill()
    writer.join()
    assert writer.exitcode == -9
    try:
        while True:
            acknowledged.append(str(ours.recv()))
    except (EOFError, OSError):
        ours.close()
    return acknowledged


def check(place: Path, acknowledged: set[str]) -> None:
    database = sqlite3.connect(place / "sekisho.db")
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()
    directory = open_directory(place)
    with directory.reading() as tx:
        names = {each.name for each in users.list_users(tx, ACCOUNT, "/", None, EVERY)}
        kept = objects.list_objects(tx, "b", "", None, EVERY)
        small = [each.blob for each in kept if is_small(each.blob)]
        rows = {blob: contents.get_content(tx, blob) for blob in small}
        assert len(rows) == tx.connection.scalar(select(func.count()).select_from(schema.contents))
    keys = {each.key for each in kept} - {"newest"}
    assert acknowledged <= keys
    assert names == keys
    for each in kept:
        content = rows.get(each.blob)
        if content is None:
            content = b"".join(directory.blobs.open(each.blob).pieces())
        assert len(content) == each.size
        assert hashlib.md5(content).hexdigest() == each.etag
    directory.close()


@pytest.mark.parametrize(("writers", "rounds"), [(1, 50), (4, 20), (0, 20)])
def test_what_was_acknowledged_survives_kill_9(tmp_path: Path, writers: int, rounds: int) -> None:
    """Written by one after the other, by several who share commits, or in lots."""
    place = tmp_path / "data"
    directory = open_directory(place)
    with directory.writing() as tx:
        accounts.add_account(tx, account(ACCOUNT))
        buckets.add_bucket(tx, bucket("b"))
    directory.close()
    chance = random.Random(20_260_101)
    acknowledged: set[str] = set()
    for turn in range(rounds):
        acknowledged |= set(run_and_kill(place, turn, writers, chance))
        check(place, acknowledged)
    assert len(acknowledged) > rounds
