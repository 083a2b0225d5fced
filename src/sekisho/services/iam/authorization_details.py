"""GetAccountAuthorizationDetails: all who may do something, and every policy that says so (W-212).

A page holds entities of several kinds: users first, then groups, roles and managed policies. What
hangs on them is asked for once a page.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from sekisho.catalog import aws_policies, aws_version
from sekisho.directory.queries import details, groups, policies, roles, users
from sekisho.directory.store import Transaction
from sekisho.model.arn import AWS_OWNED, is_aws_policy
from sekisho.model.columns import Columns
from sekisho.model.records import (
    Group,
    ManagedPolicy,
    Owner,
    PolicyVersion,
    Role,
    User,
)
from sekisho.services.iam.boundaries import boundary_column
from sekisho.services.iam.instance_profiles import shown_profiles
from sekisho.services.iam.paging import page
from sekisho.services.iam.policies import policy_columns
from sekisho.services.iam.roles import role_columns, use_column
from sekisho.services.iam.tags import shown_tags
from sekisho.services.iam.users import user_columns
from sekisho.services.operation import Call, Desk, Output, everything, operation

Item = TypeVar("Item")
Shown = Columns | list[Output]
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
    return policies.list_policies(tx, account, "/", after, most)


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


def user_details(tx: Transaction, kept: Sequence[User]) -> Shown:
    if not kept:
        return []
    ids, span = [user.unique_id for user in kept], span_of(Owner.USER, kept)
    return Columns(
        {
            **user_columns(kept),
            "PermissionsBoundary": boundary_column(user.boundary for user in kept),
            "Tags": [shown_tags(user.tags) or None for user in kept],
            "UserPolicyList": inline_of(tx, ids, span),
            "GroupList": each_of(ids, details.group_names_of(tx, span)),
            "AttachedManagedPolicies": attached_to(tx, ids, span),
        }
    )


def group_details(tx: Transaction, kept: Sequence[Group]) -> Shown:
    if not kept:
        return []
    ids, span = [group.unique_id for group in kept], span_of(Owner.GROUP, kept)
    return Columns(
        {
            "Path": [group.path for group in kept],
            "GroupName": [group.name for group in kept],
            "GroupId": ids,
            "Arn": [group.arn for group in kept],
            "CreateDate": [group.created for group in kept],
            "GroupPolicyList": inline_of(tx, ids, span),
            "AttachedManagedPolicies": attached_to(tx, ids, span),
        }
    )


def role_details(desk: Desk, kept: Sequence[Role]) -> Shown:
    if not kept:
        return []
    tx, ids, span = desk.tx, [role.unique_id for role in kept], span_of(Owner.ROLE, kept)
    used = desk.directory.uses.of_many(tx, ids)
    return Columns(
        {
            **role_columns(tx, kept),
            "InstanceProfileList": each_of(ids, profiles_of(tx, span)),
            "RolePolicyList": inline_of(tx, ids, span),
            "AttachedManagedPolicies": attached_to(tx, ids, span),
            "PermissionsBoundary": boundary_column(role.boundary for role in kept),
            "RoleLastUsed": use_column(map(used.get, ids)),
            "Tags": [shown_tags(role.tags) for role in kept],
        }
    )


def span_of(kind: Owner, kept: Sequence[User | Group | Role]) -> details.Span:
    """Where a page reaches from and to; there is nobody in between who is not on it."""
    return details.Span(kind, kept[0].account, kept[0].name, kept[-1].name)


def policy_details(call: Call, desk: Desk, kept: Sequence[ManagedPolicy]) -> Shown:
    if not kept:
        return []
    held = versions_of(desk, kept)
    attached = details.attachment_counts(desk.tx, call.account)
    bounding = details.boundary_counts(desk.tx, call.account)
    versions = [[shown_version(policy, version) for version in held[policy.arn]] for policy in kept]
    return Columns({**policy_columns(kept, attached, bounding), "PolicyVersionList": versions})


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


def inline_of(tx: Transaction, ids: Sequence[str], span: details.Span) -> list[list[Output]]:
    """What hangs on each of these; so the next."""
    found = details.inline_of(tx, span)
    return [
        [{"PolicyName": policy.name, "PolicyDocument": policy.text} for policy in policies]
        for policies in each_of(ids, found)
    ]


def attached_to(tx: Transaction, ids: Sequence[str], span: details.Span) -> list[list[Output]]:
    found = details.attached_to(tx, span)
    return [
        [{"PolicyName": policy.name, "PolicyArn": policy.arn} for policy in policies]
        for policies in each_of(ids, found)
    ]


def each_of(ids: Sequence[str], found: Mapping[str, list[Item]]) -> list[list[Item]]:
    """What was found for each, nothing for those that are missing."""
    return [found.get(each, []) for each in ids]


def profiles_of(tx: Transaction, span: details.Span) -> dict[str, list[Output]]:
    """By the unique id of the role that is in them."""
    held: dict[str, list[Output]] = defaultdict(list)
    for profile in shown_profiles(tx, details.profiles_of(tx, span)):
        held[profile["Roles"][0]["RoleId"]].append(profile)
    return held
