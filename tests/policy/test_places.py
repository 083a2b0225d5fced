"""Where parts of a document stand."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.policy.places import Steps, key_span, node_at, spelled
from sekisho.policy.syntax import read_json

TEXT = """{
  "Statement": [
    {"Action": ["s3:Get*", "s3:List*"],
     "Condition": {"Bool": {"aws:SecureTransport" : true, "a\\u0062": 1}}}
  ]
}"""


@pytest.mark.parametrize(
    ("steps", "written"),
    [
        ((), TEXT),
        (("Statement", 0, "Action", 1), '"s3:List*"'),
        (("Statement", 0, "Condition", "Bool", "aws:SecureTransport"), "true"),
        (("Statement", 0, "Action", 2), '["s3:Get*", "s3:List*"]'),
        (("Statement", 0, "Action", "x", 1), '["s3:Get*", "s3:List*"]'),
        (("Version",), TEXT),
    ],
)
def test_a_part_or_the_nearest_around_it(steps: Steps, written: str) -> None:
    node = node_at(read_json(TEXT), steps)
    assert TEXT[node.start : node.end] == written


@pytest.mark.parametrize(
    ("key", "written"), [("aws:SecureTransport", '"aws:SecureTransport"'), ("ab", "1")]
)
def test_a_key(key: str, written: str) -> None:
    """One written with escapes has the place of its value."""
    node = node_at(read_json(TEXT), ("Statement", 0, "Condition", "Bool", key))
    start, end = key_span(TEXT, node, key)
    assert TEXT[start:end] == written


def test_a_path() -> None:
    assert spelled(("Statement", 2, "Action", 0)) == "Statement[2].Action[0]"
    assert spelled(()) == ""


json_values = st.recursive(
    st.text(max_size=5) | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


@given(json_values, st.booleans())
def test_what_stands_at_a_place_is_the_part(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)

    def walk(part: Any, steps: Steps) -> None:
        node = node_at(root, steps)
        assert json.loads(text[node.start : node.end]) == part
        if isinstance(part, dict):
            for key, inner in part.items():
                walk(inner, (*steps, key))
                held = node_at(root, (*steps, key))
                start, end = key_span(text, held, key)
                assert json.loads(text[start:end]) == key or (start, end) == (held.start, held.end)
        elif isinstance(part, list):
            for index, inner in enumerate(part):
                walk(inner, (*steps, index))

    root = read_json(text)
    walk(value, ())
