"""Why a statement does not apply: its first element that fails; and why a Deny does."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sekisho.model.principal import Principal, PrincipalKind
from sekisho.policy.hints import NO_HINT, Hint
from sekisho.policy.hints.actions import near_action
from sekisho.policy.hints.conditions import absence_hint, condition_hint, striking_hint
from sekisho.policy.hints.principals import principal_hint
from sekisho.policy.hints.resources import resource_hint
from sekisho.policy.index import CompiledStatement
from sekisho.policy.operators import (
    AnyCondition,
    Condition,
    NullCondition,
    Quantifier,
    split_quantifier,
)
from sekisho.policy.principals import Grant
from sekisho.policy.question import NAMING_LAYERS, Question
from sekisho.policy.variables import ContextValue
from sekisho.policy.words import printable, quoted, say, shortened

MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class Miss:
    """The first element that failed, of Principal, Resource and the conditions in their order.

    Of a statement that nearly covers the action, its Action or NotAction. element: as the document
    names it, such as ``NotResource`` or ``Condition``. operator, key: of a condition, else empty.
    wanted: the values it lists. seen: what the question has; empty where it has nothing. words: all
    of it for people, after the name of the statement. near: whether the element looks as if it were
    meant for this question. way: what would mend it, as Hint has it.
    """

    element: str
    wanted: tuple[str, ...]
    seen: tuple[str, ...]
    words: str
    operator: str = ""
    key: str = ""
    near: bool = False
    way: str = ""

    def as_data(self) -> dict[str, object]:
        """Such as JSON can carry; of long lists the first 10, of long values the beginning."""
        return {
            "element": self.element,
            "operator": shortened(self.operator),
            "key": shortened(self.key),
            "wanted": [shortened(value) for value in self.wanted[:MOST_LISTED]],
            "seen": [shortened(value) for value in self.seen[:MOST_LISTED]],
            "words": printable(self.words),
        }


def misses(question: Question, statement: CompiledStatement, grant: Grant) -> Iterator[Miss]:
    """Principal, then resource, then conditions in their order; none if all match."""
    rule = statement.rule
    if rule.allows and not rule.fits:
        yield _shape_miss(statement)
        return
    if grant is Grant.NONE:
        yield _principal_miss(question, statement)
    if not rule.reaches(question.resource, question.context):
        yield _resource_miss(question, statement)
    for condition in rule.conditions:
        if not condition.holds(question.resource, question.context):
            miss = condition_miss(condition, question)
            covers = say("covers this") if rule.naming is None else say("names the caller")
            yield replace(miss, words=say("{}, but {}", covers, miss.words))


def action_miss(question: Question, statement: CompiledStatement) -> Miss | None:
    """Of an Allow that does not cover the action: what it lists instead; None if it is far away."""
    found = near_action(question.action, statement.rule.statement)
    if found is None:
        return None
    return Miss(found.element, found.listed, (question.action,), found.words, near=True)


def striking_words(
    question: Question, statement: CompiledStatement, bounded: bool
) -> Iterator[str]:
    """Of a Deny that applies: what of it covers the question, where that is not plain.

    bounded: as in `Rule.strikes`.
    """
    meant = statement.rule.statement
    if meant.not_principals is not None:
        listed = quoted(tuple(one.value for one in meant.not_principals))
        if bounded:
            yield say("NotPrincipal {} spares nobody who has a permissions boundary", listed)
        else:
            yield say("NotPrincipal {} {}", listed, _unspared(question.principal))
    if meant.not_actions is not None:
        yield say(
            "NotAction {} leaves {} in", quoted(meant.not_actions), shortened(question.action)
        )
    if meant.not_resources is not None:
        yield say("NotResource {} leaves this resource in", quoted(meant.not_resources))
    elif meant.resources is not None and "*" not in meant.resources:
        yield say("Resource {} covers this resource", quoted(meant.resources))
    for condition in statement.rule.conditions[:MOST_LISTED]:
        hint = "" if isinstance(condition, NullCondition) else striking_hint(condition, question)
        yield say("{}{}", condition_words(condition, question), hint)


def _unspared(principal: Principal) -> str:
    """What must be listed for NotPrincipal to leave somebody out (PE-35)."""
    account = say("account {}", principal.account)
    match principal.kind:
        case PrincipalKind.ROLE_SESSION:
            own = say(
                "{}, {} and {}", shortened(principal.arn), shortened(principal.role_arn), account
            )
        case PrincipalKind.USER | PrincipalKind.FEDERATED_USER:
            own = say("{} and {}", shortened(principal.arn), account)
        case PrincipalKind.ROOT:
            own = account
        case _:
            return say("does not spare the caller")
    return say("spares the caller only if {} are all listed", own)


def condition_miss(condition: AnyCondition, question: Question) -> Miss:
    clause, seen = condition.clause, _seen(condition, question)
    hint = Hint(absence_hint(condition.key)) if not seen else NO_HINT
    if isinstance(condition, Condition):
        hint = condition_hint(condition, question)
    words = say("{}{}", condition_words(condition, question), hint.words)
    return Miss(
        "Condition", clause.values, seen, words, clause.operator, clause.key, True, hint.way
    )


def condition_words(condition: AnyCondition, question: Question) -> str:
    """Such as ``condition StringEquals sts:ExternalId wants "a"; the request has no such key``."""
    clause = condition.clause
    seen = _seen(condition, question)
    had = say("the request has {}", quoted(seen)) if seen else say("the request has no such key")
    return say(
        "condition {} {} {}; {}",
        shortened(clause.operator),
        shortened(clause.key),
        _wish(condition),
        had,
    )


def _seen(condition: AnyCondition, question: Question) -> tuple[str, ...]:
    value: ContextValue = question.context.get(condition.key, ())
    return (value,) if isinstance(value, str) else value


def _wish(condition: AnyCondition) -> str:
    values = condition.clause.values
    listed = quoted(values)
    if isinstance(condition, NullCondition):
        return say("wants it absent") if "true" in condition.wanted else say("wants it present")
    if not values:
        return say("lists no values")
    several = len(values) > 1
    quantifier, _ = split_quantifier(condition.clause.operator)
    match quantifier, condition.negated:
        case Quantifier.ALL, False:
            return (
                say("wants only values among {}", listed)
                if several
                else say("wants only {}", listed)
            )
        case Quantifier.ALL, True:
            return (
                say("wants none of its values to be among {}", listed)
                if several
                else say("wants none of its values to be {}", listed)
            )
        case Quantifier.ANY, False:
            return (
                say("wants at least one of {}", listed)
                if several
                else say("wants among others {}", listed)
            )
        case Quantifier.ANY, True:
            return say("wants a value other than {}", listed)
        case _, True:
            return (
                say("wants none of {}", listed) if several else say("wants anything but {}", listed)
            )
    return say("wants one of {}", listed) if several else say("wants {}", listed)


def _shape_miss(statement: CompiledStatement) -> Miss:
    words = say("has an element too many or too few for a {}", say(statement.ref.source.layer.word))
    return Miss("Statement", (), (), words)


def _principal_miss(question: Question, statement: CompiledStatement) -> Miss:
    named, others = statement.rule.statement.principals, statement.rule.statement.not_principals
    element = "Principal" if others is None else "NotPrincipal"
    listed = tuple(one.value for one in others or named or ())
    seen = (question.principal.arn or question.principal.name or say("an anonymous caller"),)
    layer = statement.ref.source.layer
    if layer not in NAMING_LAYERS:
        words = say(
            "has a {}, which a {} may not have", element, say(statement.ref.source.layer.word)
        )
    elif others is not None:
        words = (
            say("allows all but {}, the caller among them", quoted(listed))
            if statement.rule.allows
            else say("spares {}, the caller among them", quoted(listed))
        )
    elif named is None:
        words = say("has no Principal, and so names nobody")
    else:
        words = say("names {}, not the caller", quoted(listed) or say("nobody"))
        hint = principal_hint(question.principal, listed)
        words = say("{}{}", words, hint.words)
        return Miss(element, listed, seen, words, near=hint.near, way=hint.way)
    return Miss(element, listed, seen, words)


def _resource_miss(question: Question, statement: CompiledStatement) -> Miss:
    outside, inside = statement.rule.statement.not_resources, statement.rule.statement.resources
    if outside is not None:
        words = say("is about everything but {}, which mean this resource", quoted(outside))
        return Miss("NotResource", outside, (question.resource,), words, near=True)
    listed = inside or ()
    hint = resource_hint(question, listed)
    words = say("is about {}, not this resource{}", quoted(listed) or say("nothing"), hint.words)
    return Miss("Resource", listed, (question.resource,), words, near=hint.near, way=hint.way)
