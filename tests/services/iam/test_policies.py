"""Managed policies, their versions and whom they are attached to (W-170, PE-65, PE-76)."""

import re
from typing import Any

import pytest

from services.iam.office import ALLOW_ALL, NOW, Office, allow, document

OTHER = document(allow("s3:*"))


def test_create_policy(office: Office) -> None:
    output = office.do(
        "CreatePolicy",
        PolicyName="P",
        PolicyDocument=ALLOW_ALL,
        Path="/x/",
        Description="d",
        Tags=[{"Key": "Costcenter", "Value": "1"}, {"Key": "team", "Value": "2"}],
    )
    policy_id = output["Policy"].pop("PolicyId")
    assert re.fullmatch("ANPA[A-Z2-7]{17}", policy_id)
    listed = {
        "PolicyName": "P",
        "Arn": office.arn("policy/x/P"),
        "Path": "/x/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 0,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "CreateDate": NOW,
        "UpdateDate": NOW,
    }
    tags = [{"Key": "Costcenter", "Value": "1"}, {"Key": "team", "Value": "2"}]
    assert output == {"Policy": {**listed, "Tags": tags}}
    shown = office.do("GetPolicy", PolicyArn=listed["Arn"])["Policy"]
    assert shown == {**listed, "PolicyId": policy_id, "Description": "d", "Tags": tags}
    assert office.do("ListPolicies", Scope="Local")["Policies"] == [
        {**listed, "PolicyId": policy_id}
    ]


def test_tags_of_policies_mind_case(office: Office) -> None:
    """PE-169"""
    arn = office.new_policy("p")
    for key in ("K", "k"):
        office.do("TagPolicy", PolicyArn=arn, Tags=[{"Key": key, "Value": key}])
    office.do("UntagPolicy", PolicyArn=arn, TagKeys=["K"])
    assert office.do("ListPolicyTags", PolicyArn=arn)["Tags"] == [{"Key": "k", "Value": "k"}]
    twice = [{"Key": "k", "Value": ""}] * 2
    assert office.refusal("TagPolicy", PolicyArn=arn, Tags=twice)[0] == "InvalidInput"


