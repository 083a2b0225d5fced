"""Explanations: the words they use."""

import json
from typing import Any

from sekisho.model.principal import ANONYMOUS, Principal, root_principal, user_principal
from sekisho.policy import (
    CompiledPolicySet,
    Evidence,
    Layer,
    Question,
    Source,
    compile_set,
    explain,
    parse_policy,
)

A, B = "111111111111", "222222222222"
ALICE = user_principal(A, f"arn:aws:iam::{A}:user/alice", "AIDAALICEALICEALICE11", "alice")
ROLE = f"arn:aws:iam::{B}:role/deploy"


def compiled(layer: Layer, name: str, owner: str, *statements: Any) -> CompiledPolicySet:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return compile_set([(Source(layer, name, owner), parse_policy(text))])


NOTHING = compile_set(())
ASSUME = compiled(
    Layer.IDENTITY,
    "p",
    ALICE.arn,
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": f"arn:aws:iam::{B}:role/*"},
)
TRUST = compiled(
    Layer.TRUST,
    "trust policy",
    ROLE,
    {
        "Sid": "Partner",
        "Effect": "Allow",
        "Principal": {"AWS": ALICE.arn},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "abc"}},
    },
)


def lines(evidence: Evidence, principal: Principal = ALICE, **context: str) -> list[str]:
    held = {key.replace("_", ":"): value for key, value in context.items()}
    question = Question(principal, "sts:AssumeRole", ROLE, B, held)
    return explain(question, evidence).lines()


def test_a_missing_external_id_is_told() -> None:
    told = lines(Evidence(ASSUME, TRUST, requires_resource_allow=True))
    assert told == [
        f"denied, as nothing allows it: {ALICE.arn} asks for sts:AssumeRole on {ROLE}",
        f"identity policies of {ALICE.arn}: statement 0 of p allows sts:AssumeRole on {ROLE}",
        f"trust policy of role {ROLE}: no statement allows sts:AssumeRole on {ROLE}",
        f'trust policy of role {ROLE}: statement 0 "Partner" of trust policy names the caller, but'
        ' condition StringEquals sts:ExternalId wanted "abc", the request had none',
    ]


def test_a_wrong_external_id_is_told() -> None:
    told = lines(Evidence(ASSUME, TRUST, requires_resource_allow=True), sts_externalid="xyz")
    assert told[-1].endswith('sts:ExternalId wanted "abc", the request had "xyz"')


def test_an_identity_policy_that_is_missing_is_told() -> None:
    told = lines(Evidence(NOTHING, TRUST, requires_resource_allow=True), sts_externalid="abc")
    assert told[1] == (
        f"identity policies of {ALICE.arn}: no statement allows sts:AssumeRole on {ROLE}"
    )


def test_another_resource_is_told() -> None:
    other = compiled(
        Layer.IDENTITY,
        "p",
        ALICE.arn,
        {"Effect": "Allow", "Action": "sts:*", "Resource": f"arn:aws:iam::{B}:role/other"},
    )
    told = lines(Evidence(other, TRUST, requires_resource_allow=True))
    assert told[2] == (
        f"identity policies of {ALICE.arn}: statement 0 of p reaches"
        f' "arn:aws:iam::{B}:role/other", not this resource'
    )


def test_another_principal_is_told() -> None:
    told = lines(Evidence(NOTHING, TRUST, requires_resource_allow=True), root_principal(B))
    assert told[-1] == (
        f'trust policy of role {ROLE}: statement 0 "Partner" of trust policy names'
        f' "{ALICE.arn}", not the caller'
    )


def test_a_denial_is_told() -> None:
    deny = compiled(
        Layer.BOUNDARY, "b", ALICE.arn, {"Effect": "Deny", "Action": "*", "Resource": "*"}
    )
    told = lines(Evidence(ASSUME, TRUST, boundary=deny))
    assert told[0].startswith("denied explicitly: ")
    assert told[-1] == (
        f"permissions boundary of {ALICE.arn}: statement 0 of b denies sts:AssumeRole on {ROLE}"
    )


def test_an_account_grant_is_told_to_need_more() -> None:
    account = compiled(
        Layer.TRUST,
        "trust policy",
        ROLE,
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": A}},
    )
    told = lines(Evidence(NOTHING, account, requires_resource_allow=True))
    assert told[-1].endswith(f"to account {A} as a whole, so an identity policy must allow it too")


def test_negated_and_null_conditions_are_told() -> None:
    fussy = compiled(
        Layer.IDENTITY,
        "p",
        ALICE.arn,
        {
            "Effect": "Allow",
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"a:b": ["x", "y"]}},
        },
        {
            "Effect": "Allow",
            "Action": "*",
            "Resource": "*",
            "Condition": {"Null": {"a:b": "true"}},
        },
    )
    told = lines(Evidence(fussy, None), a_b="x")
    assert told[2].endswith('StringNotEquals a:b wanted none of "x", "y", the request had "x"')
    assert told[3].endswith('Null a:b wanted it to be absent, the request had "x"')


def test_the_absence_of_a_policy_is_told() -> None:
    assert lines(Evidence(ASSUME, None))[-1] == f"resource policy of {ROLE}: there is none"


def test_a_line_stays_one_line() -> None:
    question = Question(ANONYMOUS, "s3:GetObject", "arn:aws:s3:::b/x\ny\x1b[2J", A, {})
    told = explain(question, Evidence(NOTHING)).lines()
    assert told[0] == (
        "denied, as nothing allows it: an anonymous caller asks for s3:GetObject"
        " on arn:aws:s3:::b/x\\ny\\x1b[2J"
    )


def test_long_stories_are_cut_short() -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b"}
    many = compiled(Layer.IDENTITY, "p", ALICE.arn, *[statement] * 9)
    assert lines(Evidence(many, None))[-2].endswith(": 4 more statements came near")
