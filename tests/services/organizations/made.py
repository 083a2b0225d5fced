"""Accounts that an organization makes, and ways into them."""

import json

from botocore.credentials import Credentials
from demo.policies import allow

from gate.gatehouse import Gatehouse
from sekisho.app.accounts import create_root_key

ALLOW_ALL = json.dumps(allow("*", "*"))
ROLE = "OrganizationAccountAccessRole"


def new_member(house: Gatehouse, name: str = "member", **given: str) -> str:
    """The id of a new account of the organization."""
    form = {"Email": f"{name}@example.com", "AccountName": name, **given}
    made = house.organized(house.home, "CreateAccount", **form)["CreateAccountStatus"]
    assert made["State"] == "SUCCEEDED"
    account: str = made["AccountId"]
    return account


def root_of(house: Gatehouse, account: str) -> Credentials:
    """A key of an account's root user, as only the operator can make it."""
    key = create_root_key(house.authority.directory, account)
    return Credentials(key.access_key_id, key.secret)


def entered(house: Gatehouse, keys: Credentials, account: str) -> Credentials:
    """Credentials for the role by which the management account gets in."""
    return house.assume(keys, f"arn:aws:iam::{account}:role/{ROLE}")
