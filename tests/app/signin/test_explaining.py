"""Signed questions: policies checked, the trail read, denials explained, the engine asked."""

import json
from collections.abc import Iterator
from itertools import chain

import pytest
from botocore.credentials import Credentials

from app.signin.browser import Browser, Town, ask
from app.signin.test_switching import MAY_CROSS, assert_told, new_role, policy, trust
from gate.gatehouse import AWAY, HOME
from sekisho.app.signin import trail

ALICE = f"arn:aws:iam::{HOME}:user/alice"


def test_the_signature_is_verified_like_any(town: Town) -> None:
    body = {"type": "identity", "document": "{}"}
    good = ask(town, town.home, "check-policy", body)
    assert good[0] == 200
    forged = Credentials(town.home.access_key, "x" * 40)
    assert ask(town, forged, "check-policy", body)[1]["code"] == "SignatureDoesNotMatch"
    stranger = Credentials("AKIAAAAAAAAAAAAAAAAA", "x" * 40)
    assert ask(town, stranger, "check-policy", body)[1]["code"] == "InvalidClientTokenId"
    assert ask(town, town.home, "check-policy", body, service="iam")[0] == 403
    assert ask(town, None, "check-policy", body)[0] == 403


def test_findings_have_their_places(town: Town) -> None:
    text = '{\n  "Version": "2012-10-17",\n  "Statement": [{"Effect": "Alow"}]\n}'
    _, found = ask(town, town.home, "check-policy", {"type": "identity", "document": text})
    assert found["findings"]
    for finding in found["findings"]:
        assert_told(finding)
        assert finding["severity"] in ("error", "security", "warning", "suggestion")
        assert 1 <= finding["line"] <= finding["endLine"] <= 4
    mended = policy("Allow", "s3:GetObjct", "*")
    _, found = ask(town, town.home, "check-policy", {"type": "identity", "document": mended})
    (typo,) = (one for one in found["findings"] if one["code"] == "UnknownAction")
    assert mended[typo["column"] - 1 : typo["endColumn"] - 1] == '"s3:GetObjct"'
    assert typo["instead"] == policy("Allow", "s3:GetObject", "*")


def test_events_need_leave(town: Town) -> None:
    alice = town.new_user("alice")
    for name, body in (("events", {}), ("explain", {"requestId": "x"})):
        status, refused = ask(town, alice, name, body)
        assert (status, refused["code"]) == (403, "AccessDenied")
        assert "cloudtrail:LookupEvents" in refused["message"]


def test_an_account_sees_what_is_its_own(town: Town, browser: Browser) -> None:
    alice = town.new_user("alice", MAY_CROSS)
    new_role(town, "Reader", trust(ALICE))
    new_role(town, "Closed", trust(f"arn:aws:iam::{AWAY}:root"))
    for role in ("Reader", "Closed"):
        form = {"RoleArn": f"arn:aws:iam::{AWAY}:role/{role}", "RoleSessionName": "crossing"}
        town.call(alice, "AssumeRole", "sts", **form)
    wanted = {"action": "assumerole"}
    _, home = ask(town, town.home, "events", wanted)
    assert [event["outcome"] for event in home["events"]] == ["denied", "allowed"]
    _, away = ask(town, town.away, "events", wanted)
    assert [event["outcome"] for event in away["events"]] == ["allowed"]  # PE-200
    assert away["events"][0]["sourceIp"] == ""
    denied = home["events"][0]["requestId"]
    _, told = ask(town, town.home, "explain", {"requestId": denied})
    assert told["other"] is None
    assert_told(told)
    assert "Closed" not in " ".join(told["own"]) or "trust" not in " ".join(told["lines"])
    assert ask(town, town.away, "explain", {"requestId": denied})[0] == 404


def test_a_denial_at_home_is_told_whole(town: Town) -> None:
    alice = town.new_user("alice")
    refused = town.call(alice, "ListUsers")
    _, told = ask(town, town.home, "explain", {"requestId": refused.request_id})
    assert told["own"]
    assert told["other"] is not None
    assert "iam:ListUsers" in "\n".join(told["lines"])
    assert_told(told)
    assert [type(line) for line in told["told"]["lines"]] == [list] * len(told["lines"])


def test_what_the_root_user_did_is_told_to_need_no_policy(town: Town) -> None:
    done = town.call(town.home, "ListUsers")
    _, told = ask(town, town.home, "explain", {"requestId": done.request_id})
    assert told["own"] == ["the root user needs no policy in its own account"]
    assert_told(told)


