"""People who type nothing, or far too much, or the wrong way: told what is wrong, and led on."""

import json

import pytest
from demo.policies import allow
from playwright.sync_api import expect

from browser.house import EVERYTHING, House
from browser.visitor import Visitor

# As a paste does it; typing a hundred thousand characters takes a browser long.
SET = """(area, text) => {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}"""


@pytest.mark.parametrize("what", ["user", "role", "policy"])
def test_nothing_is_made_without_a_name(house: House, visitor: Visitor, what: str) -> None:
    """The wire is asked, and says so."""
    area = {"user": "users", "role": "roles", "policy": "policies"}[what]
    visitor.signs_in(house.admin(house.source), f"/console/{area}/create")
    visitor.clicks(f"Create {what}").sees("ValidationError").sees_title(f"Create {what}")


def test_a_dialog_is_filled_in_with_the_keyboard_alone(house: House, visitor: Visitor) -> None:
    visitor.signs_in(house.admin(house.source), "/console/groups").settles()
    opener, keys = visitor.control("Create group"), visitor.page.keyboard
    opener.press("Enter")
    expect(visitor.control("Close")).to_be_focused()
    keys.press("Escape")
    expect(opener).to_be_focused()
    opener.press("Enter")
    expect(visitor.control("Close")).to_be_focused()
    keys.press("Tab")
    keys.type("by-keys")
    keys.press("Enter")
    visitor.sees_title("by-keys")


def test_forms_lead_to_what_is_missing(house: House, visitor: Visitor) -> None:
    visitor.signs_in(house.admin(house.source), "/console/switch-role").clicks("Switch role")
    visitor.sees("This field is required.")
    expect(visitor.page.get_by_label("Account ID or alias", exact=True)).to_be_focused()
    visitor.goes_within("/console/wizard").clicks("Apply the user's half here")
    expect(visitor.page.get_by_label("User name", exact=True)).to_be_focused()


def test_a_policy_of_a_hundred_kilobytes_can_be_written_on(house: House, visitor: Visitor) -> None:
    statements = [
        allow("s3:GetObject", f"arn:aws:s3:::b{n}/*")["Statement"][0] for n in range(1000)
    ]
    text = json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)
    assert len(text) > 100_000
    visitor.signs_in(house.admin(house.source), "/console/policies/create")
    area = visitor.page.get_by_label("Policy document (JSON)")
    area.evaluate(SET, text)
    visitor.sees("characters too many").sees_not("Checking…")
    area.press("End")
    area.press("x")
    expect(area).to_have_value(f"{text}x")


def test_objects_are_refused_in_words(house: House, visitor: Visitor) -> None:
    """HEAD has none; they come from a GET."""
    bucket = house.bucket(house.source, **{"kept.txt": b"secret"})
    page = f"/console/buckets/detail/{bucket}/object?key="
    visitor.signs_in(house.person(house.source), f"{page}kept.txt")
    visitor.sees("is not authorized to perform: s3:GetObject")
    expect(visitor.control("Download")).to_be_disabled()
    visitor.chooses("Sign out").is_asked_to_sign_in()
    visitor.signs_in(house.admin(house.source), f"{page}none")
    visitor.sees("The specified key does not exist.")
    visitor.goes(f"{page}..%2Fkept.txt").sees("No browser can ask for it")


def test_filters_of_the_trail_are_there_on_the_way_back(house: House, visitor: Visitor) -> None:
    person = house.person(house.source, EVERYTHING)
    visitor.signs_in(person, "/console/users").settles()
    visitor.goes_within("/console/events").types("Operation contains", "ListUsers")
    visitor.types("Principal contains", person.name).clicks("Apply filters").sees("(1)")
    visitor.page.get_by_role("rowheader").get_by_role("link").click()
    visitor.sees_title("Why").page.go_back()
    visitor.sees("(1)").sees("iam:ListUsers")
    expect(visitor.page.get_by_label("Operation contains")).to_have_value("ListUsers")
