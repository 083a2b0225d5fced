"""What a session is, how long it lasts, and what ends it (PE-121, PE-173, PE-210…PE-216)."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from demo.policies import allow, policy, statement, trust

from gate.gatehouse import AWAY, FORM, HERE, HOME, Answer, Gatehouse

ROLE = f"arn:aws:iam::{AWAY}:role/team/Target"
SESSION = f"arn:aws:sts::{AWAY}:assumed-role/Target/visit"
EVERY = ["sts:AssumeRole", "sts:TagSession"]
MAY_ALL = json.dumps(allow("*", "*"))


@pytest.fixture
def una(gatehouse: Gatehouse) -> Credentials:
    """A user who may assume a role with a path, which may do everything."""
    form = {"RoleName": "Target", "Path": "/team/", "MaxSessionDuration": "7200"}
    form["AssumeRolePolicyDocument"] = json.dumps(trust(HOME, actions=EVERY))
    gatehouse.done(gatehouse.call(gatehouse.away, "CreateRole", **form))
    form = {"RoleName": "Target", "PolicyName": "p", "PolicyDocument": MAY_ALL}
    gatehouse.done(gatehouse.call(gatehouse.away, "PutRolePolicy", **form))
    return gatehouse.new_user("una", MAY_ALL)


def assume(house: Gatehouse, keys: Credentials, **form: str) -> Answer:
    return house.call(keys, "AssumeRole", "sts", RoleArn=ROLE, RoleSessionName="visit", **form)


def role_id(house: Gatehouse) -> str:
    return house.done(house.call(house.away, "GetRole", RoleName="Target")).value("RoleId")


def tagged(*pairs: tuple[str, str]) -> dict[str, str]:
    form: dict[str, str] = {}
    for number, (key, value) in enumerate(pairs, 1):
        form |= {f"Tags.member.{number}.Key": key, f"Tags.member.{number}.Value": value}
    return form


def test_what_assume_role_gives(gatehouse: Gatehouse, una: Credentials) -> None:
    """PE-121, W-105"""
    made = gatehouse.done(assume(gatehouse, una))
    assert made.value("Arn") == SESSION
    assert made.value("AssumedRoleId") == f"{role_id(gatehouse)}:visit"
    assert re.fullmatch(r"ASIA[A-Z2-7]{16}", made.value("AccessKeyId"))
    expires = datetime.strptime(made.value("Expiration"), "%Y-%m-%dT%H:%M:%SZ").timestamp()
    assert expires % 1 == 0
    assert "PackedPolicySize" not in made.text
    assert "SourceIdentity" not in made.text
    for form in (tagged(("a", "1")), {"Policy": MAY_ALL}):
        assert "PackedPolicySize" in gatehouse.done(assume(gatehouse, una, **form)).text


def test_elements_have_awss_order(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-102, W-105"""
    told = gatehouse.done(gatehouse.call(una, "GetCallerIdentity", "sts")).text
    assert re.findall("<(Arn|UserId|Account)>", told) == ["Arn", "UserId", "Account"]
    wanted = ["AssumedRoleUser", "AssumedRoleId", "Arn", "Credentials", "AccessKeyId"]
    wanted += ["SecretAccessKey", "SessionToken", "Expiration"]
    told = gatehouse.done(assume(gatehouse, una)).text
    assert [name for name in re.findall(r"<(\w+)>", told) if name in wanted] == wanted


def test_who_one_is(gatehouse: Gatehouse, una: Credentials) -> None:
    """PE-173, W-122"""

    def told(keys: Credentials) -> tuple[str, str, str]:
        answer = gatehouse.done(gatehouse.call(keys, "GetCallerIdentity", "sts"))
        return answer.value("UserId"), answer.value("Arn"), answer.value("Account")

    user = gatehouse.done(gatehouse.call(gatehouse.home, "GetUser", UserName="una"))
    own = (user.value("UserId"), f"arn:aws:iam::{HOME}:user/una", HOME)
    assert own[0].startswith("AIDA")
    assert told(una) == own
    assert told(gatehouse.session(una, "GetSessionToken")) == own
    assert told(gatehouse.home) == (HOME, f"arn:aws:iam::{HOME}:root", HOME)
    session = gatehouse.assume(una, ROLE)
    assert told(session) == (f"{role_id(gatehouse)}:visit", SESSION, AWAY)
    federated = gatehouse.session(una, "GetFederationToken", Name="fred")
    assert told(federated) == (
        f"{HOME}:fred",
        f"arn:aws:sts::{HOME}:federated-user/fred",
        HOME,
    )


