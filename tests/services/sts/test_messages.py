"""Encoded authorization messages: who can read them, and what they tell (W-102, W-151)."""

import base64
import json
from typing import Any

import pytest
from demo.policies import allow, policy, statement, trust
from hypothesis import given
from hypothesis import strategies as st

from gate.gatehouse import AWAY, HOME, Answer, Gatehouse
from sekisho.directory.store import Ring
from sekisho.services.sts.messages import LONGEST_MESSAGE, InvalidMessage, seal, unseal
from sekisho.services.sts.tokens import InvalidToken
from sekisho.services.sts.tokens import unseal as unseal_token

RING = Ring(1, {1: b"\x01" * 32, 7: b"\x07" * 32})
UNA = f"arn:aws:iam::{HOME}:user/una"
INVALID = (400, "InvalidAuthorizationMessageException", "Message is not valid")


def message_of(gatehouse: Gatehouse, answer: Answer) -> str:
    assert answer.refusal[:2] == (403, "AccessDenied")
    message: str = gatehouse.line(answer)["encoded_message"]
    assert message not in answer.text
    assert len(message) <= LONGEST_MESSAGE
    return message


def decoded(gatehouse: Gatehouse, answer: Answer) -> dict[str, Any]:
    message = message_of(gatehouse, answer)
    told = gatehouse.done(
        gatehouse.call(gatehouse.home, "DecodeAuthorizationMessage", "sts", EncodedMessage=message)
    )
    report: dict[str, Any] = json.loads(told.value("DecodedMessage"))
    return report


def test_an_implicit_denial_in_full(gatehouse: Gatehouse) -> None:
    una = gatehouse.new_user("una")
    report = decoded(gatehouse, gatehouse.call(una, "GetUser", UserName="una"))
    assert (report["allowed"], report["explicitDeny"]) == (False, False)
    assert report["matchedStatements"] == report["failures"] == {"items": []}
    context = report["context"]
    assert context["principal"]["arn"] == UNA
    assert context["principal"]["name"] == "una"
    assert context["principal"]["id"].startswith("AIDA")
    assert (context["action"], context["resource"]) == ("iam:GetUser", UNA)
    keys = {one["key"]: one["values"]["items"] for one in context["conditions"]["items"]}
    assert keys["aws:sourceip"] == [{"value": "192.0.2.7"}]
    assert report["explanation"][0]["verdict"] == "does not allow"


def test_an_explicit_denial_names_the_statement(gatehouse: Gatehouse) -> None:
    condition = {"StringEquals": {"aws:PrincipalType": ["User", "Account"]}}
    denied = statement("Deny", Sid="Not", Action="iam:Get*", Resource="*", Condition=condition)
    una = gatehouse.new_user("una", json.dumps(policy(denied)))
    report = decoded(gatehouse, gatehouse.call(una, "GetUser", UserName="una"))
    assert (report["allowed"], report["explicitDeny"]) == (False, True)
    (matched,) = report["matchedStatements"]["items"]
    assert matched == {
        "statementId": "Not",
        "effect": "DENY",
        "policy": "p",
        "policyOwner": UNA,
        "principals": {"items": []},
        "principalGroups": {"items": []},
        "actions": {"items": [{"value": "iam:Get*"}]},
        "resources": {"items": [{"value": "*"}]},
        "conditions": {
            "items": [
                {
                    "operator": "StringEquals",
                    "key": "aws:PrincipalType",
                    "values": {"items": [{"value": "User"}, {"value": "Account"}]},
                }
            ]
        },
    }


