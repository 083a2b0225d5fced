"""Instance profiles. They bear on no decision."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update

from sekisho.directory.queries.conditions import folded, page, starts_with
from sekisho.directory.schema_papers import instance_profiles as profiles
from sekisho.directory.store import Transaction
from sekisho.model.records import InstanceProfile


def add_instance_profile(tx: Transaction, profile: InstanceProfile) -> None:
    tx.connection.execute(insert(profiles).values(written(profile)))


def get_instance_profile(tx: Transaction, account: str, name: str) -> InstanceProfile | None:
    wanted = select(profiles).where(
        profiles.c.account == account, profiles.c.folded == folded(name)
    )
    row = tx.connection.execute(wanted).first()
    return None if row is None else record(row)


def list_instance_profiles(
    tx: Transaction, account: str, path_prefix: str, after: str | None, limit: int
) -> list[InstanceProfile]:
    wanted = select(profiles).where(
        profiles.c.account == account, starts_with(profiles.c.path, path_prefix)
    )
    return [record(row) for row in page(tx, wanted, profiles, after, limit)]


def list_instance_profiles_of(
    tx: Transaction, role_id: str, after: str | None, limit: int
) -> list[InstanceProfile]:
    """Those that a role is in."""
    wanted = select(profiles).where(profiles.c.role_id == role_id)
    return [record(row) for row in page(tx, wanted, profiles, after, limit)]


def update_instance_profile(tx: Transaction, profile: InstanceProfile) -> None:
    """Replace the profile of this unique id."""
    tx.connection.execute(
        update(profiles).where(profiles.c.unique_id == profile.unique_id).values(written(profile))
    )


def remove_instance_profile(tx: Transaction, profile: InstanceProfile) -> None:
    tx.connection.execute(delete(profiles).where(profiles.c.unique_id == profile.unique_id))


def record(row: Sequence[Any]) -> InstanceProfile:
    unique_id, account, name, _, path, created, role_id, tags = row
    return InstanceProfile(account, name, path, unique_id, created, role_id or "", tags)


def written(profile: InstanceProfile) -> dict[str, Any]:
    return {
        "account": profile.account,
        "name": profile.name,
        "folded": folded(profile.name),
        "path": profile.path,
        "unique_id": profile.unique_id,
        "created": profile.created,
        "role_id": profile.role_id or None,
        "tags": dict(profile.tags),
    }
