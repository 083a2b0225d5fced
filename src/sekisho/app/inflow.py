"""A body on its way from the event loop to the thread that reads it, without messages in between.

    the loop                    the thread
    put(piece) …                take(patience) -> pieces
    end() or lose()             … until there are none

At most 1 MiB waits in between, and what one read of the socket brings more; then reading pauses.
"""

import threading
from collections.abc import Callable

MOST_WAITING = 1024 * 1024


class Lost(Exception):
    """The sender went away."""


class Late(Exception):
    """Nothing came for too long."""


class Inflow:
    """resume: called by the thread once there is room again."""

    def __init__(self, resume: Callable[[], object]) -> None:
        self._resume = resume
        self._has_news = threading.Condition()
        self._pieces: list[bytes] = []
        self._size = 0
        self._is_over = False
        self._is_lost = False

    def put(self, piece: bytes) -> bool:
        """Hand a piece on; whether there is room for more."""
        with self._has_news:
            self._pieces.append(piece)
            self._size += len(piece)
            self._has_news.notify()
            return self._size < MOST_WAITING

    def end(self) -> None:
        with self._has_news:
            self._is_over = True
            self._has_news.notify()

    def lose(self) -> None:
        with self._has_news:
            self._is_lost = not self._is_over
            self._has_news.notify()

    def take(self, patience: float) -> list[bytes]:
        """What has come, once there is anything; nothing at the end.

        Raises Lost; Late after `patience` seconds.
        """
        with self._has_news:
            if not self._has_news.wait_for(self._is_news, patience):
                raise Late
            if self._is_lost:
                raise Lost
            pieces, self._pieces = self._pieces, []
            was_full, self._size = self._size >= MOST_WAITING, 0
        if was_full:
            self._resume()
        return pieces

    def _is_news(self) -> bool:
        return bool(self._pieces) or self._is_over or self._is_lost
