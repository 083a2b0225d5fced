"""Roles, and the principals that they trust (PE-20…PE-33, W-163, W-176, W-177)."""

import json
from typing import Any

import pytest

from services.iam.office import NOW, Office, allow, document, trusting


def told(office: Office, principal: dict[str, Any]) -> tuple[str, int, str]:
    return office.refusal(
        "CreateRole", RoleName="new", AssumeRolePolicyDocument=trusting(principal)
    )


def malformed(key: str, value: str) -> tuple[str, int, str]:
    said = f'Invalid principal in policy: "{key}":"{value}"'
    return ("MalformedPolicyDocument", 400, said)


def test_create_role_shows_the_longest_session_only_if_given(office: Office) -> None:
    """W-163"""
    plain = office.new_role("plain")
    assert set(plain) == {"Path", "RoleName", "RoleId", "Arn", "CreateDate"} | {
        "AssumeRolePolicyDocument"
    }
    assert plain["CreateDate"] == NOW
    assert office.new_role("long", MaxSessionDuration=7_200)["MaxSessionDuration"] == 7_200
    assert office.do("GetRole", RoleName="plain")["Role"]["MaxSessionDuration"] == 3_600
    listed = office.do("ListRoles")["Roles"]
    assert [role["MaxSessionDuration"] for role in listed] == [7_200, 3_600]


def test_a_role_shows_what_it_was_given(office: Office) -> None:
    boundary, tags = office.new_policy("limit"), [{"Key": "k", "Value": "v"}]
    role = office.new_role(
        "r", Path="/x/", Description="d", PermissionsBoundary=boundary, Tags=tags
    )
    assert role["Arn"] == office.arn("role/x/r")
    assert role["Description"] == "d"
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    assert role["Tags"] == tags
    (listed,) = office.do("ListRoles")["Roles"]
    assert "Tags" not in listed
    assert "PermissionsBoundary" not in listed
    assert listed["Description"] == "d"


def test_update_role_changes_what_is_given(office: Office) -> None:
    office.new_role("r", Description="old")
    office.do("UpdateRole", RoleName="r", MaxSessionDuration=43_200)
    role = office.do("GetRole", RoleName="r")["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("old", 43_200)
    shown = office.do("UpdateRoleDescription", RoleName="r", Description="")["Role"]
    assert shown["Description"] == ""
    assert shown["MaxSessionDuration"] == 43_200


def test_an_account_is_shown_by_the_arn_of_its_root(office: Office) -> None:
    """W-177, PE-30: whoever is named beside, and where the same digits stand elsewhere."""
    other, guest = Office(office.directory), office.new_user("guest").principal.arn
    condition = {"StringEquals": {"aws:PrincipalAccount": other.id}}
    named = {"AWS": [other.id, guest, office.id]}
    text = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": named,
                    "Action": "sts:AssumeRole",
                    "Condition": condition,
                }
            ],
        }
    )
    made = office.new_role("r", AssumeRolePolicyDocument=text)["AssumeRolePolicyDocument"]
    assert json.loads(made)["Statement"][0]["Principal"] == {
        "AWS": [other.arn("root"), guest, office.arn("root")]
    }
    assert json.loads(made)["Statement"][0]["Condition"] == condition
    assert office.do("GetRole", RoleName="r")["Role"]["AssumeRolePolicyDocument"] == made
    nobody = {"AWS": "999999999999"}
    told = office.refusal("UpdateAssumeRolePolicy", RoleName="r", PolicyDocument=trusting(nobody))
    assert told[2] == 'Invalid principal in policy: "AWS":"999999999999"'


def test_documents_are_kept_as_they_were_given(office: Office) -> None:
    """W-160"""
    text = trusting({"AWS": office.arn("root")}).replace("{", "{\n\t ")
    office.new_role("r", AssumeRolePolicyDocument=text)
    assert office.do("GetRole", RoleName="r")["Role"]["AssumeRolePolicyDocument"] == text


def test_instance_profiles_are_none(office: Office) -> None:
    office.new_role("r")
    listed = office.do("ListInstanceProfilesForRole", RoleName="r")
    assert listed == {"InstanceProfiles": [], "IsTruncated": False}
    assert office.refusal("ListInstanceProfilesForRole", RoleName="x")[0] == "NoSuchEntity"


@pytest.mark.parametrize(
    "value",
    [
        "arn:aws:iam::{id}:user/nope",
        "arn:aws:iam::{id}:user/ALICE",  # PE-23
        "arn:aws:iam::{id}:user/path/alice",
        "arn:aws:iam::{id}:user/*",  # PE-24
        "arn:aws:iam::{id}:role/nope",
        "arn:aws:iam::{id}:role/alice",
        "arn:aws:iam::{id}:group/crew",  # PE-16
        "arn:aws:iam::111111111111:root",  # PE-33
        "111111111111",
        "arn:aws:iam::*:root",
        "arn:aws-cn:iam::{id}:user/alice",
        "arn:aws:iam:us-east-1:{id}:user/alice",
        "arn:aws:sts::{id}:assumed-role/nope/session",
        "arn:aws:sts::{id}:assumed-role/VISITED/session",
        "arn:aws:sts::{id}:assumed-role/visited/*",
        "arn:aws:sts::111111111111:federated-user/bob",
        "AIDAXXXXXXXXXXXXXXXXX",  # PE-32
        "AROAXXXXXXXXXXXXXXXXX",
        "alice",
        "",
    ],
)
def test_principals_that_are_nobody_cannot_be_trusted(office: Office, value: str) -> None:
    office.new_user("alice")
    office.do("CreateGroup", GroupName="crew")
    office.new_role("visited")
    value = value.format(id=office.id)
    assert told(office, {"AWS": [office.id, value]}) == malformed("AWS", value)
    assert office.refusal("GetRole", RoleName="new")[0] == "NoSuchEntity"


