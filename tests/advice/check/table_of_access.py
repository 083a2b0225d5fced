"""The second half of the table: variables, and what statements grant, and to whom."""

from typing import Any

from advice.check.table import (
    BUCKET,
    EXTERNAL,
    FINE,
    FOREIGN,
    OBJECTS,
    OIDC,
    OWNER,
    ROLE,
    ROOT,
    SESSION,
    TAG,
    A,
    B,
    Case,
    allow,
    deny,
    get,
    open_bucket,
    spared,
    trust,
)

ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}
NOT_IN_IT = {"StringNotEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}
SOURCE = {"StringEquals": {"aws:SourceAccount": A}}
MFA = {"aws:MultiFactorAuthPresent": "true"}
OWN = {"StringEquals": {"aws:PrincipalAccount": A}}
NO_MFA = {"aws:MultiFactorAuthPresent": "false"}
ISSUER = "token.actions.githubusercontent.com"
GITHUB = f"arn:aws:iam::{A}:oidc-provider/{ISSUER}"


def subject(*patterns: str) -> dict[str, Any]:
    return {"StringLike": {f"{ISSUER}:sub": list(patterns)}}


STATEMENTS = [
    Case(
        "RedundantEntry",
        "identity",
        allow(["s3:Get*", "s3:getobject"], OBJECTS),
        allow(["s3:Get*", "s3:Put*"], OBJECTS),
    ),
    Case(
        "RedundantEntry",
        "identity",
        allow("s3:*", [BUCKET, OBJECTS, BUCKET]),
        allow("s3:*", [BUCKET, OBJECTS]),
    ),
    Case(
        "RedundantEntry",
        "identity",
        allow("s3:*", ["arn:aws:s3:::b/*", "arn:aws:s3:::b/x/*"]),
        allow("s3:*", ["arn:aws:s3:::b/*", "arn:aws:s3:::B/x/*"]),
    ),
    Case(
        "RedundantEntry",
        "identity",
        allow("s3:*", ["arn:aws:s3:::*user*", "arn:aws:s3:::user"]),
        allow("s3:*", ["arn:aws:s3:::*user*", "arn:aws:s3:::${aws:username}"]),
    ),
    Case(
        "RedundantEntry",
        "identity",
        allow(["*:Get*", "s3:GetObject"]),
        allow(["iam:Get*", "s3:Get*"]),
    ),
    Case("RedundantEntry", "bucket", open_bucket({"AWS": [A, A]}), open_bucket({"AWS": [A, B]})),
    Case("ShadowedAllow", "identity", [FINE, deny("s3:*")], [FINE, deny("s3:*", "*", OWNER)]),
    Case(
        "ShadowedAllow",
        "identity",
        [FINE, deny(["s3:Get*", "s3:Put*"], "arn:aws:s3:::*")],
        [allow(["s3:GetObject", "s3:ListBucket"]), deny("s3:Get*")],
    ),
    Case(
        "ShadowedAllow",
        "bucket",
        [open_bucket({"AWS": A}), deny("s3:*", OBJECTS, Principal="*")],
        [open_bucket({"AWS": A}), deny("s3:*", OBJECTS, Principal={"AWS": B})],
    ),
    Case(
        "ImpliedStatement",
        "identity",
        [FINE, allow("s3:Get*", OBJECTS)],
        [FINE, allow("s3:Get*", OBJECTS, OWNER)],
    ),
    Case(
        "ImpliedStatement",
        "identity",
        [FINE | {"Sid": "a"}, FINE | {"Sid": "b"}],
        [FINE, deny("s3:GetObject", OBJECTS)],
    ),
    Case(
        "ImpliedStatement",
        "bucket",
        [open_bucket({"AWS": [A, B]}), open_bucket({"AWS": A})],
        [open_bucket("*", ORGANIZATION), open_bucket({"AWS": A}, ORGANIZATION)],
    ),
]

GRANTS = [
    Case(
        "AllowNotAction",
        "identity",
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"},
    ),
    Case(
        "AllowNotAction",
        "identity",
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        FINE,
    ),
    Case(
        "AllowNotResource",
        "identity",
        {"Effect": "Allow", "Action": "s3:*", "NotResource": BUCKET},
        {"Effect": "Deny", "Action": "s3:*", "NotResource": BUCKET},
    ),
    Case(
        "AllowNotPrincipal",
        "endpoint",
        allow("s3:*", NotPrincipal={"AWS": A}),
        allow("s3:*", Principal={"AWS": A}),
    ),
    Case("AllValuesOfNone", "identity", get(TAG), get(TAG | {"Null": {"aws:CalledVia": "false"}})),
    Case("AllValuesOfNone", "identity", get(TAG), get(TAG, "Deny")),
    Case(
        "MfaSparesKeys",
        "identity",
        get({"Bool": NO_MFA}, "Deny"),
        get({"BoolIfExists": NO_MFA}, "Deny"),
    ),
    Case("MfaSparesKeys", "identity", get({"BoolIfExists": MFA}), get({"Bool": MFA})),
    Case(
        "DenyStrikesServices",
        "bucket",
        deny("s3:*", OBJECTS, NOT_IN_IT, Principal="*"),
        deny(
            "s3:*",
            OBJECTS,
            NOT_IN_IT | {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}},
            Principal="*",
        ),
    ),
]

