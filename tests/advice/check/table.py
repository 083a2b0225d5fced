"""For each code a document that has it and one, as near as may be, that has not."""

import json
from dataclasses import dataclass
from typing import Any

A, B = "111122223333", "444455556666"
BUCKET, OBJECTS = "arn:aws:s3:::b", "arn:aws:s3:::b/*"


@dataclass(frozen=True)
class Case:
    code: str
    kind: str
    has: Any
    has_not: Any
    version: str | None = "2012-10-17"
    account: str = ""

    def text(self, statement: Any) -> str:
        """The document: text is taken as it is, a statement or a list of them gets a Version."""
        if isinstance(statement, str):
            return statement
        head = {"Version": self.version} if self.version else {}
        return json.dumps(head | {"Statement": statement}, indent=1)


def allow(actions: Any, resources: Any = "*", condition: Any = None, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resources, **more}
    return statement | ({"Condition": condition} if condition is not None else {})


def deny(*parts: Any, **more: Any) -> dict[str, Any]:
    return allow(*parts, **more) | {"Effect": "Deny"}


def get(condition: Any, effect: str = "Allow") -> dict[str, Any]:
    """s3:GetObject under a condition."""
    return allow("s3:GetObject", OBJECTS, condition) | {"Effect": effect}


def trust(principal: Any, condition: Any = None, action: Any = "sts:AssumeRole") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return statement | ({"Condition": condition} if condition is not None else {})


def open_bucket(principal: Any, condition: Any = None, **more: Any) -> dict[str, Any]:
    return allow("s3:GetObject", OBJECTS, condition, Principal=principal, **more)


def spared(*principals: str) -> dict[str, Any]:
    """A Deny for all but these."""
    return deny("s3:GetObject", OBJECTS, NotPrincipal={"AWS": list(principals)})


