"""The principals a document names, and how it is shown once some of them are gone."""

import json

from hypothesis import given
from hypothesis import strategies as st

from sekisho.policy import NamedPrincipal, bindable, named_principals, parse_policy, shown

A = "111111111111"
ALICE, CI = f"arn:aws:iam::{A}:user/team/alice", f"arn:aws:iam::{A}:role/ci"
TEXT = f"""{{
  "Statement": [
    {{"Effect": "Allow", "Action": "sts:AssumeRole",
     "Principal": {{"AWS": ["{ALICE}", "{CI}", "{A}"], "Service": "ec2.amazonaws.com"}},
     "Condition": {{"ArnEquals": {{"aws:PrincipalArn": "{ALICE}"}}}}}},
    {{"Effect": "Deny", "Action": "sts:AssumeRole", "NotPrincipal": {{"AWS": "{ALICE}"}}}}
  ]
}}"""
BINDINGS = {ALICE: "AIDAALICEALICEALICE11", CI: "AROACICICICICICICICI1"}


def test_every_principal_is_named_once() -> None:
    assert named_principals(parse_policy(TEXT)) == (
        NamedPrincipal("AWS", ALICE),
        NamedPrincipal("AWS", CI),
        NamedPrincipal("AWS", A),
        NamedPrincipal("Service", "ec2.amazonaws.com"),
    )


def test_users_and_roles_are_bound_and_nothing_else() -> None:
    others = [
        A,
        f"arn:aws:iam::{A}:root",
        f"arn:aws:sts::{A}:assumed-role/R/s",
        "AIDAALICEALICEALICE11",
        "*",
    ]
    assert bindable(parse_policy(TEXT)) == (ALICE, CI)
    statement = {"Effect": "Allow", "Action": "a:b", "Principal": {"AWS": others}}
    assert bindable(parse_policy(json.dumps({"Statement": statement}))) == ()


def test_while_all_live_the_text_is_shown_as_given() -> None:
    assert shown(TEXT, BINDINGS, lambda _id: True) == TEXT


def test_the_dead_are_shown_by_id_in_principals_only() -> None:
    """PE-31: ARNs in conditions are not resolved."""
    found = shown(TEXT, BINDINGS, lambda unique_id: unique_id != BINDINGS[ALICE])
    policy = parse_policy(found)
    assert [named.value for named in named_principals(policy)] == [
        BINDINGS[ALICE],
        CI,
        A,
        "ec2.amazonaws.com",
    ]
    assert policy.statements[0].conditions == parse_policy(TEXT).statements[0].conditions
    assert found.count(BINDINGS[ALICE]) == 2
    assert found.startswith("{\n  ")


def test_a_text_that_cannot_be_read_is_shown_as_it_is() -> None:
    assert shown("{", BINDINGS, lambda _id: False) == "{"


@given(st.sets(st.sampled_from(sorted(BINDINGS.values()))))
def test_theorem_showing_changes_only_the_dead(dead: set[str]) -> None:
    found = shown(TEXT, BINDINGS, lambda unique_id: unique_id not in dead)
    for arn, unique_id in BINDINGS.items():
        assert (unique_id in found) is (unique_id in dead)
        assert (arn in {named.value for named in named_principals(parse_policy(found))}) is (
            unique_id not in dead
        )
