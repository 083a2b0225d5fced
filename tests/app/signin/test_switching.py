"""Switching roles, and what is told where it is refused (W-243…W-249, PE-199, PE-217…PE-224)."""

import json
from typing import Any

import pytest
from botocore.credentials import Credentials

from app.signin.browser import Browser, Town, keys_of
from gate.gatehouse import AWAY, HOME
from sekisho.policy.words import folded

SENTENCE = (
    "Invalid information in one or more fields. Check your information or contact your"
    " administrator."
)


def policy(effect: str, action: str, resource: str, **condition: dict[str, str]) -> str:
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    if condition:
        statement["Condition"] = condition  # type: ignore[assignment]
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def trust(principal: str, **condition: dict[str, str]) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


MAY_CROSS = policy("Allow", "sts:AssumeRole", f"arn:aws:iam::{AWAY}:role/*")
ALICE = f"arn:aws:iam::{HOME}:user/alice"


def new_role(
    town: Town, name: str, document: str, root: Credentials | None = None, **form: str
) -> None:
    root = root or town.away
    form = {"RoleName": name, "AssumeRolePolicyDocument": document, **form}
    town.done(town.call(root, "CreateRole", **form))


def test_a_switch_gives_the_roles_credentials(town: Town, browser: Browser) -> None:
    town.new_person("alice", MAY_CROSS)
    new_role(town, "Reader", trust(ALICE), Path="/team/", MaxSessionDuration="7200")
    town.done(town.call(town.away, "CreateAccountAlias", AccountAlias="away-corp"))
    browser.sign_in("alice")
    status, switched = browser.switch("team/Reader", "away-corp")
    assert status == 200, switched
    arn = f"arn:aws:sts::{AWAY}:assumed-role/Reader/alice"  # PE-224
    assert (switched["arn"], switched["alias"], switched["accountId"]) == (arn, "away-corp", AWAY)
    assert switched["roleArn"] == f"arn:aws:iam::{AWAY}:role/team/Reader"
    asked = town.call(keys_of(switched["credentials"]), "GetCallerIdentity", "sts")
    assert asked.value("Arn") == arn


@pytest.mark.parametrize(
    ("longest", "passed", "left"),
    [
        ({"MaxSessionDuration": "7200"}, 0, 7200),
        ({"MaxSessionDuration": "7200"}, 11 * 3600, 3600),
        ({}, 0, 3600),
    ],
)
def test_a_switch_lasts_no_longer_than_role_and_session(
    town: Town, browser: Browser, longest: dict[str, str], passed: int, left: int
) -> None:  # W-247, PE-222
    from datetime import datetime

    town.new_person("alice", MAY_CROSS)
    new_role(town, "Reader", trust(ALICE), **longest)
    browser.sign_in("alice")
    town.passed += passed
    expires = datetime.fromisoformat(browser.switch("Reader")[1]["expires"]).timestamp()
    assert abs(expires - town.authority.clock() - left) < 5


def assert_told(answer: dict[str, Any]) -> None:
    """What is told to be told in other languages says what is told, and nothing more."""
    for name, told in answer["told"].items():
        if isinstance(told, list) and isinstance(answer[name], list):
            assert [folded(each) for each in told] == answer[name]
        else:
            assert (told if told is None else folded(told)) == answer[name]


def refusal(browser: Browser, role: str, account: str = AWAY) -> tuple[str, list[str] | None]:
    status, refused = browser.switch(role, account)
    assert (status, refused["code"], refused["message"]) == (403, "SwitchRoleFailed", SENTENCE)
    reasons = refused["reasons"]
    assert reasons["own"]
    assert_told(reasons)
    return "\n".join(reasons["own"]), reasons["other"]


def test_a_switch_starts_from_who_signed_in(town: Town, browser: Browser) -> None:
    """W-246, PE-219: a role that trusts only the first is not reached by way of it."""
    town.new_person("alice", MAY_CROSS)
    new_role(town, "First", trust(ALICE))
    new_role(town, "Second", trust(f"arn:aws:iam::{AWAY}:role/First"))
    browser.sign_in("alice")
    assert browser.switch("First")[0] == 200
    refusal(browser, "Second")


def test_the_own_half_is_told_the_others_never(town: Town, browser: Browser) -> None:
    """W-249, PE-199."""
    town.new_person("alice")
    new_role(town, "Reader", trust(ALICE))
    browser.sign_in("alice")
    own, other = refusal(browser, "Reader")
    assert "sts:AssumeRole" in own or "no statement" in own or "has no policies" in own
    assert "The rest is the other account's" not in own
    assert other is None


