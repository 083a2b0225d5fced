"""Compiled sets: that statements are found again, in their order, however many there are."""

import json
from typing import Any

import pytest

from sekisho.model.principal import user_principal
from sekisho.policy import Evidence, Layer, Question, Source, compile_set, decide, parse_policy

A = "111111111111"
ALICE = user_principal(A, f"arn:aws:iam::{A}:user/alice", "AIDAALICEALICEALICE11", "alice")
STATEMENTS: list[dict[str, Any]] = [
    *(
        {"Effect": "Allow", "Action": "s3:*", "Resource": f"arn:aws:s3:::team-{number}/*"}
        for number in range(40)
    ),
    {
        "Effect": "Allow",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::team-7/*", "arn:aws:s3:::late/*"],
    },
    {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::late/deep/*"},
    {
        "Effect": "Allow",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::deep*",
        "Condition": {"Null": {"a:b": "false"}},
    },
    {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::*/open"},
    {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "arn:aws:s3:::team-1*"},
    {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"},
    {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::late/q/*"},
]
MANY = compile_set(
    [
        (
            Source(Layer.IDENTITY, "p", ALICE.arn),
            parse_policy(json.dumps({"Version": "2012-10-17", "Statement": STATEMENTS})),
        )
    ]
)


@pytest.mark.parametrize(
    ("action", "resource", "index"),
    [
        ("s3:GetObject", "arn:aws:s3:::team-0/x", 0),
        ("s3:GetObject", "arn:aws:s3:::team-7/x", 7),  # the first of two that allow
        ("s3:GetObject", "arn:aws:s3:::team-39/x", 39),
        ("s3:GetObject", "arn:aws:s3:::late/x", 40),
        ("s3:GetObject", "arn:aws:s3:::late/deep/x", 40),
        ("s3:GetObject", "arn:aws:s3:::late/q/x", 40),  # as long a beginning as the first one
        ("s3:GetObject", "arn:aws:s3:::deep/open", 43),  # a longer beginning fails its condition
        ("s3:GetObject", "arn:aws:s3:::other/open", 43),
        ("s3:GetObject", "arn:aws:s3:::team-40/x", None),
        ("s3:GetObject", "*", None),
        ("s3:DeleteObject", "arn:aws:s3:::team-12/x", 44),
        ("s3:DeleteObject", "arn:aws:s3:::team-2/x", 2),
        ("s3:ListAllMyBuckets", "*", 45),
    ],
)
def test_the_determining_statement_is_the_first(
    action: str, resource: str, index: int | None
) -> None:
    decision = decide(Question(ALICE, action, resource, A, {}), Evidence(MANY))
    assert [ref.index for ref in decision.statements] == ([] if index is None else [index])


def test_a_set_answers_the_same_again() -> None:
    """What a set remembers of one question does not colour the next."""
    questions = [
        Question(ALICE, action, resource, A, {})
        for action in ("s3:GetObject", "S3:getobject", "iam:GetUser", "")
        for resource in ("arn:aws:s3:::team-0/x", "arn:aws:s3:::nobody/x", "")
    ]
    first = [decide(question, Evidence(MANY)) for question in questions]
    assert [decide(question, Evidence(MANY)) for question in reversed(questions)] == first[::-1]
    assert [decision.allowed for decision in first[:6]] == [True, False, False] * 2