@pytest.mark.parametrize("value", ["ec2", "EC2.amazonaws.com", "x.amazonaws.com.evil.org", "*"])
def test_services_have_names_of_amazonaws(office: Office, value: str) -> None:
    """PE-27"""
    assert told(office, {"Service": value}) == malformed("SERVICE", value)


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": "*"},
        {"AWS": ["arn:aws:iam::{id}:root", "arn:aws:iam::{id}:user/team/alice"]},
        {"AWS": "arn:aws:iam::{id}:role/visited"},
        {"AWS": "arn:aws:sts::{id}:assumed-role/visited/session"},
        {"AWS": "arn:aws:sts::{id}:federated-user/bob"},
        {"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com.cn"]},
        {"Federated": "arn:aws:iam::{id}:saml-provider/corp"},
        {"Federated": "accounts.google.com"},
    ],
)
def test_principals_that_are_somebody_can_be_trusted(
    office: Office, principal: dict[str, Any]
) -> None:
    office.do("CreateUser", UserName="alice", Path="/team/")
    office.new_role("visited")
    text = trusting(principal).replace("{id}", office.id)
    assert office.new_role("new", AssumeRolePolicyDocument=text)["AssumeRolePolicyDocument"] == text


def test_principals_of_another_account_must_exist_there(office: Office) -> None:
    """PE-203"""
    other = Office(office.directory)
    there = other.arn("user/guest")
    assert told(office, {"AWS": there}) == malformed("AWS", there)
    other.new_user("guest")
    office.new_role("new", AssumeRolePolicyDocument=trusting({"AWS": there}))


def test_a_live_unique_id_can_be_trusted_and_a_dead_one_cannot(office: Office) -> None:
    """PE-31, PE-32"""
    other = Office(office.directory)
    guest = other.new_user("guest").principal
    visited = other.new_role("visited")["RoleId"]
    ids = {"AWS": [guest.unique_id, visited]}
    office.new_role("r", AssumeRolePolicyDocument=trusting(ids))
    other.do("DeleteUser", UserName="guest")
    other.do("DeleteRole", RoleName="visited")
    given = {"RoleName": "r"}
    for dead in (guest.unique_id, visited):
        given["PolicyDocument"] = trusting({"AWS": dead})
        said = f'Invalid principal in policy: "AWS":"{dead}"'
        told = office.refusal("UpdateAssumeRolePolicy", **given)
        assert told == ("MalformedPolicyDocument", 400, said)


def test_an_orphaned_document_cannot_be_saved_as_it_is_shown(office: Office) -> None:
    """PE-31, PE-32"""
    alice = office.new_user("alice").principal
    text = document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": alice.arn},
            "Action": "sts:AssumeRole",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": alice.arn}},
        }
    )
    office.new_role("r", AssumeRolePolicyDocument=text)
    office.do("DeleteUser", UserName="alice")
    office.new_user("alice")
    shown = office.do("GetRole", RoleName="r")["Role"]["AssumeRolePolicyDocument"]
    statement = json.loads(shown)["Statement"][0]
    assert statement["Principal"] == {"AWS": alice.unique_id}
    assert statement["Condition"] == {"ArnEquals": {"aws:PrincipalArn": alice.arn}}
    given = {"RoleName": "r", "PolicyDocument": shown}
    assert office.refusal("UpdateAssumeRolePolicy", **given) == malformed("AWS", alice.unique_id)
    office.do("UpdateAssumeRolePolicy", RoleName="r", PolicyDocument=text)
    assert office.do("GetRole", RoleName="r")["Role"]["AssumeRolePolicyDocument"] == text


def test_a_renamed_principal_is_shown_by_its_new_arn(office: Office) -> None:
    alice = office.new_user("alice").principal
    office.new_role("r", AssumeRolePolicyDocument=trusting({"AWS": alice.arn}))
    office.do("UpdateUser", UserName="alice", NewUserName="alicia")
    office.new_user("alice")
    shown = office.do("ListRoles")["Roles"][0]["AssumeRolePolicyDocument"]
    assert shown == trusting({"AWS": office.arn("user/alicia")})
    given = {"RoleName": "r", "PolicyDocument": shown}
    office.do("UpdateAssumeRolePolicy", **given)


def test_a_trust_policy_has_no_canonical_users(office: Office) -> None:
    """PE-29"""
    said = 'Invalid principal in policy: "CanonicalUser"'
    principal = {"CanonicalUser": office.account.canonical_id}
    assert told(office, principal) == ("MalformedPolicyDocument", 400, said)


def test_a_refused_update_changes_nothing(office: Office) -> None:
    before = office.new_role("r")["AssumeRolePolicyDocument"]
    bad = document(allow("*"))
    office.refusal("UpdateAssumeRolePolicy", RoleName="r", PolicyDocument=bad)
    assert office.do("GetRole", RoleName="r")["Role"]["AssumeRolePolicyDocument"] == before
