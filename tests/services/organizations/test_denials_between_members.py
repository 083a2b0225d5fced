"""What S3 says to callers of another account of the same organization (W-149, W-279, W-280)."""

import json

import pytest
from demo.policies import allow, policy, statement

from gate.gatehouse import HOME, Gatehouse
from services.organizations.made import ALLOW_ALL, new_member, root_of

UNA = f"arn:aws:iam::{HOME}:user/una"
BOOK = "arn:aws:s3:::shelf/book"
NO_REASON = (403, "AccessDenied", "Access Denied")


def grants(effect: str) -> bytes:
    whole = statement(effect, Principal={"AWS": HOME}, Action="s3:GetObject", Resource=BOOK)
    return json.dumps(policy(whole)).encode()


@pytest.mark.parametrize(
    ("own", "shelf", "reason"),
    [
        (ALLOW_ALL, None, "because no resource-based policy allows the s3:GetObject action"),
        (
            json.dumps(allow("s3:PutObject", "*")),
            grants("Allow"),
            "because no identity-based policy allows the s3:GetObject action",
        ),
        (ALLOW_ALL, grants("Deny"), "with an explicit deny in a resource-based policy"),
    ],
)
def test_members_are_told_which_side_is_missing(
    house: Gatehouse, own: str, shelf: bytes | None, reason: str
) -> None:
    member = new_member(house)
    root = root_of(house, member)
    house.done(house.store(root, "PUT", "/shelf"))
    if shelf is not None:
        house.done(house.store(root, "PUT", "/shelf?policy", shelf))
    una = house.new_user("una", own)
    said = f'User: {UNA} is not authorized to perform: s3:GetObject on resource: "{BOOK}" {reason}'
    assert house.store(una, "GET", "/shelf/book").refusal == (403, "AccessDenied", said)
    assert house.store(None, "GET", "/shelf/book").refusal == NO_REASON
    house.organized(house.home, "RemoveAccountFromOrganization", AccountId=member)
    assert house.store(una, "GET", "/shelf/book").refusal == NO_REASON
