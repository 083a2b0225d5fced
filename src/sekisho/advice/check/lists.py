"""Entries of a list that another entry of it covers."""

from collections.abc import Callable, Iterator

from sekisho.advice.check.advice import Remark
from sekisho.advice.check.draft import Draft, Entry, Named
from sekisho.advice.check.names import has_wildcard
from sekisho.advice.check.overlap import covers, covers_resource
from sekisho.policy.words import say

Covers = Callable[[str, str], bool]


def check_lists(draft: Draft) -> Iterator[Remark]:
    """Entries that could be left out without changing what the statement says."""
    for part in draft.parts():
        for element in ("Action", "NotAction"):
            yield from _check(draft, part.entries(element), covers, str.lower)
        for element in ("Resource", "NotResource"):
            yield from _check(draft, part.entries(element), covers_resource, str)
        for element in ("Principal", "NotPrincipal"):
            yield from _repeated(draft, part.named(element))


def _check(
    draft: Draft, entries: tuple[Entry, ...], is_covered: Covers, fold: Callable[[str], str]
) -> Iterator[Remark]:
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(fold(entry.text), entry)
    shelves: dict[str, list[Entry]] = {}
    for text, entry in first.items():
        if has_wildcard(text):
            shelves.setdefault(_service(text), []).append(entry)
    # A service that is a pattern itself may cover any other.
    everywhere = [each for key, shelf in shelves.items() if has_wildcard(key) for each in shelf]
    for entry in entries:
        text = fold(entry.text)
        if first[text] is not entry:
            yield _redundant(draft, entry, first[text].text)
            continue
        for other in (*everywhere, *shelves.get(_service(text), ())):
            if other is entry:
                continue
            if not draft.budget.take(len(other.text) + len(text)):
                return
            if is_covered(fold(other.text), text):
                yield _redundant(draft, entry, other.text)
                break


def _service(text: str) -> str:
    """The service of an action or an ARN."""
    parts = text.split(":", 3)
    return parts[2] if parts[0] == "arn" and len(parts) > 2 else parts[0]


def _redundant(draft: Draft, entry: Entry, by: str) -> Remark:
    said = say('"{}" is covered by "{}" in the same list', entry.text, by)
    if entry.text == by:
        said = say('"{}" stands in this list twice', entry.text)
    return Remark("RedundantEntry", entry.steps, said, draft.without(entry.steps))


def _repeated(draft: Draft, named: tuple[Named, ...]) -> Iterator[Remark]:
    seen = set[tuple[str, str]]()
    for each in named:
        key = (each.principal.key, each.principal.value)
        if key in seen:
            said = say('"{}" stands in this list twice', each.principal.value)
            yield Remark("RedundantEntry", each.steps, said, draft.without(each.steps))
        seen.add(key)