def test_only_the_account_of_the_resource_can_decode(gatehouse: Gatehouse) -> None:
    """What a trust policy abroad says is not the caller's to read, nor their administrator's."""
    una = gatehouse.new_user("una", json.dumps(allow("sts:*", "*")))
    role = gatehouse.new_role("Guest", json.dumps(trust(AWAY)))
    form = {"RoleArn": role, "RoleSessionName": "visit"}
    message = message_of(gatehouse, gatehouse.call(una, "AssumeRole", "sts", **form))
    form = {"EncodedMessage": message}
    action = "DecodeAuthorizationMessage"
    assert gatehouse.call(gatehouse.home, action, "sts", **form).refusal == INVALID
    assert gatehouse.call(una, action, "sts", **form).refusal == INVALID
    told = gatehouse.done(gatehouse.call(gatehouse.away, action, "sts", **form))
    assert json.loads(told.value("DecodedMessage"))["context"]["principal"]["arn"] == UNA


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_what_a_caller_s_own_policies_say_is_not_for_another_account(
    gatehouse: Gatehouse, effect: str
) -> None:
    """Neither the statement that denied nor what was near: only what was asked, and the outcome."""
    own = statement(
        effect, Sid="Secret", Action="sts:Assume*", Resource="arn:aws:iam::*:role/Other"
    )
    if effect == "Deny":
        own = statement(effect, Sid="Secret", Action="sts:*", Resource="*")
    una = gatehouse.new_user("una", json.dumps(policy(own)))
    role = gatehouse.new_role("Guest", json.dumps(trust(AWAY)))
    form = {"RoleArn": role, "RoleSessionName": "visit"}
    message = message_of(gatehouse, gatehouse.call(una, "AssumeRole", "sts", **form))
    answer = gatehouse.call(
        gatehouse.away, "DecodeAuthorizationMessage", "sts", EncodedMessage=message
    )
    told = gatehouse.done(answer).value("DecodedMessage")
    report = json.loads(told)
    assert report["explicitDeny"] is (effect == "Deny")
    assert report["matchedStatements"] == {"items": []}
    assert [layer["layer"] for layer in report["explanation"]] == ["role trust policy"]
    assert "Secret" not in told
    assert "Other" not in told


def test_decoding_needs_permission(gatehouse: Gatehouse) -> None:
    una = gatehouse.new_user("una")
    action = "DecodeAuthorizationMessage"
    refused = gatehouse.call(una, action, "sts", EncodedMessage="x").refusal
    assert refused == (
        403,
        "AccessDenied",
        f"User: {UNA} is not authorized to perform: sts:{action} on resource: * because no"
        f" identity-based policy allows the sts:{action} action",
    )
    gatehouse.permit("una", json.dumps(allow(f"sts:{action}", "*")))
    assert gatehouse.call(una, action, "sts", EncodedMessage="x").refusal == INVALID


def test_a_report_that_is_too_long_leaves_the_longest_out(gatehouse: Gatehouse) -> None:
    """Random values do not pack; the outcome itself is never lost."""
    noise = [base64.b32encode(bytes(i * j % 251 for j in range(75))).decode() for i in range(1, 90)]
    condition = {"StringNotEquals": {"aws:PrincipalTag/k": noise}}
    for number in range(3):
        denied = statement(
            "Deny", Sid=f"S{number}", Action="iam:*", Resource="*", Condition=condition
        )
        form = {"PolicyName": f"n{number}", "PolicyDocument": json.dumps(policy(denied))}
        gatehouse.call(gatehouse.home, "CreatePolicy", **form)
    una = gatehouse.new_user("una")
    tags = {
        f"Tags.member.{i + 1}.{part}": (f"k{i}" if part == "Key" else noise[i] * 2)
        for i in range(50)
        for part in ("Key", "Value")
    }
    gatehouse.done(gatehouse.call(gatehouse.home, "TagUser", UserName="una", **tags))
    report = decoded(gatehouse, gatehouse.call(una, "GetUser", UserName="una"))
    assert report["allowed"] is False
    assert report["context"]["action"] == "iam:GetUser"


def test_who_did_not_sign_leaves_no_message(gatehouse: Gatehouse) -> None:
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/some-bucket"))
    refused = gatehouse.store(None, "GET", "/some-bucket/key")
    assert refused.status == 403
    assert "encoded_message" not in gatehouse.line(refused)


@given(st.text(max_size=200))
def test_a_message_opens_to_what_was_sealed(text: str) -> None:
    account, told = unseal(RING, seal(RING, HOME, {"text": text}))
    assert (account, json.loads(told)) == (HOME, {"text": text})


@given(st.data())
def test_a_message_altered_anywhere_does_not_open(data: st.DataObject) -> None:
    message = seal(RING, HOME, {"allowed": False})
    raw = bytearray(base64.urlsafe_b64decode(message + "=" * (-len(message) % 4)))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(InvalidMessage):
        unseal(RING, base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("="))


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_nothing_else_opens(text: str) -> None:
    with pytest.raises(InvalidMessage):
        unseal(RING, text)


def test_a_message_is_no_session_token() -> None:
    message = seal(RING, HOME, {"allowed": False})
    standard = message.replace("-", "+").replace("_", "/")
    with pytest.raises(InvalidToken):
        unseal_token(RING, standard + "=" * (-len(standard) % 4))


def test_an_overlong_message_is_not_even_decoded() -> None:
    with pytest.raises(InvalidMessage):
        unseal(RING, "A" * (LONGEST_MESSAGE + 1))
