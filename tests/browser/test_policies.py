"""Writing policies: what is found while typing, what a save changes, and what no failure loses."""

import json

from playwright.sync_api import Locator, Page, expect

from browser.conftest import Opens
from browser.house import House
from browser.visitor import Visitor

POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:GetObjct"], "Resource": "*"}],
    }
)


def trust_in(account: str) -> str:
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def document(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Policy document (JSON)")


def confirm(visitor: Visitor, name: str) -> None:
    """Types the name that a question before deleting asks for."""
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(name)
    dialog.get_by_role("button", name="Delete", exact=True).click()


def test_a_policy_is_mended_saved_compared_and_deleted(visitor: Visitor, house: House) -> None:
    page = visitor.page
    visitor.signs_in(house.admin(house.source), "/console/policies/create")
    visitor.types("Policy name", "written")
    document(page).fill(POLICY)
    visitor.clicks("Format").sees('did you mean "GetObject"?')
    visitor.clicks("Go to line 7, column 9")
    expect(document(page)).to_be_focused()
    visitor.clicks("Use this instead, on line 7")
    expect(document(page)).to_have_value(
        json.dumps(json.loads(POLICY), indent=2).replace("Objct", "Object")
    )
    page.keyboard.press("Control+z")
    expect(document(page)).to_have_value(json.dumps(json.loads(POLICY), indent=2))
    page.keyboard.press("Control+y")
    visitor.clicks("Create policy").sees_title("written")

    visitor.clicks("Edit")
    expect(visitor.control("Review the change")).to_be_disabled()
    text = document(page).input_value()
    document(page).fill(text.replace('"*"', '"arn:aws:s3:::shelf/*"'))
    visitor.clicks("Review the change")
    changes = page.get_by_role("region", name="What changes")
    expect(changes.locator(".removed")).to_contain_text('"Resource": "*"')
    expect(changes.locator(".added")).to_contain_text('"Resource": "arn:aws:s3:::shelf/*"')
    visitor.clicks("Save as a new version").sees_title("written")
    visitor.clicks("Policy versions", "tab").clicks("Set as default: v1")
    expect(visitor.control("Set as default: v2")).to_be_visible()

    visitor.clicks("Delete")
    confirm(visitor, "written")
    visitor.sees_title("Policies")
    found = house.iam(house.source).list_policies(Scope="Local")["Policies"]
    assert "written" not in [policy["PolicyName"] for policy in found]


def test_a_sixth_version_takes_the_place_of_one_that_is_chosen(
    visitor: Visitor, house: House
) -> None:
    iam = house.iam(house.source)
    arn = iam.create_policy(PolicyName="full", PolicyDocument=POLICY)["Policy"]["Arn"]
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=POLICY)
    path = "/console/policies/detail/" + arn.replace(":", "%3A").replace("/", "%2F")
    visitor.signs_in(house.admin(house.source), f"{path}/edit")
    document(visitor.page).fill(POLICY.replace("Objct", "Object"))
    visitor.clicks("Review the change").sees("five versions already").clicks(
        "Save as a new version"
    )
    visitor.sees("full was saved.")
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert {each["VersionId"] for each in versions} == {"v1", "v3", "v4", "v5", "v6"}
    assert [each["VersionId"] for each in versions if each["IsDefaultVersion"]] == ["v6"]


def test_a_refused_save_keeps_what_was_written(visitor: Visitor, house: House) -> None:
    visitor.signs_in(house.person(house.source), "/console/policies/create")
    visitor.types("Policy name", "refused")
    document(visitor.page).fill(POLICY)
    visitor.clicks("Create policy").sees("is not authorized to perform: iam:CreatePolicy")
    expect(document(visitor.page)).to_have_value(POLICY)
    expect(visitor.control("Why?")).to_be_in_viewport()


def test_what_is_under_way_outlives_the_session(opens: Opens, house: House) -> None:
    visitor, person = opens(), house.admin(house.source)
    page = visitor.page
    role = house.role(house.source, json.loads(trust_in(house.source)))
    visitor.signs_in(person, f"/console/roles/detail/{role}/trust")
    began = document(page).input_value()
    document(page).fill(began.replace("sts:AssumeRole", "sts:TagSession"))
    page.context.clear_cookies()
    visitor.goes(f"/console/roles/detail/{role}/trust").is_asked_to_sign_in()
    visitor.fills_in(person).clicks("Sign in").sees("Your text from before was kept")
    expect(document(page)).to_have_value(began.replace("sts:AssumeRole", "sts:TagSession"))
    visitor.clicks("Discard it")
    expect(document(page)).to_have_value(began)


def test_a_role_is_made_for_another_account_and_goes_with_all_that_hangs_on_it(
    visitor: Visitor, house: House
) -> None:
    page, iam = visitor.page, house.iam(house.destination)
    visitor.signs_in(house.admin(house.destination), "/console/roles/create")
    visitor.types("Role name", "for-others")
    page.get_by_role("radio", name="Another account").check()
    visitor.types("Account ID", "1111-2222-333").sees("An account id has 12 digits.")
    visitor.types("Account ID", house.source)
    page.get_by_role("checkbox", name="ReadOnlyAccess", exact=True).check()
    visitor.clicks("Create role").sees_title("for-others")
    visitor.sees(f"/switchrole?account={house.destination}&roleName=for-others")
    made = iam.get_role(RoleName="for-others")["Role"]
    assert made["AssumeRolePolicyDocument"] == json.loads(trust_in(house.source))

    visitor.clicks("Create inline policy").types("Policy name", "own")
    document(page).fill(POLICY)
    visitor.clicks("Save policy").sees_title("for-others").sees("Customer inline")
    visitor.clicks("Delete", "button")
    confirm(visitor, "for-others")
    visitor.sees_title("Roles")
    assert "for-others" not in [role["RoleName"] for role in iam.list_roles()["Roles"]]


def test_a_long_list_is_read_as_far_as_it_is_wanted(visitor: Visitor, house: House) -> None:
    iam = house.iam(house.destination)
    for number in range(230):
        iam.create_role(
            RoleName=f"many-{number:03}",
            Path="/many/" if number % 10 else "/tenth/",
            AssumeRolePolicyDocument=trust_in(house.source),
        )
    asked: list[str] = []
    visitor.page.on(
        "request",
        lambda request: (
            asked.append(request.url) if "ListRoles" in (request.post_data or "") else None
        ),
    )
    visitor.signs_in(house.admin(house.destination), "/console/roles").sees("(200+)")
    assert len(asked) == 1
    visitor.types("Find: Roles", "/tenth/").sees("(23)")
    visitor.types("Find: Roles", "many-229").sees("1 found")
    assert visitor.control("many-229", "link").is_visible()
