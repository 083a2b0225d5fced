"""Roles assumed by those for whom an identity provider vouches: what its kinds have in common."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sekisho.access.context import ContextValue, passed_tags_context
from sekisho.access.decide import NO_POLICIES, Ask
from sekisho.model.faults import AccessDenied, Fault
from sekisho.model.principal import Principal, Session, nothing
from sekisho.services.operation import Call, Desk, Output
from sekisho.services.sts.assume_role import role_tags_context
from sekisho.services.sts.passed import RESERVED, check_tags, policy_arns
from sekisho.services.sts.roles import (
    DEFAULT_SECONDS,
    find_role,
    open_session,
    refuse_longer,
    role_owner,
)

_WORD = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Vouched:
    """Who a provider says they are, verified.

    session_name: of the session that is asked for. context: the provider's condition keys while the
    trust policy is evaluated; kept: those that stay with the session (PE-187, PE-189).
    """

    principal: Principal
    session_name: str
    context: Mapping[str, ContextValue]
    kept: Mapping[str, ContextValue]
    tags: Mapping[str, str] = field(default_factory=nothing)
    transitive: tuple[str, ...] = ()
    source_identity: str = ""


def asks_of(action: str, call: Call, desk: Desk, vouched: Vouched) -> Sequence[Ask]:
    """The action on the role, and the permission-only actions that go with it (PE-116, PE-117).

    The trust policy alone decides: who asks has no policies of their own.
    """
    role_arn = call.input["RoleArn"]
    role = find_role(desk, role_arn)
    context: dict[str, ContextValue] = {
        **vouched.context,
        "sts:rolesessionname": vouched.session_name,
        **passed_tags_context(vouched.tags),
    }
    if vouched.transitive:
        context["sts:transitivetagkeys"] = vouched.transitive
    if vouched.source_identity:
        context["sts:sourceidentity"] = vouched.source_identity
    if role is not None and role.role.tags:
        context.update(role_tags_context(role, {}))
    actions = [action]
    if vouched.tags:
        actions.append("sts:TagSession")
    if vouched.source_identity:
        actions.append("sts:SetSourceIdentity")
    trust = NO_POLICIES if role is None else role.trust
    owner, asker = role_owner(role_arn), vouched.principal
    return [Ask(one, role_arn, owner, context, trust, trust=True, asker=asker) for one in actions]


def session_for(action: str, call: Call, desk: Desk, vouched: Vouched, longest: int) -> Output:
    """Credentials of the role. longest: seconds after which the provider wants the session over."""
    role = find_role(desk, call.input["RoleArn"])
    if role is None:  # deleted between the decision and here
        raise AccessDenied(f"Not authorized to perform {action}")
    seconds: int = call.input.get("DurationSeconds", DEFAULT_SECONDS)
    refuse_longer(seconds, role)
    session = Session(
        issued=call.now,
        expires=call.now + min(seconds, longest),
        tags=vouched.tags,
        transitive=vouched.transitive,
        source_identity=vouched.source_identity,
        policy=call.input.get("Policy", ""),
        policy_arns=policy_arns(call.input),
        federation=vouched.kept,
    )
    return open_session(call, desk, role, vouched.session_name, session)


def check_vouched_tags(tags: Mapping[str, str], transitive: Sequence[str]) -> None:
    """Tags that a provider passes must be such as a call could pass (PE-62, W-135, W-152).

    Raises InvalidIdentityToken, InvalidParameterValue.
    """
    for key, value in tags.items():
        if not (0 < len(key) <= 128 and len(value) <= 256 and is_tag_text(key + value)):
            raise Fault("InvalidIdentityToken", 400, "A session tag of the token is invalid.")
    if len(tags) > 50:
        raise Fault("InvalidIdentityToken", 400, "The token has more than 50 session tags.")
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    check_tags({"Tags": listed, "TransitiveTagKeys": transitive}, {})


def is_tag_text(text: str) -> bool:
    return all(sign in "_.:/=+-@" or unicodedata.category(sign)[0] in "LZN" for sign in text)


def is_source_identity(text: str) -> bool:
    return _WORD.fullmatch(text) is not None and RESERVED.match(text) is None
