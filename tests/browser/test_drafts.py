"""What was begun in a form is there again after its session ended, and secrets never are."""

import pytest
from playwright.sync_api import expect

from browser.conftest import Opens
from browser.house import House, Person
from browser.visitor import Visitor

RESTORED = "Your text from before was kept"
KEPT = "JSON.stringify({...sessionStorage}) + JSON.stringify({...localStorage})"


def loses_the_session(visitor: Visitor, person: Person) -> Visitor:
    """And finds at the same address what was begun there."""
    return is_let_in_again(visitor, person).sees(RESTORED)


def is_let_in_again(visitor: Visitor, person: Person) -> Visitor:
    """After the session has ended."""
    path = visitor.path
    visitor.page.context.clear_cookies()
    visitor.goes(path).is_asked_to_sign_in()
    return visitor.fills_in(person).clicks("Sign in")


def within(visitor: Visitor, button: str) -> Visitor:
    """Clicks what an open dialog has, and not the page behind it."""
    visitor.page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()
    return visitor


def has(visitor: Visitor, **fields: str) -> None:
    for name, value in fields.items():
        field = visitor.page.locator(f"[name='{name}']")
        expect(field).to_have_value(value)


@pytest.fixture
def person(house: House) -> Person:
    return house.admin(house.source)


def test_a_user_under_way_outlives_the_session_without_the_password(
    house: House, visitor: Visitor, person: Person
) -> None:
    visitor.signs_in(person, "/console/users/create")
    visitor.types("User name", "newcomer").types("Path", "/team/")
    visitor.page.get_by_role("checkbox", name="Let the user sign in to this console").check()
    visitor.types("Password", "Secret-Horse-8")
    loses_the_session(visitor, person)
    has(visitor, UserName="newcomer", Path="/team/", Password="")
    assert "Secret-Horse-8" not in visitor.page.evaluate(KEPT)
    visitor.types("Password", "Secret-Horse-8").clicks("Create user").sees_title("newcomer")
    visitor.goes_within("/console/users/create").sees_title("Create user").sees_not(RESTORED)
    has(visitor, UserName="", Path="/")
    made = house.iam(house.source).get_user(UserName="newcomer")["User"]
    assert made["Path"] == "/team/"


def test_a_role_under_way_outlives_the_session(
    house: House, visitor: Visitor, person: Person
) -> None:
    visitor.signs_in(person, "/console/roles/create")
    visitor.types("Role name", "begun").types("Path", "/team/")
    visitor.page.locator("textarea").first.fill("for later")
    visitor.page.get_by_role("radio", name="Another account").check()
    visitor.types("Account ID", house.destination)
    visitor.clicks("Add tag")
    key = visitor.page.get_by_role("textbox", name="Key")
    key.fill("team")
    chosen = visitor.page.get_by_role("checkbox", name="ReadOnlyAccess", exact=True)
    chosen.check()
    loses_the_session(visitor, person)
    has(visitor, RoleName="begun", Path="/team/", account=house.destination)
    expect(visitor.page.locator("textarea").first).to_have_value("for later")
    expect(key).to_have_value("team")
    expect(chosen).to_be_checked()
    visitor.clicks("Create role").sees_title("begun").sees("ReadOnlyAccess")


def test_a_policy_and_a_bucket_under_way_outlive_the_session(
    visitor: Visitor, person: Person
) -> None:
    visitor.signs_in(person, "/console/policies/create")
    visitor.types("Policy name", "begun").types("Path", "/team/")
    loses_the_session(visitor, person)
    has(visitor, PolicyName="begun", Path="/team/")
    visitor.clicks("Discard it").sees_not(RESTORED)
    has(visitor, PolicyName="", Path="/")
    visitor.goes_within("/console/buckets/create").types("Bucket name", "begun-here")
    loses_the_session(visitor, person)
    has(visitor, Bucket="begun-here")
    visitor.clicks("Cancel").sees_title("Buckets")
    visitor.goes_within("/console/buckets/create").sees_title("Create bucket").sees_not(RESTORED)


def test_a_plan_outlives_the_session_and_is_whoevers_it_was(
    house: House, opens: Opens, person: Person
) -> None:
    visitor = opens().signs_in(person, "/console/wizard")
    other_account = visitor.page.get_by_label("Account ID of the other account")
    other_account.fill(house.destination)
    loses_the_session(visitor, person)
    expect(other_account).to_have_value(house.destination)
    other = house.admin(house.source)
    visitor.chooses("Sign out").is_asked_to_sign_in()
    visitor.signs_in(other, "/console/wizard").sees_title("Access to another account")
    visitor.sees_not(RESTORED)


def test_dialogs_under_way_outlive_the_session(visitor: Visitor, person: Person) -> None:
    visitor.signs_in(person, "/console/groups").clicks("Create group")
    visitor.types("Group name", "begun").types("Path", "/team/")
    is_let_in_again(visitor, person).clicks("Create group").sees(RESTORED)
    has(visitor, name="begun", path="/team/")
    within(visitor, "Create group").sees_title("begun")
    chosen = visitor.page.get_by_role("checkbox", name=person.name, exact=True)
    visitor.clicks("Add users")
    chosen.check()
    is_let_in_again(visitor, person).clicks("Add users").sees(RESTORED)
    expect(chosen).to_be_checked()
    within(visitor, "Cancel").clicks("Add users").sees("Add (0)").sees_not(RESTORED)


def test_tags_under_way_outlive_the_session(visitor: Visitor, person: Person) -> None:
    visitor.signs_in(person, f"/console/users/detail/{person.name}")
    visitor.clicks("Tags", "tab").clicks("Manage tags").clicks("Add tag")
    visitor.page.get_by_role("textbox", name="Key").fill("team")
    is_let_in_again(visitor, person).clicks("Tags", "tab").clicks("Manage tags").sees(RESTORED)
    within(visitor, "Save changes")
    expect(visitor.page.get_by_role("rowheader", name="team")).to_be_visible()
    visitor.clicks("Manage tags").sees_not(RESTORED)
    expect(visitor.page.get_by_role("textbox", name="Key")).to_have_value("team")


def test_a_dialog_with_a_password_keeps_the_rest(
    house: House, visitor: Visitor, person: Person
) -> None:
    visitor.signs_in(person, f"/console/users/detail/{house.admin(house.source).name}")
    visitor.clicks("Security credentials", "tab").clicks("Set a new password")
    visitor.types("Password", "Secret-Horse-8")
    must_change = visitor.page.get_by_role("checkbox", name="at the first sign-in")
    must_change.uncheck()
    assert "Secret-Horse-8" not in visitor.page.evaluate(KEPT)
    is_let_in_again(visitor, person).clicks("Security credentials", "tab")
    visitor.clicks("Set a new password").sees(RESTORED)
    has(visitor, password="")
    expect(must_change).not_to_be_checked()


def test_a_device_whose_secret_is_lost_is_made_anew(
    house: House, visitor: Visitor, person: Person
) -> None:
    """By its name, which a device that nobody has would keep taken."""
    visitor.signs_in(person, "/console/credentials")
    for _ in range(2):
        visitor.clicks("Assign MFA device").clicks("Next").sees("Secret key")
        is_let_in_again(visitor, person)
    visitor.clicks("Assign MFA device").clicks("Cancel")
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    left = house.iam(house.source).list_virtual_mfa_devices(AssignmentStatus="Unassigned")
    assert person.name not in str(left["VirtualMFADevices"])
