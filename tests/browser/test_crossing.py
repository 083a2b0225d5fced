"""The article's journey in the browser, both halves made by two administrators, then walked."""

from pathlib import Path

from demo.policies import allow, trust
from playwright.sync_api import expect

from browser.conftest import Opens
from browser.house import PASSWORD, House, Person
from browser.visitor import Visitor

ROOT_PASSWORD = "Root-of-All-9"


def test_the_wizard_makes_a_way_that_can_be_walked(house: House, opens: Opens) -> None:
    bucket = house.bucket(house.destination, **{"march.txt": b"all is well"})
    here = opens().signs_in(house.admin(house.source))
    there = opens().signs_in(house.admin(house.destination))
    traveller = Person(house.source, "wanderer")

    here.clicks("Access to another account", "link").sees_title("Access to another account")
    here.types("Account ID of the other account", house.destination)
    here.types("User name", traveller.name).types("Role name", "LedgerReader")
    here.sees(f"arn:aws:iam::{house.destination}:role/LedgerReader")
    here.clicks("Apply the user's half here").sees("Applied")
    here.sees("aws iam create-role --role-name LedgerReader")
    here.clicks("Let the user sign in to the console", "link").sees_title(traveller.name)
    here.clicks("Security credentials", "tab").clicks("Enable console sign-in")
    here.types("Password", PASSWORD)
    here.page.get_by_label("The user must choose a new password").uncheck()
    here.clicks("Save changes").sees(f"{traveller.name} was saved.")

    walker = opens().signs_in(traveller).asks_for_role(house.destination, "LedgerReader")
    walker.sees("Your own policies allow it.")

    there.clicks("Access to another account", "link")
    there.page.get_by_label("the role, which users of the other account use").check()
    there.types("Account ID of the other account", house.source)
    there.types("User name", traveller.name).types("Role name", "LedgerReader")
    there.types("Bucket in the role's account", bucket)
    there.clicks("Apply the role's half here").sees("Applied")
    there.sees(f"/switchrole?account={house.destination}&roleName=LedgerReader")

    walker.switches(house.destination, "LedgerReader", "the ledger").sees_title("Overview")
    walker.sees(f"arn:aws:iam::{house.destination}:role/LedgerReader")
    walker.goes_within(f"/console/buckets/detail/{bucket}").clicks("march.txt", "link")
    walker.sees_title("march.txt")
    with walker.page.expect_download() as downloading:
        walker.clicks("Download")
    assert Path(downloading.value.path()).read_bytes() == b"all is well"
    walker.clicks("Switch back to wanderer").acts_as_oneself()
    walker.clicks("Overview", "link").sees(traveller.arn)


def test_a_link_fills_in_the_form(house: House, visitor: Visitor) -> None:
    """W-243, W-248: through sign-in, and the colour and name are then in the header."""
    person = house.person(house.source, allow("sts:AssumeRole", "*"))
    role = house.role(house.destination, trust(person.arn), path="/team/")
    link = (
        f"/switchrole?account={house.destination}&roleName={role}&displayName=Ledger&color=B7CA9D"
    )
    visitor.goes(link).fills_in(person).clicks("Sign in").sees_title("Switch role")
    expect(visitor.page.get_by_label("IAM role name", exact=True)).to_have_value(role)
    visitor.clicks("Switch role").acts_as("Ledger")
    expect(visitor.page.locator(".acting")).to_have_css("background-color", "rgb(183, 202, 157)")
    # A reload keeps the role, and the history has it for later.
    visitor.goes("/console").acts_as("Ledger")
    visitor.clicks(f"Switch back to {person.name}").acts_as_oneself()
    visitor.chooses("Ledger").acts_as("Ledger")


def test_a_switch_starts_from_oneself(house: House, visitor: Visitor) -> None:
    """PE-219: the second role trusts the user and not the first role."""
    person = house.person(house.source, allow("sts:AssumeRole", "*"))
    first = house.role(house.destination, trust(person.arn))
    second = house.role(house.destination, trust(person.arn))
    visitor.signs_in(person).switches(house.destination, first, "first")
    visitor.switches(house.destination, second, "second")
    visitor.clicks(f"Switch back to {person.name}").acts_as_oneself()


def test_root_may_not_switch(house: House, visitor: Visitor) -> None:
    """PE-120, PE-220: told plainly, and nothing is offered."""
    house.set_root_password(house.source, ROOT_PASSWORD)
    visitor.goes("/console").clicks("Root user")
    visitor.types("Account ID or alias", house.source).types("Password", ROOT_PASSWORD)
    visitor.clicks("Sign in").sees_title("Overview")
    visitor.goes_within("/console/switch-role")
    visitor.sees("The root user cannot switch roles. Sign in as an IAM user.")
    expect(visitor.control("Switch role")).to_have_count(0)
