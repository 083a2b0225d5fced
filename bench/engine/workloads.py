"""The four workloads of the policy engine: the same work for every engine, alike in every run.

W1  one identity policy of five statements, allowed by the last
W2  ten managed policies of twenty statements with wildcards and conditions, allowed by the last
W3  sts:AssumeRole into another account: an identity policy and a trust policy that wants an
    external id; half of the requests have it
W4  ten thousand different requests of five hundred roles, with mixed answers

All documents are valid in AWS. A request carries AWS's answer, which every runner asserts first.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

HOME, ABROAD = "111111111111", "222222222222"
VERSION = "2012-10-17"
REQUESTS = 256
ROLES = 500
MIXED = 10_000

ALLOWED, IMPLICIT, EXPLICIT = "Allowed", "ImplicitlyDenied", "ExplicitlyDenied"
SERVICES = ("ec2", "sqs", "sns", "dynamodb", "kms", "lambda", "logs", "iam", "ssm", "rds")
VERBS = ("Get", "List", "Describe", "Put", "Delete", "Create", "Update", "Tag")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Workload:
    """policies: id -> document. principals: ARN -> account and ids of its policies.

    resource_policies: ARN of the resource -> id. requests: p principal, a action, r resource,
    ra account of the resource, c context, e AWS's answer.
    """

    name: str
    description: str
    policies: Json
    principals: Json
    resource_policies: dict[str, str]
    requests: list[Json]

    def as_data(self) -> Json:
        """As JSON, which the runners of other engines read."""
        return {name: getattr(self, name) for name in self.__slots__}


def workloads() -> Iterator[Workload]:
    yield one_policy()
    yield many_policies()
    yield across_accounts()
    yield mixed()


def document(*statements: Json) -> Json:
    return {"Version": VERSION, "Statement": list(statements)}


def statement(effect: str, action: Any, resource: Any, sid: str = "", **more: Any) -> Json:
    named = {"Sid": sid} if sid else {}
    return {**named, "Effect": effect, "Action": action, "Resource": resource, **more}


def holder(*policies: str) -> Json:
    return {"account": HOME, "identity": list(policies), "boundary": None}


def request(
    principal: str, action: str, resource: str, owner: str, context: Json, answer: str
) -> Json:
    return {"p": principal, "a": action, "r": resource, "ra": owner, "c": context, "e": answer}


def one_policy() -> Workload:
    alice = f"arn:aws:iam::{HOME}:user/alice"
    queue = f"arn:aws:sqs:us-east-1:{HOME}:jobs"
    table = f"arn:aws:dynamodb:us-east-1:{HOME}:table/orders"
    policy = document(
        statement("Allow", ["ec2:DescribeInstances", "ec2:DescribeImages"], "*", "S0"),
        statement("Allow", "sqs:SendMessage", queue, "S1"),
        statement("Deny", "s3:DeleteBucket", "*", "S2"),
        statement("Allow", ["dynamodb:GetItem", "dynamodb:Query"], table, "S3"),
        statement("Allow", ["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::app-data/*", "S4"),
    )
    requests = [
        request(
            alice,
            "s3:GetObject",
            f"arn:aws:s3:::app-data/in/{number:04d}.json",
            HOME,
            {"aws:username": "alice", "aws:PrincipalArn": alice},
            ALLOWED,
        )
        for number in range(REQUESTS)
    ]
    described = "1 identity policy, 5 statements, Allow by the last; 256 distinct objects"
    return Workload("W1", described, {"p1": policy}, {alice: holder("p1")}, {}, requests)


def many_policies() -> Workload:
    role = f"arn:aws:iam::{HOME}:role/etl"
    policies = {
        f"m{number}": document(*(team_statement(number, place) for place in range(20)))
        for number in range(10)
    }
    policies["m9"]["Statement"][19] = statement(
        "Allow",
        ["s3:GetObject*", "s3:PutObject*"],
        "arn:aws:s3:::reports-*/year=*/part-*.parquet",
        "P9S19",
        Condition={
            "StringEquals": {"aws:PrincipalTag/team": "team-9"},
            "IpAddress": {"aws:SourceIp": ["10.0.0.0/8"]},
            "StringLike": {"aws:UserAgent": ["*Boto3*", "aws-cli/*"]},
        },
    )
    requests = [
        request(
            role,
            "s3:GetObject",
            f"arn:aws:s3:::reports-eu/year={2000 + number % 25}/part-{number:05d}.parquet",
            HOME,
            {
                "aws:PrincipalArn": role,
                "aws:PrincipalTag/team": "team-9",
                "aws:SourceIp": f"10.{number % 256}.3.4",
                "aws:SecureTransport": "true",
                "aws:UserAgent": "aws-cli/2.15 Python/3.11",
                "aws:RequestedRegion": "eu-west-1",
            },
            ALLOWED,
        )
        for number in range(REQUESTS)
    ]
    described = (
        "10 managed policies x 20 statements, wildcards + conditions, allowed only by the last"
        " statement of the last policy; 256 distinct requests"
    )
    return Workload("W2", described, policies, {role: holder(*policies)}, {}, requests)


def team_statement(number: int, place: int) -> Json:
    """The statement at this place of a team's policy: one of three is about its buckets."""
    if place % 3:
        service = SERVICES[(number + place) % 10]
        actions = [f"{service}:{VERBS[(number * 7 + place + verb) % 8]}*" for verb in range(3)]
        resource = f"arn:aws:{service}:*:{HOME}:*team-{number}-{place}*"
    else:
        actions = ["s3:GetObject*", "s3:ListBucket", "s3:Put*"]
        resource = f"arn:aws:s3:::team-{number}-{place}-*/logs/*"
    made = statement("Allow", actions, [resource], f"P{number}S{place}")
    if place % 2:
        made["Condition"] = {
            "StringEquals": {"aws:PrincipalTag/team": f"team-{number}"},
            "IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.168.0.0/16"]},
        }
    if place % 5 == 4:
        made["Effect"] = "Deny"
        made["Condition"] = {"Bool": {"aws:SecureTransport": "false"}}
    return made


