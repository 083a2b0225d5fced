"""The quick reader takes what the reader with places takes, and reads the same in it."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.policy import Policy
from sekisho.policy.grammar import survey
from sekisho.policy.operators import OPERATOR_NAMES, OPERATORS, is_operator
from sekisho.policy.plain import read_plainly
from sekisho.policy.syntax import DEEPEST, LONGEST_TEXT, BadJson, read_json

CORPUS = json.loads((Path(__file__).parent / "corpus" / "documents.json").read_text())
WHOLE = """{"Version": "2012-10-17", "Id": "é", "Statement": [
  {"Sid": "A", "Effect": "Allow", "Principal": {"AWS": ["1", "*"], "Service": []},
   "Action": ["s3:Get*", "s3:\\/List"], "NotResource": "arn:aws:s3:::b",
   "Condition": {"NumericEquals": {"s3:max-keys": [10, -2.50e1]}, "StringLike": {},
                 "Bool": {"aws:MultiFactorAuthPresent": true, "a:b": ["x", false, 0]}}},
  {"Effect": "Deny", "NotPrincipal": "*", "NotAction": "iam:*", "Resource": "*"}]}"""
PIECES = [*'{}[]",:\\ \n\t*0-.e', "null", "true", "NaN", "Infinity", "-Infinity", "\\u0041", "\\n"]
PIECES += ["\\ud83d\\ude00", "\\ud800", "\ud800", "\ufeff", "\u2028", "\x00", "\x1f", "\x7f", "é"]
PIECES += ["1e999", "1" * 400, "01", "٣", '"Sid": "x", ', '"Effect": "Deny", ', '"a:B": 1, ', "\v"]
PIECES += ['"Null": {"a": "true"}, ', '"Foo": {}, ', '"Resource": [], ', '"NotAction": "a:b", ']


def read_with_places(text: str) -> Policy | None:
    try:
        root = read_json(text)
    except BadJson:
        return None
    policy, findings = survey(text, root)
    return None if findings else policy


def agree(text: str) -> None:
    """Whatever may hold half of a surrogate pair is left to the other reader, right or not."""
    read = read_plainly(text)
    expected = read_with_places(text)
    assert read == expected or (read is None and "\\u" in text)


def mutated(text: str, seed: int) -> str:
    """The text with a few pieces cut out, put in or put twice."""
    chance = random.Random(seed)
    for _ in range(chance.randint(0, 3)):
        start = chance.randint(0, len(text))
        end = start + chance.choice((0, 0, 1, 1, 2, 9))
        put = chance.choice((*PIECES, "", text[start : start + chance.randint(0, 60)]))
        text = text[:start] + put + text[end:]
    return text


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_the_readers_agree_on_the_corpus(text: str) -> None:
    agree(text)


def test_a_whole_policy_is_read_plainly() -> None:
    assert read_plainly(WHOLE) == read_with_places(WHOLE) is not None


def with_value(text: str) -> str:
    """A policy that is right if this text is a value of a condition."""
    condition = f'{{"Bool": {{"a": {text}}}}}'
    return f'{{"Statement": {{"Effect": "Deny", "Action": "*", "Condition": {condition}}}}}'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Id": "é"', '"Id": "é", "id": ""'),
        ('"Id": "é"', '"Id": "é", "Id": "é"'),
        ('"Sid": "A"', '"Sid": "A", "Sid": "A"'),
        ('"Sid": "A"', '"Sid": "A", "NotAction": "a:b"'),
        ('"Sid": "A"', '"Sid": "A", "Resource": "*"'),
        ('"Sid": "A"', '"Sid": "A", "NotPrincipal": "*"'),
        ('"Sid": "A"', '"Sid": "A", "Other": "*"'),
        ('"AWS": [', '"Aws": ['),
        ('"Service": []', '"Service": ["a", null]'),
        ('"StringLike": {}', '"Foo": {}'),
        ('"StringLike": {}', '"Foo": {"a": "b"}'),
        ('"StringLike": {}', '"StringLike": {"a": "b", "A": "b"}'),
        ('"StringLike": {}', '"StringLike": {"a": "b", "a": "b"}'),
        ('"Effect": "Deny", ', ""),
        ('"Effect": "Deny"', '"Effect": "deny"'),
        ('"Version": "2012-10-17", ', ""),
        ('"2012-10-17"', '"2012-10-18"'),
        ('"2012-10-17"', "null"),
        ('["s3:Get*", "s3:\\/List"]', "[]"),
    ],
)
def test_the_readers_agree_on_each_rule(old: str, new: str) -> None:
    assert old in WHOLE
    agree(WHOLE.replace(old, new))


@pytest.mark.parametrize(
    "text",
    [
        *map(
            with_value, ["0", "-0", "1.50", "1e5", "1E+05", "1" * 5000, "[]", "true", '"\\ud83d"']
        ),
        *map(with_value, ["01", "+1", ".5", "1.", "1e", "NaN", "-Infinity", "null", "٣", '"\t"']),
        *map(with_value, ['"\ud800"', '"\ud83d\\ude00"', '"😀"', '"\\x"', "[[]]", "{}", "'a'"]),
        "\ufeff" + WHOLE,
        WHOLE + "\x00",
        " \t\r\n" + WHOLE + "\n",
        "\v" + WHOLE,
        WHOLE + WHOLE,
        WHOLE.replace('"Id"', '"Version"'),
        WHOLE.ljust(LONGEST_TEXT),
        WHOLE.ljust(LONGEST_TEXT + 1),
        with_value("[" * (DEEPEST - 5) + "]" * (DEEPEST - 5)),
        "[" * LONGEST_TEXT,
        '{"a":' * (LONGEST_TEXT // 5),
        "",
        "1",
        "null",
    ],
    ids=lambda text: text[:70],
)
def test_the_readers_agree_at_the_edges(text: str) -> None:
    agree(text)


@given(st.sampled_from([WHOLE, *CORPUS]), st.integers(0, 2**32))
def test_theorem_the_readers_agree_on_mutated_texts(text: str, seed: int) -> None:
    agree(mutated(text, seed))


@given(st.sampled_from([*PIECES, '"Statement"']) | st.text())
def test_theorem_the_readers_agree_on_any_text(text: str) -> None:
    agree(text)
    agree(with_value(text))
    agree(with_value(json.dumps(text, ensure_ascii=False)))


VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["*", "Allow", "a"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just("AWS"), inner, max_size=1),
    max_leaves=4,
)
ELEMENTS = ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource"]
STATEMENTS = st.dictionaries(st.sampled_from([*ELEMENTS, "NotResource", "Other"]), VALUES).flatmap(
    lambda members: st.sampled_from(
        [members, {"Effect": "Allow", "Action": "a:b", "Resource": "*", **members}]
    )
)


@given(
    st.lists(STATEMENTS, max_size=2),
    st.dictionaries(st.sampled_from(["Version", "Id", "Statement", "Other"]), VALUES, max_size=1),
)
def test_theorem_the_readers_agree_on_near_policies(statements: Any, members: Any) -> None:
    agree(json.dumps({"Statement": statements, **members}))


def test_the_names_of_operators_are_all_there() -> None:
    """PE-148, PE-158: set prefixes before every operator, IfExists after all but Null."""
    assert len(OPERATOR_NAMES) == 3 * (2 * len(OPERATORS) + 1)
    assert is_operator("ForAnyValue:StringLikeIfExists")
    assert is_operator("ForAllValues:Null")
    for name in ("NullIfExists", "StringLikeIfExistsIfExists", "ForAllValues:", "", "bool"):
        assert not is_operator(name)
