"""AssumeRole: the crossing itself."""

from collections.abc import Mapping, Sequence

from sekisho.access.context import ContextValue, passed_tags_context, tag_context
from sekisho.access.decide import NO_POLICIES, Ask
from sekisho.access.held import HeldRole
from sekisho.model.faults import AccessDenied, Fault
from sekisho.model.principal import Caller, PrincipalKind, Session
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.sts.mfa import Factor, given_factor
from sekisho.services.sts.passed import (
    RESERVED,
    check_policies,
    check_tags,
    inherited_tags,
    packed_size,
    passed_tags,
    policy_arns,
)
from sekisho.services.sts.roles import (
    DEFAULT_SECONDS,
    find_role,
    open_session,
    refuse_longer,
    role_owner,
)

CHAINED_SECONDS = 3_600


def assume_role_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    """sts:AssumeRole on the role, and the permission-only actions that go with it (PE-116).

    A role that does not exist asks for the same and is denied in the same words (PE-202).
    """
    role_arn = call.input["RoleArn"]
    owner = role_owner(role_arn)
    check_parameters(call, owner)
    role = find_role(desk, role_arn)
    tags, transitive = passed_tags(call.input)
    inherited = inherited_tags(call.caller)
    factor = given_factor(call, desk)
    context = assume_role_context(call, role, tags, transitive, inherited, factor)
    trust = NO_POLICIES if role is None else role.trust
    actions = ["sts:AssumeRole"]
    if tags or inherited:
        actions.append("sts:TagSession")
    if "SourceIdentity" in call.input or source_identity_of(call.caller):
        actions.append("sts:SetSourceIdentity")
    if "ProvidedContexts" in call.input:
        actions.append("sts:SetContext")
    return [Ask(action, role_arn, owner, context, trust, trust=True) for action in actions]


@operation("sts:AssumeRole", asks=assume_role_asks, waits=False)
def assume_role(call: Call, desk: Desk) -> Output:
    """Give the caller temporary credentials of a role that trusts them.

    Input: RoleArn, RoleSessionName (2-64 characters), DurationSeconds (900-43,200, default 3,600),
        Policy and PolicyArns (together 2,048 characters), Tags, TransitiveTagKeys, ExternalId,
        SerialNumber with TokenCode, SourceIdentity, MinimumSessionTokenSize (0-4,096 bytes, W-97).
        ProvidedContexts are refused.
    Output: Credentials, AssumedRoleUser, SessionTokenSize (bytes), SessionTokenUtilization
        (percent); PackedPolicySize if policies or tags were passed; SourceIdentity if set (W-105).
    Raises: AccessDenied; ValidationError for a duration over the role's maximum or, when chaining,
        over one hour (W-126…W-128); MalformedPolicyDocument; PackedPolicyTooLarge (W-136).
    """
    role = find_role(desk, call.input["RoleArn"])
    if role is None:  # deleted between the decision and here
        raise AccessDenied(denied_sentence(call))
    session = new_session(call, checked_duration(call, role))
    refuse_contexts(call)
    packed_size(session)  # what does not fit must not cost a code
    factor = given_factor(call, desk)
    if factor is not None:
        factor.use(desk)
    return open_session(call, desk, role, call.input["RoleSessionName"], session)


def denied_sentence(call: Call) -> str:
    return (
        f"User: {call.caller.principal.arn} is not authorized to perform: sts:AssumeRole"
        f" on resource: {call.input['RoleArn']}"
    )


def check_parameters(call: Call, owner: str) -> None:
    """What can be refused without knowing the role (PE-201 #7, PE-205, W-134, W-135)."""
    given = call.input
    identity = given.get("SourceIdentity")
    if identity is not None and RESERVED.match(identity):
        raise Fault(
            "ValidationError",
            400,
            f"1 validation error detected: Value '{identity}' at 'sourceIdentity' failed to satisfy"
            r" constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*",
        )
    check_policies(given, owner)
    if "Tags" in given or "TransitiveTagKeys" in given:
        check_tags(given, inherited_tags(call.caller))


def refuse_contexts(call: Call) -> None:
    """Context assertions come from IAM Identity Center, and none that could vouch for one is here.

    What cannot be verified must not become a condition key.
    """
    for provided in call.input.get("ProvidedContexts", ()):
        arn = provided.get("ProviderArn", "")
        raise Fault("ValidationError", 400, f"{arn or 'ProvidedContexts'} is invalid")


def source_identity_of(caller: Caller) -> str:
    return "" if caller.session is None else caller.session.source_identity


def assume_role_context(
    call: Call,
    role: HeldRole | None,
    tags: Mapping[str, str],
    transitive: tuple[str, ...],
    inherited: Mapping[str, str],
    factor: Factor | None,
) -> dict[str, ContextValue]:
    """The keys of PE-170, PE-183, PE-185 and PE-186."""
    given = call.input
    context: dict[str, ContextValue] = {"sts:rolesessionname": given["RoleSessionName"]}
    if "ExternalId" in given:
        context["sts:externalid"] = given["ExternalId"]
    identity = given.get("SourceIdentity") or source_identity_of(call.caller)
    if identity:
        context["sts:sourceidentity"] = identity
    context.update(passed_tags_context(tags))
    if transitive:
        context["sts:transitivetagkeys"] = transitive
    if "ProvidedContexts" in given:
        providers = [one.get("ProviderArn", "") for one in given["ProvidedContexts"]]
        context["sts:requestcontextproviders"] = tuple(providers)
    if role is not None and role.role.tags:
        context.update(role_tags_context(role, inherited))
    if factor is not None:
        context["aws:multifactorauthpresent"] = "true"
        context["aws:multifactorauthage"] = "0"
    return context


def role_tags_context(role: HeldRole, inherited: Mapping[str, str]) -> dict[str, ContextValue]:
    """The tags of the role; a transitive tag of the caller replaces one of its key (W-154)."""
    tags = {key.lower(): value for key, value in role.role.tags.items()}
    for key, value in inherited.items():
        if key.lower() in tags:
            tags[key.lower()] = value
    return {**tag_context("aws:resourcetag", tags), **tag_context("iam:resourcetag", tags)}


def checked_duration(call: Call, role: HeldRole) -> int:
    """Seconds the session lasts: at most the role's maximum, then at most an hour if chained."""
    seconds: int = call.input.get("DurationSeconds", DEFAULT_SECONDS)
    refuse_longer(seconds, role)
    if is_chained(call.caller) and seconds > CHAINED_SECONDS:
        raise Fault(
            "ValidationError",
            400,
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by"
            " role chaining.",
        )
    return seconds


def is_chained(caller: Caller) -> bool:
    """Whether a session asks; one that signed in to the console with a password is as a user."""
    if caller.session is None:
        return False
    return not caller.session.is_console or caller.principal.kind is PrincipalKind.ROLE_SESSION


def new_session(call: Call, seconds: int) -> Session:
    tags, transitive = passed_tags(call.input)
    inherited = inherited_tags(call.caller)
    before = source_identity_of(call.caller)
    identity: str = call.input.get("SourceIdentity", before)
    if before and identity != before:
        raise Fault(
            "ValidationError",
            400,
            "The source identity is already set for this assume role session",
        )
    return Session(
        issued=call.now,
        expires=call.now + seconds,
        tags={**inherited, **tags},
        transitive=(*inherited, *transitive),
        source_identity=identity,
        policy=call.input.get("Policy", ""),
        policy_arns=policy_arns(call.input),
        is_chained=is_chained(call.caller),
    )
