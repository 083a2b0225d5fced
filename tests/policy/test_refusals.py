"""What AWS refuses to save, in its words (W-172, PE-26…PE-28, PE-33, PE-35)."""

import json
from typing import Any

import pytest

from sekisho.catalog import aws_default_text, aws_policies
from sekisho.policy import PolicyType, refusal

A = "111111111111"
S3 = "arn:aws:s3:::example_bucket"
SYNTAX = "Syntax errors in policy."
LEGACY = "The policy failed legacy parsing"
OLD = "Policy document must be version 2012-10-17 or greater."
SID = (
    "Statement IDs (SID) must be alpha-numeric."
    " Check that your input satisfies the regular expression [0-9A-Za-z]*"
)
VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
IAM_PATH = (
    'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/,'
    " instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/,"
    " oidc-provider/, report/, access-report/."
)


def policy(*statements: Any, version: str | None = "2012-10-17", **more: Any) -> str:
    document = {"Version": version, "Statement": list(statements), **more}
    return json.dumps({key: value for key, value in document.items() if value is not None})


def identity(**changes: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": S3, **changes}
    return {key: value for key, value in statement.items() if value is not None}


def dated(value: str) -> dict[str, Any]:
    return identity(Condition={"DateLessThan": {"a:b": value}})


IDENTITY_CASES = [
    ("This is not a json document", SYNTAX),
    ("[]", SYNTAX),
    (policy(identity(), version=None), OLD),  # PE-10
    (policy(identity(), version="2008-10-17"), OLD),
    (policy(identity(), version="2013-10-17"), SYNTAX),
    ('{"Version": "2012-10-17"}', SYNTAX),
    (policy(), SYNTAX),
    (policy("afd"), SYNTAX),
    (policy(identity(), Extra="x"), SYNTAX),
    (policy(identity(Extra="x")), SYNTAX),
    (policy(identity(), Id=["x"]), SYNTAX),
    (policy(identity(Effect="invalid")), SYNTAX),
    (policy(identity(Effect=None)), SYNTAX),
    (policy(identity(NotAction="s3:a")), SYNTAX),
    (policy(identity(NotResource=[])), SYNTAX),
    (policy(identity(Condition=[])), SYNTAX),
    (policy(identity(Condition={"x": {"a": "1"}})), SYNTAX),
    (policy(identity(Condition={"DateGreaterThan": {"a": {}}}, Action=None)), SYNTAX),
    ('{"Version":"2012-10-17","Statement":[],"Statement":[]}', SYNTAX),  # PE-5
    (policy(identity(Principal="*")), "Policy document should not specify a principal."),
    (
        policy(identity(Principal={"AWS": A}, Action="sts:AssumeRole", Resource=None)),
        "Policy document should not specify a principal.",
    ),
    (policy(identity(Effect="denY")), LEGACY),  # PE-7
    (policy(identity(Effect="denY"), version=None), OLD),
    (policy(dated("sdfdsf")), LEGACY),  # PE-70
    (policy(dated("234-13")), LEGACY),
    (policy(dated("9223372036854775808")), LEGACY),
    (policy(identity(Resource="arn:aws:s3::b")), LEGACY),  # PE-46
    (policy(identity(Resource="arn:aws:s3::b", Action=None)), LEGACY),
    (policy(identity(Resource=None, NotResource="arn:aws:s3::b")), LEGACY),
    (policy(identity(Resource="arn:aws::::b")), LEGACY),
    (policy(identity(Resource="arn:aws::fdsasf")), LEGACY),
    (policy(identity(Resource="arn:aws:")), LEGACY),
    (
        policy(identity(Sid="a"), {"Sid": "a", "Effect": "Allow"}),
        "Statement IDs (SID) in a single policy must be unique.",
    ),
    (policy(identity(Sid="a b")), SID),  # PE-12
    (policy(identity(Sid="a-b"), identity(Sid="a-b")), SID),
    (policy(identity(Sid="é", Action=None)), SID),
    (policy(identity(Sid="a_b", Resource="arn:aws:s3::b")), LEGACY),
    (policy(identity(Action=None)), "Policy statement must contain actions."),
    (policy(identity(Action=[])), "Policy statement must contain actions."),
    (policy({"Effect": "Deny"}, identity()), "Policy statement must contain actions."),
    (policy(identity(Action="invalid")), VENDOR),  # PE-38
    (policy(identity(Action="invalid", Resource=None)), VENDOR),  # PE-69
    (policy(identity(Action=None, NotAction="")), VENDOR),
    (policy(identity(Action="a a:ListBucket")), "Vendor a a is not valid"),
    (policy(identity(Action="s3*:Get")), "Vendor s3* is not valid"),
    (policy(identity(Action="s3:List:B")), "Actions/Condition can contain only one colon."),
    (policy(identity(Resource=None)), "Policy statement must contain resources."),
    (policy(identity(Resource=[])), "Policy statement must contain resources."),
    (policy(identity(Resource="x y")), 'Resource x y must be in ARN format or "*".'),
    (policy(identity(Resource="")), 'Resource  must be in ARN format or "*".'),
    (
        policy(identity(Action="s:3:L", Resource="x")),
        'Resource x must be in ARN format or "*".',
    ),  # PE-69
    (
        policy(identity(Resource="a:bsdf")),
        'Partition "bsdf" is not valid for resource "arn:bsdf:*:*:*:*".',
    ),
    (
        policy(identity(Resource="a:b:c")),
        'Partition "b" is not valid for resource "arn:b:c:*:*:*".',
    ),
    (
        policy(identity(Resource="a:b:c:d:e:f:g:h")),
        'Partition "b" is not valid for resource "arn:b:c:d:e:f:g:h".',
    ),
    (
        policy(identity(Resource="aws:s3:::b")),
        'Partition "s3" is not valid for resource "arn:s3:::b:*".',
    ),
    (
        policy(identity(Resource=["arn:error:s3:::b", "arn:error:s3::b"])),
        'Partition "error" is not valid for resource "arn:error:s3:::b".',
    ),
    (
        policy(identity(Resource="arn:aws")),
        "Resource vendor must be fully qualified and cannot contain regexes.",
    ),
    (
        policy(identity(Resource="arn:aws:s3*:::b")),
        "Resource vendor must be fully qualified and cannot contain regexes.",
    ),
    (
        policy(identity(Resource="arn:aws:iam:us-east-1::b")),
        "IAM resource arn:aws:iam:us-east-1::b cannot contain region information.",
    ),
    (
        policy(identity(Resource="arn:aws:s3:us-east-1::b")),
        "Resource arn:aws:s3:us-east-1::b can not contain region information.",
    ),
    (policy(identity(Resource="arn:aws:iam:::b")), IAM_PATH),
    (policy(identity(Resource=f"arn:aws:iam::{A}:roots")), IAM_PATH),
    (policy(identity(Resource=f"arn:aws:iam::{A}:root/a")), IAM_PATH),
]

IDENTITY_SAVED = [
    policy(identity()),
    policy(identity(), Id="x"),  # PE-11
    json.dumps({"Version": "2012-10-17", "Statement": identity()}),
    policy(identity(Action="iam: asdf safdsf af ")),
    policy(identity(Action="*", Resource=[S3, "*"])),
    policy(identity(Action="fsx:ListBucket", Resource="arn:aws:s33:::b")),
    policy(identity(Resource="arn:aws:fdsasf")),
    policy(identity(Resource="arn:*:s3:::b")),  # PE-46
    policy(identity(Resource="arn:aws:iam:::user/b")),
    policy(identity(Resource="arn:aws:iam::1:*")),
    policy(identity(Resource="arn:aws:iam::*:root")),  # PE-46: as AWS's own policies
    policy(identity(Resource="arn:aws:iam::aws:role-template/x.amazonaws.com/y:1")),
    policy(identity(Resource="arn:aws:s3:eu-west-1:1:accesspoint/a")),
    policy(identity(Resource=f"arn:aws:iam::{A}:user/${{aws:username}}")),
    policy(identity(Condition={})),
    policy(identity(Condition={"a": {}})),  # PE-13
    policy(identity(Condition={"DateGreaterThan": {"a": []}})),
    policy(dated("01T")),
    policy(dated("-292275054")),
    policy(dated("2016-12-13t2:00:00.593194+23")),
    policy(dated("2016-12-13T21:20:37.593194+00:00")),
    policy(identity(Sid=""), identity(Sid="")),  # PE-12
    policy(identity(Sid="a"), identity(Sid="b")),
    policy(identity(Action=None, NotAction="s3:a", Resource=None, NotResource="*")),
]


@pytest.mark.parametrize(("text", "sentence"), IDENTITY_CASES)
def test_identity_policy_is_refused(text: str, sentence: str) -> None:
    """PE-68, and PE-69 where several faults are present; a boundary is a managed policy (PE-97)."""
    for kind in (PolicyType.IDENTITY, PolicyType.MANAGED, PolicyType.BOUNDARY):
        assert refusal(text, kind) == sentence


@pytest.mark.parametrize("text", IDENTITY_SAVED)
def test_identity_policy_is_saved(text: str) -> None:
    assert refusal(text, PolicyType.IDENTITY) is None


def test_what_aws_has_written_itself_is_saved() -> None:
    """PE-46 and the rest, over every AWS managed policy."""
    refused = {
        made.arn: sentence
        for made in aws_policies()
        if (sentence := refusal(aws_default_text(made.arn) or "", PolicyType.MANAGED)) is not None
    }
    assert len(aws_policies()) > 1_500
    assert refused == {}


def test_session_policies_are_held_to_whole_arns_but_to_no_version() -> None:
    """PE-45, PE-73."""
    assert refusal(policy(identity(), version=None), PolicyType.SESSION) is None
    short = policy(identity(Resource="arn:aws:s3"))
    assert refusal(short, PolicyType.IDENTITY) is None
    assert refusal(short, PolicyType.SESSION) == 'Resource arn:aws:s3 must be in ARN format or "*".'


def trust(**changes: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{A}:root"},
        "Action": "sts:AssumeRole",
        **changes,
    }
    return {key: value for key, value in statement.items() if value is not None}


STS_ONLY = "AssumeRole policy may only specify STS AssumeRole actions."
FEDERATED = "Federated principals must be valid domain names or SAML metadata ARNs"
GITHUB = f"arn:aws:iam::{A}:oidc-provider/token.actions.githubusercontent.com"
TRUST_CASES = [
    ("{", "This policy contains invalid Json"),  # PE-71
    ("[]", "This policy contains invalid Json"),
    (policy(trust(), version="2012"), "The policy must contain a valid version string"),
    ("{}", "Could not parse the policy: Statement is empty!"),
    (policy(), "Could not parse the policy: Statement is empty!"),
    (policy("x"), "Syntax error in policy."),
    ('{"probe": "x"}', "Unknown field probe"),
    (policy(trust(resource="*")), "Unknown field resource"),
    (policy(trust(Sid="a"), trust(Sid="a")), "The Statement Ids in the policy are not unique"),
    (policy(trust(Effect=None)), "Missing required field Effect"),
    (policy(trust(Effect="allow")), "Invalid effect: allow"),
    (policy(trust(Principal=None)), "Missing required field Principal"),
    (policy(trust(Principal={})), "Missing required field Principal cannot be empty!"),
    (policy(trust(Principal={"AWS": []})), "Missing required field Principal cannot be empty!"),
    (policy(trust(Principal="*")), "Principal must be a JSON object."),  # PE-26
    (policy(trust(Principal=[])), "Syntax error in policy."),
    (
        policy(trust(Principal=None, NotPrincipal={"AWS": A})),
        "Allow with NotPrincipal is not allowed.",
    ),
    (
        policy(trust(Effect="Deny", Principal=None, NotPrincipal={"AWS": A})),
        "AssumeRole policy must not contain NotPrincipal field.",
    ),
    (policy(trust(Action=None)), "Missing required field Action"),
    (policy(trust(Action=[])), "Missing required field Action"),
    (policy(trust(Action="s3:GetObject")), STS_ONLY),  # PE-41
    (policy(trust(Action="*")), STS_ONLY),
    (policy(trust(Action="sts:Nothing")), STS_ONLY),
    (policy(trust(Resource="*")), "Has prohibited field Resource"),
    (policy(identity()), "Has prohibited field Resource"),
    (policy(trust(NotResource="*")), "AssumeRole policy must not contain resources."),
    (
        policy(trust(Principal={"AWS": f"arn:aws:iam::{A}:user/*"})),
        f'Invalid principal in policy: "AWS":"arn:aws:iam::{A}:user/*"',
    ),  # PE-24
    (
        policy(trust(Principal={"AWS": "arn:aws:iam::*:root"})),
        'Invalid principal in policy: "AWS":"arn:aws:iam::*:root"',
    ),  # PE-33
    (
        policy(trust(Principal={"AWS": "alice"})),
        'Invalid principal in policy: "AWS":"alice"',
    ),
    (policy(trust(Principal={"Service": "ec2"})), 'Invalid principal in policy: "SERVICE":"ec2"'),
    (policy(trust(Principal={"Service": ""})), 'Invalid principal in policy: "SERVICE":""'),
    (policy(trust(Principal={"Service": "*"})), 'Invalid principal in policy: "SERVICE":"*"'),
    (
        policy(trust(Principal={"CanonicalUser": "x"})),
        'Invalid principal in policy: "CanonicalUser"',
    ),
    (policy(trust(Principal={"Federated": "x"})), FEDERATED),  # PE-28
    (policy(trust(Principal={"Federated": "*"})), FEDERATED),
    (
        policy(trust(Principal={"Federated": "cognito-identity.amazonaws.com"})),
        "A condition block must be present for the Cognito provider",
    ),
    (
        policy(trust(Principal={"Federated": GITHUB})),
        'The trust policy trusts shared OpenID Connect provider "token.actions.githubusercontent'
        '.com" without a Condition scoping "token.actions.githubusercontent.com:sub" to your own'
        " tenant.",
    ),
    (policy(trust(Condition={"x": {"a": "b"}})), "Syntax error in policy."),
    (policy(trust(NotAction="sts:AssumeRole")), "Syntax error in policy."),
]
TRUST_SAVED = [
    policy(trust()),
    policy(trust(), version=None),  # PE-10
    policy(trust(), version="2008-10-17"),
    policy(trust(Principal={"AWS": "*"})),  # PE-26
    policy(trust(Principal={"AWS": [A, f"arn:aws:iam::{A}:role/a/b"]})),
    policy(trust(Principal={"AWS": f"arn:aws:sts::{A}:assumed-role/R/s"})),  # PE-33
    policy(trust(Principal={"Service": "ec2.amazonaws.com"})),
    policy(trust(Action=["STS:assumerole", "sts:TagSession", "sts:SetSourceIdentity"])),
    policy(trust(Action="sts:AssumeRole*")),
    policy(trust(Principal={"Federated": f"arn:aws:iam::{A}:saml-provider/x"})),
    policy(
        trust(
            Principal={"Federated": GITHUB},
            Condition={
                "StringLike": {"token.actions.githubusercontent.com:sub": "repo:org/name:*"}
            },
        )
    ),
]


@pytest.mark.parametrize(("text", "sentence"), TRUST_CASES)
def test_trust_policy_is_refused(text: str, sentence: str) -> None:
    """PE-72."""
    assert refusal(text, PolicyType.TRUST) == sentence


@pytest.mark.parametrize("text", TRUST_SAVED)
def test_trust_policy_is_saved(text: str) -> None:
    assert refusal(text, PolicyType.TRUST) is None


def bucket(**changes: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": A},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::ledger/*",
        **changes,
    }
    return {key: value for key, value in statement.items() if value is not None}


FIRST_BYTE = "Policies must be valid JSON and the first byte must be '{'"
DOES_NOT_APPLY = "Action does not apply to any resource(s) in statement"
BAD_KEY = "Policy has an invalid condition key"
BUCKET_CASES = [
    ("", FIRST_BYTE),
    ("invalid json", FIRST_BYTE),
    ("[]", FIRST_BYTE),
    (" {}", FIRST_BYTE),
    ("{", "This policy contains invalid Json"),
    ("{}", "Missing required field Statement"),
    (policy(), "Could not parse the policy: Statement is empty!"),
    (policy(bucket(), version="x"), "The policy must contain a valid version string"),
    (policy(bucket(condition={})), "Unknown field condition"),
    (policy(bucket(Effect=None)), "Missing required field Effect"),
    (policy(bucket(Effect="hello")), "Invalid effect: hello"),
    (policy(bucket(Principal=None)), "Missing required field Principal"),
    (policy(bucket(Action=None)), "Missing required field Action"),
    (policy(bucket(Resource=None)), "Missing required field Resource"),
    (
        '{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": null, "Resource": "x"}]}',
        "Invalid policy syntax.",
    ),
    (policy(bucket(Principal={"AWS": "alice"})), "Invalid principal in policy"),
    (policy(bucket(Principal={"AWS": []})), "Invalid principal in policy"),
    (policy(bucket(Principal={"Service": "*"})), "Invalid principal in policy"),
    (policy(bucket(Principal={"CanonicalUser": "x"})), "Invalid principal in policy"),
    (
        policy(bucket(Principal=None, NotPrincipal={"AWS": A})),
        "Allow with NotPrincipal is not allowed.",
    ),  # PE-35
    (policy(bucket(Action="invalid_action")), "Policy has invalid action"),
    (policy(bucket(Action="sts:AssumeRole")), "Policy has invalid action"),
    (policy(bucket(Action="s3:PutObjectLockConfiguration")), "Policy has invalid action"),
    (policy(bucket(Action=[])), "Policy has invalid action"),
    (policy(bucket(Resource="*")), "Policy has invalid resource"),
    (policy(bucket(Resource="arn:aws:s3:::other/*")), "Policy has invalid resource"),
    (policy(bucket(Resource="arn:aws:sqs:::ledger")), "Policy has invalid resource"),
    (policy(bucket(Resource=[])), "Policy has invalid resource"),
    (policy(bucket(Resource="arn:aws:s3:::ledger")), DOES_NOT_APPLY),
    (policy(bucket(Action="s3:ListBucket")), DOES_NOT_APPLY),
    (policy(bucket(Action=["s3:GetObject", "s3:ListBucket"])), DOES_NOT_APPLY),
    (
        policy(bucket(Condition={"stringequals": {"aws:userid": "x"}})),
        "Invalid Condition type : stringequals",
    ),
    (policy(bucket(Condition={"StringEquals": {"s3:VersionStatus": "x"}})), BAD_KEY),
    (policy(bucket(Condition={"StringEquals": {"aws:Nothing": "x"}})), BAD_KEY),
    (policy(bucket(Condition={"StringEquals": {"nothing": "x"}})), BAD_KEY),
    (
        policy(bucket(Condition={"StringEquals": {"s3:prefix": "x"}})),
        "Conditions do not apply to combination of actions and resources in statement",
    ),
]
BUCKET_SAVED = [
    policy(bucket()),
    policy(bucket(), version=None),
    policy(bucket(Sid="any sign, even these"), bucket(Sid="any sign, even these")),  # PE-12
    policy(bucket(Principal="*")),
    policy(bucket(Principal={"CanonicalUser": "0a" * 32})),  # PE-29
    policy(bucket(Principal={"Service": "logging.s3.amazonaws.com"})),
    policy(bucket(Action="s3:*", Resource=["arn:aws:s3:::ledger", "arn:aws:s3:::ledger/*"])),
    policy(bucket(Action="*", Resource="arn:aws:s3:::led*")),
    policy(bucket(Action="s3:get*")),
    policy(bucket(Effect="Deny", Principal=None, NotPrincipal={"AWS": A})),
    policy(
        bucket(
            Action="s3:ListBucket",
            Resource="arn:aws:s3:::ledger",
            Condition={"StringLike": {"s3:prefix": ["", "home/*"]}, "Bool": {}},
        )
    ),
    policy(bucket(Condition={"StringEquals": {"s3:ExistingObjectTag/team": "x"}})),
    policy(bucket(Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}})),
]


