"""What advice calls needless changes no decision when it is gone: the engine is the judge."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from advice.check.table import A
from sekisho.advice.check import KINDS, Advice, check
from sekisho.model.principal import user_principal
from sekisho.policy import (
    Context,
    Evidence,
    Kind,
    Layer,
    Question,
    Source,
    compile_set,
    decide,
    parse_policy,
)
from sekisho.policy.places import node_at
from sekisho.policy.syntax import read_json

ALICE = user_principal(A, f"arn:aws:iam::{A}:user/alice", "AIDAEXAMPLEEXAMPLE", "alice")
NEEDLESS = {"RedundantEntry", "ImpliedStatement", "ShadowedAllow"}

actions = st.sampled_from(
    ["*", "s3:*", "s3:Get*", "s3:get?bject", "s3:GetObject", "s3:PutObject", "*:Get*", "iam:*"]
)
resources = st.sampled_from(
    [
        "*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::b*",
        "arn:aws:s3:::b/*",
        "arn:aws:s3:::b/?",
        "arn:aws:s3:::b/alice",
        "arn:aws:s3:::b/${aws:username}",
        "arn:aws:s3:::b/${aws:username}*",
        "arn:*:s3:*:*:b/*",
        "arn:aws:s3",
    ]
)
values = st.lists(st.sampled_from(["a", "b", "A", "1", "true", "2030-01-01"]), max_size=2)
keys = st.sampled_from(["aws:SourceVpc", "aws:MultiFactorAuthAge", "aws:CurrentTime"])
operators = st.sampled_from(
    [
        "StringEquals",
        "StringNotEquals",
        "StringNotEqualsIgnoreCase",
        "StringEqualsIfExists",
        "Null",
        "Bool",
        "BoolIfExists",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
        "DateLessThan",
        "DateGreaterThanEqualsIfExists",
    ]
)
conditions = st.dictionaries(operators, st.dictionaries(keys, values, max_size=2), max_size=3)
statements = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": st.lists(actions, min_size=1, max_size=3),
        "Resource": st.lists(resources, min_size=1, max_size=3),
    },
    optional={"Condition": conditions},
)
documents = st.lists(statements, min_size=1, max_size=3).map(
    lambda listed: json.dumps({"Version": "2012-10-17", "Statement": listed})
)

CONTEXTS: tuple[Context, ...] = tuple(
    {key: value for key, value in given_values.items() if value}
    for vpc in ("", "a", "b", "A")
    for age in ("", "0", "1", "2")
    for given_values in (
        {
            "aws:username": "alice",
            "aws:sourcevpc": vpc,
            "aws:multifactorauthage": age,
            "aws:currenttime": "2030-01-01" if age in ("0", "1") else "2031-01-01",
        },
    )
)


def decisions(text: str) -> Iterator[Kind]:
    """The answers to all questions that the vocabulary makes."""
    source = Source(Layer.IDENTITY, "p", ALICE.arn)
    evidence = Evidence(identity=compile_set([(source, parse_policy(text))]))
    for action in ("s3:GetObject", "s3:PutObject", "iam:GetUser"):
        for resource in ("arn:aws:s3:::b/alice", "arn:aws:s3:::b/x", "arn:aws:s3:::c", "*"):
            for context in CONTEXTS:
                yield decide(Question(ALICE, action, resource, A, context), evidence).kind


def said(text: str, codes: set[str]) -> list[Advice]:
    return [each for each in check(text, KINDS["identity"]) if each.code in codes]


@settings(deadline=None)
@given(documents)
def test_what_is_needless_can_go(text: str) -> None:
    for advice in said(text, NEEDLESS):
        if advice.mend is not None:
            assert list(decisions(advice.mend.apply(text))) == list(decisions(text)), advice


@settings(deadline=None)
@given(documents)
def test_a_statement_of_contradictions_does_nothing(text: str) -> None:
    document: Any = json.loads(text)
    for advice in said(text, {"Contradiction"}):
        index = int(advice.path.partition("[")[2].partition("]")[0])
        assert node_at(read_json(text), ("Statement", index)).start < advice.start
        others = [each for place, each in enumerate(document["Statement"]) if place != index]
        none = {"Effect": "Deny", "Action": "x:y", "Resource": "*"}
        without = json.dumps(document | {"Statement": others or none})
        assert list(decisions(without)) == list(decisions(text)), advice
