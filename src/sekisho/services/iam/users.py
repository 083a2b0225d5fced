"""Users."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sekisho.directory.queries import accounts, users, uses
from sekisho.directory.queries.accounts import Kind
from sekisho.directory.queries.belongings import belongings
from sekisho.model.columns import Columns
from sekisho.model.identifiers import USER, new_unique_id
from sekisho.model.records import Owner, User
from sekisho.services.iam.boundaries import checked_boundary, shown_boundary
from sekisho.services.iam.faults import already_exists, delete_conflict, no_such
from sekisho.services.iam.paging import page, path_prefix
from sekisho.services.iam.quotas import USERS, check_quota
from sekisho.services.iam.tagging import serve_tags
from sekisho.services.iam.tags import folded, new_tags, shown_tags
from sekisho.services.iam.targets import (
    concerns_root,
    creating,
    every,
    named,
    renaming,
    the_user,
    user_or_root,
    with_tagging,
)
from sekisho.services.operation import Call, Desk, Output, operation

BEFORE_DELETION = (  # in the order of Belongings
    "detach all policies",
    "delete policies",
    "remove users from group",
    "delete login profile",
    "delete access keys",
    "delete MFA device",
    "remove referenced objects",
)


@operation(
    "iam:CreateUser",
    asks=with_tagging("iam:CreateUser", "iam:TagUser", creating(Owner.USER)),
    writes=True,
    shares=True,
)
def create_user(call: Call, desk: Desk) -> Output:
    """Create a user, who may do nothing yet and has no credentials.

    Input: UserName (1-64 characters, unique ignoring case, W-162), Path, PermissionsBoundary
        (ARN), Tags (50 at most).
    Raises: EntityAlreadyExists, NoSuchEntity for the boundary, InvalidInput, LimitExceeded.
    """
    name = call.input["UserName"]
    tags, boundary = new_tags(call), checked_boundary(call, desk)
    if users.get_user(desk.tx, call.account, name) is not None:
        raise already_exists(Owner.USER, name)
    check_quota(desk.tx, Kind.USERS, call.account, "UsersPerAccount", USERS)
    user = User(
        account=call.account,
        name=name,
        path=call.input.get("Path", "/"),
        unique_id=new_unique_id(USER),
        created=call.now,
        boundary=boundary,
        tags=tags,
    )
    users.add_user(desk.tx, user)
    return {"User": shown_user(user, whole=True)}


@operation("iam:GetUser", resource=user_or_root)
def get_user(call: Call, desk: Desk) -> Output:
    """Show a user; without UserName the caller, who may be the root user (W-174, W-327)."""
    if not concerns_root(call):
        user = the_user(call, desk)
        signed_in = desk.directory.uses.signed_in(desk.tx, call.account)
        shown = shown_user(user, whole=True)
        if user.unique_id in signed_in:
            shown["PasswordLastUsed"] = signed_in[user.unique_id]
        return {"User": shown}
    account = accounts.get_account(desk.tx, call.account)
    if account is None:
        raise no_such(Owner.USER, call.account)
    return {"User": {"UserId": account.id, "Arn": account.arn, "CreateDate": account.created}}


@operation("iam:ListUsers", resource=every("user"))
def list_users(call: Call, desk: Desk) -> Output:
    """List users under PathPrefix, without tags and boundaries (W-163)."""
    kept, rest = page(
        call,
        lambda after, limit: users.list_users(
            desk.tx, call.account, path_prefix(call), after, limit
        ),
        lambda user: user.name,
    )
    signed_in = desk.directory.uses.signed_in(desk.tx, call.account)
    last = [signed_in.get(user.unique_id) for user in kept]
    return {"Users": Columns({**user_columns(kept), "PasswordLastUsed": last}), **rest}


@operation("iam:UpdateUser", asks=renaming(Owner.USER, "iam:UpdateUser"), writes=True, shares=True)
def update_user(call: Call, desk: Desk) -> Output:
    """Give a user another name or path; the unique id stays (PE-31).

    Raises: NoSuchEntity; EntityAlreadyExists if the new name is another user's.
    """
    user = the_user(call, desk)
    name = call.input.get("NewUserName", user.name)
    bearer = users.get_user(desk.tx, call.account, name)
    if bearer is not None and bearer.unique_id != user.unique_id:
        raise already_exists(Owner.USER, name)
    renamed = replace(user, name=name, path=call.input.get("NewPath", user.path))
    users.update_user(desk.tx, renamed)
    return {}


@operation("iam:DeleteUser", resource=named(Owner.USER), writes=True, shares=True)
def delete_user(call: Call, desk: Desk) -> Output:
    """Delete a user that has nothing any more: raises DeleteConflict otherwise (W-169)."""
    user = the_user(call, desk)
    for is_held, remedy in zip(belongings(desk.tx, user.unique_id), BEFORE_DELETION, strict=True):
        if is_held:
            raise delete_conflict(remedy)
    users.remove_user(desk.tx, user)
    uses.forget_uses(desk.tx, user.unique_id)
    return {}


def shown_user(user: User, *, whole: bool = False) -> Output:
    """A user as answers show it; whole: with boundary and tags, which lists leave out (W-163)."""
    shown: Output = {member: cell for member, (cell,) in user_columns([user]).items()}
    if whole:
        shown |= shown_boundary(user.boundary)
        if user.tags:
            shown["Tags"] = shown_tags(user.tags)
    return shown


def user_columns(users: Sequence[User]) -> dict[str, list[Any]]:
    """What all answers show of users, by member."""
    return {
        "Path": [user.path for user in users],
        "UserName": [user.name for user in users],
        "UserId": [user.unique_id for user in users],
        "Arn": [user.arn for user in users],
        "CreateDate": [user.created for user in users],
    }


serve_tags("User", the_user, users.update_user, named(Owner.USER), same=folded)
