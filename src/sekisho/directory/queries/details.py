"""What hangs on many entities, asked for at once."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select

from sekisho.directory.prepared import Prepared
from sekisho.directory.queries import instance_profiles as profiles
from sekisho.directory.queries.attachments import by_name
from sekisho.directory.queries.conditions import among, these
from sekisho.directory.schema import (
    attachments,
    groups,
    inline_policies,
    members,
    roles,
    users,
    versions,
)
from sekisho.directory.schema_papers import instance_profiles
from sekisho.directory.store import Transaction
from sekisho.model.records import AttachedPolicy, InlinePolicy, InstanceProfile, PolicyVersion

INLINE = Prepared(
    select(inline_policies.c.owner_id, inline_policies.c.name, inline_policies.c.text)
    .where(among(inline_policies.c.owner_id))
    .order_by(inline_policies.c.name)
)
ATTACHED = Prepared(
    select(attachments.c.owner_id, attachments.c.policy_arn).where(among(attachments.c.owner_id))
)
JOINED = Prepared(
    select(members.c.user_id, groups.c.name)
    .join(groups, members.c.group_id == groups.c.unique_id)
    .where(among(members.c.user_id))
    .order_by(groups.c.folded)
)
PROFILES = (
    select(instance_profiles)
    .where(among(instance_profiles.c.role_id))
    .order_by(instance_profiles.c.folded)
)
VERSIONS = Prepared(
    select(versions.c.policy_arn, versions.c.version, versions.c.text, versions.c.created)
    .where(among(versions.c.policy_arn))
    .order_by(versions.c.number.desc())
)


def inline_of(tx: Transaction, owner_ids: Sequence[str]) -> dict[str, list[InlinePolicy]]:
    """Owner's unique id -> its inline policies by name; owners without any are missing."""
    found: dict[str, list[InlinePolicy]] = defaultdict(list)
    for owner, name, text in tx.run(INLINE, these(owner_ids)):
        found[owner].append(InlinePolicy(name, text))
    return found


def attached_to(tx: Transaction, owner_ids: Sequence[str]) -> dict[str, list[AttachedPolicy]]:
    """Owner's unique id -> the managed policies that hang on it, as `list_attached` orders them."""
    found: dict[str, list[AttachedPolicy]] = defaultdict(list)
    for owner, arn in tx.run(ATTACHED, these(owner_ids)):
        found[owner].append(AttachedPolicy(arn))
    return {owner: sorted(policies, key=by_name) for owner, policies in found.items()}


def group_names_of(tx: Transaction, user_ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for user, name in tx.run(JOINED, these(user_ids)):
        found[user].append(name)
    return found


def profiles_of(tx: Transaction, role_ids: Sequence[str]) -> dict[str, list[InstanceProfile]]:
    found: dict[str, list[InstanceProfile]] = defaultdict(list)
    for row in tx.connection.execute(PROFILES, these(role_ids)).all():
        found[row.role_id].append(profiles.record(row))
    return found


def versions_of(tx: Transaction, arns: Sequence[str]) -> dict[str, list[PolicyVersion]]:
    """Policy ARN -> its versions, the newest first."""
    found: dict[str, list[PolicyVersion]] = defaultdict(list)
    for row in tx.run(VERSIONS, these(arns)):
        found[row[0]].append(PolicyVersion(*row))
    return found


def attachment_counts(tx: Transaction, account: str) -> dict[str, int]:
    """Policy ARN -> how many entities of the account it hangs on."""
    wanted = select(attachments.c.policy_arn, func.count()).where(attachments.c.account == account)
    rows = tx.connection.execute(wanted.group_by(attachments.c.policy_arn))
    return {row[0]: row[1] for row in rows}


def boundary_counts(tx: Transaction, account: str) -> dict[str, int]:
    """Policy ARN -> how many users and roles of the account it is the boundary of."""
    counts: dict[str, int] = defaultdict(int)
    for table in (users, roles):
        wanted = select(table.c.boundary, func.count()).where(
            table.c.account == account, table.c.boundary != ""
        )
        for arn, count in tx.connection.execute(wanted.group_by(table.c.boundary)):
            counts[arn] += count
    return dict(counts)
