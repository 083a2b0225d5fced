"""Every sentence that the server says can be told in Japanese, and none hides among the values."""

import ast
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import sekisho
from advice.check.table import Case
from advice.check.test_rules import CASES, NAMES, said
from differential.theorems import cases
from differential.worlds import world
from sekisho.advice.check import CODES, KINDS
from sekisho.policy import Layer, explain
from sekisho.policy.words import Said, folded, printable, say, unfolded

SOURCE = Path(sekisho.__file__).parent
CATALOGUE = SOURCE.parents[1] / "console/src/words/told.ja.json"
SAYING = {"say", "together"}
# What is said beside literals is of tables that are enumerated here, or was said before.
TABLES = {"kind.title", "advice.why", "decision.layer.word", "statement.ref.source.layer.word"}
OF_TABLES = (
    {layer.word for layer in Layer}
    | {kind.title for kind in KINDS.values()}
    | {code.why for code in CODES.values()}
)
SENTENCE = re.compile(r"[a-z]{2,} [a-z]{2,}|^(?:allowed|denied|nobody|nothing|everyone)$")


def first_arguments() -> Iterator[ast.expr]:
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text()
        if "policy.words import" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in SAYING:
                yield node.args[0]


def patterns() -> set[str]:
    """All that is said."""
    literals = {
        node.value
        for node in first_arguments()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return literals | OF_TABLES | {"{} and {} more"}


def holes(pattern: str) -> set[int]:
    """The places of the values in a pattern."""
    names = [name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None]
    return {int(name) if name else at for at, name in enumerate(names)}


def test_what_is_said_is_a_literal_or_of_a_table() -> None:
    others = {ast.unparse(node) for node in first_arguments() if not isinstance(node, ast.Constant)}
    assert others == TABLES


def test_the_catalogue_has_every_sentence_and_no_other() -> None:
    catalogue = json.loads(CATALOGUE.read_text())
    assert patterns() - catalogue.keys() == set()
    assert catalogue.keys() - patterns() == set()


def test_a_translation_leaves_no_value_out() -> None:
    catalogue = json.loads(CATALOGUE.read_text())
    articles = {"reason: {}, {} {}, denies it; no Allow outweighs a Deny": {1}}
    for pattern, japanese in catalogue.items():
        assert holes(japanese) == holes(pattern) - articles.get(pattern, set()), pattern


def values(text: object) -> Iterator[str]:
    if isinstance(text, Said):
        for value in text.values:
            yield from values(value)
    else:
        yield str(text)


def english(text: str) -> list[str]:
    """The values of a sentence that are sentences themselves, untold."""
    return [value for value in values(text) if SENTENCE.search(value)]


@settings(max_examples=200, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.integers(0, 2**48))
def test_explanations_are_sentences_throughout(seed: int) -> None:
    for case in cases(world(seed)):
        lines = explain(case.question, case.compiler.evidence(case.evidence)).lines()
        for line in lines:
            assert isinstance(line, Said), line
            assert english(line) == [], unfolded(line)
            assert folded(json.loads(json.dumps(unfolded(line)))) == line


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_findings_are_sentences_throughout(case: Case) -> None:
    for advice in said(case, case.text(case.has)):
        assert isinstance(advice.message, Said)
        assert english(advice.message) == [] or advice.code == "Refused"


@given(st.text(), st.text())
def test_what_is_made_printable_is_still_told(one: str, other: str) -> None:
    said = printable(say("{} on {}", one, say("account {}", other)))
    assert said == printable(f"{one} on account {other}")
    assert isinstance(said, Said)
