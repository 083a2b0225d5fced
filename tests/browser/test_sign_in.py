"""The gate: who is let in, and that nobody learns why others are not."""

import pytest
from demo.policies import deny
from playwright.sync_api import APIResponse, Response, expect

from browser.conftest import Opens
from browser.house import EVERYTHING, House, Person, code_now
from browser.visitor import Visitor

WRONG = "Your authentication information is incorrect. Please try again."
NEW = "Another-Horse-8"
API = "/console/api/"


def test_the_right_password_opens_the_console(house: House, visitor: Visitor) -> None:
    person = house.admin(house.source)
    visitor.signs_in(person).sees_title("Overview").sees(person.arn)
    (cookie,) = visitor.page.context.cookies()
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert cookie["path"] == "/console"


def test_an_alias_names_the_account(house: House, visitor: Visitor) -> None:
    person = house.admin(house.destination)
    house.iam(house.destination).create_account_alias(AccountAlias="the-ledger")
    try:
        by_alias = Person("the-ledger", person.name)
        visitor.signs_in(by_alias).sees_title("Overview").sees(person.arn)
        expect(visitor.page.locator("#header")).to_contain_text("the-ledger")
    finally:
        house.iam(house.destination).delete_account_alias(AccountAlias="the-ledger")


def test_nobody_learns_what_was_wrong(house: House, visitor: Visitor) -> None:
    """A wrong password, an unknown user, one without a password, an unknown account: one answer."""
    person = house.person(house.source)
    house.iam(house.source).create_user(UserName="no-password")
    strangers = [
        (person, "wrong"),
        (Person(house.source, "no-such-user"), "wrong"),
        (Person(house.source, "no-password"), "wrong"),
        (Person("999988887777", person.name), "wrong"),
        (Person("no-such-alias", person.name), person.password),
    ]
    visitor.goes("/console")
    for stranger, password in strangers:
        with visitor.page.expect_response(f"**{API}sign-in") as answered:
            visitor.fills_in(stranger, password).clicks("Sign in")
        visitor.sees(WRONG)
        said = {"code": "AuthenticationFailed", "message": WRONG, "told": {"message": [WRONG]}}
        assert told(answered.value) == (401, said)
    visitor.signs_in(person)


def test_a_device_is_asked_for_its_code(house: House, visitor: Visitor) -> None:
    person = house.admin(house.source)
    seed = house.enrol(person)
    visitor.goes("/console").fills_in(person, "wrong").clicks("Sign in").sees(WRONG)
    visitor.fills_in(person).clicks("Sign in").sees_title("Multi-factor authentication")
    good = code_now(seed)
    bad = f"{(int(good) + 1) % 10**6:06d}"
    visitor.types("MFA code", bad).clicks("Sign in").sees(WRONG)
    visitor.types("MFA code", code_now(seed)).clicks("Sign in").sees_title("Overview")
    visitor.sees("signed in with MFA")


def test_a_password_set_by_others_is_changed_first(house: House, visitor: Visitor) -> None:
    person = house.person(house.source, EVERYTHING, PasswordResetRequired=True)
    visitor.goes("/console").fills_in(person).clicks("Sign in").sees_title("Choose a new password")
    visitor.types("New password", NEW).types("New password again", "other")
    visitor.clicks("Change password and sign in").sees("The two passwords differ.")
    visitor.types("New password again", NEW).clicks("Change password and sign in")
    visitor.sees_title("Overview")
    visitor.chooses("Sign out").is_asked_to_sign_in()
    visitor.fills_in(person).clicks("Sign in").sees(WRONG)
    visitor.fills_in(person, NEW).clicks("Sign in").sees_title("Overview")


def test_a_weak_new_password_is_refused_with_the_policy(house: House, visitor: Visitor) -> None:
    person = house.person(house.source, PasswordResetRequired=True)
    visitor.goes("/console").fills_in(person).clicks("Sign in").sees_title("Choose a new password")
    visitor.types("New password", "short").types("New password again", "short")
    visitor.clicks("Change password and sign in")
    expect(visitor.alert()).to_contain_text("password")
    visitor.sees_title("Choose a new password")


def test_signing_out_ends_every_copy_of_the_cookie(house: House, visitor: Visitor) -> None:
    person = house.admin(house.source)
    visitor.signs_in(person)
    kept = visitor.page.context.cookies()
    visitor.chooses("Sign out").is_asked_to_sign_in()
    visitor.page.context.add_cookies([{**cookie, "url": None} for cookie in kept])
    visitor.goes("/console/users").is_asked_to_sign_in()


@pytest.mark.parametrize("end", ["password", "profile", "user"])
def test_a_session_ends_with_what_it_rests_on(house: House, visitor: Visitor, end: str) -> None:
    person, iam = house.person(house.source), house.iam(house.source)
    visitor.signs_in(person)
    if end == "password":
        iam.update_login_profile(UserName=person.name, Password=NEW)
    else:
        iam.delete_login_profile(UserName=person.name)
    if end == "user":
        iam.delete_user(UserName=person.name)
    visitor.goes("/console").is_asked_to_sign_in()


def test_forged_requests_are_refused(house: House, visitor: Visitor) -> None:
    person = house.admin(house.source)
    visitor.signs_in(person)
    asks = visitor.page.request
    session = asks.get(f"{API}session").json()
    without = asks.post(f"{API}credentials", data={})
    assert (without.status, without.json()["code"]) == (403, "InvalidCsrfToken")
    right = {"X-Sekisho-Csrf": session["csrf"]}
    foreign = {**right, "Origin": "https://elsewhere.example"}
    elsewhere = asks.post(f"{API}credentials", data={}, headers=foreign)
    assert elsewhere.json()["code"] == "ForeignOrigin"
    assert asks.post(f"{API}credentials", data={}, headers=right).ok


def test_the_page_may_load_nothing_of_others(visitor: Visitor) -> None:
    answer = visitor.page.request.get("/console")
    policy = answer.headers["content-security-policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] in ("'none'", "'self'")
    assert "'unsafe-inline'" not in directives.get("script-src", directives["default-src"])
    assert "unsafe-eval" not in policy
    assert directives["frame-ancestors"] == "'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_too_many_attempts_must_wait(house: House, opens: Opens) -> None:
    person = house.person(house.source)
    visitor = opens().goes("/console")
    for _ in range(5):
        visitor.fills_in(person, "wrong").clicks("Sign in").sees(WRONG)
    visitor.fills_in(person).clicks("Sign in")
    visitor.sees("Too many attempts. Wait a moment, then try again.")
    opens().signs_in(house.admin(house.source))  # others may go in


def test_who_may_do_nothing_is_told_so(house: House, visitor: Visitor) -> None:
    person = house.person(house.source, EVERYTHING, deny("iam:ListUsers", "*"))
    visitor.signs_in(person).clicks("Users", "link")
    visitor.sees("is not authorized to perform: iam:ListUsers").clicks("Why?")
    visitor.sees("The caller's side").sees("p1")


def told(response: APIResponse | Response) -> tuple[int, object]:
    return response.status, response.json()
