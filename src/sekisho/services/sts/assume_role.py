"""AssumeRole: the crossing itself."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sekisho.access.context import ContextValue, passed_tags_context, tag_context
from sekisho.access.decide import NO_POLICIES, Ask
from sekisho.access.held import HeldRole
from sekisho.model.arn import Arn, iam_arn, parse_arn, session_arn
from sekisho.model.faults import AccessDenied, Fault
from sekisho.model.identifiers import is_account_id
from sekisho.model.principal import Caller, PrincipalKind, Session
from sekisho.policy import PolicyType, refusal
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.sts.mfa import Factor, given_factor
from sekisho.services.sts.tokens import allotted_percent, issue

DEFAULT_SECONDS = 3_600
CHAINED_SECONDS = 3_600
LONGEST_POLICIES = 2_048
MOST_TAGS = 50

_RESERVED = re.compile("aws:", re.IGNORECASE)


def assume_role_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    """sts:AssumeRole on the role, and the permission-only actions that go with it (PE-116).

    A role that does not exist asks for the same and is denied in the same words (PE-202).
    """
    if call.caller.principal.kind is PrincipalKind.ROOT:
        raise AccessDenied("Roles may not be assumed by root accounts.")  # PE-120
    role_arn = call.input["RoleArn"]
    owner = role_owner(role_arn)
    check_parameters(call, owner)
    role = find_role(desk, role_arn)
    tags, transitive = passed_tags(call)
    inherited = inherited_tags(call.caller)
    factor = given_factor(call, desk)
    context = assume_role_context(call, role, tags, transitive, inherited, factor)
    trust = NO_POLICIES if role is None else role.trust
    actions = ["sts:AssumeRole"]
    if tags or inherited:
        actions.append("sts:TagSession")
    if "SourceIdentity" in call.input or source_identity_of(call.caller):
        actions.append("sts:SetSourceIdentity")
    return [Ask(action, role_arn, owner, context, trust, trust=True) for action in actions]


@operation("sts:AssumeRole", asks=assume_role_asks, waits=False)
def assume_role(call: Call, desk: Desk) -> Output:
    """Give the caller temporary credentials of a role that trusts them.

    Input: RoleArn, RoleSessionName (2-64 characters), DurationSeconds (900-43,200, default 3,600),
        Policy and PolicyArns (together 2,048 characters), Tags, TransitiveTagKeys, ExternalId,
        SerialNumber with TokenCode, SourceIdentity (W-97).
    Output: Credentials, AssumedRoleUser; PackedPolicySize if policies or tags were passed;
        SourceIdentity if set (W-105).
    Raises: AccessDenied; ValidationError for a duration over the role's maximum or, when chaining,
        over one hour (W-126…W-128); MalformedPolicyDocument; PackedPolicyTooLarge (W-136).
    """
    role = find_role(desk, call.input["RoleArn"])
    if role is None:  # deleted between the decision and here
        raise AccessDenied(denied_sentence(call))
    seconds = checked_duration(call, role)
    session = new_session(call, seconds)
    packed = allotted_percent(session) if session.is_limited or session.tags else None
    refuse_oversize(session, packed)
    factor = given_factor(call, desk)
    if factor is not None:
        factor.use(desk)
    record, name = role.role, call.input["RoleSessionName"]
    credentials = issue(
        desk.directory.ring(),
        PrincipalKind.ROLE_SESSION,
        record.account,
        record.unique_id,
        name,
        session,
    )
    output: Output = {
        "AssumedRoleUser": {
            "AssumedRoleId": f"{record.unique_id}:{name}",
            "Arn": session_arn(record.account, record.name, name),
        },
        "Credentials": credentials.as_output(),
    }
    if packed is not None:
        output["PackedPolicySize"] = packed
    if session.source_identity:
        output["SourceIdentity"] = session.source_identity
    return output


def denied_sentence(call: Call) -> str:
    return (
        f"User: {call.caller.principal.arn} is not authorized to perform: sts:AssumeRole"
        f" on resource: {call.input['RoleArn']}"
    )


def role_owner(role_arn: str) -> str:
    """The account a role ARN names; ValidationError ``… is invalid`` if it is none (W-132)."""
    arn = parse_role_arn(role_arn)
    if arn is None:
        raise Fault("ValidationError", 400, f"{role_arn} is invalid")
    return arn.account


@lru_cache(maxsize=4096)
def parse_role_arn(role_arn: str) -> Arn | None:
    try:
        arn = parse_arn(role_arn)
    except ValueError:
        return None
    if arn.service != "iam" or arn.region or not is_account_id(arn.account):
        return None
    return arn if arn.resource.startswith("role/") else None


def find_role(desk: Desk, role_arn: str) -> HeldRole | None:
    """The role of exactly this ARN, its path and the case of its name included (PE-201 #6)."""
    arn = parse_role_arn(role_arn)
    if arn is None:
        return None
    role = desk.access.evidence.role(arn.account, arn.resource.rpartition("/")[2])
    return role if role is not None and role.arn == role_arn else None


def check_parameters(call: Call, owner: str) -> None:
    """What can be refused without knowing the role (PE-201 #7, PE-205, W-134, W-135)."""
    given = call.input
    identity = given.get("SourceIdentity")
    if identity is not None and _RESERVED.match(identity):
        raise Fault(
            "ValidationError",
            400,
            f"1 validation error detected: Value '{identity}' at 'sourceIdentity' failed to satisfy"
            r" constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*",
        )
    check_policy_arns(given, owner)
    check_session_policies(given)
    if "Tags" in given or "TransitiveTagKeys" in given:
        check_tags(given, call.caller)


def check_policy_arns(given: Mapping[str, Any], owner: str) -> None:
    """Managed session policies are policies of the role's account (W-97)."""
    if "PolicyArns" not in given:
        return
    for entry in given["PolicyArns"]:
        arn = entry.get("arn", "")
        if not arn.startswith(
            (iam_arn(owner, "policy", "/", ""), iam_arn("aws", "policy", "/", ""))
        ):
            raise Fault("ValidationError", 400, f"{arn or 'PolicyArns'} is invalid")


def check_tags(given: Mapping[str, Any], caller: Caller) -> None:
    """W-135: keys are compared ignoring case."""
    tags, transitive = given.get("Tags", ()), given.get("TransitiveTagKeys", ())
    keys = {tag["Key"].lower() for tag in tags}
    if len(keys) != len(tags):
        raise Fault(
            "InvalidParameterValue",
            400,
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        )
    if not {key.lower() for key in transitive} <= keys:
        raise Fault(
            "InvalidParameterValue",
            400,
            "The specified transitive tag key must be included in the requested tags.",
        )
    if keys & {key.lower() for key in inherited_tags(caller)}:
        raise Fault(
            "InvalidParameterValue",
            400,
            "One of the specified transitive tag keys can't be set because it conflicts with a"
            " transitive tag key from the calling session.",
        )


def check_session_policies(given: Mapping[str, Any]) -> None:
    """The inline session policy must be one AWS would take (PE-73); both kinds have one measure."""
    if "Policy" not in given and "PolicyArns" not in given:
        return
    policy: str = given.get("Policy", "")
    if policy:
        message = refusal(policy, PolicyType.SESSION)
        if message is not None:
            raise Fault("MalformedPolicyDocument", 400, message)
    arns = policy_arns(given)
    plain = len(policy) + sum(map(len, arns))
    if plain > LONGEST_POLICIES:
        percent = -(-100 * plain // LONGEST_POLICIES)
        raise Fault(
            "PackedPolicyTooLarge", 400, f"Packed policy consumes {percent}% of allotted space"
        )


def policy_arns(given: Mapping[str, Any]) -> tuple[str, ...]:
    if "PolicyArns" not in given:
        return ()
    return tuple([entry["arn"] for entry in given["PolicyArns"]])


def passed_tags(call: Call) -> tuple[dict[str, str], tuple[str, ...]]:
    if "Tags" not in call.input:
        return {}, ()
    tags = {tag["Key"]: tag["Value"] for tag in call.input.get("Tags", ())}
    return tags, tuple(call.input.get("TransitiveTagKeys", ()))


def inherited_tags(caller: Caller) -> dict[str, str]:
    """The caller's transitive tags, which go on to the next session (PE-212, W-154)."""
    if caller.session is None or not caller.session.transitive:
        return {}
    handed_on = {key.lower() for key in caller.session.transitive}
    return {key: tag for key, tag in caller.session.tags.items() if key.lower() in handed_on}


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
    if role is not None and role.role.tags:
        tags_of_role = {key.lower(): value for key, value in role.role.tags.items()}
        for key, value in inherited.items():
            if key.lower() in tags_of_role:
                tags_of_role[key.lower()] = value
        for kind in ("aws:resourcetag", "iam:resourcetag"):
            context.update(tag_context(kind, tags_of_role))
    if factor is not None:
        context["aws:multifactorauthpresent"] = "true"
        context["aws:multifactorauthage"] = "0"
    return context


def checked_duration(call: Call, role: HeldRole) -> int:
    """Seconds the session lasts: at most the role's maximum, then at most an hour if chained."""
    seconds: int = call.input.get("DurationSeconds", DEFAULT_SECONDS)
    if seconds > (role.role.max_session or DEFAULT_SECONDS):
        raise Fault(
            "ValidationError",
            400,
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )
    if call.caller.session is not None and seconds > CHAINED_SECONDS:
        raise Fault(
            "ValidationError",
            400,
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by"
            " role chaining.",
        )
    return seconds


def new_session(call: Call, seconds: int) -> Session:
    tags, transitive = passed_tags(call)
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
    )


def refuse_oversize(session: Session, packed: int | None) -> None:
    if packed is None or (packed <= 100 and len(session.tags) <= MOST_TAGS):
        return
    if session.is_limited:
        said = f"Packed policy consumes {packed}% of allotted space, please use smaller policy."
    else:
        said = f"Packed size of session tags consumes {packed}% of allotted space."
    raise Fault("PackedPolicyTooLarge", 400, said)
