"""Refusals, word for word (W-166…W-174, PE-61…PE-78)."""

from collections.abc import Callable
from typing import Any

import pytest

from services.iam.office import ALLOW_ALL, Office, allow, document, trusting

Prepare = Callable[[Office], object]
Case = tuple[str, dict[str, Any], tuple[str, int, str]]

MISSING: list[Case] = [
    ("GetUser", {"UserName": "x"}, ("NoSuchEntity", 404, "The user with name x cannot be found.")),
    ("GetRole", {"RoleName": "x"}, ("NoSuchEntity", 404, "The role with name x cannot be found.")),
    (
        "GetGroup",
        {"GroupName": "x"},
        ("NoSuchEntity", 404, "The group with name x cannot be found."),
    ),
    (
        "AddUserToGroup",
        {"GroupName": "g", "UserName": "x"},
        ("NoSuchEntity", 404, "The user with name x cannot be found."),
    ),
    (
        "RemoveUserFromGroup",
        {"GroupName": "g", "UserName": "u"},
        ("NoSuchEntity", 404, "User u not in group g"),
    ),
    (
        "GetRolePolicy",
        {"RoleName": "r", "PolicyName": "x"},
        ("NoSuchEntity", 404, "The role policy with name x cannot be found."),
    ),
    (
        "DeleteUserPolicy",
        {"UserName": "u", "PolicyName": "x"},
        ("NoSuchEntity", 404, "The user policy with name x cannot be found."),
    ),
    (
        "GetGroupPolicy",
        {"GroupName": "g", "PolicyName": "x"},
        ("NoSuchEntity", 404, "The group policy with name x cannot be found."),
    ),
    (
        "DeleteAccessKey",
        {"UserName": "u", "AccessKeyId": "AKIAXXXXXXXXXXXXXXXX"},
        ("NoSuchEntity", 404, "The Access Key with id AKIAXXXXXXXXXXXXXXXX cannot be found"),
    ),
    (
        "UpdateAccessKey",
        {"UserName": "u", "AccessKeyId": "AKIAXXXXXXXXXXXXXXXX", "Status": "Inactive"},
        ("NoSuchEntity", 404, "The Access Key with id AKIAXXXXXXXXXXXXXXXX cannot be found"),
    ),
]

WITH_ARN: list[tuple[str, dict[str, Any], str]] = [
    ("GetPolicy", {}, "Policy {arn} was not found."),
    ("DeletePolicy", {}, "Policy {arn} was not found."),
    ("ListPolicyVersions", {}, "Policy {arn} was not found."),
    ("ListEntitiesForPolicy", {}, "Policy {arn} was not found."),
    ("CreatePolicyVersion", {"PolicyDocument": ALLOW_ALL}, "Policy {arn} was not found."),
    ("AttachUserPolicy", {"UserName": "u"}, "Policy {arn} does not exist or is not attachable."),
    ("AttachRolePolicy", {"RoleName": "r"}, "Policy {arn} does not exist or is not attachable."),
    ("AttachGroupPolicy", {"GroupName": "g"}, "Policy {arn} does not exist or is not attachable."),
    ("DetachUserPolicy", {"UserName": "u"}, "Policy {arn} was not found."),
]

TAKEN: list[Case] = [
    (
        "CreateUser",
        {"UserName": "U"},
        ("EntityAlreadyExists", 409, "User with name U already exists."),
    ),
    (
        "CreateGroup",
        {"GroupName": "G"},
        ("EntityAlreadyExists", 409, "Group with name G already exists."),
    ),
    (
        "CreateRole",
        {"RoleName": "R", "AssumeRolePolicyDocument": trusting({"AWS": "*"}), "Path": "/other/"},
        ("EntityAlreadyExists", 409, "Role with name R already exists."),
    ),
    (
        "CreatePolicy",
        {"PolicyName": "P", "PolicyDocument": ALLOW_ALL, "Path": "/other/"},
        (
            "EntityAlreadyExists",
            409,
            "A policy called P already exists. Duplicate names are not allowed.",
        ),
    ),
]


@pytest.fixture
def furnished(office: Office) -> Office:
    """With a user u, a group g, a role r and a managed policy p."""
    office.new_user("u")
    office.do("CreateGroup", GroupName="g")
    office.new_role("r")
    office.new_policy("p")
    return office


