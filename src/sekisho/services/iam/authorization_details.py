"""GetAccountAuthorizationDetails: all who may do something, and every policy that says so (W-212).

A page holds entities of several kinds: users first, then groups, roles and managed policies. What
hangs on them is asked for once a page.
"""

from collections.abc import Callable, Mapping, Sequence

from sekisho.catalog import aws_policies, aws_version
from sekisho.directory.queries import details, groups, policies, roles, users
from sekisho.directory.store import Transaction
from sekisho.model.arn import AWS_OWNED
from sekisho.model.records import (
    AttachedPolicy,
    Group,
    InlinePolicy,
    ManagedPolicy,
    PolicyVersion,
    Role,
    User,
)
from sekisho.services.iam.boundaries import shown_boundary
from sekisho.services.iam.instance_profiles import shown_profile
from sekisho.services.iam.paging import page
from sekisho.services.iam.policies import shown_as_listed
from sekisho.services.iam.roles import shown_role, shown_use
from sekisho.services.iam.tags import shown_tags
from sekisho.services.iam.users import shown_user
from sekisho.services.operation import Call, Desk, Output, everything, operation

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
        "UserDetailList": shown_users(desk, [one for one in kept if isinstance(one, User)]),
        "GroupDetailList": shown_groups(desk, [one for one in kept if isinstance(one, Group)]),
        "RoleDetailList": shown_roles(desk, [one for one in kept if isinstance(one, Role)]),
        "Policies": shown_policies(
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


def shown_users(desk: Desk, kept: Sequence[User]) -> list[Output]:
    ids = [user.unique_id for user in kept]
    hung = Hung(desk.tx, ids)
    joined = details.group_names_of(desk.tx, ids)
    return [
        {
            **shown_user(user, whole=True),
            **hung.inline("UserPolicyList", user.unique_id),
            "GroupList": joined.get(user.unique_id, []),
            **hung.attached(user.unique_id),
        }
        for user in kept
    ]


def shown_groups(desk: Desk, kept: Sequence[Group]) -> list[Output]:
    hung = Hung(desk.tx, [group.unique_id for group in kept])
    return [
        {
            "Path": group.path,
            "GroupName": group.name,
            "GroupId": group.unique_id,
            "Arn": group.arn,
            "CreateDate": group.created,
            **hung.inline("GroupPolicyList", group.unique_id),
            **hung.attached(group.unique_id),
        }
        for group in kept
    ]


def shown_roles(desk: Desk, kept: Sequence[Role]) -> list[Output]:
    ids = [role.unique_id for role in kept]
    hung = Hung(desk.tx, ids)
    used = desk.directory.uses.of_many(desk.tx, ids)
    machines = details.profiles_of(desk.tx, ids)
    shown = []
    for role in kept:
        entry = shown_role(desk.tx, role)
        for left_out in ("MaxSessionDuration", "Description"):
            entry.pop(left_out, None)
        entry["InstanceProfileList"] = [
            shown_profile(desk, profile) for profile in machines.get(role.unique_id, ())
        ]
        entry |= hung.inline("RolePolicyList", role.unique_id)
        entry |= hung.attached(role.unique_id)
        entry |= shown_boundary(role.boundary)
        entry |= shown_use(used.get(role.unique_id))
        entry["Tags"] = shown_tags(role.tags)
        shown.append(entry)
    return shown


def shown_policies(call: Call, desk: Desk, kept: Sequence[ManagedPolicy]) -> list[Output]:
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


class Hung:
    """The policies that hang on the entities of one page."""

    def __init__(self, tx: Transaction, ids: Sequence[str]) -> None:
        self._inline: Mapping[str, Sequence[InlinePolicy]] = details.inline_of(tx, ids)
        self._attached: Mapping[str, Sequence[AttachedPolicy]] = details.attached_to(tx, ids)

    def inline(self, member: str, owner: str) -> Output:
        return {
            member: [
                {"PolicyName": policy.name, "PolicyDocument": policy.text}
                for policy in self._inline.get(owner, ())
            ]
        }

    def attached(self, owner: str) -> Output:
        return {
            "AttachedManagedPolicies": [
                {"PolicyName": policy.name, "PolicyArn": policy.arn}
                for policy in self._attached.get(owner, ())
            ]
        }
