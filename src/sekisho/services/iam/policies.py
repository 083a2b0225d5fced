"""Managed policies: those of an account, and those that AWS gives to every one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sekisho.catalog import aws_policies
from sekisho.directory.queries import attachments, details, policies
from sekisho.directory.queries.accounts import Kind
from sekisho.directory.store import Transaction
from sekisho.model.arn import iam_arn
from sekisho.model.columns import Columns
from sekisho.model.identifiers import POLICY, new_unique_id
from sekisho.model.records import ManagedPolicy, PolicyVersion
from sekisho.services.iam.documents import check_managed_policy
from sekisho.services.iam.faults import policy_conflict, policy_exists
from sekisho.services.iam.paging import EVERY, page_of, path_prefix
from sekisho.services.iam.quotas import POLICIES, check_quota
from sekisho.services.iam.tagging import serve_tags
from sekisho.services.iam.tags import new_tags, shown_tags, tags_of_creation
from sekisho.services.iam.targets import changing, every, policy_target, the_policy, with_tagging
from sekisho.services.operation import Call, Desk, Output, Target, operation

FIRST_VERSION = "v1"
OTHER_VERSIONS = (
    "This policy has more than one version. Before you delete a policy, you must delete the"
    " policy's versions. The default version is deleted with the policy."
)


def new_policy(call: Call, _desk: Desk) -> Target:
    """The target of CreatePolicy, which a denial names without its path (W-150)."""
    name, path = call.input["PolicyName"], call.input.get("Path", "/")
    arn = iam_arn(call.account, "policy", path, name)
    return Target(arn, tags_of_creation(call), f"policy {name}")


@operation(
    "iam:CreatePolicy",
    asks=with_tagging("iam:CreatePolicy", "iam:TagPolicy", new_policy),
    writes=True,
)
def create_policy(call: Call, desk: Desk) -> Output:
    """Create a managed policy, its document being version v1.

    Input: PolicyName (1-128 characters, unique ignoring case and path, W-162), PolicyDocument
        (6,144 characters without white space), Path, Description, Tags.
    Raises: MalformedPolicyDocument, EntityAlreadyExists, InvalidInput, LimitExceeded.
    """
    name, text = call.input["PolicyName"], call.input["PolicyDocument"]
    check_managed_policy(text)
    tags = new_tags(call)
    if policies.find_policy(desk.tx, call.account, name) is not None:
        raise policy_exists(name)
    check_quota(desk.tx, Kind.POLICIES, call.account, "PoliciesPerAccount", POLICIES)
    policy = ManagedPolicy(
        account=call.account,
        name=name,
        path=call.input.get("Path", "/"),
        unique_id=new_unique_id(POLICY),
        created=call.now,
        updated=call.now,
        default_version=FIRST_VERSION,
        description=call.input.get("Description", ""),
        tags=tags,
    )
    first = PolicyVersion(policy.arn, FIRST_VERSION, text, call.now)
    policies.add_policy(desk.tx, policy, first)
    shown = shown_policy(desk.tx, call.account, policy)
    if tags:
        shown["Tags"] = shown_tags(tags)
    return {"Policy": shown}


@operation("iam:GetPolicy", resource=policy_target)
def get_policy(call: Call, desk: Desk) -> Output:
    """Show a managed policy, with the description and the tags that lists leave out."""
    policy = the_policy(call, desk)
    shown = shown_policy(desk.tx, call.account, policy)
    if policy.description:
        shown["Description"] = policy.description
    return {"Policy": {**shown, "Tags": shown_tags(policy.tags)}}


@operation("iam:ListPolicies", resource=every("policy"))
def list_policies(call: Call, desk: Desk) -> Output:
    """List managed policies under PathPrefix: the account's by name, then AWS's as it made them.

    Input: Scope (All, Local or AWS), OnlyAttached, PolicyUsageFilter (PermissionsPolicy: attached
        ones; PermissionsBoundary: boundaries).
    """
    attached = details.attachment_counts(desk.tx, call.account)
    bounding = details.boundary_counts(desk.tx, call.account)
    uses = {
        None: attached | bounding,
        "PermissionsPolicy": attached,
        "PermissionsBoundary": bounding,
    }[call.input.get("PolicyUsageFilter")]
    is_picky = "PolicyUsageFilter" in call.input or call.input.get("OnlyAttached", False)
    found = [each for each in in_scope(call, desk) if not is_picky or each[1].arn in uses]
    kept, rest = page_of(call, found, lambda each: each[0])
    shown = policy_columns([policy for _, policy in kept], attached, bounding)
    return {"Policies": Columns(shown), **rest}


def in_scope(call: Call, desk: Desk) -> Iterator[tuple[str, ManagedPolicy]]:
    """The policies of Scope and PathPrefix, each with the text that it is ordered by."""
    scope, prefix = call.input.get("Scope", "All"), path_prefix(call)
    if scope != "AWS":
        for policy in policies.list_policies(desk.tx, call.account, prefix, None, EVERY):
            yield f"0{policy.name.lower()}", policy
    if scope != "Local":
        for number, policy in enumerate(aws_policies()):
            if policy.path.startswith(prefix):
                yield f"1{number:06d}", policy


@operation("iam:DeletePolicy", asks=changing("iam:DeletePolicy"), writes=True)
def delete_policy(call: Call, desk: Desk) -> Output:
    """Delete a managed policy that nobody has and whose only version is the default (W-170)."""
    policy = the_policy(call, desk)
    used = (attachments.attachment_count, attachments.boundary_count)
    if any(count(desk.tx, call.account, policy.arn) for count in used):
        raise policy_conflict("Cannot delete a policy attached to entities.")
    if len(policies.list_versions(desk.tx, policy.arn)) > 1:
        raise policy_conflict(OTHER_VERSIONS)
    policies.remove_policy(desk.tx, policy)
    return {}


def shown_policy(tx: Transaction, account: str, policy: ManagedPolicy) -> Output:
    """A managed policy as an account sees it in lists."""
    attached = {policy.arn: attachments.attachment_count(tx, account, policy.arn)}
    bounding = {policy.arn: attachments.boundary_count(tx, account, policy.arn)}
    (shown,) = Columns(policy_columns([policy], attached, bounding))
    return shown


def policy_columns(
    policies: Sequence[ManagedPolicy], attached: Mapping[str, int], bounding: Mapping[str, int]
) -> dict[str, list[Any]]:
    """The same of many, by member. attached, bounding: how often each is used, by ARN."""
    arns = [policy.arn for policy in policies]
    return {
        "PolicyName": [policy.name for policy in policies],
        "PolicyId": [policy.unique_id for policy in policies],
        "Arn": arns,
        "Path": [policy.path for policy in policies],
        "DefaultVersionId": [policy.default_version for policy in policies],
        "AttachmentCount": [attached.get(arn, 0) for arn in arns],
        "PermissionsBoundaryUsageCount": [bounding.get(arn, 0) for arn in arns],
        "IsAttachable": [True] * len(arns),
        "CreateDate": [policy.created for policy in policies],
        "UpdateDate": [policy.updated for policy in policies],
    }


serve_tags("Policy", the_policy, policies.update_policy, policy_target, changing)
