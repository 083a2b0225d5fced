"""What holds of all advice, whatever the text."""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advice.check.table import A, allow, deny
from sekisho.advice.check import CODES, KINDS, check, guess
from sekisho.advice.check import MOST_ADVICE as MOST
from sekisho.advice.check.overlap import can_meet, covers, covers_resource
from sekisho.advice.layout import lay_out
from sekisho.policy import InvalidPolicy, PolicyType, parse_policy
from sekisho.policy.syntax import LONGEST_TEXT, BadJson

# The first examples read the catalog, so that none is held to a time.
SLOW = settings(deadline=None)

kinds = st.sampled_from(sorted(KINDS))
words = st.sampled_from(
    [
        "*",
        "s3:*",
        "s3:Get*",
        "s3:GetObject",
        "iam:PassRole",
        "sts:AssumeRole",
        "x:y",
        "",
        ":",
        "a",
        "arn:aws:s3:::b",
        "arn:aws:s3:::b/*",
        "arn:aws:s3:::${aws:username}",
        "arn:aws:iam::*:role/*",
        "arn:aws",
        "arn:::::",
        "${",
        "${*}",
        "${aws:TagKeys}",
        A,
        f"arn:aws:iam::{A}:root",
        "true",
        "2030-01-01",
        "10.0.0.0/8",
        "aws:SourceIp",
        "aws:TagKeys",
        "s3:prefix",
        "saml:sub",
        "ec2.x",
        "lambda.amazonaws.com",
        "Allow",
        "Deny",
        "2012-10-17",
        "StringEquals",
        "?",
    ]
)
elements = st.sampled_from(
    [
        "Version",
        "Statement",
        "Id",
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
        "AWS",
        "Service",
        "Federated",
    ]
)
texts = words | st.text(max_size=8)
anything = st.recursive(
    texts | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(elements | texts, inner, max_size=5)
    ),
    max_leaves=30,
)
lists = texts | st.lists(texts, min_size=1, max_size=4)
operators = st.sampled_from(
    [
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "ForAllValues:StringEquals",
        "Null",
        "Bool",
        "ForAnyValue:StringLike",
        "NumericLessThan",
        "NumericGreaterThan",
        "DateLessThan",
        "IpAddress",
        "DateGreaterThanEquals",
        "ArnLike",
        "BoolIfExists",
        "BinaryEquals",
        "NotIpAddress",
    ]
)
conditions = st.dictionaries(
    operators, st.dictionaries(texts, lists | st.just([]), max_size=3), max_size=3
)
principals = st.just("*") | st.dictionaries(
    st.sampled_from(["AWS", "Service", "Federated", "CanonicalUser"]), lists, min_size=1
)
statements = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"])},
    optional={
        "Sid": texts,
        "Action": lists,
        "NotAction": lists,
        "Resource": lists,
        "NotResource": lists,
        "Principal": principals,
        "NotPrincipal": principals,
        "Condition": conditions,
    },
)
policies = st.fixed_dictionaries(
    {"Statement": statements | st.lists(statements, min_size=1, max_size=4)},
    optional={"Version": st.sampled_from(["2012-10-17", "2008-10-17"]), "Id": texts},
)


def looked_at(text: str, kind: str) -> None:
    guess(text)
    for advice in check(text, KINDS[kind], A):
        assert advice.code in CODES
        assert 0 <= advice.start <= advice.end <= max(len(text), advice.start)
        assert advice.line >= 1
        assert advice.column >= 1
        if advice.mend is not None:
            parse_policy(advice.mend.apply(text))


@SLOW
@given(st.text() | st.text('{}[]":,\\ "a1-'), kinds)
def test_no_text_breaks_it(text: str, kind: str) -> None:
    looked_at(text, kind)


@SLOW
@given(anything, kinds)
def test_no_json_breaks_it(value: Any, kind: str) -> None:
    looked_at(json.dumps(value), kind)


@settings(SLOW, max_examples=400)
@given(policies, kinds)
def test_no_policy_breaks_it(value: Any, kind: str) -> None:
    """And what any mend makes of a policy is a policy."""
    looked_at(json.dumps(value, indent=1), kind)


@SLOW
@given(policies)
def test_all_advice_is_in_the_order_of_the_text(value: Any) -> None:
    places = [a.start for a in check(json.dumps(value), KINDS["identity"])]
    assert places == sorted(places)


