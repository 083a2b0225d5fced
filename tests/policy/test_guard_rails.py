"""Which control policies bear on a question."""

import json

import pytest

from sekisho.model.principal import (
    ANONYMOUS,
    Principal,
    PrincipalKind,
    root_principal,
    session_principal,
    user_principal,
)
from sekisho.policy import (
    CompiledPolicySet,
    Layer,
    Question,
    Rails,
    Source,
    assume_role_actions,
    compile_set,
    needs_permission,
    parse_policy,
    rcps_for,
    scps_for,
)

A, B = "111111111111", "222222222222"
USER = user_principal(A, f"arn:aws:iam::{A}:user/u", "AIDAUUUUUUUUUUUUUUUUU", "u")
SESSION = session_principal(A, f"arn:aws:iam::{A}:role/r", "AROARRRRRRRRRRRRRRRRR", "r", "s")
LINKED_ARN = f"arn:aws:iam::{A}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
LINKED = session_principal(A, LINKED_ARN, "AROASSSSSSSSSSSSSSSSS", "AWSServiceRoleForX", "s")
GUEST = Principal(PrincipalKind.FEDERATED_USER, A, f"arn:aws:sts::{A}:federated-user/g", A, "g")
SERVICE = Principal(PrincipalKind.SERVICE, "", "", "", "x.amazonaws.com")


def level(layer: Layer) -> CompiledPolicySet:
    text = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"},
        }
    )
    return compile_set([(Source(layer, "p", "o"), parse_policy(text))])


SCPS = (level(Layer.SCP), level(Layer.SCP), level(Layer.SCP))
RCPS = (level(Layer.RCP), level(Layer.RCP))
MEMBER = Rails(management=False, scps=SCPS, rcps=RCPS)
MANAGEMENT = Rails(management=True, scps=SCPS, rcps=RCPS)


@pytest.mark.parametrize(
    ("principal", "rails", "expected"),
    [
        (USER, MEMBER, SCPS),  # PE-130
        (SESSION, MEMBER, SCPS),
        (GUEST, MEMBER, SCPS),
        (root_principal(A), MEMBER, SCPS),  # PE-99
        (USER, MANAGEMENT, ()),  # PE-130, PE-132
        (root_principal(A), MANAGEMENT, ()),
        (LINKED, MEMBER, ()),  # PE-119
        (SERVICE, MEMBER, ()),  # PE-86
        (ANONYMOUS, MEMBER, ()),  # PE-128
        (USER, None, ()),
    ],
)
def test_scps_limit_the_principals_of_member_accounts(
    principal: Principal, rails: Rails | None, expected: tuple[CompiledPolicySet, ...]
) -> None:
    assert scps_for(principal, rails) == expected


ROLE = f"arn:aws:iam::{B}:role/r"
KEY = f"arn:aws:kms:eu-west-1:{B}:key/1"


@pytest.mark.parametrize(
    ("principal", "action", "resource", "expected"),
    [
        (USER, "s3:GetObject", "arn:aws:s3:::b/k", RCPS),  # PE-133
        (ANONYMOUS, "s3:GetObject", "arn:aws:s3:::b/k", RCPS),
        (SERVICE, "s3:PutObject", "arn:aws:s3:::b/k", RCPS),  # PE-86
        (root_principal(B), "S3:GetObject", "arn:aws:s3:::b/k", RCPS),
        (LINKED, "s3:GetObject", "arn:aws:s3:::b/k", ()),  # PE-119, PE-133
        (USER, "sts:AssumeRole", ROLE, RCPS),  # PE-135
        (ANONYMOUS, "sts:AssumeRoleWithWebIdentity", ROLE, RCPS),
        (USER, "sts:AssumeRoot", f"arn:aws:iam::{B}:root", RCPS),
        (SERVICE, "sts:AssumeRole", LINKED_ARN, ()),  # PE-133
        (USER, "sts:GetSessionToken", "*", ()),  # PE-135
        (USER, "kms:Decrypt", KEY, RCPS),  # PE-134
        (USER, "kms:RetireGrant", KEY, ()),  # PE-133
        (USER, "KMS:retiregrant", KEY, ()),
        (USER, "iam:GetRole", ROLE, ()),  # PE-134
        (USER, "ec2:RunInstances", f"arn:aws:ec2:eu-west-1:{B}:instance/i", ()),
    ],
)
def test_rcps_protect_the_resources_of_member_accounts(
    principal: Principal, action: str, resource: str, expected: tuple[CompiledPolicySet, ...]
) -> None:
    question = Question(principal, action, resource, B, {})
    assert rcps_for(question, MEMBER) == expected
    assert rcps_for(question, MANAGEMENT) == ()  # PE-133
    assert rcps_for(question, None) == ()


def test_keys_that_aws_manages_are_under_no_rcp() -> None:
    """PE-133."""
    question = Question(USER, "kms:Decrypt", KEY, B, {})
    assert rcps_for(question, MEMBER, aws_managed_key=True) == ()


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("sts:GetCallerIdentity", False),
        ("STS:getcalleridentity", False),
        ("sts:GetSessionToken", False),
        ("sts:AssumeRole", True),
        ("s3:ListBucket", True),
    ],
)
def test_what_nothing_can_deny(action: str, expected: bool) -> None:
    """PE-125."""
    assert needs_permission(action) is expected


def test_one_assume_role_may_need_more_than_one_action() -> None:
    """PE-116."""
    assert assume_role_actions(tags=False, source_identity=False, contexts=False) == (
        "sts:AssumeRole",
    )
    assert assume_role_actions(tags=True, source_identity=True, contexts=True) == (
        "sts:AssumeRole",
        "sts:TagSession",
        "sts:SetSourceIdentity",
        "sts:SetContext",
    )
