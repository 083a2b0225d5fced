"""Accounts that are invited, and what they answer (W-238)."""

import re
from dataclasses import replace
from typing import Any

import pytest

from gate.gatehouse import AWAY, HOME, Gatehouse
from sekisho.directory.queries import invitations
from sekisho.services.organizations.invitations import KEPT_SECONDS
from services.organizations.made import new_member, root_of


def invite(house: Gatehouse, account: str = AWAY, **more: Any) -> Any:
    target = {"Id": account, "Type": "ACCOUNT"}
    form = {"Target": target, **more}
    return house.organized(house.home, "InviteAccountToOrganization", **form)["Handshake"]


def told(house: Gatehouse, keys: Any, operation: str, handshake: str) -> str:
    code: str = house.organize(keys, operation, HandshakeId=handshake).told[0]
    return code


def test_an_account_is_invited_and_joins(house: Gatehouse) -> None:
    tags = [{"Key": "team", "Value": "x"}]
    made = invite(house, Notes="please", Tags=tags)
    organization = house.organized(house.home, "DescribeOrganization")["Organization"]["Id"]
    assert re.fullmatch("h-[0-9a-z]{8,32}", made["Id"])
    assert made["ExpirationTimestamp"] - made["RequestedTimestamp"] == 15 * 86_400
    assert {name: made[name] for name in ("Arn", "Parties", "State", "Action", "Resources")} == {
        "Arn": f"arn:aws:organizations::{HOME}:handshake/{organization}/invite/{made['Id']}",
        "Parties": [
            {"Id": organization, "Type": "ORGANIZATION"},
            {"Id": AWAY, "Type": "ACCOUNT"},
        ],
        "State": "OPEN",
        "Action": "INVITE",
        "Resources": [
            {
                "Type": "ORGANIZATION",
                "Value": organization,
                "Resources": [
                    {"Type": "MASTER_EMAIL", "Value": f"{HOME}@accounts.invalid"},
                    {"Type": "MASTER_NAME", "Value": f"account {HOME}"},
                    {"Type": "ORGANIZATION_FEATURE_SET", "Value": "ALL"},
                ],
            },
            {"Type": "ACCOUNT", "Value": AWAY},
            {"Type": "NOTES", "Value": "please"},
        ],
    }
    asked = {"HandshakeId": made["Id"]}
    for keys in (house.home, house.away):
        assert house.organized(keys, "DescribeHandshake", **asked)["Handshake"] == made
    (received,) = house.organized(house.away, "ListHandshakesForAccount")["Handshakes"]
    (sent,) = house.organized(house.home, "ListHandshakesForOrganization")["Handshakes"]
    assert received == sent == made
    assert house.organize(house.home, "AcceptHandshake", **asked).told[0] == (
        "HandshakeNotFoundException"
    )
    answered = house.organized(house.away, "AcceptHandshake", **asked)["Handshake"]
    assert answered["State"] == "ACCEPTED"
    account = house.organized(house.home, "DescribeAccount", AccountId=AWAY)["Account"]
    assert (account["JoinedMethod"], account["Name"]) == ("INVITED", f"account {AWAY}")
    found = house.organized(house.home, "ListTagsForResource", ResourceId=AWAY)["Tags"]
    assert found == tags


def test_an_invitation_is_answered_once(house: Gatehouse) -> None:
    """W-238: declined, it cannot be accepted; taken back, it cannot be declined."""
    first = invite(house)["Id"]
    declined = house.organized(house.away, "DeclineHandshake", HandshakeId=first)["Handshake"]
    assert declined["State"] == "DECLINED"
    assert told(house, house.away, "DeclineHandshake", first) == "HandshakeAlreadyInStateException"
    for keys, operation in ((house.away, "AcceptHandshake"), (house.home, "CancelHandshake")):
        assert told(house, keys, operation, first) == "InvalidHandshakeTransitionException"
    second = invite(house)["Id"]
    assert told(house, house.away, "CancelHandshake", second) == "HandshakeNotFoundException"
    canceled = house.organized(house.home, "CancelHandshake", HandshakeId=second)["Handshake"]
    assert canceled["State"] == "CANCELED"
    assert told(house, house.away, "AcceptHandshake", second) == (
        "InvalidHandshakeTransitionException"
    )


