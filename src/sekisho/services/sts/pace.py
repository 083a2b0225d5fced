"""How fast those who sign nothing may make this server verify signatures."""

import ipaddress
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from sekisho.model.faults import Fault

PER_SECOND = 50.0
AT_ONCE = 200.0
MOST_CLIENTS = 10_000
VERIFYING_AT_ONCE = 4
MOST_WAITING = 12
PATIENCE_SECONDS = 5.0


class Pace:
    """Each address has 200 verifications and gets 50 more a second; four run at a time.

    Twelve more may wait for a turn: the server's other threads are for those who sign. Kept in
    memory, for the newest 10,000 addresses.
    """

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(VERIFYING_AT_ONCE)
        self._room = threading.BoundedSemaphore(VERIFYING_AT_ONCE + MOST_WAITING)

    def take(self, client: str, now: float) -> None:
        """Raises Throttling for an address that has none left."""
        household = household_of(client)
        with self._lock:
            left, then = self._left.pop(household, (AT_ONCE, now))
            left = min(AT_ONCE, left + PER_SECOND * max(0.0, now - then))
            self._left[household] = max(left - 1, 0.0), now
            if len(self._left) > MOST_CLIENTS:
                self._left.popitem(last=False)
        if left < 1:
            raise too_fast()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A turn to verify. Raises Throttling where too many wait, or none comes in time."""
        if not self._room.acquire(blocking=False):
            raise too_fast()
        try:
            if not self._turns.acquire(timeout=PATIENCE_SECONDS):
                raise too_fast()
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._room.release()


def household_of(address: str) -> str:
    """What counts as one address: of IPv6 the first 64 bits, which one household has many of."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(read), 64), strict=False))


def too_fast() -> Fault:
    return Fault("Throttling", 400, "Rate exceeded")


PACE = Pace()