HOSTILE = {
    "patterns": allow([f"s3:*{i}*{i}?*" for i in range(6_000)]),
    "one pattern": allow("s3:" + "*a" * 60_000),
    "resources": allow(
        "s3:GetObject", ["arn:aws:s3:::" + "*?" * 30 + str(i) for i in range(1_500)]
    ),
    "long resources": allow("s3:*", ["arn:aws:s3:::" + "*a" * 1_000 + str(i) for i in range(60)]),
    "unknown actions": allow([f"ec2:Described{i}" for i in range(6_000)]),
    "unknown services": allow([f"ec{i}:Describe" for i in range(7_000)]),
    "statements": [allow([f"s3:a{i}*", f"s3:b{i}*"]) for i in range(1_500)],
    "privileges": [allow(["iam:*a", "*:x*"]), deny("iam:*b")] * 600,
    "keys": allow("*", "*", {"StringEquals": {f"aws:Sourc{i}": "a" for i in range(5_000)}}),
    "values": allow("*", "*", {"StringEquals": {"aws:username": ["a*"] * 20_000}}),
    "variables": allow("s3:*", "arn:aws:s3:::" + "${aws:usernam}" * 8_000),
    "tag keys": allow(
        "ec2:*", "*", {"StringEquals": {f"aws:RequestTag/{i}": "a" for i in range(3_000)}}
    ),
    "operators": allow(
        "*",
        "*",
        {op: {"aws:username": ["a"] * 3_000} for op in ("StringEquals", "StringNotEquals")},
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_end(name: str) -> None:
    """Within a bound of work; the bound of this test is far above it, so as to fail on no load."""
    text = json.dumps({"Version": "2012-10-17", "Statement": HOSTILE[name]}, separators=(",", ":"))
    assert len(text) <= LONGEST_TEXT
    assert len(check(text, KINDS["identity"])) <= MOST


patterns = st.text("ab*?:/", max_size=6)
samples = st.text("ab:/", max_size=6)


@SLOW
@given(patterns, patterns, samples)
def test_what_covers_matches_all_that_is_covered(wide: str, narrow: str, text: str) -> None:
    if covers(wide, narrow) and fnmatchcase(text, narrow):
        assert fnmatchcase(text, wide)


@SLOW
@given(patterns, patterns, samples)
def test_patterns_that_match_one_text_meet(one: str, other: str, text: str) -> None:
    def arn(last: str) -> str:
        return f"arn:aws:s3:::{last}"

    if fnmatchcase(text, one) and fnmatchcase(text, other):
        assert can_meet(arn(one), arn(other))


@SLOW
@given(st.text("ab*", max_size=5), st.text("ab*", max_size=5))
def test_patterns_that_meet_have_a_text_in_common(one: str, other: str) -> None:
    """Shown by a search of all short texts."""
    if can_meet(f"arn:aws:s3:::{one}", f"arn:aws:s3:::{other}"):
        found = [t for t in SHORT if fnmatchcase(t, one) and fnmatchcase(t, other)]
        assert found or len(one.replace("*", "")) + len(other.replace("*", "")) > LONGEST_SHORT


LONGEST_SHORT = 8
SHORT = [""]
for _ in range(LONGEST_SHORT):
    SHORT += [text + letter for text in SHORT if len(text) == len(SHORT[-1]) for letter in "ab"]


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("*", "arn:aws:s3:::b", True),
        ("arn:aws:s3:::*", "*", False),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}/*", True),
        ("arn:aws:s3:::*user*", "arn:aws:s3:::${aws:username}", False),
        ("arn:aws:s3:*:*:b", "arn:aws:s3:::b", True),
        ("arn:aws:*:b", "arn:aws:s3:::b", False),
        ("arn:aws:s3:::b?", "arn:aws:s3:::b*", False),
        ("arn:aws:s3:::${aws:username}*", "arn:aws:s3:::${aws:username}a", False),
    ],
)
def test_resources_that_cover(wide: str, narrow: str, expected: bool) -> None:
    assert covers_resource(wide, narrow) is expected


def meaning(text: str) -> Any:
    try:
        return parse_policy(text)
    except InvalidPolicy as invalid:
        return sorted((f.path, f.code, f.message) for f in invalid.findings)


def laid_out(text: str) -> str | None:
    try:
        return lay_out(text)
    except BadJson:
        return None


@SLOW
@given(policies | anything, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_layout_keeps_the_meaning(value: Any, indent: Any, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    done = laid_out(text)
    if done is not None:
        assert json.loads(done) == json.loads(text)
        assert meaning(done) == meaning(text)


@SLOW
@given(policies | anything)
def test_layout_is_idempotent(value: Any) -> None:
    done = laid_out(json.dumps(value))
    if done is not None:
        assert lay_out(done) == done


@SLOW
@given(policies)
def test_advice_does_not_hang_on_the_layout(value: Any) -> None:
    text = json.dumps(value)
    first = sorted((a.code, a.path) for a in check(text, KINDS["scp"]))
    assert sorted((a.code, a.path) for a in check(lay_out(text), KINDS["scp"])) == first


def test_the_kinds_are_those_of_the_language() -> None:
    assert {kind.type for kind in KINDS.values() if kind.type} == set(PolicyType)
