"""Which bucket policies are public (PE-140, W-278)."""

import json
from typing import Any

import pytest

from sekisho.policy import is_public, parse_policy

A = "111111111111"


def public(**changes: Any) -> bool:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **changes}
    return is_public(parse_policy(json.dumps({"Version": "2012-10-17", "Statement": statement})))


def open_to(operator: str, key: str, *values: str) -> bool:
    return public(Principal="*", Condition={operator: {key: list(values)}})


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": [A, "*"]}, True),
        ({"AWS": A}, False),
        ({"AWS": f"arn:aws:iam::{A}:role/x"}, False),
        ({"Service": "logging.s3.amazonaws.com"}, False),
        ({"CanonicalUser": "0a" * 32}, False),
        ({"Federated": "graph.facebook.com"}, True),
        ({"AWS": "${aws:PrincipalArn}"}, True),
    ],
)
def test_principals(principal: Any, expected: bool) -> None:
    assert public(Principal=principal) is expected


@pytest.mark.parametrize(
    ("operator", "key", "value", "expected"),
    [
        ("IpAddress", "aws:SourceIp", "10.0.0.0/8", False),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/7", True),
        ("IpAddress", "aws:SourceIp", "2001:db8::/32", False),
        ("IpAddress", "aws:SourceIp", "2001::/31", True),
        ("IpAddress", "aws:SourceIp", "0.0.0.0/0", True),
        ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", True),
        ("IpAddressIfExists", "aws:SourceIp", "10.0.0.0/8", True),
        ("StringEquals", "aws:SourceVpc", "vpc-1", False),
        ("StringLike", "aws:SourceVpc", "vpc-*", True),
        ("StringEquals", "aws:sourceVPCE", "vpce-1", False),
        ("StringEquals", "aws:PrincipalOrgID", "o-1", False),
        ("StringNotEquals", "aws:PrincipalOrgID", "o-1", True),
        ("StringEquals", "aws:PrincipalOrgID", "${aws:userid}", True),
        ("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1", True),
        ("ForAllValues:StringEquals", "aws:SourceAccount", A, True),
        ("StringEquals", "aws:SourceAccount", A, False),
        ("ArnLike", "aws:SourceArn", f"arn:aws:sns:eu-west-1:{A}:t", False),
        ("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:*", True),
        ("StringLike", "aws:userid", "AROAEXAMPLEID:*", True),
        ("StringEquals", "aws:userid", "AIDAEXAMPLEID", False),
        ("StringEquals", "aws:UserAgent", "x", True),
        ("ArnLike", "s3:DataAccessPointArn", f"arn:aws:s3:eu-west-1:{A}:accesspoint/*", False),
        ("ArnLike", "s3:DataAccessPointArn", "arn:aws:s3:eu-west-1:*:accesspoint/*", True),
        ("StringEquals", "s3:DataAccessPointAccount", A, False),
    ],
)
def test_conditions(operator: str, key: str, value: str, expected: bool) -> None:
    assert open_to(operator, key, value) is expected


def test_every_value_must_be_fixed() -> None:
    assert open_to("StringLike", "aws:SourceVpc", "vpc-1", "vpc-*")
    assert open_to("IpAddress", "aws:SourceIp", "10.0.0.0/8", "0.0.0.0/0")
    assert open_to("StringEquals", "aws:SourceVpc")


def test_denials_are_not_public_and_others_exempted_are() -> None:
    assert not public(Effect="Deny", Principal="*")
    assert public(NotPrincipal={"AWS": A})


def test_one_public_statement_makes_the_policy_public() -> None:
    closed = {"Effect": "Allow", "Principal": {"AWS": A}, "Action": "s3:*", "Resource": "*"}
    opened = {**closed, "Principal": "*"}
    assert is_public(parse_policy(json.dumps({"Statement": [closed, opened]})))
    assert not is_public(parse_policy(json.dumps({"Statement": [closed, closed]})))
