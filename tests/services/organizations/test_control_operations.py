"""Control policies made, changed, attached and turned off (W-231…W-235)."""

import json

import pytest
from demo.policies import allow, deny, policy, statement, trust

from gate.gatehouse import HOME, Gatehouse
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


def test_a_policy_is_made_shown_changed_and_deleted(house: Gatehouse) -> None:
    """W-223, W-231, W-241."""
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
    full = house.organized(house.home, "DescribePolicy", PolicyId=FULL[RCP])["Policy"]
    assert full["PolicySummary"]["Arn"] == (
        "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess"
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
    """W-232, W-241: off drops all attachments; on again gives full access alone back."""
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


_OTHERS = """
    TAG_POLICY BACKUP_POLICY AISERVICES_OPT_OUT_POLICY CHATBOT_POLICY DECLARATIVE_POLICY_EC2
    SECURITYHUB_POLICY SECURITYHUB_CSPM_POLICY INSPECTOR_POLICY UPGRADE_ROLLOUT_POLICY
    BEDROCK_POLICY S3_POLICY NETWORK_SECURITY_DIRECTOR_POLICY GUARDDUTY_POLICY
"""


def test_other_types_are_not_here(house: Gatehouse) -> None:
    """W-232, W-235. Nothing but they has an effective policy to describe (W-234)."""
    unknown = "PolicyTypeNotAvailableForOrganizationException"
    for other in _OTHERS.split():
        form = {"Name": "t", "Description": "", "Type": other, "Content": "{}"}
        assert house.organize(house.home, "CreatePolicy", **form).told[0] == unknown
        kind = {"RootId": root_id(house), "PolicyType": other}
        assert house.organize(house.home, "EnablePolicyType", **kind).told[0] == unknown
        told = house.organize(house.home, "DisablePolicyType", **kind).told
        assert told[0] == "PolicyTypeNotEnabledException"
        assert house.organized(house.home, "ListPolicies", Filter=other)["Policies"] == []
    for kept in (SCP, "TAG_POLICY"):
        asked = house.organize(house.home, "DescribeEffectivePolicy", PolicyType=kept)
        assert asked.status == 501


@pytest.mark.parametrize("kind", [SCP, RCP])
@pytest.mark.parametrize("level", ["root", "unit"])
def test_every_level_keeps_one_policy_and_has_five_at_most(
    house: Gatehouse, level: str, kind: str
) -> None:
    """W-233: RCPFullAWSAccess stays, whatever else is attached."""
    target = root_id(house)
    if level == "unit":
        form = {"ParentId": target, "Name": "u"}
        made = house.organized(house.home, "CreateOrganizationalUnit", **form)
        target = made["OrganizationalUnit"]["Id"]
    full = {"PolicyId": FULL[kind], "TargetId": target}
    assert house.organize(house.home, "DetachPolicy", **full).told[2] == {
        SCP: "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
        RCP: "NON_DETACHABLE_POLICY",
    }[kind]  # fmt: skip
    document = deny("s3:*", "*") if kind == SCP else rcp_deny("s3:GetObject")
    *four, fifth = [new_policy(house, document, kind, f"p{number}") for number in range(5)]
    for one in four:
        attach(house, one, target)
    more = {"PolicyId": fifth, "TargetId": target}
    assert house.organize(house.home, "AttachPolicy", **more).told[0::2] == (
        "ConstraintViolationException",
        "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
    )


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
    """PE-15, PE-17, PE-18, PE-61, PE-67."""
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
    """W-223, PE-49: either must be allowed; organizations:PolicyType tells types apart."""
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
