"""Hints, one by one: when each is given, and when it is not."""

from typing import Any

import pytest

from sekisho.model.principal import (
    ANONYMOUS,
    Principal,
    root_principal,
    session_principal,
    user_principal,
)
from sekisho.policy import Clause, Context, Effect, Question, Statement
from sekisho.policy.hints import NO_HINT
from sekisho.policy.hints.actions import near_action
from sekisho.policy.hints.conditions import SOURCES, condition_hint, striking_hint
from sekisho.policy.hints.principals import principal_hint
from sekisho.policy.hints.resources import resource_hint
from sekisho.policy.operators import Condition, compile_condition

A, B = "111111111111", "222222222222"
ALICE = user_principal(A, f"arn:aws:iam::{A}:user/team/alice", "AIDAALICEALICEALICE11", "alice")
CI = session_principal(
    A, f"arn:aws:iam::{A}:role/ops/deploy", "AROADEPLOYDEPLOYDEP11", "deploy", "run-42"
)
CASE_ONLY = "; they differ in upper and lower case only"


def asked(resource: str = "*", action: str = "s3:GetObject", **context: Any) -> Question:
    held = {key.replace("__", ":").lower(): value for key, value in context.items()}
    return Question(ALICE, action, resource, A, held)


@pytest.mark.parametrize(
    ("listed", "action", "words"),
    [
        ("s3:GetObjects", "s3:GetObject", 'lists "s3:GetObjects", which is not s3:GetObject'),
        ("s3:GetObjetc", "s3:GetObject", 'lists "s3:GetObjetc", which is not s3:GetObject'),
        (
            "s3:Get",
            "s3:GetObject",
            'lists "s3:Get", which is not s3:GetObject: without * it means that one name',
        ),
        (
            " s3:GetObject",
            "s3:GetObject",
            'lists " s3:GetObject"; an action with white space in it matches nothing',
        ),
        (
            "s3:Get Object",
            "s3:GetObject",
            'lists "s3:Get Object"; an action with white space in it matches nothing',
        ),
        (
            "ec2:PassRole",
            "iam:PassRole",
            'lists "ec2:PassRole", and that is of the service ec2, not iam',
        ),
        (
            "sts:AssumeRole",
            "sts:TagSession",
            'lists "sts:AssumeRole", and whoever passes session tags needs sts:TagSession'
            " beside it",
        ),
        (
            "sts:Assume*",
            "sts:SetSourceIdentity",
            'lists "sts:Assume*", and whoever passes a source identity needs'
            " sts:SetSourceIdentity beside it",
        ),
    ],
)
def test_an_action_that_is_nearly_listed(listed: str, action: str, words: str) -> None:
    """PE-37, PE-39, PE-116."""
    found = near_action(action, Statement(0, Effect.ALLOW, actions=(listed,)))
    assert found is not None
    assert (found.element, found.listed, found.words) == ("Action", (listed,), words)


@pytest.mark.parametrize(
    ("listed", "action"),
    [
        ("s3:PutObject", "s3:GetObject"),
        ("ec2:*", "s3:GetObject"),
        ("s3:Put*", "s3:GetObject"),
        ("s3:Li", "s3:ListBucket"),  # too short to tell anything
        ("sts:GetCallerIdentity", "sts:TagSession"),
        ("sts:AssumeRole", "sts:GetFederationToken"),
    ],
)
def test_an_action_that_is_far_away(listed: str, action: str) -> None:
    assert near_action(action, Statement(0, Effect.ALLOW, actions=(listed,))) is None


def test_an_action_that_is_left_out() -> None:
    """PE-40: of the list, the patterns that mean it."""
    statement = Statement(0, Effect.ALLOW, not_actions=("ec2:*", "IAM:*", "iam:Create?ser"))
    found = near_action("iam:CreateUser", statement)
    assert found is not None
    assert (found.element, found.listed) == ("NotAction", ("IAM:*", "iam:Create?ser"))


