"""Explanations: the words they use."""

import json
from itertools import takewhile
from typing import Any

from sekisho.model.principal import ANONYMOUS, Principal, root_principal, user_principal
from sekisho.policy import (
    CompiledPolicySet,
    Context,
    Evidence,
    Explanation,
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


def explained(evidence: Evidence, principal: Principal, context: Context) -> Explanation:
    return explain(Question(principal, "sts:AssumeRole", ROLE, B, context), evidence)


def lines(evidence: Evidence, principal: Principal = ALICE, **context: str) -> list[str]:
    """Without what would change it."""
    held = {key.replace("_", ":"): value for key, value in context.items()}
    told = explained(evidence, principal, held).lines()
    return list(takewhile(lambda line: not line.startswith("to allow it"), told))


def test_a_missing_external_id_is_told() -> None:
    told = explained(Evidence(ASSUME, TRUST, requires_resource_allow=True), ALICE, {}).lines()
    assert told == [
        f"denied: {ALICE.arn} asks for sts:AssumeRole on {ROLE}",
        f"reason: no Allow in the trust policy of role {ROLE}",
        f"identity policies of {ALICE.arn}: statement 0 of p allows it",
        f"trust policy of role {ROLE}: no statement allows it",
        '  statement 0 "Partner" of trust policy names the caller, but condition StringEquals'
        ' sts:ExternalId wants "abc"; the request has no such key (the caller passes it as'
        " ExternalId)",
        "to allow it:",
        '  the caller: meet the condition on sts:ExternalId of statement 0 "Partner" of trust'
        f" policy; or account {B}: change it",
    ]


def test_a_wrong_external_id_is_told() -> None:
    told = lines(Evidence(ASSUME, TRUST, requires_resource_allow=True), sts_externalid="xyz")
    assert told[-1].endswith('sts:ExternalId wants "abc"; the request has "xyz"')


def test_an_identity_policy_that_is_missing_is_told() -> None:
    told = lines(Evidence(NOTHING, TRUST, requires_resource_allow=True), sts_externalid="abc")
    assert told[1] == f"reason: no Allow in the identity policies of {ALICE.arn}"
    assert told[2] == f"identity policies of {ALICE.arn}: there are no statements"


def test_another_resource_is_told() -> None:
    other = compiled(
        Layer.IDENTITY,
        "p",
        ALICE.arn,
        {"Effect": "Allow", "Action": "sts:*", "Resource": f"arn:aws:iam::{B}:role/other"},
    )
    told = lines(Evidence(other, TRUST, requires_resource_allow=True))
    assert (
        told[3] == f'  statement 0 of p is about "arn:aws:iam::{B}:role/other", not this resource'
    )


def test_another_principal_is_told() -> None:
    told = lines(Evidence(NOTHING, TRUST, requires_resource_allow=True), root_principal(B))
    assert told[-1] == (
        f'  statement 0 "Partner" of trust policy names "{ALICE.arn}", not the caller'
    )


def test_a_denial_is_told() -> None:
    deny = compiled(
        Layer.BOUNDARY, "b", ALICE.arn, {"Effect": "Deny", "Action": "*", "Resource": "*"}
    )
    told = lines(Evidence(ASSUME, TRUST, boundary=deny))
    assert told[1] == (
        "reason: statement 0 of b, a permissions boundary, denies it; no Allow outweighs a Deny"
    )
    assert told[-1] == f"permissions boundary of {ALICE.arn}: statement 0 of b denies it"


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
    assert told[3].endswith('StringNotEquals a:b wants none of "x", "y"; the request has "x"')
    assert told[4].endswith('Null a:b wants it absent; the request has "x"')


def test_the_absence_of_a_policy_is_told() -> None:
    assert lines(Evidence(ASSUME, None))[-1] == f"resource policy of {ROLE}: there is none"


def test_a_line_stays_one_line() -> None:
    question = Question(ANONYMOUS, "s3:GetObject", "arn:aws:s3:::b/x\ny\x1b[2J", A, {})
    told = explain(question, Evidence(NOTHING)).lines()
    assert told[0] == (
        "denied: an anonymous caller asks for s3:GetObject on arn:aws:s3:::b/x\\ny\\x1b[2J"
    )


def test_long_stories_are_cut_short() -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b"}
    many = compiled(Layer.IDENTITY, "p", ALICE.arn, *[statement] * 9)
    assert lines(Evidence(many, None))[-2].endswith("  4 more statements came near")


def test_a_miss_is_told_as_data() -> None:
    question = Question(ALICE, "sts:AssumeRole", ROLE, B, {"sts:externalid": "xyz"})
    told = explain(question, Evidence(ASSUME, TRUST, requires_resource_allow=True)).as_data()
    assert json.loads(json.dumps(told)) == told
    assert (told["decision"], told["layer"]) == ("implicitDeny", "role trust policy")
    layers = told["layers"]
    assert isinstance(layers, list)
    assert layers[1]["verdict"] == "does not allow"
    assert layers[1]["statements"][0]["miss"] == {
        "element": "Condition",
        "operator": "StringEquals",
        "key": "sts:ExternalId",
        "wanted": ["abc"],
        "seen": ["xyz"],
        "words": 'names the caller, but condition StringEquals sts:ExternalId wants "abc";'
        ' the request has "xyz"',
    }


def test_letters_that_differ_in_case_only_are_told() -> None:
    told = lines(Evidence(ASSUME, TRUST, requires_resource_allow=True), sts_externalid="ABC")
    assert told[-1].endswith("; they differ in upper and lower case only")


def test_near_statements_are_not_looked_for_where_no_words_are_wanted() -> None:
    policies = compiled(
        Layer.IDENTITY,
        "p",
        ALICE.arn,
        {"Effect": "Allow", "Action": "sts:AssumeRol", "Resource": "*"},
    )
    question = Question(ALICE, "sts:AssumeRole", ROLE, A, {})
    whole, short = (explain(question, Evidence(policies), near=near) for near in (True, False))
    assert whole.decision == short.decision
    assert [len(one.layers[0].statements) for one in (whole, short)] == [1, 0]
