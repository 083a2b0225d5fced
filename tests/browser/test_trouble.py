"""Sessions that end, servers that stop, tabs that differ: all is told, and nothing is lost."""

from pathlib import Path

import pytest
from demo.policies import allow, trust
from demo.server import Server
from playwright.sync_api import expect

from browser.conftest import Opens
from browser.house import EVERYTHING, House
from browser.visitor import Visitor
from journeys.servers import started
from journeys.world import Keys, World, root_key, sekisho


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
    visitor.signs_in(person).clicks("Users", "link").sees_title("Users").settles()
    visitor.page.context.clear_cookies()
    visitor.page.clock.fast_forward("11:00")
    visitor.clicks("Refresh").is_asked_to_sign_in()
    visitor.fills_in(person).clicks("Sign in").sees_title("Users")


@pytest.mark.parametrize("service", ["users", "buckets", "events"])
def test_whoever_is_gone_is_led_to_the_gate(house: House, visitor: Visitor, service: str) -> None:
    """IAM, S3 and the console's own questions each say it in their way."""
    person = house.admin(house.source)
    visitor.signs_in(person)
    iam = house.iam(house.source)
    iam.delete_login_profile(UserName=person.name)
    iam.delete_user_policy(UserName=person.name, PolicyName="p0")
    iam.delete_user(UserName=person.name)
    visitor.goes_within(f"/console/{service}").is_asked_to_sign_in()


def test_a_stopped_server_is_told_and_recovered_from(tmp_path: Path, opens: Opens) -> None:
    """What was typed is still there, and goes through once the server is back."""
    data = tmp_path / "data"
    with started(data) as server:
        port = str(server.port)
        account = sekisho(data, "account", "create", "alone", "--id", "777788889999")["id"]
        key = root_key(data, account)
        world = World(Server(server.endpoint, data, server.process), account, account, key, key)
        visitor = opens(world).signs_in(House(world).admin(account))
        visitor.clicks("Users", "link").clicks("Create user").sees_title("Create user")
        visitor.types("User name", "late-comer")
    visitor.clicks("Create user").sees("Sekisho does not answer")
    expect(visitor.page.get_by_label("User name", exact=True)).to_have_value("late-comer")
    with started(data, "--port", port):
        visitor.clicks("Create user").sees_title("late-comer")
        visitor.sees_not("Sekisho does not answer")


def test_a_console_that_finds_no_server_offers_to_try_again(tmp_path: Path, opens: Opens) -> None:
    data = tmp_path / "data"
    with started(data) as server:
        key = Keys("", "")
        world = World(Server(server.endpoint, data, server.process), "", "", key, key)
        visitor = opens(world)
        visitor.page.route("**/console/api/session", lambda route: route.abort())
        visitor.goes("/console").sees("Sekisho does not answer")
        visitor.page.unroute("**/console/api/session")
        visitor.clicks("Try again").is_asked_to_sign_in()


def test_a_part_that_does_not_come_is_asked_for_again(house: House, visitor: Visitor) -> None:
    visitor.signs_in(house.admin(house.source))
    visitor.page.route("**/console/assets/**", lambda route: route.abort())
    visitor.clicks("Users", "link").sees("Sekisho does not answer")
    visitor.page.unroute("**/console/assets/**")
    visitor.clicks("Try again").sees_title("Users")
    visitor.watch.complaints.clear()  # of the browser, on what it could not load
