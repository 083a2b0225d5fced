"""GetAccountAuthorizationDetails: all who may do something, and every policy that says so (W-212).

A page holds entities of several kinds: users first, then groups, roles and managed policies. What
hangs on them is asked for once a page.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from sekisho.catalog import aws_policies, aws_version
from sekisho.directory.queries import details, groups, policies, roles, users
from sekisho.directory.store import Transaction
from sekisho.model.arn import AWS_OWNED, is_aws_policy
from sekisho.model.records import (
    Group,
    ManagedPolicy,
    PolicyVersion,
    Role,
    User,
)
from sekisho.services.iam.boundaries import shown_boundary
from sekisho.services.iam.instance_profiles import shown_profiles
from sekisho.services.iam.paging import page
from sekisho.services.iam.policies import shown_as_listed
from sekisho.services.iam.roles import shown_use
from sekisho.services.iam.tags import shown_tags
from sekisho.services.iam.users import shown_user
from sekisho.services.operation import Call, Desk, Output, everything, operation
from sekisho.services.principals import shown_documents

Entity = User | Group | Role | ManagedPolicy
Listing = Callable[[Transaction, str, str | None, int], Sequence[Entity]]


def every_user(tx: Transaction, account: str, after: str | None, most: int) -> list[User]:
    return users.list_users(tx, account, "/", after, most)


def every_group(tx: Transaction, account: str, after: str | None, most: int) -> list[Group]:
    return groups.list_groups(tx, account, "/", after, most)


def every_role(tx: Transaction, account: str, after: str | None, most: int) -> list[Role]:
    return roles.list_roles(tx, account, "/", after, most)


def every_policy(
    tx: Transaction, account: str, after: str | None, most: int
) -> list[ManagedPolicy]:
    return policies.list_policies(tx, account, "/", False, after, most)


def every_aws_policy(
    tx: Transaction, account: str, after: str | None, most: int
) -> list[ManagedPolicy]:
    """Those of AWS that something in the account has or is limited by."""
    used = details.attachment_counts(tx, account).keys() | details.boundary_counts(tx, account)
    if not any(map(is_aws_policy, used)):
        return []
    every = list(aws_policies())
    names = [policy.name for policy in every]
    start = names.index(after) + 1 if after in names else 0
    return [policy for policy in every[start:] if policy.arn in used][:most]


# In this order; a marker begins with the number of its kind.
KINDS: tuple[tuple[str, type[Entity], Listing], ...] = (
    ("User", User, every_user),
    ("Group", Group, every_group),
    ("Role", Role, every_role),
    ("LocalManagedPolicy", ManagedPolicy, every_policy),
    ("AWSManagedPolicy", ManagedPolicy, every_aws_policy),
)


@operation("iam:GetAccountAuthorizationDetails", resource=everything)
def get_account_authorization_details(call: Call, desk: Desk) -> Output:
    """List users, groups, roles and managed policies with all that hangs on them.

    Input: Filter (User, Group, Role, LocalManagedPolicy, AWSManagedPolicy; all if none), MaxItems.
    """
    wanted = call.input.get("Filter") or [name for name, _, _ in KINDS]

    def fetch(after: str | None, limit: int) -> Sequence[Entity]:
        first, name = (0, None) if after is None else read_place(after)
        found: list[Entity] = []
        for number in range(first, len(KINDS)):
            word, _, listing = KINDS[number]
            if word in wanted and len(found) < limit:
                start = name if number == first else None
                found += listing(desk.tx, call.account, start, limit - len(found))
        return found

    kept, rest = page(call, fetch, place_of)
    return {
        "UserDetailList": user_details(desk.tx, [one for one in kept if isinstance(one, User)]),
        "GroupDetailList": group_details(desk.tx, [one for one in kept if isinstance(one, Group)]),
        "RoleDetailList": role_details(desk, [one for one in kept if isinstance(one, Role)]),
        "Policies": policy_details(
            call, desk, [one for one in kept if isinstance(one, ManagedPolicy)]
        ),
        **rest,
    }


def place_of(entity: Entity) -> str:
    if entity.account == AWS_OWNED:
        return f"{len(KINDS) - 1}{entity.name}"
    number = [kind for _, kind, _ in KINDS].index(type(entity))
    return f"{number}{entity.name}"


def read_place(marker: str) -> tuple[int, str]:
    """Where a page ended; what is no such place is behind all of them."""
    number = marker[:1]
    return (int(number), marker[1:]) if number in ("0", "1", "2", "3", "4") else (len(KINDS), "")


def user_details(tx: Transaction, kept: Sequence[User]) -> list[Output]:
    ids = [user.unique_id for user in kept]
    inline, attached, joined = (
        inline_of(tx, ids),
        attached_to(tx, ids),
        details.group_names_of(tx, ids),
    )
    return [
        {
            **shown_user(user, whole=True),
            "UserPolicyList": inline.get(user.unique_id, []),
            "GroupList": joined.get(user.unique_id, []),
            "AttachedManagedPolicies": attached.get(user.unique_id, []),
        }
        for user in kept
    ]


def group_details(tx: Transaction, kept: Sequence[Group]) -> list[Output]:
    ids = [group.unique_id for group in kept]
    inline, attached = inline_of(tx, ids), attached_to(tx, ids)
    return [
        {
            "Path": group.path,
            "GroupName": group.name,
            "GroupId": group.unique_id,
            "Arn": group.arn,
            "CreateDate": group.created,
            "GroupPolicyList": inline.get(group.unique_id, []),
            "AttachedManagedPolicies": attached.get(group.unique_id, []),
        }
        for group in kept
    ]


def role_details(desk: Desk, kept: Sequence[Role]) -> list[Output]:
    tx, ids = desk.tx, [role.unique_id for role in kept]
    inline, attached = inline_of(tx, ids), attached_to(tx, ids)
    machines, used = profiles_of(tx, ids), desk.directory.uses.of_many(tx, ids)
    trusts = shown_documents(tx, [role.trust for role in kept])
    return [
        {
            "Path": role.path,
            "RoleName": role.name,
            "RoleId": role.unique_id,
            "Arn": role.arn,
            "CreateDate": role.created,
            "AssumeRolePolicyDocument": trust,
            "InstanceProfileList": machines.get(role.unique_id, []),
            "RolePolicyList": inline.get(role.unique_id, []),
            "AttachedManagedPolicies": attached.get(role.unique_id, []),
            **shown_boundary(role.boundary),
            **shown_use(used.get(role.unique_id)),
            "Tags": shown_tags(role.tags),
        }
        for role, trust in zip(kept, trusts, strict=True)
    ]


def policy_details(call: Call, desk: Desk, kept: Sequence[ManagedPolicy]) -> list[Output]:
    if not kept:
        return []
    held = versions_of(desk, kept)
    attached = details.attachment_counts(desk.tx, call.account)
    bounding = details.boundary_counts(desk.tx, call.account)
    return [
        {
            **shown_as_listed(policy, attached.get(policy.arn, 0), bounding.get(policy.arn, 0)),
            "PolicyVersionList": [shown_version(policy, version) for version in held[policy.arn]],
        }
        for policy in kept
    ]


def versions_of(desk: Desk, kept: Sequence[ManagedPolicy]) -> Mapping[str, Sequence[PolicyVersion]]:
    """By ARN; of AWS's policies, which have up to hundreds, the default version alone."""
    local = [policy.arn for policy in kept if policy.account != AWS_OWNED]
    held: dict[str, Sequence[PolicyVersion]] = {**details.versions_of(desk.tx, local)}
    for policy in kept:
        if policy.account == AWS_OWNED:
            version = aws_version(policy.arn, policy.default_version)
            held[policy.arn] = () if version is None else (version,)
    return held


def shown_version(policy: ManagedPolicy, version: PolicyVersion) -> Output:
    return {
        "Document": version.text,
        "VersionId": version.version,
        "IsDefaultVersion": version.version == policy.default_version,
        "CreateDate": version.created,
    }


def inline_of(tx: Transaction, ids: Sequence[str]) -> dict[str, list[Output]]:
    """By the id of what they hang on; so the next two."""
    return {
        owner: [{"PolicyName": policy.name, "PolicyDocument": policy.text} for policy in found]
        for owner, found in details.inline_of(tx, ids).items()
    }


def attached_to(tx: Transaction, ids: Sequence[str]) -> dict[str, list[Output]]:
    return {
        owner: [{"PolicyName": policy.name, "PolicyArn": policy.arn} for policy in found]
        for owner, found in details.attached_to(tx, ids).items()
    }


def profiles_of(tx: Transaction, role_ids: Sequence[str]) -> dict[str, list[Output]]:
    found = details.profiles_of(tx, role_ids)
    shown = shown_profiles(tx, [profile for profiles in found.values() for profile in profiles])
    held: dict[str, list[Output]] = defaultdict(list)
    for profile in shown:
        held[profile["Roles"][0]["RoleId"]].append(profile)
    return held
