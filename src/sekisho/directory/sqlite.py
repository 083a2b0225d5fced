"""The directory on SQLite: one file, many readers, one writer at a time."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import URL, Connection, Engine, create_engine, delete, event, func, insert, select
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from sekisho.directory import migrate, schema
from sekisho.directory.blob_contract import Blobs
from sekisho.directory.blob_places import open_blobs
from sekisho.directory.changes import SqliteChanges
from sekisho.directory.folder import DATABASE, MASTER_KEY, prepare_folder
from sekisho.directory.rings import first_key, load_ring, rotate
from sekisho.directory.store import Busy, Duplicate, Ring, StoreError, Transaction
from sekisho.directory.uses import LastUses
from sekisho.directory.vault import Unsealable, Vault, master_key

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 10
IDLE_CONNECTIONS = 40
KEPT_CHANGES = 10_000
_PROOF = b"sekisho"
_TAKEN = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


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


class SqliteDirectory:
    """A directory over one SQLite file, shared by threads and by processes."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self._file = path / DATABASE
        self._vault = vault
        self._blobs = open_blobs(path)
        self._uses = LastUses(self)
        self._write_lock = threading.Lock()
        self._writer: int | None = None
        self._ring_lock = threading.Lock()
        self._ring: Ring | None = None
        self._ring_generation = 0
        self._watchers: list[SqliteChanges] = []
        self._writers = make_engine(self._file)
        self._readers = make_engine(self._file, "query_only=ON")
        try:
            migrate.to_head(self._writers)
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

    def reading(self) -> "SqliteTransaction":
        return SqliteTransaction(self, self._readers, "BEGIN")

    @contextmanager
    def writing(self) -> Iterator["SqliteTransaction"]:
        if self._writer == threading.get_ident():
            raise RuntimeError("this thread is writing already; it would wait for itself")
        if not self._write_lock.acquire(timeout=PATIENCE_SECONDS):
            raise Busy
        try:
            self._writer = threading.get_ident()
            tx = SqliteTransaction(self, self._writers, "BEGIN IMMEDIATE")
            try:
                tx.connection  # noqa: B018 - a writer takes its turn at once
                yield tx
                tx.end(keep=True)
            finally:
                tx.end(keep=False)
        finally:
            self._writer = None
            self._write_lock.release()
        tx.act()

    def watch(self) -> SqliteChanges:
        watcher = SqliteChanges(self._file, self.forget_ring)
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
        self._readers.dispose()
        self._writers.dispose()


class SqliteTransaction:
    """See store.Transaction."""

    __slots__ = (
        "_acts",
        "_begin",
        "_changed",
        "_connection",
        "_directory",
        "_engine",
        "_is_over",
        "seen",
    )

    def __init__(self, directory: SqliteDirectory, engine: Engine, begin: str) -> None:
        self._directory = directory
        self._engine = engine
        self._begin = begin
        self._connection: Connection | None = None
        self._is_over = False
        self._changed: set[str] = set()
        self._acts: list[Callable[[], None]] = []
        self.seen: dict[Any, Any] = {}

    def __enter__(self) -> "SqliteTransaction":
        return self

    def __exit__(self, *_error: object) -> None:
        """The end of reading; a writer has ended it before, one way or the other."""
        self.end(keep=False)

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            if self._is_over:
                raise RuntimeError("this transaction is over")
            connection = self._engine.connect()
            try:
                connection.exec_driver_sql(self._begin)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    @property
    def directory(self) -> SqliteDirectory:
        return self._directory

    def changed(self, account: str) -> None:
        self._changed.add(account)

    def after_commit(self, act: Callable[[], None]) -> None:
        self._acts.append(act)

    def end(self, keep: bool) -> None:
        """Commit or roll back; the second call does nothing."""
        connection, self._connection = self._connection, None
        self._is_over = True
        if connection is None:
            return
        try:
            if keep:
                self._note_changes(connection)
                connection.exec_driver_sql("COMMIT")
            else:
                connection.exec_driver_sql("ROLLBACK")
        except BaseException:
            connection.invalidate()
            raise
        finally:
            connection.close()

    def act(self) -> None:
        """Do what waited for the commit. It stands now, so what fails here is only logged."""
        for act in self._acts:
            try:
                act()
            except Exception:
                log.exception("after a commit")

    def _note_changes(self, connection: Connection) -> None:
        if not self._changed:
            return
        rows = [{"account": account} for account in sorted(self._changed)]
        connection.execute(insert(schema.changes), rows)
        newest = select(func.max(schema.changes.c.seq)).scalar_subquery()
        connection.execute(
            delete(schema.changes).where(schema.changes.c.seq <= newest - KEPT_CHANGES)
        )


def make_engine(file: Path, *pragmas: str) -> Engine:
    """Connections without a limit: whoever waited for one while holding one would wait for ever.

    Raises Duplicate and Busy in place of the errors of SQLite that mean this.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(file)),
        poolclass=QueuePool,
        pool_size=IDLE_CONNECTIONS,
        max_overflow=-1,
        json_deserializer=orjson.loads,
        connect_args={"timeout": PATIENCE_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "handle_error")
    def say_what_it_means(context: ExceptionContext) -> None:
        code = getattr(context.original_exception, "sqlite_errorcode", 0)
        if code in _TAKEN:
            raise Duplicate(str(context.original_exception))
        if code & 0xFF in _BUSY:
            raise Busy

    return engine
