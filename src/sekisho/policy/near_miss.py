"""Why a statement that covers the action does not apply: its first element that fails, in words."""

from sekisho.policy.operators import AnyCondition, NullCondition
from sekisho.policy.principals import Grant
from sekisho.policy.question import Question
from sekisho.policy.rule import Rule
from sekisho.policy.variables import ContextValue
from sekisho.policy.words import quoted


def first_failure(question: Question, rule: Rule, grant: Grant) -> str:
    """Principal, then resource, then conditions in their order; empty if all match."""
    if rule.allows and not rule.fits:
        return "has an element too many or too few for its kind of policy"
    if grant is Grant.NONE:
        return _principal_failure(rule)
    if not rule.reaches(question.resource, question.context):
        return _resource_failure(rule)
    for condition in rule.conditions:
        if not condition.holds(question.context):
            names = "names the caller, but " if rule.naming is not None else ""
            return names + condition_failure(condition, question.context.get(condition.key, ()))
    return ""


def condition_failure(condition: AnyCondition, value: ContextValue) -> str:
    """Such as ``condition StringEquals sts:ExternalId wanted "abc", the request had none``."""
    clause = condition.clause
    had = quoted((value,) if isinstance(value, str) else value) or "none"
    if isinstance(condition, NullCondition):
        wanted = "it to be absent" if "true" in condition.wanted else "it to be present"
    elif condition.negated:
        wanted = f"none of {quoted(clause.values)}"
    else:
        wanted = quoted(clause.values) or "a value, but lists none"
        if len(clause.values) > 1:
            wanted = f"one of {wanted}"
    return f"condition {clause.operator} {clause.key} wanted {wanted}, the request had {had}"


def _principal_failure(rule: Rule) -> str:
    named = rule.statement.principals
    if named is None:
        return "does not mean the caller"
    return f"names {quoted(tuple(one.value for one in named)) or 'nobody'}, not the caller"


def _resource_failure(rule: Rule) -> str:
    outside = rule.statement.not_resources
    if outside is not None:
        return f"leaves out {quoted(outside)}"
    return f"reaches {quoted(rule.statement.resources or ()) or 'nothing'}, not this resource"
