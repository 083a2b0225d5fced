"""Lists in pages: Marker and MaxItems in, IsTruncated and Marker out (W-158).

A marker is the base64 of what the last entry of its page is ordered by, so a page goes on at the
right place even if that entry has gone since.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from sekisho.services.iam.faults import invalid
from sekisho.services.operation import Call, Output

DEFAULT_ITEMS = 100
EVERY = 1_000_000

Item = TypeVar("Item")


def page(
    call: Call,
    fetch: Callable[[str | None, int], Sequence[Item]],
    order: Callable[[Item], str],
) -> tuple[Sequence[Item], Output]:
    """One page of a list that the directory orders, and the rest of the output.

    fetch(after, limit) gives at most `limit` entries that come after `after`. order: the text by
    which an entry is found again. Raises ValidationError for a marker that is none.
    """
    most: int = call.input.get("MaxItems", DEFAULT_ITEMS)
    found = fetch(read_marker(call), most + 1)
    if len(found) <= most:
        return found, {"IsTruncated": False}
    return cut_short(found[:most], order)


def cut_short(kept: Sequence[Item], order: Callable[[Item], str]) -> tuple[Sequence[Item], Output]:
    """A page after which more follows."""
    return kept, {"IsTruncated": True, "Marker": write_marker(order(kept[-1]))}


def page_of(
    call: Call, items: Iterable[Item], order: Callable[[Item], str]
) -> tuple[Sequence[Item], Output]:
    """One page of a list that is at hand; `order` gives a different text for each entry."""
    ordered = sorted(items, key=order)

    def fetch(after: str | None, limit: int) -> Sequence[Item]:
        rest = ordered if after is None else [item for item in ordered if order(item) > after]
        return rest[:limit]

    return page(call, fetch, order)


def oldest_first(since: int, unique_id: str) -> str:
    """A text by which entries are ordered that have no name; since: epoch seconds."""
    return f"{since:012d}{unique_id}"


def numbered(items: Iterable[Item]) -> list[tuple[str, Item]]:
    """Entries with their numbers, for `page_of` to keep them in the order they are in.

    For lists that stay as they are: where one is taken away, those behind it change their numbers.
    """
    return [(f"{number:09d}", item) for number, item in enumerate(items)]


def write_marker(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


def read_marker(call: Call) -> str | None:
    marker = call.input.get("Marker")
    if marker is None:
        return None
    try:
        return base64.b64decode(marker.encode(), b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise invalid("Invalid Marker.") from None


def path_prefix(call: Call) -> str:
    prefix: str = call.input.get("PathPrefix", "/")
    return prefix
