"""The condition keys of a request (PE-172…PE-185): who asks, with which session, from where, when.

Keys are in lower case; a missing fact is an absent key (PE-149).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from sekisho.model.principal import (
    Principal,
    PrincipalKind,
    Session,
    is_assumed_root,
    nothing,
)

ContextValue = str | tuple[str, ...]

GLOBAL_REGION = "us-east-1"
_GLOBAL_SERVICES = ("iam:", "organizations:")


class Ambient(NamedTuple):
    """What surrounds a request, apart from its caller and its input.

    now: epoch seconds. source_ip: textual address of the peer. secure: whether TLS carried it.
    region: of the credential scope. signing: the s3:… keys that say over which TLS and with which
    signature S3 was asked.
    """

    now: float
    request_id: str
    source_ip: str
    secure: bool
    user_agent: str = ""
    referer: str = ""
    region: str = GLOBAL_REGION
    signing: Mapping[str, ContextValue] = nothing()


@lru_cache(maxsize=1024)
def instant(epoch: int) -> str:
    """An epoch second as the ISO 8601 text that date operators read (PE-161)."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def principal_context(principal: Principal) -> dict[str, ContextValue]:
    """The principal keys, by kind of principal (PE-172, PE-175); a federated identity has none."""
    if principal.kind is PrincipalKind.FEDERATED_IDENTITY:
        return {}
    context: dict[str, ContextValue] = {
        "aws:principalaccount": principal.account,
        "aws:principaltype": principal.kind.word,
        "aws:userid": principal.user_id,
    }
    if principal.kind is not PrincipalKind.ANONYMOUS:
        context["aws:principalarn"] = principal.policy_arn
        context["aws:principalisawsservice"] = "false"
    if principal.kind is PrincipalKind.USER:
        context["aws:username"] = principal.name
    return context


def principal_tags(own: Mapping[str, str], session: Session | None) -> dict[str, ContextValue]:
    """aws:PrincipalTag/…: a session's tags win over the role's, ignoring case (PE-168, PE-212)."""
    tags: dict[str, ContextValue] = {
        f"aws:principaltag/{key.lower()}": value for key, value in own.items()
    }
    if session is not None:
        for key, value in session.tags.items():
            tags[f"aws:principaltag/{key.lower()}"] = value
    return tags


def session_context(session: Session, now: float, kind: PrincipalKind) -> dict[str, ContextValue]:
    """The session keys (PE-176); that of AssumeRoot says what it is (W-100).

    A session that AssumeRole gave never shows MFA (PE-183), a federated one not even the key. One
    that an identity provider vouched for keeps some of what was said then (PE-187, PE-189).
    """
    context: dict[str, ContextValue] = {"aws:tokenissuetime": instant(session.issued)}
    if session.federation:
        context.update(session.federation)
    elif kind is not PrincipalKind.FEDERATED_USER:
        context["aws:multifactorauthpresent"] = "false" if session.mfa_at is None else "true"
    if is_assumed_root(kind, session):
        context["aws:assumedroot"] = "true"
    if session.mfa_at is not None:
        context["aws:multifactorauthage"] = str(max(0, int(now) - session.mfa_at))
    if session.source_identity:
        context["aws:sourceidentity"] = session.source_identity
    return context


def request_context(
    ambient: Ambient, action: str, brought: Mapping[str, ContextValue]
) -> dict[str, ContextValue]:
    """The network and request keys (PE-177, PE-179) beside those that the caller has brought.

    IAM and Organizations are global services (PE-179, PE-230).
    """
    now = int(ambient.now)
    context: dict[str, ContextValue] = {
        **brought,
        "aws:currenttime": instant(now),
        "aws:epochtime": str(now),
        "aws:securetransport": "true" if ambient.secure else "false",
        "aws:sourceip": ambient.source_ip,
        "aws:requestedregion": GLOBAL_REGION
        if action.startswith(_GLOBAL_SERVICES)
        else ambient.region,
        "aws:viaawsservice": "false",
    }
    if ambient.user_agent:
        context["aws:useragent"] = ambient.user_agent
    if ambient.referer:
        context["aws:referer"] = ambient.referer
    return context


def tag_context(kind: str, tags: Mapping[str, str]) -> dict[str, ContextValue]:
    """One key per tag: kind is ``aws:requesttag``, ``aws:resourcetag`` or ``iam:resourcetag``."""
    return {f"{kind}/{key.lower()}": value for key, value in tags.items()}


def passed_tags_context(tags: Mapping[str, str]) -> dict[str, ContextValue]:
    """aws:RequestTag/… and aws:TagKeys; both absent when no tag was passed (PE-168, PE-179)."""
    if not tags:
        return {}
    return {**tag_context("aws:requesttag", tags), "aws:tagkeys": tuple(tags)}
