"""Turns to write: one writer at a time, in the order of asking.

Whoever has the turn can hand it on with something for the next one, and learns if there is none.
"""

import threading
from collections import deque
from typing import Generic, TypeVar

from sekisho.directory.errors import Busy

Handed = TypeVar("Handed")


class Waiter(Generic[Handed]):
    """Somebody who waits for their turn; has_come is locked until then."""

    __slots__ = ("handed", "has_come")

    def __init__(self) -> None:
        self.has_come = threading.Lock()
        self.has_come.acquire()
        self.handed: Handed | None = None


class Turns(Generic[Handed]):
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_taken = False
        self._waiting: deque[Waiter[Handed]] = deque()

    def take(self, patience: float) -> Handed | None:
        """Wait for the turn; what was handed on with it. Raises Busy after `patience` seconds."""
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return None
            waiter = Waiter[Handed]()
            self._waiting.append(waiter)
        if not waiter.has_come.acquire(timeout=patience):
            with self._lock:
                if waiter in self._waiting:
                    self._waiting.remove(waiter)
                    raise Busy
            # The turn came just now, and what was handed on must not be lost.
        return waiter.handed

    def hand_on(self, handed: Handed) -> bool:
        """Give the turn to who has waited longest; False, and the turn is kept, if nobody waits."""
        with self._lock:
            if not self._waiting:
                return False
            waiter = self._waiting.popleft()
        waiter.handed = handed
        waiter.has_come.release()
        return True

    def let_go(self) -> None:
        """Give the turn to whoever is next, with nothing."""
        with self._lock:
            if not self._waiting:
                self._is_taken = False
                return
            waiter = self._waiting.popleft()
        waiter.has_come.release()
