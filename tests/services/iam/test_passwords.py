"""Login profiles, password policies and account aliases (W-166, W-207, W-217)."""

from typing import Any

import pytest
from sqlalchemy import update

from sekisho.directory import schema
from sekisho.directory.queries import organizations, passwords
from sekisho.model.organizations import Member, Organization
from sekisho.services.iam.passwords import hash_password
from services.iam.office import NOW, Office, allow

GOOD = "Correct-horse7"
NEXT = "Battery_staple8"
VIOLATION = ("PasswordPolicyViolation", 400)


def with_password(office: Office, name: str = "alice", *statements: Any) -> Any:
    caller = office.new_user(name, *statements)
    office.do("CreateLoginProfile", UserName=name, Password=GOOD)
    return caller


def test_an_old_password_is_not_found_out_by_guessing(office: Office) -> None:
    """Its holder has an access key, which may be a thief's."""
    alice = with_password(office, "alice", allow("iam:ChangePassword"))
    right = {"OldPassword": GOOD, "NewPassword": NEXT}
    told = ("AccessDenied", 403, "The old password was incorrect.")
    for number in range(5):
        wrong = {"OldPassword": f"{GOOD}{number}", "NewPassword": NEXT}
        assert office.refusal("ChangePassword", alice, **wrong) == told
    assert office.refusal("ChangePassword", alice, **right) == told
    office.now += 31
    office.do("ChangePassword", alice, **right)
    back = {"OldPassword": NEXT, "NewPassword": GOOD}
    office.do("ChangePassword", alice, **back)


def test_a_login_profile_comes_and_goes(office: Office) -> None:
    office.new_user("Alice")
    made = office.do(
        "CreateLoginProfile", UserName="alice", Password=GOOD, PasswordResetRequired=True
    )
    shown = {
        "LoginProfile": {"UserName": "Alice", "CreateDate": NOW, "PasswordResetRequired": True}
    }
    assert made == shown
    assert office.do("GetLoginProfile", UserName="ALICE") == shown
    office.do("UpdateLoginProfile", UserName="alice", PasswordResetRequired=False)
    seen = office.do("GetLoginProfile", UserName="alice")["LoginProfile"]
    assert seen["PasswordResetRequired"] is False
    office.do("DeleteLoginProfile", UserName="alice")
    told = ("NoSuchEntity", 404, "Login Profile for User Alice cannot be found.")  # W-167
    for name in ("GetLoginProfile", "DeleteLoginProfile", "UpdateLoginProfile"):
        assert office.refusal(name, UserName="alice") == told


def test_a_user_has_one_password(office: Office) -> None:
    """W-168"""
    with_password(office)
    told = ("EntityAlreadyExists", 409, "Login Profile for user alice already exists.")
    assert office.refusal("CreateLoginProfile", UserName="alice", Password=NEXT) == told


def test_a_password_must_be_given(office: Office) -> None:
    office.new_user("alice")
    code, status, said = office.refusal("CreateLoginProfile", UserName="alice")
    assert (code, status) == ("ValidationError", 400)
    assert "Value null at 'password'" in said


def test_a_user_with_a_password_is_not_deleted(office: Office) -> None:
    """W-169"""
    with_password(office)
    said = "Cannot delete entity, must delete login profile first."
    assert office.refusal("DeleteUser", UserName="alice") == ("DeleteConflict", 409, said)
    office.do("DeleteLoginProfile", UserName="alice")
    office.do("DeleteUser", UserName="alice")


def test_passwords_are_kept_hashed(office: Office) -> None:
    alice = with_password(office)
    with office.directory.reading() as tx:
        kept = passwords.get_login_profile(tx, alice.principal.unique_id)
    assert kept is not None
    assert kept.hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "argon2id" not in repr(kept)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Ab1!", "Password should have a minimum length of 8"),
        (
            "password!",
            "Password should meet 1 more of the following requirements: Password should have at"
            " least one uppercase letter, Password should have at least one number",
        ),
        (
            "passwordpassword",
            "Password should meet 2 more of the following requirements: Password should have at"
            " least one uppercase letter, Password should have at least one number, Password"
            " should have at least one symbol",
        ),
        (
            "Home-name7",
            "Password should not be identical to your account name or email address",
        ),
    ],
)
def test_rules_hold_without_a_policy(office: Office, password: str, said: str) -> None:
    """W-207: 8-128 characters, three of four classes, not the account's name."""
    office.new_user("alice")
    with office.directory.writing() as tx:
        tx.connection.execute(
            update(schema.accounts)
            .where(schema.accounts.c.id == office.id)
            .values(name="Home-name7")
        )
    told = office.refusal("CreateLoginProfile", UserName="alice", Password=password)
    assert told == (*VIOLATION, said)
    office.do("CreateLoginProfile", UserName="alice", Password="passWord7")


