"""What holds for whatever names, tags and pages."""

from typing import Any

import hypothesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from sekisho.directory.sqlite import SqliteDirectory
from services.iam.office import ALLOW_ALL, Office

few = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
names = st.text("abAB1-._", min_size=1, max_size=6)
tags = st.dictionaries(st.sampled_from("aAbBcC"), st.sampled_from("123"), max_size=6)

CREATE: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "User": ("CreateUser", "ListUsers", "UserName", {}),
    "Group": ("CreateGroup", "ListGroups", "GroupName", {}),
}


def pages(office: Office, operation: str, listed: str, size: int, **given: Any) -> list[Any]:
    """All entries of a list, page after page; every page but the last is full."""
    entries: list[Any] = []
    marker: dict[str, str] = {}
    while True:
        output = office.do(operation, MaxItems=size, **marker, **given)
        entries += output[listed]
        if not output["IsTruncated"]:
            assert "Marker" not in output
            assert len(output[listed]) <= size
            return entries
        assert len(output[listed]) == size
        assert len(output["Marker"]) <= 320
        marker = {"Marker": output["Marker"]}


@few
@hypothesis.given(wanted=st.lists(names, max_size=8), kind=st.sampled_from(sorted(CREATE)))
def test_names_are_unique_ignoring_case(
    directory: SqliteDirectory, wanted: list[str], kind: str
) -> None:
    """W-162"""
    office = Office(directory)
    create, list_all, member, more = CREATE[kind]
    kept: dict[str, str] = {}
    for name in wanted:
        if name.lower() in kept:
            told = office.refusal(create, **{member: name}, **more)
            assert told[0] == "EntityAlreadyExists"
        else:
            office.do(create, **{member: name}, **more)
            kept[name.lower()] = name
    listed = [entry[member] for entry in office.do(list_all)[f"{kind}s"]]
    assert listed == [kept[name] for name in sorted(kept)]


@few
@hypothesis.given(before=tags, after=tags, size=st.integers(1, 4))
def test_tags_of_a_user_have_one_spelling_each(
    directory: SqliteDirectory, before: dict[str, str], after: dict[str, str], size: int
) -> None:
    """PE-169: the last spelling and value win, and each key is there once."""
    office = Office(directory)
    office.new_user("u")
    wanted: dict[str, tuple[str, str]] = {}
    for passed in (before, after):
        once = {key.lower(): (key, value) for key, value in passed.items()}
        given = [{"Key": key, "Value": value} for key, value in once.values()]
        office.do("TagUser", UserName="u", Tags=given)
        wanted.update(once)
    listed = pages(office, "ListUserTags", "Tags", size, UserName="u")
    assert [(tag["Key"], tag["Value"]) for tag in listed] == sorted(wanted.values())


def test_every_list_can_be_read_page_by_page(office: Office) -> None:
    first, *others = [office.new_policy(f"p{number}") for number in range(3)]
    office.new_user("u")
    for arn in (first, *others):
        office.do("AttachUserPolicy", UserName="u", PolicyArn=arn)
    for number in range(3):
        office.do("CreatePolicyVersion", PolicyArn=first, PolicyDocument=ALLOW_ALL)
        office.new_role(f"r{number}", PermissionsBoundary=first)
        name = f"{number}{'m' * 200}"
        office.do("CreateVirtualMFADevice", VirtualMFADeviceName=name, Path="/devices/")
        given = {"UserName": "u", "PolicyName": f"i{number}", "PolicyDocument": ALLOW_ALL}
        office.do("PutUserPolicy", **given)
    for operation, listed, given in (
        ("ListPolicies", "Policies", {"PathPrefix": "/job-function/"}),
        ("ListPolicies", "Policies", {"Scope": "Local"}),
        ("ListPolicies", "Policies", {"PolicyUsageFilter": "PermissionsPolicy"}),
        ("ListRoles", "Roles", {}),
        ("ListPolicyVersions", "Versions", {"PolicyArn": first}),
        ("ListEntitiesForPolicy", "PolicyRoles", {"PolicyArn": first, "EntityFilter": "Role"}),
        ("ListAttachedUserPolicies", "AttachedPolicies", {"UserName": "u"}),
        ("ListUserPolicies", "PolicyNames", {"UserName": "u"}),
        ("ListVirtualMFADevices", "VirtualMFADevices", {}),
    ):
        whole = office.do(operation, **given)[listed]
        assert len(whole) >= 3
        assert pages(office, operation, listed, 2, **given) == whole


def test_a_page_goes_on_where_its_last_entry_was(office: Office) -> None:
    for name in ("a", "b", "c", "d"):
        office.new_user(name)
    marker = office.do("ListUsers", MaxItems=2)["Marker"]
    office.do("DeleteUser", UserName="b")
    office.do("DeleteUser", UserName="c")
    rest = office.do("ListUsers", MaxItems=2, Marker=marker)["Users"]
    assert [user["UserName"] for user in rest] == ["d"]
