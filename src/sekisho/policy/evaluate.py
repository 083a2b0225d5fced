"""The decision (PE-82…PE-143): one pass, no trace, nothing remembered.

an explicit Deny anywhere                       -> denied
a guard rail (RCP, SCP, endpoint) not allowing  -> denied
nobody's principal (service, anonymous)         -> as the resource policy says
own account: resource grant, or identity within boundary and session policy (PE-94)
other account: resource grant and identity within boundary and session policy (PE-100)
"""

from dataclasses import dataclass

from sekisho.model.principal import PrincipalKind
from sekisho.policy.compile import CompiledPolicySet, CompiledStatement
from sekisho.policy.decision import Decision, Kind
from sekisho.policy.principals import Grant
from sekisho.policy.question import Layer, Question

ROOT_ALLOWED = Decision(True, Kind.ALLOW, Layer.IDENTITY)
NOT_ALLOWED = {layer: Decision(False, Kind.IMPLICIT_DENY, layer) for layer in Layer}
_NO_IDENTITY_ALLOW = NOT_ALLOWED[Layer.IDENTITY]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Every policy that bears on a question.

    identity: policies of the user and its groups, or of the role; empty for the root user.
    resource: the resource's own policy, None if it has none.
    boundary, session: None where none is set or passed; a GetFederationToken session without a
    session policy may do nothing (PE-93).
    scps, rcps: one set for each level from the organization's root to the account; empty where
    they do not apply (PE-88, PE-89, PE-130…PE-135).
    requires_resource_allow: for role trust policies and KMS keys, whose own policy must allow in
    the same account too, even the root user (PE-108, PE-123).
    endpoint: policy of the VPC endpoint that the request came through, else None (PE-129).
    """

    identity: CompiledPolicySet
    resource: CompiledPolicySet | None = None
    boundary: CompiledPolicySet | None = None
    session: CompiledPolicySet | None = None
    scps: tuple[CompiledPolicySet, ...] = ()
    rcps: tuple[CompiledPolicySet, ...] = ()
    requires_resource_allow: bool = False
    endpoint: CompiledPolicySet | None = None


def decide(question: Question, evidence: Evidence) -> Decision:
    """Answer a question; pure, and total for whatever text the question holds."""
    own_side = has_own_side(question)
    denied = _explicit_deny(question, evidence, own_side)
    if denied is not None:
        return denied
    if evidence.rcps or evidence.scps or evidence.endpoint is not None:
        barred = _barred(question, evidence, own_side)
        if barred is not None:
            return barred
    grant, granting = Grant.NONE, None
    if evidence.resource is not None:
        grant, granting = _strongest(question, evidence.resource)
    if not own_side:
        if granting is None:
            return NOT_ALLOWED[resource_layer(question, evidence)]
        return granting.decides
    if question.principal.account == question.owner:
        return _within_account(question, evidence, grant, granting)
    return _across_accounts(question, evidence, granting)


def has_own_side(question: Question) -> bool:
    """Whether the principal has an account's policies of its own; services and nobody have none."""
    kind = question.principal.kind
    return kind is not PrincipalKind.SERVICE and kind is not PrincipalKind.ANONYMOUS


def resource_layer(question: Question, evidence: Evidence) -> Layer:
    """Which layer the resource's policy is, also where there is none or an empty one."""
    if evidence.resource is not None and evidence.resource.layer is not None:
        return evidence.resource.layer
    trust = evidence.requires_resource_allow and question.action.lower().startswith("sts:")
    return Layer.TRUST if trust else Layer.RESOURCE


def _explicit_deny(question: Question, evidence: Evidence, own_side: bool) -> Decision | None:
    """The first Deny, in the order in which denials are told (PE-143)."""
    boundary, session = evidence.boundary, evidence.session
    bounded = boundary is not None
    found = _denying(question, evidence.identity, bounded) if own_side else None
    if found is None and evidence.resource is not None:
        found = _denying(question, evidence.resource, bounded)
    if found is None and own_side:
        if boundary is not None:
            found = _denying(question, boundary, bounded)
        if found is None and session is not None:
            found = _denying(question, session, bounded)
    if found is not None:
        return found
    rails = (*(evidence.scps if own_side else ()), *evidence.rcps)
    for policies in rails if evidence.endpoint is None else (*rails, evidence.endpoint):
        found = _denying(question, policies, bounded)
        if found is not None:
            return found
    return None


