"""Login profiles: the passwords of users, hashed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from sekisho.directory.prepared import Prepared
from sekisho.directory.schema_papers import login_profiles
from sekisho.directory.store import Transaction
from sekisho.model.credentials import LoginProfile

GET = Prepared(select(login_profiles).where(login_profiles.c.owner == bindparam("of")))


def add_login_profile(tx: Transaction, profile: LoginProfile) -> None:
    tx.connection.execute(insert(login_profiles).values(written(profile)))
    tx.changed(profile.account, profile.owner)


def get_login_profile(tx: Transaction, owner: str) -> LoginProfile | None:
    rows = tx.run(GET, {"of": owner})
    return record(rows[0]) if rows else None


def update_login_profile(tx: Transaction, profile: LoginProfile) -> None:
    tx.connection.execute(
        update(login_profiles)
        .where(login_profiles.c.owner == profile.owner)
        .values(written(profile))
    )
    tx.changed(profile.account, profile.owner)


def remove_login_profile(tx: Transaction, account: str, owner: str) -> bool:
    """Whether there was one."""
    done = tx.connection.execute(delete(login_profiles).where(login_profiles.c.owner == owner))
    tx.changed(account, owner)
    return done.rowcount > 0


def record(row: Sequence[Any]) -> LoginProfile:
    owner, account, created, changed, reset, hashed, earlier = row
    return LoginProfile(account, owner, created, changed, reset, hashed, tuple(earlier))


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
