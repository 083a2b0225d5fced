"""The directory on SQLite: one file, many readers, one writer at a time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import DatabaseError

from sekisho.directory import migrate, schema
from sekisho.directory.batch import Batch
from sekisho.directory.blob_contract import Blobs
from sekisho.directory.blob_places import open_blobs
from sekisho.directory.changes import SqliteChanges
from sekisho.directory.folder import DATABASE, MASTER_KEY, prepare_folder
from sekisho.directory.lines import AT_ONCE, Line, Lines, make_engine
from sekisho.directory.rings import first_key, load_ring, rotate
from sekisho.directory.sqlite_transaction import (
    RecallingTransaction,
    SqliteTransaction,
    WritingTransaction,
)
from sekisho.directory.store import Ring, StoreError, Transaction
from sekisho.directory.turns import Turns
from sekisho.directory.uses import LastUses
from sekisho.directory.vault import Unsealable, Vault, master_key

PATIENCE_SECONDS = 10
MOST_SEEN = 2_000
_PROOF = b"sekisho"


def open_directory(path: Path) -> "SqliteDirectory":
    """The directory in a folder, made if it is not there.

    Raises StoreError when the folder, the database or the master key cannot be used.
    """
    path = path.absolute()
    has_store = prepare_folder(path)
    vault = Vault(master_key(path / MASTER_KEY, may_make=not has_store))
    directory = SqliteDirectory(path, vault)
    try:
        with directory.reading() as tx:
            is_begun = proves_master_key(tx, vault)
        if not is_begun:
            with directory.writing() as tx:
                begin_store(tx, vault)
    except BaseException:
        directory.close()
        raise
    return directory


def begin_store(tx: Transaction, vault: Vault) -> None:
    """Give a new store its proof and its first ring key, unless another process was faster."""
    if proves_master_key(tx, vault):
        return
    values = {"name": "proof", "sealed": vault.seal("proof", "proof", _PROOF)}
    tx.connection.execute(insert(schema.seals).values(values))
    first_key(tx)


def proves_master_key(tx: Transaction, vault: Vault) -> bool:
    """Notice a wrong master key before anything is sealed with it; False for a new store."""
    sealed = tx.connection.scalar(select(schema.seals.c.sealed))
    if sealed is None:
        return False
    try:
        vault.open("proof", "proof", sealed)
    except Unsealable:
        raise StoreError(
            "The master key does not belong to this store: give the one it was made with"
            " (master.key in the data directory, or SEKISHO_MASTER_KEY)."
        ) from None
    return True


def migrate_file(file: Path) -> None:
    engine = make_engine(file, PATIENCE_SECONDS)
    try:
        migrate.to_head(engine)
    finally:
        engine.dispose()


class SqliteDirectory:
    """A directory over one SQLite file, shared by threads and by processes."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self._file = path / DATABASE
        self._vault = vault
        self._blobs = open_blobs(path)
        self._uses = LastUses(self)
        self._turns = Turns[Batch]()
        self.writer: int | None = None  # the thread of the transaction that writes now
        self._ring_lock = threading.Lock()
        self._ring: Ring | None = None
        self._ring_generation = 0
        self._watchers: list[SqliteChanges] = []
        self._seen: dict[Any, Any] = {}
        self._writers = Lines(self._file, PATIENCE_SECONDS, AT_ONCE)
        self._readers = Lines(self._file, PATIENCE_SECONDS, "query_only=ON")
        try:
            migrate_file(self._file)
        except DatabaseError as error:
            self.close()
            raise StoreError(f"{self._file} is no usable store: {error.orig}") from None
        except BaseException:
            self.close()
            raise

    @property
    def vault(self) -> Vault:
        return self._vault

    @property
    def blobs(self) -> Blobs:
        return self._blobs

    @property
    def uses(self) -> LastUses:
        return self._uses

    def reading(self) -> SqliteTransaction:
        return SqliteTransaction(self)

    def recalling(self) -> SqliteTransaction:
        if len(self._seen) > MOST_SEEN:
            self.forget_seen()
        return RecallingTransaction(self, self._seen) if self._watchers else self.reading()

    def is_still(self, seen: dict[Any, Any]) -> bool:
        """Whether what was seen is of the state that the store is in now."""
        return not self._watchers[0].has_moved() and self._seen is seen

    def forget_seen(self) -> None:
        self._seen = {}

    def begin_reading(self) -> Line:
        line = self._readers.take()
        try:
            line.say("BEGIN")
        except BaseException:
            line.drop()
            raise
        return line

    def end_reading(self, line: Line) -> None:
        try:
            line.say("ROLLBACK")
        except BaseException:
            line.drop()
            raise
        self._readers.give_back(line)

    @contextmanager
    def writing(self) -> Iterator[WritingTransaction]:
        with self.writing_together() as begin, begin() as tx:
            yield tx

    @contextmanager
    def writing_together(self) -> Iterator[Callable[[], WritingTransaction]]:
        """Those who wait for their turn share a commit with those before them."""
        lot = self.open_lot()
        try:
            yield lot.begin
        finally:
            lot.commit()

    def open_lot(self, *, at_once: bool = False) -> "SqliteLot":
        if self.writer == threading.get_ident():
            raise RuntimeError("this thread is writing already; it would wait for itself")
        patience = 0.0 if at_once else PATIENCE_SECONDS
        batch = self._turns.take(patience)
        try:
            batch = batch or Batch(self._writers, patience)
        except BaseException:
            self._turns.let_go()
            raise
        return SqliteLot(self, batch)

    def pass_on(self, batch: Batch) -> None:
        """Hand a batch on to whoever waits, or commit it; return once it is committed."""
        if batch.is_closed or not self._turns.hand_on(batch):
            batch.commit()
            self._turns.let_go()
        batch.wait()

    def watch(self) -> SqliteChanges:
        watcher = SqliteChanges(self._file, self.forget_ring, self.forget_seen)
        self._watchers.append(watcher)
        return watcher

    def ring(self) -> Ring:
        ring = self._ring
        if ring is None:
            generation = self._ring_generation
            with self.reading() as tx:
                ring = load_ring(tx)
            with self._ring_lock:
                # A ring read while it was being changed serves this once and is not kept.
                if generation == self._ring_generation:
                    self._ring = ring
        return ring

    def rotate_ring(self) -> int:
        with self.writing() as tx:
            key_id = rotate(tx)
        self.forget_ring()
        return key_id

    def forget_ring(self) -> None:
        with self._ring_lock:
            self._ring_generation += 1
            self._ring = None

    def close(self) -> None:
        self._uses.close()
        for watcher in self._watchers:
            watcher.close()
        self._watchers.clear()
        self._readers.close()
        self._writers.close()


class SqliteLot:
    """See store.Lot."""

    def __init__(self, directory: SqliteDirectory, batch: Batch) -> None:
        self._directory = directory
        self._batch = batch
        self._kept: list[WritingTransaction] = []

    def begin(self) -> WritingTransaction:
        return WritingTransaction(self._directory, self._batch, self._kept)

    def commit(self) -> None:
        self._directory.pass_on(self._batch)
        for part in self._kept:
            part.act()
