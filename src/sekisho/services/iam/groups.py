"""Groups of users, and who is in them."""

from dataclasses import replace

from sekisho.directory.queries import attachments, groups, inline
from sekisho.directory.queries.accounts import Kind
from sekisho.model.columns import Columns
from sekisho.model.identifiers import GROUP, new_unique_id
from sekisho.model.records import Group, Owner
from sekisho.services.iam.faults import (
    already_exists,
    delete_conflict,
    no_such_entity,
    over_quota,
)
from sekisho.services.iam.paging import page, path_prefix
from sekisho.services.iam.quotas import GROUPS, GROUPS_PER_USER, check_quota
from sekisho.services.iam.targets import creating, every, named, renaming, the_group, the_user
from sekisho.services.iam.users import user_columns
from sekisho.services.operation import Call, Desk, Output, operation


@operation("iam:CreateGroup", resource=creating(Owner.GROUP), writes=True, shares=True)
def create_group(call: Call, desk: Desk) -> Output:
    """Create a group.

    Input: GroupName (1-128 characters, unique ignoring case), Path. Groups have no tags (W-164).
    Raises: EntityAlreadyExists, LimitExceeded.
    """
    name = call.input["GroupName"]
    if groups.get_group(desk.tx, call.account, name) is not None:
        raise already_exists(Owner.GROUP, name)
    check_quota(desk.tx, Kind.GROUPS, call.account, "GroupsPerAccount", GROUPS)
    path = call.input.get("Path", "/")
    group = Group(call.account, name, path, new_unique_id(GROUP), call.now)
    groups.add_group(desk.tx, group)
    return {"Group": shown_group(group)}


@operation("iam:GetGroup", resource=named(Owner.GROUP))
def get_group(call: Call, desk: Desk) -> Output:
    """Show a group and, in pages, its users."""
    group = the_group(call, desk)
    kept, rest = page(
        call,
        lambda after, limit: groups.list_members(desk.tx, group, after, limit),
        lambda user: user.name,
    )
    return {"Group": shown_group(group), "Users": Columns(user_columns(kept)), **rest}


@operation("iam:ListGroups", resource=every("group"))
def list_groups(call: Call, desk: Desk) -> Output:
    kept, rest = page(
        call,
        lambda after, limit: groups.list_groups(
            desk.tx, call.account, path_prefix(call), after, limit
        ),
        lambda group: group.name,
    )
    return {"Groups": [shown_group(group) for group in kept], **rest}


@operation(
    "iam:UpdateGroup", asks=renaming(Owner.GROUP, "iam:UpdateGroup"), writes=True, shares=True
)
def update_group(call: Call, desk: Desk) -> Output:
    """Give a group another name or path; members and policies stay."""
    group = the_group(call, desk)
    name = call.input.get("NewGroupName", group.name)
    bearer = groups.get_group(desk.tx, call.account, name)
    if bearer is not None and bearer.unique_id != group.unique_id:
        raise already_exists(Owner.GROUP, name)
    renamed = replace(group, name=name, path=call.input.get("NewPath", group.path))
    groups.update_group(desk.tx, renamed)
    return {}


@operation("iam:DeleteGroup", resource=named(Owner.GROUP), writes=True, shares=True)
def delete_group(call: Call, desk: Desk) -> Output:
    """Delete a group without members and policies: raises DeleteConflict otherwise (W-169)."""
    group = the_group(call, desk)
    if groups.list_members(desk.tx, group, None, 1):
        raise delete_conflict("remove users from group")
    if attachments.count_attached(desk.tx, group.unique_id):
        raise delete_conflict("detach all policies")
    if inline.list_inline(desk.tx, group.unique_id):
        raise delete_conflict("delete policies")
    groups.remove_group(desk.tx, group)
    return {}


@operation("iam:AddUserToGroup", resource=named(Owner.GROUP), writes=True, shares=True)
def add_user_to_group(call: Call, desk: Desk) -> Output:
    """Put a user into a group; who is in it already stays. Raises: LimitExceeded over 10 groups."""
    group, user = the_group(call, desk), the_user(call, desk)
    joined = groups.list_groups_of(desk.tx, user, None, GROUPS_PER_USER)
    if any(other.unique_id == group.unique_id for other in joined):
        return {}
    if len(joined) >= GROUPS_PER_USER:
        raise over_quota("GroupsPerUser", GROUPS_PER_USER)
    groups.add_member(desk.tx, group, user)
    return {}


@operation("iam:RemoveUserFromGroup", resource=named(Owner.GROUP), writes=True, shares=True)
def remove_user_from_group(call: Call, desk: Desk) -> Output:
    group, user = the_group(call, desk), the_user(call, desk)
    if not groups.remove_member(desk.tx, group, user):
        raise no_such_entity(f"User {user.name} not in group {group.name}")
    return {}


@operation("iam:ListGroupsForUser", resource=named(Owner.USER))
def list_groups_for_user(call: Call, desk: Desk) -> Output:
    user = the_user(call, desk)
    kept, rest = page(
        call,
        lambda after, limit: groups.list_groups_of(desk.tx, user, after, limit),
        lambda group: group.name,
    )
    return {"Groups": [shown_group(group) for group in kept], **rest}


def shown_group(group: Group) -> Output:
    return {
        "Path": group.path,
        "GroupName": group.name,
        "GroupId": group.unique_id,
        "Arn": group.arn,
        "CreateDate": group.created,
    }
