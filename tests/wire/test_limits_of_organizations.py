"""How long the members of Organizations' calls may be, and what its ids look like (W-222…W-231)."""

import json
from typing import Any

import pytest

from sekisho.model.faults import Fault
from sekisho.wire.json_rpc import find_json_route
from wire.test_json_rpc import call

ACCOUNT = {"Email": "one@example.com", "AccountName": "one"}
UNIT = {"ParentId": "r-abcd", "Name": "unit"}
POLICY = {"Content": "{}", "Description": "", "Name": "p", "Type": "SERVICE_CONTROL_POLICY"}


def reason(operation: str, document: dict[str, Any]) -> str:
    """Why an input is refused; empty if it is not."""
    request = call(operation, json.dumps(document).encode())
    try:
        find_json_route(request, "organizations").parse(request)
    except Fault as fault:
        assert fault.code == "InvalidInputException"
        return fault.details["Reason"]
    return ""


TOO_SHORT, TOO_LONG, PATTERN = "MIN_LENGTH_EXCEEDED", "MAX_LENGTH_EXCEEDED", "INVALID_PATTERN"


@pytest.mark.parametrize(
    ("operation", "base", "member", "shortest", "longest", "text"),
    [
        ("CreateAccount", ACCOUNT, "Email", 6, 64, "{}@b.c"),  # W-227
        ("CreateAccount", ACCOUNT, "AccountName", 1, 50, "{}"),
        ("CreateAccount", ACCOUNT, "RoleName", None, 64, "{}"),
        ("CreateOrganizationalUnit", UNIT, "Name", 1, 128, "{}"),  # W-230
        ("CreatePolicy", POLICY, "Description", None, 512, "{}"),  # W-231
        ("CreatePolicy", POLICY, "Name", 1, 128, "{}"),
    ],
)
def test_lengths(
    operation: str,
    base: dict[str, Any],
    member: str,
    shortest: int | None,
    longest: int,
    text: str,
) -> None:
    def told(length: int) -> str:
        filling = "x" * (length - len(text.format("")))
        return reason(operation, {**base, member: text.format(filling)})

    assert told(longest) == ""
    assert told(longest + 1) in (TOO_LONG, PATTERN)
    if shortest is not None:
        assert told(shortest) == ""
        assert told(shortest - 1) in (TOO_SHORT, PATTERN)


@pytest.mark.parametrize(
    ("operation", "member", "good", "bad"),
    [
        ("DescribeAccount", "AccountId", ["123456789012"], ["12345678901", "12345678901x"]),
        ("ListOrganizationalUnitsForParent", "ParentId", ["r-abcd", "ou-abcd-12345678"],
         ["r-abc", "r-ABCD", "ou-abcd-1234567", "x-abcd"]),
        ("DescribePolicy", "PolicyId", ["p-FullAWSAccess", "p-12345678"], ["p-1234567", "FullAWS"]),
        ("DescribeCreateAccountStatus", "CreateAccountRequestId", ["car-12345678"],
         ["car-1234567", "car-ABCDEFGH"]),
        ("DescribeHandshake", "HandshakeId", ["h-12345678"], ["h-1234567", "h-ABCDEFGH"]),
    ],
)  # fmt: skip
def test_ids(operation: str, member: str, good: list[str], bad: list[str]) -> None:
    """W-222."""
    assert [reason(operation, {member: text}) for text in good] == [""] * len(good)
    for text in bad:
        assert reason(operation, {member: text}) in (PATTERN, TOO_LONG, TOO_SHORT), text


def test_pages_have_twenty_entries_at_most() -> None:
    """W-221."""
    assert reason("ListAccounts", {"MaxResults": 20}) == ""
    assert reason("ListAccounts", {"MaxResults": 21}) == "MAX_VALUE_EXCEEDED"
    assert reason("ListAccounts", {"MaxResults": 0}) == "MIN_VALUE_EXCEEDED"
