"""A list asks the store as often for many entries as for few."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from sekisho.directory.lines import Line
from sekisho.directory.prepared import Prepared, Rows
from services.iam.office import ALLOW_ALL, Office, trusting

Counted = Callable[[str], int]


@pytest.fixture
def counted(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    """How many statements an operation needs, prepared ones and others."""
    seen: list[object] = []
    run = Line.run

    def note_prepared(line: Line, statement: Prepared, values: Mapping[str, Any]) -> Rows:
        seen.append(statement)
        return run(line, statement, values)

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK")):
            seen.append(statement)

    def count(name: str) -> int:
        seen.clear()
        office.do(name, MaxItems=1000)
        return len(seen)

    monkeypatch.setattr(Line, "run", note_prepared)
    event.listen(Engine, "before_cursor_execute", note)
    yield count
    event.remove(Engine, "before_cursor_execute", note)


def furnish(office: Office, start: int, count: int) -> None:
    """Roles that trust users, in profiles; each with a policy."""
    for number in range(start, start + count):
        name = f"n{number}"
        office.do("CreateUser", UserName=name)
        trust = trusting({"AWS": office.arn(f"user/{name}")})
        office.do("CreateRole", RoleName=name, AssumeRolePolicyDocument=trust)
        office.do("PutRolePolicy", RoleName=name, PolicyName="p", PolicyDocument=ALLOW_ALL)
        office.do("CreateInstanceProfile", InstanceProfileName=name)
        office.do("AddRoleToInstanceProfile", InstanceProfileName=name, RoleName=name)


@pytest.mark.parametrize(
    "name",
    [
        "GetAccountAuthorizationDetails",
        "ListInstanceProfiles",
        "ListRoles",
        "ListUsers",
        "ListGroups",
        "ListPolicies",
    ],
)
def test_more_entries_are_no_more_questions(office: Office, counted: Counted, name: str) -> None:
    furnish(office, 0, 2)
    few = counted(name)
    furnish(office, 2, 7)
    assert counted(name) == few > 0


def test_each_role_shows_whom_it_trusts(office: Office) -> None:
    """PE-31: the dead by their ids, the renamed by their new names, in lists too."""
    furnish(office, 0, 3)
    gone = office.do("GetUser", UserName="n1")["User"]["UserId"]
    office.do("DeleteUser", UserName="n1")
    office.do("UpdateUser", UserName="n2", NewUserName="renamed")
    told = [office.arn("user/n0"), gone, office.arn("user/renamed")]
    expected = [trusting({"AWS": principal}) for principal in told]
    for name, member in (
        ("ListRoles", "Roles"),
        ("GetAccountAuthorizationDetails", "RoleDetailList"),
    ):
        shown = office.do(name)[member]
        assert [role["AssumeRolePolicyDocument"] for role in shown] == expected
    profiles = office.do("ListInstanceProfiles")["InstanceProfiles"]
    held = [profile["Roles"][0]["AssumeRolePolicyDocument"] for profile in profiles]
    assert held == expected
