"""Conditions of one statement that can never hold together (PE-145).

Only keys with one value, compared without set operators, and values without variables are looked
at: for these the answer is certain.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from sekisho.advice.check.advice import Remark
from sekisho.advice.check.draft import Draft, Test
from sekisho.advice.check.names import known_key
from sekisho.advice.check.operators import Operator
from sekisho.policy.literals import read_instant, read_number
from sekisho.policy.words import say

Reader = Callable[[str], Any]
READERS: dict[str, Reader] = {"Numeric": read_number, "Date": read_instant}


def check_contradictions(draft: Draft) -> Iterator[Remark]:
    """Pairs of conditions on one key."""
    for part in draft.parts():
        by_key: dict[str, list[tuple[Test, Operator]]] = {}
        for test in part.tests():
            operator = Operator.read(test.clause.operator)
            known = known_key(test.key)
            if not operator.quantifier and not (known and known.several):
                by_key.setdefault(test.key, []).append((test, operator))
        for listed in by_key.values():
            for index, (test, operator) in enumerate(listed):
                for other, another in listed[:index]:
                    if draft.budget.take(len(test.clause.values) + len(other.clause.values)) and (
                        _exclude(test, operator, other, another)
                        or _exclude(other, another, test, operator)
                    ):
                        said = say(
                            "{} and {} on {} never hold together",
                            operator.named(operator.base),
                            another.named(another.base),
                            test.clause.key,
                        )
                        yield Remark("Contradiction", test.steps, said)


def _exclude(one: Test, first: Operator, two: Test, second: Operator) -> bool:
    """Whether no request meets both, looked at from the first to the second."""
    if any("${" in value for value in (*one.clause.values, *two.clause.values)):
        return False
    absent = first.holds_if_absent(one.clause.values) and second.holds_if_absent(two.clause.values)
    if absent:
        return False
    if first.base == "Null":
        wants_absent = {value.lower() for value in one.clause.values} == {"true"}
        return wants_absent and not second.holds_if_absent(two.clause.values)
    if first.base == "StringEquals":
        return _excludes_texts(set(one.clause.values), second, two)
    if first.base == "Bool" and second.base == "Bool":
        left = {value.lower() for value in one.clause.values}
        return bool(left) and left.isdisjoint(value.lower() for value in two.clause.values)
    if first.family in READERS and first.family == second.family:
        return _excludes_order(one, first, two, second)
    return False


def _excludes_texts(listed: set[str], second: Operator, two: Test) -> bool:
    """Whether every text of the first list is refused by the second operator."""
    if not listed:
        return False
    match second.base:
        case "StringEquals":
            return listed.isdisjoint(two.clause.values)
        case "StringNotEquals":
            return listed <= set(two.clause.values)
        case "StringNotEqualsIgnoreCase":
            folded = {value.lower() for value in two.clause.values}
            return {value.lower() for value in listed} <= folded
    return False


def _excludes_order(one: Test, first: Operator, two: Test, second: Operator) -> bool:
    """Whether what is below the first's highest value is never above the second's lowest."""
    read = READERS[first.family]
    highs = [read(value) for value in one.clause.values]
    lows = [read(value) for value in two.clause.values]
    if not highs or not lows or None in highs or None in lows:
        return False
    below, above = first.base.removeprefix(first.family), second.base.removeprefix(first.family)
    if not (below.startswith("LessThan") and above.startswith("GreaterThan")):
        return False
    high: Decimal | int = max(highs)
    low: Decimal | int = min(lows)
    if below == "LessThanEquals" and above == "GreaterThanEquals":
        return high < low
    return high <= low
