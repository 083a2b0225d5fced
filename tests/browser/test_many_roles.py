"""An account of 10,000 roles: its pages can be used, and no page asks for them one by one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo.policies import allow, trust
from demo.server import Server
from playwright.sync_api import Request, expect
from sqlalchemy import insert

from browser.conftest import Opens
from browser.house import House
from browser.visitor import Visitor
from journeys.servers import started
from journeys.world import World, root_key, sekisho
from sekisho.directory import schema
from sekisho.directory.queries import roles
from sekisho.directory.sqlite import open_directory
from sekisho.model.identifiers import ROLE, new_unique_id
from sekisho.model.records import Role, StoredDocument

MANY = 10_000  # beyond the quota of 1,000, so they go to the store without the wire
ACCOUNT, OTHER = "777788880000", "777788881111"
MOST_CALLS = 12  # for all of them, at 1,000 a page


def seed(data: Path) -> None:
    document = StoredDocument(json.dumps(trust(f"arn:aws:iam::{ACCOUNT}:root")))
    made = [
        Role(ACCOUNT, f"many-{number:05}", path, new_unique_id(ROLE), 1_700_000_000, document)
        for number in range(MANY)
        for path in ("/" if number % 10 else "/tenth/",)
    ]
    directory = open_directory(data)
    with directory.writing() as tx:
        tx.connection.execute(insert(schema.roles), [roles.written(role) for role in made])
    directory.close()


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("crowd") / "data"
    for name, account in (("crowd", ACCOUNT), ("other", OTHER)):
        sekisho(data, "account", "create", name, "--id", account)
    keys = root_key(data, ACCOUNT), root_key(data, OTHER)
    seed(data)
    with started(data) as server:
        yield House(World(Server(server.endpoint, data, server.process), ACCOUNT, OTHER, *keys))


@pytest.fixture
def asked(crowd: House, opens: Opens) -> tuple[Visitor, list[str]]:
    """An administrator of the account, and the calls of their browser that will ask for roles."""
    visitor = opens(crowd.world).signs_in(crowd.admin(ACCOUNT))
    calls: list[str] = []

    def note(request: Request) -> None:
        if "Role" in (request.post_data or ""):
            calls.append(request.post_data or "")

    visitor.page.on("request", note)
    return visitor, calls


def test_they_are_listed_searched_and_leafed_through(asked: tuple[Visitor, list[str]]) -> None:
    visitor, calls = asked
    visitor.clicks("Roles", "link").sees("(200+)")
    assert len(calls) == 1
    visitor.types("Find: Roles", "many-09999").sees("1 found").sees("(10000)")
    assert len(calls) <= MOST_CALLS
    visitor.types("Find: Roles", "many-").sees("10000 found")
    visitor.clicks("Page 500", "button").sees("many-09999")
    visitor.types("Find: Roles", "/tenth/").sees("(200+)").sees("many-00010")
    visitor.types("Find: Roles", "").sees("many-00001")
    for page in range(1, 11):
        visitor.clicks("Next page").sees(f"many-{page * 20:05}")


def test_one_of_them_is_opened(asked: tuple[Visitor, list[str]]) -> None:
    visitor, calls = asked
    visitor.goes_within("/console/roles/detail/many-05000").sees_title("many-05000").settles()
    assert len(calls) <= MOST_CALLS


def test_one_of_them_is_asked_about(asked: tuple[Visitor, list[str]]) -> None:
    visitor, calls = asked
    visitor.goes_within("/console/ask").sees_title("Who may do what?")
    principal = visitor.page.get_by_role("combobox").first
    principal.fill("many-")
    visitor.sees("The first 100 that fit; type more to see others.")
    principal.fill("MANY-09998")  # far beyond the first page
    visitor.page.get_by_role("option", name=f"arn:aws:iam::{ACCOUNT}:role/many-09998").click()
    expect(principal).to_have_value(f"arn:aws:iam::{ACCOUNT}:role/many-09998")
    visitor.types("Action", "s3:GetObject").clicks("Ask")
    visitor.sees("no Allow in the identity policies of")
    assert len(calls) <= MOST_CALLS
    visitor.page.reload()
    expect(principal).to_have_value(f"arn:aws:iam::{ACCOUNT}:role/many-09998")


def test_one_of_them_is_switched_to(crowd: House, opens: Opens) -> None:
    person = crowd.person(OTHER, allow("sts:AssumeRole", "*"))
    role = crowd.iam(ACCOUNT)
    role.update_assume_role_policy(
        RoleName="many-07777", PolicyDocument=json.dumps(trust(person.arn))
    )
    visitor = opens(crowd.world).signs_in(person)
    visitor.switches(ACCOUNT, "many-07777", "one of many")
    visitor.goes_within("/console/wizard").sees_title("Access to another account")
