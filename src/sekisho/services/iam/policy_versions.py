"""Versions of managed policies, of which the default one is in force.

An account's policy has at most five; AWS keeps all that its own policies ever had.
"""

from dataclasses import replace

from sekisho.catalog import aws_version, aws_versions
from sekisho.directory.queries import policies
from sekisho.model.arn import is_aws_policy
from sekisho.model.records import ManagedPolicy, PolicyVersion
from sekisho.services.iam.documents import check_managed_policy
from sekisho.services.iam.faults import limit_exceeded, no_such_version, policy_conflict
from sekisho.services.iam.paging import page_of
from sekisho.services.iam.quotas import VERSIONS
from sekisho.services.iam.targets import changing, policy_target, the_policy
from sekisho.services.operation import Call, Desk, Output, operation

TOO_MANY_VERSIONS = (
    f"A managed policy can have up to {VERSIONS} versions. Before you create a new version, you"
    " must delete an existing version."
)


@operation("iam:CreatePolicyVersion", asks=changing("iam:CreatePolicyVersion"), writes=True)
def create_policy_version(call: Call, desk: Desk) -> Output:
    """Add a version, which is in force at once only with SetAsDefault.

    Raises: NoSuchEntity, MalformedPolicyDocument, LimitExceeded for a sixth version or a document
        over 6,144 characters. Numbers of deleted versions are not used again.
    """
    policy, text = the_policy(call, desk), call.input["PolicyDocument"]
    check_managed_policy(text)
    if len(policies.list_versions(desk.tx, policy.arn)) >= VERSIONS:
        raise limit_exceeded(TOO_MANY_VERSIONS)
    latest = policy.latest + 1
    version = PolicyVersion(policy.arn, f"v{latest}", text, call.now)
    default = version.version if call.input.get("SetAsDefault") else policy.default_version
    changed = replace(policy, latest=latest, updated=call.now, default_version=default)
    policies.add_version(desk.tx, version)
    policies.update_policy(desk.tx, changed)
    return {"PolicyVersion": shown_version(changed, version.version, version.created)}


@operation("iam:GetPolicyVersion", resource=policy_target)
def get_policy_version(call: Call, desk: Desk) -> Output:
    policy = the_policy(call, desk)
    version = the_version(call, desk, policy)
    shown = shown_version(policy, version.version, version.created)
    return {"PolicyVersion": {"Document": version.text, **shown}}


@operation("iam:ListPolicyVersions", resource=policy_target)
def list_policy_versions(call: Call, desk: Desk) -> Output:
    """List versions, the newest first, without their documents."""
    policy = the_policy(call, desk)
    if is_aws_policy(policy.arn):
        known = list(aws_versions(policy.arn))
    else:
        held = policies.list_versions(desk.tx, policy.arn)
        known = [(version.version, version.created) for version in held]
    kept, rest = page_of(call, known, lambda version: newest_first(version[0]))
    return {"Versions": [shown_version(policy, *version) for version in kept], **rest}


def newest_first(version: str) -> str:
    """A text by which versions are ordered, of v1 the last."""
    return f"{10**9 - int(version[1:]):010d}"


@operation("iam:SetDefaultPolicyVersion", asks=changing("iam:SetDefaultPolicyVersion"), writes=True)
def set_default_policy_version(call: Call, desk: Desk) -> Output:
    """Put a version in force for everyone who has the policy."""
    policy = the_policy(call, desk)
    version = the_version(call, desk, policy)
    policies.update_policy(desk.tx, replace(policy, default_version=version.version))
    return {}


@operation("iam:DeletePolicyVersion", asks=changing("iam:DeletePolicyVersion"), writes=True)
def delete_policy_version(call: Call, desk: Desk) -> Output:
    """Delete a version; raises DeleteConflict for the default one (W-170)."""
    policy = the_policy(call, desk)
    version = the_version(call, desk, policy)
    if version.version == policy.default_version:
        raise policy_conflict("Cannot delete the default version of a policy.")
    policies.remove_version(desk.tx, policy.arn, version.version)
    return {}


def the_version(call: Call, desk: Desk, policy: ManagedPolicy) -> PolicyVersion:
    name = call.input["VersionId"]
    if is_aws_policy(policy.arn):
        version = aws_version(policy.arn, name)
    else:
        version = policies.get_version(desk.tx, policy.arn, name)
    if version is None:
        raise no_such_version(policy.arn, name)
    return version


def shown_version(policy: ManagedPolicy, version: str, created: int) -> Output:
    return {
        "VersionId": version,
        "IsDefaultVersion": version == policy.default_version,
        "CreateDate": created,
    }
