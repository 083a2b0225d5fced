"""Denials as they are told, word for word: what went wrong, and what to change on which side.

Each case of denials/*.json is read as whoever was denied would read it, at three in the morning.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from sekisho.model.principal import (
    ANONYMOUS,
    Principal,
    PrincipalKind,
    federated_identity,
    root_principal,
    session_principal,
    user_principal,
)
from sekisho.policy import (
    CompiledPolicySet,
    Evidence,
    Explanation,
    Layer,
    Question,
    Source,
    compile_set,
    decide,
    explain,
    parse_policy,
)

DENIALS = Path(__file__).parent / "denials"
A, B = "111111111111", "222222222222"
ALICE = user_principal(A, f"arn:aws:iam::{A}:user/team/alice", "AIDAALICEALICEALICE11", "alice")
PRINCIPALS = {
    "alice": ALICE,
    "ci": session_principal(
        A, f"arn:aws:iam::{A}:role/ops/deploy", "AROADEPLOYDEPLOYDEP11", "deploy", "run-42"
    ),
    "root": root_principal(A),
    "guest": Principal(
        PrincipalKind.FEDERATED_USER, A, f"arn:aws:sts::{A}:federated-user/guest", A, "guest"
    ),
    "logs": Principal(PrincipalKind.SERVICE, "", "", "", "logs.amazonaws.com"),
    "github": federated_identity(
        f"arn:aws:iam::{B}:oidc-provider/token.actions.githubusercontent.com",
        "repo:org/shop:ref:refs/heads/feature",
    ),
    "nobody": ANONYMOUS,
}
SPONSORS = {"guest": ALICE}
SINGLE = {
    "resource": Layer.RESOURCE,
    "trust": Layer.TRUST,
    "boundary": Layer.BOUNDARY,
    "session": Layer.SESSION,
    "endpoint": Layer.ENDPOINT,
}


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['name']}")
        for path in sorted(DENIALS.glob("*.json"))
        for case in json.loads(path.read_text())
    ]


def compiled(case: Any, layer: Layer, policies: Any) -> CompiledPolicySet:
    """policies: name -> statements, or a whole document."""
    owner = case.get("hangs_on", case["resource"])
    documents = {
        name: given if isinstance(given, dict) else {"Version": "2012-10-17", "Statement": given}
        for name, given in policies.items()
    }
    return compile_set(
        [
            (Source(layer, name, owner), parse_policy(json.dumps(document)))
            for name, document in documents.items()
        ],
        case.get("bindings", {}),
    )


def evidence_of(case: Any) -> Evidence:
    given = case["policies"]
    single = {
        "resource" if name == "trust" else name: compiled(case, layer, given[name])
        for name, layer in SINGLE.items()
        if name in given
    }
    return Evidence(
        identity=compiled(case, Layer.IDENTITY, given.get("identity", {})),
        scps=tuple(compiled(case, Layer.SCP, level) for level in given.get("scps", ())),
        rcps=tuple(compiled(case, Layer.RCP, level) for level in given.get("rcps", ())),
        requires_resource_allow="trust" in given or case.get("requires_resource_allow", False),
        **single,
    )


def question_of(case: Any) -> Question:
    context = {
        key.lower(): value if isinstance(value, str) else tuple(value)
        for key, value in case.get("context", {}).items()
    }
    who = case["who"]
    return Question(
        PRINCIPALS[who], case["action"], case["resource"], case["owner"], context, SPONSORS.get(who)
    )


def explained(case: Any) -> Explanation:
    return explain(question_of(case), evidence_of(case))


@pytest.mark.parametrize("case", cases())
def test_a_denial_is_told_in_these_words(case: Any) -> None:
    assert explained(case).lines() == case["told"]


@pytest.mark.parametrize("case", cases())
def test_what_is_told_is_a_denial(case: Any) -> None:
    assert not decide(question_of(case), evidence_of(case)).allowed
    assert explained(case).remedies
