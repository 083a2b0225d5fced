"""Signing in with a password, and how a session ends (W-242, W-247, W-323)."""

import pytest

from app.signin.browser import PASSWORD, ROOT_PASSWORD, SIGN_IN, Browser, Town
from gate.gatehouse import AWAY, HOME
from sekisho.app.accounts import set_root_password
from sekisho.gate.audit import read_back

SENTENCE = "Your authentication information is incorrect. Please try again."
WRONG = (
    401,
    {
        "code": "AuthenticationFailed",
        "message": SENTENCE,
        "told": {"message": [SENTENCE]},
    },
)
DAY = 24 * 3600
MAY_CHANGE = (
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:ChangePassword",'
    '"Resource":"*"}}'
)


def test_a_user_signs_in_by_id_or_alias(town: Town, browser: Browser) -> None:
    town.new_person("alice")
    town.done(town.call(town.home, "CreateAccountAlias", AccountAlias="home-corp"))
    for account in (HOME, "1111-2222-3333", "home-corp", "Home-Corp"):
        status, session = browser.sign_in("alice", account)
        assert status == 200, session
        assert session["arn"] == f"arn:aws:iam::{HOME}:user/alice"
        assert (session["kind"], session["alias"], session["mfa"]) == ("user", "home-corp", False)
        assert browser.session()[0] == 200


def test_root_signs_in_with_the_account_alone(browser: Browser) -> None:
    status, session = browser.sign_in()
    assert (status, session["kind"], session["name"]) == (200, "root", "root")


def test_every_wrong_thing_has_one_answer(town: Town, browser: Browser) -> None:
    """W-255."""
    town.new_person("alice")
    town.new_user("bob")  # has no password
    attempts = [
        {"account": HOME, "user": "alice", "password": "wrong"},
        {"account": HOME, "user": "bob", "password": PASSWORD},
        {"account": HOME, "user": "nobody", "password": PASSWORD},
        {"account": AWAY, "user": "alice", "password": PASSWORD},
        {"account": "999999999999", "user": "alice", "password": PASSWORD},
        {"account": "no-such-alias", "user": "alice", "password": PASSWORD},
        {"account": HOME, "password": PASSWORD},
        {"account": "999999999999", "password": ROOT_PASSWORD},
    ]
    for form in attempts:
        assert browser.post("sign-in", form) == WRONG, form
        assert browser.cookie == ""


def test_the_cookie_is_for_this_site_and_no_script(town: Town) -> None:
    plain, tls = Browser(town), Browser(town, secure=True)
    plain.sign_in()
    assert "Path=/console; HttpOnly; SameSite=Strict; Max-Age=43200" in plain.header("Set-Cookie")
    assert "Secure" not in plain.header("Set-Cookie")
    tls.sign_in()
    assert tls.header("Set-Cookie").endswith("; Secure")
    assert tls.header("Cache-Control") == "no-store"


def test_mfa_is_asked_for_after_a_right_password_alone(town: Town, browser: Browser) -> None:
    town.new_person("alice")
    seed = town.enrol("alice")
    assert browser.post("sign-in", {"account": HOME, "user": "alice", "password": "x"}) == WRONG
    status, refused = browser.sign_in("alice")
    assert (status, refused["code"]) == (401, "MfaRequired")
    assert browser.sign_in("alice", mfaCode="000000") == WRONG
    code = town.code(seed)
    status, session = browser.sign_in("alice", mfaCode=code)
    assert (status, session["mfa"]) == (200, True)
    assert browser.sign_in("alice", mfaCode=code) == WRONG  # a code is good once (W-137)


def test_wrong_codes_are_counted_like_those_of_sts(town: Town, browser: Browser) -> None:
    town.new_person("alice")
    seed = town.enrol("alice")
    for _ in range(6):
        assert browser.sign_in("alice", mfaCode="000000") == WRONG
    assert browser.sign_in("alice", mfaCode=town.code(seed)) == WRONG
    town.passed += 3600
    assert browser.sign_in("alice", mfaCode=town.code(seed))[0] == 200


def test_a_user_who_is_tried_too_often_has_to_wait(town: Town) -> None:
    town.new_person("alice")
    for number in range(5):
        thief = Browser(town, address=f"192.0.2.{number}")
        assert thief.post("sign-in", {"account": HOME, "user": "alice", "password": "x"}) == WRONG
    browser = Browser(town, address="198.51.100.1")
    status, refused = browser.sign_in("alice")
    assert (status, refused["code"]) == (429, "TooManyAttempts")
    assert 0 < int(browser.header("Retry-After")) <= 30
    town.passed += 31
    assert browser.sign_in("alice")[0] == 200
    assert browser.sign_in("alice")[0] == 200  # the right password forgave the wrong ones


