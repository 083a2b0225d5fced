"""Units, and where accounts stand in the tree (W-222, W-223, W-230)."""

import json
import re
from typing import Any

import pytest
from demo.policies import allow

from gate.gatehouse import HOME, Gatehouse
from services.organizations.made import ALLOW_ALL, entered, new_member


def root_id(house: Gatehouse) -> str:
    found: str = house.organized(house.home, "ListRoots")["Roots"][0]["Id"]
    return found


def organization_id(house: Gatehouse) -> str:
    found: str = house.organized(house.home, "DescribeOrganization")["Organization"]["Id"]
    return found


def new_unit(house: Gatehouse, parent: str, name: str) -> str:
    form = {"ParentId": parent, "Name": name}
    made = house.organized(house.home, "CreateOrganizationalUnit", **form)["OrganizationalUnit"]
    unit: str = made["Id"]
    return unit


def move(house: Gatehouse, account: str, source: str, destination: str) -> None:
    form = {"AccountId": account, "SourceParentId": source, "DestinationParentId": destination}
    house.organized(house.home, "MoveAccount", **form)


def test_units_are_made_and_shown(house: Gatehouse) -> None:
    root, organization = root_id(house), organization_id(house)
    form = {"ParentId": root, "Name": "Outer", "Tags": [{"Key": "k", "Value": "v"}]}
    outer = house.organized(house.home, "CreateOrganizationalUnit", **form)["OrganizationalUnit"]
    assert re.fullmatch(f"ou-{root[2:]}-[a-z0-9]{{8,32}}", outer["Id"])
    assert outer == {
        "Id": outer["Id"],
        "Arn": f"arn:aws:organizations::{HOME}:ou/{organization}/{outer['Id']}",
        "Name": "Outer",
        "Path": f"{organization}/{root}/{outer['Id']}/",
    }
    tags = house.organized(house.home, "ListTagsForResource", ResourceId=outer["Id"])["Tags"]
    assert tags == [{"Key": "k", "Value": "v"}]
    inner = new_unit(house, outer["Id"], "Inner")
    asked = {"OrganizationalUnitId": inner}
    shown = house.organized(house.home, "DescribeOrganizationalUnit", **asked)
    assert shown["OrganizationalUnit"]["Path"] == f"{organization}/{root}/{outer['Id']}/{inner}/"
    renamed = house.organized(house.home, "UpdateOrganizationalUnit", **asked, Name="Else")
    assert renamed["OrganizationalUnit"]["Name"] == "Else"
    units = house.organized(house.home, "ListOrganizationalUnitsForParent", ParentId=root)
    assert units["OrganizationalUnits"] == [outer]


def test_accounts_move(house: Gatehouse) -> None:
    root, organization = root_id(house), organization_id(house)
    unit, member = new_unit(house, root, "u"), new_member(house)

    def parents(child: str) -> Any:
        return house.organized(house.home, "ListParents", ChildId=child)["Parents"]

    def children(parent: str, kind: str) -> list[str]:
        form = {"ParentId": parent, "ChildType": kind}
        found = house.organized(house.home, "ListChildren", **form)["Children"]
        assert all(one["Type"] == kind for one in found)
        return [one["Id"] for one in found]

    assert parents(member) == [{"Id": root, "Type": "ROOT"}]
    assert parents(unit) == [{"Id": root, "Type": "ROOT"}]
    move(house, member, root, unit)
    assert parents(member) == [{"Id": unit, "Type": "ORGANIZATIONAL_UNIT"}]
    assert children(root, "ACCOUNT") == [HOME]
    assert children(unit, "ACCOUNT") == [member]
    assert children(root, "ORGANIZATIONAL_UNIT") == [unit]
    assert children(unit, "ORGANIZATIONAL_UNIT") == []
    (account,) = house.organized(house.home, "ListAccountsForParent", ParentId=unit)["Accounts"]
    assert account["Paths"] == [f"{organization}/{root}/{unit}/{member}/"]


