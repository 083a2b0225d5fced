"""A decision in full, in the form in which DecodeAuthorizationMessage gives it (W-102)."""

from collections.abc import Iterable
from typing import Any

from sekisho.access.decide import Ruling, story
from sekisho.model.principal import Principal
from sekisho.policy import CompiledPolicySet, Evidence, Kind, Layer, StatementRef
from sekisho.policy.document import Statement

Report = dict[str, Any]

CALLERS_LAYERS = frozenset(
    {Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION, Layer.SCP, Layer.ENDPOINT}
)


def report(ruling: Ruling, reader: str) -> Report:
    """allowed, explicitDeny, matchedStatements, failures and context as AWS has them.

    explanation: beyond AWS, what each layer said, in plain words.
    reader: the account that may know. Of a caller from elsewhere it learns what they asked, with
    which condition keys, and what came of it, but of their account's policies nothing.
    """
    question, decision = ruling.question, ruling.decision
    hidden = frozenset[Layer]() if question.principal.account == reader else CALLERS_LAYERS
    matched = [
        matched_statement(ruling.evidence, ref)
        for ref in decision.statements
        if ref.source.layer not in hidden
    ]
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
        "explanation": [
            layer
            for layer in story(ruling.explained())
            if layer["layer"] not in {each.word for each in hidden}
        ],
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