def _denying(question: Question, policies: CompiledPolicySet, bounded: bool) -> Decision | None:
    resource, context = question.resource, question.context
    for statement in policies.candidates(question.action).denies.near(resource):
        if (
            statement.reaches(resource, context)
            and (
                statement.names_nobody
                or statement.strikes(question.principal, question.sponsor, bounded)
            )
            and statement.holds(context)
        ):
            return statement.decides
    return None


def _barred(question: Question, evidence: Evidence, own_side: bool) -> Decision | None:
    """The first guard rail that does not allow."""
    for level in evidence.rcps:
        if _allowing(question, level) is None:
            return NOT_ALLOWED[Layer.RCP]
    if own_side:
        for level in evidence.scps:
            if _allowing(question, level) is None:
                return NOT_ALLOWED[Layer.SCP]
    if evidence.endpoint is not None and _allowing(question, evidence.endpoint) is None:
        return NOT_ALLOWED[Layer.ENDPOINT]
    return None


def _allowing(question: Question, policies: CompiledPolicySet) -> CompiledStatement | None:
    """The first statement that allows, however it names the principal."""
    resource, context = question.resource, question.context
    for statement in policies.candidates(question.action).allows.near(resource):
        if (
            statement.reaches(resource, context)
            and (
                statement.names_nobody or statement.grant(question.principal, question.sponsor) > 0
            )
            and statement.holds(context)
        ):
            return statement
    return None


def _strongest(
    question: Question, policies: CompiledPolicySet
) -> tuple[Grant, CompiledStatement | None]:
    """The strongest Allow of the resource's policy; of equals the first."""
    resource, context = question.resource, question.context
    best, found = Grant.NONE, None
    for statement in policies.candidates(question.action).allows.near(resource):
        grant = statement.grant(question.principal, question.sponsor)
        if grant > best and statement.reaches(resource, context) and statement.holds(context):
            best, found = grant, statement
            if grant is Grant.DIRECT:
                break
    return best, found


def _limit(question: Question, evidence: Evidence) -> Decision | None:
    """The denial of boundary or session policy; None if neither limits."""
    boundary, session = evidence.boundary, evidence.session
    if boundary is not None and _allowing(question, boundary) is None:
        return NOT_ALLOWED[Layer.BOUNDARY]
    if session is not None:
        return NOT_ALLOWED[Layer.SESSION] if _allowing(question, session) is None else None
    if question.principal.kind is PrincipalKind.FEDERATED_USER:
        return NOT_ALLOWED[Layer.SESSION]
    return None


def _own_allow(question: Question, evidence: Evidence) -> Decision:
    """What the principal's own side says: identity, then boundary, then session (PE-91…PE-93)."""
    if question.principal.kind is PrincipalKind.ROOT:
        return ROOT_ALLOWED
    allowing = _allowing(question, evidence.identity)
    if allowing is None:
        return _NO_IDENTITY_ALLOW
    return _limit(question, evidence) or allowing.decides


def _within_account(
    question: Question, evidence: Evidence, grant: Grant, granting: CompiledStatement | None
) -> Decision:
    if granting is None:
        if evidence.requires_resource_allow:
            return NOT_ALLOWED[resource_layer(question, evidence)]
        return _own_allow(question, evidence)
    if grant is Grant.DIRECT:
        return granting.decides
    if grant is Grant.LIMITED:
        return _limit(question, evidence) or granting.decides
    return _own_allow(question, evidence)


def _across_accounts(
    question: Question, evidence: Evidence, granting: CompiledStatement | None
) -> Decision:
    if granting is None:
        return NOT_ALLOWED[resource_layer(question, evidence)]
    own = _own_allow(question, evidence)
    if not own.allowed:
        return own
    return Decision(
        True, Kind.ALLOW, granting.source.layer, (*own.statements, granting.decides.statements[0])
    )