@pytest.mark.parametrize(
    "spelled",
    [
        [HOME, f"{HOME[:4]}-{HOME[4:]}", f" {HOME}", "-".join(HOME), f"{HOME[:1]}--{HOME[1:]} "],
        ["mountain", "Mountain", "MOUNTAIN", " mountain", "mountain "],
    ],
    ids=["id", "alias"],
)
def test_an_account_spelled_otherwise_gives_no_further_guesses(
    town: Town, spelled: list[str]
) -> None:
    town.new_person("alice")
    town.done(town.call(town.home, "CreateAccountAlias", AccountAlias="mountain"))
    for number, account in enumerate(spelled):
        thief = Browser(town, address=f"192.0.2.{number}")
        form = {"account": account, "user": "alice", "password": "x"}
        assert thief.post("sign-in", form) == WRONG
    thief = Browser(town, address="198.51.100.1")
    for account in spelled:
        form = {"account": account, "user": "Alice", "password": "x"}
        assert thief.post("sign-in", form)[0] == 429


def test_names_that_nobody_has_are_counted_like_others(town: Town, browser: Browser) -> None:
    form = {"account": "999999999999", "user": "ghost", "password": "x"}
    answers = [browser.post("sign-in", form)[0] for _ in range(6)]
    assert answers == [401] * 5 + [429]


def test_an_address_that_tries_many_has_to_wait(town: Town, browser: Browser) -> None:
    town.new_person("alice")
    for number in range(20):
        form = {"account": HOME, "user": f"user{number}", "password": "x"}
        assert browser.post("sign-in", form) == WRONG
    assert browser.sign_in("alice")[0] == 429
    assert Browser(town, address="198.51.100.1").sign_in("alice")[0] == 200


def test_a_reset_password_must_be_changed(town: Town, browser: Browser) -> None:
    town.new_person("alice", MAY_CHANGE, PasswordResetRequired="true")
    status, refused = browser.sign_in("alice")
    assert (status, refused["code"], browser.cookie) == (403, "PasswordChangeRequired", "")
    form = {"account": HOME, "user": "alice", "password": PASSWORD}
    status, refused = browser.post("change-password", {**form, "newPassword": "short"})
    assert (status, refused["code"]) == (400, "PasswordPolicyViolation")
    assert browser.post("change-password", {**form, "password": "x", "newPassword": "y"}) == WRONG
    status, session = browser.post("change-password", {**form, "newPassword": "Another-Word-2"})
    assert (status, session["name"]) == (200, "alice")
    assert browser.session()[0] == 200
    assert browser.sign_in("alice") == WRONG
    assert browser.sign_in("alice", password="Another-Word-2")[0] == 200


def test_a_reset_password_is_changed_by_who_may_alone(town: Town, browser: Browser) -> None:
    town.new_person("alice", PasswordResetRequired="true")
    form = {"account": HOME, "user": "alice", "password": PASSWORD, "newPassword": "New-Word-3"}
    status, refused = browser.post("change-password", form)
    assert (status, refused["code"]) == (403, "AccessDenied")
    assert "iam:ChangePassword" in refused["message"]
    form_of_policy = {"AllowUsersToChangePassword": "true"}
    town.done(town.call(town.home, "UpdateAccountPasswordPolicy", **form_of_policy))
    assert browser.post("change-password", form)[0] == 200


def test_one_who_knows_a_password_cannot_guess_others_for_free(town: Town) -> None:
    town.new_person("mallory")
    browser = Browser(town)
    answers = []
    for number in range(21):
        assert browser.sign_in("mallory")[0] in (200, 429)
        form = {"account": HOME, "user": f"user{number}", "password": "x"}
        answers.append(browser.post("sign-in", form)[0])
    assert answers == [401] * 20 + [429]


def test_a_password_grows_old(town: Town, browser: Browser) -> None:
    town.new_person("alice")
    town.done(town.call(town.home, "UpdateAccountPasswordPolicy", MaxPasswordAge="10"))
    assert browser.sign_in("alice")[0] == 200
    town.passed += 10 * DAY + 1
    assert browser.sign_in("alice")[1]["code"] == "PasswordChangeRequired"
    town.passed, ahead = 0, town.passed  # calls are signed by the real time
    form = {"MaxPasswordAge": "10", "HardExpiry": "true"}
    town.done(town.call(town.home, "UpdateAccountPasswordPolicy", **form))
    town.passed = ahead
    assert browser.sign_in("alice")[1]["code"] == "PasswordExpired"
    changing = {"account": HOME, "user": "alice", "password": PASSWORD, "newPassword": "New-Word-3"}
    assert browser.post("change-password", changing)[1]["code"] == "PasswordExpired"


def test_a_password_that_is_good_is_not_changed_at_the_door(town: Town, browser: Browser) -> None:
    town.new_person("alice")
    form = {"account": HOME, "user": "alice", "password": PASSWORD, "newPassword": "New-Word-3"}
    assert browser.post("change-password", form)[1]["code"] == "AccessDenied"
    assert browser.sign_in("alice")[0] == 200


ENDINGS = {
    "user": ("DeleteLoginProfile", "DeleteUser"),
    "login profile": ("DeleteLoginProfile",),
    "password": ("UpdateLoginProfile",),
}


