"""The contract of the directory: what every engine promises to the rooms above.

A Directory opens transactions. A reading transaction sees one state of the store from its first
query to its end. A writing transaction is alone: it sees all that was committed before it began,
and either all of it is kept, durably, when its block ends, or none. Each names the accounts whose
evidence it bears on (`Transaction.changed`), and once its commit has returned, the next `poll` of
every watcher, in this process or another, names them too.
"""

from collections.abc import Callable, Mapping, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from sekisho.directory.blob_contract import Blobs
from sekisho.directory.errors import Busy, Duplicate, Moved, StoreError
from sekisho.directory.prepared import Prepared, Rows
from sekisho.directory.vault import Vault

if TYPE_CHECKING:
    from sekisho.directory.uses import LastUses

__all__ = [
    "Begin",
    "Busy",
    "Changed",
    "Changes",
    "Directory",
    "Duplicate",
    "Lot",
    "Moved",
    "Ring",
    "StoreError",
    "Transaction",
]


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys that seal session tokens. current: the id of the one that seals; 0-255."""

    current: int
    keys: Mapping[int, bytes] = field(repr=False)

    def cipher(self, key_id: int) -> AESGCM:
        """Raises LookupError for an id that is not on the ring."""
        return cipher_of(self.keys[key_id])


@cache
def cipher_of(key: bytes) -> AESGCM:
    return AESGCM(key)


@dataclass(frozen=True)
class Changed:
    """What was committed since the last poll.

    named: accounts, each with the one entity whose evidence it was, or with an empty text if it
        may be anybody's. An entity is named by what it is looked for by: the unique id of a user,
        the unique id or the name of a role, the id of an access key, the name of a bucket; an
        account's place in its organization by the account's id.
    """

    named: frozenset[tuple[str, str]] = frozenset()
    everything: bool = False

    @property
    def nothing(self) -> bool:
        return not (self.named or self.everything)

    @cached_property
    def accounts(self) -> frozenset[str]:
        return frozenset(account for account, _ in self.named)


NOTHING = Changed()


class Changes(Protocol):
    """A watcher of the store."""

    def poll(self) -> Changed:
        """The accounts whose evidence changed since; cheap enough for each request."""
        ...


class Transaction(Protocol):
    """One transaction, of one thread. It costs nothing until its connection is asked for."""

    @property
    def connection(self) -> Connection: ...

    def run(self, statement: Prepared, values: Mapping[str, Any]) -> Rows:
        """Run a statement with these values by name; the rows of its answer, none for a write."""
        ...

    @property
    def directory(self) -> "Directory": ...

    @property
    def seen(self) -> dict[Any, Any]:
        """What was read before anything was written, for whoever would read it again.

        What `recalling` gives is shared by many: add to it only.
        """
        ...

    @property
    def unsettled(self) -> Set[tuple[str, str]]:
        """Whose evidence was changed by others who share this one's commit (see `changed`): here
        alone it can be read as it is by now.
        """
        ...

    def changed(self, account: str, *entities: str) -> None:
        """Tell watchers, upon commit, that this account's evidence is not what it was.

        entities: that it was theirs alone (see Changed); none: that it may be anybody's. The empty
        account stands for what belongs to no account: buckets' names and the key ring.
        """
        ...

    def after_commit(self, act: Callable[[], None]) -> None:
        """Do something once the commit has returned; not done if it never does.

        What it raises is logged and goes no further: the commit stands.
        """
        ...


Begin = Callable[[], AbstractContextManager[Transaction]]
"""Begins the next of several transactions that are committed together."""


class Lot(Protocol):
    """Several transactions, one after the other, with one turn and one commit."""

    def begin(self) -> AbstractContextManager[Transaction]:
        """The next transaction: it sees what those before it wrote, and is undone alone if its
        block fails.
        """
        ...

    def commit(self) -> None:
        """Return once all of it is on the disk; called once, by any thread.

        If it raises, nothing of it was kept.
        """
        ...


class Directory(Protocol):
    """A store, with its vault and its blobs."""

    @property
    def vault(self) -> Vault: ...

    @property
    def blobs(self) -> Blobs: ...

    @property
    def uses(self) -> "LastUses": ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """A transaction that cannot write."""
        ...

    def recalling(self) -> AbstractContextManager[Transaction]:
        """As `reading`, but what others have seen of the same state need not be asked for again.

        That state is the one of the last poll. Raises Moved at the first query if there is a newer
        one by then. For one thread alone.
        """
        ...

    def writing(self) -> AbstractContextManager[Transaction]:
        """A transaction that takes its turn to write at once.

        Raises Busy when no turn came in time, RuntimeError inside another one of this thread.
        """
        ...

    def writing_together(self) -> AbstractContextManager[Begin]:
        """Several transactions, one after the other, with one turn and one commit.

        Each sees what those before it wrote, and is undone alone if its block fails. None is kept
        before the end of the outer block; if that raises, none was.
        """
        ...

    def open_lot(self, *, at_once: bool = False) -> Lot:
        """Take the turn to write: what `writing_together` does, in steps.

        Whoever opens a lot must commit it. at_once: raise Busy rather than wait for the turn.
        """
        ...

    def watch(self) -> Changes: ...

    def ring(self) -> Ring:
        """The key ring as it stands; another process's rotation is seen at the next poll."""
        ...

    def rotate_ring(self) -> int:
        """Seal with a new key from now on; its id. What the older keys sealed still opens."""
        ...

    def close(self) -> None: ...