def test_whose_a_key_is(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-102, W-121: long-term and temporary keys, of whichever account."""
    for keys, account in ((una, HOME), (gatehouse.away, AWAY), (gatehouse.assume(una, ROLE), AWAY)):
        form = {"AccessKeyId": keys.access_key}
        told = gatehouse.done(gatehouse.call(una, "GetAccessKeyInfo", "sts", **form))
        assert told.value("Account") == account


def test_policies_know_a_session_by_its_role(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-122: aws:PrincipalArn is the role's, with its path; aws:userid names the session too."""
    keys = {"aws:PrincipalArn": ROLE, "aws:userid": f"{role_id(gatehouse)}:visit"}
    document = json.dumps(allow("iam:ListUsers", "*", {"StringEquals": keys}))
    session = gatehouse.assume(una, ROLE)
    form = {"RoleName": "Target", "PolicyName": "p", "PolicyDocument": document}
    gatehouse.done(gatehouse.call(gatehouse.away, "PutRolePolicy", **form))
    assert gatehouse.call(session, "ListUsers").status == 200
    assert gatehouse.call(session, "ListRoles").status == 403


def test_how_long_who_may_ask_for(gatehouse: Gatehouse, una: Credentials) -> None:
    """PE-210, PE-211, W-115: an hour at most for who has temporary credentials already."""
    gatehouse.done(assume(gatehouse, una, DurationSeconds="7200"))
    too_long = (
        400,
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role"
        " chaining.",
    )
    session = gatehouse.session(una, "GetSessionToken")
    assert assume(gatehouse, session, DurationSeconds="3601").refusal == too_long
    gatehouse.done(assume(gatehouse, session, DurationSeconds="3600"))
    own = json.dumps(trust([HOME, ROLE], actions=EVERY))
    form = {"RoleName": "Target", "PolicyDocument": own}
    gatehouse.done(gatehouse.call(gatehouse.away, "UpdateAssumeRolePolicy", **form))
    chained = gatehouse.assume(una, ROLE)
    assert assume(gatehouse, chained, DurationSeconds="3601").refusal == too_long
    gatehouse.done(assume(gatehouse, chained))


def test_a_session_is_good_in_every_region(gatehouse: Gatehouse, una: Credentials) -> None:
    """PE-215, W-124: whichever region its token was asked for in."""
    regional: dict[str, Credentials] = {}
    for region in ("us-east-1", "ap-northeast-1"):
        made = signed_in(gatehouse, una, region, f"Action=AssumeRole&RoleArn={ROLE}"
                         "&RoleSessionName=visit")  # fmt: skip
        names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        regional[region] = Credentials(*(made.value(name) for name in names))
    for keys in regional.values():
        for region in ("us-east-1", "eu-north-1"):
            told = signed_in(gatehouse, keys, region, "Action=GetCallerIdentity")
            assert told.value("Arn") == SESSION


def signed_in(house: Gatehouse, keys: Credentials, region: str, form: str) -> Answer:
    """The success of a call to STS in a region."""
    body = f"{form}&Version=2011-06-15".encode()
    request = AWSRequest("POST", HERE + "/", dict(FORM), body)
    SigV4Auth(keys, "sts", region).add_auth(request)
    return house.done(house.send(request, body))


def test_what_ends_a_session(gatehouse: Gatehouse, una: Credentials) -> None:
    """PE-216, W-123: what the role may strikes at once, whom it trusts does not, its end does."""
    away, session = gatehouse.away, gatehouse.assume(una, ROLE)
    form = {"RoleName": "Target", "PolicyDocument": json.dumps(trust(AWAY))}
    gatehouse.done(gatehouse.call(away, "UpdateAssumeRolePolicy", **form))
    assert gatehouse.call(session, "ListUsers").status == 200
    form = {"RoleName": "Target", "PolicyName": "p"}
    gatehouse.done(gatehouse.call(away, "DeleteRolePolicy", **form))
    assert gatehouse.call(session, "ListUsers").status == 403
    assert gatehouse.call(session, "GetCallerIdentity", "sts").status == 200
    gatehouse.done(gatehouse.call(away, "DeleteRole", RoleName="Target"))
    ended = gatehouse.call(session, "GetCallerIdentity", "sts").refusal
    assert ended[:2] == (403, "InvalidClientTokenId")


@pytest.mark.parametrize(
    ("named", "status"), [(SESSION, 200), (ROLE, 403), (f"arn:aws:iam::{AWAY}:root", 403)]
)
def test_a_resource_that_names_the_session_is_not_limited_by_its_policy(
    gatehouse: Gatehouse, una: Credentials, named: str, status: int
) -> None:
    """W-114"""
    gatehouse.done(gatehouse.store(gatehouse.away, "PUT", "/shelf"))
    gatehouse.done(gatehouse.store(gatehouse.away, "PUT", "/shelf/book", b"text"))
    granting = statement(
        "Allow",
        Principal={"AWS": named},
        Action="s3:GetObject",
        Resource="arn:aws:s3:::shelf/*",
    )
    body = json.dumps(policy(granting)).encode()
    gatehouse.done(gatehouse.store(gatehouse.away, "PUT", "/shelf?policy", body))
    limited = gatehouse.assume(una, ROLE, Policy=json.dumps(allow("iam:ListUsers", "*")))
    assert gatehouse.store(limited, "GET", "/shelf/book").status == status
    assert gatehouse.store(gatehouse.assume(una, ROLE), "GET", "/shelf/book").status == 200


@pytest.mark.parametrize(
    ("pairs", "status"),
    [
        ([("k" * 128, "v" * 256)], 200),
        ([("k", "")], 200),
        ([("", "v")], 400),
        ([("k" * 129, "v")], 400),
        ([("k", "v" * 257)], 400),
        ([(f"k{number}", "") for number in range(50)], 200),
        ([(f"k{number}", "") for number in range(51)], 400),
    ],
)
def test_how_many_tags_and_how_long(
    gatehouse: Gatehouse, una: Credentials, pairs: list[tuple[str, str]], status: int
) -> None:
    """W-152"""
    assert assume(gatehouse, una, **tagged(*pairs)).status == status


def test_a_sessions_tag_wins_over_the_roles(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-152, PE-168, PE-212"""
    form = {"RoleName": "Target", **tagged(("Team", "blue"), ("Site", "north"))}
    gatehouse.done(gatehouse.call(gatehouse.away, "TagRole", **form))
    wanted = {"aws:PrincipalTag/team": "red", "aws:PrincipalTag/Site": "north"}
    document = json.dumps(allow("iam:ListUsers", "*", {"StringEquals": wanted}))
    form = {"RoleName": "Target", "PolicyName": "p", "PolicyDocument": document}
    gatehouse.done(gatehouse.call(gatehouse.away, "PutRolePolicy", **form))
    tag: Any = tagged(("TEAM", "red"))
    assert gatehouse.call(gatehouse.assume(una, ROLE, **tag), "ListUsers").status == 200
    assert gatehouse.call(gatehouse.assume(una, ROLE), "ListUsers").status == 403


def test_an_external_id_is_compared_by_its_case(gatehouse: Gatehouse, una: Credentials) -> None:
    """W-156, PE-214"""
    wanted = {"StringEquals": {"sts:ExternalId": "Unit-7"}}
    form = {"RoleName": "Target", "PolicyDocument": json.dumps(trust(HOME, wanted))}
    gatehouse.done(gatehouse.call(gatehouse.away, "UpdateAssumeRolePolicy", **form))
    assert assume(gatehouse, una, ExternalId="Unit-7").status == 200
    for form in ({"ExternalId": "unit-7"}, {"ExternalId": "Unit-70"}, {}):
        assert assume(gatehouse, una, **form).refusal[:2] == (403, "AccessDenied")


def test_a_denial_has_one_code(gatehouse: Gatehouse) -> None:
    """PE-197"""
    nobody = gatehouse.new_user("nobody")
    assert gatehouse.call(nobody, "ListUsers").refusal[:2] == (403, "AccessDenied")
    assert assume(gatehouse, nobody).refusal[:2] == (403, "AccessDenied")
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/shelf"))
    assert gatehouse.store(nobody, "GET", "/shelf").refusal[:2] == (403, "AccessDenied")
