"""The directory on SQLite: one file, many readers, one writer at a time."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, delete, event, func, insert, select
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.pool import QueuePool

from sekisho.directory import migrate, schema
from sekisho.directory.blobs import BlobStore
from sekisho.directory.changes import SqliteChanges
from sekisho.directory.rings import first_key, load_ring
from sekisho.directory.store import Busy, Duplicate, Ring, StoreError, Transaction
from sekisho.directory.vault import Unsealable, Vault, master_key

DATABASE, MASTER_KEY, BLOBS = "sekisho.db", "master.key", "blobs"
PATIENCE_SECONDS = 10
POOL = 40
KEPT_CHANGES = 10_000
_PROOF = b"sekisho"


def open_directory(path: Path) -> "SqliteDirectory":
    """The directory in a folder, made if it is not there.

    Raises StoreError when the folder, the database or the master key cannot be used.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    vault = Vault(master_key(path / MASTER_KEY))
    directory = SqliteDirectory(path, vault)
    try:
        with directory.writing() as tx:
            prove_master_key(tx, vault)
            first_key(tx)
    except BaseException:
        directory.close()
        raise
    return directory


def prove_master_key(tx: Transaction, vault: Vault) -> None:
    """Notice a wrong master key before anything is sealed with it."""
    sealed = tx.connection.scalar(select(schema.seals.c.sealed))
    if sealed is None:
        values = {"name": "proof", "sealed": vault.seal("proof", "proof", _PROOF)}
        tx.connection.execute(insert(schema.seals).values(values))
        return
    try:
        vault.open("proof", "proof", sealed)
    except Unsealable:
        raise StoreError(
            "The master key does not belong to this store: give the one it was made with"
            " (master.key in the data directory, or SEKISHO_MASTER_KEY)."
        ) from None


class SqliteDirectory:
    """A directory over one SQLite file, shared by threads and by processes."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self._file = path / DATABASE
        self._vault = vault
        self._blobs = BlobStore(path / BLOBS)
        self._write_lock = threading.Lock()
        self._ring: Ring | None = None
        self._engine = make_engine(self._file)
        try:
            migrate.to_head(self._engine, self._file)
        except DatabaseError as error:
            raise StoreError(f"{self._file} is no usable store: {error.orig}") from None

    @property
    def vault(self) -> Vault:
        return self._vault

    @property
    def blobs(self) -> BlobStore:
        return self._blobs

    @contextmanager
    def reading(self) -> Iterator["SqliteTransaction"]:
        tx = SqliteTransaction(self, self._engine, "BEGIN")
        try:
            yield tx
        finally:
            tx.end(keep=False)

    @contextmanager
    def writing(self) -> Iterator["SqliteTransaction"]:
        if not self._write_lock.acquire(timeout=PATIENCE_SECONDS):
            raise Busy
        try:
            tx = SqliteTransaction(self, self._engine, "BEGIN IMMEDIATE")
            try:
                tx.connection  # noqa: B018 - a writer takes its turn at once
                yield tx
                tx.end(keep=True)
            except IntegrityError as error:
                raise Duplicate(str(error.orig)) from None
            except OperationalError as error:
                if is_busy(error):
                    raise Busy from None
                raise
            finally:
                tx.end(keep=False)
        finally:
            self._write_lock.release()
        tx.act()

    def watch(self) -> SqliteChanges:
        return SqliteChanges(self._file, self.forget_ring)

    def ring(self) -> Ring:
        ring = self._ring
        if ring is None:
            with self.reading() as tx:
                ring = self._ring = load_ring(tx)
        return ring

    def forget_ring(self) -> None:
        self._ring = None

    def close(self) -> None:
        self._engine.dispose()


class SqliteTransaction:
    """See store.Transaction."""

    def __init__(self, directory: SqliteDirectory, engine: Engine, begin: str) -> None:
        self._directory = directory
        self._engine = engine
        self._begin = begin
        self._connection: Connection | None = None
        self._changed: set[str] = set()
        self._acts: list[Callable[[], None]] = []

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            connection = self._engine.connect()
            try:
                connection.exec_driver_sql(self._begin)
            except OperationalError as error:
                connection.close()
                if is_busy(error):
                    raise Busy from None
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
        for act in self._acts:
            act()

    def _note_changes(self, connection: Connection) -> None:
        if not self._changed:
            return
        rows = [{"account": account} for account in sorted(self._changed)]
        connection.execute(insert(schema.changes), rows)
        newest = select(func.max(schema.changes.c.seq)).scalar_subquery()
        connection.execute(
            delete(schema.changes).where(schema.changes.c.seq <= newest - KEPT_CHANGES)
        )


def make_engine(file: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{file}",
        poolclass=QueuePool,
        pool_size=POOL,
        max_overflow=0,
        connect_args={"timeout": PATIENCE_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(_connection: Connection) -> None:
        """Nothing: a transaction begins in its own words."""

    return engine


def is_busy(error: OperationalError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
