"""Every policy that bears on a question, compiled, in memory, and never older than the directory.

Entries are kept by account and dropped when the changes feed names that account. A value that was
read while its account changed is handed out once, to the request that overlapped the change, and
not kept.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from sekisho.access.context import ContextValue, principal_context, principal_tags
from sekisho.directory.queries import (
    accounts,
    attachments,
    buckets,
    groups,
    inline,
    keys,
    roles,
    users,
)
from sekisho.directory.queries import policies as managed
from sekisho.directory.store import Directory, Transaction
from sekisho.model.arn import iam_arn
from sekisho.model.principal import Principal, user_principal
from sekisho.model.records import AccessKey, Account, Bucket, Role, StoredDocument, User
from sekisho.policy import CompiledPolicySet, Layer, Policy, Source, compile_set, parse_policy

MOST_ENTRIES = 100_000
EVERY = 1_000_000

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Grants:
    """What limits and grants on the principal's own side. boundary: None where none is set."""

    identity: CompiledPolicySet
    boundary: CompiledPolicySet | None


@dataclass(frozen=True, slots=True)
class HeldUser:
    """context: the condition keys that the user brings to every request."""

    user: User
    grants: Grants
    principal: Principal
    context: Mapping[str, ContextValue]


@dataclass(frozen=True, slots=True)
class HeldRole:
    role: Role
    grants: Grants
    trust: CompiledPolicySet


@dataclass(frozen=True, slots=True)
class HeldBucket:
    """policy: None where the bucket has none."""

    bucket: Bucket
    policy: CompiledPolicySet | None


@lru_cache(maxsize=4096)
def read_policy(text: str) -> Policy:
    """A stored policy, parsed; equal texts are parsed once."""
    return parse_policy(text)


