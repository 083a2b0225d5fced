"""Users, as W-157…W-174 and W-327 have them."""

import re

from services.iam.office import NOW, Office, allow, document, trusting


def test_create_user_answers_what_was_given(office: Office) -> None:
    boundary = office.new_policy("limit")
    tags = [{"Key": "Team", "Value": "blue"}, {"Key": "cost", "Value": ""}]
    output = office.do(
        "CreateUser", UserName="Alice", Path="/a/b/", PermissionsBoundary=boundary, Tags=tags
    )
    user_id = output["User"].pop("UserId")
    assert re.fullmatch("AIDA[A-Z2-7]{17}", user_id)  # W-119
    assert output == {
        "User": {
            "Path": "/a/b/",
            "UserName": "Alice",
            "Arn": office.arn("user/a/b/Alice"),
            "CreateDate": NOW,
            "PermissionsBoundary": {
                "PermissionsBoundaryType": "Policy",
                "PermissionsBoundaryArn": boundary,
            },
            "Tags": tags,
        }
    }
    assert office.do("GetUser", UserName="alice")["User"]["UserId"] == user_id  # W-162


def test_a_plain_user_shows_no_empty_elements(office: Office) -> None:
    shown = office.do("CreateUser", UserName="bob")["User"]
    assert set(shown) == {"Path", "UserName", "UserId", "Arn", "CreateDate"}
    assert office.do("GetUser", UserName="bob")["User"] == shown


def test_lists_leave_out_tags_and_boundaries(office: Office) -> None:
    """W-163"""
    boundary = office.new_policy("limit")
    tags = [{"Key": "k", "Value": "v"}]
    office.do("CreateUser", UserName="u", PermissionsBoundary=boundary, Tags=tags)
    (shown,) = office.do("ListUsers")["Users"]
    assert set(shown) == {"Path", "UserName", "UserId", "Arn", "CreateDate"}


def test_users_are_listed_under_a_path(office: Office) -> None:
    for name, path in (("b", "/x/"), ("A", "/x/y/"), ("c", "/z/")):
        office.do("CreateUser", UserName=name, Path=path)
    listed = office.do("ListUsers", PathPrefix="/x/")
    assert [user["UserName"] for user in listed["Users"]] == ["A", "b"]
    assert listed["IsTruncated"] is False
    assert "Marker" not in listed


def test_get_user_without_a_name_is_about_the_caller(office: Office) -> None:
    """W-174, W-327"""
    may_look = {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"}
    alice = office.new_user("alice", may_look)
    assert office.do("GetUser", alice)["User"]["UserName"] == "alice"
    assert office.do("GetUser") == {
        "User": {
            "UserId": office.id,
            "Arn": office.arn("root"),
            "CreateDate": office.account.created,
        }
    }
    office.new_role("visited")
    assert office.refusal("GetUser", office.session("visited")) == (
        "ValidationError",
        400,
        "Must specify userName when calling with non-User credentials",
    )


def test_renaming_keeps_the_unique_id_and_what_hangs_on_it(office: Office) -> None:
    alice = office.new_user("alice", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    office.do("UpdateUser", UserName="alice", NewUserName="ALICIA", NewPath="/moved/")
    shown = office.do("GetUser", UserName="alicia")["User"]
    assert shown["UserId"] == alice.principal.unique_id
    assert shown["Arn"] == office.arn("user/moved/ALICIA")
    assert office.do("ListUserPolicies", UserName="alicia")["PolicyNames"] == ["p"]
    assert office.refusal("GetUser", UserName="alice")[0] == "NoSuchEntity"


def test_a_user_may_change_the_case_of_its_own_name_only(office: Office) -> None:
    office.new_user("alice")
    office.new_user("bob")
    office.do("UpdateUser", UserName="alice", NewUserName="Alice")
    assert office.do("GetUser", UserName="alice")["User"]["UserName"] == "Alice"
    assert office.refusal("UpdateUser", UserName="alice", NewUserName="BOB") == (
        "EntityAlreadyExists",
        409,
        "User with name BOB already exists.",
    )


def test_tags_of_users_ignore_case_and_keep_the_new_spelling(office: Office) -> None:
    """PE-169"""
    office.do("CreateUser", UserName="u", Tags=[{"Key": "Department", "Value": "finance"}])
    office.do("TagUser", UserName="u", Tags=[{"Key": "department", "Value": "hr"}])
    listed = office.do("ListUserTags", UserName="u")
    assert listed == {"Tags": [{"Key": "department", "Value": "hr"}], "IsTruncated": False}
    office.do("UntagUser", UserName="u", TagKeys=["DEPARTMENT", "never-set"])
    assert office.do("ListUserTags", UserName="u")["Tags"] == []


def test_what_a_group_may_its_members_may(office: Office) -> None:
    """PE-231: and nobody else; a group is no member of another."""
    alice, bob = office.new_user("alice"), office.new_user("bob")
    for name in ("g", "h"):
        office.do("CreateGroup", GroupName=name)
    given = {"PolicyName": "p", "PolicyDocument": document(allow("iam:ListUsers"))}
    office.do("PutGroupPolicy", GroupName="g", **given)
    assert office.refusal("ListUsers", alice)[0] == "AccessDenied"
    office.do("AddUserToGroup", GroupName="g", UserName="alice")
    assert office.do("ListUsers", alice)["Users"]
    assert office.refusal("ListUsers", bob)[0] == "AccessDenied"
    assert office.refusal("AddUserToGroup", GroupName="g", UserName="h")[0] == "NoSuchEntity"
    office.do("RemoveUserFromGroup", GroupName="g", UserName="alice")
    assert office.refusal("ListUsers", alice)[0] == "AccessDenied"


def test_a_boundary_is_put_shown_and_taken_away(office: Office) -> None:
    office.new_user("u")
    arn = office.new_policy("limit")
    office.do("PutUserPermissionsBoundary", UserName="u", PermissionsBoundary=arn)
    shown = office.do("GetUser", UserName="u")["User"]["PermissionsBoundary"]
    assert shown["PermissionsBoundaryArn"] == arn
    office.do("DeleteUserPermissionsBoundary", UserName="u")
    assert "PermissionsBoundary" not in office.do("GetUser", UserName="u")["User"]


def test_a_deleted_user_made_again_is_somebody_else(office: Office) -> None:
    """PE-31, W-176"""
    before = office.new_user("alice")
    office.new_role("r", AssumeRolePolicyDocument=trusting({"AWS": before.principal.arn}))
    office.do("DeleteUser", UserName="alice")
    after = office.new_user("alice")
    assert after.principal.unique_id != before.principal.unique_id
    shown = office.do("GetRole", RoleName="r")["Role"]["AssumeRolePolicyDocument"]
    assert before.principal.unique_id in shown
    assert before.principal.arn not in shown
