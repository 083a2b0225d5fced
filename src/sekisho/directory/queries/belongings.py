"""What hangs on a user, all of it asked at once."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, exists, or_, select

from sekisho.directory.prepared import Prepared
from sekisho.directory.schema import access_keys, attachments, devices, inline_policies, members
from sekisho.directory.schema_papers import (
    login_profiles,
    service_credentials,
    signing_certificates,
    ssh_keys,
)
from sekisho.directory.store import Transaction

PAPERS = (ssh_keys, signing_certificates, service_credentials)


class Belongings(NamedTuple):
    """Whether a user has any of each."""

    attached: bool
    inline: bool
    groups: bool
    password: bool
    keys: bool
    devices: bool
    papers: bool


def has(owner: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(owner == bindparam("of"))


ANY: Sequence[ColumnElement[Any]] = (
    has(attachments.c.owner_id),
    has(inline_policies.c.owner_id),
    has(members.c.user_id),
    has(login_profiles.c.owner),
    has(access_keys.c.owner),
    has(devices.c.owner),
    or_(*(has(table.c.owner) for table in PAPERS)),
)
ASK = Prepared(select(*ANY))


def belongings(tx: Transaction, user_id: str) -> Belongings:
    """Of the user of this unique id."""
    return Belongings(*tx.run(ASK, {"of": user_id})[0])
