"""Condition operators, their set prefixes and IfExists (PE-145…PE-167).

A condition compares the values that a request has for one key with the values that a policy
lists. An operator says when a request's value equals, or stands in its order to, a listed one;
negated operators turn that round, so that no listed value may match (PE-145). The listed values
are read once, when the condition is compiled.
"""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from operator import eq, ge, gt, le, lt
from sys import intern
from typing import TypeVar
from weakref import WeakValueDictionary

from sekisho.policy.document import Clause
from sekisho.policy.literals import (
    LONGEST_ADDRESS,
    parse_address,
    read_address,
    read_base64,
    read_instant,
    read_network,
    read_number,
)
from sekisho.policy.patterns import Test, Tokens, compile_pattern
from sekisho.policy.resources import compile_arn
from sekisho.policy.variables import (
    Context,
    fixed_tokens,
    is_fixed,
    read_template,
    resolve,
)

# Whether a request's value matches a listed one; None where the value is not of the type.
Match = Callable[[str, Context], bool | None]
# A test of a request. The resource means nothing to it, but so it may stand for the whole rest of a
# statement without a call between.
Holds = Callable[[str, Context], bool]
Listed = tuple[str, ...]
Typed = TypeVar("Typed")

# How many letters one letter can become in lower case, at most.
LONGEST_FOLD = 3


class Quantifier(enum.Enum):
    """Which of the request's values have to match; ONE is for keys with a single value."""

    ONE = ""
    ALL = "ForAllValues:"
    ANY = "ForAnyValue:"


@dataclass(frozen=True, slots=True)
class Operator:
    """negated: ``Not…``. make: reads the listed values into a Match; the flag is for variables.

    hold: the same as a test of a key with one value, in fewer calls, for the most usual operators;
    the other flag is the answer where the key is absent.
    """

    negated: bool
    make: Callable[[Listed, bool], Match]
    hold: Callable[[str, Listed, bool, bool], Holds] | None = None


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Condition:
    """One clause, ready to be held against a request.

    exact: the values of which the key must have one, where that is all there is to it; else None.
    """

    clause: Clause
    key: str
    negated: bool
    holds: Holds
    exact: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class NullCondition:
    """``Null``: whether the key is absent (PE-157). A set prefix decides it beforehand."""

    clause: Clause
    key: str
    wanted: frozenset[str]
    decided: bool | None

    def holds(self, _resource: str, context: Context) -> bool:
        if self.decided is not None:
            return self.decided
        return ("true" if context.get(self.key, ()) == () else "false") in self.wanted


AnyCondition = Condition | NullCondition


def is_operator(name: str) -> bool:
    """Whether a document may use this name, written exactly so (PE-148, PE-158)."""
    return name in OPERATOR_NAMES


_known: WeakValueDictionary[tuple[Clause, bool], AnyCondition] = WeakValueDictionary()


def compile_condition(clause: Clause, variables: bool) -> AnyCondition:
    """The condition of a clause whose operator `is_operator` knows.

    Alike clauses share it, as most policies of an account are written to a few patterns.
    """
    at = clause, variables
    return _known.get(at) or _known.setdefault(at, _compile_condition(*at))


def _compile_condition(clause: Clause, variables: bool) -> AnyCondition:
    quantifier, rest = split_quantifier(clause.operator)
    key = intern(clause.key.lower())  # contexts look it up
    if rest == "Null":
        wanted = frozenset(value.lower() for value in clause.values)
        decided = None if quantifier is Quantifier.ONE else quantifier is Quantifier.ALL
        return NullCondition(clause, key, wanted, decided)
    operator = OPERATORS[rest.removesuffix("IfExists")]
    exact = _exact_values(rest, clause.values, variables)
    if quantifier is Quantifier.ONE and exact is not None:
        return Condition(clause, key, False, _holds_exactly(key, exact), exact)
    if_exists = rest.endswith("IfExists")
    if quantifier is Quantifier.ONE and operator.hold is not None:
        hold = operator.hold(key, clause.values, variables, if_exists)
        return Condition(clause, key, False, hold)
    match = operator.make(clause.values, variables)
    if quantifier is Quantifier.ONE:
        holds = _holds_for_one(key, match, operator.negated, if_exists or operator.negated)
    else:
        every = quantifier is Quantifier.ALL
        holds = _holds_for_set(key, match, operator.negated, every, if_exists)
    return Condition(clause, key, operator.negated, holds)


