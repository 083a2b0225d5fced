"""Rules on the keys of conditions (PE-146…PE-157, PE-171, PE-175…PE-191)."""

from collections.abc import Iterator, Mapping

from sekisho.advice.check.advice import Remark
from sekisho.advice.check.draft import Draft, Part, Test
from sekisho.advice.check.names import (
    is_claim,
    key_among,
    known_actions,
    known_key,
    likely,
    likely_service,
)
from sekisho.advice.check.operators import Operator
from sekisho.catalog.authorization import (
    Action,
    ConditionKey,
    global_keys,
    service_authorization,
)
from sekisho.policy.words import say

# Global keys that only some actions have; the catalog tells which.
SOME_ACTIONS = ("aws:requesttag/", "aws:resourcetag/", "aws:tagkeys")


def check_keys(draft: Draft) -> Iterator[Remark]:
    """Keys that there are not, or that none of the statement's actions has."""
    for part in draft.parts():
        unknown = set[str]()
        for test in part.tests():
            if known_key(test.key) is None and not is_claim(test.key):
                unknown.add(test.key)
                yield _unknown_key(draft, test)
        yield from _check_supply(draft, part, unknown)


def _unknown_key(draft: Draft, test: Test) -> Remark:
    name = test.clause.key
    prefix, colon, rest = name.partition(":")
    service = service_authorization(prefix)
    if not colon:
        said = say('"{}" is no condition key: it has no prefix such as "aws:"', name)
        return Remark("UnknownConditionKey", test.steps, said, at_key=True)
    keys: Mapping[str, ConditionKey] = service.keys if service else {}
    if prefix.lower() == "aws":
        keys = global_keys()
    said = say('the catalog knows no condition key "{}"', name)
    near = likely(name.lower(), keys, draft.budget)
    if near and "*" not in near:
        meant = keys[near].name
        mend = draft.key(test.steps, meant)
        said = say('{}; did you mean "{}"?', said, meant)
        return Remark("UnknownConditionKey", test.steps, said, mend, at_key=True)
    if not keys and (other := likely_service(prefix, draft.budget)):
        said = say('{}; did you mean "{}:{}"?', said, other, rest)
        mend = draft.key(test.steps, f"{other}:{rest}")
        return Remark("UnknownConditionKey", test.steps, said, mend, at_key=True)
    return Remark("UnknownConditionKey", test.steps, said, at_key=True)


def _check_supply(draft: Draft, part: Part, unknown: set[str]) -> Iterator[Remark]:
    tests = [test for test in part.tests() if test.key not in unknown and not _is_common(test.key)]
    actions = known_actions(part, draft.budget) if tests else None
    if actions is None or not draft.budget.take(len(tests) * len(actions) * 20):
        return
    supplied = _keys_of(actions)
    for test in tests:
        if key_among(test.key, supplied) is None:
            said = say(
                "no action of the statement has the key {}: {}", test.clause.key, _outcome(test)
            )
            yield Remark("KeyNeverSupplied", test.steps, said, at_key=True)


def _is_common(key: str) -> bool:
    """Whether every action may have the key."""
    if is_claim(key):
        return True
    return key_among(key, global_keys()) is not None and not key.startswith(SOME_ACTIONS)


def _keys_of(actions: tuple[Action, ...]) -> dict[str, ConditionKey]:
    found: dict[str, ConditionKey] = {}
    for action in actions:
        for key in action.keys:
            found[key.name.lower()] = key
        for each in action.resources:
            for key in (*each.keys, *each.type.keys):
                found[key.name.lower()] = key
    return found


def _outcome(test: Test) -> str:
    """What a condition does on a key that is absent (PE-149…PE-157)."""
    operator = Operator.read(test.clause.operator)
    if operator.holds_if_absent(test.clause.values):
        return say("it is always absent, and the condition always holds")
    return say("it is always absent, and the condition never holds")


def check_set_operators(draft: Draft) -> Iterator[Remark]:
    """Set operators that are missing or needless (PE-152)."""
    for part in draft.parts():
        for test in part.tests():
            key, operator = known_key(test.key), Operator.read(test.clause.operator)
            if key is None or operator.base == "Null":
                continue
            if key.several and not operator.quantifier:
                said = say(
                    "{} may have several values; without ForAnyValue: or ForAllValues: the"
                    " condition does not match then",
                    key.name,
                )
                quantifier = "ForAllValues" if operator.negated else "ForAnyValue"
                mend = draft.operator(test, f"{quantifier}:{test.clause.operator}")
                yield Remark("SetOperatorMissing", test.steps, said, mend, at_key=True)
            elif not key.several and operator.quantifier == "ForAllValues:" and part.allows:
                said = say(
                    "{} has one value at most; ForAllValues: lets requests without it pass",
                    key.name,
                )
                yield Remark("SetOperatorNeedless", test.steps, said, at_key=True)