@pytest.mark.parametrize(
    ("principal", "listed", "words", "near"),
    [
        (ALICE, ALICE.arn, ", who was made anew since the policy was saved; saving", True),
        (CI, CI.role_arn, ", who was made anew since the policy was saved; saving", True),
        (ALICE, ALICE.arn.replace("alice", "Alice"), CASE_ONLY, True),
        (ALICE, f"arn:aws:iam::{A}:user/*", "; a wildcard inside a principal", True),
        (ALICE, f"arn:aws:iam::{B}:user/*", "; a wildcard inside a principal", False),
        (ALICE, f"arn:aws:iam::{A}:user/alice", f"; the caller's path differs: {ALICE.arn}", True),
        (CI, f"arn:aws:iam::{A}:role/deploy", f"; the caller's path differs: {CI.role_arn}", True),
        (
            CI,
            f"arn:aws:sts::{A}:assumed-role/deploy/run-41",
            "; that is another session of the same role",
            True,
        ),
        (ALICE, "AIDAFORMERFORMERFORM1", "; AIDAFORMERFORMERFORM1 is what is left of a", True),
        (ALICE, "AROAFORMERFORMERFORM1", "; AROAFORMERFORMERFORM1 is what is left of a", False),
        (ANONYMOUS, A, '; the request is not signed, and only "*" means such callers', False),
        (CI, "ec2.amazonaws.com", f", a session of {CI.role_arn}", False),
    ],
)
def test_a_principal_that_is_not_named(
    principal: Principal, listed: str, words: str, near: bool
) -> None:
    """PE-21…PE-24, PE-31, PE-52, PE-113."""
    found = principal_hint(principal, (f"arn:aws:iam::{B}:user/else", listed))
    assert found.words.startswith(words)
    assert found.near is near


@pytest.mark.parametrize(
    ("principal", "listed"),
    [
        (ALICE, f"arn:aws:iam::{A}:user/team/bob"),
        (ALICE, f"arn:aws:iam::{B}:user/alice"),
        (ALICE, f"arn:aws:iam::{A}:role/alice"),
        (ALICE, B),
        (root_principal(A), B),
    ],
)
def test_other_principals_are_simply_others(principal: Principal, listed: str) -> None:
    assert principal_hint(principal, (listed,)) == NO_HINT


S3 = "arn:aws:s3:::logs"
GROUP = f"arn:aws:logs:us-east-1:{A}:log-group:app"
ROLE = f"arn:aws:iam::{A}:role/ops/web"


@pytest.mark.parametrize(
    ("resource", "listed", "words"),
    [
        ("*", S3, '; this action is asked for on no resource at all, which only "*" covers'),
        (f"{S3}/a", f"{S3}/A", CASE_ONLY),
        (f"{S3}/a", S3, f"; that is the bucket, and {S3}/* are its objects"),
        (S3, f"{S3}/*", f"; those are its objects, and {S3} is the bucket"),
        (f"{S3}/a", f"arn:aws:s3:us-east-1:{A}:logs/*", "; the ARN of a bucket has neither"),
        (f"{S3}/al/x", f"{S3}/${{aws:username}}/*", "; ${aws:username} has no value in"),
        (f"{S3}/al/x", f"{S3}/${{aws:TagKeys}}/*", "; ${aws:tagkeys} has several values, and"),
        (
            f"{S3}/al/x",
            f"{S3}/${{aws:userid}}/*",
            '; without "Version": "2012-10-17" a variable is plain text',
        ),
        (f"{GROUP}:log-stream:s", GROUP, "; this one only begins so, and there is no *"),
        (GROUP, f"{GROUP}:*", "; that is what lies beneath it, and not itself"),
        (f"{S3}/2026/", f"{S3}/2026", "; this one only begins so, and there is no *"),
        (ROLE, f"arn:aws:iam::{A}:role/web", "; its path is /ops/"),
        (ROLE, f"arn:aws:sts::{A}:assumed-role/web/s", "; that is a session of the role, and"),
        (GROUP, GROUP.replace(A, B), f'; the account there is "{B}", and here it is "{A}"'),
        (GROUP, GROUP.replace("us-east-1", "eu-*"), '; the region there is "eu-*", and here it'),
        (GROUP, GROUP.replace(":aws:", ":aws-cn:"), '; the partition there is "aws-cn", and'),
        (GROUP, GROUP.replace(":logs:", ":Logs:"), CASE_ONLY),
        (GROUP, "arn:aws:logs:*", "; here an ARN must have all of its six parts"),
    ],
)
def test_a_resource_that_is_not_reached(resource: str, listed: str, words: str) -> None:
    """PE-43…PE-52."""
    question = asked(resource, aws__userid="al", aws__TagKeys=("a", "b"))
    found = resource_hint(question, ("arn:aws:s3:::other", listed))
    assert found.words.startswith(words)
    assert found.near