@pytest.mark.parametrize(("name", "given", "told"), MISSING + TAKEN)
def test_what_is_missing_or_taken_is_named(
    furnished: Office, name: str, given: dict[str, Any], told: tuple[str, int, str]
) -> None:
    """W-167, W-168, PE-75"""
    assert furnished.refusal(name, **given) == told


@pytest.mark.parametrize(("name", "given", "told"), WITH_ARN)
@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::{id}:policy/nope",
        "arn:aws:iam::{id}:policy/path/p",
        "arn:aws:iam::{id}:policy/P",
        "arn:aws:iam::{id}:role/r",
    ],
)
def test_policies_that_are_not_there(
    furnished: Office, name: str, given: dict[str, Any], told: str, arn: str
) -> None:
    """W-167, PE-74; AWS's own policies are in test_managed_policies.py."""
    arn = arn.format(id=furnished.id)
    said = ("NoSuchEntity", 404, told.format(arn=arn))
    assert furnished.refusal(name, PolicyArn=arn, **given) == said


@pytest.mark.parametrize(("name", "given", "told"), WITH_ARN)
def test_policies_of_another_account_are_not_there(
    furnished: Office, name: str, given: dict[str, Any], told: str
) -> None:
    arn = Office(furnished.directory).new_policy("p")
    said = ("NoSuchEntity", 404, told.format(arn=arn))
    assert furnished.refusal(name, PolicyArn=arn, **given) == said


@pytest.mark.parametrize("name", [name for name, _, _ in WITH_ARN])
def test_what_is_no_arn_is_refused_before_anything_else(furnished: Office, name: str) -> None:
    """PE-74; a caller without any permission is told the same."""
    nobody = furnished.user("u")
    given = {
        "PolicyArn": "aaaaaaaaaaaaaaaaaaaaaaaa",
        "UserName": "x",
        "RoleName": "x",
        "GroupName": "x",
        "PolicyDocument": "{}",
    }
    said = ("ValidationError", 400, "Invalid ARN:  Could not be parsed!")
    assert furnished.refusal(name, nobody, **given) == said


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("CreateUser", {"UserName": "new"}),
        ("PutUserPermissionsBoundary", {"UserName": "u"}),
        ("PutRolePermissionsBoundary", {"RoleName": "r"}),
        ("CreateRole", {"RoleName": "new", "AssumeRolePolicyDocument": trusting({"AWS": "*"})}),
    ],
)
def test_a_boundary_must_exist(furnished: Office, name: str, given: dict[str, Any]) -> None:
    arn = furnished.arn("policy/nope")
    said = ("NoSuchEntity", 404, f"Scope ARN: {arn} does not exist or is not attachable.")
    assert furnished.refusal(name, PermissionsBoundary=arn, **given) == said
    foreign = Office(furnished.directory).new_policy("p")
    assert furnished.refusal(name, PermissionsBoundary=foreign, **given)[0] == "NoSuchEntity"


def hang_policy(office: Office) -> None:
    arn = office.arn("policy/p")
    office.do("AttachUserPolicy", UserName="u", PolicyArn=arn)
    office.do("AttachRolePolicy", RoleName="r", PolicyArn=arn)
    office.do("AttachGroupPolicy", GroupName="g", PolicyArn=arn)


def write_inline(office: Office) -> None:
    for kind, name in (("User", "u"), ("Role", "r"), ("Group", "g")):
        given = {f"{kind}Name": name, "PolicyName": "i", "PolicyDocument": ALLOW_ALL}
        office.do(f"Put{kind}Policy", **given)


def join(office: Office) -> None:
    office.do("AddUserToGroup", GroupName="g", UserName="u")


def key(office: Office) -> None:
    office.do("CreateAccessKey", UserName="u")


DETACH = "Cannot delete entity, must detach all policies first."
INLINE = "Cannot delete entity, must delete policies first."
MEMBERS = "Cannot delete entity, must remove users from group first."
KEYS = "Cannot delete entity, must delete access keys first."
CONFLICTS: list[tuple[Prepare, str, dict[str, Any], str]] = [
    (hang_policy, "DeleteUser", {"UserName": "u"}, DETACH),
    (hang_policy, "DeleteRole", {"RoleName": "r"}, DETACH),
    (hang_policy, "DeleteGroup", {"GroupName": "g"}, DETACH),
    (write_inline, "DeleteUser", {"UserName": "u"}, INLINE),
    (write_inline, "DeleteRole", {"RoleName": "r"}, INLINE),
    (write_inline, "DeleteGroup", {"GroupName": "g"}, INLINE),
    (join, "DeleteUser", {"UserName": "u"}, MEMBERS),
    (join, "DeleteGroup", {"GroupName": "g"}, MEMBERS),
    (key, "DeleteUser", {"UserName": "u"}, KEYS),
]


