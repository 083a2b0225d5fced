"""Records to put into a directory."""

import secrets
from collections.abc import Mapping

from sekisho.model.identifiers import (
    GROUP,
    LONG_TERM_KEY,
    POLICY,
    ROLE,
    USER,
    new_access_key_id,
    new_canonical_id,
    new_secret_access_key,
    new_unique_id,
)
from sekisho.model.records import (
    AccessKey,
    Account,
    Bucket,
    Group,
    ManagedPolicy,
    MfaDevice,
    PolicyVersion,
    Role,
    StoredDocument,
    StoredObject,
    User,
)

ACCOUNT, OTHER = "111122223333", "444455556666"
CANONICAL = {ACCOUNT: new_canonical_id(), OTHER: new_canonical_id()}
NO_TAGS: Mapping[str, str] = {}


def account(account_id: str) -> Account:
    return Account(account_id, f"name of {account_id}", 1_700_000_000, CANONICAL[account_id])


def user(name: str, path: str = "/", boundary: str = "", tags: Mapping[str, str] = NO_TAGS) -> User:
    return User(ACCOUNT, name, path, new_unique_id(USER), 1_700_000_000, boundary, tags)


def group(name: str) -> Group:
    return Group(ACCOUNT, name, "/", new_unique_id(GROUP), 1_700_000_000)


def role(name: str) -> Role:
    trust = StoredDocument("{}")
    return Role(ACCOUNT, name, "/", new_unique_id(ROLE), 1_700_000_000, trust)


def policy(name: str, path: str = "/") -> ManagedPolicy:
    return ManagedPolicy(ACCOUNT, name, path, new_unique_id(POLICY), 1_700_000_000, 1_700_000_000)


def version(of: ManagedPolicy, number: int) -> PolicyVersion:
    return PolicyVersion(of.arn, f"v{number}", f'{{"number": {number}}}', 1_700_000_000 + number)


def access_key(owner: str) -> AccessKey:
    return AccessKey(
        new_access_key_id(LONG_TERM_KEY, ACCOUNT),
        ACCOUNT,
        owner,
        1_700_000_000,
        secret=new_secret_access_key(),
    )


def device(name: str) -> MfaDevice:
    return MfaDevice(ACCOUNT, name, "/", 1_700_000_000, name.encode())


def bucket(name: str) -> Bucket:
    return Bucket(name, ACCOUNT, "us-east-1", 1_700_000_000)


def stored(bucket_name: str, key: str) -> StoredObject:
    blob = secrets.token_hex(16)
    return StoredObject(bucket_name, key, blob, 3, "e" * 32, 1_700_000_000)
