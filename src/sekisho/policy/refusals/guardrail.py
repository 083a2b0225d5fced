"""Service and resource control policies, and endpoint policies: what may stand in them (PE-15)."""

from sekisho.policy.document import VERSION_2012, Effect, Policy, PolicyType, Statement
from sekisho.policy.grammar import survey
from sekisho.policy.refusals.identity import action_fault
from sekisho.policy.refusals.structure import Refused, read_root

CONTROL = (
    "The provided policy document does not meet the requirements of the specified policy type."
)
ENDPOINT = "Policy document is malformed"


def check(text: str, kind: PolicyType) -> None:
    sentence = ENDPOINT if kind is PolicyType.ENDPOINT else CONTROL
    policy, findings = survey(text, read_root(text, sentence))
    if findings or not _is_fit(policy, kind):
        raise Refused(sentence)


def _is_fit(policy: Policy, kind: PolicyType) -> bool:
    fits = {
        PolicyType.SCP: _fits_service_control,
        PolicyType.RCP: _fits_resource_control,
    }.get(kind, _fits_endpoint)
    if kind is PolicyType.RCP and policy.version != VERSION_2012:
        return False
    return all(
        _has_resources(statement) and _names_actions(statement) and fits(statement)
        for statement in policy.statements
    )


def _has_resources(statement: Statement) -> bool:
    return statement.resources is not None or statement.not_resources is not None


def _names_actions(statement: Statement) -> bool:
    """A Deny of what is no action would be saved, attached, and deny nothing."""
    actions = (statement.actions or ()) + (statement.not_actions or ())
    return not any(map(action_fault, actions))


def _fits_service_control(statement: Statement) -> bool:
    """The whole language but principals (PE-17, since 2025-09-19)."""
    return statement.principals is None and statement.not_principals is None


def _fits_resource_control(statement: Statement) -> bool:
    """Deny, for everyone, named actions of one service or more (PE-18)."""
    principals = statement.principals or ()
    return (
        statement.effect is Effect.DENY
        and len(principals) == 1
        and principals[0].is_everyone
        and statement.actions is not None
        and "*" not in statement.actions
    )


def _fits_endpoint(statement: Statement) -> bool:
    """PE-19 asks for a Principal."""
    return statement.principals is not None or statement.not_principals is not None
