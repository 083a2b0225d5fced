"""Every fact of the sheets is cited by a test, or docs/semantics.md says why it is not.

The sheets are not in the repository; one has 244 facts on the evaluation of policies, the other 327
on the wire. Whoever takes a test away that was the last to cite a fact learns it here.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOME = Path(__file__).parents[2]
FACTS = {f"PE-{number}" for number in range(1, 245)} | {f"W-{number}" for number in range(1, 328)}
NUMBER = re.compile(r"\b(PE|W)-(\d+)(?:…(?:PE-|W-)?(\d+))?")
MOST_AT_ONCE = 5  # Who cites a whole chapter has not tested each of its facts.
SECTION = "## Facts that no test shows\n"


def places() -> Iterator[Path]:
    """All that runs as a test; the walk is one, and the lists beside this file are none."""
    yield from (HOME / "demo").rglob("*.py")
    for kind in ("py", "json"):
        for path in (HOME / "tests").rglob(f"*.{kind}"):
            if not path.name.startswith("literals_of"):
                yield path


def numbers(text: str, most: int = MOST_AT_ONCE) -> Iterator[str]:
    """The facts that a text cites; of a range of more than so many only the first."""
    for kind, first, last in NUMBER.findall(text):
        end = int(last or first)
        if end - int(first) >= most:
            end = int(first)
        for number in range(int(first), end + 1):
            yield f"{kind}-{number}"


@cache
def cited() -> frozenset[str]:
    return frozenset(number for path in places() for number in numbers(path.read_text()))


def shown_by_no_test() -> set[str]:
    """The numbers in the first column of the section that gives the reasons."""
    section = (HOME / "docs/semantics.md").read_text().partition(SECTION)[2]
    rows = re.findall(r"^\| ([^|]*) \|", section, re.MULTILINE)
    return {number for row in rows for number in numbers(row, most=len(FACTS))}


def test_every_fact_has_a_test_or_a_reason() -> None:
    assert FACTS - cited() - shown_by_no_test() == set()


def test_what_has_a_test_needs_no_reason() -> None:
    assert shown_by_no_test() & cited() == set()
    assert shown_by_no_test() <= FACTS


def test_no_other_numbers_are_cited() -> None:
    assert cited() <= FACTS
