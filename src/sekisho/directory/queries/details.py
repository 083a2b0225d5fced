"""What hangs on many entities, asked for at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from sekisho.directory.prepared import Prepared, Rows
from sekisho.directory.queries import instance_profiles as profiles
from sekisho.directory.queries.attachments import TABLES, by_name
from sekisho.directory.queries.conditions import among, folded, these
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
from sekisho.model.records import (
    AttachedPolicy,
    InlinePolicy,
    InstanceProfile,
    Owner,
    PolicyVersion,
)


class Span(NamedTuple):
    """The users, groups or roles of an account from one name to another, both included."""

    kind: Owner
    account: str
    first: str
    last: str


def of_span(wanted: Select[Any], owner_id: ColumnElement[str]) -> Mapping[Owner, Prepared]:
    """A select of what hangs on owners, for a span of each kind.

    They are found by the index that the page itself was found by, which takes a quarter of what it
    takes to look up a thousand ids.
    """
    return {
        kind: Prepared(
            wanted.join(table, table.c.unique_id == owner_id).where(
                table.c.account == bindparam("in_account"),
                table.c.folded >= bindparam("first"),
                table.c.folded <= bindparam("last"),
            )
        )
        for kind, table in TABLES.items()
    }


def run(tx: Transaction, statements: Mapping[Owner, Prepared], span: Span) -> Rows:
    first, last = folded(span.first), folded(span.last)
    asked = {"in_account": span.account, "first": first, "last": last}
    return tx.run(statements[span.kind], asked)


INLINE = of_span(
    select(inline_policies.c.owner_id, inline_policies.c.name, inline_policies.c.text),
    inline_policies.c.owner_id,
)
ATTACHED = of_span(select(attachments.c.owner_id, attachments.c.policy_arn), attachments.c.owner_id)
JOINED = of_span(
    select(members.c.user_id, groups.c.name).join(groups, members.c.group_id == groups.c.unique_id),
    members.c.user_id,
)
PROFILES = of_span(select(instance_profiles), instance_profiles.c.role_id)
VERSIONS = Prepared(
    select(versions.c.policy_arn, versions.c.version, versions.c.text, versions.c.created)
    .where(among(versions.c.policy_arn))
    .order_by(versions.c.number.desc())
)
ATTACHMENTS = Prepared(
    select(attachments.c.policy_arn, func.count())
    .where(attachments.c.account == bindparam("in_account"))
    .group_by(attachments.c.policy_arn)
)
BOUNDARIES = [
    Prepared(
        select(table.c.boundary, func.count())
        .where(table.c.account == bindparam("in_account"), table.c.boundary != "")
        .group_by(table.c.boundary)
    )
    for table in (users, roles)
]


def inline_of(tx: Transaction, span: Span) -> dict[str, list[InlinePolicy]]:
    """Owner's unique id -> its inline policies by name; owners without any are missing."""
    found: dict[str, list[InlinePolicy]] = defaultdict(list)
    for owner, name, text in sorted(run(tx, INLINE, span), key=itemgetter(1)):
        found[owner].append(InlinePolicy(name, text))
    return found


def attached_to(tx: Transaction, span: Span) -> dict[str, list[AttachedPolicy]]:
    """Owner's unique id -> the managed policies that hang on it, as `list_attached` orders them."""
    found: dict[str, list[AttachedPolicy]] = defaultdict(list)
    for owner, arn in run(tx, ATTACHED, span):
        found[owner].append(AttachedPolicy(arn))
    return {owner: sorted(policies, key=by_name) for owner, policies in found.items()}


def group_names_of(tx: Transaction, span: Span) -> dict[str, list[str]]:
    """User's unique id -> the names of their groups, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for user, name in sorted(run(tx, JOINED, span), key=lambda row: folded(row[1])):
        found[user].append(name)
    return found


def profiles_of(tx: Transaction, span: Span) -> list[InstanceProfile]:
    """The instance profiles that roles are in, by name."""
    found = [profiles.record(row) for row in run(tx, PROFILES, span)]
    return sorted(found, key=lambda profile: folded(profile.name))


def versions_of(tx: Transaction, arns: Sequence[str]) -> dict[str, list[PolicyVersion]]:
    """Policy ARN -> its versions, the newest first."""
    found: dict[str, list[PolicyVersion]] = defaultdict(list)
    for row in tx.run(VERSIONS, these(arns)):
        found[row[0]].append(PolicyVersion(*row))
    return found


def attachment_counts(tx: Transaction, account: str) -> dict[str, int]:
    """Policy ARN -> how many entities of the account it hangs on."""
    return dict(tx.run(ATTACHMENTS, {"in_account": account}))


def boundary_counts(tx: Transaction, account: str) -> dict[str, int]:
    """Policy ARN -> how many users and roles of the account it is the boundary of."""
    counts: dict[str, int] = defaultdict(int)
    for statement in BOUNDARIES:
        for arn, count in tx.run(statement, {"in_account": account}):
            counts[arn] += count
    return dict(counts)
