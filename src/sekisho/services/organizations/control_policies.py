"""Control policies: made, shown, changed and deleted (W-231, W-235)."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sekisho.directory.queries import control_policies, organizations
from sekisho.model.organizations import (
    ALL_FEATURES,
    RESOURCE_CONTROL,
    SERVICE_CONTROL,
    ControlPolicy,
    Organization,
    new_letters,
)
from sekisho.policy import PolicyType, exceeds_quota, refusal
from sekisho.services.operation import Call, Desk, Output, Target, operation
from sekisho.services.organizations.faults import constrained, invalid, not_found, refused
from sekisho.services.organizations.paging import page
from sekisho.services.organizations.standing import managed, seen, the_organization
from sekisho.services.organizations.tags import given_tags, new_tags, resource_tags

MOST_POLICIES = 1_000
"""Of a kind, in an organization."""

GRAMMARS: Mapping[str, PolicyType] = MappingProxyType(
    {SERVICE_CONTROL: PolicyType.SCP, RESOURCE_CONTROL: PolicyType.RCP}
)
"""The kinds that are known here; others configure services of AWS that are not."""


def the_policy_asked(call: Call, desk: Desk) -> Target:
    """The policy of PolicyId, with the key organizations:PolicyType."""
    organization = the_organization(call, desk)
    policy = the_policy(call, desk, organization)
    tags = resource_tags(desk, organization, policy.id)
    return Target(policy.arn(organization), {**tags, "organizations:policytype": policy.kind})


def a_new_policy(call: Call, desk: Desk) -> Target:
    organization = the_organization(call, desk)
    kind: str = call.input["Type"]
    arn = organization.arn_of("policy", f"{kind.lower()}/*")
    return Target(arn, {**given_tags(call), "organizations:policytype": kind})


def every_policy(call: Call, _desk: Desk) -> Target:
    return Target("*", {"organizations:policytype": call.input["Filter"]})


@operation("organizations:CreatePolicy", resource=a_new_policy, writes=True)
def create_policy(call: Call, desk: Desk) -> Output:
    """Make a policy; it has no effect until it is attached.

    Input: Name (1-128 characters, of no other of its type), Description (up to 512), Type
        (SERVICE_CONTROL_POLICY or RESOURCE_CONTROL_POLICY), Content (10,240 or 5,120 characters),
        Tags.
    Raises: DuplicatePolicy, MalformedPolicyDocument, PolicyTypeNotAvailableForOrganization,
        ConstraintViolation.
    """
    organization = managed(call, desk)
    kind, name = call.input["Type"], call.input["Name"]
    check_kind(organization, kind)
    check_content(kind, call.input["Content"])
    tags = new_tags(call)
    known = control_policies.list_policies(desk.tx, organization.id, kind)
    refuse_twin(known, name)
    if len(known) > MOST_POLICIES:
        said = "You have exceeded the allowed number of policies."
        raise constrained("POLICY_NUMBER_LIMIT_EXCEEDED", said)
    policy = ControlPolicy(
        id=f"p-{new_letters(10)}",
        organization=organization.id,
        kind=kind,
        name=name,
        description=call.input["Description"],
        content=call.input["Content"],
    )
    control_policies.add_policy(desk.tx, policy)
    organizations.put_tags(desk.tx, organization.id, policy.id, tags)
    return {"Policy": shown_whole(organization, policy)}


@operation("organizations:DescribePolicy", resource=the_policy_asked)
def describe_policy(call: Call, desk: Desk) -> Output:
    """Raises: PolicyNotFound."""
    organization = seen(call, desk)
    return {"Policy": shown_whole(organization, the_policy(call, desk, organization))}


@operation("organizations:UpdatePolicy", resource=the_policy_asked, writes=True)
def update_policy(call: Call, desk: Desk) -> Output:
    """Change Name, Description or Content; in force wherever it is attached, at once.

    Raises: PolicyNotFound, DuplicatePolicy, MalformedPolicyDocument, ConstraintViolation,
        InvalidInput for AWS's own.
    """
    organization = managed(call, desk)
    policy = the_own_policy(call, desk, organization)
    name = call.input.get("Name", policy.name)
    if name != policy.name:
        refuse_twin(control_policies.list_policies(desk.tx, organization.id, policy.kind), name)
    if "Content" in call.input:
        check_content(policy.kind, call.input["Content"])
    changed = replace(
        policy,
        name=name,
        description=call.input.get("Description", policy.description),
        content=call.input.get("Content", policy.content),
    )
    control_policies.update_policy(desk.tx, changed)
    return {"Policy": shown_whole(organization, changed)}


@operation("organizations:DeletePolicy", resource=the_policy_asked, writes=True)
def delete_policy(call: Call, desk: Desk) -> Output:
    """Raises: PolicyNotFound, PolicyInUse, InvalidInput for AWS's own."""
    organization = managed(call, desk)
    policy = the_own_policy(call, desk, organization)
    if control_policies.list_targets(desk.tx, organization.id, policy.id):
        said = (
            "The policy is attached to one or more entities. You must detach it from all roots,"
            " OUs, and accounts before performing this operation."
        )
        raise refused("PolicyInUse", said)
    control_policies.remove_policy(desk.tx, policy)
    return {}


@operation("organizations:ListPolicies", resource=every_policy)
def list_policies(call: Call, desk: Desk) -> Output:
    """List the policies of the type in Filter, AWS's own among them."""
    organization = seen(call, desk)
    kind: str = call.input["Filter"]
    found = (
        control_policies.list_policies(desk.tx, organization.id, kind) if kind in GRAMMARS else []
    )
    kept, rest = page(call, found, lambda policy: policy.id)
    return {"Policies": [shown(organization, policy) for policy in kept], **rest}


def the_policy(call: Call, desk: Desk, organization: Organization) -> ControlPolicy:
    policy = control_policies.get_policy(desk.tx, organization.id, call.input["PolicyId"])
    if policy is None:
        raise not_found("Policy")
    return policy


def the_own_policy(call: Call, desk: Desk, organization: Organization) -> ControlPolicy:
    policy = the_policy(call, desk, organization)
    if policy.is_aws:
        said = (
            "You specified a policy that is managed by Amazon Web Services and can't be modified."
        )
        raise invalid("IMMUTABLE_POLICY", said)
    return policy


def check_kind(organization: Organization, kind: str) -> None:
    if kind not in GRAMMARS or organization.feature_set != ALL_FEATURES:
        said = (
            "You can't use the specified policy type with the feature set currently enabled for"
            " this organization."
        )
        raise refused("PolicyTypeNotAvailableForOrganization", said)


def check_content(kind: str, text: str) -> None:
    if exceeds_quota(text, GRAMMARS[kind]):
        said = "You attempted to create a policy whose content is larger than allowed."
        raise constrained("POLICY_CONTENT_LIMIT_EXCEEDED", said)
    said_of_text = refusal(text, GRAMMARS[kind])
    if said_of_text is not None:
        raise refused("MalformedPolicyDocument", said_of_text)


def refuse_twin(known: list[ControlPolicy], name: str) -> None:
    if any(policy.name == name for policy in known):
        raise refused("DuplicatePolicy", "A policy with the same name already exists.")


def shown(organization: Organization, policy: ControlPolicy) -> Output:
    return {
        "Id": policy.id,
        "Arn": policy.arn(organization),
        "Name": policy.name,
        "Description": policy.description,
        "Type": policy.kind,
        "AwsManaged": policy.is_aws,
    }


def shown_whole(organization: Organization, policy: ControlPolicy) -> Output:
    return {"PolicySummary": shown(organization, policy), "Content": policy.content}
