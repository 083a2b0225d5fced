"""Customer managed policies and their versions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from sekisho.directory.queries.conditions import folded, in_pages, page_of, under
from sekisho.directory.schema import policies, versions
from sekisho.directory.store import Transaction
from sekisho.model.arn import parse_arn
from sekisho.model.records import ManagedPolicy, PolicyVersion

GET = select(policies).where(policies.c.arn == bindparam("at_arn"))
GET_VERSION = select(versions).where(
    versions.c.policy_arn == bindparam("at_arn"), versions.c.version == bindparam("at_version")
)
GET_DEFAULT = (
    select(versions)
    .join(policies, policies.c.arn == versions.c.policy_arn)
    .where(policies.c.arn == bindparam("at_arn"), versions.c.version == policies.c.default_version)
)


LIST = in_pages(
    select(policies).where(policies.c.account == bindparam("in_account"), under(policies.c.path)),
    policies,
)


def add_policy(tx: Transaction, policy: ManagedPolicy, version: PolicyVersion) -> None:
    tx.connection.execute(insert(policies).values(written(policy)))
    add_version(tx, version)


def get_policy(tx: Transaction, arn: str) -> ManagedPolicy | None:
    row = tx.connection.execute(GET, {"at_arn": arn}).first()
    return None if row is None else record(row)


def find_policy(tx: Transaction, account: str, name: str) -> ManagedPolicy | None:
    wanted = select(policies).where(
        policies.c.account == account, policies.c.folded == folded(name)
    )
    row = tx.connection.execute(wanted).first()
    return None if row is None else record(row)


def list_policies(
    tx: Transaction, account: str, path_prefix: str, after: str | None, limit: int
) -> list[ManagedPolicy]:
    asked = {"in_account": account, "prefix": path_prefix, **page_of(after, limit)}
    return [record(row) for row in tx.run(LIST, asked)]


def update_policy(tx: Transaction, policy: ManagedPolicy) -> None:
    tx.connection.execute(
        update(policies).where(policies.c.arn == policy.arn).values(written(policy))
    )
    tx.changed(policy.account)


def remove_policy(tx: Transaction, policy: ManagedPolicy) -> None:
    """Remove a policy with its versions; it must be attached to nothing."""
    tx.connection.execute(delete(versions).where(versions.c.policy_arn == policy.arn))
    tx.connection.execute(delete(policies).where(policies.c.arn == policy.arn))
    tx.changed(policy.account)


def add_version(tx: Transaction, version: PolicyVersion) -> None:
    values = {
        "policy_arn": version.policy_arn,
        "version": version.version,
        "number": int(version.version[1:]),
        "text": version.text,
        "created": version.created,
    }
    tx.connection.execute(insert(versions).values(values))
    tx.changed(parse_arn(version.policy_arn).account)


def get_version(tx: Transaction, arn: str, version: str) -> PolicyVersion | None:
    row = tx.connection.execute(GET_VERSION, {"at_arn": arn, "at_version": version}).first()
    return None if row is None else version_record(row)


def count_versions(tx: Transaction, account: str) -> int:
    """Of all policies of an account."""
    wanted = (
        select(func.count())
        .select_from(versions)
        .join(policies, policies.c.arn == versions.c.policy_arn)
        .where(policies.c.account == account)
    )
    return tx.connection.scalar(wanted) or 0


def list_versions(tx: Transaction, arn: str) -> list[PolicyVersion]:
    """Newest first."""
    wanted = select(versions).where(versions.c.policy_arn == arn)
    rows = tx.connection.execute(wanted.order_by(versions.c.number.desc()))
    return [version_record(row) for row in rows]


def remove_version(tx: Transaction, arn: str, version: str) -> None:
    tx.connection.execute(
        delete(versions).where(versions.c.policy_arn == arn, versions.c.version == version)
    )
    tx.changed(parse_arn(arn).account)


def default_version(tx: Transaction, arn: str) -> PolicyVersion | None:
    row = tx.connection.execute(GET_DEFAULT, {"at_arn": arn}).first()
    return None if row is None else version_record(row)


def version_record(row: Row[Any]) -> PolicyVersion:
    return PolicyVersion(row.policy_arn, row.version, row.text, row.created)


def record(row: Sequence[Any]) -> ManagedPolicy:
    _, account, name, _, path, unique_id, *rest = row
    return ManagedPolicy(account, name, path, unique_id, *rest)


def written(policy: ManagedPolicy) -> dict[str, Any]:
    return {
        "arn": policy.arn,
        "account": policy.account,
        "name": policy.name,
        "folded": folded(policy.name),
        "path": policy.path,
        "unique_id": policy.unique_id,
        "created": policy.created,
        "updated": policy.updated,
        "default_version": policy.default_version,
        "latest": policy.latest,
        "description": policy.description,
        "tags": dict(policy.tags),
    }
