"""Every authenticated call is remembered as a use of its key and of its caller (W-206)."""

import json

from demo.policies import allow, trust

from gate.gatehouse import AWAY, Gatehouse

LISTS = json.dumps(allow("iam:ListUsers", "*"))


def test_a_call_is_a_use_of_its_key_even_if_it_is_denied(gatehouse: Gatehouse) -> None:
    una = gatehouse.new_user("una", LISTS)
    asked = {"AccessKeyId": una.access_key}
    never = gatehouse.done(gatehouse.call(gatehouse.home, "GetAccessKeyLastUsed", **asked))
    assert never.value("ServiceName") == "N/A"
    gatehouse.call(una, "ListRoles")
    used = gatehouse.done(gatehouse.call(gatehouse.home, "GetAccessKeyLastUsed", **asked))
    assert used.value("ServiceName") == "iam"
    assert used.value("Region") == "us-east-1"
    assert used.value("UserName") == "una"


def test_a_sessions_call_is_a_use_of_its_role(gatehouse: Gatehouse) -> None:
    gatehouse.new_role("r", json.dumps(trust(f"arn:aws:iam::{AWAY}:root")))
    keys = gatehouse.new_user("una", json.dumps(allow("sts:AssumeRole", "*")), gatehouse.away)
    session = gatehouse.assume(keys, f"arn:aws:iam::{AWAY}:role/r")
    before = gatehouse.done(gatehouse.call(gatehouse.away, "GetRole", RoleName="r"))
    assert "LastUsedDate" not in before.text
    gatehouse.call(session, "ListUsers")
    after = gatehouse.done(gatehouse.call(gatehouse.away, "GetRole", RoleName="r"))
    assert after.value("LastUsedDate")


def test_an_unsigned_call_is_nobodys_use(gatehouse: Gatehouse) -> None:
    gatehouse.store(None, "GET", "/bucket/key")
    with gatehouse.authority.directory.reading() as tx:
        assert gatehouse.authority.directory.uses.of(tx, "anonymous") == []
