"""GetAccountAuthorizationDetails (W-212)."""

from typing import Any

import pytest

from services.iam.office import ALLOW_ALL, NOW, Office, allow, document

TAGS = [{"Key": "Team", "Value": "blue"}]
LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
INLINE = document(allow("s3:*"))


@pytest.fixture
def furnished(office: Office) -> Office:
    arn = office.new_policy("p")
    office.do("CreatePolicyVersion", PolicyArn=arn, PolicyDocument=INLINE)
    office.do("CreateUser", UserName="u", Path="/x/", PermissionsBoundary=arn, Tags=TAGS)
    office.do("PutUserPolicy", UserName="u", PolicyName="i", PolicyDocument=INLINE)
    office.do("AttachUserPolicy", UserName="u", PolicyArn=arn)
    office.do("CreateGroup", GroupName="g")
    office.do("AddUserToGroup", GroupName="g", UserName="u")
    office.do("AttachGroupPolicy", GroupName="g", PolicyArn=arn)
    office.new_role("r", Description="d", Tags=TAGS)
    office.do("PutRolePolicy", RoleName="r", PolicyName="i", PolicyDocument=INLINE)
    office.do("CreateInstanceProfile", InstanceProfileName="m")
    office.do("AddRoleToInstanceProfile", InstanceProfileName="m", RoleName="r")
    return office


def details(office: Office, **given: Any) -> dict[str, Any]:
    return office.do("GetAccountAuthorizationDetails", **given)


def test_all_that_hangs_on_all_is_shown(furnished: Office) -> None:
    shown = details(furnished)
    arn = furnished.arn("policy/p")
    attached = [{"PolicyName": "p", "PolicyArn": arn}]
    inline = [{"PolicyName": "i", "PolicyDocument": INLINE}]
    (user,) = shown["UserDetailList"]
    assert user == {
        **furnished.do("GetUser", UserName="u")["User"],
        "UserPolicyList": inline,
        "GroupList": ["g"],
        "AttachedManagedPolicies": attached,
    }
    (group,) = shown["GroupDetailList"]
    assert group == {
        **furnished.do("GetGroup", GroupName="g")["Group"],
        "GroupPolicyList": [],
        "AttachedManagedPolicies": attached,
    }
    (role,) = shown["RoleDetailList"]
    seen = furnished.do("GetRole", RoleName="r")["Role"]
    del seen["MaxSessionDuration"], seen["Description"]
    profiles = furnished.do("ListInstanceProfilesForRole", RoleName="r")["InstanceProfiles"]
    assert role == {
        **seen,
        "InstanceProfileList": profiles,
        "RolePolicyList": inline,
        "AttachedManagedPolicies": [],
    }
    (policy,) = shown["Policies"]
    assert policy.pop("PolicyVersionList") == [
        {"Document": INLINE, "VersionId": "v2", "IsDefaultVersion": False, "CreateDate": NOW},
        {"Document": ALLOW_ALL, "VersionId": "v1", "IsDefaultVersion": True, "CreateDate": NOW},
    ]
    assert policy == furnished.do("ListPolicies")["Policies"][0]
    assert (policy["AttachmentCount"], policy["PermissionsBoundaryUsageCount"]) == (2, 1)
    assert shown["IsTruncated"] is False


@pytest.mark.parametrize(
    ("wanted", "listed"),
    [
        (["User"], ["UserDetailList"]),
        (["Role", "Group"], ["GroupDetailList", "RoleDetailList"]),
        (["LocalManagedPolicy"], ["Policies"]),
        (["AWSManagedPolicy"], []),
        ([], list(LISTS)),
    ],
)
def test_a_filter_leaves_kinds_out(furnished: Office, wanted: list[str], listed: list[str]) -> None:
    shown = details(furnished, Filter=wanted)
    assert [name for name in LISTS if shown[name]] == listed


def test_pages_go_through_all_kinds(furnished: Office) -> None:
    for name in ("A", "z"):
        furnished.new_user(name)
        furnished.new_role(name)
    seen: list[str] = []
    marker: dict[str, str] = {}
    while True:
        shown = details(furnished, MaxItems=2, **marker)
        page = [entry.get("Arn") for name in LISTS for entry in shown[name]]
        seen += page
        if not shown["IsTruncated"]:
            break
        assert len(page) == 2
        marker = {"Marker": shown["Marker"]}
    whole = details(furnished)
    assert seen == [entry["Arn"] for name in LISTS for entry in whole[name]]
    assert len(seen) == 8


def test_a_marker_of_nowhere_is_the_end(furnished: Office) -> None:
    shown = details(furnished, Marker="eHl6")
    assert not any(shown[name] for name in LISTS)


def test_leave_is_asked_for_everything(furnished: Office) -> None:
    """PE-48"""
    may_all = furnished.new_user("all", allow("iam:GetAccountAuthorizationDetails"))
    furnished.do("GetAccountAuthorizationDetails", may_all)
    one = allow("iam:GetAccountAuthorizationDetails", furnished.arn("user/one"))
    may_one = furnished.new_user("one", one)
    assert furnished.refusal("GetAccountAuthorizationDetails", may_one)[0] == "AccessDenied"


def test_policies_of_aws_are_shown_where_they_are_used(office: Office) -> None:
    read, limit = (f"arn:aws:iam::aws:policy/{name}Access" for name in ("ReadOnly", "PowerUser"))
    office.do("CreateUser", UserName="u", PermissionsBoundary=limit)
    office.do("AttachUserPolicy", UserName="u", PolicyArn=read)
    own = office.new_policy("p")
    shown = details(office)
    (user,) = shown["UserDetailList"]
    attached = [{"PolicyName": "ReadOnlyAccess", "PolicyArn": read}]
    assert user["AttachedManagedPolicies"] == attached
    assert [policy["Arn"] for policy in shown["Policies"]] == [own, limit, read]
    counts = [
        (policy["AttachmentCount"], policy["PermissionsBoundaryUsageCount"])
        for policy in shown["Policies"]
    ]
    assert counts == [(0, 0), (0, 1), (1, 0)]
    (version,) = shown["Policies"][2]["PolicyVersionList"]
    got = office.do("GetPolicyVersion", PolicyArn=read, VersionId=version["VersionId"])
    assert version == got["PolicyVersion"]
    first = details(office, Filter=["AWSManagedPolicy"], MaxItems=1)
    rest = details(office, Filter=["AWSManagedPolicy"], Marker=first["Marker"])
    assert first["Policies"] + rest["Policies"] == shown["Policies"][1:]
