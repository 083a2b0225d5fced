"""Compiled sets: that statements are found again, in their order, however many there are."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.model.principal import user_principal
from sekisho.policy import (
    Effect,
    Evidence,
    Kind,
    Layer,
    NamedPrincipal,
    Policy,
    Question,
    Source,
    Statement,
    compile_set,
    compile_texts,
    decide,
    explain,
    parse_policy,
)
from sekisho.policy.actions import compile_actions
from sekisho.policy.compile import MOST_ACTIONS
from sekisho.policy.evaluate import MOST_COURSES

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


ACTIONS = ("s3:GetObject", "S3:getobject", "iam:GetUser", "s3", ":GetObject", "*:x", "*", "", "S:x")
LISTS = ["*", "*:Get*", "s3:*", "S3:Get?bject", "iam:*User", "s3", ":*", "s3:Get Object", "**"]
LISTS += ["s3:GetObject", "s:*", "ſ3:*", ""]


@given(
    st.lists(st.tuples(st.lists(st.sampled_from(LISTS), max_size=3), st.booleans()), max_size=6),
    st.sampled_from(ACTIONS),
    st.sampled_from(Layer),
)
def test_theorem_every_statement_that_covers_an_action_is_found(
    listed: list[tuple[list[str], bool]], action: str, layer: Layer
) -> None:
    """They are looked for by service; a document without them finds the same one by one."""
    statements = [
        Statement(index, Effect.DENY, not_actions=tuple(actions))
        if turned
        else Statement(index, Effect.DENY, actions=tuple(actions))
        for index, (actions, turned) in enumerate(listed)
    ]
    policies = compile_set([(Source(layer, "p", "o"), Policy("2012-10-17", "", tuple(statements)))])
    covering = [one.ref.index for one in policies.covering(action)]
    tests = [compile_actions(layer, statement) for statement in statements]
    assert covering == [index for index, test in enumerate(tests) if test(action.lower())]


ALL = ("*",)
ANYONE = (NamedPrincipal("AWS", "*"),)
EVE = (NamedPrincipal("AWS", "arn:aws:iam::222222222222:user/eve"),)
OPEN = compile_set(
    [
        (
            Source(Layer.IDENTITY, "open", ALICE.arn),
            Policy("2012-10-17", "", (Statement(0, Effect.ALLOW, actions=ALL, resources=ALL),)),
        )
    ]
)
# For each layer what a statement of it may not have, or has to have and has not (PE-15).
MISSHAPEN: list[tuple[str, Layer, dict[str, Any]]] = [
    ("a principal", Layer.IDENTITY, {"principals": ANYONE, "actions": ALL, "resources": ALL}),
    ("no action", Layer.IDENTITY, {"resources": ALL}),
    ("no resource", Layer.IDENTITY, {"actions": ALL}),
    ("no action", Layer.RESOURCE, {"principals": ANYONE, "resources": ALL}),
    ("no resource", Layer.RESOURCE, {"principals": ANYONE, "actions": ALL}),
    ("no principal", Layer.RESOURCE, {"actions": ALL, "resources": ALL}),
    ("NotPrincipal", Layer.TRUST, {"not_principals": EVE, "actions": ALL}),
    ("a resource", Layer.TRUST, {"principals": ANYONE, "actions": ALL, "resources": ALL}),
    ("a wrong one", Layer.TRUST, {"principals": ANYONE, "actions": ALL, "resources": ("arn:x",)}),
    ("NotResource", Layer.TRUST, {"principals": ANYONE, "actions": ALL, "not_resources": ALL}),
    ("NotPrincipal", Layer.RCP, {"not_principals": ANYONE, "actions": ALL, "resources": ALL}),
    ("NotAction", Layer.RCP, {"principals": ANYONE, "not_actions": ALL, "resources": ALL}),
]


@pytest.mark.parametrize("effect", Effect)
@pytest.mark.parametrize(
    ("layer", "elements"),
    [pytest.param(layer, one, id=f"{layer.name}: {name}") for name, layer, one in MISSHAPEN],
)
def test_a_misshapen_statement_grants_nothing_and_denies_everything(
    effect: Effect, layer: Layer, elements: dict[str, Any]
) -> None:
    policy = Policy("2012-10-17", "", (Statement(0, effect, **elements),))
    policies = compile_set([(Source(layer, "p", "o"), policy)])
    evidence = {
        Layer.IDENTITY: Evidence(policies),
        Layer.RCP: Evidence(OPEN, rcps=(policies,)),
    }.get(layer, Evidence(OPEN, policies, requires_resource_allow=True))
    question = Question(ALICE, "sts:AssumeRole", f"arn:aws:iam::{A}:role/r", A, {})
    decision = decide(question, evidence)
    assert decision.kind is (Kind.EXPLICIT_DENY if effect is Effect.DENY else Kind.IMPLICIT_DENY)
    assert decision.layer is layer
    explanation = explain(question, evidence)
    assert explanation.decision == decision
    if effect is Effect.ALLOW:
        assert any("too many or too few" in line for line in explanation.lines())


def test_a_text_that_a_living_set_holds_is_not_compiled_again() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": STATEMENTS[:2]})
    first = compile_texts([(Source(Layer.IDENTITY, "p", "first"), text)])
    second = compile_texts([(Source(Layer.IDENTITY, "p", "second"), text)])
    boundary = compile_texts([(Source(Layer.BOUNDARY, "p", "second"), text)])
    rules = [one.rule for one in first.statements]
    assert [one.rule for one in second.statements] == rules
    assert [one.source.owner for one in second.statements] == ["second"] * 2
    assert not {one.rule for one in boundary.statements} & set(rules)


def test_a_text_bound_to_other_ids_is_another() -> None:
    """PE-31: the ids are part of what is compiled."""
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ALICE.arn}}
    text = json.dumps({"Version": "2012-10-17", "Statement": trust})
    source = Source(Layer.TRUST, "trust policy", "role")
    question = Question(ALICE, "sts:AssumeRole", f"arn:aws:iam::{A}:role/r", A, {})
    outcomes = [
        decide(
            question,
            Evidence(
                compile_set(()),
                compile_texts([(source, text)], {ALICE.arn: unique_id}),
                requires_resource_allow=True,
            ),
        ).allowed
        for unique_id in (ALICE.unique_id, "AIDAFORMERFORMERFORM1")
    ]
    assert outcomes == [True, False]


def test_what_a_set_remembers_is_bounded() -> None:
    """Actions that nobody has heard of are soon forgotten, and answered the same after that."""
    evidence = Evidence(MANY)
    resource = "arn:aws:s3:::team-0/x"
    for number in range(MOST_ACTIONS + 10):
        decide(Question(ALICE, f"x:Action{number}", resource, A, {}), evidence)
    assert len(evidence.courses) <= MOST_COURSES
    assert decide(Question(ALICE, "s3:GetObject", resource, A, {}), evidence).allowed


@pytest.mark.parametrize("elements", [{"resources": ALL}, {"actions": ALL}])
def test_across_accounts_a_misshapen_statement_allows_nothing(elements: dict[str, Any]) -> None:
    """PE-15, PE-100: not even where the resource's policy has one statement, which grants."""
    misshapen = Policy("2012-10-17", "", (Statement(0, Effect.ALLOW, **elements),))
    identity = compile_set([(Source(Layer.IDENTITY, "p", "o"), misshapen)])
    granting = Policy(
        "2012-10-17",
        "",
        (Statement(0, Effect.ALLOW, principals=ANYONE, actions=ALL, resources=ALL),),
    )
    resource = compile_set([(Source(Layer.RESOURCE, "p", "o"), granting)])
    question = Question(ALICE, "s3:GetObject", "*", "222222222222", {})
    decision = decide(question, Evidence(identity, resource))
    assert (decision.kind, decision.layer) == (Kind.IMPLICIT_DENY, Layer.IDENTITY)