@pytest.mark.parametrize(("prepare", "name", "given", "said"), CONFLICTS)
def test_what_is_in_use_is_not_deleted(
    furnished: Office, prepare: Prepare, name: str, given: dict[str, Any], said: str
) -> None:
    """W-169, PE-76"""
    prepare(furnished)
    assert furnished.refusal(name, **given) == ("DeleteConflict", 409, said)


def test_what_is_not_in_use_is_deleted(furnished: Office) -> None:
    furnished.do("DeleteUser", UserName="U")
    furnished.do("DeleteGroup", GroupName="G")
    furnished.do("DeleteRole", RoleName="R")
    furnished.do("DeletePolicy", PolicyArn=furnished.arn("policy/p"))
    assert furnished.do("ListUsers")["Users"] == []
    assert furnished.do("ListGroups")["Groups"] == []
    assert furnished.do("ListRoles")["Roles"] == []
    assert furnished.do("ListPolicies", Scope="Local")["Policies"] == []


BIG = document(allow(["s3:GetObject"], [f"arn:aws:s3:::{'b' * 60}{n:03}/*" for n in range(200)]))


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        (
            "CreatePolicy",
            {"PolicyName": "new", "PolicyDocument": BIG},
            "Cannot exceed quota for PolicySize: 6144",
        ),
        (
            "PutUserPolicy",
            {"UserName": "U", "PolicyName": "i", "PolicyDocument": BIG},
            "Maximum policy size of 2048 bytes exceeded for user u",
        ),
        (
            "PutRolePolicy",
            {"RoleName": "r", "PolicyName": "i", "PolicyDocument": BIG},
            "Maximum policy size of 10240 bytes exceeded for role r",
        ),
        (
            "PutGroupPolicy",
            {"GroupName": "g", "PolicyName": "i", "PolicyDocument": BIG},
            "Maximum policy size of 5120 bytes exceeded for group g",
        ),
        (
            "UpdateAssumeRolePolicy",
            {
                "RoleName": "r",
                "PolicyDocument": document(
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": "*"},
                        "Action": "sts:AssumeRole",
                        "Condition": {"StringEquals": {"sts:ExternalId": "e" * 2_048}},
                    }
                ),
            },
            "Cannot exceed quota for ACLSizePerRole: 2048",
        ),
    ],
)
def test_documents_have_a_longest_size(
    furnished: Office, name: str, given: dict[str, Any], said: str
) -> None:
    """PE-61, PE-65"""
    assert furnished.refusal(name, **given) == ("LimitExceeded", 409, said)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("CreatePolicy", {"PolicyName": "n", "PolicyDocument": "{"}, "Syntax errors in policy."),
        (
            "CreatePolicyVersion",
            {
                "PolicyArn": "p",
                "PolicyDocument": document({**allow("*"), "Principal": {"AWS": "*"}}),
            },
            "Policy document should not specify a principal.",
        ),
        (
            "PutGroupPolicy",
            {"GroupName": "g", "PolicyName": "i", "PolicyDocument": document(allow("GetObject"))},
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
        ),
        (
            "CreateRole",
            {"RoleName": "n", "AssumeRolePolicyDocument": "{"},
            "This policy contains invalid Json",
        ),
        (
            "UpdateAssumeRolePolicy",
            {"RoleName": "r", "PolicyDocument": ALLOW_ALL},
            "Has prohibited field Resource",
        ),
    ],
)
def test_malformed_documents_are_refused_in_awss_words(
    furnished: Office, name: str, given: dict[str, Any], said: str
) -> None:
    """PE-67, PE-68, PE-71, PE-72"""
    if "PolicyArn" in given:
        given = {**given, "PolicyArn": furnished.arn("policy/p")}
    assert furnished.refusal(name, **given) == ("MalformedPolicyDocument", 400, said)


def test_white_space_is_not_measured(furnished: Office) -> None:
    """PE-60"""
    text = ALLOW_ALL.replace(" ", " \t\r\n" * 1_000)
    furnished.do("PutUserPolicy", UserName="u", PolicyName="i", PolicyDocument=text)
    kept = furnished.do("GetUserPolicy", UserName="u", PolicyName="i")
    assert kept == {"UserName": "u", "PolicyName": "i", "PolicyDocument": text}  # W-160


