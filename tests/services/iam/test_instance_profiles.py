"""Instance profiles (W-164, W-167…W-171, W-189, W-209, PE-76)."""

import re

import pytest

from services.iam.office import NOW, Office, allow

TAGS = [{"Key": "Team", "Value": "blue"}, {"Key": "team", "Value": "red"}]


def new_profile(office: Office, name: str = "Web", path: str = "/") -> dict[str, str]:
    office.do("CreateInstanceProfile", InstanceProfileName=name, Path=path)
    return {"InstanceProfileName": name}


def test_a_profile_comes_back(office: Office) -> None:
    made = office.do("CreateInstanceProfile", InstanceProfileName="Web", Path="/a/", Tags=TAGS[:1])[
        "InstanceProfile"
    ]
    assert re.fullmatch("AIPA[A-Z2-7]{17}", made["InstanceProfileId"])  # W-118
    assert made == {
        "Path": "/a/",
        "InstanceProfileName": "Web",
        "InstanceProfileId": made["InstanceProfileId"],
        "Arn": office.arn("instance-profile/a/Web"),
        "CreateDate": NOW,
        "Roles": [],
        "Tags": TAGS[:1],
    }
    assert office.do("GetInstanceProfile", InstanceProfileName="web")["InstanceProfile"] == made
    (listed,) = office.do("ListInstanceProfiles", PathPrefix="/a/")["InstanceProfiles"]
    assert "Tags" not in listed
    assert office.do("ListInstanceProfiles", PathPrefix="/b/")["InstanceProfiles"] == []


def test_one_role_is_in_a_profile(office: Office) -> None:
    """W-169, W-171, W-209"""
    profile = new_profile(office)
    office.new_role("r")
    office.new_role("s")
    office.do("AddRoleToInstanceProfile", RoleName="r", **profile)
    full = ("LimitExceeded", 409, "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
    for name in ("r", "s"):
        assert office.refusal("AddRoleToInstanceProfile", RoleName=name, **profile) == full
    shown = office.do("GetInstanceProfile", **profile)["InstanceProfile"]
    assert [role["RoleName"] for role in shown["Roles"]] == ["r"]
    of_role = office.do("ListInstanceProfilesForRole", RoleName="r")
    assert [one["InstanceProfileName"] for one in of_role["InstanceProfiles"]] == ["Web"]
    said = "Cannot delete entity, must remove roles from instance profile first."
    assert office.refusal("DeleteInstanceProfile", **profile) == ("DeleteConflict", 409, said)
    assert office.refusal("DeleteRole", RoleName="r") == ("DeleteConflict", 409, said)
    told = ("NoSuchEntity", 404, "The role with name s cannot be found.")
    assert office.refusal("RemoveRoleFromInstanceProfile", RoleName="s", **profile) == told
    office.do("RemoveRoleFromInstanceProfile", RoleName="r", **profile)
    office.do("DeleteRole", RoleName="r")
    office.do("DeleteInstanceProfile", **profile)


def test_what_is_missing_or_taken_is_named(office: Office) -> None:
    """W-162, W-167, W-168"""
    missing = ("NoSuchEntity", 404, "Instance Profile x cannot be found.")
    for name in ("GetInstanceProfile", "DeleteInstanceProfile", "ListInstanceProfileTags"):
        assert office.refusal(name, InstanceProfileName="x") == missing
    new_profile(office)
    taken = ("EntityAlreadyExists", 409, "Instance Profile WEB already exists.")
    assert office.refusal("CreateInstanceProfile", InstanceProfileName="WEB") == taken


def test_profiles_have_a_quota(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """W-171"""
    monkeypatch.setattr("sekisho.services.iam.instance_profiles.INSTANCE_PROFILES", 1)
    new_profile(office)
    told = ("LimitExceeded", 409, "Cannot exceed quota for InstanceProfilesPerAccount: 1")
    assert office.refusal("CreateInstanceProfile", InstanceProfileName="b") == told


def test_tags_of_profiles_heed_case(office: Office) -> None:
    """W-164"""
    profile = new_profile(office)
    for tag in TAGS:
        office.do("TagInstanceProfile", Tags=[tag], **profile)
    listed = office.do("ListInstanceProfileTags", **profile)
    assert listed == {"Tags": TAGS, "IsTruncated": False}
    office.do("UntagInstanceProfile", TagKeys=["Team"], **profile)
    assert office.do("ListInstanceProfileTags", **profile)["Tags"] == TAGS[1:]


def test_profiles_are_listed_in_pages(office: Office) -> None:
    for name in ("b", "A", "c"):
        new_profile(office, name)
    names: list[str] = []
    marker: dict[str, str] = {}
    while True:
        listed = office.do("ListInstanceProfiles", MaxItems=1, **marker)
        names += [one["InstanceProfileName"] for one in listed["InstanceProfiles"]]
        if not listed["IsTruncated"]:
            break
        marker = {"Marker": listed["Marker"]}
    assert names == ["A", "b", "c"]


def test_a_role_is_put_in_by_who_may_pass_it(office: Office) -> None:
    """PE-190, PE-229: iam:PassedToService is the service that gets the role in the end."""
    profile = new_profile(office)
    role = office.new_role("r", Path="/x/")["Arn"]
    adding = allow("iam:AddRoleToInstanceProfile", office.arn("instance-profile/Web"))
    alice = office.new_user("alice", adding)
    assert office.refusal("AddRoleToInstanceProfile", alice, RoleName="r", **profile) == (
        "AccessDenied",
        403,
        f"User: {alice.principal.arn} is not authorized to perform: iam:PassRole on resource:"
        f" {role} because no identity-based policy allows the iam:PassRole action",
    )
    to_machines = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    bob = office.new_user("bob", adding, allow("iam:PassRole", role, Condition=to_machines))
    office.do("AddRoleToInstanceProfile", bob, RoleName="r", **profile)
    denied = office.refusal("GetInstanceProfile", bob, **profile)[2]
    assert "on resource: instance profile Web because" in denied