ROLE, SESSION = f"arn:aws:iam::{A}:role/r", f"arn:aws:sts::{A}:assumed-role/r/s"
ROOT, FOREIGN = f"arn:aws:iam::{A}:root", f"arn:aws:iam::{B}:root"
OIDC = f"arn:aws:iam::{A}:oidc-provider/id.example.com"
FINE = allow("s3:GetObject", OBJECTS)
OWNER = {"StringEquals": {"aws:ResourceAccount": A}}
TAG = {"ForAllValues:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}}
EXTERNAL = {"StringEquals": {"sts:ExternalId": "abc"}}


def padded(length: int) -> dict[str, Any]:
    """A statement whose document is about this long."""
    names = [f"arn:aws:s3:::b/{index:04d}*" for index in range(length // 25)]
    return allow("s3:GetObject", names)


READING = [
    Case("InvalidJson", "identity", "{", "{}"),
    Case("DuplicateKey", "identity", '{"Id": "a", "Id": "b"}', '{"Id": "a"}'),
    Case("TooLong", "identity", " " * 262_145, " " * 262_144),
    Case("TooDeep", "identity", "[" * 33 + "]" * 33, "[" * 32 + "]" * 32),
    Case("InvalidVersion", "identity", '{"Version": "2012"}', '{"Version": "2012-10-17"}'),
    Case("MissingStatement", "identity", "{}", '{"Statement": []}'),
    Case("EmptyStatement", "identity", [], [FINE]),
    Case("MissingAction", "identity", {"Effect": "Allow", "Resource": "*"}, FINE),
    Case("EmptyAction", "identity", allow([]), allow(["s3:*"])),
    Case("EmptyResource", "identity", allow("s3:*", []), allow("s3:*", ["*"])),
    Case("MissingEffect", "identity", {"Action": "s3:*", "Resource": "*"}, FINE),
    Case("InvalidEffect", "identity", FINE | {"Effect": "Permit"}, FINE | {"Effect": "allow"}),
    Case("EffectCase", "identity", FINE | {"Effect": "allow"}, FINE),
    Case("Conflict", "identity", FINE | {"NotAction": "s3:*"}, FINE),
    Case("UnknownElement", "identity", FINE | {"Note": "x"}, FINE | {"Sid": "x"}),
    Case(
        "UnknownOperator",
        "identity",
        get({"StringIs": {"aws:username": "a"}}),
        get({"StringIs": {}}),
    ),
    Case("WrongType", "identity", allow(1), allow("s3:*")),
]

DOCUMENT = [
    Case(
        "Refused",
        "identity",
        json.dumps({"Version": "2008-10-17", "Statement": FINE}),
        json.dumps({"Version": "2012-10-17", "Statement": FINE}),
    ),
    Case("Refused", "trust", trust("*"), trust({"AWS": ROLE})),
    Case("Refused", "rcp", FINE | {"Principal": "*"}, deny("s3:*", Principal="*")),
    Case("OverQuota", "managed", padded(7_000), padded(5_000)),
    Case("OverQuota", "session", padded(2_200), padded(1_700)),
    Case("OverUsualQuota", "identity", padded(7_000), padded(5_000)),
    Case(
        "OverUsualQuota",
        "trust",
        trust({"AWS": [f"{ROLE}{i:06d}" for i in range(60)]}),
        trust({"AWS": ROLE}),
    ),
    Case(
        "OldVersion",
        "bucket",
        '{"Version": "2008-10-17", "Statement": []}'.replace(
            "[]", json.dumps(open_bucket({"AWS": A}))
        ),
        open_bucket({"AWS": A}),
    ),
    Case(
        "Unfinished",
        "identity",
        allow([f"s3:*{i}*" for i in range(4_000)]),
        allow([f"s3:*{i}*" for i in range(100)]),
    ),
]

ACTIONS = [
    Case("UnknownService", "identity", allow("ecc2:Describe*"), allow("ec2:Describe*")),
    Case("UnknownService", "identity", allow("no-such-thing:Get"), allow("s*:Get")),
    Case("UnknownAction", "identity", allow("s3:GetObjects"), allow("S3:getobject")),
    Case("UnknownAction", "scp", deny("s3:GetObjects"), deny("s3:GetObject")),
    Case(
        "UnknownAction",
        "identity",
        {"Effect": "Deny", "NotAction": "s3:Gett", "Resource": "*"},
        allow("*"),
    ),
    Case("ActionMatchesNothing", "identity", allow("s3:Gett*"), allow("s3:Get?bject")),
    Case("ServiceNotReached", "rcp", deny("ec2:*", Principal="*"), deny("s3:*", Principal="*")),
    Case("VariableInAction", "identity", allow("s3:${aws:username}"), allow("s3:$*")),
]

RESOURCES = [
    Case(
        "MalformedResource",
        "resource",
        allow("s3:*", "bucket", Principal={"AWS": A}),
        allow("s3:*", "**", Principal={"AWS": A}),
    ),
    Case("ShortArn", "identity", allow("s3:*", "arn:aws:s3"), allow("s3:*", "arn:aws:s3:*:*:*")),
    Case(
        "UnknownResourceType",
        "identity",
        allow("iam:GetRole", f"arn:aws:iam::{A}:policies/x"),
        allow("iam:GetRole", ROLE),
    ),
    Case(
        "UnknownResourceType",
        "identity",
        allow("ec2:StartInstances", "arn:aws:ec2:*:*:instances/*"),
        allow("ec2:StartInstances", "arn:aws:ec2:*:*:instance/*"),
    ),
    Case(
        "ResourceWithoutAction",
        "identity",
        allow("s3:GetObject", BUCKET),
        allow("s3:GetObject", "arn:aws:s3:::b*"),
    ),
    Case(
        "ResourceWithoutAction",
        "identity",
        allow("s3:ListBucket", OBJECTS),
        allow("s3:ListBucket", "arn:aws:s3:::*"),
    ),
    Case(
        "ResourceWithoutAction",
        "identity",
        allow("s3:ListBucket", [BUCKET, "arn:aws:s3:::${aws:username}/*"]),
        allow("s3:ListBucket", "arn:aws:s3:::${aws:PrincipalTag/a}"),
    ),
    Case(
        "ResourceWithoutAction",
        "identity",
        allow("iam:GetRole", f"arn:aws:iam::{A}:user/x"),
        allow("iam:Get*", f"arn:aws:iam::{A}:user/x"),
    ),
    Case(
        "ActionWithoutResource",
        "identity",
        allow(["s3:GetObject", "s3:ListBucket"], BUCKET),
        allow(["s3:GetObject", "s3:ListBucket"], [BUCKET, OBJECTS]),
    ),
    Case(
        "ActionWithoutResource",
        "scp",
        deny(["iam:GetRole", "iam:GetUser"], ROLE),
        deny(["iam:Get*", "iam:GetRole"], ROLE),
    ),
    Case(
        "ActionNeedsStar",
        "identity",
        allow(["s3:ListAllMyBuckets", "s3:ListBucket"], BUCKET),
        allow(["s3:ListAllMyBuckets", "s3:ListBucket"], "arn:aws:s3:::*"),
    ),
    Case(
        "ActionNeedsStar",
        "identity",
        allow("ec2:DescribeInstances", "arn:aws:ec2:*:*:instance/*"),
        allow("ec2:DescribeInstances"),
    ),
    Case(
        "ActionMayNeedStar",
        "identity",
        allow("logs:DescribeQueries", "arn:aws:logs:*:*:log-group:a"),
        allow("logs:DescribeQueries"),
    ),
]

CONDITIONS = [
    Case(
        "UnknownConditionKey",
        "identity",
        get({"StringEquals": {"aws:SorceVpc": "vpc-1"}}),
        get({"StringEquals": {"AWS:sourcevpc": "vpc-1"}}),
    ),
    Case(
        "UnknownConditionKey",
        "identity",
        get({"StringEquals": {"s3:Prefixes": "a"}}),
        get({"StringEquals": {"aws:PrincipalTag/Team": "a"}}),
    ),
    Case(
        "UnknownConditionKey",
        "identity",
        get({"StringEquals": {"plain": "a"}}),
        get({"StringEquals": {"lambda:SourceFunctionArn": "a"}}),
    ),
    Case(
        "UnknownConditionKey",
        "trust",
        trust({"Federated": OIDC}, {"StringEquals": {"idp:sub": "a"}}),
        trust({"Federated": OIDC}, {"StringEquals": {"id.example.com:sub": "a"}}),
    ),
    Case(
        "KeyNeverSupplied",
        "identity",
        get({"StringEquals": {"s3:prefix": "a"}}),
        allow("s3:ListBucket", BUCKET, {"StringEquals": {"s3:prefix": "a"}}),
    ),
    Case(
        "KeyNeverSupplied",
        "identity",
        allow("sts:AssumeRole", ROLE, {"StringEquals": {"iam:PassedToService": "a"}}),
        allow("iam:PassRole", ROLE, {"StringEquals": {"iam:PassedToService": "a"}}),
    ),
    Case(
        "KeyNeverSupplied",
        "identity",
        get({"StringNotEquals": {"s3:prefix": "a"}}, "Deny"),
        get({"StringEquals": {"s3:ExistingObjectTag/a": "a"}}),
    ),
    Case(
        "SetOperatorMissing",
        "identity",
        allow("ec2:CreateTags", "*", {"StringEquals": {"aws:TagKeys": "a"}}),
        allow("ec2:CreateTags", "*", {"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}),
    ),
    Case(
        "SetOperatorNeedless",
        "identity",
        get({"ForAllValues:StringEquals": {"aws:username": "a"}}),
        get({"ForAnyValue:StringEquals": {"aws:username": "a"}}),
    ),
    Case(
        "OperatorCannotMatch",
        "identity",
        get({"NumericEquals": {"aws:username": "1"}}),
        get({"NumericLessThan": {"aws:MultiFactorAuthAge": "1"}}),
    ),
    Case(
        "OperatorCannotMatch",
        "identity",
        get({"IpAddress": {"aws:SourceVpc": "10.0.0.0/8"}}),
        get({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
    ),
    Case(
        "OperatorCannotMatch",
        "identity",
        get({"Bool": {"aws:username": "true"}}),
        get({"NumericLessThan": {"aws:EpochTime": "1"}}),
    ),
    Case(
        "OperatorComparesSpelling",
        "identity",
        get({"StringEquals": {"aws:SecureTransport": "true"}}),
        get({"StringLike": {"aws:PrincipalArn": "arn:*"}}),
    ),
    Case(
        "ValueNeverMatches",
        "identity",
        get({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "10.0.0.0/33"]}}),
        get({"IpAddress": {"aws:SourceIp": ["::/0", "10.0.0.1"]}}),
    ),
    Case(
        "ValueNeverMatches",
        "identity",
        get({"Bool": {"aws:SecureTransport": "yes"}}),
        get({"Bool": {"aws:SecureTransport": ["TRUE"]}}),
    ),
    Case(
        "ValueNeverMatches",
        "identity",
        get({"Null": {"aws:username": "no"}}),
        get({"Null": {"aws:username": False}}),
    ),
    Case(
        "ValueNeverMatches",
        "identity",
        get({"ArnLike": {"aws:PrincipalArn": "role/x"}}),
        get({"ArnLike": {"aws:PrincipalArn": ["*", ROLE, "${aws:SourceArn}"]}}),
    ),
    Case(
        "ValueNeverMatches",
        "scp",
        get({"NumericLessThan": {"aws:MultiFactorAuthAge": "1h"}}, "Deny"),
        get({"NumericLessThan": {"aws:MultiFactorAuthAge": 3600}}, "Deny"),
    ),
    Case(
        "ValueNeverMatches",
        "scp",
        get({"DateLessThan": {"aws:CurrentTime": "tomorrow"}}, "Deny"),
        get({"DateLessThan": {"aws:CurrentTime": "2030-01-01"}}, "Deny"),
    ),
    Case(
        "LiteralWildcard",
        "identity",
        get({"StringEquals": {"aws:username": "a*"}}),
        get({"StringLike": {"aws:username": "a*"}}),
    ),
    Case(
        "LiteralWildcard",
        "identity",
        get({"StringNotEqualsIfExists": {"aws:username": "a?"}}),
        get({"StringEquals": {"aws:username": "a${*}"}}),
    ),
    Case(
        "EmptyValues",
        "identity",
        get({"StringEquals": {"aws:username": []}}),
        get({"StringEquals": {"aws:username": [""]}}),
    ),
    Case("EmptyCondition", "identity", get({}), FINE),
    Case(
        "EmptyCondition",
        "identity",
        get({"StringEquals": {}}),
        get({"StringEquals": {"aws:username": "a"}}),
    ),
    Case(
        "Contradiction",
        "identity",
        get(
            {"StringEquals": {"aws:username": "a"}, "StringNotEquals": {"aws:username": ["a", "b"]}}
        ),
        get(
            {
                "StringEquals": {"aws:username": ["a", "c"]},
                "StringNotEquals": {"aws:username": ["a", "b"]},
            }
        ),
    ),
    Case(
        "Contradiction",
        "identity",
        get({"Null": {"aws:username": "true"}, "StringLike": {"aws:username": "a*"}}),
        get({"Null": {"aws:username": "true"}, "StringNotLike": {"aws:username": "a*"}}),
    ),
    Case(
        "Contradiction",
        "identity",
        get(
            {
                "DateGreaterThan": {"aws:CurrentTime": "2030-01-01"},
                "DateLessThan": {"aws:CurrentTime": "2029-01-01"},
            }
        ),
        get(
            {
                "DateGreaterThan": {"aws:CurrentTime": "2029-01-01"},
                "DateLessThan": {"aws:CurrentTime": "2030-01-01"},
            }
        ),
    ),
    Case(
        "Contradiction",
        "identity",
        get(
            {
                "NumericLessThan": {"aws:MultiFactorAuthAge": 5},
                "NumericGreaterThanEquals": {"aws:MultiFactorAuthAge": 5},
            }
        ),
        get(
            {
                "NumericLessThanEquals": {"aws:MultiFactorAuthAge": 5},
                "NumericGreaterThanEquals": {"aws:MultiFactorAuthAge": 5},
            }
        ),
    ),
    Case(
        "Contradiction",
        "identity",
        get(
            {
                "Bool": {"aws:SecureTransport": "true"},
                "BoolIfExists": {"aws:SecureTransport": "false"},
            }
        ),
        get(
            {
                "BoolIfExists": {"aws:MultiFactorAuthPresent": "true"},
                "Bool": {"aws:MultiFactorAuthPresent": "True"},
            }
        ),
    ),
]
