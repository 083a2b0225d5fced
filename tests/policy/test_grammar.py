"""Reading policies: what the grammar takes, what it finds, and that nothing else ever happens."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.policy import (
    Clause,
    Effect,
    InvalidPolicy,
    NamedPrincipal,
    Policy,
    PolicyType,
    measured_size,
    parse_policy,
    refusal,
)
from sekisho.policy.syntax import DEEPEST, LONGEST_TEXT

STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def document(**changes: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": {**STATEMENT, **changes}}


def codes(text: str) -> list[str]:
    with pytest.raises(InvalidPolicy) as caught:
        parse_policy(text)
    return [finding.code for finding in caught.value.findings]


def test_a_whole_policy_is_read() -> None:
    policy = parse_policy(
        json.dumps(
            {
                "Version": "2012-10-17",
                "Id": "an id",
                "Statement": [
                    {
                        "Sid": "One",
                        "Effect": "Allow",
                        "Principal": {"AWS": ["111111111111", "*"], "Service": "ec2.amazonaws.com"},
                        "Action": ["s3:Get*", "s3:List*"],
                        "NotResource": "arn:aws:s3:::b",
                        "Condition": {
                            "NumericEquals": {"s3:max-keys": [10, 2.50]},
                            "Bool": {"aws:SecureTransport": True},
                            "StringLike": {},
                        },
                    },
                    {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"},
                ],
            }
        )
    )
    one, two = policy.statements
    assert (policy.version, policy.id) == ("2012-10-17", "an id")
    assert one.principals == (
        NamedPrincipal("AWS", "111111111111"),
        NamedPrincipal("AWS", "*"),
        NamedPrincipal("Service", "ec2.amazonaws.com"),
    )
    assert one.actions == ("s3:Get*", "s3:List*")
    assert (one.resources, one.not_resources) == (None, ("arn:aws:s3:::b",))
    assert one.conditions == (
        Clause("NumericEquals", "s3:max-keys", ("10", "2.5")),
        Clause("Bool", "aws:SecureTransport", ("true",)),
    )
    assert (two.effect, two.index, two.sid, two.not_actions) == (Effect.DENY, 1, "", ("iam:*",))


def test_numbers_are_kept_as_they_are_written() -> None:
    text = json.dumps(document(Condition={"NumericEquals": {"a:b": 0}})).replace("0}", "0.10}")
    assert parse_policy(text).statements[0].conditions[0].values == ("0.10",)  # PE-14


@pytest.mark.parametrize(
    ("given_document", "expected"),
    [
        ([], ["WrongType"]),
        ({}, ["MissingStatement"]),
        ({"Statement": []}, ["EmptyStatement"]),  # PE-3
        ({"Statement": "x"}, ["WrongType"]),
        ({"Statement": [1]}, ["WrongType"]),
        ({"Statement": STATEMENT, "Conditions": {}}, ["UnknownElement"]),  # PE-1
        ({"Statement": STATEMENT, "version": "2012-10-17"}, ["UnknownElement"]),  # PE-1
        ({"Statement": STATEMENT, "Version": "2013-10-17"}, ["InvalidVersion"]),  # PE-9
        ({"Statement": STATEMENT, "Id": 1}, ["WrongType"]),  # PE-11
        (document(Foo="x"), ["UnknownElement"]),  # PE-4
        (document(Sid=["x"]), ["WrongType"]),
        (document(NotAction="x:y"), ["Conflict"]),  # PE-6
        (document(NotResource="*"), ["Conflict"]),
        (document(Principal="*", NotPrincipal="*"), ["Conflict"]),
        (document(Effect="allow"), ["EffectCase"]),  # PE-7
        (document(Effect="Permit"), ["InvalidEffect"]),
        (document(Effect=True), ["WrongType"]),
        (document(Action=[]), ["EmptyAction"]),  # PE-13
        (document(Action=[["a:b"]]), ["WrongType"]),
        (document(Resource=[]), ["EmptyResource"]),
        (document(Resource={"a": "b"}), ["WrongType"]),
        (document(Principal="x"), ["WrongType"]),  # PE-20
        (document(Principal={"Group": "x"}), ["UnknownElement"]),  # PE-16
        (document(Condition=[]), ["WrongType"]),
        (document(Condition={"StringEquals": "x"}), ["WrongType"]),
        (document(Condition={"StringEquals": {"a": {}}}), ["WrongType"]),  # PE-14
        (document(Condition={"StringEquals": {"a": None}}), ["WrongType"]),
        (document(Condition={"stringequals": {"a": "b"}}), ["UnknownOperator"]),  # PE-148
        (document(Condition={"NullIfExists": {"a": "true"}}), ["UnknownOperator"]),  # PE-157
        (document(Condition={"ForAnyValue::Bool": {"a": "b"}}), ["UnknownOperator"]),
        (document(Condition={"StringEquals": {"a:B": "x", "A:b": "y"}}), ["DuplicateKey"]),  # PE-5
        ({"Statement": {}}, ["MissingAction", "MissingEffect"]),
    ],
)
def test_a_fault_is_found(given_document: Any, expected: list[str]) -> None:
    assert sorted(codes(json.dumps(given_document))) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"Condition": {}},  # PE-13
        {"Condition": {"NoSuchOperator": {}}},
        {"Condition": {"StringEquals": {"a": []}}},
        {"Condition": {"ForAllValues:StringEqualsIfExists": {"a": "b"}}},
        {"Condition": {"ForAnyValue:Null": {"a": "true"}}},
        {"Sid": ""},  # PE-12
        {"Principal": "*"},
    ],
)
def test_what_looks_odd_but_is_grammar(changes: dict[str, Any]) -> None:
    assert isinstance(parse_policy(json.dumps(document(**changes))), Policy)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "InvalidJson"),
        ("{", "InvalidJson"),
        ("{}x", "InvalidJson"),
        ("{'a': 1}", "InvalidJson"),
        ('{"a": 01}', "InvalidJson"),
        ('{"a": "\t"}', "InvalidJson"),
        ('{"a": "\\x"}', "InvalidJson"),
        ('{"a": "\\ud800"}', "InvalidJson"),
        ('{"a": NaN}', "InvalidJson"),
        ('{"a": 1,}', "InvalidJson"),
        ("[1,]", "InvalidJson"),
        ("\ufeff{}", "InvalidJson"),
        ('{"a": 1, "a": 1}', "DuplicateKey"),  # PE-5
        ('{"a": 1, "\\u0061": 1}', "DuplicateKey"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "TooDeep"),
        ("[" * 100_000, "TooDeep"),
        (" " * LONGEST_TEXT + "{}", "TooLong"),  # PE-2
    ],
)
def test_a_text_that_is_not_json_has_one_finding(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_findings_point_at_their_place() -> None:
    text = '{\n  "Version": "2012-10-17",\n  "Statement": {\n    "Effect": "allow"\n  }\n}'
    with pytest.raises(InvalidPolicy) as caught:
        parse_policy(text)
    missing, effect = caught.value.findings
    assert (missing.path, missing.code, missing.line, missing.column) == (
        "Statement",
        "MissingAction",
        3,
        16,
    )
    assert (effect.path, effect.line, effect.column) == ("Statement.Effect", 4, 15)
    assert str(effect) == "4:15: Statement.Effect: Effect is Allow or Deny"


@pytest.mark.parametrize(
    ("text", "code", "wanted"),
    [
        (
            '{"Statement": {"Effect": "Allow",\n "Acton": "x", "Action": "a:b"}}',
            "UnknownElement",
            "2:2",
        ),
        (
            '{"Statement": {"Effect": "Allow", "Action": "a:b",\n\n  "NotAction": "c:d"}}',
            "Conflict",
            "3:3",
        ),
        (
            '{"Statement": {"Effect": "Allow", "Action": "a:b",'
            ' "Condition":\n{"Like": {"k": "v"}}}}',
            "UnknownOperator",
            "2:2",
        ),
        (
            '{"Statement": {"Effect": "Allow", "Action": "a:b", "Condition":'
            ' {"Bool": {"k": "v",\n"K": "v"}}}}',
            "DuplicateKey",
            "2:1",
        ),
        ('{"Statement": {"Effect": "Allow", "Action": ["a:b",\n 7]}}', "WrongType", "2:2"),
        ('{"a": 1,\n\n "a": 2}', "DuplicateKey", "3:2"),
        ('{"Version": "2012-10-17",\n"Statement": [}', "InvalidJson", "2:15"),
        ("{\n" + " " * LONGEST_TEXT, "TooLong", "2:262143"),
    ],
)
def test_a_finding_points_at_what_is_wrong(text: str, code: str, wanted: str) -> None:
    """A name that is wrong is pointed at itself, not its value."""
    with pytest.raises(InvalidPolicy) as caught:
        parse_policy(text)
    (finding,) = caught.value.findings
    assert (finding.code, f"{finding.line}:{finding.column}") == (code, wanted)


def test_bytes_are_read_as_utf_8() -> None:
    assert parse_policy(json.dumps(document()).encode()) == parse_policy(json.dumps(document()))
    with pytest.raises(InvalidPolicy) as caught:
        parse_policy('{"Id": "é",\n"Sid": "'.encode() + b'\xff"}')
    (finding,) = caught.value.findings
    assert (finding.code, finding.line, finding.column) == ("NotUtf8", 2, 9)
    assert refusal(b'{"\xff": 1}', PolicyType.IDENTITY) == "Syntax errors in policy."
    assert refusal(b'{"\xff": 1}', PolicyType.TRUST) == "This policy contains invalid Json"


def test_findings_are_short_and_inert() -> None:
    text = json.dumps(document(**{"\x1b[2J" + "x" * 100_000: "y"}))
    with pytest.raises(InvalidPolicy) as caught:
        parse_policy(text)
    (finding,) = caught.value.findings
    assert finding.message.startswith('there is no element "\\x1b[2Jxxx')
    assert len(str(finding)) < 500
    assert str(finding).isprintable()


def test_all_faults_are_gathered() -> None:
    faulty = {"Version": "x", "Statement": [{"Effect": "No"}, {"Action": 1}]}
    assert sorted(codes(json.dumps(faulty))) == [
        "InvalidEffect",
        "InvalidVersion",
        "MissingAction",
        "MissingEffect",
        "WrongType",
    ]


def test_size_is_measured_without_white_space() -> None:
    assert measured_size('{ "a":\t"b c"\r\n}') == len('{"a":"bc"}')  # PE-60


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Version",
                    "Statement",
                    "Effect",
                    "Action",
                    "Resource",
                    "Principal",
                    "AWS",
                    "Condition",
                    "StringEquals",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.text() | JSON_VALUES.map(json.dumps))
def test_theorem_parsing_raises_invalid_policy_or_nothing(text: str) -> None:
    try:
        assert isinstance(parse_policy(text), Policy)
    except InvalidPolicy as invalid:
        assert invalid.findings


@given(st.text() | JSON_VALUES.map(json.dumps), st.sampled_from(PolicyType))
def test_theorem_what_is_not_refused_can_be_parsed(text: str, kind: PolicyType) -> None:
    if refusal(text, kind) is None:
        parse_policy(text)


STRICT = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny", "allow", "no"])},
    optional={
        "Sid": st.sampled_from(["", "a", "b"]),
        "Principal": st.sampled_from(
            ["*", {}, {"AWS": "*"}, {"AWS": []}, {"AWS": "111111111111"}, {"Service": "x"}]
        ),
        "Action": st.sampled_from([[], "s3:GetObject", "sts:AssumeRole", "*", ["s3:*", 1]]),
        "NotAction": st.sampled_from(["s3:GetObject", "sts:AssumeRole"]),
        "Resource": st.sampled_from([[], "*", "arn:aws:s3:::b/*", "arn:aws:s3::b", "x"]),
        "Condition": st.sampled_from(
            [{}, {"Foo": {}}, {"Foo": {"a": "b"}}, {"StringEquals": {"aws:userid": ["x", 1]}}]
        ),
        "Other": st.just("x"),
    },
)


@given(
    st.lists(STRICT, max_size=3),
    st.sampled_from(["2012-10-17", "2008-10-17", "x", None]),
    st.sampled_from(PolicyType),
)
def test_theorem_near_policies_that_are_not_refused_can_be_parsed(
    statements: list[Any], version: str | None, kind: PolicyType
) -> None:
    text = json.dumps({"Statement": statements, **({"Version": version} if version else {})})
    if refusal(text, kind) is None:
        parse_policy(text)


def test_findings_are_bounded() -> None:
    faulty = json.dumps(document(Action=[1] * 20_000))
    assert codes(faulty) == ["WrongType"] * 100
    assert refusal(faulty, PolicyType.IDENTITY) == "Syntax errors in policy."


def test_a_large_bucket_policy_is_judged() -> None:
    actions = ["s3:GetObject"] * 4_000
    resources = ["arn:aws:s3:::b/*"] * 3_000
    text = json.dumps(document(Principal="*", Action=actions, Resource=resources))
    assert refusal(text, PolicyType.BUCKET) is None


@pytest.mark.parametrize(
    ("operator", "meant"),
    [
        ("StringEqual", "StringEquals"),
        ("ForAnyValue:StringNotEqualIgnoreCase", "ForAnyValue:StringNotEqualsIgnoreCase"),
        ("NumericLessThanEqualIfExists", "NumericLessThanEqualsIfExists"),
        ("EqualString", ""),
    ],
)
def test_the_operator_that_was_meant(operator: str, meant: str) -> None:
    with pytest.raises(InvalidPolicy) as caught:
        parse_policy(json.dumps(document(Condition={operator: {"a": "b"}})))
    (finding,) = caught.value.findings
    more = f'; did you mean "{meant}"?' if meant else ""
    assert finding.message == f'there is no condition operator "{operator}"{more}'
