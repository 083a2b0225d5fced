"""Putting the house together over one data directory."""

import time
from pathlib import Path

from sekisho.access.decide import Access
from sekisho.directory.sqlite import open_directory
from sekisho.gate.audit import AuditTrail
from sekisho.gate.authority import Authority, Clock

AUDIT = "audit"


def assemble(data: Path, clock: Clock = time.time) -> Authority:
    """The authority over a data directory, which is made if it is not there.

    Raises directory.store.StoreError when the store or its master key cannot be used.
    """
    directory = open_directory(data)
    return Authority(directory, Access(directory), AuditTrail(data / AUDIT), clock)