@pytest.mark.parametrize(
    ("resource", "listed"),
    [
        (f"{S3}/a", "arn:aws:s3:::other"),
        (f"{S3}/a", "arn:aws:s3:::other/*"),
        (f"{S3}/a", f"{S3}/b/*"),
        (S3, f"{S3}/b"),
        (S3, "arn:aws:s3:::other/*"),
        (f"{S3}/a", f"{S3}/${{aws:username, 'b'}}/*"),
        (ROLE, f"arn:aws:iam::{A}:role/ops/api"),
        (ROLE, f"arn:aws:iam::{B}:role/ops/api"),
        (ROLE, f"arn:aws:sts::{A}:assumed-role/api/s"),
        (GROUP, f"arn:aws:logs:eu-west-1:{B}:log-group:app"),  # two parts differ
        (GROUP, "arn:aws:sqs"),
        (GROUP, "log-group:app"),
    ],
)
def test_other_resources_are_simply_others(resource: str, listed: str) -> None:
    assert resource_hint(asked(resource), (listed,)) == NO_HINT


def condition(operator: str, key: str, *values: str) -> Condition:
    made = compile_condition(Clause(operator, key, values), True)
    assert isinstance(made, Condition)
    return made


def hinted(operator: str, listed: tuple[str, ...], seen: Any, key: str = "a:b") -> tuple[str, str]:
    """The hint after a condition that does not hold."""
    made = condition(operator, key, *listed)
    context: Context = {} if seen is None else {key.lower(): seen}
    question = Question(ALICE, "iam:CreateUser", "*", A, context)
    assert not made.holds("", context)
    found = condition_hint(made, question)
    return found.words, found.way


@pytest.mark.parametrize(
    ("operator", "listed", "seen", "words", "way"),
    [
        ("StringEquals", ("a",), "A", CASE_ONLY, ""),
        ("StringEquals", ("a ",), "a", "; they differ in white space only", ""),
        (
            "StringEquals",
            ("a*",),
            "ab",
            "; StringEquals takes * and ? for letters, StringLike does not",
            "put StringLike in place of StringEquals in",
        ),
        (
            "StringEqualsIgnoreCase",
            ("a?",),
            "ab",
            "; StringEqualsIgnoreCase takes * and ? for letters, StringLike does not",
            "put StringLike in place of StringEqualsIgnoreCase in",
        ),
        (
            "StringLikeIfExists",
            ("a",),
            ("a", "b"),
            "; a key with several values needs ForAnyValue: or ForAllValues:",
            "put ForAnyValue: or ForAllValues: before StringLikeIfExists in",
        ),
        (
            "NumericLessThan",
            ("5",),
            "five",
            "; NumericLessThan compares numbers, and what the request has is none",
            "use another operator than NumericLessThan in",
        ),
        ("NumericLessThan", ("five",), "5", '; "five" is no number, and is', 'mend "five" in'),
        ("DateLessThan", ("soon",), "2026-01-01", '; "soon" is no date, and is', 'mend "soon" in'),
        (
            "DateNotEquals",
            ("2026-01-01",),
            "soon",
            "; DateNotEquals compares dates, and what the request has is none",
            "use another operator than DateNotEquals in",
        ),
        ("IpAddress", ("10.0.0.0/33",), "10.0.0.1", '; "10.0.0.0/33" is no address,', "mend"),
        ("IpAddress", ("10.0.0.0/8",), "2001:db8::1", "; the request came over IPv6,", ""),
        ("IpAddress", ("2001:db8::/32",), "10.0.0.1", "; the request came over IPv4,", ""),
        (
            "BinaryEquals",
            ("YQ==",),
            "?",
            "; BinaryEquals compares base64 texts, and",
            "use another",
        ),
        (
            "ArnLike",
            ("arn:aws:iam::*/x",),
            "arn:aws:iam::1:role/x",
            "; in ArnLike a * does not reach beyond a colon",
            "write the ARN with all its colons in",
        ),
        (
            "StringEquals",
            ("${aws:username}",),
            "al",
            "; ${aws:username} has no value in this request",
            "put what the caller does have in place of ${aws:username} in",
        ),
    ],
)
def test_a_condition_that_does_not_hold(
    operator: str, listed: tuple[str, ...], seen: Any, words: str, way: str
) -> None:
    """PE-57, PE-151, PE-152, PE-159…PE-165."""
    found = hinted(operator, listed, seen)
    assert found[0].startswith(words)
    assert found[1].startswith(way)
    assert bool(found[1]) is bool(way)


