"""Parts of objects: Range and partNumber."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sekisho.model.faults import Fault
from sekisho.services.s3.faults import invalid_argument, invalid_request

MOST_PARTS = 10_000

_RANGE = re.compile(r"bytes=([0-9]{0,19})-([0-9]{0,19})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Some bytes of an object: from `start`, `length` of them, one at least."""

    start: int
    length: int

    def told(self, size: int) -> str:
        """Content-Range of an object of this size."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{size}"


def wanted_span(given: Mapping[str, Any], size: int) -> Span | None:
    """The bytes that a request asks for; None for all of them.

    A Range that is none, or more than one, is not looked at. Raises InvalidRange where no byte is
    in it, InvalidPartNumber for any part but the first, which is the whole.
    """
    text = given.get("Range")
    if "PartNumber" in given:
        if text is not None:
            message = "Cannot specify both Range header and partNumber query parameter"
            raise invalid_request(message)
        return only_part(given["PartNumber"], size)
    found = None if text is None else _RANGE.fullmatch(text.strip())
    if found is None:
        return None
    first, last = found.groups()
    if first and last and int(last) < int(first):
        return None
    if first:
        start, end = int(first), min(int(last) + 1 if last else size, size)
    elif last:
        start, end = max(0, size - int(last)), size
    else:
        return None
    if start >= end:
        raise unsatisfiable(text or "", size)
    return Span(start, end - start)


def only_part(number: int, size: int) -> Span | None:
    check_part_number(number)
    if number > 1:
        raise missing_part(number, 1)
    return Span(0, size) if size else None


def check_part_number(number: int) -> None:
    if not 1 <= number <= MOST_PARTS:
        message = "Part number must be an integer between 1 and 10000, inclusive"
        raise invalid_argument("partNumber", str(number), message)


def missing_part(number: int, count: int) -> Fault:
    message = "The requested partnumber is not satisfiable"
    details = {"PartNumberRequested": str(number), "ActualPartCount": str(count)}
    return Fault("InvalidPartNumber", 416, message, details)


def unsatisfiable(text: str, size: int) -> Fault:
    details = {"RangeRequested": text, "ActualObjectSize": str(size)}
    return Fault("InvalidRange", 416, "The requested range is not satisfiable", details)
