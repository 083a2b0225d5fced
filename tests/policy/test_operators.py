"""Condition operators (section C of the facts)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.policy import Clause, Context
from sekisho.policy.literals import read_address, read_instant, read_network, read_number
from sekisho.policy.operators import OPERATORS, compile_condition, is_operator

AB, JUST_A = ("a", "b"), ("a",)


def holds(operator: str, values: tuple[str, ...], context: Context) -> bool:
    return compile_condition(Clause(operator, "K", values), variables=True).holds("", context)


@pytest.mark.parametrize(
    ("operator", "values", "absent", "is_a", "is_b", "several"),
    [
        ("StringEquals", AB, False, True, True, False),
        ("StringNotEquals", AB, True, False, False, None),
        ("StringEqualsIfExists", JUST_A, True, True, False, None),
        ("StringNotEqualsIfExists", JUST_A, True, False, True, None),
        ("ForAllValues:StringEquals", AB, True, True, True, False),
        ("ForAnyValue:StringEquals", AB, False, True, True, True),
        ("ForAllValues:StringNotEquals", JUST_A, True, False, True, False),
        ("ForAnyValue:StringNotEquals", JUST_A, False, False, True, True),
        ("Null", ("true",), True, False, False, False),
        ("Null", ("false",), False, True, True, True),
    ],
)
def test_truth_table(
    operator: str,
    values: tuple[str, ...],
    absent: bool,
    is_a: bool,
    is_b: bool,
    several: bool | None,
) -> None:
    """PE-167, cell by cell; None where the table says nothing."""
    assert holds(operator, values, {}) is absent
    assert holds(operator, values, {"k": "a"}) is is_a
    assert holds(operator, values, {"k": "b"}) is is_b
    if several is not None:
        assert holds(operator, values, {"k": ("a", "c")}) is several


VALUES = st.sampled_from(("10.0.0.1", "11.0.0.1", "::ffff:10.0.0.1", "a", "ab", "abc", "", "A"))
LISTED = st.sampled_from(("10.0.0.0/8", "::/0", "a*", "*b", "a?*", "${k2}", "${k2}*", "abc", "*"))


@given(
    st.sampled_from(("StringLike", "IpAddress")),
    st.lists(LISTED, max_size=3),
    VALUES | st.just(()) | st.tuples(VALUES, VALUES),
)
def test_theorem_one_value_is_any_of_one_value(
    operator: str, listed: list[str], value: str | tuple[str, ...]
) -> None:
    """The operators with a test of their own for single values; several are none (PE-152)."""
    context: Context = {"k": value, "k2": "a"}
    for suffix in ("", "IfExists"):
        any_of_them = holds(f"ForAnyValue:{operator}{suffix}", tuple(listed), context)
        several = isinstance(value, tuple) and len(value) > 1
        assert holds(operator + suffix, tuple(listed), context) is (any_of_them and not several)


@pytest.mark.parametrize(
    ("operator", "listed", "value", "expected"),
    [
        ("StringEquals", "A*", "A*", True),  # PE-159
        ("StringEquals", "A*", "Ab", False),
        ("StringEquals", "a", "A", False),
        ("StringEqualsIgnoreCase", "aB", "Ab", True),
        ("StringNotEqualsIgnoreCase", "aB", "Ab", False),
        ("StringLike", "a?c*", "abcd", True),
        ("StringLike", "a?c*", "Abcd", False),
        ("StringNotLike", "a*", "b", True),
        ("StringEquals", "", "", True),  # PE-150
        ("NumericEquals", "10", "10.0", True),  # PE-160
        ("NumericEquals", "10", "1e1", False),
        ("NumericEquals", "x", "x", False),
        ("NumericNotEquals", "10", "11", True),
        ("NumericNotEquals", "10", "x", False),  # PE-151
        ("NumericLessThan", "10", "9.99", True),
        ("NumericLessThan", "10", "10", False),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "-1", "0", True),
        ("NumericGreaterThanEquals", "1", "0.5", False),
        ("DateEquals", "2026-05-01T00:00:00Z", "2026-05-01", True),  # PE-161
        ("DateEquals", "2026-05-01T02:00:00+02:00", "2026-05-01T00:00:00Z", True),
        ("DateEquals", "2026-04-30T19:00:00-05:00", "2026-05-01T00:00:00Z", True),
        ("DateEquals", "1777593600", "2026-05-01T00:00:00Z", True),
        ("DateNotEquals", "2026-05-01", "2026-05-02", True),
        ("DateNotEquals", "2026-05-01", "soon", False),  # PE-151
        ("DateLessThan", "2026-05-01T00:00:00.5Z", "2026-05-01T00:00:00.499Z", True),
        ("DateLessThanEquals", "2026T", "2026-01-01T00:00:00Z", True),
        ("DateGreaterThan", "2026-05", "1777593600", False),
        ("DateGreaterThanEquals", "2026-05", "1777593600", True),
        ("Bool", "true", "TRUE", True),  # PE-162
        ("Bool", "true", "false", False),
        ("Bool", "yes", "yes", False),
        ("BinaryEquals", "YWJj", "YWJj", True),  # PE-163
        ("BinaryEquals", "YWJj", "YWJk", False),
        ("BinaryEquals", "YWJj", "?", False),
        ("IpAddress", "192.0.2.0/24", "192.0.2.255", True),  # PE-164
        ("IpAddress", "192.0.2.7/24", "192.0.2.9", True),
        ("IpAddress", "192.0.2.7", "192.0.2.7", True),
        ("IpAddress", "192.0.2.7", "192.0.2.8", False),
        ("IpAddress", "::ffff:192.0.2.7", "::ffff:192.0.2.7", True),
        ("IpAddress", "::ffff:192.0.2.7", "192.0.2.7", True),
        ("IpAddress", "::ffff:192.0.2.0/120", "192.0.2.7", True),
        ("NotIpAddress", "::ffff:192.0.2.0/120", "192.0.2.7", False),
        ("IpAddress", "::ffff:192.0.2.0/120", "192.0.3.7", False),
        ("IpAddress", "::ffff:0:0/95", "192.0.2.7", False),
        ("IpAddress", "0.0.0.0/0", "8.8.8.8", True),
        ("IpAddress", "::/0", "2001:db8::1", True),
        ("IpAddress", "::/0", "8.8.8.8", False),
        ("IpAddress", "0.0.0.0/0", "2001:db8::1", False),
        ("IpAddress", "2001:db8::/32", "2001:DB8:0:0::1", True),
        ("IpAddress", "192.0.2.0/24", "::ffff:192.0.2.1", True),
        ("IpAddress", "192.0.2.0/255.255.255.0", "192.0.2.1", False),
        ("IpAddress", "192.0.2.0/33", "192.0.2.0", False),
        ("IpAddress", "192.0.2.*", "192.0.2.1", False),
        ("IpAddress", "192.0.2.0/24", "192.0.2.1%eth0", False),
        ("NotIpAddress", "2001:db8::/32", "192.0.2.1", True),
        ("NotIpAddress", "192.0.2.0/24", "192.0.2.1", False),
        ("ArnEquals", "arn:aws:iam::1:role/*", "arn:aws:iam::1:role/a/b", True),  # PE-165
        ("ArnLike", "arn:aws:iam::*:role/?", "arn:aws:iam::1:role/a", True),
        ("ArnLike", "arn:aws:iam::1:role/a", "arn:aws:iam::1:role/A", False),
        (
            "ArnLike",
            "arn:aws:someservice:*:111122223333:finance/*",
            "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/d.txt",
            False,
        ),
        (
            "StringLike",
            "arn:aws:someservice:*:111122223333:finance/*",
            "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/d.txt",
            True,
        ),
        ("ArnLike", "arn:aws:lambda:*:*:function:*", "arn:aws:lambda:e:1:function:f:p", True),
        ("ArnLike", "*", "arn:aws:iam::1:role/a", True),
        ("ArnLike", "*", "role", False),
        ("ArnLike", "arn:aws:iam::*", "arn:aws:iam::1:role/a", False),
        ("ArnNotLike", "arn:aws:iam::1:role/*", "arn:aws:iam::1:user/a", True),
        ("ArnNotEquals", "arn:aws:iam::1:role/a", "arn:aws:iam::1:role/a", False),
        ("StringEquals", "arn:aws:iam::1:role/*", "arn:aws:iam::1:role/a", False),  # PE-166
    ],
)
def test_operator(operator: str, listed: str, value: str, expected: bool) -> None:
    assert holds(operator, (listed,), {"k": value}) is expected


@pytest.mark.parametrize(
    ("operator", "values", "context", "expected"),
    [
        ("StringEquals", (), {"k": "a"}, False),  # PE-146
        ("StringEqualsIfExists", (), {"k": "a"}, False),
        ("StringEqualsIfExists", (), {}, True),
        ("ForAllValues:StringEquals", (), {"k": "a"}, False),
        ("ForAllValues:StringEquals", (), {}, True),
        ("ForAllValues:StringEquals", ("a",), {"k": ""}, True),  # PE-150
        ("ForAllValues:StringEquals", ("a",), {"k": ()}, True),  # PE-153
        ("ForAnyValue:StringEquals", ("a",), {"k": ()}, False),  # PE-154
        ("ForAnyValue:StringEqualsIfExists", ("a",), {}, True),  # PE-156
        ("ForAnyValue:StringEqualsIfExists", ("a",), {"k": "b"}, False),
        ("StringNotEquals", ("a",), {"k": ("a", "b")}, False),  # PE-152
        ("StringEquals", ("a",), {"k": ()}, False),
        ("StringNotEquals", ("a",), {"k": ()}, True),
        ("Null", ("TRUE",), {}, True),  # PE-157
        ("Null", ("true",), {"k": ()}, True),
        ("Null", ("false",), {"k": ""}, True),  # PE-150
        ("Null", ("maybe",), {}, False),
        ("ForAllValues:Null", ("false",), {}, True),
        ("ForAnyValue:Null", ("true",), {}, False),
        ("StringEquals", ("${other}",), {"k": "a", "other": "a"}, True),  # PE-53
        ("StringEquals", ("${other}",), {"k": "a"}, False),  # PE-57
        ("StringNotEquals", ("${other}",), {"k": "a"}, True),  # PE-57
        ("StringEquals", ("${other}", "a"), {"k": "a"}, True),
        ("StringNotEquals", ("${other}", "a"), {"k": "a"}, False),
        ("StringNotEquals", ("${other}", "b"), {"k": "a"}, True),
        ("StringLike", ("${other}*",), {"k": "a"}, False),
        ("StringNotLike", ("${other}*",), {"k": "a"}, True),
        ("ArnEquals", ("${other}",), {"k": "arn:aws:iam::1:a"}, False),
        ("ArnNotLike", ("arn:aws:iam::1:${other}",), {"k": "arn:aws:iam::1:a"}, True),
        ("ForAnyValue:StringEquals", ("${other}",), {"k": ("a", "b"), "other": "b"}, True),
        ("StringEquals", ("${other, 'a'}",), {"k": "a"}, True),  # PE-54
        ("StringEquals", ("${other, 'a'}",), {"k": "a", "other": ()}, True),  # absent (PE-150)
        ("StringEquals", ("${other, 'a'}",), {"k": "a", "other": ""}, False),
        ("StringEquals", ("${other, 'a'}",), {"k": "a", "other": ("a", "b")}, False),  # PE-53
        ("StringEquals", ("${other}",), {"k": "a", "other": ("a",)}, False),  # PE-53
        ("StringEquals", ("${*}",), {"k": "*"}, True),  # PE-55
        ("StringLike", ("a${*}${?}${$}",), {"k": "a*?$"}, True),  # PE-55
        ("StringLike", ("a${*}${?}${$}",), {"k": "abc$"}, False),
        ("ArnLike", ("arn:aws:iam::1:${*}",), {"k": "arn:aws:iam::1:a"}, False),  # PE-55
        ("ArnLike", ("arn:aws:iam::1:${o}",), {"k": "arn:aws:iam::1:a", "o": "*"}, False),  # PE-56
        ("StringLike", ("${other}*",), {"k": "*x", "other": "*"}, True),  # PE-56
        ("StringLike", ("${other}*",), {"k": "yx", "other": "*"}, False),
        ("StringEqualsIgnoreCase", ("${other}",), {"k": "AB", "other": "ab"}, True),
        ("ArnLike", ("${arn}",), {"k": "arn:aws:iam::1:a", "arn": "arn:aws:iam::1:a"}, True),
        ("ArnLike", ("arn:aws:iam::${n}:*",), {"k": "arn:aws:iam::1:a", "n": "1"}, True),
        ("NumericEquals", ("${other}",), {"k": "1", "other": "1"}, False),  # PE-160
        ("DateEquals", ("${other}",), {"k": "2026-01-01", "other": "2026-01-01"}, False),  # PE-53
        ("IpAddress", ("${other}",), {"k": "192.0.2.1", "other": "192.0.2.1"}, False),  # PE-53
        ("BinaryEquals", ("${other}",), {"k": "YQ==", "other": "YQ=="}, False),  # PE-53
        ("NumericLessThan", ("5", "10"), {"k": "7"}, True),  # PE-160
    ],
)
def test_condition(
    operator: str, values: tuple[str, ...], context: Context, expected: bool
) -> None:
    assert holds(operator, values, context) is expected


def test_variables_are_text_in_2008() -> None:
    clause = Clause("StringEquals", "k", ("${other}",))
    condition = compile_condition(clause, variables=False)
    assert condition.holds("", {"k": "${other}", "other": "a"})
    assert not condition.holds("", {"k": "a", "other": "a"})


def test_alike_clauses_share_their_condition_unless_their_versions_differ() -> None:
    first, second, other = (
        compile_condition(Clause("StringLike", "k", ("a*", "${b}")), variables)
        for variables in (True, True, False)
    )
    assert first is second
    assert first is not other


@pytest.mark.parametrize("name", ["Null", *OPERATORS, *(f"{one}IfExists" for one in OPERATORS)])
def test_every_operator_is_known_with_every_prefix(name: str) -> None:
    assert len(OPERATORS) == 26  # PE-158, with Null 27
    assert all(is_operator(prefix + name) for prefix in ("", "ForAllValues:", "ForAnyValue:"))


@pytest.mark.parametrize(
    "name", ["", "string", "Stringequals", "IfExists", "NullIfExists", "BoolIfExistsIfExists"]
)
def test_others_are_no_operators(name: str) -> None:
    assert not is_operator(name)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970T", 0),
        ("1970", 1970),
        ("0", 0),
        ("1969-12-31T23:59:59Z", -1),
        ("2000-02-29", 951_782_400),
        ("2026-02-31", 1_772_496_000),
        ("2016-12-13t2:00:00.593194+23", None),
        ("2016-12-13T21:20:37+00:00", 1_481_664_037),
        ("01T", -62_135_596_800),
        ("9223372036854775807", 9_223_372_036_854_775_807),
    ],
)
def test_dates(text: str, seconds: int | None) -> None:
    found = read_instant(text)
    assert found is not None
    if seconds is not None:
        assert found == seconds * 10**9


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sdfdsf",
        "234-13",
        "2016-12-13t2:00:00.593194+1",
        "2016-12-13t2:00:00.1999999999+10:59",
        "9223372036854775808",
        "2026-01-01T24:00:00Z",
        "2026-01-32",
        "-",
        "t",
        "٢٠٢٦-01-01",
        "1.5",
        "-292275055",
        "292278994-01",
        "2" * 5_000,
        "2026-01-01T00:00:00ZZ",
    ],
)
def test_texts_that_are_no_dates(text: str) -> None:
    assert read_instant(text) is None  # PE-70


@given(st.text())
def test_theorem_reading_values_never_raises(text: str) -> None:
    for read in (read_number, read_instant, read_network, read_address):
        read(text)


@given(
    st.sampled_from(["Null", *OPERATORS]),
    st.sampled_from(["", "ForAllValues:", "ForAnyValue:"]),
    st.lists(st.text("aA1*?${}:/.-", max_size=6), max_size=3),
    st.none() | st.text("aA1*:/.-", max_size=6) | st.tuples(st.text("a1", max_size=2)),
)
def test_theorem_conditions_always_answer(
    operator: str, prefix: str, values: list[str], value: str | tuple[str, ...] | None
) -> None:
    context: Context = {} if value is None else {"k": value}
    assert isinstance(holds(prefix + operator, tuple(values), context), bool)