PRINCIPALS = [
    Case(
        "PrincipalPattern", "trust", trust({"AWS": f"arn:aws:iam::{A}:role/*"}), trust({"AWS": "*"})
    ),
    Case("PrincipalPattern", "bucket", open_bucket({"Service": "*"}), open_bucket("*")),
    Case(
        "GroupPrincipal",
        "trust",
        trust({"AWS": [A, f"arn:aws:iam::{A}:group/devs"]}),
        trust({"AWS": f"arn:aws:iam::{A}:user/group/devs"}),
    ),
    Case("PublicAccess", "bucket", open_bucket("*"), open_bucket("*", ORGANIZATION)),
    Case("PublicAccess", "bucket", open_bucket({"AWS": [A, "*"]}), open_bucket({"AWS": [A, B]})),
    Case(
        "PublicAccess",
        "bucket",
        open_bucket("*", {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),
        open_bucket("*", {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
    ),
    Case(
        "PublicAccess",
        "resource",
        allow("sqs:SendMessage", Principal="*"),
        deny("sqs:SendMessage", Principal="*"),
    ),
    Case(
        "ConfusedDeputy",
        "bucket",
        open_bucket({"Service": "logging.s3.amazonaws.com"}),
        open_bucket({"Service": "logging.s3.amazonaws.com"}, SOURCE),
        account=A,
    ),
    Case("PublicAccess", "bucket", open_bucket("*"), open_bucket("*", OWN), account=A),
    Case("NotPrincipalIncomplete", "bucket", spared(ROLE), spared(ROLE, ROOT)),
    Case("NotPrincipalIncomplete", "bucket", spared(SESSION, A), spared(SESSION, ROLE, A)),
    Case(
        "NotPrincipalBoundary", "bucket", spared(ROLE, ROOT), deny("s3:*", OBJECTS, Principal="*")
    ),
]

TRUST = [
    Case("OpenTrust", "trust", trust({"AWS": "*"}), trust({"AWS": "*"}, ORGANIZATION)),
    Case(
        "OpenTrust",
        "trust",
        trust({"AWS": "*"}, EXTERNAL),
        trust({"AWS": "*"}, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{A}:role/x*"}}),
    ),
    Case("OpenTrust", "trust", trust({"AWS": "*"}), trust({"AWS": "*"}, OWN), account=A),
    Case("AccountWideTrust", "trust", trust({"AWS": ROOT}), trust({"AWS": ROLE})),
    Case("AccountWideTrust", "trust", trust({"AWS": A}), trust({"AWS": A}, {"Bool": MFA})),
    Case(
        "ForeignTrust",
        "trust",
        trust({"AWS": FOREIGN}),
        trust({"AWS": FOREIGN}, EXTERNAL),
        account=A,
    ),
    Case(
        "ForeignTrust",
        "trust",
        trust({"AWS": FOREIGN}, {"StringLike": {"sts:ExternalId": "*"}}),
        trust({"AWS": ROOT}),
        account=A,
    ),
    Case(
        "ForeignTrust",
        "trust",
        trust({"AWS": FOREIGN}, {"StringEqualsIfExists": {"sts:ExternalId": "a"}}),
        trust({"AWS": FOREIGN}, ORGANIZATION),
        account=A,
    ),
    Case(
        "PerhapsForeignTrust", "trust", trust({"AWS": FOREIGN}), trust({"AWS": FOREIGN}, EXTERNAL)
    ),
    Case(
        "PerhapsConfusedDeputy",
        "trust",
        trust({"Service": "events.amazonaws.com"}),
        trust({"Service": "ec2.amazonaws.com"}),
    ),
    Case(
        "PerhapsConfusedDeputy",
        "trust",
        trust({"Service": "events.amazonaws.com"}),
        trust({"Service": "events.amazonaws.com"}, SOURCE),
        account=A,
    ),
    Case(
        "OpenFederation",
        "trust",
        trust({"Federated": OIDC}),
        trust({"Federated": OIDC}, {"StringEquals": {"id.example.com:sub": "a"}}),
    ),
    Case(
        "OpenFederation",
        "trust",
        trust({"Federated": OIDC}),
        trust({"Federated": f"arn:aws:iam::{A}:saml-provider/x"}),
    ),
    Case(
        "OpenFederation",
        "trust",
        trust({"Federated": GITHUB}, subject("repo:*")),
        trust({"Federated": GITHUB}, subject("repo:org/*")),
    ),
    Case(
        "OpenFederation",
        "trust",
        trust({"Federated": GITHUB}, subject("repo:org/a:*", "repo:*/b:ref:refs/heads/main")),
        trust(
            {"Federated": GITHUB},
            {**subject("repo:*"), "StringEquals": {f"{ISSUER}:repository_owner": "org"}},
        ),
    ),
    Case(
        "OpenFederation",
        "trust",
        trust(
            {"Federated": f"arn:aws:iam::{A}:oidc-provider/app.terraform.io"},
            {"StringLike": {"app.terraform.io:sub": "organization:*:project:p:*"}},
        ),
        trust(
            {"Federated": f"arn:aws:iam::{A}:oidc-provider/app.terraform.io"},
            {"StringLike": {"app.terraform.io:sub": "organization:own:*"}},
        ),
    ),
]

PRIVILEGES = [
    Case("FullAdmin", "identity", allow("*"), allow("*", OBJECTS)),
    Case("FullAdmin", "managed", allow(["s3:*", "*:*"], ["*"]), allow("*", "*", OWNER)),
    Case("FullAdmin", "identity", allow("*"), deny("*")),
    Case("PassRoleAnywhere", "identity", allow("iam:Pass*"), allow("iam:PassRole", ROLE)),
    Case(
        "PassRoleAnywhere",
        "identity",
        allow("iam:PassRole", f"arn:aws:iam::{A}:role/*"),
        allow("iam:PassRole", "*", {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}),
    ),
    Case("AssumeRoleAnywhere", "identity", allow("sts:AssumeRole"), allow("sts:AssumeRole", ROLE)),
    Case(
        "AssumeRoleAnywhere",
        "managed",
        allow("sts:Assume*", "arn:aws:iam::*:role/*"),
        allow("sts:AssumeRole", f"arn:aws:iam::{A}:role/*"),
    ),
    Case(
        "AssumeRoleAnywhere",
        "identity",
        allow("sts:*"),
        allow("sts:AssumeRole", "*", {"StringEquals": {"aws:ResourceOrgID": "o-abcdefghij"}}),
    ),
    Case("Escalation", "identity", allow("iam:*"), allow("iam:Get*")),
    Case(
        "Escalation",
        "identity",
        allow("iam:CreatePolicyVersion"),
        allow("iam:CreatePolicyVersion", f"arn:aws:iam::{A}:policy/x"),
    ),
    Case(
        "Escalation",
        "identity",
        allow("iam:CreateAccessKey", f"arn:aws:iam::{A}:user/*"),
        allow("iam:CreateAccessKey", "arn:aws:iam::*:user/${aws:username}"),
    ),
    Case(
        "Escalation",
        "identity",
        allow("iam:PutUserPolicy"),
        [allow("iam:PutUserPolicy"), deny("iam:Put*")],
    ),
    Case("Escalation", "identity", allow("iam:PutUserPolicy"), deny("iam:PutUserPolicy")),
    Case(
        "EscalationTogether",
        "identity",
        allow(["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"]),
        [allow("iam:UpdateAssumeRolePolicy"), allow("sts:AssumeRole", ROLE)],
    ),
    Case(
        "EscalationTogether",
        "identity",
        [allow("iam:PassRole"), allow("lambda:*")],
        [allow("iam:PassRole"), allow("lambda:CreateFunction")],
    ),
]

VARIABLES = [
    Case(
        "VariableInOldVersion",
        "bucket",
        open_bucket({"AWS": A}) | {"Resource": "arn:aws:s3:::b/${aws:username}/*"},
        open_bucket({"AWS": A}),
        version=None,
    ),
    Case(
        "VariableInOldVersion",
        "bucket",
        open_bucket({"AWS": A}, {"StringLike": {"aws:SourceVpc": "${aws:SourceVpc}"}}),
        open_bucket({"AWS": A}),
        version="2008-10-17",
    ),
    Case(
        "MalformedVariable",
        "identity",
        allow("s3:GetObject", "arn:aws:s3:::b/${aws:username/*"),
        allow("s3:GetObject", "arn:aws:s3:::b/${*}/${aws:username, 'x'}"),
    ),
    Case(
        "VariableNotReplaced",
        "identity",
        allow("s3:GetObject", "arn:aws:s3:::b/${aws:TagKeys}"),
        allow("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/Team}"),
    ),
    Case(
        "VariableNotReplaced",
        "identity",
        allow("sts:AssumeRole", "arn:aws:iam::${aws:PrincipalAccount}:role/x"),
        allow("sts:AssumeRole", "arn:aws:iam::*:role/${aws:PrincipalAccount}"),
    ),
    Case(
        "VariableNotReplaced",
        "identity",
        get({"IpAddress": {"aws:SourceIp": "${aws:SourceIp}"}}),
        get({"StringLike": {"aws:SourceVpc": "${aws:SourceVpc}"}}),
    ),
    Case(
        "UnknownVariable",
        "identity",
        allow("s3:GetObject", "arn:aws:s3:::b/${aws:user}"),
        allow("s3:GetObject", "arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/${saml:sub}"),
    ),
]