def test_whoever_fits_on_their_side_is_told_so(town: Town, browser: Browser) -> None:
    town.new_person("alice", MAY_CROSS)
    new_role(town, "Reader", trust(f"arn:aws:iam::{AWAY}:root"))
    browser.sign_in("alice")
    own, other = refusal(browser, "Reader")
    assert "Your own policies allow it." in own
    assert other is None


def test_a_role_that_is_not_there_is_refused_in_the_same_words(
    town: Town, browser: Browser
) -> None:  # PE-202
    town.new_person("alice", MAY_CROSS)
    new_role(town, "Reader", trust(f"arn:aws:iam::{AWAY}:root"))
    browser.sign_in("alice")
    there, missing = refusal(browser, "Reader"), refusal(browser, "Absent")
    assert there == missing
    assert refusal(browser, "Reader", "999999999999")[1] is None


def test_tags_of_a_foreign_role_do_not_show(town: Town, browser: Browser) -> None:
    match = {"StringEquals": {"aws:ResourceTag/team": "ledger"}}
    by_tag = policy("Allow", "sts:AssumeRole", f"arn:aws:iam::{AWAY}:role/*", **match)
    town.new_person("alice", by_tag)
    tag = {"Tags.member.1.Key": "team"}
    nobody = trust(f"arn:aws:iam::{AWAY}:root")
    new_role(town, "Tagged", nobody, **tag, **{"Tags.member.1.Value": "ledger"})
    new_role(town, "Other", nobody, **tag, **{"Tags.member.1.Value": "payroll"})
    browser.sign_in("alice")
    told = {refusal(browser, name)[0] for name in ("Tagged", "Other", "Absent")}
    assert len(told) == 1
    assert "payroll" not in told.pop()


def test_in_ones_own_account_the_role_is_read_by_who_may(town: Town, browser: Browser) -> None:
    both = json.loads(policy("Allow", "sts:AssumeRole", "*"))
    town.new_person("alice", json.dumps(both))
    new_role(town, "Local", trust(f"arn:aws:iam::{HOME}:user/alice"), town.home)
    town.new_person("bob", json.dumps(both))
    browser.sign_in("bob")
    assert refusal(browser, "Local", HOME)[1] is None
    read = json.loads(policy("Allow", "iam:GetRole", "*"))["Statement"]
    town.permit("bob", json.dumps({**both, "Statement": [both["Statement"], read]}), town.home)
    own, other = refusal(browser, "Local", HOME)
    assert other
    assert "trust policy" in "\n".join(other)
    assert refusal(browser, "Absent", HOME)[1] == ["There is no such role."]
    assert own


def test_a_deny_by_boundary_keeps_the_roles_half_to_itself(town: Town, browser: Browser) -> None:
    """PE-190: whoever may not get the role is not told what it says."""
    town.new_person("alice")
    limit = f"arn:aws:iam::{HOME}:policy/limit"
    given = {"PolicyName": "limit", "PolicyDocument": policy("Allow", "*", "*")}
    town.done(town.call(town.home, "CreatePolicy", **given))
    new_role(town, "Bound", trust(ALICE), town.home, PermissionsBoundary=limit)
    guarded = {"StringEquals": {"iam:PermissionsBoundary": limit}}
    allow, deny = (
        json.loads(policy("Allow", "*", "*"))["Statement"],
        json.loads(policy("Deny", "iam:GetRole", "*", **guarded))["Statement"],
    )
    town.new_person("bob", json.dumps({"Version": "2012-10-17", "Statement": [allow, deny]}))
    browser.sign_in("bob")
    assert refusal(browser, "Bound", HOME)[1] is None


def test_whatever_is_wrong_is_told_in_one_sentence(town: Town, browser: Browser) -> None:
    """PE-223: account, alias and name, both halves, and a Deny beside a fitting Allow."""
    town.new_person("alice", MAY_CROSS)
    town.new_person("bob")
    new_role(town, "Reader", trust(ALICE))
    new_role(town, "Stranger", trust(f"arn:aws:iam::{HOME}:user/bob"))
    browser.sign_in("alice")
    refusal(browser, "Reader", "no-such-alias")
    refusal(browser, "Reader", HOME)
    refusal(browser, "reader")
    refusal(browser, "Stranger")
    assert browser.switch("Reader")[0] == 200
    both = json.loads(MAY_CROSS)
    denied = json.loads(policy("Deny", "sts:*", "*"))["Statement"]
    town.permit("alice", json.dumps({**both, "Statement": [both["Statement"], denied]}), town.home)
    refusal(browser, "Reader")
    town.permit("alice", policy("Allow", "s3:*", "*"), town.home)
    refusal(browser, "Reader")


