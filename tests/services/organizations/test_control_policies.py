"""Control policies in force: what every level must allow, and whom they do not reach
(W-231…W-237, PE-88, PE-89, PE-119, PE-130…PE-136)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials
from demo.policies import allow, deny, policy, statement, trust

from gate.gatehouse import AWAY, HOME, Gatehouse
from services.organizations.made import ALLOW_ALL, entered, new_member, root_of

SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
FULL = {SCP: "p-FullAWSAccess", RCP: "p-RCPFullAWSAccess"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Gatehouse]:
    """`home` manages an organization in which both types of control policies are in use."""
    opened = Gatehouse(tmp_path / "data")
    opened.organized(opened.home, "CreateOrganization")
    for kind in (SCP, RCP):
        opened.organized(opened.home, "EnablePolicyType", RootId=root_id(opened), PolicyType=kind)
    yield opened
    opened.close()


def root_id(house: Gatehouse) -> str:
    found: str = house.organized(house.home, "ListRoots")["Roots"][0]["Id"]
    return found


def new_policy(house: Gatehouse, document: Any, kind: str = SCP, name: str = "p") -> str:
    form = {"Name": name, "Description": "", "Type": kind, "Content": json.dumps(document)}
    made = house.organized(house.home, "CreatePolicy", **form)["Policy"]
    found: str = made["PolicySummary"]["Id"]
    return found


def attach(house: Gatehouse, policy_id: str, target: str) -> None:
    house.organized(house.home, "AttachPolicy", PolicyId=policy_id, TargetId=target)


def detach(house: Gatehouse, policy_id: str, target: str) -> None:
    house.organized(house.home, "DetachPolicy", PolicyId=policy_id, TargetId=target)


def attached(house: Gatehouse, target: str, kind: str = SCP) -> list[str]:
    form = {"TargetId": target, "Filter": kind}
    found = house.organized(house.home, "ListPoliciesForTarget", **form)["Policies"]
    return [one["Id"] for one in found]


def may_list(house: Gatehouse, keys: Credentials) -> bool:
    return house.call(keys, "ListUsers").status == 200


def rcp_deny(action: str, **condition: Any) -> Any:
    return policy(
        statement("Deny", Principal="*", Action=action, Resource="*", Condition=condition)
    )


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


# The operations.


def test_a_policy_is_made_shown_changed_and_deleted(house: Gatehouse) -> None:
    """W-223, W-231."""
    organization = house.organized(house.home, "DescribeOrganization")["Organization"]["Id"]
    content = json.dumps(deny("s3:*", "*"))
    form = {"Name": "no-s3", "Description": "d", "Type": SCP, "Content": content}
    made = house.organized(house.home, "CreatePolicy", **form)["Policy"]
    policy_id: str = made["PolicySummary"]["Id"]
    arn = f"arn:aws:organizations::{HOME}:policy/{organization}/service_control_policy/{policy_id}"
    assert made == {
        "PolicySummary": {
            "Id": policy_id,
            "Arn": arn,
            "Name": "no-s3",
            "Description": "d",
            "Type": SCP,
            "AwsManaged": False,
        },
        "Content": content,
    }
    asked = {"PolicyId": policy_id}
    assert house.organized(house.home, "DescribePolicy", **asked)["Policy"] == made
    listed = house.organized(house.home, "ListPolicies", Filter=SCP)["Policies"]
    assert {one["Id"]: one["AwsManaged"] for one in listed} == {FULL[SCP]: True, policy_id: False}
    full = house.organized(house.home, "DescribePolicy", PolicyId=FULL[SCP])["Policy"]
    assert full["PolicySummary"]["Arn"] == (
        "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
    )
    changed = house.organized(house.home, "UpdatePolicy", **asked, Name="other")["Policy"]
    assert (changed["PolicySummary"]["Name"], changed["Content"]) == ("other", content)
    member = new_member(house)
    attach(house, policy_id, member)
    (target,) = house.organized(house.home, "ListTargetsForPolicy", **asked)["Targets"]
    assert target == {
        "TargetId": member,
        "Arn": f"arn:aws:organizations::{HOME}:account/{organization}/{member}",
        "Name": "member",
        "Type": "ACCOUNT",
    }
    assert house.organize(house.home, "DeletePolicy", **asked).told[0] == "PolicyInUseException"
    detach(house, policy_id, member)
    house.organized(house.home, "DeletePolicy", **asked)
    assert house.organize(house.home, "DescribePolicy", **asked).told[:2] == (
        "PolicyNotFoundException",
        "We can't find a policy with the PolicyId that you specified.",
    )
    targets = house.organized(house.home, "ListTargetsForPolicy", PolicyId=FULL[SCP])["Targets"]
    assert {one["Type"] for one in targets} == {"ROOT", "ACCOUNT"}


def test_what_is_changed_is_in_force_at_once(house: Gatehouse) -> None:
    member = new_member(house)
    inside = entered(house, house.new_user("una", ALLOW_ALL), member)
    policy_id = new_policy(house, deny("s3:*", "*"))
    attach(house, policy_id, member)
    assert may_list(house, inside)
    content = json.dumps(deny("iam:*", "*"))
    house.organized(house.home, "UpdatePolicy", PolicyId=policy_id, Content=content)
    assert not may_list(house, inside)
    house.organized(house.home, "RemoveAccountFromOrganization", AccountId=member)
    assert may_list(house, inside)


def test_a_type_is_turned_off_and_on(house: Gatehouse) -> None:
    """W-232: off drops all attachments; on again gives full access alone back."""
    member, root = new_member(house), root_id(house)
    inside = entered(house, house.new_user("una", ALLOW_ALL), member)
    attach(house, new_policy(house, deny("iam:*", "*")), member)
    assert not may_list(house, inside)
    kind = {"RootId": root, "PolicyType": SCP}
    assert house.organize(house.home, "EnablePolicyType", **kind).told[:2] == (
        "PolicyTypeAlreadyEnabledException",
        "The specified policy type is already enabled.",
    )
    shown = house.organized(house.home, "DisablePolicyType", **kind)["Root"]
    assert shown["PolicyTypes"] == [{"Type": RCP, "Status": "ENABLED"}]
    assert may_list(house, inside)
    disabled = (
        "PolicyTypeNotEnabledException",
        "This operation can be performed only for enabled policy types.",
    )
    assert house.organize(house.home, "DisablePolicyType", **kind).told[:2] == disabled
    again = {"PolicyId": FULL[SCP], "TargetId": member}
    assert house.organize(house.home, "AttachPolicy", **again).told[:2] == disabled
    house.organized(house.home, "EnablePolicyType", **kind)
    assert attached(house, member) == [FULL[SCP]]
    assert may_list(house, inside)
    told = house.organize(house.home, "EnablePolicyType", RootId="r-none", PolicyType=SCP).told
    assert told[:2] == ("RootNotFoundException", "You specified a root that doesn't exist.")


def test_other_types_are_not_here(house: Gatehouse) -> None:
    """W-235."""
    form = {"Name": "t", "Description": "", "Type": "TAG_POLICY", "Content": "{}"}
    unknown = "PolicyTypeNotAvailableForOrganizationException"
    assert house.organize(house.home, "CreatePolicy", **form).told[0] == unknown
    kind = {"RootId": root_id(house), "PolicyType": "TAG_POLICY"}
    assert house.organize(house.home, "EnablePolicyType", **kind).told[0] == unknown
    assert house.organized(house.home, "ListPolicies", Filter="TAG_POLICY")["Policies"] == []


def test_attaching_is_refused(house: Gatehouse) -> None:
    """W-233, W-241."""
    member = new_member(house)
    policy_id = new_policy(house, deny("s3:*", "*"))

    def told(operation: str, policy: str, target: str) -> tuple[str, str, str]:
        return house.organize(house.home, operation, PolicyId=policy, TargetId=target).told

    assert told("AttachPolicy", FULL[SCP], member)[:2] == (
        "DuplicatePolicyAttachmentException",
        "The selected policy is already attached to the specified target.",
    )
    assert told("AttachPolicy", policy_id, "999999999999")[0] == "TargetNotFoundException"
    assert told("DetachPolicy", policy_id, member)[0] == "PolicyNotAttachedException"
    assert told("DetachPolicy", FULL[SCP], member) == (
        "ConstraintViolationException",
        "You cannot remove the last policy attached to the specified target. You must have at"
        " least one attached at all times.",
        "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
    )
    attach(house, new_policy(house, rcp_deny("s3:GetObject"), RCP), member)
    assert told("DetachPolicy", FULL[RCP], member)[0::2] == (
        "InvalidInputException",
        "NON_DETACHABLE_POLICY",
    )
    for number in range(4):
        attach(house, new_policy(house, deny("s3:*", "*"), name=f"p{number}"), member)
    assert told("AttachPolicy", policy_id, member)[2] == (
        "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"
    )


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        (SCP, "{", "MalformedPolicyDocumentException"),
        (SCP, json.dumps(trust(HOME)), "MalformedPolicyDocumentException"),
        (SCP, json.dumps(deny("s3:*", "x" * 10_241)), "ConstraintViolationException"),
        (RCP, json.dumps(deny("s3:*", "*")), "MalformedPolicyDocumentException"),
        (
            RCP,
            json.dumps(policy(statement("Allow", Principal="*", Action="s3:*", Resource="*"))),
            "MalformedPolicyDocumentException",
        ),
    ],
)
def test_content_is_checked(house: Gatehouse, kind: str, content: str, code: str) -> None:
    """PE-15, PE-17, PE-18, PE-61."""
    form = {"Name": "n", "Description": "", "Type": kind, "Content": content}
    assert house.organize(house.home, "CreatePolicy", **form).told[0] == code
    good = rcp_deny("s3:*") if kind == RCP else deny("s3:*", "*")
    policy_id = new_policy(house, good, kind)
    asked = {"PolicyId": policy_id, "Content": content}
    assert house.organize(house.home, "UpdatePolicy", **asked).told[0] == code


def test_names_and_aws_policies_are_kept(house: Gatehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """W-231, W-241."""
    new_policy(house, deny("s3:*", "*"), name="one")
    other = new_policy(house, deny("s3:*", "*"), name="two")
    form = {"Name": "one", "Description": "", "Type": SCP, "Content": json.dumps(allow("*", "*"))}
    twin = ("DuplicatePolicyException", "A policy with the same name already exists.")
    assert house.organize(house.home, "CreatePolicy", **form).told[:2] == twin
    renamed = house.organize(house.home, "UpdatePolicy", PolicyId=other, Name="one")
    assert renamed.told[:2] == twin
    for operation in ("UpdatePolicy", "DeletePolicy"):
        told = house.organize(house.home, operation, PolicyId=FULL[SCP]).told
        assert told[0::2] == ("InvalidInputException", "IMMUTABLE_POLICY")
    monkeypatch.setattr("sekisho.services.organizations.control_policies.MOST_POLICIES", 2)
    told = house.organize(house.home, "CreatePolicy", **{**form, "Name": "three"}).told
    assert told[2] == "POLICY_NUMBER_LIMIT_EXCEEDED"


def test_members_may_not_touch_them(house: Gatehouse) -> None:
    """W-226."""
    member = root_of(house, new_member(house))
    policy_id = new_policy(house, deny("s3:*", "*"))
    calls: dict[str, dict[str, str]] = {
        "AttachPolicy": {"PolicyId": policy_id, "TargetId": root_id(house)},
        "CreatePolicy": {"Name": "n", "Description": "", "Type": SCP, "Content": "{}"},
        "DeletePolicy": {"PolicyId": policy_id},
        "DescribePolicy": {"PolicyId": policy_id},
        "DetachPolicy": {"PolicyId": FULL[SCP], "TargetId": root_id(house)},
        "DisablePolicyType": {"RootId": root_id(house), "PolicyType": SCP},
        "EnablePolicyType": {"RootId": root_id(house), "PolicyType": SCP},
        "ListPolicies": {"Filter": SCP},
        "ListPoliciesForTarget": {"Filter": SCP, "TargetId": root_id(house)},
        "ListTargetsForPolicy": {"PolicyId": policy_id},
        "UpdatePolicy": {"PolicyId": policy_id},
    }
    for operation, document in calls.items():
        assert house.organize(member, operation, **document).told[0] == "AccessDeniedException"


def test_attaching_asks_for_policy_and_target(house: Gatehouse) -> None:
    """W-223; organizations:PolicyType tells types apart."""
    member = new_member(house)
    policy_id = new_policy(house, deny("s3:*", "*"))
    organization = house.organized(house.home, "DescribeOrganization")["Organization"]["Id"]
    head = f"arn:aws:organizations::{HOME}"
    arns = [
        f"{head}:policy/{organization}/service_control_policy/{policy_id}",
        f"{head}:account/{organization}/{member}",
    ]
    condition = {"StringEquals": {"organizations:PolicyType": SCP}}
    una = house.new_user("una")
    form = {"PolicyId": policy_id, "TargetId": member}
    for arn in arns:
        house.permit("una", json.dumps(allow("organizations:AttachPolicy", arn, condition)))
        assert house.organize(una, "AttachPolicy", **form).told[0] == "AccessDeniedException"
    house.permit("una", json.dumps(allow("organizations:AttachPolicy", arns, condition)))
    house.organized(una, "AttachPolicy", **form)
