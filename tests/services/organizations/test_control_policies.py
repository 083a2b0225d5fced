"""Control policies in force: what every level must allow, and whom they do not reach
(W-231…W-237, PE-88, PE-89, PE-119, PE-130…PE-136)."""

import json

import pytest
from botocore.credentials import Credentials
from demo.policies import allow, deny, policy, statement, trust

from gate.gatehouse import AWAY, HOME, Gatehouse
from services.organizations.controls import (
    FULL,
    RCP,
    SCP,
    attach,
    attached,
    detach,
    may_list,
    new_policy,
    rcp_deny,
    root_id,
)
from services.organizations.made import ALLOW_ALL, entered, new_member, root_of

pytestmark = pytest.mark.usefixtures("governed")

# Service control policies.


def test_full_access_is_attached_everywhere_and_changes_nothing(house: Gatehouse) -> None:
    """W-224, PE-89, PE-136: to what is there and to what comes."""
    member = new_member(house)
    root = root_id(house)
    form = {"ParentId": root, "Name": "u"}
    unit = house.organized(house.home, "CreateOrganizationalUnit", **form)["OrganizationalUnit"]
    invited = house.organized(
        house.home, "InviteAccountToOrganization", Target={"Id": AWAY, "Type": "ACCOUNT"}
    )["Handshake"]["Id"]
    house.organized(house.away, "AcceptHandshake", HandshakeId=invited)
    for target in (root, unit["Id"], HOME, member, AWAY):
        for kind, full in FULL.items():
            assert attached(house, target, kind) == [full]
    inside = entered(house, house.new_user("una", ALLOW_ALL), member)
    assert may_list(house, inside)
    assert may_list(house, house.away)


def test_a_deny_at_any_level_denies(house: Gatehouse) -> None:
    """PE-131, W-236: on the root, on a unit and on the account; at once, and no longer than it is
    attached. The words are those for service control policies (PE-143)."""
    member, root = new_member(house), root_id(house)
    form = {"ParentId": root, "Name": "u"}
    made = house.organized(house.home, "CreateOrganizationalUnit", **form)["OrganizationalUnit"]
    unit: str = made["Id"]
    move = {"AccountId": member, "SourceParentId": root, "DestinationParentId": unit}
    house.organized(house.home, "MoveAccount", **move)
    inside = entered(house, house.new_user("una", ALLOW_ALL), member)
    no_lists = new_policy(house, deny("iam:ListUsers", "*"))
    for target in (root, unit, member):
        assert may_list(house, inside)
        attach(house, no_lists, target)
        refused = house.call(inside, "ListUsers").refusal
        assert refused[:2] == (403, "AccessDenied")
        assert refused[2].endswith("with an explicit deny in a service control policy")
        detach(house, no_lists, target)
    assert may_list(house, inside)


def test_every_level_must_allow(house: Gatehouse) -> None:
    """PE-89, PE-131: without FullAWSAccess a level allows what its other policies do."""
    member, root = new_member(house), root_id(house)
    inside = entered(house, house.new_user("una", ALLOW_ALL), member)
    only_s3 = new_policy(house, allow("s3:*", "*"))
    for target in (root, member):
        attach(house, only_s3, target)
        assert may_list(house, inside)
        detach(house, FULL[SCP], target)
        refused = house.call(inside, "ListUsers").refusal
        assert refused[2].endswith(
            "because no service control policy allows the iam:ListUsers action"
        )
        assert house.store(inside, "GET", "/").status == 200
        attach(house, FULL[SCP], target)
        detach(house, only_s3, target)


def test_a_service_control_policy_grants_nothing(house: Gatehouse) -> None:
    """PE-130."""
    member = new_member(house)
    inside = entered(house, house.new_user("una", ALLOW_ALL), member)
    attach(house, new_policy(house, allow("*", "*")), member)
    house.done(house.call(inside, "CreateUser", UserName="ann"))
    made = house.done(house.call(inside, "CreateAccessKey", UserName="ann"))
    ann = Credentials(made.value("AccessKeyId"), made.value("SecretAccessKey"))
    assert not may_list(house, ann)


def test_whom_it_limits(house: Gatehouse) -> None:
    """PE-130, W-236: users, roles and the root user of members; not the management account, nor
    others who use what belongs to members."""
    member, root = new_member(house), root_id(house)
    una = house.new_user("una", ALLOW_ALL)
    inside = entered(house, una, member)
    house.done(house.store(inside, "PUT", "/of-the-member"))
    opened = policy(
        statement(
            "Allow",
            Principal={"AWS": HOME},
            Action="s3:ListBucket",
            Resource="arn:aws:s3:::of-the-member",
        )
    )
    text = json.dumps(opened).encode()
    house.done(house.store(inside, "PUT", "/of-the-member?policy", text))
    attach(house, new_policy(house, deny(["iam:*", "s3:*"], "*")), root)
    for keys in (inside, root_of(house, member)):
        assert not may_list(house, keys)
        assert house.store(keys, "GET", "/of-the-member").status == 403
    assert may_list(house, una)
    assert house.store(una, "GET", "/of-the-member").status == 200