def test_inline_policies_are_measured_together(furnished: Office) -> None:
    """PE-61: one that is replaced does not count."""
    text = document(allow("s3:GetObject", "arn:aws:s3:::" + "b" * 1_200))
    furnished.do("PutUserPolicy", UserName="u", PolicyName="one", PolicyDocument=text)
    furnished.do("PutUserPolicy", UserName="u", PolicyName="one", PolicyDocument=text)
    said = "Maximum policy size of 2048 bytes exceeded for user u"
    given = {"UserName": "u", "PolicyName": "two", "PolicyDocument": text}
    assert furnished.refusal("PutUserPolicy", **given) == ("LimitExceeded", 409, said)
    assert furnished.do("ListUserPolicies", UserName="u")["PolicyNames"] == ["one"]


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("User", "u", "Cannot exceed quota for PoliciesPerUser: 10"),
        ("Role", "r", "Cannot exceed quota for PoliciesPerRole: 10"),
        ("Group", "g", "Cannot exceed quota for PoliciesPerGroup: 10"),
    ],
)
def test_ten_policies_may_be_attached(furnished: Office, kind: str, name: str, said: str) -> None:
    """W-171, PE-61, PE-65; attaching again is no fault even then."""
    arns = [furnished.new_policy(f"p{number}") for number in range(11)]
    for arn in arns[:10]:
        furnished.do(f"Attach{kind}Policy", **{f"{kind}Name": name, "PolicyArn": arn})
    furnished.do(f"Attach{kind}Policy", **{f"{kind}Name": name, "PolicyArn": arns[0]})
    given = {f"{kind}Name": name, "PolicyArn": arns[10]}
    assert furnished.refusal(f"Attach{kind}Policy", **given) == ("LimitExceeded", 409, said)


def test_a_user_is_in_ten_groups_at_most(furnished: Office) -> None:
    for number in range(11):
        furnished.do("CreateGroup", GroupName=f"g{number:02}")
    for number in range(10):
        furnished.do("AddUserToGroup", GroupName=f"g{number:02}", UserName="u")
    furnished.do("AddUserToGroup", GroupName="g09", UserName="u")
    said = ("LimitExceeded", 409, "Cannot exceed quota for GroupsPerUser: 10")
    assert furnished.refusal("AddUserToGroup", GroupName="g10", UserName="u") == said


def test_quotas_of_an_account(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """W-165, W-171"""
    monkeypatch.setattr("sekisho.services.iam.groups.GROUPS", 1)
    office.do("CreateGroup", GroupName="one")
    said = ("LimitExceeded", 409, "Cannot exceed quota for GroupsPerAccount: 1")
    assert office.refusal("CreateGroup", GroupName="two") == said


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("a", "A"), "Duplicate tag keys found. Please note that Tag keys are case insensitive."),
        (("AWS:x",), "aws: prefixed tag key names are not allowed for external use."),
    ],
)
def test_tags_that_may_not_be(furnished: Office, keys: tuple[str, ...], said: str) -> None:
    """W-164, PE-205"""
    tags = [{"Key": key, "Value": ""} for key in keys]
    told = ("InvalidInput", 400, said)
    assert furnished.refusal("CreateUser", UserName="new", Tags=tags) == told
    assert furnished.refusal("TagRole", RoleName="r", Tags=tags) == told


def test_fifty_tags_are_the_most(furnished: Office) -> None:
    tags = [{"Key": f"k{number}", "Value": ""} for number in range(50)]
    furnished.do("TagUser", UserName="u", Tags=tags)
    furnished.do("TagUser", UserName="u", Tags=tags[:1])
    said = ("LimitExceeded", 409, "Cannot exceed quota for TagsPerUser: 50")
    more = [{"Key": "one-more", "Value": ""}]
    assert furnished.refusal("TagUser", UserName="u", Tags=more) == said


@pytest.mark.parametrize("marker", ["%", "YQ", "x" * 300, "_w==", "é"])
def test_a_marker_that_is_none_is_refused(office: Office, marker: str) -> None:
    """W-158"""
    said = ("ValidationError", 400, "Invalid Marker.")
    assert office.refusal("ListUsers", Marker=marker) == said
    assert office.refusal("ListPolicies", Scope="AWS", Marker=marker) == said