def across_accounts() -> Workload:
    caller, target = f"arn:aws:iam::{HOME}:role/ci", f"arn:aws:iam::{ABROAD}:role/deploy"
    identity = document(
        statement("Allow", "logs:*", "*", "Logs"),
        statement("Allow", "sts:AssumeRole", f"{target}*", "Assume"),
    )
    trust = document(
        {
            "Sid": "Partner",
            "Effect": "Allow",
            "Principal": {"AWS": caller},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "ext-42"}},
        }
    )
    requests = [
        request(
            caller,
            "sts:AssumeRole",
            target,
            ABROAD,
            {
                "aws:PrincipalArn": caller,
                "aws:PrincipalAccount": HOME,
                "sts:RoleSessionName": f"run-{number}",
                "sts:ExternalId": f"ext-{number}" if number % 2 else "ext-42",
            },
            IMPLICIT if number % 2 else ALLOWED,
        )
        for number in range(REQUESTS)
    ]
    described = (
        "cross-account sts:AssumeRole: identity policy + trust policy with sts:ExternalId"
        " condition; 256 requests, half allowed"
    )
    policies = {"ident": identity, "trust": trust}
    return Workload(
        "W3", described, policies, {caller: holder("ident")}, {target: "trust"}, requests
    )


def mixed() -> Workload:
    policies = {
        "shared-read": document(
            statement(
                "Allow",
                ["s3:Get*", "s3:List*"],
                ["arn:aws:s3:::shared", "arn:aws:s3:::shared/*"],
            ),
            statement("Allow", ["ec2:Describe*", "cloudwatch:Get*", "cloudwatch:List*"], "*"),
        ),
        "guard": document(
            statement("Deny", ["s3:DeleteObject", "s3:DeleteBucket"], "arn:aws:s3:::*-prod*"),
            statement("Deny", "*", "*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        ),
        **{f"inline-{number}": app_policy(number) for number in range(ROLES)},
    }
    principals = {
        app_role(number): holder("shared-read", "guard", f"inline-{number}")
        for number in range(ROLES)
    }
    described = (
        "10,000 distinct (principal, action, resource) over 500 roles; 2 shared managed policies"
        " (4 st.) + 1 inline (6 st.) each"
    )
    return Workload("W4", described, policies, principals, {}, mixed_requests())


def app_role(number: int) -> str:
    return f"arn:aws:iam::{HOME}:role/app-{number:03d}"


def team_tag(number: int) -> str:
    return f"t{number % 20:02d}"


def app_policy(number: int) -> Json:
    app = f"app-{number:03d}"
    bucket = f"arn:aws:s3:::{app}-*"
    table = f"arn:aws:dynamodb:us-east-1:{HOME}:table/{app}-*"
    secrets = f"arn:aws:secretsmanager:us-east-1:{HOME}:secret:*"
    at_home = {"StringLike": {"s3:prefix": ["", "home/*"]}}
    of_team = {"StringEquals": {"aws:ResourceTag/team": team_tag(number)}}
    objects = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    messages = ["sqs:SendMessage", "sqs:ReceiveMessage"]
    items = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
    reads = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    return document(
        statement("Allow", objects, f"{bucket}/*", "Bucket"),
        statement("Allow", "s3:ListBucket", bucket, "List", Condition=at_home),
        statement("Allow", messages, f"arn:aws:sqs:*:{HOME}:{app}-*", "Queue"),
        statement("Allow", items, table, "Table"),
        statement("Allow", reads, secrets, "Secrets", Condition=of_team),
        statement(
            "Allow", "sts:AssumeRole", f"arn:aws:iam::{HOME}:role/task-{number:03d}", "Assume"
        ),
    )


def mixed_requests() -> list[Json]:
    """Seven of ten about what is the role's own; each principal, action and resource once."""
    chance = random.Random(4)
    requests: dict[tuple[str, str, str], Json] = {}
    while len(requests) < MIXED:
        role, sort, token = chance.randrange(ROLES), chance.randrange(10), chance.randrange(10**6)
        own = chance.random() < 0.7
        other = role if own else (role + 1 + chance.randrange(ROLES - 2)) % ROLES
        made = mixed_request(role, other, sort, token)
        requests.setdefault((made["p"], made["a"], made["r"]), made)
    return list(requests.values())


def mixed_request(role: int, other: int, sort: int, token: int) -> Json:
    """One of ten sorts of request of a role about something of another, or of its own."""
    app, own, answer = f"app-{other:03d}", role == other, ALLOWED
    context = {
        "aws:PrincipalArn": app_role(role),
        "aws:PrincipalAccount": HOME,
        "aws:SecureTransport": "true",
        "aws:SourceIp": "10.1.2.3",
    }
    if not own:
        answer = IMPLICIT
    match sort:
        case 0:
            action, resource = "s3:GetObject", f"arn:aws:s3:::{app}-dev/k/{token}"
        case 1:
            action, resource = "s3:PutObject", f"arn:aws:s3:::{app}-prod/k/{token}"
        case 2:
            action, resource = "s3:DeleteObject", f"arn:aws:s3:::{app}-prod/k/{token}"
            answer = EXPLICIT
        case 3:
            action, resource = "s3:ListBucket", f"arn:aws:s3:::{app}-b{token}"
            context["s3:prefix"] = "home/x" if token % 2 else "etc/"
            answer = ALLOWED if own and token % 2 else IMPLICIT
        case 4:
            action, resource = "sqs:SendMessage", f"arn:aws:sqs:us-east-1:{HOME}:{app}-{token}"
        case 5:
            action = "dynamodb:GetItem"
            resource = f"arn:aws:dynamodb:us-east-1:{HOME}:table/{app}-{token}"
        case 6:
            action = "secretsmanager:GetSecretValue"
            resource = f"arn:aws:secretsmanager:us-east-1:{HOME}:secret:{token:08x}"
            context["aws:ResourceTag/team"] = team_tag(other)
            answer = ALLOWED if team_tag(other) == team_tag(role) else IMPLICIT
        case 7:
            action, resource = "s3:GetObject", f"arn:aws:s3:::shared/{token}"
            answer = ALLOWED
        case 8:
            action = "ec2:TerminateInstances"
            resource = f"arn:aws:ec2:us-east-1:{HOME}:instance/i-{token:08x}"
            answer = IMPLICIT
        case _:
            action, resource = "s3:GetObject", f"arn:aws:s3:::shared/{token}"
            context["aws:SecureTransport"] = "false"
            answer = EXPLICIT
    return request(app_role(role), action, resource, HOME, context, answer)