@pytest.mark.parametrize(
    "text",
    [
        "${aws:username",
        "${aws:username, 'x}",
        "${aws:user name}",
        "${}",
        "${aws:PrincipalTag/team, x}",
    ],
)
def test_variables_that_are_none_are_kept_as_text(office: Office, text: str) -> None:
    """PE-59: also where the operator or the version knows no variables."""
    condition = {"StringEquals": {"aws:userid": text}, "Bool": {"aws:SecureTransport": text}}
    statement = allow("iam:ListUsers", f"arn:aws:iam::1:user/{text}", Condition=condition)
    written = document(statement)
    arn = office.new_policy("p", PolicyDocument=written)
    shown = office.do("GetPolicyVersion", PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    assert shown["Document"] == written
    trust = {"Effect": "Allow", "Principal": {"AWS": office.arn("root")},
             "Action": "sts:AssumeRole", "Condition": condition}  # fmt: skip
    for old in ("2008-10-17", "2012-10-17"):
        written = document(trust).replace("2012-10-17", old)
        made = office.new_role(f"r{old}", AssumeRolePolicyDocument=written)
        assert made["AssumeRolePolicyDocument"] == written


def test_versions_come_newest_first_and_numbers_are_not_used_again(office: Office) -> None:
    arn = office.new_policy("p")
    office.now = NOW + 5
    made = office.do("CreatePolicyVersion", PolicyArn=arn, PolicyDocument=OTHER)
    office.now = NOW
    assert made["PolicyVersion"] == {
        "VersionId": "v2",
        "IsDefaultVersion": False,
        "CreateDate": NOW + 5,
    }
    office.do("DeletePolicyVersion", PolicyArn=arn, VersionId="v2")
    office.do("CreatePolicyVersion", PolicyArn=arn, PolicyDocument=OTHER, SetAsDefault=True)
    versions = office.do("ListPolicyVersions", PolicyArn=arn)["Versions"]
    assert [(version["VersionId"], version["IsDefaultVersion"]) for version in versions] == [
        ("v3", True),
        ("v1", False),
    ]
    policy = office.do("GetPolicy", PolicyArn=arn)["Policy"]
    assert policy["DefaultVersionId"] == "v3"
    third = office.do("GetPolicyVersion", PolicyArn=arn, VersionId="v3")["PolicyVersion"]
    assert third == {
        "Document": OTHER,
        "VersionId": "v3",
        "IsDefaultVersion": True,
        "CreateDate": NOW,
    }


def test_the_default_version_is_in_force(office: Office) -> None:
    nobody = office.new_user("u")
    arn = office.new_policy("p", PolicyDocument=document(allow("sqs:*")))
    office.do("AttachUserPolicy", UserName="u", PolicyArn=arn)
    assert office.refusal("ListUsers", nobody)[0] == "AccessDenied"
    office.do("CreatePolicyVersion", PolicyArn=arn, PolicyDocument=ALLOW_ALL)
    assert office.refusal("ListUsers", nobody)[0] == "AccessDenied"
    office.do("SetDefaultPolicyVersion", PolicyArn=arn, VersionId="v2")
    assert office.do("ListUsers", nobody)["Users"]


def test_refusals_of_versions(office: Office) -> None:
    """W-167, W-170, W-171"""
    arn = office.new_policy("p")
    for name in ("GetPolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion"):
        said = f"Policy {arn} version v9 does not exist or is not attachable."
        told = ("NoSuchEntity", 404, said)
        assert office.refusal(name, PolicyArn=arn, VersionId="v9") == told
    assert office.refusal("DeletePolicyVersion", PolicyArn=arn, VersionId="v1") == (
        "DeleteConflict",
        409,
        "Cannot delete the default version of a policy.",
    )
    for _ in range(4):
        office.do("CreatePolicyVersion", PolicyArn=arn, PolicyDocument=OTHER)
    assert office.refusal("CreatePolicyVersion", PolicyArn=arn, PolicyDocument=OTHER) == (
        "LimitExceeded",
        409,
        "A managed policy can have up to 5 versions. Before you create a new version, you must"
        " delete an existing version.",
    )
    assert office.refusal("DeletePolicy", PolicyArn=arn) == (
        "DeleteConflict",
        409,
        "This policy has more than one version. Before you delete a policy, you must delete the"
        " policy's versions. The default version is deleted with the policy.",
    )


@pytest.mark.parametrize(
    ("use", "given"),
    [
        ("AttachRolePolicy", {"RoleName": "r"}),
        ("AttachUserPolicy", {"UserName": "u"}),
        ("PutUserPermissionsBoundary", {"UserName": "u"}),
        ("PutRolePermissionsBoundary", {"RoleName": "r"}),
    ],
)
def test_a_policy_in_use_is_not_deleted(office: Office, use: str, given: dict[str, Any]) -> None:
    """W-170: a boundary counts as attached."""
    office.new_user("u")
    office.new_role("r")
    arn = office.new_policy("p")
    member = "PermissionsBoundary" if "Boundary" in use else "PolicyArn"
    office.do(use, **given, **{member: arn})
    said = ("DeleteConflict", 409, "Cannot delete a policy attached to entities.")
    assert office.refusal("DeletePolicy", PolicyArn=arn) == said


def test_policies_are_listed_by_use(office: Office) -> None:
    office.new_user("u")
    attached, limiting = office.new_policy("attached"), office.new_policy("Limiting")
    idle = office.new_policy("idle", Path="/x/")
    office.do("AttachUserPolicy", UserName="u", PolicyArn=attached)
    office.do("PutUserPermissionsBoundary", UserName="u", PermissionsBoundary=limiting)

    def listed(**given: Any) -> list[str]:
        return [policy["Arn"] for policy in office.do("ListPolicies", **given)["Policies"]]

    assert listed(Scope="Local") == [attached, idle, limiting]
    assert listed()[:3] == [attached, idle, limiting]
    assert listed(Scope="Local", PathPrefix="/x/") == [idle]
    assert listed(Scope="AWS", OnlyAttached=True) == []
    assert idle not in listed(OnlyAttached=True)
    assert listed(PolicyUsageFilter="PermissionsBoundary") == [limiting]
    assert listed(PolicyUsageFilter="PermissionsPolicy", OnlyAttached=True) == [attached]


def test_attaching_and_detaching(office: Office) -> None:
    office.new_role("r")
    first, second = office.new_policy("B"), office.new_policy("a", Path="/x/")
    for arn in (first, second, first):
        office.do("AttachRolePolicy", RoleName="r", PolicyArn=arn)
    listed = office.do("ListAttachedRolePolicies", RoleName="r")
    assert listed["AttachedPolicies"] == [
        {"PolicyName": "a", "PolicyArn": second},
        {"PolicyName": "B", "PolicyArn": first},
    ]
    assert office.do("GetPolicy", PolicyArn=first)["Policy"]["AttachmentCount"] == 1
    under = office.do("ListAttachedRolePolicies", RoleName="r", PathPrefix="/x/")
    assert [policy["PolicyName"] for policy in under["AttachedPolicies"]] == ["a"]
    office.do("DetachRolePolicy", RoleName="r", PolicyArn=first)
    said = ("NoSuchEntity", 404, f"Policy {first} was not found.")
    assert office.refusal("DetachRolePolicy", RoleName="r", PolicyArn=first) == said


def test_entities_of_a_policy(office: Office) -> None:
    arn = office.new_policy("p")
    user = office.do("CreateUser", UserName="u", Path="/x/")["User"]["UserId"]
    group = office.do("CreateGroup", GroupName="g")["Group"]["GroupId"]
    role = office.new_role("r")["RoleId"]
    office.do("AttachUserPolicy", UserName="u", PolicyArn=arn)
    office.do("AttachGroupPolicy", GroupName="g", PolicyArn=arn)
    office.do("PutRolePermissionsBoundary", RoleName="r", PermissionsBoundary=arn)
    users = [{"UserName": "u", "UserId": user}]
    groups = [{"GroupName": "g", "GroupId": group}]
    roles = [{"RoleName": "r", "RoleId": role}]

    def listed(**given: Any) -> tuple[Any, Any, Any]:
        output = office.do("ListEntitiesForPolicy", PolicyArn=arn, **given)
        return output["PolicyUsers"], output["PolicyGroups"], output["PolicyRoles"]

    assert listed() == (users, groups, roles)
    assert listed(EntityFilter="Group") == ([], groups, [])
    assert listed(PolicyUsageFilter="PermissionsPolicy") == (users, groups, [])
    assert listed(PolicyUsageFilter="PermissionsBoundary") == ([], [], roles)
    assert listed(PathPrefix="/x/") == (users, [], [])


def test_inline_policies_are_replaced_silently(office: Office) -> None:
    """PE-64"""
    office.do("CreateGroup", GroupName="g")
    for text in (ALLOW_ALL, OTHER):
        office.do("PutGroupPolicy", GroupName="g", PolicyName="i", PolicyDocument=text)
    assert office.do("GetGroupPolicy", GroupName="g", PolicyName="i") == {
        "GroupName": "g",
        "PolicyName": "i",
        "PolicyDocument": OTHER,
    }
    office.do("DeleteGroupPolicy", GroupName="g", PolicyName="i")
    assert office.do("ListGroupPolicies", GroupName="g") == {
        "PolicyNames": [],
        "IsTruncated": False,
    }
