"""Login profiles: the passwords of users, hashed."""

from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from sekisho.directory.schema_papers import login_profiles
from sekisho.directory.store import Transaction
from sekisho.model.credentials import LoginProfile


def add_login_profile(tx: Transaction, profile: LoginProfile) -> None:
    tx.connection.execute(insert(login_profiles).values(written(profile)))


def get_login_profile(tx: Transaction, owner: str) -> LoginProfile | None:
    row = tx.connection.execute(
        select(login_profiles).where(login_profiles.c.owner == owner)
    ).first()
    return None if row is None else record(row)


def update_login_profile(tx: Transaction, profile: LoginProfile) -> None:
    tx.connection.execute(
        update(login_profiles)
        .where(login_profiles.c.owner == profile.owner)
        .values(written(profile))
    )


def remove_login_profile(tx: Transaction, owner: str) -> bool:
    """Whether there was one."""
    done = tx.connection.execute(delete(login_profiles).where(login_profiles.c.owner == owner))
    return done.rowcount > 0


def record(row: Row[Any]) -> LoginProfile:
    return LoginProfile(
        account=row.account,
        owner=row.owner,
        created=row.created,
        changed=row.changed,
        reset=row.reset,
        hashed=row.hashed,
        earlier=tuple(row.earlier),
    )


def written(profile: LoginProfile) -> dict[str, Any]:
    return {
        "account": profile.account,
        "owner": profile.owner,
        "created": profile.created,
        "changed": profile.changed,
        "reset": profile.reset,
        "hashed": profile.hashed,
        "earlier": list(profile.earlier),
    }
