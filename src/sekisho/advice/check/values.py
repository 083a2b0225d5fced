"""Rules on operators and the values that conditions list (PE-158…PE-166)."""

from collections.abc import Iterator

from sekisho.advice.check.advice import Mend, Remark
from sekisho.advice.check.draft import Draft, Test
from sekisho.advice.check.names import has_wildcard, known_key
from sekisho.advice.check.operators import Operator
from sekisho.policy.literals import read_base64, read_instant, read_network, read_number
from sekisho.policy.places import Steps, node_at
from sekisho.policy.words import say

# What an operator can be held against; texts that look like another type are compared as texts.
FITTING = {
    "String": {"String", "ARN", "Bool", "Numeric", "Date", "IPAddress"},
    "Arn": {"ARN", "String"},
    "Numeric": {"Numeric", "Date"},
    "Date": {"Date", "Numeric"},
    "Bool": {"Bool"},
    "IpAddress": {"IPAddress"},
    "Binary": {"Binary"},
}
NATURAL = {"Bool": "Bool", "Numeric": "Numeric…", "Date": "Date…", "IPAddress": "IpAddress"}
# By whether it is negated: what an operator is called for keys of a type.
ALIKE = {
    False: {
        "String": "StringEquals",
        "ARN": "ArnLike",
        "Bool": "Bool",
        "Numeric": "NumericEquals",
        "Date": "DateEquals",
        "IPAddress": "IpAddress",
    },
    True: {
        "String": "StringNotEquals",
        "ARN": "ArnNotLike",
        "Numeric": "NumericNotEquals",
        "Date": "DateNotEquals",
        "IPAddress": "NotIpAddress",
    },
}
# Operators that ask whether values are equal, in some way.
EQUALITIES = ("String", "Arn", "Bool", "IpAddress", "NotIpAddress")
LIKE = {"StringEquals": "StringLike", "StringNotEquals": "StringNotLike"}


def check_types(draft: Draft) -> Iterator[Remark]:
    """Operators that do not fit the type of their key."""
    for part in draft.parts():
        for test in part.tests():
            key, operator = known_key(test.key), Operator.read(test.clause.operator)
            fitting = FITTING.get(operator.family)
            if key is None or fitting is None:
                continue
            if key.kind not in fitting:
                said = say(
                    "{} is of type {}, which {} cannot compare", key.name, key.kind, operator.base
                )
                mend = _fitting_operator(draft, test, operator, key.kind)
                yield Remark("OperatorCannotMatch", test.steps[:-1], said, mend, at_key=True)
            elif operator.family == "String" and key.kind in NATURAL:
                said = say(
                    "{} is of type {}; {} compares its spelling only: use {}",
                    key.name,
                    key.kind,
                    operator.base,
                    NATURAL[key.kind],
                )
                yield Remark("OperatorComparesSpelling", test.steps[:-1], said, at_key=True)


def _fitting_operator(draft: Draft, test: Test, operator: Operator, kind: str) -> Mend | None:
    """The same question in an operator of the key's type, where there is one for these values."""
    base = ALIKE[operator.negated].get(kind)
    if base is None or not operator.base.startswith(EQUALITIES):
        return None
    if any(_fault(Operator("", base, if_exists=False), value) for value in test.clause.values):
        return None
    return draft.operator(test, operator.named(base))


def check_values(draft: Draft) -> Iterator[Remark]:
    """Values that no request can have, and conditions that list none."""
    for part in draft.parts():
        for test in part.tests():
            operator = Operator.read(test.clause.operator)
            if not test.clause.values:
                yield Remark("EmptyValues", test.steps, _said_of_none(operator))
            for index, value in enumerate(test.clause.values):
                steps = _steps_to(draft, test, index)
                fault = _fault(operator, value)
                if fault:
                    yield Remark("ValueNeverMatches", steps, say('"{}" is {}', value, fault))
                elif operator.base in LIKE and has_wildcard(_without_escapes(value)):
                    yield _literal_wildcard(draft, test, operator, steps, value)


def check_empty_blocks(draft: Draft) -> Iterator[Remark]:
    """Blocks without a key (PE-13)."""
    for part in draft.parts():
        block = part.node.value.get("Condition") if isinstance(part.node.value, dict) else None
        if block is None or not isinstance(block.value, dict):
            continue
        here = (*part.steps, "Condition")
        if not block.value:
            yield Remark(
                "EmptyCondition", here, say("Condition is empty: it holds always"), at_key=True
            )
        for operator, keys in block.value.items():
            if keys.value == {}:
                said = say("{} lists no key: it holds always", operator)
                yield Remark("EmptyCondition", (*here, operator), said, at_key=True)


def _said_of_none(operator: Operator) -> str:
    if operator.negated:
        return say("there is no value in the list, so that the condition always holds")
    if operator.quantifier == "ForAllValues:" or operator.if_exists:
        return say("there is no value in the list, so that it holds only where the key is absent")
    return say("there is no value in the list, so that the condition never holds")


def _steps_to(draft: Draft, test: Test, index: int) -> Steps:
    listed = node_at(draft.root, test.steps).value
    return (*test.steps, index) if isinstance(listed, tuple) else test.steps


def _fault(operator: Operator, value: str) -> str:
    """Why no request matches this value; empty if one may."""
    match operator.family:
        case "Numeric" if read_number(value) is None:
            return say("not a number")
        case "Date" if read_instant(value) is None:
            return say("not a date")
        case "Bool" | "Null" if value.lower() not in ("true", "false"):
            return say("neither true nor false")
        case "IpAddress" if read_network(value) is None:
            return say("neither an address nor a range")
        case "Binary" if read_base64(value) is None:
            return say("not base64")
        case "Arn" if not _may_be_arn(value):
            return say("not an ARN")
    return ""


def _may_be_arn(value: str) -> bool:
    """An ARN in six parts, as a pattern; what variables stand for is not known."""
    if "${" in value or value == "*":
        return True
    first, *others = value.split(":")
    return len(others) >= 5 and (first == "arn" or has_wildcard(first))


def _without_escapes(value: str) -> str:
    return value.replace("${*}", "").replace("${?}", "")


def _literal_wildcard(
    draft: Draft, test: Test, operator: Operator, steps: Steps, value: str
) -> Remark:
    like = operator.named(LIKE[operator.base])
    said = say('{} takes the wildcard in "{}" for a letter: use {}', operator.base, value, like)
    return Remark("LiteralWildcard", steps, said, draft.operator(test, like))
