"""Wildcards and variables."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.policy.patterns import (
    Wild,
    compile_pattern,
    read_pattern,
    shared_beginning,
)
from sekisho.policy.variables import Variable, read_template, resolve


def matches(pattern: str, text: str) -> bool:
    return compile_pattern(read_pattern(pattern))(text)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("", "", True),
        ("", "a", False),
        ("abc", "abc", True),
        ("abc", "abd", False),
        ("*", "", True),
        ("**", "abc", True),
        ("a*", "a", True),
        ("a*", "ba", False),
        ("*a", "ba", True),
        ("*a*", "bab", True),
        ("*a*", "bcb", False),
        ("a*b", "ab", True),
        ("a*b", "acb", True),
        ("a*a", "a", False),
        ("a*b*c", "a1b2b3c", True),
        ("a*b*c", "a1c2b", False),
        ("?", "a", True),
        ("?", "", False),
        ("?", "ab", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("*?", "a", True),
        ("?*?", "a", False),
        ("*?b*", "bb", True),
        ("*a?c*e", "xxabcde", True),
        ("*a?c*e", "xxacbde", False),
        ("*ab?*b", "abb", False),
        ("*aab?", "aaaabx", True),
        (".*", "ab", False),
        ("[a]", "a", False),
        ("a\nb*", "a\nbc", True),
    ],
)
def test_pattern(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected


@given(st.text("ab*?", max_size=9), st.text("ab", max_size=9))
def test_theorem_patterns_mean_what_their_expression_means(pattern: str, text: str) -> None:
    signs = {"*": ".*", "?": "."}
    expression = "".join(signs.get(sign, re.escape(sign)) for sign in pattern)
    assert matches(pattern, text) is (re.fullmatch(expression, text, re.DOTALL) is not None)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*" * 10_000, "a" * 10_000, True),
        ("*a" * 5_000 + "*b", "a" * 10_000, False),
        ("*a?" * 3_000 + "*b", "a" * 10_000, False),
        ("*" + "a?" * 3_000 + "b*", "a" * 10_000, False),
        ("*" + "?" * 5_000 + "b*", "a" * 10_000, False),
        ("?" * 10_000, "a" * 10_000, True),
        ("*?" * 5_000, "a" * 10_000, True),
        ("a" * 5_000 + "*" + "a" * 5_001, "a" * 10_000, False),
    ],
)
def test_hostile_patterns_are_decided(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a${aws:username}b", ("a", Variable("aws:username"), "b")),  # PE-53
        ("${AWS:UserName}", (Variable("aws:username"),)),
        (
            "${aws:PrincipalTag/team, 'a*'}*",
            (Variable("aws:principaltag/team", "a*"), Wild.RUN),
        ),  # PE-54
        ("${a:b,'x'}", (Variable("a:b", "x"),)),
        ("${a:b, ''}", (Variable("a:b", ""),)),
        ("${*}${?}${$}", ("*", "?", "$")),  # PE-55
        ("${}", ("${}",)),  # PE-59
        ("${aws:user name}", ("${aws:user name}",)),
        ("${aws:x, 'y}", ("${aws:x, 'y}",)),
        ("${aws:x, y}", ("${aws:x, y}",)),
        ("${", ("${",)),
        ("${a${b}", ("${a", Variable("b"))),
        ("$", ("$",)),
    ],
)
def test_template(text: str, expected: tuple[object, ...]) -> None:
    assert read_template(text, wildcards=True, variables=True) == expected


def test_without_variables_and_wildcards_a_template_is_text() -> None:
    assert read_template("${a:b}*", wildcards=False, variables=False) == ("${a:b}*",)


def test_a_value_is_put_in_as_text() -> None:
    template = read_template("a/${k}/*", wildcards=True, variables=True)
    assert resolve(template, {"k": "*?"}, 9) == ("a/", "*?", "/", Wild.RUN)  # PE-56


@pytest.mark.parametrize("context", [{}, {"k": ()}, {"k": ("a",)}])
def test_what_has_no_single_value_cannot_be_put_in(context: dict[str, tuple[str, ...]]) -> None:
    assert resolve(read_template("${k}", wildcards=True, variables=True), context, 9) is None


def test_hostile_templates_are_read() -> None:
    assert read_template("${" * 20_000, wildcards=True, variables=True) == ("${" * 20_000,)
    hostile = "${a, '" * 10_000
    assert read_template(hostile, wildcards=True, variables=True) == (hostile,)


def test_a_variable_that_is_repeated_without_end_is_given_up() -> None:
    """More literal text than the value has letters matches nothing, and is not put together."""
    template = read_template("a/*" + "${k}" * 30_000, wildcards=True, variables=True)
    assert resolve(template, {"k": "v" * 1000}, 2000) is None
    assert resolve(template, {"k": ""}, 2) is not None
    assert resolve(template, {"k": ""}, 1) is None


@given(st.lists(st.text("ab", max_size=5), max_size=4))
def test_theorem_a_shared_beginning_begins_all_and_none_longer_does(texts: list[str]) -> None:
    shared = shared_beginning(texts)
    assert all(text.startswith(shared) for text in texts)
    assert not texts or len({text[: len(shared) + 1] for text in texts}) > 1 or shared in texts
