"""What was begun in a form is there again after its session ended, and secrets never are."""

import pytest
from playwright.sync_api import expect

from browser.conftest import Opens
from browser.house import House, Person
from browser.visitor import Visitor

RESTORED = "Your text from before was kept"
KEPT = "JSON.stringify({...sessionStorage}) + JSON.stringify({...localStorage})"


def loses_the_session(visitor: Visitor, person: Person) -> Visitor:
    """And signs in again, at the same address."""
    path = visitor.path
    visitor.page.context.clear_cookies()
    visitor.goes(path).is_asked_to_sign_in()
    return visitor.fills_in(person).clicks("Sign in").sees(RESTORED)


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
