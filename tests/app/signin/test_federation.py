"""/federation: sign-in links from temporary credentials (W-251, W-252)."""

import json
from urllib.parse import quote, urlencode

import pytest
from botocore.credentials import Credentials

from app.signin.browser import Browser, Town
from gate.gatehouse import HOME, Answer

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{HOME}:root"},
            "Action": "sts:AssumeRole",
        },
    }
)
EVERYTHING = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)


def keys_from(answer: Answer) -> Credentials:
    assert answer.status == 200, answer.text
    names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    return Credentials(*(answer.value(name) for name in names))


@pytest.fixture
def role(town: Town) -> Credentials:
    """A session of a role that may do everything."""
    alice = town.new_user("alice", EVERYTHING)
    town.done(town.call(town.home, "CreateRole", RoleName="Ops", AssumeRolePolicyDocument=TRUST))
    form = {"RoleName": "Ops", "PolicyName": "all", "PolicyDocument": EVERYTHING}
    town.done(town.call(town.home, "PutRolePolicy", **form))
    arn = f"arn:aws:iam::{HOME}:role/Ops"
    return keys_from(town.call(alice, "AssumeRole", "sts", RoleArn=arn, RoleSessionName="from-idp"))


def ask_token(browser: Browser, keys: Credentials, **more: str) -> tuple[int, str]:
    session = {
        "sessionId": keys.access_key,
        "sessionKey": keys.secret_key,
        "sessionToken": keys.token,
    }
    query = urlencode({"Action": "getSigninToken", "Session": json.dumps(session), **more})
    response = browser.send("GET", f"/federation?{query}")
    assert isinstance(response.body, bytes)
    text = response.body.decode()
    return response.status, json.loads(text)["SigninToken"] if response.status == 200 else text


def log_in(browser: Browser, token: str, destination: str = "/console/", **more: str) -> int:
    query = urlencode({"Action": "login", "Destination": destination, "SigninToken": token, **more})
    return browser.send("GET", f"/federation?{query}").status


def test_a_roles_session_signs_in(town: Town, browser: Browser, role: Credentials) -> None:
    status, token = ask_token(browser, role)
    assert status == 200
    here = "http://localhost:4566/console/buckets?x=1"
    assert log_in(browser, token, here, Issuer="https://idp.example/") == 302
    assert browser.header("Location") == "/console/buckets?x=1"
    status, session = browser.session()
    assert (status, session["kind"], session["name"]) == (200, "role", "from-idp")
    assert session["issuer"] == "https://idp.example/"
    browser.csrf = session["csrf"]
    assert town.call(browser.credentials(), "ListUsers").status == 200


def test_forms_do_as_well_as_links(browser: Browser, role: Credentials) -> None:
    """W-251: GET or POST, the parameters in whichever place."""
    session = {
        "sessionId": role.access_key,
        "sessionKey": role.secret_key,
        "sessionToken": role.token,
    }
    kind = {"content-type": "application/x-www-form-urlencoded"}
    form = urlencode({"Action": "getSigninToken", "Session": json.dumps(session)}).encode()
    response = browser.send("POST", "/federation", form, kind)
    assert isinstance(response.body, bytes)
    token = json.loads(response.body)["SigninToken"]
    form = urlencode({"Destination": "/console/", "SigninToken": token}).encode()
    assert browser.send("POST", "/federation?Action=login", form, kind).status == 302
    assert browser.session()[0] == 200


def test_federation_is_on_the_trail(town: Town, browser: Browser, role: Credentials) -> None:
    """W-323: GetSigninToken by the credentials, then ConsoleLogin by the role's session."""
    _, token = ask_token(browser, role)
    log_in(browser, token)
    ask_token(browser, Credentials(role.access_key, "x" * 40, role.token))
    browser.send("GET", "/federation?Action=logout")
    asked, made, refused, other = town.lines()[-4:]
    arn = f"arn:aws:sts::{HOME}:assumed-role/Ops/from-idp"
    assert (asked["operation"], asked["status"]) == ("signin:GetSigninToken", 200)
    assert asked["caller"]["access_key_id"] == role.access_key
    assert (made["operation"], made["status"]) == ("signin:ConsoleLogin", 302)
    assert made["sign_in"] == {"user": "from-idp", "mfa": False, "result": "Success"}
    assert {line["caller"]["arn"] for line in (asked, made)} == {arn}
    assert (refused["operation"], refused["status"]) == ("signin:GetSigninToken", 403)
    assert "caller" not in refused
    assert (other["operation"], other["status"]) == ("signin:", 400)
    assert token not in str(town.lines())


