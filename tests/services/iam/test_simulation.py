"""Simulations and the context keys they need (W-214, W-215, PE-144)."""

import json
from typing import Any

import pytest

from services.iam.office import Office, allow, document

OBJECT = "arn:aws:s3:::b/k"
GET, PUT = "s3:GetObject", "s3:PutObject"
BLUE = {"StringEquals": {"aws:PrincipalTag/Team": "blue"}}


def deny(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def custom(office: Office, *policies: str, **more: Any) -> dict[str, Any]:
    """The one result of one action."""
    given = {"PolicyInputList": list(policies), "ActionNames": [GET], **more}
    (result,) = office.do("SimulateCustomPolicy", **given)["EvaluationResults"]
    return dict(result)


def own(office: Office, arn: str, **more: Any) -> dict[str, Any]:
    given = {"PolicySourceArn": arn, "ActionNames": [GET], **more}
    (result,) = office.do("SimulatePrincipalPolicy", **given)["EvaluationResults"]
    return dict(result)


def sources(result: dict[str, Any]) -> list[str]:
    return [one["SourcePolicyId"] for one in result["MatchedStatements"]]


def test_an_allow_is_told_with_its_place(office: Office) -> None:
    """W-214: the places are those of a live answer to this text."""
    text = (
        '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Effect": "Allow",\n'
        '      "Action": "*", "Resource": "*"\n\n    }\n  ]\n}'
    )
    assert custom(office, text) == {
        "EvalActionName": GET,
        "EvalResourceName": "*",
        "EvalDecision": "allowed",
        "MatchedStatements": [
            {
                "SourcePolicyId": "PolicyInputList.1",
                "SourcePolicyType": "IAM Policy",
                "StartPosition": {"Line": 3, "Column": 17},
                "EndPosition": {"Line": 8, "Column": 6},
            }
        ],
        "MissingContextValues": [],
        "OrganizationsDecisionDetail": {"AllowedByOrganizations": True},
        "EvalDecisionDetails": {},
    }


def test_every_allow_is_told_but_of_a_denial_the_deny_alone(office: Office) -> None:
    both = document(allow(GET), allow("s3:*"))
    assert (
        sources(custom(office, both, both)) == ["PolicyInputList.1"] * 2 + ["PolicyInputList.2"] * 2
    )
    denied = custom(office, both, document(deny("s3:*")))
    assert denied["EvalDecision"] == "explicitDeny"
    assert sources(denied) == ["PolicyInputList.2"]
    nothing = custom(office, document(allow(PUT)))
    assert (nothing["EvalDecision"], sources(nothing)) == ("implicitDeny", [])


def test_the_second_statement_begins_where_the_first_ends(office: Office) -> None:
    text = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject"'
    text += ',"Resource":"*"},{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
    (matched,) = custom(office, text)["MatchedStatements"]
    assert matched["StartPosition"] == {"Line": 1, "Column": text.index("},{") + 2}
    assert matched["EndPosition"] == {"Line": 1, "Column": len(text) - 1}


def test_each_resource_has_its_answer(office: Office) -> None:
    policy = document(allow(GET, "arn:aws:s3:::b/*"), deny(GET, "arn:aws:s3:::b/secret"))
    wanted = [OBJECT, "arn:aws:s3:::b/secret", "arn:aws:s3:::c/k"]
    result = custom(office, policy, ResourceArns=wanted)
    told = {
        one["EvalResourceName"]: (one["EvalResourceDecision"], len(one["MatchedStatements"]))
        for one in result["ResourceSpecificResults"]
    }
    assert told == dict(
        zip(wanted, [("allowed", 1), ("explicitDeny", 1), ("implicitDeny", 0)], strict=True)
    )
    assert (result["EvalResourceName"], result["EvalDecision"]) == ("*", "explicitDeny")
    one = custom(office, policy, ResourceArns=[OBJECT])
    assert (one["EvalResourceName"], one["EvalDecision"]) == (OBJECT, "allowed")
    assert len(one["ResourceSpecificResults"]) == 1


def test_keys_without_a_value_are_named(office: Office) -> None:
    network = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    home = "arn:aws:s3:::b/${aws:username}/*"
    policy = document(allow(GET, home, Condition=network), allow(PUT, Condition=BLUE))
    result = custom(office, policy, ResourceArns=["arn:aws:s3:::b/alice/k"])
    assert result["MissingContextValues"] == ["aws:SourceIp", "aws:username"]
    assert result["EvalDecision"] == "implicitDeny"
    entries = [
        {
            "ContextKeyName": "AWS:SourceIP",
            "ContextKeyValues": ["10.1.1.1"],
            "ContextKeyType": "ip",
        },
        {
            "ContextKeyName": "aws:username",
            "ContextKeyValues": ["alice"],
            "ContextKeyType": "string",
        },
    ]
    given = {"ResourceArns": ["arn:aws:s3:::b/alice/k"], "ContextEntries": entries}
    result = custom(office, policy, **given)
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("allowed", [])


def test_lists_are_keys_of_several_values(office: Office) -> None:
    both = {"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}
    policy = document(allow(GET, Condition=both))

    def asked(*values: str, kind: str = "stringList") -> dict[str, Any]:
        entry = {
            "ContextKeyName": "aws:TagKeys",
            "ContextKeyValues": list(values),
            "ContextKeyType": kind,
        }
        return {"ContextEntries": [entry]}

    assert custom(office, policy, **asked("a", "b"))["EvalDecision"] == "allowed"
    assert custom(office, policy, **asked("a", "c"))["EvalDecision"] == "implicitDeny"
    given = {"PolicyInputList": [policy], "ActionNames": [GET], **asked("a", "b", kind="string")}
    assert office.refusal("SimulateCustomPolicy", **given)[0] == "InvalidInput"


def test_a_boundary_limits(office: Office) -> None:
    policy, limit = document(allow("s3:*")), document(allow(PUT))
    result = custom(office, policy, PermissionsBoundaryPolicyInputList=[limit])
    assert result["EvalDecision"] == "implicitDeny"
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    result = custom(office, policy, PermissionsBoundaryPolicyInputList=[limit], ActionNames=[PUT])
    assert result["EvalDecision"] == "allowed"
    assert sources(result) == ["PolicyInputList.1", "PermissionsBoundaryPolicyInputList.1"]
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": True}


def test_an_organization_limits(office: Office) -> None:
    """W-215"""
    levels = [
        {"ServiceControlPolicyInputList": [document(allow("*"))]},
        {"ServiceControlPolicyInputList": [document(allow("iam:*"))]},
    ]
    policy = document(allow("s3:*"))
    result = custom(office, policy, OrderedOrganizationPolicyInputList=levels)
    assert result["EvalDecision"] == "implicitDeny"
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": False}
    result = custom(office, policy, OrderedOrganizationPolicyInputList=levels[:1])
    assert result["EvalDecision"] == "allowed"
    assert sources(result) == ["PolicyInputList.1"]


def test_a_resource_policy_counts_for_its_caller(office: Office) -> None:
    alice = "arn:aws:iam::999988887777:user/alice"
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": alice},
        "Action": GET,
        "Resource": OBJECT,
    }
    given = {"ResourcePolicy": document(statement), "ResourceArns": [OBJECT]}
    nothing = document(allow(PUT))
    alone = {"PolicyInputList": [nothing], "ActionNames": [GET], **given}
    assert office.refusal("SimulateCustomPolicy", **alone)[0] == "InvalidInput"
    within = custom(office, nothing, CallerArn=alice, **given)
    assert within["EvalDecision"] == "allowed"
    assert within["MatchedStatements"][0]["SourcePolicyType"] == "Resource Policy"
    owner = f"arn:aws:iam::{office.id}:root"
    across = custom(office, nothing, CallerArn=alice, ResourceOwner=owner, **given)
    assert across["EvalDecision"] == "implicitDeny"
    assert across["EvalDecisionDetails"] == {
        "IAM Policy": "implicitDeny",
        "Resource Policy": "allowed",
    }


def test_a_user_is_simulated_with_its_groups_tags_and_boundary(office: Office) -> None:
    limit = office.new_policy("limit", PolicyDocument=document(allow("s3:Get*")))
    read = office.new_policy("read", PolicyDocument=document(allow(GET, Condition=BLUE)))
    tags = [{"Key": "Team", "Value": "blue"}]
    office.do("CreateUser", UserName="alice", Tags=tags, PermissionsBoundary=limit)
    home = "arn:aws:s3:::b/${aws:username}"
    text = document(allow("s3:*", home))
    office.do("PutUserPolicy", UserName="alice", PolicyName="home", PolicyDocument=text)
    office.do("CreateGroup", GroupName="g")
    office.do("AddUserToGroup", GroupName="g", UserName="alice")
    office.do("AttachGroupPolicy", GroupName="g", PolicyArn=read)
    alice = office.arn("user/alice")
    mine = own(office, alice, ResourceArns=["arn:aws:s3:::b/alice"])
    assert mine["EvalDecision"] == "allowed"
    assert sources(mine) == ["user_alice_home", "read", "limit"]
    limited = own(office, alice, ActionNames=[PUT], ResourceArns=["arn:aws:s3:::b/alice"])
    assert limited["EvalDecision"] == "implicitDeny"
    assert limited["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
    wider = own(
        office,
        alice,
        ActionNames=[PUT],
        ResourceArns=["arn:aws:s3:::b/alice"],
        PermissionsBoundaryPolicyInputList=[document(allow("*"))],
    )
    assert wider["EvalDecision"] == "allowed"
    assert own(office, office.arn("group/g"))["EvalDecision"] == "implicitDeny"
    more = own(office, office.arn("group/g"), PolicyInputList=[document(allow(GET))])
    assert sources(more) == ["PolicyInputList.1"]


def test_a_role_is_simulated(office: Office) -> None:
    office.new_role("r", Path="/x/")
    text = document(allow(GET))
    office.do("PutRolePolicy", RoleName="r", PolicyName="p", PolicyDocument=text)
    result = own(office, office.arn("role/x/r"))
    assert (result["EvalDecision"], sources(result)) == ("allowed", ["role_r_p"])


@pytest.mark.parametrize(
    ("excluded", "decision"),
    [
        ({"PolicyType": "inline"}, "allowed"),
        ({"PolicyType": "user-managed"}, "allowed"),
        (
            {
                "InlinePolicyIdentifier": {
                    "PolicyName": "p",
                    "AttachmentType": "user",
                    "AttachmentName": "alice",
                }
            },
            "allowed",
        ),
    ],
)
def test_one_of_two_is_excluded(office: Office, excluded: dict[str, Any], decision: str) -> None:
    """W-215"""
    office.new_user("alice", allow(GET))
    arn = office.new_policy("m")
    office.do("AttachUserPolicy", UserName="alice", PolicyArn=arn)
    alice = office.arn("user/alice")
    result = own(office, alice, PolicyExclusionList=[excluded])
    assert (result["EvalDecision"], len(sources(result))) == (decision, 1)
    both = [excluded, {"PolicyArn": arn}, {"PolicyType": "inline"}]
    assert own(office, alice, PolicyExclusionList=both)["EvalDecision"] == "implicitDeny"


@pytest.mark.parametrize(
    "more",
    [
        {"PolicyInputList": ["x"]},
        {"ActionNames": ["GetObject"]},
        {"ActionNames": [":"]},
        {"ResourcePolicy": "x", "CallerArn": "arn:aws:iam::111122223333:user/u"},
        {"CallerArn": "arn:aws:iam::111122223333:role/r"},
        {"CallerArn": "alice"},
        {"ResourceOwner": "alice"},
        {"PermissionsBoundaryPolicyInputList": [document(allow("*"))] * 2},
        {"ResourceArns": [f"arn:aws:s3:::b/{number}" for number in range(20_001)]},
    ],
)
def test_what_cannot_be_simulated(office: Office, more: dict[str, Any]) -> None:
    given = {"PolicyInputList": [document(allow("*"))], "ActionNames": [GET], **more}
    assert office.refusal("SimulateCustomPolicy", **given)[:2] == ("InvalidInput", 400)


def test_sources_must_exist(office: Office) -> None:
    given = {"ActionNames": [GET]}
    arn = office.arn("user/nope")
    told = ("NoSuchEntity", 404, "The user with name nope cannot be found.")
    assert office.refusal("SimulatePrincipalPolicy", PolicySourceArn=arn, **given) == told
    root = office.arn("root")
    assert office.refusal("SimulatePrincipalPolicy", PolicySourceArn=root, **given)[0] == (
        "NoSuchEntity"
    )


def test_results_come_in_pages(office: Office) -> None:
    given = {
        "PolicyInputList": [document(allow("s3:Get*"))],
        "ActionNames": [GET, PUT, "s3:GetObjectAcl"],
    }
    first = office.do("SimulateCustomPolicy", MaxItems=2, **given)
    assert [one["EvalDecision"] for one in first["EvaluationResults"]] == [
        "allowed",
        "implicitDeny",
    ]
    rest = office.do("SimulateCustomPolicy", Marker=first["Marker"], **given)
    assert [one["EvalActionName"] for one in rest["EvaluationResults"]] == ["s3:GetObjectAcl"]


def test_leave_is_asked_for_the_source(office: Office) -> None:
    office.new_user("u")
    alice = office.new_user("alice", allow("iam:SimulatePrincipalPolicy", office.arn("user/u")))
    given = {"ActionNames": [GET]}
    office.do("SimulatePrincipalPolicy", alice, PolicySourceArn=office.arn("user/u"), **given)
    arn = office.arn("user/alice")
    told = office.refusal("SimulatePrincipalPolicy", alice, PolicySourceArn=arn, **given)
    assert f"on resource: {arn} because" in told[2]


def test_context_keys_are_gathered(office: Office) -> None:
    policy = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "*",
                    "Resource": "arn:aws:s3:::b/${aws:username}/${*}/${aws:Tag, 'x'}",
                    "Condition": {"StringLike": {"aws:UserAgent": "${aws:userid}"}},
                },
                {
                    "Effect": "Allow",
                    "Action": "*",
                    "Resource": "*",
                    "Condition": {"Bool": {"AWS:useragent": "true"}},
                },
            ],
        }
    )
    shown = office.do("GetContextKeysForCustomPolicy", PolicyInputList=[policy])
    keys = ["aws:UserAgent", "aws:username", "aws:tag", "aws:userid"]
    assert shown == {"ContextKeyNames": keys}
    office.do("CreateUser", UserName="u")
    office.do("PutUserPolicy", UserName="u", PolicyName="p", PolicyDocument=policy)
    more = document(allow("*", Condition={"Null": {"aws:TokenIssueTime": "true"}}))
    arn = office.arn("user/u")
    shown = office.do(
        "GetContextKeysForPrincipalPolicy", PolicySourceArn=arn, PolicyInputList=[more]
    )
    assert shown["ContextKeyNames"] == [*keys, "aws:TokenIssueTime"]
    bad = office.refusal("GetContextKeysForCustomPolicy", PolicyInputList=["{}"])
    assert bad[:2] == ("InvalidInput", 400)