@pytest.mark.parametrize(("wanted", "status"), [("alice", 200), ("Alice", 403)])
def test_the_session_is_called_as_its_user(
    town: Town, browser: Browser, wanted: str, status: int
) -> None:
    """PE-224: for the trust policy too."""
    town.new_person("alice", MAY_CROSS)
    new_role(town, "Reader", trust(ALICE, StringEquals={"sts:RoleSessionName": wanted}))
    browser.sign_in("alice")
    assert browser.switch("Reader")[0] == status


def test_root_cannot_switch(town: Town, browser: Browser) -> None:  # PE-120
    new_role(town, "Reader", trust(f"arn:aws:iam::{HOME}:root"))
    browser.sign_in()
    own, other = refusal(browser, "Reader")
    assert "Roles may not be assumed by root accounts." in own
    assert other is None


def test_mfa_at_sign_in_counts_for_the_trust_policy(town: Town, browser: Browser) -> None:
    town.new_person("alice", MAY_CROSS)
    with_mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    new_role(town, "Guarded", trust(ALICE, **with_mfa))
    browser.sign_in("alice")
    refusal(browser, "Guarded")  # PE-221
    seed = town.enrol("alice")
    browser.sign_in("alice", mfaCode=town.code(seed))
    assert browser.switch("Guarded")[0] == 200


@pytest.mark.parametrize(
    "wanted",
    [
        {"StringEquals": {"sts:ExternalId": "abc"}},
        {"StringEquals": {"sts:SourceIdentity": "alice"}},
        {"StringEquals": {"aws:RequestTag/team": "red"}},
    ],
)
def test_a_role_that_wants_what_a_console_cannot_give(
    town: Town, browser: Browser, wanted: dict[str, dict[str, str]]
) -> None:  # W-245, PE-220
    town.new_person("alice", MAY_CROSS)
    new_role(town, "Third", trust(ALICE, **wanted))
    browser.sign_in("alice")
    refusal(browser, "Third")


@pytest.mark.parametrize(("length", "status"), [(64, 403), (65, 400)])
def test_path_and_name_have_64_characters_at_most(
    town: Town, browser: Browser, length: int, status: int
) -> None:  # W-244, PE-218
    town.new_person("alice", MAY_CROSS)
    browser.sign_in("alice")
    assert browser.switch("team/" + "r" * (length - 5))[0] == status


def test_console_credentials_are_the_users_own(town: Town, browser: Browser) -> None:
    everything = policy("Allow", "*", "*")
    town.new_person("alice", everything)
    browser.sign_in("alice")
    keys = browser.credentials()
    assert keys.access_key.startswith("ASIA")
    assert town.call(keys, "GetCallerIdentity", "sts").value("Arn") == ALICE
    assert town.call(keys, "ListUsers").status == 200  # not held to W-110
    for action in ("GetSessionToken", "GetFederationToken"):
        answer = town.call(keys, action, "sts", **({"Name": "fred"} if "Fed" in action else {}))
        assert answer.status == 403


def test_a_switch_is_on_the_trail(town: Town, browser: Browser) -> None:
    """W-324: as the AssumeRole that it is; ExitRole tells that it was left."""
    from sekisho.gate.audit import read_back

    town.new_person("alice", MAY_CROSS)
    new_role(town, "Reader", trust(ALICE))
    browser.sign_in("alice")
    browser.switch("Reader")
    browser.switch("Absent")
    lines = [
        line for line in read_back(town.data / "audit") if line["operation"] == "sts:AssumeRole"
    ]
    assert [line["status"] for line in lines] == [403, 200]
    assert lines[0]["error"]["code"] == "AccessDenied"
    assert {line["caller"]["arn"] for line in lines} == {ALICE}
    assert browser.post("exit-role", {"account": AWAY, "roleName": "Reader"})[0] == 204
    left = town.lines()[-1]
    assert (left["operation"], left["caller"]["arn"]) == ("signin:ExitRole", ALICE)
