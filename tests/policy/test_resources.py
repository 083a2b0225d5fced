"""Resource patterns, held against a plain reading of the rules (PE-43…PE-51)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.policy import Context
from sekisho.policy.resources import (
    ResourcePattern,
    compile_near,
    compile_resources,
    read_resource,
)

CONTEXT: Context = {"k": "a*", "empty": "", "several": ("a",)}
VALUES = {"${k}": "a*", "${empty}": "", "${*}": "*", "${?}": "?", "${absent, 'a'}": "a"}
PIECES = ("a", "b", ":", "/", "*", "?", "${absent}", "${several}", *VALUES)
HEADS = ("arn:aws:s3:::", "arn:aws:s3:*::", "arn:*:s3:::", "arn:aws:s3:e?:1:")


def expression(pattern: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in pattern)


def plainly_reaches(head: str, tail: list[str], resource: str) -> bool:
    """The slow reading: part by part, the sixth with its variables put in."""
    if "${absent}" in tail or "${several}" in tail:
        return False
    last = "".join(re.escape(VALUES[one]) if one in VALUES else expression(one) for one in tail)
    wanted = [*map(expression, head.split(":")[:-1]), last]
    given_parts = resource.split(":", 5)
    return len(given_parts) == 6 and all(
        re.fullmatch(one, part, re.DOTALL) for one, part in zip(wanted, given_parts, strict=True)
    )


def read(text: str) -> ResourcePattern:
    pattern = read_resource(text, variables=True, complete=False)
    assert pattern is not None
    return pattern


TAILS = st.lists(st.sampled_from(PIECES), max_size=5)
RESOURCES = st.builds(
    str.__add__,
    st.sampled_from(("arn:aws:s3:::", "arn:aws:s3:eu:1:", "arn:cn:s3:::")),
    st.text("ab:/*?", max_size=5),
)


@given(st.lists(st.tuples(st.sampled_from(HEADS), TAILS), max_size=3), RESOURCES)
def test_theorem_patterns_reach_what_they_plainly_reach(
    written: list[tuple[str, list[str]]], resource: str
) -> None:
    patterns = [read(head + "".join(tail)) for head, tail in written]
    expected = any(plainly_reaches(head, tail, resource) for head, tail in written)
    assert compile_resources(patterns)(resource, CONTEXT) is expected


@given(st.sampled_from(HEADS), TAILS, RESOURCES)
def test_theorem_what_a_pattern_reaches_begins_with_its_prefix(
    head: str, tail: list[str], resource: str
) -> None:
    pattern = read(head + "".join(tail))
    if compile_resources([pattern])(resource, CONTEXT):
        assert resource.startswith(pattern.prefix)


@given(st.sampled_from(HEADS), TAILS, RESOURCES)
def test_theorem_past_its_prefix_a_pattern_reaches_the_same(
    head: str, tail: list[str], resource: str
) -> None:
    pattern = read(head + "".join(tail))
    near = pattern.prefix + resource
    for text in (near, pattern.prefix + resource[13:], pattern.prefix + "/a"):
        assert compile_near(pattern)(text, CONTEXT) is compile_resources([pattern])(text, CONTEXT)


@pytest.mark.parametrize(
    ("text", "rest", "expected"),
    [
        ("arn:aws:s3:::*/*", "a/b", True),
        ("arn:aws:s3:::*/*", "ab", False),
        ("arn:aws:s3:::*:*", "ab", False),  # the colons of the head do not count
        ("arn:aws:s3:::*:a*", "ab", False),
        ("arn:aws:s3:::a*:ab*", "b", False),  # nor what begins in the head and ends behind it
        ("arn:aws:s3:::ab*ba*", "a", False),
        ("arn:aws:s3:::ab*b", "", False),
        ("arn:aws:s3:::ab*b", "b", True),
        ("arn:aws:s3:::ab*b*b", "b", False),
        ("arn:aws:s3:*::ab", "::ab", True),
        ("arn:aws:s3:*::ab", "eu::ab", True),
        ("arn:aws:s3:*::ab", "eu:1:ab", False),
        ("arn:aws:s3:*::ab", "", False),
        ("arn:aws:sqs:*:1:app-*", "eu:1:app-x", True),
        ("arn:aws:sqs:*:1:app-*", "eu:1:app-x:1:y", True),
        ("arn:aws:sqs:*:1:app-*", "eu:1:ap", False),
        ("arn:aws:sqs:*:1:app-*", "eu:2:1:app-x", False),
        ("arn:aws:sqs:*:1:app-*", "1", False),
    ],
)
def test_past_its_prefix(text: str, rest: str, expected: bool) -> None:
    pattern = read(text)
    assert compile_near(pattern)(pattern.prefix + rest, CONTEXT) is expected
    assert compile_resources([pattern])(pattern.prefix + rest, CONTEXT) is expected


@pytest.mark.parametrize(
    ("text", "resource", "expected"),
    [
        ("arn:aws:s3:::${k}*", "arn:aws:s3:::a*b", True),
        ("arn:aws:s3:::${k}*", "arn:aws:s3:::b", False),
        ("arn:aws:s3:::${absent}*", "arn:aws:s3:::b", False),
        ("arn:aws:s3:::?*", "arn:aws:s3:::b", True),
        ("arn:aws:s3:::?*", "arn:aws:s3:::", False),
        ("arn:aws:s3:::*", "arn:aws:s3:::", True),
        ("arn:aws:s3:::*", "*", False),
        ("**", "*", True),
    ],
)
def test_pattern(text: str, resource: str, expected: bool) -> None:
    assert compile_resources([read(text)])(resource, CONTEXT) is expected


@pytest.mark.parametrize("text", ["", "a", "a:b:c:d:e:f", "arn:aws:s3", "Arn:aws:s3:::b", "?"])
def test_what_is_no_resource_is_not_read(text: str) -> None:
    assert read_resource(text, variables=True, complete=False) is None
