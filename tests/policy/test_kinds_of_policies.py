"""Which element each kind of policy has, needs or may not have, and what may stand in it: PE-15."""

import json
from typing import Any

import pytest

from sekisho.policy import PolicyType, refusal
from sekisho.policy.guard_rails import RCP_SERVICES

A = "111111111111"
MARK = object()
PARTITIONS = [
    "aws",
    "aws-cn",
    "aws-us-gov",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
    "aws-eusc",
]

# A statement that each kind takes.
BASES: dict[PolicyType, dict[str, Any]] = {
    PolicyType.IDENTITY: {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
    PolicyType.TRUST: {"Effect": "Allow", "Principal": {"AWS": A}, "Action": "sts:AssumeRole"},
    PolicyType.BUCKET: {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::ledger/*",
    },
    PolicyType.RCP: {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"},
    PolicyType.ENDPOINT: {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
}
for like_identity in (
    PolicyType.MANAGED,
    PolicyType.BOUNDARY,
    PolicyType.SESSION,
    PolicyType.SCP,
):
    BASES[like_identity] = BASES[PolicyType.IDENTITY]


def saved(kind: PolicyType, version: str | None = "2012-10-17", **changes: Any) -> bool:
    """Whether a policy of one statement is saved; MARK takes an element away."""
    statement = {
        name: value for name, value in {**BASES[kind], **changes}.items() if value is not MARK
    }
    document: dict[str, Any] = {"Statement": [statement]}
    if version is not None:
        document["Version"] = version
    return refusal(json.dumps(document), kind, bucket_name="ledger") is None


@pytest.mark.parametrize("kind", PolicyType)
def test_each_kind_takes_its_own(kind: PolicyType) -> None:
    assert saved(kind)
    assert saved(kind, Condition={"StringEquals": {"aws:userid": "x"}})
    assert not saved(kind, Action=MARK)
    assert not saved(kind, Effect=MARK)


def taking(*kinds: PolicyType) -> list[tuple[PolicyType, bool]]:
    return [(kind, kind in kinds) for kind in PolicyType]


@pytest.mark.parametrize(
    ("kind", "takes"), taking(*(kind for kind, base in BASES.items() if "Principal" in base))
)
def test_principals_are_for_policies_of_resources(kind: PolicyType, takes: bool) -> None:
    """PE-15: they need one, where others may not have any."""
    principal = BASES[kind].get("Principal", "*")
    assert saved(kind, Principal=principal) is takes
    assert saved(kind, Principal=MARK) is not takes


@pytest.mark.parametrize(("kind", "takes"), taking(PolicyType.BUCKET, PolicyType.ENDPOINT))
def test_not_principal(kind: PolicyType, takes: bool) -> None:
    """PE-15, PE-18, PE-35."""
    changes: Any = {"Effect": "Deny", "Principal": MARK, "NotPrincipal": {"AWS": A}}
    assert saved(kind, **changes) is takes


@pytest.mark.parametrize(
    ("kind", "takes"), taking(*(kind for kind in PolicyType if kind is not PolicyType.RCP))
)
def test_not_action(kind: PolicyType, takes: bool) -> None:
    """PE-15, PE-18: a trust policy names what it trusts with."""
    changes: Any = {"Action": MARK, "NotAction": "s3:GetObject"}
    assert saved(kind, **changes) is (takes and kind is not PolicyType.TRUST)


@pytest.mark.parametrize(
    ("kind", "takes"), taking(*(kind for kind in PolicyType if kind is not PolicyType.TRUST))
)
def test_resources(kind: PolicyType, takes: bool) -> None:
    """PE-15: either of the two elements, but in a trust policy neither."""
    resource = BASES[kind].get("Resource", "*")
    assert saved(kind, Resource=MARK) is not takes
    assert saved(kind, Resource=resource) is takes
    assert saved(kind, Resource=MARK, NotResource=resource) is takes


@pytest.mark.parametrize("version", ["2008-10-17", None])
@pytest.mark.parametrize("kind", PolicyType)
def test_versions(kind: PolicyType, version: str | None) -> None:
    """PE-10: what IAM keeps for identities is of the new version, and so are RCPs."""
    new = {PolicyType.IDENTITY, PolicyType.MANAGED, PolicyType.BOUNDARY, PolicyType.RCP}
    assert saved(kind, version) is (kind not in new)
    assert not saved(kind, "2012-10-18")


@pytest.mark.parametrize(
    "changes",
    [
        {"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}},
        {"Resource": "arn:aws:s3:::ledger/*"},
        {"Resource": MARK, "NotResource": "arn:aws:s3:::ledger/*"},
        {"Action": MARK, "NotAction": "iam:*"},
        {"Action": "s3:*Object"},
        {"Action": ["s3:G?t*", "*"]},
    ],
)
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_service_control_policies_have_the_whole_language(
    effect: str, changes: dict[str, Any]
) -> None:
    """PE-17, as it is since 2025."""
    assert saved(PolicyType.SCP, Effect=effect, **changes)


@pytest.mark.parametrize(
    ("changes", "is_saved"),
    [
        ({"Action": ["s3:*", "sts:AssumeRole"]}, True),
        ({"Action": ["s3:*", "*"]}, False),
        ({"Effect": "Allow"}, False),
        ({"Principal": {"AWS": A}}, False),
        ({"Principal": {"Service": "ec2.amazonaws.com"}}, False),
        ({"Resource": MARK, "NotResource": "arn:aws:s3:::ledger/*"}, True),
        ({"Condition": {"BoolIfExists": {"aws:SecureTransport": "false"}}}, True),
    ],
)
def test_resource_control_policies(changes: dict[str, Any], is_saved: bool) -> None:
    """PE-18."""
    assert saved(PolicyType.RCP, **changes) is is_saved


def test_the_services_that_resource_control_policies_protect() -> None:
    """PE-134: those of the beginning, and no service that is not of them now."""
    assert {"s3", "sts", "kms", "sqs", "secretsmanager"} <= RCP_SERVICES
    assert {"dynamodb", "ecr", "logs", "cognito-idp", "signin", "xray"} <= RCP_SERVICES
    assert not {"iam", "ec2", "organizations", "lambda", "sns"} & RCP_SERVICES


@pytest.mark.parametrize("kind", [PolicyType.TRUST, PolicyType.BUCKET])
def test_a_repeated_name_is_a_fault_of_the_json(kind: PolicyType) -> None:
    """PE-5."""
    text = json.dumps({"Version": "2012-10-17", "Statement": [BASES[kind]]})
    twice = text.replace('"Effect": ', '"Effect": "Deny", "Effect": ')
    assert refusal(twice, kind, bucket_name="ledger") == "This policy contains invalid Json"


@pytest.mark.parametrize(
    "action",
    [
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "TagSession",
        "SetSourceIdentity",
        "SetContext",
        "DecodeAuthorizationMessage",
        "GetAccessKeyInfo",
        "GetCallerIdentity",
        "GetFederationToken",
        "GetServiceBearerToken",
        "GetSessionToken",
    ],
)
def test_actions_of_trust_policies(action: str) -> None:
    """PE-41."""
    assert saved(PolicyType.TRUST, Action=f"sts:{action}")


@pytest.mark.parametrize(
    "principal",
    [
        {"Service": "events.eu-west-1.amazonaws.com"},  # PE-27
        {"Service": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]},
        {"Federated": "www.amazon.com"},  # PE-28
        {"Federated": "graph.facebook.com"},
        {"Federated": "accounts.google.com"},
        {"Federated": f"arn:aws:iam::{A}:oidc-provider/idp.example/path"},
        {"Federated": f"arn:aws:iam::{A}:saml-provider/corp"},
        {"AWS": f"arn:aws:sts::{A}:federated-user/guest"},  # PE-21
        {"AWS": [A, f"arn:aws:iam::{A}:user/team/alice"], "Service": "ec2.amazonaws.com"},  # PE-20
    ],
)
def test_principals_of_trust_policies(principal: dict[str, Any]) -> None:
    assert saved(PolicyType.TRUST, Principal=principal, Action="sts:AssumeRole")


def test_cognito_is_trusted_on_a_condition() -> None:
    """PE-28, PE-72."""
    cognito = {"Federated": "cognito-identity.amazonaws.com"}
    by_pool = {"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"}}
    assert saved(PolicyType.TRUST, Principal=cognito, Condition=by_pool)
    assert not saved(PolicyType.TRUST, Principal=cognito)


@pytest.mark.parametrize(
    "kind",
    [
        "user",
        "federated-user",
        "role",
        "group",
        "instance-profile",
        "mfa",
        "server-certificate",
        "policy",
        "sms-mfa",
        "saml-provider",
        "oidc-provider",
        "report",
        "access-report",
    ],
)
def test_kinds_of_resources_of_iam(kind: str) -> None:
    """PE-46: all that the sentence lists, and nothing without its slash."""
    assert saved(PolicyType.IDENTITY, Resource=f"arn:aws:iam::{A}:{kind}/name")
    assert not saved(PolicyType.IDENTITY, Resource=f"arn:aws:iam::{A}:{kind}")
    assert not saved(PolicyType.IDENTITY, Resource=f"arn:aws:iam::{A}:x{kind}/name")


@pytest.mark.parametrize("partition", PARTITIONS)
def test_partitions(partition: str) -> None:
    """PE-47."""
    assert saved(PolicyType.IDENTITY, Resource=f"arn:{partition}:s3:::ledger/*")
    assert not saved(PolicyType.IDENTITY, Resource=f"arn:{partition}-x:s3:::ledger/*")
