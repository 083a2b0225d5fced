"""Service-linked roles (W-166, W-175, W-196, W-211, PE-190)."""

import re
from typing import Any

import pytest

from services.iam.office import Office, allow, document, trusting

ECS = "ecs.amazonaws.com"
NAME = "AWSServiceRoleForECS"


def linked(office: Office, service: str = ECS, **more: str) -> dict[str, Any]:
    role = office.do("CreateServiceLinkedRole", AWSServiceName=service, **more)["Role"]
    return dict(role)


def test_a_service_has_its_role(office: Office) -> None:
    role = linked(office, Description="d")
    assert role["Arn"] == office.arn(f"role/aws-service-role/{ECS}/{NAME}")
    assert role["Description"] == "d"
    assert f'"Service":"{ECS}"' in role["AssumeRolePolicyDocument"]
    assert office.do("GetRole", RoleName=NAME)["Role"]["RoleId"] == role["RoleId"]


@pytest.mark.parametrize(
    ("service", "suffix", "name"),
    [
        ("elasticbeanstalk.amazonaws.com", "", "AWSServiceRoleForElasticBeanstalk"),
        ("autoscaling.amazonaws.com", "blue", "AWSServiceRoleForAutoScaling_blue"),
        ("some-thing.amazonaws.com", "", "AWSServiceRoleForSomeThing"),
        ("custom-resource.some.amazonaws.com", "", "AWSServiceRoleForSome_CustomResource"),
    ],
)
def test_names_follow_the_service(office: Office, service: str, suffix: str, name: str) -> None:
    more = {"CustomSuffix": suffix} if suffix else {}
    assert linked(office, service, **more)["RoleName"] == name


def test_what_cannot_be_created(office: Office) -> None:
    """W-211"""
    linked(office)
    taken = (
        f"Service role name {NAME} has been taken in this account, please try a different suffix."
    )
    create = "CreateServiceLinkedRole"
    assert office.refusal(create, AWSServiceName=ECS) == ("InvalidInput", 400, taken)
    no_suffix = ("InvalidInput", 400, f"Custom suffix is not allowed for {ECS}")
    assert office.refusal(create, AWSServiceName=ECS, CustomSuffix="x") == no_suffix
    for service in ("example.org", "a" * 40 + ".b" * 20 + ".amazonaws.com", "amazonaws.com"):
        assert office.refusal(create, AWSServiceName=service)[:2] == ("InvalidInput", 400)
    given = {"RoleName": "r", "AssumeRolePolicyDocument": trusting({"AWS": "*"})}
    path = {"Path": f"/aws-service-role/{ECS}/"}
    assert office.refusal("CreateRole", **given, **path)[:2] == ("InvalidInput", 400)


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("DeleteRole", {}),
    ("UpdateAssumeRolePolicy", {"PolicyDocument": trusting({"AWS": "*"})}),
    ("PutRolePolicy", {"PolicyName": "p", "PolicyDocument": document(allow("*"))}),
    ("DeleteRolePolicy", {"PolicyName": "p"}),
    ("AttachRolePolicy", {"PolicyArn": "arn:aws:iam::{id}:policy/p"}),
    ("DetachRolePolicy", {"PolicyArn": "arn:aws:iam::{id}:policy/p"}),
    ("PutRolePermissionsBoundary", {"PermissionsBoundary": "arn:aws:iam::{id}:policy/p"}),
    ("DeleteRolePermissionsBoundary", {}),
    ("AddRoleToInstanceProfile", {"InstanceProfileName": "machines"}),
]


@pytest.mark.parametrize(("name", "given"), CHANGES)
def test_only_aws_changes_it(office: Office, name: str, given: dict[str, Any]) -> None:
    """W-175"""
    linked(office)
    office.new_policy("p")
    office.do("CreateInstanceProfile", InstanceProfileName="machines")
    given = {key: value.replace("{id}", office.id) for key, value in given.items()}
    told = (
        "UnmodifiableEntity",
        400,
        f"Cannot perform the operation on the protected role '{NAME}' - this role is only"
        " modifiable by AWS",
    )
    assert office.refusal(name, RoleName=NAME, **given) == told


def test_its_description_and_tags_may_be_changed(office: Office) -> None:
    """W-196"""
    linked(office)
    office.do("UpdateRole", RoleName=NAME, Description="new")
    office.do("TagRole", RoleName=NAME, Tags=[{"Key": "k", "Value": "v"}])
    shown = office.do("GetRole", RoleName=NAME)["Role"]
    assert (shown["Description"], shown["Tags"]) == ("new", [{"Key": "k", "Value": "v"}])


def test_a_deletion_can_be_followed(office: Office) -> None:
    """W-211"""
    linked(office)
    task = office.do("DeleteServiceLinkedRole", RoleName=NAME)["DeletionTaskId"]
    assert re.fullmatch(f"task/aws-service-role/{ECS}/{NAME}/[0-9a-f-]{{36}}", task)
    status = office.do("GetServiceLinkedRoleDeletionStatus", DeletionTaskId=task)
    assert status == {"Status": "SUCCEEDED"}
    assert office.refusal("GetRole", RoleName=NAME)[0] == "NoSuchEntity"
    other = Office(office.directory)
    for desk, wanted in ((other, task), (office, "task/x")):
        told = desk.refusal("GetServiceLinkedRoleDeletionStatus", DeletionTaskId=wanted)
        assert told[:2] == ("NoSuchEntity", 404)


def test_other_roles_are_not_deleted_so(office: Office) -> None:
    office.new_role("r")
    told = ("NoSuchEntity", 404, "The role with name r cannot be found.")
    assert office.refusal("DeleteServiceLinkedRole", RoleName="r") == told


def test_policies_may_limit_the_service(office: Office) -> None:
    """PE-190"""
    only = {"StringEquals": {"iam:AWSServiceName": ECS}}
    alice = office.new_user("alice", allow("iam:CreateServiceLinkedRole", Condition=only))
    office.do("CreateServiceLinkedRole", alice, AWSServiceName=ECS)
    told = office.refusal("CreateServiceLinkedRole", alice, AWSServiceName="rds.amazonaws.com")
    assert told[0] == "AccessDenied"
