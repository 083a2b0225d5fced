"""The sentence in which a denial is told (PE-193…PE-196, W-141…W-150, W-279)."""

from sekisho.access.decide import Ruling
from sekisho.model.faults import AccessDenied
from sekisho.model.principal import Caller, PrincipalKind
from sekisho.policy import Kind, Layer, Question

_IMPLICIT = {
    Layer.IDENTITY: "identity-based policy",
    Layer.RESOURCE: "resource-based policy",
    Layer.TRUST: "role trust policy",
    Layer.BOUNDARY: "permissions boundary",
    Layer.SESSION: "session policy",
    Layer.SCP: "service control policy",
    Layer.RCP: "resource control policy",
    Layer.ENDPOINT: "VPC endpoint policy",
}
_EXPLICIT = {
    Layer.IDENTITY: "an identity-based policy",
    Layer.RESOURCE: "a resource-based policy",
    Layer.TRUST: "the role trust policy",
    Layer.BOUNDARY: "a permissions boundary",
    Layer.SESSION: "a session policy",
    Layer.SCP: "a service control policy",
    Layer.RCP: "a resource control policy",
    Layer.ENDPOINT: "a VPC endpoint policy",
}


def denial(caller: Caller, ruling: Ruling) -> AccessDenied:
    """AWS's refusal of this ruling.

    AssumeRole never gives a reason, so that nobody can probe for roles (W-141). Other calls do
    within one account, and S3 does within one organization; to all others S3 says ``Access Denied``
    and no more (W-149, W-279).
    """
    ask = ruling.ask
    if ask.asker is not None:
        return AccessDenied(f"Not authorized to perform {ask.action}")  # W-138, W-139
    service = ask.action.partition(":")[0]
    is_near = caller.principal.account == ask.owner
    if service == "s3":
        is_near = is_near or is_within_organization(ruling.question)
    if caller.principal.kind is PrincipalKind.ANONYMOUS or (service == "s3" and not is_near):
        return AccessDenied("Access Denied")
    sentence = f"User: {caller.principal.arn} is not authorized to perform: {ask.action}"
    shown = ask.resource if ask.shown is None else ask.shown
    if shown:
        sentence += f' on resource: "{shown}"' if service == "s3" else f" on resource: {shown}"
    if is_near and not ask.trust:
        sentence += reason(ruling)
    return AccessDenied(sentence)


def is_within_organization(question: Question) -> bool:
    """Whether the caller's account and the resource's are of one organization."""
    of_caller = question.context.get("aws:principalorgid")
    return of_caller is not None and of_caller == question.context.get("aws:resourceorgid")


def reason(ruling: Ruling) -> str:
    decision = ruling.decision
    if decision.kind is Kind.EXPLICIT_DENY:
        return f" with an explicit deny in {_EXPLICIT[decision.layer]}"
    return f" because no {_IMPLICIT[decision.layer]} allows the {ruling.ask.action} action"
