"""Permissions boundaries: the managed policy that limits a user or a role (PE-190)."""

from collections.abc import Iterable
from dataclasses import replace

from sekisho.directory.queries import roles, users
from sekisho.model.records import Owner
from sekisho.services.iam.faults import no_such_boundary
from sekisho.services.iam.targets import (
    find_policy,
    is_for_services,
    named,
    new_boundary,
    the_own_role,
    the_user,
)
from sekisho.services.operation import Call, Desk, Output, operation


def checked_boundary(call: Call, desk: Desk) -> str:
    """The boundary in the input, empty if there is none; raises NoSuchEntity."""
    arn: str = call.input.get("PermissionsBoundary", "")
    policy = find_policy(call, desk, arn) if arn else None
    if arn and (policy is None or is_for_services(policy)):
        raise no_such_boundary(arn)
    return arn


def shown_boundary(arn: str) -> Output:
    """The element that shows a boundary; nothing where none is set."""
    return {"PermissionsBoundary": boundary_column([arn])[0]} if arn else {}


def boundary_column(arns: Iterable[str]) -> list[Output | None]:
    return [
        {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn} if arn else None
        for arn in arns
    ]


@operation("iam:PutUserPermissionsBoundary", resource=new_boundary(Owner.USER), writes=True)
def put_user_permissions_boundary(call: Call, desk: Desk) -> Output:
    """Limit a user to what a managed policy allows, in the place of any other boundary.

    Input: UserName, PermissionsBoundary (ARN of a managed policy). Raises: NoSuchEntity.
    """
    user = the_user(call, desk)
    users.update_user(desk.tx, replace(user, boundary=checked_boundary(call, desk)))
    return {}


@operation("iam:PutRolePermissionsBoundary", resource=new_boundary(Owner.ROLE), writes=True)
def put_role_permissions_boundary(call: Call, desk: Desk) -> Output:
    """Limit a role to what a managed policy allows, in the place of any other boundary."""
    role = the_own_role(call, desk)
    roles.update_role(desk.tx, replace(role, boundary=checked_boundary(call, desk)))
    return {}


@operation(
    "iam:DeleteUserPermissionsBoundary", resource=named(Owner.USER, bounded=True), writes=True
)
def delete_user_permissions_boundary(call: Call, desk: Desk) -> Output:
    """Take the limit away; none set is no fault."""
    users.update_user(desk.tx, replace(the_user(call, desk), boundary=""))
    return {}


@operation(
    "iam:DeleteRolePermissionsBoundary", resource=named(Owner.ROLE, bounded=True), writes=True
)
def delete_role_permissions_boundary(call: Call, desk: Desk) -> Output:
    """Take the limit away; none set is no fault."""
    roles.update_role(desk.tx, replace(the_own_role(call, desk), boundary=""))
    return {}
