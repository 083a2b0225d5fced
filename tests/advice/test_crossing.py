"""`crossing` decides from two accounts' answers what STS decides from their policies (PE-108…)."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import botocore.session
import pytest
from botocore.credentials import Credentials
from botocore.parsers import create_parser
from demo.policies import allow, policy, statement, trust

from gate.gatehouse import AWAY, HOME, Gatehouse
from sekisho.advice.accounts import LISTS, AccountAnswer, UnusableAnswer
from sekisho.advice.crossing import crossing
from sekisho.policy import Explanation

USER = f"arn:aws:iam::{HOME}:user/team/una"
UNA_ID = "AIDAUNAUNAUNAUNAUNAUN"
CLERK = f"arn:aws:iam::{HOME}:role/Clerk"
ROLE = f"arn:aws:iam::{AWAY}:role/Guest"
MAY_GO = f"arn:aws:iam::{HOME}:policy/MayGo"
GO = allow("sts:AssumeRole", ROLE)
EXTERNAL = {"StringEquals": {"sts:ExternalId": "Case-9"}}
NOTHING: Mapping[str, str] = {}


def managed(arn: str, document: Any, old: Any) -> dict[str, Any]:
    versions = [
        {"VersionId": "v2", "IsDefaultVersion": True, "Document": document},
        {"VersionId": "v1", "IsDefaultVersion": False, "Document": old},
    ]
    return {"PolicyName": arn.rpartition("/")[2], "Arn": arn, "PolicyVersionList": versions}


def attached(arn: str) -> dict[str, Any]:
    return {"AttachedManagedPolicies": [{"PolicyName": "x", "PolicyArn": arn}]}


def inline(kind: str, document: Any) -> dict[str, Any]:
    return {f"{kind}PolicyList": [{"PolicyName": "in", "PolicyDocument": document}]}


def home(user: Mapping[str, Any], **lists: Any) -> AccountAnswer:
    una = {"UserName": "una", "UserId": UNA_ID, "Arn": USER, **user}
    clerk = {
        "RoleName": "Clerk",
        "RoleId": "AROACLERK",
        "Arn": CLERK,
        "AssumeRolePolicyDocument": trust(USER),
        **inline("Role", GO),
    }
    told = {
        "UserDetailList": [una],
        "GroupDetailList": [],
        "RoleDetailList": [clerk],
        "Policies": [managed(MAY_GO, GO, policy(statement("Deny", Action="*", Resource="*")))],
    }
    return AccountAnswer(json.dumps({**told, **lists}))


def away(document: Any, **more: Any) -> AccountAnswer:
    guest = {
        "RoleName": "Guest",
        "RoleId": "AROAGUEST",
        "Arn": ROLE,
        "AssumeRolePolicyDocument": document,
        **more,
    }
    return AccountAnswer(
        json.dumps(
            {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [guest], "Policies": []}
        )
    )


def sides(explanation: Explanation) -> list[str]:
    """On whose side something is missing."""
    return [remedy.partition(":")[0].removeprefix("account ") for remedy in explanation.remedies]


IN_GROUP = {
    "GroupDetailList": [
        {"GroupName": "ops", "Arn": f"arn:aws:iam::{HOME}:group/ops", **inline("Group", GO)}
    ]
}


@pytest.mark.parametrize(
    ("account", "document", "missing"),
    [
        (home(inline("User", GO)), trust(USER), []),
        (home(inline("User", quote(json.dumps(GO)))), trust(USER), []),
        (home(attached(MAY_GO)), trust(f"arn:aws:iam::{HOME}:root"), []),
        (home({"GroupList": ["ops"]}, **IN_GROUP), trust(USER), []),
        (home({}), trust(USER), [HOME]),
        (home(inline("User", GO)), trust(CLERK), [AWAY]),
        (home({}), trust(CLERK), [HOME, AWAY]),
        (home(inline("User", GO)), trust(UNA_ID), []),  # PE-31: as it was bound
        (home(inline("User", GO)), trust("AIDAGONEGONEGONEGONEG"), [AWAY]),
        (
            home({**inline("User", GO), "PermissionsBoundary": {"PermissionsBoundaryArn": MAY_GO}}),
            trust(USER),
            [],
        ),
        (
            home(
                {
                    **inline("User", allow("*", "*")),
                    "PermissionsBoundary": {"PermissionsBoundaryArn": "b"},
                },
                Policies=[managed("b", allow("s3:*", "*"), GO)],
            ),
            trust(USER),
            [HOME],
        ),
    ],
)
def test_the_half_that_is_missing(
    account: AccountAnswer, document: Any, missing: list[str]
) -> None:
    explanation = crossing([account, away(document)], USER, ROLE, NOTHING)
    assert explanation.decision.allowed is not bool(missing)
    assert sides(explanation) == missing


@pytest.mark.parametrize(
    ("condition", "given"),
    [
        (EXTERNAL, {"sts:externalID": "Case-9"}),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {"aws:MultiFactorAuthPresent": "true"}),
        ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, {"aws:SourceIp": "192.0.2.7"}),
        ({"StringEquals": {"aws:PrincipalTag/Team": "red"}}, {"aws:PrincipalTag/team": "red"}),
    ],
)
def test_what_the_request_brings(condition: Any, given: dict[str, str]) -> None:
    answers = [home(inline("User", GO)), away(trust(USER, condition))]
    assert not crossing(answers, USER, ROLE, NOTHING).decision.allowed
    assert crossing(answers, USER, ROLE, given).decision.allowed


def test_what_the_answers_bring() -> None:
    """Tags of both, and the keys that every principal has."""
    tagged = {"Tags": [{"Key": "Team", "Value": "red"}]}
    condition = {
        "StringEquals": {
            "aws:PrincipalTag/team": "red",
            "aws:ResourceTag/team": "${aws:PrincipalTag/team}",
            "aws:PrincipalArn": USER,
            "aws:username": "una",
            "aws:PrincipalAccount": HOME,
        }
    }
    answers = [home({**inline("User", GO), **tagged}), away(trust(USER, condition), **tagged)]
    assert crossing(answers, USER, ROLE, NOTHING).decision.allowed


@pytest.mark.parametrize("who", [CLERK, f"arn:aws:sts::{HOME}:assumed-role/Clerk/visit"])
def test_a_role_goes_on_to_the_next(who: str) -> None:
    answers = [home({}), away(trust(CLERK))]
    assert crossing(answers, who, ROLE, NOTHING).decision.allowed


@pytest.mark.parametrize(
    ("who", "role", "said"),
    [
        (f"arn:aws:iam::{HOME}:user/una", ROLE, f"there is no user .*; did you mean {USER}"),
        (f"{USER}h", ROLE, f"there is no user .*; did you mean {USER}"),
        (USER, f"arn:aws:iam::{AWAY}:role/team/guest", f"there is no role .*; did you mean {ROLE}"),
        (f"arn:aws:sts::{HOME}:assumed-role/Cook/x", ROLE, "there is no role"),
        ("una", ROLE, "una is no ARN"),
        (USER, "arn:aws:iam::999988887777:role/Guest", "tells of account 999988887777"),
        (f"arn:aws:iam::{HOME}:root", ROLE, "root users may not assume roles"),
    ],
)
def test_who_or_what_is_not_there(who: str, role: str, said: str) -> None:
    with pytest.raises(UnusableAnswer, match=said):
        crossing([home(inline("User", GO)), away(trust(USER))], who, role, NOTHING)


@pytest.mark.parametrize(
    ("user", "said"),
    [
        (attached("arn:aws:iam::aws:policy/Other"), "does not tell of policy"),
        ({"GroupList": ["gone"]}, "does not tell of group gone"),
        (inline("User", "{"), "policy in of .* is no policy"),
        (inline("User", {"Statement": {}}), "cannot be read"),
        ({"UserId": 7}, "no UserId"),
        ({"GroupList": 7}, "GroupList is no list"),
        ({"Tags": ["a"]}, "Tags holds something else"),
        ({"AttachedManagedPolicies": {}}, "AttachedManagedPolicies is no list"),
        ({"PermissionsBoundary": {}}, "no PermissionsBoundaryArn"),
    ],
)
def test_what_is_not_told(user: dict[str, Any], said: str) -> None:
    """An answer with a part left out must not look like an account without it."""
    with pytest.raises(UnusableAnswer, match=said):
        crossing([home(user), away(trust(USER))], USER, ROLE, NOTHING)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"UserDetailList": []}',
        "[" * 100_000,
        json.dumps(GO),
        json.dumps({key: [] for key in LISTS}),
        json.dumps(dict.fromkeys(LISTS)),
        json.dumps({key: [7] for key in LISTS}),
    ],
)
def test_a_text_that_is_no_answer(text: str) -> None:
    with pytest.raises(UnusableAnswer):
        AccountAnswer(text)


def details(gatehouse: Gatehouse, root: Credentials) -> AccountAnswer:
    """What an account of this server answers, read as botocore reads it."""
    answer = gatehouse.done(gatehouse.call(root, "GetAccountAuthorizationDetails"))
    model = botocore.session.get_session().get_service_model("iam")
    shape = model.operation_model("GetAccountAuthorizationDetails").output_shape
    body = {"body": answer.text.encode(), "headers": {}, "status_code": 200}
    told = create_parser("query").parse(body, shape)
    return AccountAnswer(json.dumps(told, default=str))


def test_theorem_it_says_what_sts_says(gatehouse: Gatehouse) -> None:
    """Of accounts of this server, asked for their details, in every way of having both halves."""
    role = gatehouse.new_role("Guest", json.dumps(trust(f"arn:aws:iam::{HOME}:root", EXTERNAL)))
    for name, document in (("una", GO), ("duo", allow("sts:*", "*")), ("tre", None)):
        keys = gatehouse.new_user(name, "" if document is None else json.dumps(document))
        for external in ("Case-9", "case-9"):
            form = {"RoleArn": role, "RoleSessionName": "visit", "ExternalId": external}
            answer = gatehouse.call(keys, "AssumeRole", "sts", **form)
            answers = [details(gatehouse, gatehouse.home), details(gatehouse, gatehouse.away)]
            who = f"arn:aws:iam::{HOME}:user/{name}"
            told = crossing(answers, who, role, {"sts:ExternalId": external})
            assert told.decision.allowed is (answer.status == 200)
