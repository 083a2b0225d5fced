"""Instance profiles, which hand a role to machines (W-209). There are no machines here."""

from collections.abc import Sequence
from dataclasses import replace

from sekisho.access.decide import Ask
from sekisho.directory.queries import instance_profiles as profiles
from sekisho.directory.queries import roles
from sekisho.directory.queries.accounts import Kind
from sekisho.directory.store import Transaction
from sekisho.model.arn import iam_arn
from sekisho.model.identifiers import INSTANCE_PROFILE, new_unique_id
from sekisho.model.records import InstanceProfile, Owner
from sekisho.services.iam.faults import (
    delete_conflict,
    exists,
    no_such,
    no_such_entity,
    over_quota,
)
from sekisho.services.iam.paging import page, path_prefix
from sekisho.services.iam.quotas import INSTANCE_PROFILES, check_quota
from sekisho.services.iam.roles import shown_roles
from sekisho.services.iam.tagging import serve_tags
from sekisho.services.iam.tags import (
    new_tags,
    resource_tags,
    shown_tags,
    tags_of_creation,
    tags_of_request,
)
from sekisho.services.iam.targets import every, named, the_own_role, the_role, with_tagging
from sekisho.services.operation import Call, Desk, Output, Target, ask_for, operation

MACHINES = "ec2.amazonaws.com"


def new_profile(call: Call, _desk: Desk) -> Target:
    """The target of CreateInstanceProfile."""
    name, path = call.input["InstanceProfileName"], call.input.get("Path", "/")
    return Target(iam_arn(call.account, "instance-profile", path, name), tags_of_creation(call))


def profile_target(call: Call, desk: Desk) -> Target:
    """The target that the input names by ``InstanceProfileName``."""
    name = call.input["InstanceProfileName"]
    profile = profiles.get_instance_profile(desk.tx, call.account, name)
    context, arn = tags_of_request(call), iam_arn(call.account, "instance-profile", "/", name)
    if profile is not None:
        context |= resource_tags(profile.tags)
        arn = profile.arn
    return Target(arn, context, f"instance profile {name}")


def passing_role(call: Call, desk: Desk) -> Sequence[Ask]:
    """AddRoleToInstanceProfile: leave is needed to pass the role to machines as well (PE-190)."""
    role = named(Owner.ROLE)(call, desk)
    context = {**role.context, "iam:passedtoservice": MACHINES}
    return (
        ask_for(call, "iam:AddRoleToInstanceProfile", profile_target(call, desk)),
        ask_for(call, "iam:PassRole", Target(role.arn, context)),
    )


@operation(
    "iam:CreateInstanceProfile",
    asks=with_tagging("iam:CreateInstanceProfile", "iam:TagInstanceProfile", new_profile),
    writes=True,
)
def create_instance_profile(call: Call, desk: Desk) -> Output:
    """Create a profile with no role in it.

    Input: InstanceProfileName (1-128 characters, unique ignoring case), Path, Tags.
    Raises: EntityAlreadyExists, InvalidInput, LimitExceeded.
    """
    name, tags = call.input["InstanceProfileName"], new_tags(call)
    if profiles.get_instance_profile(desk.tx, call.account, name) is not None:
        raise exists(f"Instance Profile {name} already exists.")
    check_quota(
        desk.tx,
        Kind.INSTANCE_PROFILES,
        call.account,
        "InstanceProfilesPerAccount",
        INSTANCE_PROFILES,
    )
    profile = InstanceProfile(
        account=call.account,
        name=name,
        path=call.input.get("Path", "/"),
        unique_id=new_unique_id(INSTANCE_PROFILE),
        created=call.now,
        tags=tags,
    )
    profiles.add_instance_profile(desk.tx, profile)
    return {"InstanceProfile": shown_profile(desk.tx, profile, whole=True)}


@operation("iam:GetInstanceProfile", resource=profile_target)
def get_instance_profile(call: Call, desk: Desk) -> Output:
    return {"InstanceProfile": shown_profile(desk.tx, the_profile(call, desk), whole=True)}