@pytest.mark.parametrize(("text", "sentence"), BUCKET_CASES)
def test_bucket_policy_is_refused(text: str, sentence: str) -> None:
    """PE-79, W-282."""
    assert refusal(text, PolicyType.BUCKET, bucket_name="ledger") == sentence


@pytest.mark.parametrize("text", BUCKET_SAVED)
def test_bucket_policy_is_saved(text: str) -> None:
    assert refusal(text, PolicyType.BUCKET, bucket_name="ledger") is None


def rail(**changes: Any) -> str:
    return policy({**identity(Effect="Deny", Principal="*", Resource="*"), **changes})


@pytest.mark.parametrize(
    ("kind", "text", "saved"),
    [
        (PolicyType.SCP, policy(identity()), True),
        (PolicyType.SCP, policy(identity(Action=None, NotAction="a:b")), True),  # PE-17
        (PolicyType.SCP, policy(identity(Principal="*")), False),
        (PolicyType.SCP, policy(identity(Resource=None)), False),
        (PolicyType.SCP, "{}", False),
        (PolicyType.SCP, policy(identity(Action="s3DeleteBucket")), False),
        (PolicyType.SCP, policy(identity(Action=["s3:*", "s3:Get:Put"])), False),
        (PolicyType.SCP, policy(identity(Action=None, NotAction=["iam*"])), False),
        (PolicyType.SCP, policy(identity(Action="*")), True),
        (PolicyType.RCP, rail(), True),  # PE-18
        (PolicyType.RCP, rail(Effect="Allow"), False),
        (PolicyType.RCP, rail(Action="*"), False),
        (PolicyType.RCP, rail(Action="s3"), False),
        (PolicyType.RCP, rail(Principal={"AWS": A}), False),
        (PolicyType.ENDPOINT, policy(identity(Principal="*")), True),  # PE-19
        (PolicyType.ENDPOINT, policy(identity()), False),
    ],
)
def test_guard_rails(kind: PolicyType, text: str, saved: bool) -> None:
    assert (refusal(text, kind) is None) is saved
