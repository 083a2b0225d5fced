"""Inline policies of users, roles and groups."""

from sekisho.directory.queries import inline
from sekisho.model.faults import Fault
from sekisho.model.records import InlinePolicy, Owner
from sekisho.policy import measured_size
from sekisho.services.iam.documents import check_identity_policy
from sekisho.services.iam.faults import limit_exceeded, no_such_entity
from sekisho.services.iam.paging import page_of
from sekisho.services.iam.quotas import INLINE_SIZE
from sekisho.services.iam.targets import named, the_entity, the_own_entity
from sekisho.services.operation import Call, Desk, Output, operation

_BOUNDED_USERS = named(Owner.USER, bounded=True)
_BOUNDED_ROLES = named(Owner.ROLE, bounded=True)
_USERS, _ROLES, _GROUPS = named(Owner.USER), named(Owner.ROLE), named(Owner.GROUP)


@operation("iam:PutUserPolicy", resource=_BOUNDED_USERS, writes=True)
def put_user_policy(call: Call, desk: Desk) -> Output:
    """Save an inline policy; one of the same name is replaced silently (PE-64).

    Raises: NoSuchEntity, MalformedPolicyDocument; LimitExceeded when all inline policies together
        have over 2,048 characters (roles 10,240, groups 5,120), white space aside (PE-61, PE-65).
    """
    return put(call, desk, Owner.USER)


@operation("iam:PutRolePolicy", resource=_BOUNDED_ROLES, writes=True)
def put_role_policy(call: Call, desk: Desk) -> Output:
    """As PutUserPolicy."""
    return put(call, desk, Owner.ROLE)


@operation("iam:PutGroupPolicy", resource=_GROUPS, writes=True)
def put_group_policy(call: Call, desk: Desk) -> Output:
    """As PutUserPolicy."""
    return put(call, desk, Owner.GROUP)


@operation("iam:GetUserPolicy", resource=_USERS)
def get_user_policy(call: Call, desk: Desk) -> Output:
    return get(call, desk, Owner.USER)


@operation("iam:GetRolePolicy", resource=_ROLES)
def get_role_policy(call: Call, desk: Desk) -> Output:
    return get(call, desk, Owner.ROLE)


@operation("iam:GetGroupPolicy", resource=_GROUPS)
def get_group_policy(call: Call, desk: Desk) -> Output:
    return get(call, desk, Owner.GROUP)


@operation("iam:DeleteUserPolicy", resource=_BOUNDED_USERS, writes=True)
def delete_user_policy(call: Call, desk: Desk) -> Output:
    return delete(call, desk, Owner.USER)


@operation("iam:DeleteRolePolicy", resource=_BOUNDED_ROLES, writes=True)
def delete_role_policy(call: Call, desk: Desk) -> Output:
    return delete(call, desk, Owner.ROLE)


@operation("iam:DeleteGroupPolicy", resource=_GROUPS, writes=True)
def delete_group_policy(call: Call, desk: Desk) -> Output:
    return delete(call, desk, Owner.GROUP)


@operation("iam:ListUserPolicies", resource=_USERS)
def list_user_policies(call: Call, desk: Desk) -> Output:
    return list_names(call, desk, Owner.USER)


@operation("iam:ListRolePolicies", resource=_ROLES)
def list_role_policies(call: Call, desk: Desk) -> Output:
    return list_names(call, desk, Owner.ROLE)


@operation("iam:ListGroupPolicies", resource=_GROUPS)
def list_group_policies(call: Call, desk: Desk) -> Output:
    return list_names(call, desk, Owner.GROUP)


def put(call: Call, desk: Desk, kind: Owner) -> Output:
    entity = the_own_entity(call, desk, kind)
    policy = InlinePolicy(call.input["PolicyName"], call.input["PolicyDocument"])
    check_identity_policy(policy.text)
    replaced = inline.get_inline(desk.tx, entity.unique_id, policy.name)
    size = measured_size(policy.text) + sum(
        measured_size(other.text)
        for other in inline.list_inline(desk.tx, entity.unique_id)
        if other != replaced
    )
    if size > INLINE_SIZE[kind]:
        raise limit_exceeded(
            f"Maximum policy size of {INLINE_SIZE[kind]} bytes exceeded for"
            f" {kind.value.lower()} {entity.name}"
        )
    inline.put_inline(desk.tx, entity.account, entity.unique_id, policy)
    return {}


def get(call: Call, desk: Desk, kind: Owner) -> Output:
    entity, name = the_entity(call, desk, kind), call.input["PolicyName"]
    policy = inline.get_inline(desk.tx, entity.unique_id, name)
    if policy is None:
        raise no_such_inline(kind, name)
    shown = {"PolicyName": policy.name, "PolicyDocument": policy.text}
    return {f"{kind.value}Name": entity.name, **shown}


def delete(call: Call, desk: Desk, kind: Owner) -> Output:
    entity, name = the_own_entity(call, desk, kind), call.input["PolicyName"]
    if not inline.remove_inline(desk.tx, entity.account, entity.unique_id, name):
        raise no_such_inline(kind, name)
    return {}


def list_names(call: Call, desk: Desk, kind: Owner) -> Output:
    entity = the_entity(call, desk, kind)
    held = inline.list_inline(desk.tx, entity.unique_id)
    kept, rest = page_of(call, held, lambda policy: policy.name)
    return {"PolicyNames": [policy.name for policy in kept], **rest}


def no_such_inline(kind: Owner, name: str) -> Fault:
    return no_such_entity(f"The {kind.value.lower()} policy with name {name} cannot be found.")
