"""Of several faults, which is told: the order of the checks (PE-69, PE-72, PE-79)."""

import itertools
import json
from typing import Any

import pytest

from sekisho.policy import PolicyType, refusal

GOOD = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger/*"}
TRUSTING = {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole"}
SHARING = {**GOOD, "Principal": {"AWS": "111111111111"}}
DROP = object()

# What is done to a statement, and what AWS says of it; each is told before those below it.
IDENTITY: list[tuple[dict[str, Any], str]] = [
    ({"Foo": "x"}, "Syntax errors in policy."),
    ({"Principal": "*"}, "Policy document should not specify a principal."),
    ({"Effect": "allow"}, "The policy failed legacy parsing"),
    (
        {"Sid": "a b"},
        "Statement IDs (SID) must be alpha-numeric."
        " Check that your input satisfies the regular expression [0-9A-Za-z]*",
    ),
    ({"Action": DROP}, "Policy statement must contain actions."),
    ({"Resource": "x"}, 'Resource x must be in ARN format or "*".'),
    (
        {"Action": "a"},
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    ),
    ({"Action": DROP, "NotAction": "a:b:c"}, "Actions/Condition can contain only one colon."),
    ({"Resource": DROP}, "Policy statement must contain resources."),
]
TRUST: list[tuple[dict[str, Any], str]] = [
    ({"Foo": "x"}, "Unknown field Foo"),
    ({"Resource": "*"}, "Has prohibited field Resource"),
    ({"Effect": DROP}, "Missing required field Effect"),
    ({"Principal": DROP, "NotPrincipal": {"AWS": "*"}}, "Allow with NotPrincipal is not allowed."),
    ({"Principal": DROP}, "Missing required field Principal"),
    ({"Principal": "*"}, "Principal must be a JSON object."),
    ({"Principal": {}}, "Missing required field Principal cannot be empty!"),
    ({"Principal": {"Group": "x"}}, 'Invalid principal in policy: "Group"'),
    ({"Action": DROP}, "Missing required field Action"),
    ({"NotResource": "*"}, "AssumeRole policy must not contain resources."),
    ({"Condition": {"Like": {"a": "b"}}}, "Syntax error in policy."),
    ({"Principal": {"AWS": "eve"}}, 'Invalid principal in policy: "AWS":"eve"'),
    ({"Action": "s3:*"}, "AssumeRole policy may only specify STS AssumeRole actions."),
]
BUCKET: list[tuple[dict[str, Any], str]] = [
    ({"Foo": "x"}, "Unknown field Foo"),
    ({"Effect": DROP}, "Missing required field Effect"),
    ({"Effect": "allow"}, "Invalid effect: allow"),
    ({"Principal": DROP}, "Missing required field Principal"),
    ({"Action": DROP}, "Missing required field Action"),
    ({"Resource": DROP}, "Missing required field Resource"),
    ({"Sid": 1}, "Invalid policy syntax."),
    ({"Principal": {"AWS": "eve"}}, "Invalid principal in policy"),
    ({"Action": "sts:AssumeRole"}, "Policy has invalid action"),
    ({"Resource": "*"}, "Policy has invalid resource"),
    ({"Action": "s3:ListBucket"}, "Action does not apply to any resource(s) in statement"),
    ({"Condition": {"Like": {"aws:userid": "b"}}}, "Invalid Condition type : Like"),
    ({"Condition": {"Bool": {"aws:nothing": "b"}}}, "Policy has an invalid condition key"),
    (
        {"Condition": {"StringLike": {"s3:prefix": "b"}}},
        "Conditions do not apply to combination of actions and resources in statement",
    ),
]
KINDS = {
    PolicyType.IDENTITY: (GOOD, IDENTITY),
    PolicyType.TRUST: (TRUSTING, TRUST),
    PolicyType.BUCKET: (SHARING, BUCKET),
}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def changed(statement: dict[str, Any], *changes: dict[str, Any]) -> dict[str, Any]:
    for change in changes:
        statement = {**statement, **change}
    return {key: value for key, value in statement.items() if value is not DROP}


def faults() -> list[Any]:
    return [
        pytest.param(kind, good, change, sentence, id=f"{kind.name}: {sentence}")
        for kind, (good, listed) in KINDS.items()
        for change, sentence in listed
    ]


def pairs() -> list[Any]:
    return [
        pytest.param(kind, good, first, second, id=f"{kind.name}: {first[1]} | {second[1]}")
        for kind, (good, listed) in KINDS.items()
        for first, second in itertools.combinations(listed, 2)
        if not first[0].keys() & second[0].keys()  # else they cannot stand in one statement
    ]


@pytest.mark.parametrize(("kind", "good", "change", "sentence"), faults())
def test_each_fault_alone_is_told(
    kind: PolicyType, good: dict[str, Any], change: dict[str, Any], sentence: str
) -> None:
    assert refusal(document(good), kind, bucket_name="ledger") is None
    assert refusal(document(changed(good, change)), kind, bucket_name="ledger") == sentence


@pytest.mark.parametrize(("kind", "good", "first", "second"), pairs())
def test_of_two_faults_in_one_statement_the_earlier_check_is_told(
    kind: PolicyType, good: dict[str, Any], first: Any, second: Any
) -> None:
    text = document(changed(good, second[0], first[0]))
    assert refusal(text, kind, bucket_name="ledger") == first[1]


@pytest.mark.parametrize(
    ("first", "second"), [pytest.param(*two) for two in itertools.combinations(IDENTITY, 2)]
)
def test_iam_makes_each_check_on_all_statements_before_the_next(first: Any, second: Any) -> None:
    """PE-69: the later statement's earlier fault is told."""
    text = document(changed(GOOD, second[0]), changed(GOOD, first[0]))
    assert refusal(text, PolicyType.IDENTITY) == first[1]


def test_the_document_comes_before_its_statements() -> None:
    """PE-69: syntax, then version; PE-72: the version of a trust policy before all else."""
    text = json.dumps({"Version": "2008-10-17", "Statement": changed(GOOD, {"Principal": "*"})})
    said = "Policy document must be version 2012-10-17 or greater."
    assert refusal(text, PolicyType.IDENTITY) == said
    text = json.dumps({"Version": "2012", "Statement": []})
    assert refusal(text, PolicyType.TRUST) == "The policy must contain a valid version string"
    assert refusal(text, PolicyType.BUCKET) == "The policy must contain a valid version string"


@pytest.mark.parametrize(
    ("value", "is_good"),
    [
        ("2026-12-31T23:59:59.123456789Z", True),
        ("2026-01-01T00:00:00+14:00", True),
        ("2026-01-01T00:00:00+14", True),
        ("292278993-12-31", True),
        ("-292275054-01-01", True),
        ("292278994-01-01", False),
        ("-292275055-01-01", False),
        ("2026-13-01", False),
        ("2026-00-01", False),
        ("2026-01-32", False),
        ("2026-01-01T24:00:00Z", False),
        ("2026-01-01T00:60:00Z", False),
        ("2026-01-01T00:00:60Z", False),
        ("2026-01-01T00:00:00.1234567890Z", False),
        ("2026-01-01T00:00:00X", False),
        ("9223372036854775807", True),
        ("9223372036854775808", False),
        ("1.5", False),
        ("", False),
    ],
)
def test_dates_are_read_while_saving(value: str, is_good: bool) -> None:
    """PE-70."""
    text = document(changed(GOOD, {"Condition": {"DateLessThan": {"aws:CurrentTime": value}}}))
    said = None if is_good else "The policy failed legacy parsing"
    assert refusal(text, PolicyType.MANAGED) == said