class EvidenceStore:
    """Principals, keys, roles and buckets with their policies, loaded when first asked for."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._changes = directory.watch()
        self._lock = threading.Lock()
        self._entries: dict[str, dict[tuple[str, str], object]] = {}
        self._generations: dict[str, int] = {}
        self._generation = 0
        self._size = 0

    def user(self, account: str, user_id: str) -> HeldUser | None:
        return self._keep(account, ("user", user_id), lambda tx: load_user(tx, account, user_id))

    def role(self, account: str, name: str) -> HeldRole | None:
        """A role by its name, which is case-sensitive here (PE-218, W-162)."""
        found = self._keep(account, ("role", name), lambda tx: load_role(tx, account, name))
        return found if found is None or found.role.name == name else None

    def role_by_id(self, account: str, role_id: str) -> HeldRole | None:
        return self._keep(
            account, ("role id", role_id), lambda tx: load_role_by_id(tx, account, role_id)
        )

    def access_key(self, account: str, access_key_id: str) -> AccessKey | None:
        return self._keep(
            account, ("key", access_key_id), lambda tx: keys.get_access_key(tx, access_key_id)
        )

    def account(self, account: str) -> Account | None:
        return self._keep(
            account, ("account", account), lambda tx: accounts.get_account(tx, account)
        )

    def managed_policy(self, account: str, arn: str) -> Policy | None:
        """The default version of a managed policy of this very account; None if it is not."""
        if not arn.startswith(iam_arn(account, "policy", "/", "")):
            return None
        return self._keep(account, ("policy", arn), lambda tx: load_policy(tx, arn))

    def bucket(self, name: str) -> HeldBucket | None:
        """A bucket by its name; kept under the empty account, which every bucket change touches."""
        return self._keep("", ("bucket", name), lambda tx: load_bucket(tx, name))

    def refresh(self) -> None:
        """Forget what has changed since; called once at the start of each request."""
        with self._lock:
            # Asking and forgetting are one: nobody may hear that nothing has changed before what
            # has changed is forgotten.
            changed = self._changes.poll()
            if changed.nothing:
                return
            if changed.everything:
                self._forget_everything()
            else:
                for account in changed.accounts:
                    self._forget(account)

    def _keep(
        self, account: str, key: tuple[str, str], load: Callable[[Transaction], Kept | None]
    ) -> Kept | None:
        entries = self._entries.get(account)
        if entries is not None:
            kept = entries.get(key)
            if kept is not None:
                return kept  # type: ignore[return-value]
        before = (self._generation, self._generations.get(account, 0))
        with self._directory.reading() as tx:
            found = load(tx)
        if found is not None:
            with self._lock:
                if before == (self._generation, self._generations.get(account, 0)):
                    self._put(account, key, found)
        return found

    def _put(self, account: str, key: tuple[str, str], found: object) -> None:
        if self._size >= MOST_ENTRIES:
            self._forget_everything()
        self._entries.setdefault(account, {})[key] = found
        self._size += 1

    def _forget(self, account: str) -> None:
        self._size -= len(self._entries.pop(account, ()))
        self._generations[account] = self._generations.get(account, 0) + 1

    def _forget_everything(self) -> None:
        self._entries = {}
        self._generations = {}
        self._generation += 1
        self._size = 0


def load_user(tx: Transaction, account: str, user_id: str) -> HeldUser | None:
    user = users.get_user_by_id(tx, account, user_id)
    if user is None:
        return None
    documents = [*documents_of(tx, user.unique_id, user.arn)]
    for group in groups.list_groups_of(tx, user, None, EVERY):
        documents += documents_of(tx, group.unique_id, group.arn)
    principal = user_principal(account, user.arn, user.unique_id, user.name)
    return HeldUser(
        user,
        Grants(compile_set(documents), boundary_of(tx, user.boundary, user.arn)),
        principal,
        {**principal_context(principal), **principal_tags(user.tags, None)},
    )


def load_role(tx: Transaction, account: str, name: str) -> HeldRole | None:
    role = roles.get_role(tx, account, name)
    return None if role is None else hold_role(tx, role)


def load_role_by_id(tx: Transaction, account: str, role_id: str) -> HeldRole | None:
    role = roles.get_role_by_id(tx, account, role_id)
    return None if role is None else hold_role(tx, role)


def hold_role(tx: Transaction, role: Role) -> HeldRole:
    return HeldRole(
        role,
        Grants(
            compile_set(documents_of(tx, role.unique_id, role.arn)),
            boundary_of(tx, role.boundary, role.arn),
        ),
        compile_stored(role.trust, Source(Layer.TRUST, "trust policy", role.arn)),
    )


def load_bucket(tx: Transaction, name: str) -> HeldBucket | None:
    bucket = buckets.get_bucket(tx, name)
    if bucket is None:
        return None
    if bucket.policy is None:
        return HeldBucket(bucket, None)
    source = Source(Layer.RESOURCE, "bucket policy", f"arn:aws:s3:::{name}")
    return HeldBucket(bucket, compile_stored(bucket.policy, source))


def load_policy(tx: Transaction, arn: str) -> Policy | None:
    version = managed.default_version(tx, arn)
    return None if version is None else read_policy(version.text)


def documents_of(tx: Transaction, owner_id: str, arn: str) -> Iterable[tuple[Source, Policy]]:
    """The inline and attached policies of one user, group or role (PE-91)."""
    for policy in inline.list_inline(tx, owner_id):
        yield Source(Layer.IDENTITY, policy.name, arn), read_policy(policy.text)
    for attached in attachments.list_attached(tx, owner_id, "/", None, EVERY):
        document = load_policy(tx, attached.arn)
        if document is not None:
            yield Source(Layer.IDENTITY, attached.arn, arn), document


def boundary_of(tx: Transaction, boundary: str, arn: str) -> CompiledPolicySet | None:
    """The compiled boundary; one whose policy is gone allows nothing rather than everything."""
    if not boundary:
        return None
    policy = load_policy(tx, boundary)
    if policy is None:
        return compile_set(())
    return compile_set([(Source(Layer.BOUNDARY, boundary, arn), policy)])


def compile_stored(document: StoredDocument, source: Source) -> CompiledPolicySet:
    return compile_set([(source, read_policy(document.text))], document.bindings)