def test_a_session_of_assume_root_is_limited_like_root(house: Gatehouse) -> None:
    """PE-99, W-236."""
    member = new_member(house)
    una = house.new_user("una", ALLOW_ALL)
    house.organized(house.home, "EnableAWSServiceAccess", ServicePrincipal="iam.amazonaws.com")
    house.done(house.call(house.home, "EnableOrganizationsRootCredentialsManagement"))
    task = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"
    form = {"TargetPrincipal": member, "TaskPolicyArn.arn": task}
    root = house.session(una, "AssumeRoot", **form)
    assert house.call(root, "ListAccessKeys").status == 200
    attach(house, new_policy(house, deny("iam:ListAccessKeys", "*")), member)
    refused = house.call(root, "ListAccessKeys").refusal
    assert refused[2].endswith("with an explicit deny in a service control policy")


def test_crossing_out_is_limited_by_the_callers_organization(house: Gatehouse) -> None:
    """PE-100, PE-103: the SCPs of who asks, the RCPs of whose it is."""
    member = new_member(house)
    inside = entered(house, house.new_user("una", ALLOW_ALL), member)
    role = house.new_role("Guest", json.dumps(trust(member)), house.away)
    assert house.assume(inside, role)
    attach(house, new_policy(house, deny("sts:AssumeRole", role)), member)
    form = {"RoleArn": role, "RoleSessionName": "visit"}
    assert house.call(inside, "AssumeRole", "sts", **form).status == 403


def test_a_simulation_knows_them(house: Gatehouse) -> None:
    """W-215: simulating a user of a member; and the keys of its organization."""
    member = new_member(house)
    organization = house.organized(house.home, "DescribeOrganization")["Organization"]["Id"]
    inside = entered(house, house.new_user("una", ALLOW_ALL), member)
    house.done(house.call(inside, "CreateUser", UserName="ann"))
    condition = {"StringEquals": {"aws:PrincipalOrgID": organization}}
    house.permit("ann", json.dumps(allow("*", "*", condition)), inside)
    form = {
        "PolicySourceArn": f"arn:aws:iam::{member}:user/ann",
        "ActionNames.member.1": "iam:ListUsers",
    }

    def decided() -> tuple[str, str]:
        answer = house.done(house.call(inside, "SimulatePrincipalPolicy", **form))
        return answer.value("EvalDecision"), answer.value("AllowedByOrganizations")

    assert decided() == ("allowed", "true")
    attach(house, new_policy(house, deny("iam:ListUsers", "*")), member)
    assert decided() == ("explicitDeny", "false")


# Resource control policies.


def test_a_resource_control_policy_protects_whoever_asks(house: Gatehouse) -> None:
    """PE-88, PE-133, W-237: strangers and the account's own root user; not what belongs to the
    management account."""
    member = new_member(house)
    organization = house.organized(house.home, "DescribeOrganization")["Organization"]["Id"]
    una = house.new_user("una", ALLOW_ALL)
    inside = entered(house, una, member)
    opened = {
        "Effect": "Allow",
        "Principal": {"AWS": [HOME, AWAY]},
        "Action": "s3:ListBucket",
    }
    for keys, bucket in ((inside, "of-the-member"), (house.home, "of-management")):
        house.done(house.store(keys, "PUT", f"/{bucket}"))
        text = json.dumps(policy({**opened, "Resource": f"arn:aws:s3:::{bucket}"})).encode()
        house.done(house.store(keys, "PUT", f"/{bucket}?policy", text))
        assert house.store(house.away, "GET", f"/{bucket}").status == 200
    perimeter = rcp_deny("s3:*", StringNotEquals={"aws:PrincipalOrgID": organization})
    attach(house, new_policy(house, perimeter, RCP), root_id(house))
    assert house.store(house.away, "GET", "/of-the-member").status == 403
    assert house.store(una, "GET", "/of-the-member").status == 200
    assert house.store(house.away, "GET", "/of-management").status == 200
    everyone = new_policy(house, rcp_deny("s3:ListBucket"), RCP, "everyone")
    attach(house, everyone, member)
    for keys in (una, inside, root_of(house, member)):
        assert house.store(keys, "GET", "/of-the-member").status == 403
    detach(house, everyone, member)
    assert house.store(inside, "GET", "/of-the-member").status == 200


def test_a_resource_control_policy_guards_roles(house: Gatehouse) -> None:
    """PE-135, W-237: the role is the resource; other services are not reached (PE-134)."""
    member = new_member(house)
    una = house.new_user("una", ALLOW_ALL)
    inside = entered(house, una, member)
    attach(house, new_policy(house, rcp_deny("sts:AssumeRole"), RCP), member)
    form = {
        "RoleArn": f"arn:aws:iam::{member}:role/OrganizationAccountAccessRole",
        "RoleSessionName": "visit",
    }
    assert house.call(una, "AssumeRole", "sts", **form).status == 403
    assert may_list(house, inside)