def test_strangers_see_no_invitation(house: Gatehouse) -> None:
    made = invite(house)["Id"]
    member = root_of(house, new_member(house))
    for operation in ("DescribeHandshake", "AcceptHandshake", "DeclineHandshake"):
        assert told(house, member, operation, made) == "HandshakeNotFoundException"


def test_an_invitation_ends(house: Gatehouse) -> None:
    """W-238: after 15 days; 30 days later it is forgotten."""
    made = invite(house)
    directory = house.authority.directory
    with directory.writing() as tx:
        kept = invitations.get_invitation(tx, made["Id"])
        assert kept is not None
        assert kept.state_at(kept.expires - 1) == "OPEN"
        assert kept.state_at(kept.expires) == "EXPIRED"
        past = replace(kept, expires=kept.requested - KEPT_SECONDS + 60)
        invitations.update_invitation(tx, past)
    shown = house.organized(house.away, "DescribeHandshake", HandshakeId=made["Id"])["Handshake"]
    assert shown["State"] == "EXPIRED"
    assert told(house, house.away, "AcceptHandshake", made["Id"]) == (
        "InvalidHandshakeTransitionException"
    )
    with directory.writing() as tx:
        invitations.update_invitation(tx, replace(past, expires=past.expires - 120))
    invite(house)
    assert told(house, house.away, "DescribeHandshake", made["Id"]) == "HandshakeNotFoundException"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (
            {"Id": "999999999999", "Type": "ACCOUNT"},
            ("AccountNotFoundException", "You specified an account that doesn't exist.", ""),
        ),
        (
            {"Id": HOME, "Type": "ACCOUNT"},
            (
                "HandshakeConstraintViolationException",
                "The invited account is already a member of an organization.",
                "ALREADY_IN_AN_ORGANIZATION",
            ),
        ),
        (
            {"Id": AWAY, "Type": "ACCOUNT"},
            (
                "DuplicateHandshakeException",
                "A handshake with the same action and target already exists.",
                "",
            ),
        ),
        (
            {"Id": "a@b.example", "Type": "EMAIL"},
            (
                "InvalidInputException",
                "You specified the wrong type of entity (account, organization, or email) as a"
                " party.",
                "INVALID_PARTY_TYPE_TARGET",
            ),
        ),
    ],
)
def test_who_cannot_be_invited(
    house: Gatehouse, target: dict[str, str], expected: tuple[str, str, str]
) -> None:
    """W-241."""
    invite(house)
    answer = house.organize(house.home, "InviteAccountToOrganization", Target=target)
    assert answer.told == expected


def test_whoever_joined_elsewhere_cannot_accept(house: Gatehouse) -> None:
    made = invite(house)["Id"]
    house.organized(house.away, "CreateOrganization")
    assert house.organize(house.away, "AcceptHandshake", HandshakeId=made).told[2] == (
        "ALREADY_IN_AN_ORGANIZATION"
    )


def test_lists_can_be_filtered(house: Gatehouse) -> None:
    made = invite(house)["Id"]
    for wanted, found in (
        ({"ActionType": "INVITE"}, [made]),
        ({"ActionType": "ENABLE_ALL_FEATURES"}, []),
        ({"ParentHandshakeId": made}, []),
    ):
        listed = house.organized(house.away, "ListHandshakesForAccount", Filter=wanted)
        assert [one["Id"] for one in listed["Handshakes"]] == found


def test_there_are_so_many_at_once(house: Gatehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sekisho.services.organizations.invitations.MOST_INVITATIONS", 0)
    target = {"Id": AWAY, "Type": "ACCOUNT"}
    answer = house.organize(house.home, "InviteAccountToOrganization", Target=target)
    assert answer.told[2] == "HANDSHAKE_RATE_LIMIT_EXCEEDED"