@pytest.mark.parametrize(
    ("operator", "listed", "seen"),
    [
        ("StringEquals", ("a",), "b"),
        ("StringEquals", ("b*",), "ab"),
        ("StringLike", ("a*",), "b"),
        ("StringNotEquals", ("a",), "a"),
        ("ForAllValues:StringEquals", ("a",), ("a", "b")),
        ("NumericLessThan", ("5",), "7"),
        ("DateLessThan", ("2026-01-01",), "2026-06-01"),
        ("IpAddress", ("10.0.0.0/8",), "192.0.2.1"),
        ("IpAddress", ("10.0.0.0/8", "2001:db8::/32"), "2001:db9::1"),
        ("ArnLike", ("arn:aws:iam::1:role/x",), "arn:aws:iam::1:role/y"),
        ("Bool", ("true",), "false"),
        ("StringEquals", ("a",), None),
    ],
)
def test_a_condition_that_is_simply_not_met(
    operator: str, listed: tuple[str, ...], seen: Any
) -> None:
    assert hinted(operator, listed, seen) == ("", "")


@pytest.mark.parametrize("key", sorted(SOURCES))
def test_where_a_key_comes_from(key: str) -> None:
    """Told where the key is absent, in any case (PE-147), and not where it has another value."""
    swapped = key.swapcase()
    assert hinted("StringEquals", ("a",), None, swapped) == (f" ({SOURCES[key]})", "")
    assert SOURCES[key] not in hinted("StringEquals", ("a",), "b", swapped)[0]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("aws:PrincipalTag/team", " (the caller has no tag of this key)"),
        ("aws:RequestTag/team", " (the request passes no tag of this key)"),
        ("aws:ResourceTag/team", " (the resource has no tag of this key, or shows none)"),
        ("iam:ResourceTag/team", " (the resource has no tag of this key, or shows none)"),
        ("ec2:Vpc", ""),
    ],
)
def test_whose_tag_is_missing(key: str, words: str) -> None:
    """PE-168."""
    assert hinted("StringEquals", ("a",), None, key) == (words, "")


@pytest.mark.parametrize(
    ("key", "seen", "words"),
    [
        ("aws:MultiFactorAuthPresent", "false", "; the session was made without an MFA code"),
        ("aws:RequestedRegion", "us-east-1", "; services without regions count as us-east-1"),
        ("aws:RequestedRegion", "us-west-2", ""),
    ],
)
def test_values_that_puzzle(key: str, seen: str, words: str) -> None:
    """PE-183, PE-230."""
    found, _ = hinted("StringEquals", ("eu-west-1",), seen, key)
    assert found.startswith(words)
    assert bool(found) is bool(words)


def test_regions_are_told_of_services_without_them_only() -> None:
    """PE-230."""
    question = asked(action="ec2:RunInstances", aws__RequestedRegion="us-east-1")
    made = condition("StringEquals", "aws:RequestedRegion", "eu-west-1")
    assert condition_hint(made, question).words == ""


@pytest.mark.parametrize(
    ("operator", "words"),
    [
        ("StringNotEquals", ", and a negated operator holds without one"),
        ("StringNotEqualsIfExists", ", and a negated operator holds without one"),
        ("StringEqualsIfExists", ", and IfExists holds without one"),
        ("ForAllValues:StringEquals", ", and ForAllValues holds without one"),
        ("ForAnyValue:StringEqualsIfExists", ", and IfExists holds without one"),
    ],
)
def test_a_deny_that_strikes_without_the_key(operator: str, words: str) -> None:
    """PE-149, PE-153, PE-156, PE-227, PE-228."""
    made = condition(operator, "aws:PrincipalOrgID", "o-1")
    assert made.holds("", {})
    told = f" ({SOURCES['aws:principalorgid']})"
    assert striking_hint(made, asked()) == words + told


def test_a_deny_that_strikes_with_the_key_needs_no_hint() -> None:
    made = condition("StringNotEquals", "aws:PrincipalOrgID", "o-1")
    assert striking_hint(made, asked(aws__PrincipalOrgID="o-2")) == ""