def test_no_password_is_a_name_of_the_account(office: Office) -> None:
    """W-207: its name, alias or address, whether it is given or changed to; with a policy any."""
    alice = with_password(office, "alice", allow("iam:ChangePassword"))
    office.new_user("bob")
    office.do("CreateAccountAlias", AccountAlias="home-alias-7")
    organization = Organization("o-0123456789", office.id, "r-0123", NOW)
    member = Member(
        office.id, organization.id, organization.root, NOW, "CREATED", "Ann.b1@home.example"
    )
    with office.directory.writing() as tx:
        rows = update(schema.accounts).where(schema.accounts.c.id == office.id)
        tx.connection.execute(rows.values(name="Home-name7"))
        organizations.add_organization(tx, organization, member)
    said = "Password should not be identical to your account name or email address"
    change = {"OldPassword": GOOD}
    for name in ("home-alias-7", "Home-name7", member.email):
        told = office.refusal("CreateLoginProfile", UserName="bob", Password=name)
        assert told == (*VIOLATION, said)
        assert office.refusal("ChangePassword", alice, **change, NewPassword=name) == told
        assert office.refusal("UpdateLoginProfile", UserName="alice", Password=name) == told
    office.do("UpdateAccountPasswordPolicy")
    office.do("ChangePassword", alice, **change, NewPassword=member.email)


def test_a_policy_sets_other_rules(office: Office) -> None:
    office.new_user("alice")
    office.do(
        "UpdateAccountPasswordPolicy",
        MinimumPasswordLength=14,
        RequireSymbols=True,
        RequireUppercaseCharacters=True,
    )
    told = office.refusal("CreateLoginProfile", UserName="alice", Password="short1")
    assert told == (
        *VIOLATION,
        "Password should have a minimum length of 14, Password should have at least one uppercase"
        " letter, Password should have at least one symbol",
    )
    office.do("UpdateAccountPasswordPolicy")
    office.do("CreateLoginProfile", UserName="alice", Password="simple")


def test_a_password_policy_comes_and_goes(office: Office) -> None:
    none = f"The Password Policy with domain name {office.id} cannot be found."
    assert office.refusal("GetAccountPasswordPolicy") == ("NoSuchEntity", 404, none)
    gone = "The account policy with name PasswordPolicy cannot be found."
    assert office.refusal("DeleteAccountPasswordPolicy") == ("NoSuchEntity", 404, gone)
    office.do("UpdateAccountPasswordPolicy")
    plain = {
        "MinimumPasswordLength": 6,
        "RequireSymbols": False,
        "RequireNumbers": False,
        "RequireUppercaseCharacters": False,
        "RequireLowercaseCharacters": False,
        "AllowUsersToChangePassword": False,
        "ExpirePasswords": False,
    }
    assert office.do("GetAccountPasswordPolicy") == {"PasswordPolicy": plain}
    more = {"MaxPasswordAge": 90, "PasswordReusePrevention": 5, "HardExpiry": False}
    office.do("UpdateAccountPasswordPolicy", **more)
    shown = office.do("GetAccountPasswordPolicy")["PasswordPolicy"]
    assert shown == {**plain, **more, "ExpirePasswords": True}
    office.do("DeleteAccountPasswordPolicy")
    assert office.refusal("GetAccountPasswordPolicy")[0] == "NoSuchEntity"


