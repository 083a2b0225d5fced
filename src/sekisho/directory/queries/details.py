"""What hangs on many entities, asked for at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select

from sekisho.directory.queries import instance_profiles as profiles
from sekisho.directory.queries.attachments import by_name
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

MOST_AT_ONCE = 1_000

Rows = Mapping[str, Sequence[Row[Any]]]


def inline_of(tx: Transaction, owner_ids: Sequence[str]) -> dict[str, list[InlinePolicy]]:
    """Owner's unique id -> its inline policies by name; owners without any are missing."""
    wanted = select(inline_policies).order_by(inline_policies.c.name)
    found = _by(tx, wanted, inline_policies.c.owner_id, owner_ids)
    return {
        owner: [InlinePolicy(row.name, row.text) for row in rows] for owner, rows in found.items()
    }


def attached_to(tx: Transaction, owner_ids: Sequence[str]) -> dict[str, list[AttachedPolicy]]:
    """Owner's unique id -> the managed policies that hang on it, as `list_attached` orders them."""
    found = _by(tx, select(attachments), attachments.c.owner_id, owner_ids)
    return {
        owner: sorted((AttachedPolicy(row.policy_arn) for row in rows), key=by_name)
        for owner, rows in found.items()
    }


def group_names_of(tx: Transaction, user_ids: Sequence[str]) -> dict[str, list[str]]:
    wanted = (
        select(groups.c.name, members.c.user_id.label("owner_id"))
        .join(members, members.c.group_id == groups.c.unique_id)
        .order_by(groups.c.folded)
    )
    found = _by(tx, wanted, members.c.user_id, user_ids)
    return {user: [row.name for row in rows] for user, rows in found.items()}


def profiles_of(tx: Transaction, role_ids: Sequence[str]) -> dict[str, list[InstanceProfile]]:
    wanted = select(instance_profiles, instance_profiles.c.role_id.label("owner_id"))
    wanted = wanted.order_by(instance_profiles.c.folded)
    found = _by(tx, wanted, instance_profiles.c.role_id, role_ids)
    return {role: [profiles.record(row) for row in rows] for role, rows in found.items()}


def versions_of(tx: Transaction, arns: Sequence[str]) -> dict[str, list[PolicyVersion]]:
    """Policy ARN -> its versions, the newest first."""
    wanted = select(versions, versions.c.policy_arn.label("owner_id"))
    wanted = wanted.order_by(versions.c.number.desc())
    found = _by(tx, wanted, versions.c.policy_arn, arns)
    return {
        arn: [PolicyVersion(row.policy_arn, row.version, row.text, row.created) for row in rows]
        for arn, rows in found.items()
    }


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


def _by(tx: Transaction, wanted: Select[Any], column: Any, ids: Sequence[str]) -> Rows:
    """The rows of a select for these ids, by their column owner_id."""
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for start in range(0, len(ids), MOST_AT_ONCE):
        asked = wanted.where(column.in_(ids[start : start + MOST_AT_ONCE]))
        for row in tx.connection.execute(asked):
            found[row.owner_id].append(row)
    return found
