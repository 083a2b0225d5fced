"""A commit that several writers share: what a disk sync costs is paid once for all who wait.

Each writer has the transaction to itself and hands it on to the next, who writes behind a
savepoint; the last one commits, and nobody is told that they wrote before that has returned. The
first needs no savepoint: what undoes its part undoes all there is, and ends the batch, unless who
has the turn has more to write.

Evidence that one of them changed is in no other transaction yet: who decides by evidence after them
reads it in this one.
"""

import threading
from collections.abc import Set

from sekisho.directory.changes import Name, note_changes
from sekisho.directory.errors import StoreError
from sekisho.directory.lines import Line, Lines

MOST_WRITERS = 64


class Batch:
    """A transaction that is filled by one writer after the other.

    unsettled: whose evidence they have changed so far.
    """

    def __init__(self, lines: Lines, patience: float) -> None:
        """Begins it. Raises Busy after `patience` seconds."""
        self._lines = lines
        self._patience = patience
        self._writers = 0
        self._is_empty = True
        self._is_over = threading.Event()
        self._failure: BaseException | None = None
        self.unsettled: set[Name] = set()
        self.line = lines.take()
        try:
            self.line.begin_writing(patience)
        except BaseException:
            self.line.drop()
            raise

    @property
    def is_closed(self) -> bool:
        """Whether nobody may add to it."""
        return self._writers >= MOST_WRITERS or not self.line.driver.in_transaction

    def enter(self) -> Line:
        """Begin the part of one writer. Raises StoreError if the whole is lost, Busy."""
        if not self.line.driver.in_transaction:
            if self._writers:
                raise StoreError("the transaction was undone")
            self.line.begin_writing(self._patience)
        self._writers += 1
        if self._writers > 1:
            self.line.say("SAVEPOINT writer")
        return self.line

    def leave(self, keep: bool, changed: Set[Name]) -> None:
        """End it: what was written since `enter` goes with the batch, or is undone.

        changed: whose evidence it bears on.
        Raises StoreError if the whole is lost: SQLite undoes it when the disk is full.
        """
        if not self.line.driver.in_transaction:
            self._failure = StoreError("the transaction was undone")
            raise self._failure
        if keep:
            self._is_empty = False
            self.unsettled |= changed
        elif self._writers == 1:
            self.line.say("ROLLBACK")
            self._writers = 0
            return
        else:
            self.line.say("ROLLBACK TO writer")
        if self._writers > 1:
            self.line.say("RELEASE writer")

    def commit(self) -> None:
        """Commit, and wake those who wait for that. Raises nothing: `wait` does."""
        try:
            if self.line.driver.in_transaction:
                if self.unsettled:
                    note_changes(self.line, self.unsettled)
                self.line.say("ROLLBACK" if self._is_empty else "COMMIT")
        except BaseException as error:
            self._failure = error
        if self._failure is None:
            self._lines.give_back(self.line)
        else:
            self.line.drop()
        self._is_over.set()

    def wait(self) -> None:
        """Return once the batch is on the disk. Raises StoreError if it could not be committed."""
        self._is_over.wait()
        if self._failure is not None:
            raise StoreError("a commit failed") from self._failure
