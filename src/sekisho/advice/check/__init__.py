"""What is wrong with a policy, doubtful, or dangerous, before it is saved.

    check(text, kind, account) -> Advice, …

A rule is a function from a draft to remarks; the table of them is here, that of the codes in
`codes`. Rules look at the text and the catalog alone: they know no account and no other policy.
"""

import itertools
from collections.abc import Callable, Iterator

from sekisho.advice.check.actions import check_actions
from sekisho.advice.check.advice import Advice, Mend, Remark, Severity
from sekisho.advice.check.codes import CODES
from sekisho.advice.check.conditions import check_keys, check_set_operators
from sekisho.advice.check.contradictions import check_contradictions
from sekisho.advice.check.draft import Budget, Draft
from sekisho.advice.check.grants import check_all_values, check_denies, check_exceptions
from sekisho.advice.check.kinds import KINDS, Kind, guess_kind
from sekisho.advice.check.lists import check_lists
from sekisho.advice.check.principals import (
    check_deputies,
    check_exceptions_of_principals,
    check_groups,
    check_patterns,
    check_public,
)
from sekisho.advice.check.privileges import check_privileges
from sekisho.advice.check.resources import check_resources
from sekisho.advice.check.statements import check_statements
from sekisho.advice.check.trust import check_trust
from sekisho.advice.check.values import check_empty_blocks, check_types, check_values
from sekisho.advice.check.variables import check_variables
from sekisho.advice.check.whole import check_size, check_version, refused
from sekisho.policy import Finding
from sekisho.policy.grammar import survey
from sekisho.policy.places import key_span, node_at, spelled
from sekisho.policy.syntax import BadJson, place, read_json
from sekisho.policy.words import say

__all__ = ["CODES", "KINDS", "Advice", "Kind", "Mend", "Severity", "check", "guess"]

MOST_ADVICE = 200

RULES: tuple[Callable[[Draft], Iterator[Remark]], ...] = (
    check_size,
    check_version,
    check_patterns,
    check_groups,
    check_actions,
    check_resources,
    check_keys,
    check_set_operators,
    check_types,
    check_values,
    check_empty_blocks,
    check_contradictions,
    check_variables,
    check_exceptions,
    check_all_values,
    check_denies,
    check_public,
    check_deputies,
    check_exceptions_of_principals,
    check_trust,
    check_privileges,
    check_lists,
    check_statements,
)


def guess(text: str) -> Kind:
    """The kind of policy that a text most likely is; identity where nothing tells."""
    try:
        root = read_json(text)
    except BadJson:
        return KINDS["identity"]
    return guess_kind(survey(text, root)[0])


def check(text: str, kind: Kind, account: str = "") -> tuple[Advice, ...]:
    """What there is to say about a text, the gravest 200 things, in the order of the text.

    account: the reader's own, 12 digits; empty if it is not known. Never raises, whatever the
    text.
    """
    try:
        root = read_json(text)
    except BadJson as fault:
        line, column = place(text, fault.offset)
        return (_read(text, Finding("", fault.code, fault.message, line, column)),)
    policy, findings = survey(text, root)
    draft = Draft(text, root, policy, kind, account, Budget())
    said = [_read(text, finding) for finding in findings]
    said += [_placed(draft, remark) for remark in refused(text, kind)]
    if not findings:
        for rule in RULES:
            said += [
                _placed(draft, remark) for remark in itertools.islice(rule(draft), MOST_ADVICE)
            ]
    gravest = sorted(said, key=lambda advice: advice.severity.rank)[: MOST_ADVICE - 1]
    if draft.budget.is_spent or len(gravest) < len(said):
        missed = say("there is too much to be compared, or to be told; what is told is not all")
        gravest.append(_placed(draft, Remark("Unfinished", (), missed)))
    return tuple(sorted(gravest, key=lambda advice: advice.start))


def _read(text: str, finding: Finding) -> Advice:
    """A fault of the grammar. Its place is the line's and column's; its end is not known."""
    code = CODES[finding.code]
    start = _offset(text, finding.line, finding.column)
    return Advice(
        code.name,
        code.severity,
        finding.path,
        finding.line,
        finding.column,
        start,
        min(start + 1, len(text)),
        finding.message,
        code.why,
    )


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start + column - 1


def _placed(draft: Draft, remark: Remark) -> Advice:
    code = CODES[remark.code]
    node = node_at(draft.root, remark.steps)
    start, end = node.start, node.end
    if remark.at_key:
        start, end = key_span(draft.text, node, str(remark.steps[-1]))
    line, column = place(draft.text, start)
    path = spelled(remark.steps)
    return Advice(
        code.name,
        code.severity,
        path,
        line,
        column,
        start,
        end,
        remark.message,
        code.why,
        remark.mend,
    )
