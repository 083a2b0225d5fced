"""Whatever is read, the answer is a finding or one of AWS's sentences, never an exception.

The corpus holds, for every set of codes that mutated policies met, the shortest document.
"""

import json
from pathlib import Path

import pytest

from sekisho.model.principal import ANONYMOUS, user_principal
from sekisho.policy import (
    Evidence,
    InvalidPolicy,
    Layer,
    Policy,
    PolicyType,
    Question,
    Source,
    compile_set,
    decide,
    explain,
    parse_policy,
    refusal,
)

HOME = "111111111111"
ALICE = user_principal(HOME, f"arn:aws:iam::{HOME}:user/alice", "AIDAALICEALICEALICE11", "alice")
CORPUS = json.loads((Path(__file__).parent / "corpus" / "documents.json").read_text())


def read(text: str) -> Policy | None:
    try:
        return parse_policy(text)
    except InvalidPolicy as fault:
        assert fault.findings
        return None


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_a_document_is_refused_or_decides(text: str) -> None:
    policy = read(text)
    for kind in PolicyType:
        assert refusal(text, kind) is not None or policy is not None
    if policy is None:
        return
    for layer in (Layer.IDENTITY, Layer.RESOURCE):
        held = compile_set([(Source(layer, "p", ALICE.arn), policy)])
        evidence = Evidence(held) if layer is Layer.IDENTITY else Evidence(compile_set(()), held)
        for principal in (ALICE, ANONYMOUS):
            question = Question(principal, "s3:GetObject", "arn:aws:s3:::b/k", HOME, {})
            told = explain(question, evidence)
            assert told.decision == decide(question, evidence)
            assert all(line.isprintable() for line in told.lines())
            json.dumps(told.as_data(), allow_nan=False)