def _holds_for_one(key: str, match: Match, negated: bool, if_absent: bool) -> Holds:
    wanted = not negated

    def holds(_resource: str, context: Context) -> bool:
        value = context.get(key, ())
        if isinstance(value, str):
            return match(value, context) is wanted
        # Several values want a set operator (PE-152); no value at all is an absent key.
        return if_absent and not value

    return holds


def _holds_for_set(key: str, match: Match, negated: bool, every: bool, if_exists: bool) -> Holds:
    wanted = not negated

    def holds(_resource: str, context: Context) -> bool:
        value = context.get(key, ())
        values = (value,) if isinstance(value, str) else value
        if every:
            # An empty text is the null data set, which ForAllValues lets pass (PE-150, PE-153).
            return values in ((), ("",)) or all(match(one, context) is wanted for one in values)
        if not values:
            return if_exists
        return any(match(one, context) is wanted for one in values)

    return holds


def _exact_values(operator: str, listed: Listed, variables: bool) -> frozenset[str] | None:
    """Every text that meets an operator which comes down to being one of a few; None for others."""
    if operator == "StringEquals" and not (variables and any("${" in text for text in listed)):
        return frozenset(listed)
    if operator == "Bool":
        return frozenset(one for text in _truths(listed) for one in _casings(text))
    return None


def _holds_exactly(key: str, exact: frozenset[str]) -> Holds:
    """One look-up, as most conditions are of this kind; several values are never among them."""
    if len(exact) == 1:
        (only,) = exact
        return lambda _resource, context: context.get(key) == only
    return lambda _resource, context: context.get(key) in exact


def _casings(word: str) -> Iterable[str]:
    """``true`` or ``false`` in every case; no other letters are lowered to theirs."""
    return map("".join, product(*zip(word, word.upper(), strict=True)))


def split_quantifier(name: str) -> tuple[Quantifier, str]:
    for quantifier in (Quantifier.ALL, Quantifier.ANY):
        if name.startswith(quantifier.value):
            return quantifier, name.removeprefix(quantifier.value)
    return Quantifier.ONE, name


def _texts(
    listed: Listed, variables: bool, wildcards: bool, make: Callable[[Tokens], Test]
) -> Match:
    """Listed texts that may hold variables; one without a value matches nothing (PE-57)."""
    templates = [read_template(text, wildcards=wildcards, variables=variables) for text in listed]
    fixed = tuple(make(fixed_tokens(one)) for one in templates if is_fixed(one))
    open_ones = tuple(one for one in templates if not is_fixed(one))

    def match(value: str, context: Context) -> bool:
        for test in fixed:
            if test(value):
                return True
        longest = LONGEST_FOLD * len(value)
        for template in open_ones:
            tokens = resolve(template, context, longest)
            if tokens is not None and make(tokens)(value):
                return True
        return False

    return match


def _equals(listed: Listed, variables: bool) -> Match:
    if variables and any("${" in text for text in listed):
        return _texts(listed, variables, False, compile_pattern)
    exact = frozenset(listed)
    return lambda value, _context: value in exact


def _equals_ignoring_case(listed: Listed, variables: bool) -> Match:
    if not (variables and any("${" in text for text in listed)):
        folded = frozenset([text.lower() for text in listed])
        return lambda value, _context: value.lower() in folded

    def make(tokens: Tokens) -> Test:
        wanted = "".join(token for token in tokens if isinstance(token, str)).lower()
        return lambda value: value.lower() == wanted

    return _texts(listed, variables, False, make)


def _sort_likes(listed: Listed) -> tuple[frozenset[str], tuple[str, ...], Listed]:
    """Texts without a wildcard or variable; beginnings, which have one ``*`` at the end; others."""
    wild = {"*", "?", "$"}
    plain = [text for text in listed if text != "*" and not wild & set(text.removesuffix("*"))]
    exact = frozenset([text for text in plain if not text.endswith("*")])
    starts = tuple([text[:-1] for text in plain if text.endswith("*")])
    return exact, starts, tuple([text for text in listed if text not in plain])


def _hold_like(key: str, listed: Listed, variables: bool, if_absent: bool) -> Holds:
    exact, starts, others = _sort_likes(listed)
    begins = starts[0] if len(starts) == 1 else None
    match_others = _texts(others, variables, True, compile_pattern) if others else None

    def holds(_resource: str, context: Context) -> bool:
        value = context.get(key, ())
        if not isinstance(value, str):
            return if_absent and not value
        if value.startswith(starts) if begins is None else value.removeprefix(begins) != value:
            return True
        if value in exact:
            return True
        return match_others is not None and match_others(value, context) is True

    return holds


