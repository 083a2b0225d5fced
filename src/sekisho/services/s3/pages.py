"""Pages of lists in which a key may have several entries: its versions, its uploads under way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from sekisho.services.operation import Call, Output
from sekisho.services.s3.listings import FEW, beyond, encoder, group_of


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


Entry = TypeVar("Entry", bound=Keyed)
Rank = TypeVar("Rank")
After = tuple[str, Rank | None]


@dataclass(slots=True)
class Page(Generic[Entry]):
    """One page. last: the entry or the common prefix that it ends with; None if no more follow."""

    entries: list[Entry] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    last: Entry | str | None = None

    def __len__(self) -> int:
        return len(self.entries) + len(self.prefixes)


def walk(
    find: Callable[[After[Rank] | None, int], Sequence[Entry]],
    rank: Callable[[Entry], Rank],
    grouping: tuple[str, str],
    after: After[Rank] | None,
    most: int,
) -> Page[Entry]:
    """At most `most` entries and common prefixes of keys.

    find: entries by key, of one key by rank, strictly after a place, so many. grouping: prefix and
    delimiter. after: a key, or an entry of it by its rank. A page of n costs about n entries: the
    walk jumps past each common prefix.
    """
    page, last = Page[Entry](), None
    few = min(FEW, most + 1) if grouping[1] else most + 1
    batch = few
    while most:
        found = find(after, batch)
        for entry in found:
            group = group_of(entry.key, *grouping)
            if group is not None and page.prefixes[-1:] == [group]:
                continue
            if len(page) == most:
                page.last = last
                return page
            if group is None:
                page.entries.append(entry)
            else:
                page.prefixes.append(group)
            last = entry if group is None else group
        if len(found) < batch:
            return page
        end = found[-1]
        group = group_of(end.key, *grouping)
        if group is None:
            after, batch = (end.key, rank(end)), min(2 * batch, most + 1)
        else:
            after, batch = (beyond(group), None), few
    return page


def resumed(
    key: str, grouping: tuple[str, str], rank: Callable[[], Rank | None]
) -> After[Rank] | None:
    """Where a list goes on after the markers of the page before; rank: of its entry, if any."""
    if not key:
        return None
    group = group_of(key, *grouping)
    return (key, rank()) if group is None else (beyond(group), None)


def shown_page(
    call: Call, page: Page[Entry], grouping: tuple[str, str], entry_id: Callable[[Entry], str]
) -> tuple[Output, str]:
    """What every such list says of a page; the id that goes with its NextKeyMarker."""
    encoded, (prefix, delimiter), last = encoder(call), grouping, page.last
    output: Output = {
        "Prefix": encoded(prefix),
        "KeyMarker": encoded(call.input.get("KeyMarker", "")),
        "IsTruncated": last is not None,
        "CommonPrefixes": [{"Prefix": encoded(group)} for group in page.prefixes],
    }
    if delimiter:
        output["Delimiter"] = encoded(delimiter)
    if "EncodingType" in call.input:
        output["EncodingType"] = call.input["EncodingType"]
    if last is None:
        return output, ""
    key, marker = (last, "") if isinstance(last, str) else (last.key, entry_id(last))
    output["NextKeyMarker"] = encoded(key)
    return output, marker
