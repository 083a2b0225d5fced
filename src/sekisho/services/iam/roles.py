"""Roles, and whom they trust."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sekisho.directory.queries import attachments, inline, instance_profiles, roles, uses
from sekisho.directory.queries.accounts import Kind
from sekisho.directory.store import Transaction
from sekisho.model.columns import Columns
from sekisho.model.identifiers import ROLE, new_unique_id
from sekisho.model.records import Owner, Role
from sekisho.model.uses import Use
from sekisho.services.iam.boundaries import checked_boundary, shown_boundary
from sekisho.services.iam.documents import trust_policy
from sekisho.services.iam.faults import already_exists, delete_conflict, invalid_input
from sekisho.services.iam.paging import page, path_prefix
from sekisho.services.iam.quotas import ROLES, check_quota
from sekisho.services.iam.tagging import serve_tags
from sekisho.services.iam.tags import folded, new_tags, shown_tags
from sekisho.services.iam.targets import (
    LINKED_PATH,
    creating,
    every,
    named,
    the_own_role,
    the_role,
    with_tagging,
)
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.principals import shown_documents

DEFAULT_MAX_SESSION = 3_600
_BOUNDED = named(Owner.ROLE, bounded=True)


@operation(
    "iam:CreateRole",
    asks=with_tagging("iam:CreateRole", "iam:TagRole", creating(Owner.ROLE)),
    writes=True,
)
def create_role(call: Call, desk: Desk) -> Output:
    """Create a role that other principals may assume.

    Input: RoleName (1-64 characters, unique ignoring case), AssumeRolePolicyDocument (JSON text,
        2,048 characters without white space), Path, Description, MaxSessionDuration (seconds,
        3,600-43,200; the answer shows it only if given, W-163), PermissionsBoundary, Tags.
    Raises: MalformedPolicyDocument (PE-33, PE-72), EntityAlreadyExists, NoSuchEntity for the
        boundary, InvalidInput, LimitExceeded.
    """
    name = call.input["RoleName"]
    trust = trust_policy(desk.tx, call.input["AssumeRolePolicyDocument"])
    tags, boundary = new_tags(call), checked_boundary(call, desk)
    if call.input.get("Path", "/").startswith(LINKED_PATH):
        raise invalid_input(f"The path {LINKED_PATH} is kept for service-linked roles.")
    if roles.get_role(desk.tx, call.account, name) is not None:
        raise already_exists(Owner.ROLE, name)
    check_quota(desk.tx, Kind.ROLES, call.account, "RolesPerAccount", ROLES)
    role = Role(
        account=call.account,
        name=name,
        path=call.input.get("Path", "/"),
        unique_id=new_unique_id(ROLE),
        created=call.now,
        trust=trust,
        description=call.input.get("Description"),
        max_session=call.input.get("MaxSessionDuration"),
        boundary=boundary,
        tags=tags,
    )
    roles.add_role(desk.tx, role)
    shown = shown_role(desk.tx, role, whole=True)
    if role.max_session is None:
        del shown["MaxSessionDuration"]
    return {"Role": shown}


@operation("iam:GetRole", resource=_BOUNDED)
def get_role(call: Call, desk: Desk) -> Output:
    """Show a role, and when its credentials last called a service, and from which region."""
    role = the_role(call, desk)
    return {"Role": shown_role(desk.tx, role, whole=True) | last_used(desk, role)}


@operation("iam:ListRoles", resource=every("role"))
def list_roles(call: Call, desk: Desk) -> Output:
    """List roles under PathPrefix, without tags and boundaries (W-163)."""
    kept, rest = page(
        call,
        lambda after, limit: roles.list_roles(
            desk.tx, call.account, path_prefix(call), after, limit
        ),
        lambda role: role.name,
    )
    return {"Roles": shown_roles(desk.tx, kept), **rest}


@operation("iam:UpdateRole", resource=_BOUNDED, writes=True)
def update_role(call: Call, desk: Desk) -> Output:
    """Change the description and the maximum session duration, if given."""
    role = the_role(call, desk)
    changed = replace(
        role,
        description=call.input.get("Description", role.description),
        max_session=call.input.get("MaxSessionDuration", role.max_session),
    )
    roles.update_role(desk.tx, changed)
    return {}


@operation("iam:UpdateRoleDescription", resource=_BOUNDED, writes=True)
def update_role_description(call: Call, desk: Desk) -> Output:
    role = replace(the_role(call, desk), description=call.input["Description"])
    roles.update_role(desk.tx, role)
    return {"Role": shown_role(desk.tx, role)}


@operation("iam:DeleteRole", resource=_BOUNDED, writes=True)
def delete_role(call: Call, desk: Desk) -> Output:
    """Delete a role without policies: raises DeleteConflict otherwise (W-169).

    Its sessions die with it, and policies that trust it trust nobody in its place (W-123, PE-31).
    """
    role = the_own_role(call, desk)
    if attachments.count_attached(desk.tx, role.unique_id):
        raise delete_conflict("detach all policies")
    if inline.list_inline(desk.tx, role.unique_id):
        raise delete_conflict("delete policies")
    if instance_profiles.list_instance_profiles_of(desk.tx, role.unique_id, None, 1):
        raise delete_conflict("remove roles from instance profile")
    roles.remove_role(desk.tx, role)
    uses.forget_uses(desk.tx, role.unique_id)
    return {}


@operation("iam:UpdateAssumeRolePolicy", resource=_BOUNDED, writes=True)
def update_assume_role_policy(call: Call, desk: Desk) -> Output:
    """Replace the trust policy; its principals are resolved anew (PE-31).

    Raises: NoSuchEntity, MalformedPolicyDocument, LimitExceeded over 2,048 characters.
    """
    role = the_own_role(call, desk)
    trust = trust_policy(desk.tx, call.input["PolicyDocument"])
    roles.update_role(desk.tx, replace(role, trust=trust))
    return {}


def last_used(desk: Desk, role: Role) -> Output:
    """The element RoleLastUsed, which is empty for a role that never was."""
    found = desk.directory.uses.of_many(desk.tx, [role.unique_id])
    return shown_use(found.get(role.unique_id))


def shown_use(use: Use | None) -> Output:
    return {"RoleLastUsed": use_column([use])[0]}


def use_column(uses: Iterable[Use | None]) -> list[Output]:
    return [{} if use is None else {"LastUsedDate": use.at, "Region": use.region} for use in uses]


def shown_roles(tx: Transaction, kept: Sequence[Role]) -> Columns:
    """Roles as lists show them, without boundaries and tags (W-163)."""
    return Columns(
        {
            **role_columns(tx, kept),
            "MaxSessionDuration": [role.max_session or DEFAULT_MAX_SESSION for role in kept],
            "Description": [role.description for role in kept],
        }
    )


def shown_role(tx: Transaction, role: Role, *, whole: bool = False) -> Output:
    """A role as answers show it; whole: with boundary and tags."""
    (shown,) = shown_roles(tx, [role])
    if whole:
        shown |= shown_boundary(role.boundary)
        if role.tags:
            shown["Tags"] = shown_tags(role.tags)
    return shown


def role_columns(tx: Transaction, roles: Sequence[Role]) -> dict[str, list[Any]]:
    """What all answers show of roles, by member."""
    return {
        "Path": [role.path for role in roles],
        "RoleName": [role.name for role in roles],
        "RoleId": [role.unique_id for role in roles],
        "Arn": [role.arn for role in roles],
        "CreateDate": [role.created for role in roles],
        "AssumeRolePolicyDocument": shown_documents(tx, [role.trust for role in roles]),
    }


serve_tags("Role", the_role, roles.update_role, named(Owner.ROLE), same=folded)
