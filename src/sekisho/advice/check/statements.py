"""Statements held against statements: what has no effect beside another."""

import itertools
from collections.abc import Callable, Iterator

from sekisho.advice.check.advice import Remark
from sekisho.advice.check.draft import Budget, Draft, Part
from sekisho.advice.check.names import has_wildcard
from sekisho.advice.check.overlap import covers, covers_resource
from sekisho.policy import Effect, Statement
from sekisho.policy.words import say

MOST_STATEMENTS = 200

Listed = tuple[str, ...] | None


def check_statements(draft: Draft) -> Iterator[Remark]:
    """Allows under an unconditional Deny, and statements that another one implies.

    The first 200 statements are compared.
    """
    parts = list(itertools.islice(draft.parts(), MOST_STATEMENTS))
    for part in parts:
        for other in parts:
            said = None if other is part else _said_of(draft, part, other)
            if said is not None:
                yield said
                break


def _said_of(draft: Draft, part: Part, other: Part) -> Remark | None:
    if part.allows and not other.allows:
        if other.statement.conditions or not reaches(other.statement, part.statement, draft.budget):
            return None
        said = say("{} denies all that this statement allows", _name(other))
        return Remark("ShadowedAllow", part.steps, said, draft.without(part.steps))
    if part.allows is not other.allows or not is_implied(part, other, draft.budget):
        return None
    if other.statement.index > part.statement.index and is_implied(other, part, draft.budget):
        return None  # of two that say the same the later one is told
    said = say("{} says all that this statement says", _name(other))
    return Remark("ImpliedStatement", part.steps, said, draft.without(part.steps))


def _name(part: Part) -> str:
    sid = part.statement.sid
    return (
        say('statement {} ("{}")', part.statement.index, sid)
        if sid
        else say("statement {}", part.statement.index)
    )


def is_implied(narrow: Part, wide: Part, budget: Budget) -> bool:
    """Whether a statement could be left out beside the other, which has no condition more."""
    conditions = set(narrow.statement.conditions)
    return all(clause in conditions for clause in wide.statement.conditions) and reaches(
        wide.statement, narrow.statement, budget
    )


def reaches(wide: Statement, narrow: Statement, budget: Budget) -> bool:
    """Whether every principal, action and resource of the one is one of the other.

    Conditions aside, and only where it is certain.
    """
    if wide.not_principals is not None or narrow.not_principals is not None:
        return False
    return (
        _names_all(wide, narrow)
        and _same(wide.not_actions, narrow.not_actions)
        and _same(wide.not_resources, narrow.not_resources)
        and _lists_all(_folded(wide.actions), _folded(narrow.actions), covers, budget)
        and _lists_all(wide.resources, narrow.resources, covers_resource, budget)
    )


def _names_all(wide: Statement, narrow: Statement) -> bool:
    if wide.principals is None or narrow.principals is None:
        return wide.principals is narrow.principals
    if set(narrow.principals) <= set(wide.principals):
        return True
    # What names somebody is not to be given up for what lets everybody in.
    denies = wide.effect is Effect.DENY
    return denies and any(named.is_everyone for named in wide.principals)


def _folded(listed: Listed) -> Listed:
    return None if listed is None else tuple(text.lower() for text in listed)


def _same(wide: Listed, narrow: Listed) -> bool:
    return (None if wide is None else set(wide)) == (None if narrow is None else set(narrow))


def _lists_all(
    wide: Listed, narrow: Listed, is_covered: Callable[[str, str], bool], budget: Budget
) -> bool:
    if wide is None or narrow is None:
        return wide is narrow
    exact, patterns = set(wide), [text for text in wide if has_wildcard(text)]
    for text in narrow:
        if text in exact:
            continue
        if not budget.take(len(text) + sum(map(len, patterns))):
            return False
        if not any(is_covered(pattern, text) for pattern in patterns):
            return False
    return True