@pytest.mark.parametrize("actions", ENDINGS.values(), ids=ENDINGS)
def test_a_session_ends_with_what_it_rests_on(
    town: Town, browser: Browser, actions: tuple[str, ...]
) -> None:
    town.new_person("alice")
    browser.sign_in("alice")
    keys = browser.credentials()
    town.done(town.call(keys, "GetCallerIdentity", "sts"))
    for key in town.done(town.call(town.home, "ListAccessKeys", UserName="alice")).text.split(
        "<AccessKeyId>"
    )[1:]:
        form = {"UserName": "alice", "AccessKeyId": key.partition("<")[0]}
        town.done(town.call(town.home, "DeleteAccessKey", **form))
    town.passed += 1
    for action in actions:
        more = {"Password": "Another-Word-2"} if action == "UpdateLoginProfile" else {}
        town.done(town.call(town.home, action, UserName="alice", **more))
    assert browser.session()[1]["code"] == "NotSignedIn"
    assert browser.post("credentials", {})[0] == 401
    refused = town.call(keys, "GetCallerIdentity", "sts")
    assert (refused.status, "InvalidClientTokenId" in refused.text) == (403, True)


def test_a_root_session_ends_with_the_password(town: Town, browser: Browser) -> None:
    browser.sign_in()
    assert browser.session()[0] == 200
    set_root_password(town.authority.directory, HOME, "Another-Root-2")
    assert browser.session()[0] == 401


def test_a_session_lasts_twelve_hours(town: Town, browser: Browser) -> None:
    town.new_person("alice")
    browser.sign_in("alice")
    town.passed += 12 * 3600 - 5
    assert browser.session()[0] == 200
    town.passed += 10
    assert browser.session()[0] == 401


def test_signing_out_ends_every_copy_of_the_cookie(town: Town, browser: Browser) -> None:
    browser.sign_in()
    copy = Browser(town, cookie=browser.cookie)
    assert browser.post("sign-out", {})[0] == 204
    assert "Max-Age=0" in browser.header("Set-Cookie")
    assert copy.session()[0] == 401
    assert browser.post("sign-out", {})[0] == 204


def test_changes_need_the_token_of_the_session(town: Town, browser: Browser) -> None:
    browser.sign_in()
    other = Browser(town)
    other.sign_in(account=AWAY)
    for token in ("", "x", other.csrf):
        status, refused = browser.post("credentials", {}, {"x-sekisho-csrf": token})
        assert (status, refused["code"]) == (403, "InvalidCsrfToken")
    assert browser.post("credentials", {})[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1"])
def test_pages_of_others_are_turned_away(browser: Browser, origin: str) -> None:
    form = {"account": HOME, "password": ROOT_PASSWORD}
    status, refused = browser.post("sign-in", form, {"origin": origin})
    assert (status, refused["code"]) == (403, "ForeignOrigin")
    assert browser.post("sign-in", form, {"origin": "http://localhost:4566"})[0] == 200


BODIES = {
    b"": "",
    b"[]": "",
    b"{": "",
    b'{"account": NaN}': "",
    b"[" * 50_000: "",
    b'{"account": 7, "password": "x"}': "account",
    b'{"account": true, "password": "x"}': "account",
    b'{"account": "111122223333", "password": "\\ud800"}': "password",
    b'{"account": "111122223333"}': "password",
    b'{"account": "111122223333", "password": ""}': "password",
    b'{"account": "111122223333", "password": "x", "admin": true}': "admin",
    b'{"account": "111122223333", "password": "x", "mfaCode": "12345"}': "mfaCode",
    b'{"account": "111122223333", "password": "%s"}' % (b"x" * 129): "password",
}


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_bad_bodies_are_told_by_field(browser: Browser, body: bytes) -> None:
    response = browser.send("POST", SIGN_IN, body, {"content-type": "application/json"})
    assert response.status == 400
    assert isinstance(response.body, bytes)
    assert f'"field": "{BODIES[body]}"'.encode() in response.body


def test_only_json_is_read(browser: Browser) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert browser.send("POST", SIGN_IN, b"{}", {"content-type": kind}).status == 415
    assert browser.send("GET", SIGN_IN).status == 405
    assert browser.send("POST", "/console/api/nothing", b"{}").status == 404


def test_attempts_are_on_the_trail_without_what_was_typed(town: Town, browser: Browser) -> None:
    town.new_person("alice")
    browser.post("sign-in", {"account": HOME, "user": "alice", "password": "S3cret-guess"})
    browser.post("sign-in", {"account": HOME, "user": "S3cret-typed", "password": "x"})
    browser.sign_in("alice")
    lines = [
        line
        for line in read_back(town.data / "audit")
        if line.get("operation") == "signin:ConsoleLogin"
    ]
    assert [line.get("sign_in") for line in lines] == [
        {"user": "alice", "mfa": False, "result": "Success"},
        None,
        {"user": "alice", "mfa": False, "result": "Failure"},
    ]
    assert "S3cret" not in str(lines)
    assert PASSWORD not in str(lines)


def test_when_a_user_last_signed_in_is_kept(town: Town, browser: Browser) -> None:
    town.new_person("alice")
    browser.sign_in("alice")
    assert "<PasswordLastUsed>" in town.call(town.home, "GetUser", UserName="alice").text