def test_who_knows_the_old_password_may_set_a_new_one(office: Office) -> None:
    alice = with_password(office, "alice", allow("iam:ChangePassword"))
    wrong = office.refusal("ChangePassword", alice, OldPassword=NEXT, NewPassword=NEXT)
    assert wrong == ("AccessDenied", 403, "The old password was incorrect.")
    weak = office.refusal("ChangePassword", alice, OldPassword=GOOD, NewPassword="weak")
    assert weak[:2] == VIOLATION
    office.do("ChangePassword", alice, OldPassword=GOOD, NewPassword=NEXT)
    assert office.refusal("ChangePassword", alice, OldPassword=GOOD, NewPassword=GOOD)[2] == (
        "The old password was incorrect."
    )


def test_of_two_who_replace_one_password_the_second_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W-166: both knew the old one; hashing takes its time."""
    alice = with_password(office, "alice", allow("iam:ChangePassword"))
    place = "sekisho.services.iam.login_profiles.hash_password"

    def interrupted(password: str) -> str:
        monkeypatch.setattr(place, hash_password)
        office.do("ChangePassword", alice, OldPassword=GOOD, NewPassword=NEXT)
        return hash_password(password)

    monkeypatch.setattr(place, interrupted)
    told = office.refusal("ChangePassword", alice, OldPassword=GOOD, NewPassword=f"{NEXT}2")
    said = "The password was changed by another request."
    assert told == ("EntityTemporarilyUnmodifiable", 409, said)


def test_only_users_change_their_own_password(office: Office) -> None:
    told = ("InvalidUserType", 400, "Only IAM Users can change their own password")
    given = {"OldPassword": GOOD, "NewPassword": NEXT}
    assert office.refusal("ChangePassword", **given) == told
    office.new_role("r")
    assert office.refusal("ChangePassword", office.session("r"), **given) == told


def test_the_policy_may_let_all_users_change_theirs_unless_denied(office: Office) -> None:
    alice = with_password(office)
    given = {"OldPassword": GOOD, "NewPassword": NEXT}
    assert office.refusal("ChangePassword", alice, **given)[0] == "AccessDenied"
    office.do("UpdateAccountPasswordPolicy", AllowUsersToChangePassword=True)
    office.do("ChangePassword", alice, **given)
    deny = {"Effect": "Deny", "Action": "iam:ChangePassword", "Resource": "*"}
    bob = with_password(office, "bob", deny)
    told = office.refusal("ChangePassword", bob, **given)
    assert "with an explicit deny in an identity-based policy" in told[2]


def test_passwords_are_remembered(office: Office) -> None:
    with_password(office)
    office.do("UpdateAccountPasswordPolicy", PasswordReusePrevention=2)
    said = "Policy constraint violation with password reuse prevention during password change."
    told = (*VIOLATION, said)

    def change(password: str) -> dict[str, str]:
        return {"UserName": "alice", "Password": password}

    assert office.refusal("UpdateLoginProfile", **change(GOOD)) == told
    office.do("UpdateLoginProfile", **change(NEXT))
    assert office.refusal("UpdateLoginProfile", **change(GOOD)) == told
    office.do("UpdateLoginProfile", **change("Third_one9"))
    office.do("UpdateLoginProfile", **change(GOOD))


def test_an_account_has_one_alias(office: Office) -> None:
    """W-217"""
    assert office.do("ListAccountAliases") == {"AccountAliases": [], "IsTruncated": False}
    name = f"home-{office.id}"
    office.do("CreateAccountAlias", AccountAlias="first-" + name)
    office.do("CreateAccountAlias", AccountAlias=name)
    assert office.do("ListAccountAliases")["AccountAliases"] == [name]
    taken = ("EntityAlreadyExists", 409, f"The account alias {name} already exists.")  # W-168
    other = Office(office.directory)
    assert other.refusal("CreateAccountAlias", AccountAlias=name) == taken
    missing = ("NoSuchEntity", 404, f"The account alias {name} cannot be found.")
    assert other.refusal("DeleteAccountAlias", AccountAlias=name) == missing
    office.do("DeleteAccountAlias", AccountAlias=name)
    other.do("CreateAccountAlias", AccountAlias=name)


def test_an_alias_is_no_account_id(office: Office) -> None:
    """PE-62"""
    told = office.refusal("CreateAccountAlias", AccountAlias="1" * 12)
    assert told[:2] == ("InvalidInput", 400)
