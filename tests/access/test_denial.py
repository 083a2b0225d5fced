"""The sentence of a denial, by who asks, whose the resource is, and what denied."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from sekisho.access.decide import NO_POLICIES, Ask, Ruling
from sekisho.access.denial import denial
from sekisho.model.principal import (
    ANONYMOUS,
    Caller,
    Principal,
    root_principal,
    session_principal,
    user_principal,
)
from sekisho.policy import (
    CompiledPolicySet,
    Decision,
    Evidence,
    Kind,
    Layer,
    Question,
    Source,
    compile_texts,
    decide,
)

HOME, AWAY = "111122223333", "444455556666"
ROLE = f"arn:aws:iam::{HOME}:role/path/Guest"
TARGET = f"arn:aws:iam::{AWAY}:role/Target"
OBJECT = "arn:aws:s3:::bucket/key"

USER = user_principal(HOME, f"arn:aws:iam::{HOME}:user/una", "AIDAUNA", "una")
SESSION = session_principal(HOME, ROLE, "AROAGUEST", "Guest", "visit")
ROOT = root_principal(HOME)

CALLERS = [
    pytest.param(USER, f"arn:aws:iam::{HOME}:user/una", id="user"),
    pytest.param(SESSION, f"arn:aws:sts::{HOME}:assumed-role/Guest/visit", id="session"),
    pytest.param(ROOT, f"arn:aws:iam::{HOME}:root", id="root"),
]

# W-145
IMPLICIT = {
    Layer.IDENTITY: "because no identity-based policy allows the iam:GetUser action",
    Layer.RESOURCE: "because no resource-based policy allows the iam:GetUser action",
    Layer.BOUNDARY: "because no permissions boundary allows the iam:GetUser action",
    Layer.SESSION: "because no session policy allows the iam:GetUser action",
    Layer.SCP: "because no service control policy allows the iam:GetUser action",
    Layer.ENDPOINT: "because no VPC endpoint policy allows the iam:GetUser action",
}
# W-146
EXPLICIT = {
    Layer.IDENTITY: "with an explicit deny in an identity-based policy",
    Layer.RESOURCE: "with an explicit deny in a resource-based policy",
    Layer.BOUNDARY: "with an explicit deny in a permissions boundary",
    Layer.SESSION: "with an explicit deny in a session policy",
    Layer.SCP: "with an explicit deny in a service control policy",
    Layer.RCP: "with an explicit deny in a resource control policy",
    Layer.ENDPOINT: "with an explicit deny in a VPC endpoint policy",
}
REASONS = [
    *((Kind.IMPLICIT_DENY, layer, reason) for layer, reason in IMPLICIT.items()),
    *((Kind.EXPLICIT_DENY, layer, reason) for layer, reason in EXPLICIT.items()),
]
KINDS = (Kind.IMPLICIT_DENY, Kind.EXPLICIT_DENY)


def sentence(principal: Principal, ask: Ask, kind: Kind, layer: Layer) -> str:
    question = Question(principal, ask.action, ask.resource, ask.owner, {})
    ruling = Ruling(
        ask, question, Evidence(identity=NO_POLICIES, resource=None), Decision(False, kind, layer)
    )
    fault = denial(Caller(principal), ruling)
    assert (fault.code, fault.status) == ("AccessDenied", 403)
    return fault.message


@pytest.mark.parametrize(("principal", "arn"), CALLERS)
@pytest.mark.parametrize(("kind", "layer", "reason"), REASONS)
def test_at_home_the_layer_is_named(
    principal: Principal, arn: str, kind: Kind, layer: Layer, reason: str
) -> None:
    """W-144…W-146, PE-194."""
    resource = f"arn:aws:iam::{HOME}:user/other"
    assert sentence(principal, Ask("iam:GetUser", resource, HOME), kind, layer) == (
        f"User: {arn} is not authorized to perform: iam:GetUser on resource: {resource} {reason}"
    )


EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
FOR_ALL = {**EVERYTHING, "Principal": "*"}
OBJECTS = {"Action": "s3:GetObject", "Resource": "*"}
NO_OBJECTS = {**EVERYTHING, "Action": "sqs:*"}


def control(layer: Layer, *statements: Mapping[str, Any]) -> CompiledPolicySet:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return compile_texts([(Source(layer, "control", ""), text)])


@pytest.mark.parametrize(
    ("layers", "reason"),
    [
        (
            {"scps": (control(Layer.SCP, EVERYTHING), control(Layer.SCP, NO_OBJECTS))},
            " because no service control policy allows the s3:GetObject action",
        ),
        (
            {"scps": (control(Layer.SCP, EVERYTHING, {"Effect": "Deny", **OBJECTS}),)},
            " with an explicit deny in a service control policy",
        ),
        (
            {
                "rcps": (
                    control(Layer.RCP, FOR_ALL, {"Effect": "Deny", "Principal": "*", **OBJECTS}),
                )
            },
            " with an explicit deny in a resource control policy",
        ),
        (
            {"endpoint": control(Layer.ENDPOINT, {**FOR_ALL, "Action": "sqs:*"})},
            " because no VPC endpoint policy allows the s3:GetObject action",
        ),
        (
            {"endpoint": control(Layer.ENDPOINT, FOR_ALL, {"Effect": "Deny", "Principal": "*",
                                                           **OBJECTS})},
            " with an explicit deny in a VPC endpoint policy",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("owner", [HOME, AWAY])
def test_control_policies_are_told_as_the_engine_finds_them(
    layers: dict[str, Any], reason: str, owner: str
) -> None:
    """W-145…W-147, W-149, PE-88, PE-89, PE-129, PE-194, PE-195."""
    ask = Ask("s3:GetObject", OBJECT, owner)
    question = Question(USER, ask.action, ask.resource, owner, {})
    granted = control(Layer.RESOURCE, {**FOR_ALL, "Principal": {"AWS": USER.arn}})
    evidence = Evidence(identity=control(Layer.IDENTITY, EVERYTHING), resource=granted, **layers)
    fault = denial(Caller(USER), Ruling(ask, question, evidence, decide(question, evidence)))
    place = f'User: {USER.arn} is not authorized to perform: s3:GetObject on resource: "{OBJECT}"'
    assert fault.message == (place + reason if owner == HOME else "Access Denied")


def test_the_resource_control_policy_that_is_always_there_denies_nothing() -> None:
    """W-147, PE-88, PE-136."""
    question = Question(USER, "s3:GetObject", OBJECT, HOME, {})
    full = control(Layer.RCP, FOR_ALL)
    evidence = Evidence(identity=control(Layer.IDENTITY, EVERYTHING), rcps=(full, full))
    assert decide(question, evidence).allowed


@pytest.mark.parametrize(("principal", "arn"), CALLERS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layer", [Layer.IDENTITY, Layer.TRUST, Layer.BOUNDARY, Layer.SESSION])
@pytest.mark.parametrize("owner", [HOME, AWAY])
@pytest.mark.parametrize("action", ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"])
def test_who_may_not_assume_a_role_is_given_no_reason_anywhere(
    principal: Principal, arn: str, kind: Kind, layer: Layer, owner: str, action: str
) -> None:
    """W-141…W-143, PE-193."""
    ask = Ask(action, TARGET, owner, policy=NO_POLICIES, trust=True)
    assert sentence(principal, ask, kind, layer) == (
        f"User: {arn} is not authorized to perform: {action} on resource: {TARGET}"
    )


@pytest.mark.parametrize(("principal", "arn"), CALLERS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layer", [Layer.IDENTITY, Layer.RESOURCE, Layer.SESSION])
def test_s3_quotes_the_resource_at_home_and_is_silent_abroad(
    principal: Principal, arn: str, kind: Kind, layer: Layer
) -> None:
    """W-149, W-279."""
    reason = (EXPLICIT if kind is Kind.EXPLICIT_DENY else IMPLICIT)[layer]
    reason = reason.replace("iam:GetUser", "s3:GetObject")
    assert sentence(principal, Ask("s3:GetObject", OBJECT, HOME), kind, layer) == (
        f'User: {arn} is not authorized to perform: s3:GetObject on resource: "{OBJECT}" {reason}'
    )
    assert sentence(principal, Ask("s3:GetObject", OBJECT, AWAY), kind, layer) == "Access Denied"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layer", list(Layer))
def test_who_did_not_sign_is_told_nothing(kind: Kind, layer: Layer) -> None:
    ask = Ask("s3:GetObject", OBJECT, AWAY)
    assert sentence(ANONYMOUS, ask, kind, layer) == "Access Denied"


@pytest.mark.parametrize(("principal", "arn"), CALLERS)
def test_other_services_are_silent_about_the_reason_abroad(principal: Principal, arn: str) -> None:
    """W-149."""
    resource = f"arn:aws:iam::{AWAY}:user/other"
    ask = Ask("iam:GetUser", resource, AWAY)
    assert sentence(principal, ask, Kind.EXPLICIT_DENY, Layer.RESOURCE) == (
        f"User: {arn} is not authorized to perform: iam:GetUser on resource: {resource}"
    )


@pytest.mark.parametrize(
    ("action", "shown", "place"),
    [
        ("iam:GetUser", "user una", " on resource: user una"),
        ("iam:ListUsers", "", ""),
        ("iam:ListUsers", None, " on resource: *"),
        ("s3:ListAllMyBuckets", "", ""),
    ],
)
def test_the_resource_is_shown_as_the_operation_says(
    action: str, shown: str | None, place: str
) -> None:
    """W-144, W-150, PE-196."""
    said = sentence(USER, Ask(action, "*", HOME, shown=shown), Kind.IMPLICIT_DENY, Layer.IDENTITY)
    assert said == (
        f"User: {USER.arn} is not authorized to perform: {action}{place}"
        f" because no identity-based policy allows the {action} action"
    )
