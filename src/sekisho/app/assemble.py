"""Putting the house together over one data directory."""

import time
from pathlib import Path

from sekisho.access.decide import Access
from sekisho.app.settings import Settings
from sekisho.directory.sqlite import open_directory
from sekisho.gate.audit import AuditTrail
from sekisho.gate.authority import Authority, Clock
from sekisho.services.outside import ALONE, Outside
from sekisho.services.sts.fetch import Fetcher
from sekisho.services.sts.key_sets import IssuersKeys

AUDIT = "audit"


def assemble(data: Path, clock: Clock = time.time, outside: Outside = ALONE) -> Authority:
    """The authority over a data directory, which is made if it is not there.

    Raises directory.store.StoreError when the store or its master key cannot be used.
    """
    directory = open_directory(data)
    return Authority(directory, Access(directory), AuditTrail(data / AUDIT), clock, outside)


def outside_of(settings: Settings) -> Outside:
    """What the settings let services know of the world outside."""
    fetcher = Fetcher(settings.oidc_private)
    return Outside(settings.url, IssuersKeys(settings.oidc_keys, fetcher, time.monotonic))
