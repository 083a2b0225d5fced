"""Every case of tests/cases, decided; each cites the facts it rests on."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from sekisho.model.principal import (
    ANONYMOUS,
    Principal,
    PrincipalKind,
    root_principal,
    session_principal,
    user_principal,
)
from sekisho.policy import (
    CompiledPolicySet,
    Evidence,
    Layer,
    Question,
    Rails,
    Source,
    compile_set,
    decide,
    explain,
    parse_policy,
    rcps_for,
    scps_for,
)

CASES = Path(__file__).parent.parent / "cases"
A, B = "111111111111", "222222222222"
ALICE = user_principal(A, f"arn:aws:iam::{A}:user/team/alice", "AIDAALICEALICEALICE11", "alice")
PRINCIPALS = {
    "alice": ALICE,
    "eve": user_principal(B, f"arn:aws:iam::{B}:user/eve", "AIDAEVEEVEEVEEVEEVE11", "eve"),
    "deployer": session_principal(
        A, f"arn:aws:iam::{A}:role/ops/Deployer", "AROADEPLOYERDEPLOYER1", "Deployer", "run"
    ),
    "linked": session_principal(
        A,
        f"arn:aws:iam::{A}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
        "AROALINKEDLINKEDLINKE",
        "AWSServiceRoleForX",
        "s",
    ),
    "root": root_principal(A),
    "root-b": root_principal(B),
    "guest": Principal(
        PrincipalKind.FEDERATED_USER, A, f"arn:aws:sts::{A}:federated-user/guest", A, "guest"
    ),
    "logger": Principal(PrincipalKind.SERVICE, "", "", "", "logs.amazonaws.com"),
    "anyone": ANONYMOUS,
}
SPONSORS = {"guest": ALICE}


def read_cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['name']}")
        for path in sorted(CASES.glob("*.json"))
        for case in json.loads(path.read_text())["cases"]
    ]


def compiled(case: Any, layer: Layer, documents: Any) -> CompiledPolicySet:
    """A list of statements is a document of version 2012-10-17."""
    if isinstance(documents, list):
        documents = {"Version": "2012-10-17", "Statement": documents} if documents else None
    policies: Iterable[Any] = [] if documents is None else [documents]
    source = Source(layer, "policy", "owner")
    return compile_set(
        [(source, parse_policy(json.dumps(policy))) for policy in policies],
        case.get("bindings", {}),
    )


def evidence_of(case: Any) -> Evidence:
    given = case["evidence"]
    single = {
        name: compiled(case, layer, given[key])
        for name, key, layer in (
            ("boundary", "boundary", Layer.BOUNDARY),
            ("session", "session", Layer.SESSION),
            ("endpoint", "endpoint", Layer.ENDPOINT),
            ("resource", "resource_policy", Layer.RESOURCE),
            ("resource", "trust", Layer.TRUST),
        )
        if key in given
    }
    return Evidence(
        identity=compiled(case, Layer.IDENTITY, given.get("identity", [])),
        scps=scps_for(question_of(case).principal, rails_of(case, "caller")),
        rcps=rcps_for(question_of(case), rails_of(case, "owner")),
        requires_resource_allow="trust" in given or given.get("requires_resource_allow", False),
        **single,
    )


def rails_of(case: Any, side: str) -> Rails | None:
    """What an organization has attached; each account is one of its members unless told."""
    standing = case.get("organization", {}).get(side, "member")
    given = case["evidence"]
    if standing == "none":
        return None
    return Rails(
        management=standing == "management",
        scps=tuple(compiled(case, Layer.SCP, level) for level in given.get("scps", ())),
        rcps=tuple(compiled(case, Layer.RCP, level) for level in given.get("rcps", ())),
    )


def question_of(case: Any) -> Question:
    context = {
        key: value if isinstance(value, str) else tuple(value)
        for key, value in case.get("context", {}).items()
    }
    return Question(
        PRINCIPALS[case["principal"]],
        case["action"],
        case["resource"],
        case["owner"],
        context,
        SPONSORS.get(case["principal"]),
    )


def test_there_are_cases_enough() -> None:
    names = [case.id for case in read_cases()]
    assert len(names) == len(set(names)) >= 400


@pytest.mark.parametrize("case", read_cases())
def test_case_is_decided_as_the_facts_say(case: Any) -> None:
    decision = decide(question_of(case), evidence_of(case))
    assert (decision.kind.value, decision.layer.name) == (case["expect"], case["layer"])
    assert decision.allowed is (case["expect"] == "allowed")


@pytest.mark.parametrize("case", read_cases())
def test_case_is_explained_as_it_is_decided(case: Any) -> None:
    question, evidence = question_of(case), evidence_of(case)
    assert explain(question, evidence).decision == decide(question, evidence)


@pytest.mark.parametrize("case", read_cases())
def test_an_explanation_is_data_and_lines(case: Any) -> None:
    told = explain(question_of(case), evidence_of(case))
    assert json.loads(json.dumps(told.as_data()))["decision"] == case["expect"]
    assert all(line and "\n" not in line for line in told.lines())