def _like(listed: Listed, variables: bool) -> Match:
    """Texts without a wildcard, and those with one at their end, are tried together."""
    exact, starts, others = _sort_likes(listed)
    if not others:
        return lambda value, _context: value in exact or value.startswith(starts)
    match_others = _texts(others, variables, True, compile_pattern)
    return lambda value, context: (
        value in exact or value.startswith(starts) or match_others(value, context)
    )


def _arn(listed: Listed, variables: bool) -> Match:
    return _texts(listed, variables, True, compile_arn)


def _compared(
    read: Callable[[str], Typed | None], holds: Callable[[Typed, Typed], bool]
) -> Callable[[Listed, bool], Match]:
    """An operator on typed values: listed values that cannot be read are never met (PE-151)."""

    def make(listed: Listed, _variables: bool) -> Match:
        wanted = tuple(value for value in map(read, listed) if value is not None)

        def match(value: str, _context: Context) -> bool | None:
            given = read(value)
            if given is None:
                return None
            return any(holds(given, one) for one in wanted)

        return match

    return make


def _networks(listed: Listed) -> tuple[tuple[int, int, int], ...]:
    return tuple(
        [
            (found.version, found.bits, found.shift)
            for found in map(read_network, listed)
            if found is not None
        ]
    )


def _hold_address(key: str, listed: Listed, _variables: bool, if_absent: bool) -> Holds:
    networks = _networks(listed)

    def holds(_resource: str, context: Context) -> bool:
        value = context.get(key, ())
        if not isinstance(value, str):
            return if_absent and not value
        address = parse_address(value) if len(value) <= LONGEST_ADDRESS else None
        if address is not None:
            kind, number = address
            for version, bits, shift in networks:
                if number >> shift == bits and version == kind:
                    return True
        return False

    return holds


def _addresses(listed: Listed, _variables: bool) -> Match:
    networks = _networks(listed)

    def match(value: str, _context: Context) -> bool:
        address = read_address(value)
        if address is None:
            return False
        kind, number = address
        for version, bits, shift in networks:  # noqa: SIM110 - a generator costs more
            if version == kind and number >> shift == bits:
                return True
        return False

    return match


def _truth(listed: Listed, _variables: bool) -> Match:
    wanted = _truths(listed)
    return lambda value, _context: value.lower() in wanted


def _truths(listed: Listed) -> set[str]:
    return {value.lower() for value in listed} & {"true", "false"}


def _number(holds: Callable[[Decimal, Decimal], bool], negated: bool = False) -> Operator:
    return Operator(negated, _compared(read_number, holds))


def _date(holds: Callable[[int, int], bool], negated: bool = False) -> Operator:
    return Operator(negated, _compared(read_instant, holds))


OPERATORS = {
    "StringEquals": Operator(False, _equals),
    "StringNotEquals": Operator(True, _equals),
    "StringEqualsIgnoreCase": Operator(False, _equals_ignoring_case),
    "StringNotEqualsIgnoreCase": Operator(True, _equals_ignoring_case),
    "StringLike": Operator(False, _like, _hold_like),
    "StringNotLike": Operator(True, _like),
    "NumericEquals": _number(eq),
    "NumericNotEquals": _number(eq, negated=True),
    "NumericLessThan": _number(lt),
    "NumericLessThanEquals": _number(le),
    "NumericGreaterThan": _number(gt),
    "NumericGreaterThanEquals": _number(ge),
    "DateEquals": _date(eq),
    "DateNotEquals": _date(eq, negated=True),
    "DateLessThan": _date(lt),
    "DateLessThanEquals": _date(le),
    "DateGreaterThan": _date(gt),
    "DateGreaterThanEquals": _date(ge),
    "Bool": Operator(False, _truth),
    "BinaryEquals": Operator(False, _compared(read_base64, eq)),
    "IpAddress": Operator(False, _addresses, _hold_address),
    "NotIpAddress": Operator(True, _addresses),
    "ArnEquals": Operator(False, _arn),
    "ArnLike": Operator(False, _arn),
    "ArnNotEquals": Operator(True, _arn),
    "ArnNotLike": Operator(True, _arn),
}

OPERATOR_NAMES = frozenset(
    quantifier.value + name
    for quantifier in Quantifier
    for name in ("Null", *OPERATORS, *(f"{operator}IfExists" for operator in OPERATORS))
)
