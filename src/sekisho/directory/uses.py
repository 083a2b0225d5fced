"""The memory of who used what last: noted in a request for the price of a few dictionary entries,
written down by a thread of its own a little later.

What a process did not come to write down before it was killed is forgotten; decisions never rest
on it.
"""

import logging
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sekisho.directory.errors import Busy
from sekisho.directory.queries import uses
from sekisho.model.uses import Use

if TYPE_CHECKING:
    from sekisho.directory.store import Directory, Transaction

log = logging.getLogger(__name__)

DELAY_SECONDS = 60.0
MOST_NOTED = 100_000

SIGN_IN = ("signin", "ConsoleLogin")

Noted = dict[str, dict[tuple[str, str], Use]]


class LastUses:
    """What was used since it was last written down, and the thread that writes it."""

    def __init__(self, directory: "Directory", delay: float = DELAY_SECONDS) -> None:
        self._directory = directory
        self._delay = delay
        self._noted: Noted = {}
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        self._closed = False

    def note(self, use: Use) -> None:
        """Note a call; the last one of each operation is kept. Past 100,000 no subject is added."""
        noted = self._noted
        of_subject = noted.get(use.subject)
        if of_subject is None:
            if len(noted) >= MOST_NOTED:
                return
            of_subject = noted.setdefault(use.subject, {})
        of_subject[use.service, use.action] = use
        if self._timer is None:
            self._begin()

    def of(self, tx: "Transaction", subject: str) -> list[Use]:
        """The last uses of a subject, one a service and action, by both."""
        return merged(uses.list_uses(tx, subject), self._noted.get(subject, {}))

    def of_many(self, tx: "Transaction", subjects: Sequence[str]) -> dict[str, Use]:
        """The last use of each subject, whatever for; those never used are missing."""
        found, noted = uses.list_uses_of_many(tx, subjects), self._noted
        for subject in subjects:
            if subject in noted:
                found += list(noted[subject].values())
        return {use.subject: use for use in sorted(found, key=lambda use: use.at)}

    def signed_in(self, tx: "Transaction", account: str) -> dict[str, int]:
        """When the users of an account, by unique id, last signed in with their password."""
        last = {use.subject: use.at for use in uses.list_signins(tx, account)}
        for subject, of_subject in list(self._noted.items()):
            use = of_subject.get(SIGN_IN)
            if use is not None and use.account == account:
                last[subject] = max(use.at, last.get(subject, 0))
        return last

    def flush(self) -> None:
        """Write down what was noted; what cannot be written now is tried again next time."""
        noted, self._noted = self._noted, {}
        latest = [use for of_subject in list(noted.values()) for use in list(of_subject.values())]
        if not latest:
            return
        try:
            with self._directory.writing() as tx:
                uses.put_uses(tx, latest)
        except Busy:
            for use in latest:
                self._noted.setdefault(use.subject, {}).setdefault((use.service, use.action), use)
        except Exception:
            log.exception("last uses could not be written down")

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._timer is not None:
                self._timer.cancel()
        self.flush()

    def _begin(self) -> None:
        with self._lock:
            if self._timer is None and not self._closed:
                self._timer = threading.Timer(self._delay, self._write)
                self._timer.daemon = True
                self._timer.start()

    def _write(self) -> None:
        self._timer = None
        self.flush()


def merged(written: list[Use], noted: dict[tuple[str, str], Use]) -> list[Use]:
    """The later of what was written and what was noted, a service and action."""
    latest = {(use.service, use.action): use for use in written}
    for key, use in list(noted.items()):
        known = latest.get(key)
        if known is None or known.at < use.at:
            latest[key] = use
    return [latest[key] for key in sorted(latest)]
