"""Sessions that end, servers that stop, tabs that differ: all is told, and nothing is lost."""

from demo.policies import allow, trust

from browser.conftest import Opens
from browser.house import EVERYTHING, House
from browser.visitor import Visitor


def test_two_tabs_act_as_two_roles(house: House, opens: Opens) -> None:
    """And a third as oneself: each tab has its own."""
    person = house.person(house.source, allow("sts:AssumeRole", "*"), EVERYTHING)
    names = ("red", "blue")
    roles = {name: house.role(house.destination, trust(person.arn), EVERYTHING) for name in names}
    first = opens().signs_in(person)
    second = Visitor(first.page.context.new_page(), first.watch).goes("/console")
    first.switches(house.destination, roles["red"], "red")
    second.switches(house.destination, roles["blue"], "blue")
    third = Visitor(first.page.context.new_page(), first.watch).goes("/console").acts_as_oneself()
    for tab, name in ((first, "red"), (second, "blue")):
        tab.page.reload()
        tab.acts_as(name).sees(f"role/{roles[name]}")
    third.page.reload()
    third.acts_as_oneself().sees(person.arn)


def test_an_expired_session_leads_back_to_the_page(house: House, visitor: Visitor) -> None:
    person = house.admin(house.source)
    visitor.signs_in(person).goes("/console/users/create").sees_title("Create user")
    visitor.page.context.clear_cookies()
    visitor.page.reload()
    visitor.is_asked_to_sign_in().fills_in(person).clicks("Sign in").sees_title("Create user")
    assert visitor.path == "/console/users/create"


def test_credentials_that_end_within_a_page_lead_to_the_gate(
    house: House, visitor: Visitor
) -> None:
    person = house.admin(house.source)
    visitor.page.clock.install()
    visitor.signs_in(person).clicks("Users", "link").sees_title("Users")
    visitor.page.context.clear_cookies()
    visitor.page.clock.fast_forward("11:00")
    visitor.clicks("Refresh").is_asked_to_sign_in()
    visitor.fills_in(person).clicks("Sign in").sees_title("Users")
