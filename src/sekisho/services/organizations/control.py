"""Where control policies are attached, and which types of them are in use (W-232, W-233)."""

from collections.abc import Sequence
from dataclasses import replace

from sekisho.access.decide import Ask
from sekisho.directory.queries import accounts, control_policies, organizations
from sekisho.model.organizations import FULL_ACCESS, SERVICE_CONTROL, Organization
from sekisho.services.operation import (
    Asks,
    Call,
    Desk,
    Output,
    Target,
    ask_for,
    operation,
)
from sekisho.services.organizations.control_policies import (
    GRAMMARS,
    check_kind,
    shown,
    the_policy,
    the_policy_asked,
)
from sekisho.services.organizations.faults import constrained, invalid, not_found, refused
from sekisho.services.organizations.organization import shown_root
from sekisho.services.organizations.paging import page
from sekisho.services.organizations.standing import a_node, managed, named, seen

MOST_ATTACHED = 5
"""Policies of a type on a root, unit or account."""


def on_both(action: str) -> Asks:
    """Attaching and detaching are asked on the policy and on the target."""

    def asks(call: Call, desk: Desk) -> Sequence[Ask]:
        policy, target = the_policy_asked(call, desk), a_node("TargetId")(call, desk)
        assert isinstance(target, Target)
        kind = policy.context["organizations:policytype"]
        node = Target(target.arn, {**target.context, "organizations:policytype": kind})
        return [ask_for(call, action, policy), ask_for(call, action, node)]

    return asks


def a_root(call: Call, desk: Desk) -> Target:
    """The root of RootId, with the key organizations:PolicyType."""
    found = named(call, desk, "root", call.input["RootId"])
    kind = {"organizations:policytype": call.input["PolicyType"]}
    return Target(found.arn, {**found.context, **kind})


def a_target(call: Call, desk: Desk) -> Target:
    found = a_node("TargetId")(call, desk)
    assert isinstance(found, Target)
    kind = {"organizations:policytype": call.input["Filter"]}
    return Target(found.arn, {**found.context, **kind})


@operation("organizations:EnablePolicyType", resource=a_root, writes=True)
def enable_policy_type(call: Call, desk: Desk) -> Output:
    """Put policies of a type in force; at first what allows everything is attached everywhere.

    Raises: RootNotFound, PolicyTypeAlreadyEnabled, PolicyTypeNotAvailableForOrganization.
    """
    organization = managed(call, desk)
    kind = the_type(call, organization)
    check_kind(organization, kind)
    if kind in organization.policy_types:
        said = "The specified policy type is already enabled."
        raise refused("PolicyTypeAlreadyEnabled", said)
    changed = replace(organization, policy_types=tuple(sorted((*organization.policy_types, kind))))
    organizations.update_organization(desk.tx, changed)
    targets, full = every_target(desk, organization), FULL_ACCESS[kind]
    control_policies.put_attachments(desk.tx, organization.id, targets, kind, full.id)
    return {"Root": shown_root(changed)}


@operation("organizations:DisablePolicyType", resource=a_root, writes=True)
def disable_policy_type(call: Call, desk: Desk) -> Output:
    """Put policies of a type out of force; what was attached is not any more (W-232).

    Raises: RootNotFound, PolicyTypeNotEnabled.
    """
    organization = managed(call, desk)
    kind = the_type(call, organization)
    refuse_unused(organization, kind)
    left = tuple(one for one in organization.policy_types if one != kind)
    changed = replace(organization, policy_types=left)
    organizations.update_organization(desk.tx, changed)
    control_policies.detach_all(desk.tx, organization.id, kind)
    return {"Root": shown_root(changed)}


@operation("organizations:AttachPolicy", asks=on_both("organizations:AttachPolicy"), writes=True)
def attach_policy(call: Call, desk: Desk) -> Output:
    """Attach a policy to a root, unit or account; at most five of a type.

    Raises: PolicyNotFound, TargetNotFound, PolicyTypeNotEnabled, DuplicatePolicyAttachment,
        ConstraintViolation.
    """
    organization = managed(call, desk)
    policy = the_policy(call, desk, organization)
    target = the_target(call, desk, organization)
    refuse_unused(organization, policy.kind)
    attached = control_policies.list_attached(desk.tx, organization.id, target, policy.kind)
    if policy.id in attached:
        said = "The selected policy is already attached to the specified target."
        raise refused("DuplicatePolicyAttachment", said)
    if len(attached) >= MOST_ATTACHED:
        said = "You have attached the maximum number of policies to the specified target."
        raise constrained("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", said)
    control_policies.attach(desk.tx, organization.id, target, policy.kind, policy.id)
    return {}


