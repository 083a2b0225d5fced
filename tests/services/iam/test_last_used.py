"""When keys, users and roles were last used (W-206)."""

from sekisho.directory.uses import SIGN_IN
from sekisho.model.uses import Use
from services.iam.office import NOW, Office, allow


def note(office: Office, subject: str, at: int, service: str = "s3", action: str = "Get") -> None:
    use = Use(subject, service, action, office.id, at, "eu-west-1")
    office.directory.uses.note(use)


def test_a_key_that_was_never_used(office: Office) -> None:
    office.new_user("u")
    key = office.do("CreateAccessKey", UserName="u")["AccessKey"]["AccessKeyId"]
    assert office.do("GetAccessKeyLastUsed", AccessKeyId=key) == {
        "UserName": "u",
        "AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"},
    }


def test_a_key_that_was_used(office: Office) -> None:
    office.new_user("u")
    key = office.do("CreateAccessKey", UserName="u")["AccessKey"]["AccessKeyId"]
    note(office, key, NOW - 9)
    note(office, key, NOW - 5, "iam", "ListUsers")
    told = {"LastUsedDate": NOW - 5, "ServiceName": "iam", "Region": "eu-west-1"}
    shown = {"UserName": "u", "AccessKeyLastUsed": told}
    assert office.do("GetAccessKeyLastUsed", AccessKeyId=key) == shown
    office.directory.uses.flush()
    assert office.do("GetAccessKeyLastUsed", AccessKeyId=key) == shown
    note(office, key, NOW - 7, "iam", "ListUsers")
    office.directory.uses.flush()
    assert office.do("GetAccessKeyLastUsed", AccessKeyId=key) == shown


def test_the_root_users_key_has_no_user_name(office: Office) -> None:
    key = office.do("CreateAccessKey")["AccessKey"]["AccessKeyId"]
    assert "UserName" not in office.do("GetAccessKeyLastUsed", AccessKeyId=key)


def test_keys_of_others_are_not_there(office: Office) -> None:
    key = office.do("CreateAccessKey")["AccessKey"]["AccessKeyId"]
    told = ("NoSuchEntity", 404, f"The Access Key with id {key} cannot be found")  # W-167
    assert Office(office.directory).refusal("GetAccessKeyLastUsed", AccessKeyId=key) == told


def test_leave_is_asked_for_the_keys_user(office: Office) -> None:
    office.new_user("u")
    key = office.do("CreateAccessKey", UserName="u")["AccessKey"]["AccessKeyId"]
    alice = office.new_user("alice", allow("iam:GetAccessKeyLastUsed", office.arn("user/u")))
    office.do("GetAccessKeyLastUsed", alice, AccessKeyId=key)
    other = office.do("CreateAccessKey", UserName="alice")["AccessKey"]["AccessKeyId"]
    said = office.refusal("GetAccessKeyLastUsed", alice, AccessKeyId=other)[2]
    assert f"on resource: access key {other} because" in said


def test_roles_show_when_they_were_last_used(office: Office) -> None:
    role_id = office.new_role("r")["RoleId"]
    assert office.do("GetRole", RoleName="r")["Role"]["RoleLastUsed"] == {}
    note(office, role_id, NOW)
    told = {"LastUsedDate": NOW, "Region": "eu-west-1"}
    assert office.do("GetRole", RoleName="r")["Role"]["RoleLastUsed"] == told
    assert "RoleLastUsed" not in office.do("ListRoles")["Roles"][0]


def test_users_show_when_they_last_signed_in(office: Office) -> None:
    office.new_user("u")
    user_id = office.do("GetUser", UserName="u")["User"]["UserId"]
    note(office, user_id, NOW)
    assert "PasswordLastUsed" not in office.do("GetUser", UserName="u")["User"]
    note(office, user_id, NOW - 3, *SIGN_IN)
    for _ in range(2):
        assert office.do("GetUser", UserName="u")["User"]["PasswordLastUsed"] == NOW - 3
        assert office.do("ListUsers")["Users"][0]["PasswordLastUsed"] == NOW - 3
        office.directory.uses.flush()


def test_uses_go_with_who_had_them(office: Office) -> None:
    office.new_user("u")
    user_id = office.do("GetUser", UserName="u")["User"]["UserId"]
    note(office, user_id, NOW)
    office.directory.uses.flush()
    office.do("DeleteUser", UserName="u")
    with office.directory.reading() as tx:
        assert office.directory.uses.of(tx, user_id) == []
