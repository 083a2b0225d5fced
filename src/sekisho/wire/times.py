"""Points in time on the wire; inside they are epoch seconds."""

import functools
import re
from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime

_BASIC = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z", re.ASCII)
_LENGTH = len("20130524T000000Z")
_FIRST, _LAST = -62_135_596_800, 253_402_300_799
"""The first second of the year 1, the last of the year 9999."""


def parse_basic(text: str) -> int | None:
    """Epoch seconds of ``20130524T000000Z`` (W-22); None if this is no such time."""
    # What nobody signed may be long, and is not to be remembered.
    return _read_basic(text) if len(text) == _LENGTH else None


@functools.lru_cache(maxsize=1024)
def _read_basic(text: str) -> int | None:
    found = _BASIC.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second = map(int, found.groups())
    try:
        return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
    except ValueError:
        return None


def format_basic(seconds: float) -> str:
    return f"{_utc(seconds):%Y%m%dT%H%M%SZ}"


@functools.lru_cache(maxsize=4096)
def format_iso(seconds: int) -> str:
    """As IAM and STS write it: ``2025-01-31T09:00:00Z`` (W-159)."""
    return f"{_utc(seconds).isoformat()[:19]}Z"


@functools.lru_cache(maxsize=4096)
def format_iso_millis(seconds: float) -> str:
    """As S3 writes it in XML: ``2025-01-31T09:00:00.000Z``."""
    return f"{_utc(seconds).isoformat()[:19]}.000Z"


@functools.lru_cache(maxsize=4096)
def format_http(seconds: float) -> str:
    """As headers have it: ``Fri, 31 Jan 2025 09:00:00 GMT``."""
    return formatdate(min(max(int(seconds), 0), _LAST), usegmt=True)


def parse_iso(text: str) -> int:
    """Epoch seconds of an ISO 8601 time, or of a number, in years that have four digits.

    Raises ValueError.
    """
    if len(text) > 40:
        raise ValueError("no point in time")
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]*)?", text, re.ASCII):
        return _checked(int(text.partition(".")[0]))
    return _seconds(datetime.fromisoformat(text))


def parse_http(text: str) -> int:
    """Epoch seconds of an HTTP date. Raises ValueError."""
    if len(text) > 64:
        raise ValueError("no point in time")
    try:
        return _seconds(parsedate_to_datetime(text))
    except (TypeError, IndexError, OverflowError) as error:
        raise ValueError("no point in time") from error


def _seconds(moment: datetime) -> int:
    """A time without a zone is in UTC; zones can take a time out of its year. Raises ValueError."""
    return _checked(int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()))


def _checked(seconds: int) -> int:
    if not _FIRST <= seconds <= _LAST:
        raise ValueError("no point in time")
    return seconds


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(min(max(int(seconds), 0), _LAST), UTC)
