"""The credentials of a role, held in memory and renewed before they end."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from sekisho.app.credentials.assume import Temporary
from sekisho.app.credentials.profiles import CredentialsError

# SDKs ask again a quarter of an hour before the end, and want others then.
RENEWED_BEFORE = 960


class Holder:
    """Gives credentials that are good for a while.

    obtain: gets new ones, or raises CredentialsError; called by one thread at a time.
    """

    def __init__(self, obtain: Callable[[], Temporary], clock: Callable[[], float]) -> None:
        self._obtain = obtain
        self._clock = clock
        self._lock = threading.Lock()
        self._held: Temporary | None = None

    def credentials(self) -> Temporary:
        """Raises CredentialsError when there are none any more and no new ones can be had."""
        with self._lock:
            if self._held is None or self._is_old(self._held):
                try:
                    self._held = self._obtain()
                except CredentialsError:
                    if self._held is None or self._held.expires <= self._clock():
                        raise
            return self._held

    def _is_old(self, held: Temporary) -> bool:
        """Short ones are renewed after half of their life."""
        life = held.expires - held.issued
        return self._clock() >= held.expires - min(RENEWED_BEFORE, life / 2)


def iso(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