@pytest.mark.parametrize(
    ("operation", "given", "code", "said"),
    [
        ("CreateOrganizationalUnit", {"ParentId": "ou-none-00000000", "Name": "x"},
         "ParentNotFoundException", "You specified parent that doesn't exist."),
        ("CreateOrganizationalUnit", {"ParentId": "ROOT", "Name": "u"},
         "DuplicateOrganizationalUnitException", "An OU with the same name already exists."),
        ("DescribeOrganizationalUnit", {"OrganizationalUnitId": "ou-none-00000000"},
         "OrganizationalUnitNotFoundException",
         "You specified an organizational unit that doesn't exist."),
        ("UpdateOrganizationalUnit", {"OrganizationalUnitId": "OTHER", "Name": "u"},
         "DuplicateOrganizationalUnitException", "An OU with the same name already exists."),
        ("DeleteOrganizationalUnit", {"OrganizationalUnitId": "UNIT"},
         "OrganizationalUnitNotEmptyException",
         "The specified OU is not empty. Move all accounts to another root or to other OUs, remove"
         " all child OUs, and try the operation again."),
        ("ListChildren", {"ParentId": "r-none", "ChildType": "ACCOUNT"},
         "ParentNotFoundException", "You specified parent that doesn't exist."),
        ("ListAccountsForParent", {"ParentId": "r-none"},
         "ParentNotFoundException", "You specified parent that doesn't exist."),
        ("ListOrganizationalUnitsForParent", {"ParentId": "r-none"},
         "ParentNotFoundException", "You specified parent that doesn't exist."),
        ("ListParents", {"ChildId": "999999999999"},
         "ChildNotFoundException", "You specified a child that doesn't exist."),
        ("MoveAccount", {"AccountId": "MEMBER", "SourceParentId": "ROOT",
                         "DestinationParentId": "OTHER"},
         "SourceParentNotFoundException", "You specified a source parent that doesn't exist."),
        ("MoveAccount", {"AccountId": "MEMBER", "SourceParentId": "UNIT",
                         "DestinationParentId": "r-none"},
         "DestinationParentNotFoundException",
         "You specified a destination parent that doesn't exist."),
        ("MoveAccount", {"AccountId": "MEMBER", "SourceParentId": "UNIT",
                         "DestinationParentId": "UNIT"},
         "DuplicateAccountException",
         "That account is already present in the specified destination."),
        ("MoveAccount", {"AccountId": "999999999999", "SourceParentId": "UNIT",
                         "DestinationParentId": "ROOT"},
         "AccountNotFoundException", "You specified an account that doesn't exist."),
    ],
)  # fmt: skip
def test_refusals(
    house: Gatehouse, operation: str, given: dict[str, str], code: str, said: str
) -> None:
    """W-230, W-241. In capitals: the root, a unit with an account in it, and one without."""
    root, member = root_id(house), new_member(house)
    unit, other = new_unit(house, root, "u"), new_unit(house, root, "o")
    move(house, member, root, unit)
    names = {"ROOT": root, "UNIT": unit, "OTHER": other, "MEMBER": member}
    document = {name: names.get(value, value) for name, value in given.items()}
    assert house.organize(house.home, operation, **document).told[:2] == (code, said)


def test_an_empty_unit_goes(house: Gatehouse) -> None:
    outer = new_unit(house, root_id(house), "outer")
    inner = new_unit(house, outer, "inner")
    assert house.organize(house.home, "DeleteOrganizationalUnit", OrganizationalUnitId=outer).told
    for unit in (inner, outer):
        house.organized(house.home, "DeleteOrganizationalUnit", OrganizationalUnitId=unit)
    units = house.organized(house.home, "ListOrganizationalUnitsForParent", ParentId=root_id(house))
    assert units["OrganizationalUnits"] == []


def test_the_tree_is_five_units_deep(house: Gatehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """W-230."""
    parent = root_id(house)
    for level in range(5):
        parent = new_unit(house, parent, f"level {level}")
    told = house.organize(house.home, "CreateOrganizationalUnit", ParentId=parent, Name="x").told
    assert told[0::2] == ("ConstraintViolationException", "OU_DEPTH_LIMIT_EXCEEDED")
    monkeypatch.setattr("sekisho.services.organizations.tree.MOST_UNITS", 5)
    form = {"ParentId": root_id(house), "Name": "x"}
    told = house.organize(house.home, "CreateOrganizationalUnit", **form).told
    assert told[0::2] == ("ConstraintViolationException", "OU_NUMBER_LIMIT_EXCEEDED")


def test_the_path_is_a_key_and_follows_the_account(house: Gatehouse) -> None:
    """PE-175, W-240: whoever moves out of a unit has what its path opened no longer."""
    root, organization = root_id(house), organization_id(house)
    unit, member = new_unit(house, root, "u"), new_member(house)
    move(house, member, root, unit)
    keys = entered(house, house.new_user("una", ALLOW_ALL), member)
    path = f"{organization}/{root}/{unit}/*"
    condition = {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": path}}
    house.done(house.call(keys, "CreateUser", UserName="ann"))
    leave = json.dumps(allow("iam:ListUsers", "*", condition))
    house.permit("ann", leave, keys)
    made = house.done(house.call(keys, "CreateAccessKey", UserName="ann"))
    ann = type(house.home)(made.value("AccessKeyId"), made.value("SecretAccessKey"))
    assert house.call(ann, "ListUsers").status == 200
    move(house, member, unit, root)
    assert house.call(ann, "ListUsers").status == 403


def test_moving_asks_for_both_ends(house: Gatehouse) -> None:
    """W-223, PE-49: the account, the parent it has and the one it gets."""
    root, organization = root_id(house), organization_id(house)
    unit, member = new_unit(house, root, "u"), new_member(house)
    head = f"arn:aws:organizations::{HOME}"
    arns = [
        f"{head}:account/{organization}/{member}",
        f"{head}:root/{organization}/{root}",
        f"{head}:ou/{organization}/{unit}",
    ]
    form = {"AccountId": member, "SourceParentId": root, "DestinationParentId": unit}
    una = house.new_user("una")
    for left_out in arns:
        some = [arn for arn in arns if arn != left_out]
        house.permit("una", json.dumps(allow("organizations:MoveAccount", some)))
        told = house.organize(una, "MoveAccount", **form).told
        assert told[0] == "AccessDeniedException"
        assert left_out in told[1]
    house.permit("una", json.dumps(allow("organizations:MoveAccount", arns)))
    house.organized(una, "MoveAccount", **form)
