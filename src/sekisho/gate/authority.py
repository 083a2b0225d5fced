"""The authority: everything that a request meets on its way, put together once at the start."""

from collections.abc import Callable
from dataclasses import dataclass

from sekisho.access.decide import Access
from sekisho.directory.store import Directory
from sekisho.gate.audit import AuditTrail
from sekisho.services.outside import ALONE, Outside

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Authority:
    """clock: gives epoch seconds; every notion of now comes from it."""

    directory: Directory
    access: Access
    audit: AuditTrail
    clock: Clock
    outside: Outside = ALONE
