"""Every rule: a document that it speaks of, and one that it does not."""

import dataclasses
import json
from pathlib import Path

import pytest

from advice.check import table, table_of_access
from advice.check.table import Case
from sekisho.advice.check import CODES, KINDS, Advice, check
from sekisho.policy import parse_policy
from sekisho.policy.places import node_at
from sekisho.policy.syntax import read_json

CASES = [
    *table.READING,
    *table.DOCUMENT,
    *table.ACTIONS,
    *table.RESOURCES,
    *table.CONDITIONS,
    *table_of_access.VARIABLES,
    *table_of_access.STATEMENTS,
    *table_of_access.GRANTS,
    *table_of_access.PRINCIPALS,
    *table_of_access.TRUST,
    *table_of_access.PRIVILEGES,
]
NAMES = [f"{index}-{case.code}" for index, case in enumerate(CASES)]


def said(case: Case, text: str) -> list[Advice]:
    return [a for a in check(text, KINDS[case.kind], case.account) if a.code == case.code]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_it_is_said(case: Case) -> None:
    assert said(case, case.text(case.has))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_it_is_not_said_of_what_is_near(case: Case) -> None:
    assert not said(case, case.text(case.has_not))


def test_every_code_is_in_the_table() -> None:
    assert {case.code for case in CASES} == set(CODES)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_places_are_those_of_the_text(case: Case) -> None:
    text = case.text(case.has)
    for advice in said(case, text):
        lines = text[: advice.start].split("\n")
        assert (advice.line, advice.column) == (len(lines), len(lines[-1]) + 1)
        assert 0 <= advice.start <= advice.end <= len(text)


MENDED = [(case, each) for case in CASES for each in said(case, case.text(case.has)) if each.mend]


@pytest.mark.parametrize(
    ("case", "advice"), MENDED[:200], ids=[f"{i}-{c.code}" for i, (c, _) in enumerate(MENDED[:200])]
)
def test_a_mend_mends(case: Case, advice: Advice) -> None:
    """What it makes can be read, and the rule says one thing less of it."""
    text = case.text(case.has)
    assert advice.mend is not None
    mended = advice.mend.apply(text)
    parse_policy(mended)
    assert len(said(case, mended)) < len(said(case, text))


def test_the_mends_that_there_are() -> None:
    assert {case.code for case, _ in MENDED} == {
        "UnknownService",
        "UnknownAction",
        "ActionMatchesNothing",
        "UnknownResourceType",
        "UnknownVariable",
        "OperatorCannotMatch",
        "SetOperatorMissing",
        "AllValuesOfNone",
        "DenyStrikesServices",
        "OpenTrust",
        "PublicAccess",
        "ConfusedDeputy",
        "PerhapsConfusedDeputy",
        "ShortArn",
        "ResourceWithoutAction",
        "UnknownConditionKey",
        "LiteralWildcard",
        "VariableInOldVersion",
        "RedundantEntry",
        "ShadowedAllow",
        "ImpliedStatement",
        "MfaSparesKeys",
    }


@pytest.mark.parametrize(
    ("code", "kind", "written"),
    [
        ("UnknownAction", "identity", '"s3:GetObjects"'),
        ("UnknownConditionKey", "identity", '"aws:SorceVpc"'),
        ("PublicAccess", "bucket", '"*"'),
        ("PrincipalPattern", "trust", f'"arn:aws:iam::{table.A}:role/*"'),
        ("OperatorCannotMatch", "identity", '"NumericEquals"'),
    ],
)
def test_what_is_pointed_at(code: str, kind: str, written: str) -> None:
    case = next(case for case in CASES if (case.code, case.kind) == (code, kind))
    text = case.text(case.has)
    [advice] = said(case, text)
    assert text[advice.start : advice.end] == written


def test_a_path_leads_to_the_part() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": [table.allow(["s3:*", "s3:Gett"])]})
    [advice] = [a for a in check(text, KINDS["identity"]) if a.code == "UnknownAction"]
    assert advice.path == "Statement[0].Action[1]"
    node = node_at(read_json(text), ("Statement", 0, "Action", 1))
    assert (advice.start, advice.end) == (node.start, node.end)


def test_a_statement_alone_has_no_index() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": table.allow("s3:Gett")})
    [advice] = [a for a in check(text, KINDS["identity"]) if a.code == "UnknownAction"]
    assert advice.path == "Statement.Action"


def test_nothing_is_said_of_a_sound_policy() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": table.FINE})
    assert check(text, KINDS["identity"]) == ()


def test_codes_explain_themselves() -> None:
    for code in CODES.values():
        assert code.means.endswith(".")
        assert code.why.endswith(".")
        assert dataclasses.astuple(code)[1]


def test_the_document_lists_every_code() -> None:
    """docs/policy-check.md, a row a code."""
    document = Path(__file__).parents[3] / "docs" / "policy-check.md"
    rows = [line for line in document.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{code.name}` | {code.noun} | {code.severity.value} | {code.means} | {code.why} |"
        for code in CODES.values()
    ]
