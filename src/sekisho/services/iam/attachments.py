"""Managed policies attached to users, roles and groups."""

from sekisho.directory.queries import attachments
from sekisho.model.arn import is_aws_policy
from sekisho.model.records import ManagedPolicy, Owner
from sekisho.services.iam.faults import (
    for_services_only,
    no_such_policy,
    not_attachable,
    over_quota,
)
from sekisho.services.iam.paging import EVERY, page, page_of, path_prefix
from sekisho.services.iam.quotas import ATTACHED_POLICIES
from sekisho.services.iam.targets import (
    find_policy,
    is_for_services,
    named,
    policy_target,
    the_entity,
    the_own_entity,
    the_policy,
)
from sekisho.services.operation import Call, Desk, Output, operation

_QUOTA = {
    Owner.USER: "PoliciesPerUser",
    Owner.ROLE: "PoliciesPerRole",
    Owner.GROUP: "PoliciesPerGroup",
}
_USERS = named(Owner.USER, bounded=True, attaching=True)
_ROLES = named(Owner.ROLE, bounded=True, attaching=True)
_GROUPS = named(Owner.GROUP, attaching=True)


@operation("iam:AttachUserPolicy", resource=_USERS, writes=True)
def attach_user_policy(call: Call, desk: Desk) -> Output:
    """Attach a managed policy of the same account or of AWS; again is no fault.

    Raises: NoSuchEntity, PolicyNotAttachable (PE-74); LimitExceeded over 10 policies (PE-65).
    """
    return attach(call, desk, Owner.USER)


@operation("iam:AttachRolePolicy", resource=_ROLES, writes=True)
def attach_role_policy(call: Call, desk: Desk) -> Output:
    """As AttachUserPolicy."""
    return attach(call, desk, Owner.ROLE)


@operation("iam:AttachGroupPolicy", resource=_GROUPS, writes=True)
def attach_group_policy(call: Call, desk: Desk) -> Output:
    """As AttachUserPolicy."""
    return attach(call, desk, Owner.GROUP)


@operation("iam:DetachUserPolicy", resource=_USERS, writes=True)
def detach_user_policy(call: Call, desk: Desk) -> Output:
    """Detach a managed policy; raises NoSuchEntity if it was not attached."""
    return detach(call, desk, Owner.USER)


@operation("iam:DetachRolePolicy", resource=_ROLES, writes=True)
def detach_role_policy(call: Call, desk: Desk) -> Output:
    """As DetachUserPolicy."""
    return detach(call, desk, Owner.ROLE)


@operation("iam:DetachGroupPolicy", resource=_GROUPS, writes=True)
def detach_group_policy(call: Call, desk: Desk) -> Output:
    """As DetachUserPolicy."""
    return detach(call, desk, Owner.GROUP)


@operation("iam:ListAttachedUserPolicies", resource=named(Owner.USER))
def list_attached_user_policies(call: Call, desk: Desk) -> Output:
    return list_attached(call, desk, Owner.USER)


@operation("iam:ListAttachedRolePolicies", resource=named(Owner.ROLE))
def list_attached_role_policies(call: Call, desk: Desk) -> Output:
    return list_attached(call, desk, Owner.ROLE)


@operation("iam:ListAttachedGroupPolicies", resource=named(Owner.GROUP))
def list_attached_group_policies(call: Call, desk: Desk) -> Output:
    return list_attached(call, desk, Owner.GROUP)


@operation("iam:ListEntitiesForPolicy", resource=policy_target)
def list_entities_for_policy(call: Call, desk: Desk) -> Output:
    """List who has a managed policy attached, and whose boundary it is.

    Input: EntityFilter, PathPrefix (of the entities), PolicyUsageFilter (PermissionsPolicy or
        PermissionsBoundary; both if left out).
    """
    policy = the_policy(call, desk)
    wanted = [
        (kind, name, unique_id)
        for kind, name, unique_id, path in using(call, desk, policy)
        if is_wanted(call, policy, kind, path)
    ]
    kept, rest = page_of(call, wanted, lambda entity: f"{entity[0].value}/{entity[1].lower()}")
    output: Output = {"PolicyGroups": [], "PolicyUsers": [], "PolicyRoles": [], **rest}
    for kind, name, unique_id in kept:
        word = kind.value
        output[f"Policy{word}s"].append({f"{word}Name": name, f"{word}Id": unique_id})
    return output


def attach(call: Call, desk: Desk, kind: Owner) -> Output:
    entity = the_own_entity(call, desk, kind)
    policy = find_policy(call, desk, call.input["PolicyArn"])
    if policy is None:
        raise not_attachable(call.input["PolicyArn"])
    if is_for_services(policy):
        raise for_services_only(kind)
    attached = attachments.list_attached(desk.tx, entity.unique_id, "/", None, EVERY)
    if policy.arn in {other.arn for other in attached}:
        return {}
    if len(attached) >= ATTACHED_POLICIES:
        raise over_quota(_QUOTA[kind], ATTACHED_POLICIES)
    attachments.attach(desk.tx, entity.account, entity.unique_id, kind, policy.arn)
    return {}


def detach(call: Call, desk: Desk, kind: Owner) -> Output:
    entity, arn = the_own_entity(call, desk, kind), call.input["PolicyArn"]
    if not attachments.detach(desk.tx, entity.account, entity.unique_id, arn):
        raise no_such_policy(arn)
    return {}


def list_attached(call: Call, desk: Desk, kind: Owner) -> Output:
    """The attached policies under PathPrefix (of the policies), in pages."""
    entity = the_entity(call, desk, kind)
    kept, rest = page(
        call,
        lambda after, limit: attachments.list_attached(
            desk.tx, entity.unique_id, path_prefix(call), after, limit
        ),
        lambda policy: policy.arn,
    )
    shown = [{"PolicyName": policy.name, "PolicyArn": policy.arn} for policy in kept]
    return {"AttachedPolicies": shown, **rest}


def using(call: Call, desk: Desk, policy: ManagedPolicy) -> set[tuple[Owner, str, str, str]]:
    """Kind, name, unique id and path of each entity that uses a policy as is asked for."""
    usage = call.input.get("PolicyUsageFilter")
    found: set[tuple[Owner, str, str, str]] = set()
    if usage != "PermissionsBoundary":
        found.update(attachments.list_entities(desk.tx, call.account, policy.arn))
    if usage != "PermissionsPolicy":
        found.update(attachments.list_boundary_entities(desk.tx, call.account, policy.arn))
    return found


def is_wanted(call: Call, policy: ManagedPolicy, kind: Owner, path: str) -> bool:
    whose = "AWSManagedPolicy" if is_aws_policy(policy.arn) else "LocalManagedPolicy"
    wanted = call.input.get("EntityFilter", kind.value)
    return path.startswith(path_prefix(call)) and wanted in (kind.value, whose)
