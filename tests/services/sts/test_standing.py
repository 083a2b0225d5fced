"""The table of who may call what with which credentials, through the gate (PE-209, W-106…W-111)."""

import json
from itertools import product

import pytest
from botocore.credentials import Credentials as Keys
from demo.policies import allow, trust

from gate.gatehouse import HOME, Gatehouse
from sekisho.catalog import service_model
from sekisho.model.principal import ANONYMOUS, Caller
from sekisho.services import OPERATIONS
from sekisho.services.sts.standing import WHO_MAY, Credentials, credentials_of

ALLOW_ALL = json.dumps(allow("*", "*"))
ROOT_MAY_NOT = (403, "AccessDenied", "Roles may not be assumed by root accounts.")
NO_STANDING = (
    403,
    "InvalidClientTokenId",
    "The security token included in the request is invalid.",
)
CANNOT = {
    "GetSessionToken": "Cannot call GetSessionToken with session credentials",
    "GetFederationToken": "Cannot call GetFederationToken with session credentials",
}
KEY_ID = "ASIARZPUZDIKAAAAAAAA"
# What comes of it where it is not a success: no organization, nothing to decode, not enabled
MEANT = {
    "AssumeRoot": 403,
    "DecodeAuthorizationMessage": 400,
    "GetWebIdentityToken": 403,
}
ARGUMENTS = {
    "AssumeRole": {"RoleArn": f"arn:aws:iam::{HOME}:role/Target", "RoleSessionName": "visit"},
    "AssumeRoot": {
        "TargetPrincipal": HOME,
        "TaskPolicyArn.arn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy",
    },
    "DecodeAuthorizationMessage": {"EncodedMessage": "x"},
    "GetAccessKeyInfo": {"AccessKeyId": KEY_ID},
    "GetCallerIdentity": {},
    "GetFederationToken": {"Name": "guest"},
    "GetSessionToken": {},
    "GetWebIdentityToken": {"Audience.member.1": "a", "SigningAlgorithm": "ES384"},
}
# Who may; whoever is not among them is refused by the rule, whatever their policies say.
MAY = {
    "AssumeRole": {"user", "role", "session"},
    "AssumeRoot": {"user", "role"},
    "DecodeAuthorizationMessage": {"root", "user", "role"},
    "GetAccessKeyInfo": {"root", "user", "role"},
    "GetCallerIdentity": {"root", "user", "role", "session", "session of root", "federation"},
    "GetFederationToken": {"root", "user"},
    "GetSessionToken": {"root", "user"},
    "GetWebIdentityToken": {"root", "user", "role"},
}


def everybody(gatehouse: Gatehouse) -> dict[str, Keys]:
    """One holder of each kind of credentials, who may do everything that policies can give."""
    root = gatehouse.home
    una = gatehouse.new_user("una", ALLOW_ALL)
    trusted = json.dumps(trust(HOME))
    guest = gatehouse.new_role("Guest", trusted, root)
    gatehouse.new_role("Target", trusted, root)
    permit = {"RoleName": "Guest", "PolicyName": "p", "PolicyDocument": ALLOW_ALL}
    gatehouse.done(gatehouse.call(root, "PutRolePolicy", **permit))
    return {
        "root": root,
        "user": una,
        "role": gatehouse.assume(una, guest),
        "session": gatehouse.session(una, "GetSessionToken"),
        "session of root": gatehouse.session(root, "GetSessionToken"),
        "federation": gatehouse.session(una, "GetFederationToken", Name="guest", Policy=ALLOW_ALL),
    }


def test_who_may_call_what(gatehouse: Gatehouse) -> None:
    """PE-208, W-111."""
    holders = everybody(gatehouse)
    for operation, holder in product(ARGUMENTS, holders):
        answer = gatehouse.call(holders[holder], operation, "sts", **ARGUMENTS[operation])
        if holder in MAY[operation]:
            assert "session credentials" not in answer.text, (operation, holder)
            assert answer.status == MEANT.get(operation, 200), (operation, holder, answer.text)
        elif operation == "AssumeRole" and "root" in holder:
            assert answer.refusal == ROOT_MAY_NOT, (operation, holder)  # PE-120
        elif operation == "AssumeRoot" and holder == "root":  # W-100
            said = "Cannot call AssumeRoot with root credentials"
            assert answer.refusal == (403, "AccessDenied", said)
        else:
            said = CANNOT.get(operation, f"Cannot call {operation} with session credentials")
            assert answer.refusal == (403, "AccessDenied", said), (operation, holder)


def test_who_may_call_iam(gatehouse: Gatehouse) -> None:
    """GetFederationToken's never, those of GetSessionToken only with MFA (PE-80, PE-209)."""
    for holder, keys in everybody(gatehouse).items():
        answer = gatehouse.call(keys, "ListUsers")
        if holder in ("root", "user", "role"):
            assert answer.status == 200, (holder, answer.text)
        else:
            assert answer.refusal == NO_STANDING, holder


def test_no_policy_can_take_get_caller_identity_away(gatehouse: Gatehouse) -> None:
    """PE-125, W-112: nor the other way round give what the table does not."""
    denied = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Action": "*", "Resource": "*"}
    ]}  # fmt: skip
    una = gatehouse.new_user("una", json.dumps(denied))
    assert gatehouse.call(una, "GetCallerIdentity", "sts").status == 200
    assert gatehouse.call(una, "GetSessionToken", "sts").status == 200
    guest = gatehouse.session(gatehouse.home, "GetFederationToken", Name="g1", Policy=ALLOW_ALL)
    gatehouse.permit("una", ALLOW_ALL)
    assert gatehouse.call(guest, "GetCallerIdentity", "sts").status == 200


def test_a_forged_call_is_told_nothing_of_the_table(gatehouse: Gatehouse) -> None:
    forged = Keys(gatehouse.home.access_key, "x" * 40)
    refused = gatehouse.call(forged, "AssumeRole", "sts", **ARGUMENTS["AssumeRole"])
    assert refused.refusal[1] == "SignatureDoesNotMatch"


@pytest.mark.parametrize("name", sorted(service_model("sts").operations))
def test_every_operation_that_is_served_is_in_the_table(name: str) -> None:
    """What is not in it can be called by nobody, so that none is forgotten."""
    assert (f"sts:{name}" in OPERATIONS) == (f"sts:{name}" in WHO_MAY)


def test_only_operations_without_a_signature_in_the_model_may_do_without() -> None:
    unsigned = {f"sts:{name}" for name, one in service_model("sts").operations.items()
                if one.unsigned}  # fmt: skip
    assert {name for name, may in WHO_MAY.items() if Credentials.NONE in may} <= unsigned
    assert credentials_of(Caller(ANONYMOUS)) is Credentials.NONE
