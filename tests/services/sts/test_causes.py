"""Why a role cannot be assumed, cause by cause, and what the caller sees of it (PE-201, E2)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.credentials import Credentials
from demo.policies import allow, deny, policy, trust

from gate.gatehouse import AWAY, HOME, Answer, Gatehouse

ROLE = f"arn:aws:iam::{AWAY}:role/team/Target"
UNA = f"arn:aws:iam::{HOME}:user/una"
ALL = json.dumps(allow("*", "*"))
EVERY = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]


@pytest.fixture
def una(gatehouse: Gatehouse) -> Credentials:
    """A user who may do everything, and a role with a path, which trusts the account."""
    form = {"RoleName": "Target", "Path": "/team/"}
    form["AssumeRolePolicyDocument"] = json.dumps(trust(HOME, actions=EVERY))
    gatehouse.done(gatehouse.call(gatehouse.away, "CreateRole", **form))
    return gatehouse.new_user("una", ALL)


def assume(house: Gatehouse, keys: Credentials, role: str = ROLE, **form: str) -> Answer:
    given = {"RoleArn": role, "RoleSessionName": "visit", **form}
    return house.call(keys, "AssumeRole", "sts", **given)


def entrust(house: Gatehouse, principal: str, condition: Any = None) -> None:
    document = json.dumps(trust(principal, condition, actions=EVERY))
    form = {"RoleName": "Target", "PolicyDocument": document}
    house.done(house.call(house.away, "UpdateAssumeRolePolicy", **form))


def denied(role: str = ROLE) -> tuple[int, str, str]:
    said = f"User: {UNA} is not authorized to perform: sts:AssumeRole on resource: {role}"
    return (403, "AccessDenied", said)


@pytest.mark.parametrize(
    "role",
    [
        ROLE.replace("Target", "Nobody"),
        ROLE.replace(AWAY, "999999999999"),
        ROLE.replace(AWAY, HOME),
        ROLE.replace("Target", "target"),
        ROLE.replace("team/", ""),
        ROLE.replace("team/", "other/"),
    ],
)
def test_a_role_that_is_not_there(gatehouse: Gatehouse, una: Credentials, role: str) -> None:
    """#6, PE-202: told like one that is there and does not trust."""
    assert assume(gatehouse, una, role).refusal == denied(role)


def lacks_the_action(house: Gatehouse) -> None:  # 8
    house.permit("una", json.dumps(allow("s3:*", "*")))


def misses_the_path(house: Gatehouse) -> None:  # 8
    house.permit("una", json.dumps(allow("sts:*", f"arn:aws:iam::{AWAY}:role/Target")))


def is_not_trusted(house: Gatehouse) -> None:  # 9
    entrust(house, AWAY)


def was_created_again(house: Gatehouse) -> None:  # 10
    entrust(house, UNA)
    keys = house.done(house.call(house.home, "ListAccessKeys", UserName="una")).text
    key = keys.partition("<AccessKeyId>")[2].partition("<")[0]
    for action, form in (
        ("DeleteUserPolicy", {"PolicyName": "p"}),
        ("DeleteAccessKey", {"AccessKeyId": key}),
        ("DeleteUser", {}),
    ):
        house.done(house.call(house.home, action, UserName="una", **form))


def is_bounded(house: Gatehouse) -> None:  # 12
    form = {"PolicyName": "limit", "PolicyDocument": json.dumps(allow("s3:*", "*"))}
    limit = house.done(house.call(house.home, "CreatePolicy", **form)).value("Arn")
    form = {"UserName": "una", "PermissionsBoundary": limit}
    house.done(house.call(house.home, "PutUserPermissionsBoundary", **form))


def is_denied(house: Gatehouse) -> None:  # 14
    both = policy(*allow("*", "*")["Statement"], *deny("sts:AssumeRole", "*")["Statement"])
    house.permit("una", json.dumps(both))


@pytest.mark.parametrize(
    "cause",
    [
        lacks_the_action,
        misses_the_path,
        is_not_trusted,
        was_created_again,
        is_bounded,
        is_denied,
    ],
    ids=lambda cause: cause.__name__,
)
def test_one_sentence_for_every_cause(
    gatehouse: Gatehouse, una: Credentials, cause: Callable[[Gatehouse], None]
) -> None:
    """#8…#10, #12 and #14."""
    gatehouse.done(assume(gatehouse, una))
    cause(gatehouse)
    if cause is was_created_again:
        una = gatehouse.new_user("una", ALL)
    assert assume(gatehouse, una).refusal == denied()


TAG = {"Tags.member.1.Key": "team", "Tags.member.1.Value": "red"}


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        ({"StringEquals": {"sts:ExternalId": "Unit-7"}}, {"ExternalId": "Unit-7"}),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, None),
        ({"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}, None),
        ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, {}),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}, None),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{HOME}:user/bob"}}, None),
        ({"ArnLike": {"aws:PrincipalArn": UNA}}, {}),
        ({"StringEquals": {"sts:RoleSessionName": "una"}}, {"RoleSessionName": "una"}),
        ({"StringEquals": {"sts:SourceIdentity": "una"}}, {"SourceIdentity": "una"}),
        ({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, None),
        ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, {}),
        ({"StringEquals": {"aws:RequestTag/team": "red"}}, TAG),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}, TAG),
    ],
)
def test_what_the_trust_policy_asks_for(
    gatehouse: Gatehouse, una: Credentials, condition: Any, met: dict[str, str] | None
) -> None:
    """#11: met is what makes it come true, empty where nothing need be passed."""
    entrust(gatehouse, HOME, condition)
    if met is None:
        assert assume(gatehouse, una).refusal == denied()
        return
    gatehouse.done(assume(gatehouse, una, **met))
    if met and "ForAllValues" not in str(condition):
        assert assume(gatehouse, una).refusal == denied()
        assert assume(gatehouse, una, **{**met, list(met)[-1]: "other"}).refusal == denied()


def test_a_role_does_not_trust_itself(gatehouse: Gatehouse, una: Credentials) -> None:
    """#25, PE-114."""
    form = {"RoleName": "Target", "PolicyName": "p", "PolicyDocument": ALL}
    gatehouse.done(gatehouse.call(gatehouse.away, "PutRolePolicy", **form))
    session = gatehouse.assume(una, ROLE)
    status, code, said = assume(gatehouse, session).refusal
    assert (status, code) == (403, "AccessDenied")
    assert said.startswith(f"User: arn:aws:sts::{AWAY}:assumed-role/Target/visit is not")
    form = {"RoleName": "Target", "PolicyDocument": json.dumps(trust([HOME, ROLE], actions=EVERY))}
    gatehouse.done(gatehouse.call(gatehouse.away, "UpdateAssumeRolePolicy", **form))
    gatehouse.done(assume(gatehouse, session))
