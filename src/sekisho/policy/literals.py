"""The typed values of conditions, read from text; None where the text is no such value.

Nothing here raises, and nothing takes longer than its text: hostile values simply do not match.
"""

import base64
import binascii
import ipaddress
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

LONGEST_NUMBER = 64
LONGEST_ADDRESS = 64
LONGEST_EPOCH = 2**63 - 1
FIRST_YEAR, LAST_YEAR = -292_275_054, 292_278_993
NANO = 10**9
MAPPED = 96  # bits of IPv6 that stand before a mapped IPv4 address

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_INTEGER = re.compile(r"[0-9]{1,19}", re.ASCII)
_DATE = re.compile(r"(-?[0-9]{1,9})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?", re.ASCII)
_TIME = re.compile(
    r"([0-9]{1,2})(?::([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]{1,9}))?)?)?"
    r"(?:(z)|([+-])([0-9]{2})(?::([0-9]{2}))?)?",
    re.ASCII,
)


def read_number(text: str) -> Decimal | None:
    """A whole or decimal number, without exponent, of at most 64 characters (PE-160)."""
    if len(text) > LONGEST_NUMBER or _NUMBER.fullmatch(text) is None:
        return None
    return Decimal(text)


def read_instant(text: str) -> int | None:
    """A moment in nanoseconds since 1970 (PE-70, PE-161).

    ISO 8601 as W3C narrows it (``YYYY-MM`` to ``YYYY-MM-DDThh:mm:ss.sTZD``; no zone counts as UTC)
    with AWS's wider years; or whole epoch seconds, which is also how a bare year is read. A day
    past the end of its month runs over.
    """
    folded = text.lower()
    if "t" not in folded and "-" not in folded:
        if _INTEGER.fullmatch(text) is None or int(text) > LONGEST_EPOCH:
            return None
        return int(text) * NANO
    date, _, time = folded.partition("t")
    days = _read_date(date)
    nanos = _read_time(time) if time else 0
    return None if days is None or nanos is None else days * 86_400 * NANO + nanos


def _read_date(text: str) -> int | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part or 1) for part in found.groups())
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return days_since_1970(year, month, day)


def days_since_1970(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 in the proleptic Gregorian calendar, for any year."""
    year -= month <= 2  # years begin in March, so that the leap day is the last of its year
    era, of_era = divmod(year, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def _read_time(text: str) -> int | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute, second, fraction, _utc, sign, zone_hour, zone_minute = found.groups()
    seconds = [int(hour), int(minute or 0), int(second or 0)]
    zone = [int(zone_hour or 0), int(zone_minute or 0)]
    if seconds[0] > 23 or seconds[1] > 59 or seconds[2] > 59 or zone[0] > 23 or zone[1] > 59:
        return None
    offset = (zone[0] * 3600 + zone[1] * 60) * (-1 if sign == "-" else 1)
    total = seconds[0] * 3600 + seconds[1] * 60 + seconds[2] - offset
    return total * NANO + int((fraction or "0").ljust(9, "0"))


@dataclass(frozen=True, slots=True)
class Network:
    """A range of addresses: those whose high bits, the low ones shifted away, equal `bits`."""

    version: int
    bits: int
    shift: int

    def holds(self, address: tuple[int, int]) -> bool:
        return self.version == address[0] and address[1] >> self.shift == self.bits

    @property
    def prefix(self) -> int:
        """The length of the prefix: 0-32 or 0-128."""
        return (32 if self.version == 4 else 128) - self.shift


def read_network(text: str) -> Network | None:
    """An address or a CIDR range; host bits are ignored (PE-164).

    Addresses mapped into IPv6 are IPv4 here too, as `read_address` takes them.
    """
    address, slash, length = text.partition("/")
    if slash and _INTEGER.fullmatch(length) is None:
        return None
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    if "%" in address:
        return None
    prefix = int(length) if slash else found.max_prefixlen
    if prefix > found.max_prefixlen:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    if mapped is not None and prefix >= MAPPED:
        found, prefix = mapped, prefix - MAPPED
    shift = found.max_prefixlen - prefix
    return Network(found.version, int(found) >> shift, shift)


def read_address(text: str) -> tuple[int, int] | None:
    """Version and number of an address; one mapped into IPv6 (``::ffff:…``) counts as IPv4."""
    return parse_address(text) if len(text) <= LONGEST_ADDRESS else None


@lru_cache(maxsize=4096)
def parse_address(text: str) -> tuple[int, int] | None:
    """The same for texts that are known not to be longer than LONGEST_ADDRESS."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id is not None:
            return None
        found = found.ipv4_mapped or found
    return found.version, int(found)


def read_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return None
