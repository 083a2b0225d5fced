"""A decision in full, in the form in which DecodeAuthorizationMessage gives it (W-102)."""

from collections.abc import Iterable
from typing import Any

from sekisho.access.decide import Ruling, story
from sekisho.model.principal import Principal
from sekisho.policy import CompiledPolicySet, Evidence, Kind, StatementRef
from sekisho.policy.document import Statement

Report = dict[str, Any]


def report(ruling: Ruling) -> Report:
    """allowed, explicitDeny, matchedStatements, failures and context as AWS has them.

    explanation: beyond AWS, what each layer said, in plain words.
    """
    question, decision = ruling.question, ruling.decision
    matched = [matched_statement(ruling.evidence, ref) for ref in decision.statements]
    return {
        "allowed": decision.allowed,
        "explicitDeny": decision.kind is Kind.EXPLICIT_DENY,
        "matchedStatements": {"items": matched},
        "failures": {"items": []},
        "context": {
            "principal": principal_shown(question.principal),
            "action": question.action,
            "resource": question.resource,
            "conditions": {
                "items": [
                    {"key": key, "values": values((value,) if isinstance(value, str) else value)}
                    for key, value in sorted(question.context.items())
                ]
            },
        },
        "explanation": story(ruling.explained()),
    }


def principal_shown(principal: Principal) -> Report:
    shown = {"id": principal.user_id, "arn": principal.arn}
    return {**shown, "name": principal.name} if principal.name else shown


def matched_statement(evidence: Evidence, ref: StatementRef) -> Report:
    """A statement that determined the decision. policy and policyOwner are beyond AWS."""
    shown: Report = {
        "statementId": ref.sid,
        "effect": "",
        "policy": ref.source.name,
        "policyOwner": ref.source.owner,
    }
    statement = find_statement(evidence, ref)
    if statement is None:
        return shown
    shown["effect"] = statement.effect.value.upper()
    principals = statement.principals or statement.not_principals or ()
    shown["principals"] = values(named.value for named in principals)
    shown["principalGroups"] = values(())
    shown["actions"] = values(statement.actions or statement.not_actions or ())
    shown["resources"] = values(statement.resources or statement.not_resources or ())
    shown["conditions"] = {
        "items": [
            {"operator": clause.operator, "key": clause.key, "values": values(clause.values)}
            for clause in statement.conditions
        ]
    }
    return shown


def find_statement(evidence: Evidence, ref: StatementRef) -> Statement | None:
    for policies in policy_sets(evidence):
        for compiled in policies.statements:
            if compiled.ref == ref:
                return compiled.rule.statement
    return None


def policy_sets(evidence: Evidence) -> Iterable[CompiledPolicySet]:
    yield evidence.identity
    for single in (evidence.resource, evidence.boundary, evidence.session, evidence.endpoint):
        if single is not None:
            yield single
    yield from evidence.scps
    yield from evidence.rcps


def values(texts: Iterable[str]) -> Report:
    return {"items": [{"value": text} for text in texts]}
