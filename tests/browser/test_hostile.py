"""Names and texts that others chose: shown as they are, and never run."""

import json
import re

import pytest
from demo.policies import allow, trust
from playwright.sync_api import expect

from browser.house import House
from browser.visitor import Visitor

SCRIPT = "<img src=x onerror=alert(1)><script>alert(1)</script>"
BIDI = "invoice\u202efdp.exe"
LONGEST, LONGEST_POLICY = "a" * 64, "p" * 128  # the first of any list


@pytest.fixture
def guarded(visitor: Visitor) -> Visitor:
    """A dialog that a script opens is a complaint."""
    visitor.page.on("dialog", lambda dialog: visitor.watch.complaints.append(dialog.message))
    return visitor


def test_links_to_the_form_are_text(house: House, guarded: Visitor) -> None:
    person = house.person(house.source, allow("sts:AssumeRole", "*"))
    role = house.role(house.destination, trust(person.arn))
    guarded.signs_in(person)
    guarded.asks_for_role(house.destination, role, f"{SCRIPT[:40]} {BIDI}")
    guarded.acts_as(f"{SCRIPT[:40]} invoice⟦U+202E⟧fdp.exe")
    guarded.clicks(f"Switch back to {person.name}").acts_as_oneself()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//elsewhere.example", "%3Cscript%3E"])
def test_addresses_are_pages_or_nothing(house: House, guarded: Visitor, address: str) -> None:
    guarded.signs_in(house.admin(house.source)).goes(f"/console/{address}")
    guarded.sees_title("There is no such page")


def test_policies_and_descriptions_are_text(house: House, guarded: Visitor) -> None:
    iam = house.iam(house.source)
    document = {**allow("s3:GetObject", "*"), "Id": SCRIPT + BIDI}
    iam.create_policy(
        PolicyName=LONGEST_POLICY, PolicyDocument=json.dumps(document), Description=SCRIPT
    )
    arn = f"arn:aws:iam::{house.source}:policy/{LONGEST_POLICY}".replace("/", "%2F")
    guarded.signs_in(house.admin(house.source)).goes(f"/console/policies/detail/{arn}")
    guarded.sees_title(LONGEST_POLICY).sees(SCRIPT)
    expect(guarded.page.locator("img[src='x']")).to_have_count(0)


def test_the_longest_names_fit(house: House, guarded: Visitor) -> None:
    iam = house.iam(house.source)
    iam.create_user(UserName=LONGEST)
    iam.create_role(RoleName=LONGEST, AssumeRolePolicyDocument=json.dumps(trust(house.source)))
    guarded.signs_in(house.admin(house.source))
    guarded.page.set_viewport_size({"width": 480, "height": 800})
    for path in ("users", f"users/detail/{LONGEST}", "roles", f"roles/detail/{LONGEST}"):
        guarded.goes(f"/console/{path}")
        guarded.sees(re.compile("a{64}"))
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert guarded.page.evaluate(width) <= 0, path