def test_tags_of_a_foreign_role_are_not_told_in_any_language(town: Town) -> None:
    match = {"StringEquals": {"aws:ResourceTag/team": "ledger"}}
    by_tag = policy("Allow", "sts:AssumeRole", f"arn:aws:iam::{AWAY}:role/*", **match)
    alice = town.new_user("alice", by_tag)
    tag = {"Tags.member.1.Key": "team", "Tags.member.1.Value": "payroll"}
    new_role(town, "Tagged", trust(ALICE), **tag)
    form = {"RoleArn": f"arn:aws:iam::{AWAY}:role/Tagged", "RoleSessionName": "crossing"}
    refused = town.call(alice, "AssumeRole", "sts", **form)
    _, told = ask(town, town.home, "explain", {"requestId": refused.request_id})
    assert told["other"] is None
    hidden = "covers this, but a condition on the resource's tags, which are not shown to you"
    assert any(line.endswith(hidden) for line in told["own"])
    assert_told(told)
    assert "payroll" not in json.dumps(told)


def pages(town: Town, **body: object) -> Iterator[list[str]]:
    """The names that the events of each page are about."""
    while True:
        _, page = ask(town, town.home, "events", body)
        yield [event["resources"][0].rpartition("/")[2] for event in page["events"]]
        if "next" not in page:
            return
        body["next"] = page["next"]


def test_pages_follow_each_other(town: Town) -> None:
    for number in range(7):
        town.call(town.home, "CreateGroup", GroupName=f"group{number}")
    seen = list(pages(town, limit=3, action="iam:CreateGroup"))
    assert [len(page) for page in seen][:2] == [3, 3]
    assert [*chain(*seen)] == [f"group{number}" for number in reversed(range(7))]


def test_a_filter_that_is_met_seldom_costs_no_request_more_than_its_share(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "MOST_LOOKED_AT", 4)
    for number in range(9):
        town.call(town.home, "CreateGroup", GroupName=f"group{number}")
    seen = list(pages(town, limit=200, action="iam:CreateGroup"))
    assert all(len(page) <= 4 for page in seen)
    assert [*chain(*seen)] == [f"group{number}" for number in reversed(range(9))]
    vain = list(pages(town, principal="nobody"))
    assert len(vain) >= 3
    assert not any(vain)


@pytest.mark.parametrize("body", [{"limit": 0}, {"limit": 201}, {"next": "?"}, {"from": "today"}])
def test_bad_filters_are_named(town: Town, body: dict[str, object]) -> None:
    status, refused = ask(town, town.home, "events", body)
    assert (status, refused["field"]) == (400, next(iter(body)))


def test_the_engine_answers_for_a_principal(town: Town) -> None:
    town.new_user("alice", policy("Allow", "s3:Get*", "arn:aws:s3:::ledger/*"))
    body = {"principalArn": ALICE, "action": "s3:GetObject", "resourceArn": "arn:aws:s3:::ledger/x"}
    _, answer = ask(town, town.home, "ask", body)
    assert (answer["effect"], answer["kind"]) == ("allowed", "allowed")
    _, answer = ask(town, town.home, "ask", {**body, "action": "s3:PutObject"})
    assert (answer["effect"], answer["kind"]) == ("denied", "implicitDeny")
    assert any("s3:PutObject" in line for line in answer["lines"])
    assert_told(answer)


def test_context_keys_are_heard(town: Town) -> None:
    from_there = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    town.new_user("alice", policy("Allow", "iam:ListUsers", "*", **from_there))
    body = {"principalArn": ALICE, "action": "iam:ListUsers", "resourceArn": "*"}
    _, answer = ask(town, town.home, "ask", {**body, "context": {"aws:SourceIp": "203.0.113.1"}})
    assert answer["effect"] == "denied"
    _, answer = ask(town, town.home, "ask", {**body, "context": {"aws:SourceIp": "192.0.2.1"}})
    assert answer["effect"] == "allowed"


def test_who_may_ask_and_for_whom(town: Town) -> None:
    alice = town.new_user("alice")
    body = {"principalArn": ALICE, "action": "iam:ListUsers", "resourceArn": "*"}
    status, refused = ask(town, alice, "ask", body)
    assert (status, refused["code"]) == (403, "AccessDenied")
    assert "iam:SimulatePrincipalPolicy" in refused["message"]
    status, _ = ask(town, town.away, "ask", body)
    assert status in (403, 404)
    for field, value in (("resourceArn", "x"), ("action", "nothing"), ("context", {"a": 1})):
        status, refused = ask(town, town.home, "ask", {**body, field: value})
        assert (status, refused["field"]) == (400, field), field


def test_another_accounts_bucket_policy_does_not_show(town: Town) -> None:
    town.new_user("alice", policy("Allow", "s3:*", "*"))
    town.store(town.away, "PUT", "/theirs")
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::theirs/*",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    assert town.store(town.away, "PUT", "/theirs?policy", document.encode()).status == 204
    body = {"principalArn": ALICE, "action": "s3:GetObject", "resourceArn": "arn:aws:s3:::theirs/x"}
    _, answer = ask(town, town.home, "ask", body)
    assert any("another account's" in line for line in answer["lines"])
    assert not any("Deny" in line or "denies" in line for line in answer["lines"])