@operation("organizations:DetachPolicy", asks=on_both("organizations:DetachPolicy"), writes=True)
def detach_policy(call: Call, desk: Desk) -> Output:
    """Detach a policy; the last service control policy stays (W-233).

    Raises: PolicyNotFound, TargetNotFound, PolicyNotAttached, ConstraintViolation, InvalidInput for
        RCPFullAWSAccess.
    """
    organization = managed(call, desk)
    policy = the_policy(call, desk, organization)
    target = the_target(call, desk, organization)
    attached = control_policies.list_attached(desk.tx, organization.id, target, policy.kind)
    if policy.id not in attached:
        said = "The policy isn't attached to the specified target in the specified root."
        raise refused("PolicyNotAttached", said)
    if policy.is_aws and policy.kind != SERVICE_CONTROL:
        said = "You can't detach this Amazon Web Services Managed Policy."
        raise invalid("NON_DETACHABLE_POLICY", said)
    if len(attached) == 1:
        said = (
            "You cannot remove the last policy attached to the specified target. You must have at"
            " least one attached at all times."
        )
        raise constrained("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", said)
    control_policies.detach(desk.tx, organization.id, target, policy.id)
    return {}


@operation("organizations:ListPoliciesForTarget", resource=a_target)
def list_policies_for_target(call: Call, desk: Desk) -> Output:
    """List the policies of the type in Filter that are attached to a target itself.

    Raises: TargetNotFound.
    """
    organization = seen(call, desk)
    target, kind = the_target(call, desk, organization), call.input["Filter"]
    attached = control_policies.list_attached(desk.tx, organization.id, target, kind)
    kept, rest = page(call, attached, lambda policy_id: policy_id)
    found = [control_policies.get_policy(desk.tx, organization.id, one) for one in kept]
    return {"Policies": [shown(organization, one) for one in found if one is not None], **rest}


@operation("organizations:ListTargetsForPolicy", resource=the_policy_asked)
def list_targets_for_policy(call: Call, desk: Desk) -> Output:
    """List what a policy is attached to. Raises: PolicyNotFound."""
    organization = seen(call, desk)
    policy = the_policy(call, desk, organization)
    targets = control_policies.list_targets(desk.tx, organization.id, policy.id)
    kept, rest = page(call, targets, lambda target: target)
    names = {unit.id: unit.name for unit in organizations.list_units(desk.tx, organization.id)}
    return {"Targets": [shown_target(desk, organization, names, one) for one in kept], **rest}


def shown_target(
    desk: Desk, organization: Organization, names: dict[str, str], target: str
) -> Output:
    if target == organization.root:
        kind, word, name = "ROOT", "root", "Root"
    elif target in names:
        kind, word, name = "ORGANIZATIONAL_UNIT", "ou", names[target]
    else:
        account = accounts.get_account(desk.tx, target)
        kind, word, name = "ACCOUNT", "account", "" if account is None else account.name
    arn = organization.arn_of(word, target)
    return {"TargetId": target, "Arn": arn, "Name": name, "Type": kind}


def the_target(call: Call, desk: Desk, organization: Organization) -> str:
    target: str = call.input["TargetId"]
    if target not in every_target(desk, organization):
        raise not_found("Target")
    return target


def every_target(desk: Desk, organization: Organization) -> list[str]:
    """The ids of the root, the units and the accounts."""
    units = organizations.list_units(desk.tx, organization.id)
    members = organizations.list_members(desk.tx, organization.id)
    return [
        organization.root,
        *(unit.id for unit in units),
        *(member.account for member in members),
    ]


def the_type(call: Call, organization: Organization) -> str:
    if call.input["RootId"] != organization.root:
        raise not_found("Root")
    kind: str = call.input["PolicyType"]
    return kind


def refuse_unused(organization: Organization, kind: str) -> None:
    if kind not in GRAMMARS or kind not in organization.policy_types:
        said = "This operation can be performed only for enabled policy types."
        raise refused("PolicyTypeNotEnabled", said)