@operation("iam:ListInstanceProfiles", resource=every("instance-profile"))
def list_instance_profiles(call: Call, desk: Desk) -> Output:
    """List profiles under PathPrefix, without their tags."""
    kept, rest = page(
        call,
        lambda after, limit: profiles.list_instance_profiles(
            desk.tx, call.account, path_prefix(call), after, limit
        ),
        lambda profile: profile.name,
    )
    return {"InstanceProfiles": shown_profiles(desk.tx, kept), **rest}


@operation("iam:ListInstanceProfilesForRole", resource=named(Owner.ROLE))
def list_instance_profiles_for_role(call: Call, desk: Desk) -> Output:
    """List the profiles that a role is in. Terraform asks before it deletes one (W-180)."""
    role = the_role(call, desk)
    kept, rest = page(
        call,
        lambda after, limit: profiles.list_instance_profiles_of(
            desk.tx, role.unique_id, after, limit
        ),
        lambda profile: profile.name,
    )
    return {"InstanceProfiles": shown_profiles(desk.tx, kept), **rest}


@operation("iam:DeleteInstanceProfile", resource=profile_target, writes=True)
def delete_instance_profile(call: Call, desk: Desk) -> Output:
    """Delete a profile with no role in it: raises DeleteConflict otherwise (W-169)."""
    profile = the_profile(call, desk)
    if profile.role_id:
        raise delete_conflict("remove roles from instance profile")
    profiles.remove_instance_profile(desk.tx, profile)
    return {}


@operation("iam:AddRoleToInstanceProfile", asks=passing_role, writes=True)
def add_role_to_instance_profile(call: Call, desk: Desk) -> Output:
    """Put a role into a profile, of which there is one at most.

    Raises: NoSuchEntity; UnmodifiableEntity for a service's role; LimitExceeded if any role is in
        it, this one too (W-209).
    """
    profile, role = the_profile(call, desk), the_own_role(call, desk)
    if profile.role_id:
        raise over_quota("InstanceSessionsPerInstanceProfile", 1)
    profiles.update_instance_profile(desk.tx, replace(profile, role_id=role.unique_id))
    return {}


@operation("iam:RemoveRoleFromInstanceProfile", resource=profile_target, writes=True)
def remove_role_from_instance_profile(call: Call, desk: Desk) -> Output:
    profile, role = the_profile(call, desk), the_role(call, desk)
    if profile.role_id != role.unique_id:
        raise no_such(Owner.ROLE, call.input["RoleName"])
    profiles.update_instance_profile(desk.tx, replace(profile, role_id=""))
    return {}


def the_profile(call: Call, desk: Desk) -> InstanceProfile:
    name = call.input["InstanceProfileName"]
    profile = profiles.get_instance_profile(desk.tx, call.account, name)
    if profile is None:
        raise no_such_entity(f"Instance Profile {name} cannot be found.")
    return profile


def shown_profile(tx: Transaction, profile: InstanceProfile, *, whole: bool = False) -> Output:
    """A profile as answers show it; whole: with its tags, which lists leave out."""
    (shown,) = shown_profiles(tx, [profile])
    if whole and profile.tags:
        shown["Tags"] = shown_tags(profile.tags)
    return shown


def shown_profiles(tx: Transaction, kept: Sequence[InstanceProfile]) -> list[Output]:
    held = roles.list_roles_by_id(tx, [profile.role_id for profile in kept if profile.role_id])
    shown = {one["RoleId"]: one for one in shown_roles(tx, held)}
    return [
        {
            "Path": profile.path,
            "InstanceProfileName": profile.name,
            "InstanceProfileId": profile.unique_id,
            "Arn": profile.arn,
            "CreateDate": profile.created,
            "Roles": [shown[profile.role_id]] if profile.role_id in shown else [],
        }
        for profile in kept
    ]


serve_tags("InstanceProfile", the_profile, profiles.update_instance_profile, profile_target)
