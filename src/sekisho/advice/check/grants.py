"""Allows that reach further than they seem to, and denies that reach elsewhere."""

from collections.abc import Iterator

from sekisho.advice.check.advice import Remark
from sekisho.advice.check.draft import Draft, Part, Test
from sekisho.advice.check.operators import Operator
from sekisho.policy.words import say


def check_exceptions(draft: Draft) -> Iterator[Remark]:
    """Allow with what is not meant, instead of what is."""
    for part in draft.parts():
        if not part.allows:
            continue
        if draft.kind.grants and part.statement.not_actions is not None:
            said = say(
                "this allows every action but those listed, of every service and of those to come"
            )
            yield Remark("AllowNotAction", (*part.steps, "NotAction"), said, at_key=True)
        if draft.kind.grants and part.statement.not_resources is not None:
            said = say(
                "this allows every resource but those listed, and all that are yet to be made"
            )
            yield Remark("AllowNotResource", (*part.steps, "NotResource"), said, at_key=True)
        if part.statement.not_principals is not None:
            said = say("this allows everybody but those listed, who have not signed in too")
            yield Remark("AllowNotPrincipal", (*part.steps, "NotPrincipal"), said, at_key=True)


def check_all_values(draft: Draft) -> Iterator[Remark]:
    """ForAllValues in an Allow, which requests without the key pass (PE-153, PE-232)."""
    for part in draft.parts():
        if not part.allows:
            continue
        present = {test.key for test in part.tests() if _asks_for(test)}
        for test in part.tests():
            operator = Operator.read(test.clause.operator)
            if operator.quantifier != "ForAllValues:" or operator.base == "Null":
                continue
            # Of tag keys the absence is harmless: a request that sets no tag.
            if test.key not in present and not test.key.endswith("tagkeys"):
                said = say(
                    'ForAllValues: lets requests without {} pass: add "Null": {{"{}": "false"}}',
                    test.clause.key,
                    test.clause.key,
                )
                mend = draft.condition(part, "Null", test.clause.key, "false")
                yield Remark("AllValuesOfNone", test.steps, said, mend, at_key=True)


def _asks_for(test: Test) -> bool:
    """Whether the condition fails where the key is absent."""
    return not Operator.read(test.clause.operator).holds_if_absent(test.clause.values)


def check_denies(draft: Draft) -> Iterator[Remark]:
    """Denies that miss long-term keys, or strike services (PE-182, PE-227)."""
    for part in draft.parts():
        for test in part.tests():
            operator = Operator.read(test.clause.operator)
            if test.key == "aws:multifactorauthpresent":
                yield from _check_mfa(draft, part, test, operator)
        if not part.allows and any(each.principal.is_everyone for each in part.named("Principal")):
            yield from _check_services(draft, part)


def _check_mfa(draft: Draft, part: Part, test: Test, operator: Operator) -> Iterator[Remark]:
    wanted = {value.lower() for value in test.clause.values}
    if operator.base != "Bool":
        return
    if not part.allows and wanted == {"false"} and not operator.if_exists:
        said = say("long-term access keys have no such key, so that this Deny spares them")
        mend = draft.key(test.steps[:-1], operator.quantifier + "BoolIfExists")
        yield Remark("MfaSparesKeys", test.steps[:-1], said, mend, at_key=True)
    elif part.allows and wanted == {"true"} and operator.if_exists and draft.kind.grants:
        said = say(
            "long-term access keys have no such key, so that this lets them pass without MFA"
        )
        mend = draft.key(test.steps[:-1], operator.quantifier + "Bool")
        yield Remark("MfaSparesKeys", test.steps[:-1], said, mend, at_key=True)


def _check_services(draft: Draft, part: Part) -> Iterator[Remark]:
    tests = part.tests()
    if any(test.key in ("aws:principalisawsservice", "aws:principalservicename") for test in tests):
        return
    for test in tests:
        operator = Operator.read(test.clause.operator)
        if test.key == "aws:principalorgid" and operator.negated and not operator.if_exists:
            said = say(
                "services that act for themselves have no organization, so that this denies them"
                ' too: add "BoolIfExists": {{"aws:PrincipalIsAWSService": "false"}}'
            )
            mend = draft.condition(part, "BoolIfExists", "aws:PrincipalIsAWSService", "false")
            yield Remark("DenyStrikesServices", test.steps, said, mend, at_key=True)