def test_a_federated_user_signs_in_and_may_call_iam(town: Town, browser: Browser) -> None:  # W-109
    alice = town.new_user("alice", EVERYTHING)
    keys = keys_from(town.call(alice, "GetFederationToken", "sts", Name="fred", Policy=EVERYTHING))
    assert town.call(keys, "ListUsers").status == 403
    assert ask_token(browser, keys, SessionDuration="3600")[0] == 400  # W-252
    _, token = ask_token(browser, keys)
    assert log_in(browser, token) == 302
    _, session = browser.session()
    assert (session["kind"], session["name"]) == ("federated", "fred")
    browser.csrf = session["csrf"]
    assert town.call(browser.credentials(), "ListUsers").status == 200
    status, refused = browser.switch("Any", HOME)  # W-109: no AssumeRole for such
    assert (status, refused["code"]) == (403, "SwitchRoleFailed")
    assert "Cannot call AssumeRole" in refused["reasons"]["own"][0]


def test_get_session_token_credentials_are_refused(town: Town, browser: Browser) -> None:  # W-252
    alice = town.new_user("alice", EVERYTHING)
    keys = keys_from(town.call(alice, "GetSessionToken", "sts"))
    assert ask_token(browser, keys)[0] == 400


def test_a_chained_session_is_not_made_longer_by_signing_in(
    town: Town, browser: Browser, role: Credentials
) -> None:  # W-252, PE-210
    again = {"RoleArn": f"arn:aws:iam::{HOME}:role/Ops", "RoleSessionName": "second"}
    chained = keys_from(town.call(role, "AssumeRole", "sts", **again))
    assert ask_token(browser, chained, SessionDuration="3601")[0] == 400
    assert ask_token(browser, chained, SessionDuration="3600")[0] == 200
    town.passed += 1800
    assert ask_token(browser, chained, SessionDuration="3600")[0] == 400
    _, token = ask_token(browser, chained)
    assert log_in(browser, token) == 302
    town.passed += 1801
    assert browser.session()[0] == 401


@pytest.mark.parametrize("seconds", ["899", "43201", "x", "-1", "9" * 30, ""])
def test_durations_out_of_bounds(browser: Browser, role: Credentials, seconds: str) -> None:
    assert ask_token(browser, role, SessionDuration=seconds)[0] == 400


def test_a_session_lasts_as_long_as_asked(town: Town, browser: Browser, role: Credentials) -> None:
    _, token = ask_token(browser, role, SessionDuration="43200")
    log_in(browser, token)
    town.passed += 43_000
    assert browser.session()[0] == 200
    town.passed += 300
    assert browser.session()[0] == 401


def test_a_token_is_good_for_fifteen_minutes(
    town: Town, browser: Browser, role: Credentials
) -> None:
    _, token = ask_token(browser, role)
    town.passed += 15 * 60 + 1
    assert log_in(browser, token) == 403
    assert browser.cookie == ""


def test_forged_credentials_and_tokens(browser: Browser, role: Credentials) -> None:
    assert ask_token(browser, Credentials(role.access_key, "x", role.token))[0] == 403
    assert ask_token(browser, Credentials("ASIA0", role.secret_key, role.token))[0] == 403
    assert ask_token(browser, Credentials(role.access_key, role.secret_key, "x"))[0] == 403
    assert log_in(browser, role.token) == 403  # sealed, but for another purpose
    assert log_in(browser, "") == 403


FOREIGN = [
    "https://evil.example/console/",
    "//evil.example/console/",
    "http://localhost:4566.evil.example/console/",
    "http://localhost:4566@evil.example/console/",
    "javascript:alert(1)",
    "/\\evil.example/console/",
    "/console/\r\nSet-Cookie: a=b",
    "/bucket/page.html",
    "https://localhost:4566/console/",
    "é",
    "http://[",
]


@pytest.mark.parametrize("place", FOREIGN)
def test_the_way_leads_to_this_console_alone(
    browser: Browser, role: Credentials, place: str
) -> None:
    _, token = ask_token(browser, role)
    assert log_in(browser, token, place) == 400
    assert browser.cookie == ""


@pytest.mark.parametrize(
    "query",
    [
        "",
        "Action=nothing",
        "Action=getSigninToken",
        "Action=getSigninToken&Session=" + quote("[]"),
        "Action=getSigninToken&Session=" + quote('{"sessionId":1,"sessionKey":2,"sessionToken":3}'),
        "Action=getSigninToken&Session=" + quote("[" * 9000),
        "&".join(f"a{number}=b" for number in range(50)),
    ],
)
def test_what_is_no_request(browser: Browser, query: str) -> None:
    assert browser.send("GET", f"/federation?{query}").status == 400


def test_the_switch_role_link_goes_to_the_form(browser: Browser) -> None:  # W-243, PE-217
    response = browser.send("GET", "/switchrole?account=a&roleName=b&color=83d4e8")
    assert response.status == 302
    expected = "/console/switch-role?account=a&roleName=b&color=83d4e8"
    assert browser.header("Location") == expected
