"""Every policy that bears on a question, compiled, in memory, and never older than the directory.

Entries are kept by account and dropped when the changes feed names that account, or the entity
that they are of. That something is not there is kept as well, so that looking for it costs the same
as finding it (W-141). A value that was read while its account changed is handed out once, to the
request that overlapped the change, and not kept.

What strangers can name without end, keys and buckets that do not exist, has a shelf of its own, so
that it never costs others theirs. So has what a session brings. Roles and accounts that exist stand
with those that do not: were only these dropped, time would tell which is which.
"""

import threading
from collections.abc import Callable, Set
from typing import TypeVar

from sekisho.access.held import (
    Grants,
    HeldBucket,
    HeldRole,
    HeldUser,
    load_bucket,
    load_role,
    load_role_by_id,
    load_session_policies,
    load_user,
)
from sekisho.access.membership import Membership, load_membership
from sekisho.access.shelf import OF_ENTITIES, Entry, Key, Shelf
from sekisho.directory.queries import accounts, keys
from sekisho.directory.store import Directory, Transaction
from sekisho.model.arn import iam_arn, is_aws_policy
from sekisho.model.records import AccessKey, Account
from sekisho.policy import CompiledPolicySet, Evidence

# Weights are characters of policy text; compiled, a character takes some 25 bytes.
MOST_WEIGHT = 9_000_000
MOST_UNTOLD = 4_000_000
MOST_OF_SESSIONS = 2_000_000
MOST_ABSENT = 1_000_000
LEAST_WEIGHT = 500
HEAVY = 40_000
MOST_TOIL = 4_000
MOST_UNITED = 4096

# Kinds of which nobody is told whether there is one.
UNTOLD = ("role", "account", "membership")

Kept = TypeVar("Kept")
Levels = tuple[CompiledPolicySet, ...]
Parts = tuple[Grants, CompiledPolicySet | None, CompiledPolicySet | None, bool, Levels, Levels]


class WouldWait(Exception):
    """Something must be loaded, or is large, and this thread is not to be held up."""


class EvidenceStore:
    """Principals, keys, roles and buckets with their policies, loaded when first asked for."""

    def __init__(
        self, directory: Directory, memory: "Memory | None" = None, tx: Transaction | None = None
    ) -> None:
        """memory, tx: as `within` gives them."""
        self._directory = directory
        self._memory = memory or Memory(directory)
        self._tx = tx

    def within(self, tx: Transaction) -> "EvidenceStore":
        """The same as a transaction must see it: with what others wrote who share its commit."""
        return EvidenceStore(self._directory, self._memory, tx)

    def never_hold_up(self, thread: int) -> None:
        """From now on the thread of this id gets WouldWait where it would have to wait."""
        self._memory.hurried = thread

    def must_hurry(self) -> bool:
        """Whether this is the thread that is never held up."""
        return threading.get_ident() == self._memory.hurried

    def take_time(self) -> None:
        """Say that what comes next may wait. Raises WouldWait on the thread that never does."""
        self._memory.take_time()

    def refresh(self) -> None:
        """Forget what has changed since; called once at the start of each request."""
        self._memory.refresh()

    def user(self, account: str, user_id: str) -> HeldUser | None:
        return self._find(account, ("user", user_id), lambda tx: load_user(tx, account, user_id))

    def role(self, account: str, name: str) -> HeldRole | None:
        """A role by its name, which is case-sensitive here (PE-218, W-162)."""
        return self._find(account, ("role", name), lambda tx: load_role(tx, account, name))

    def role_by_id(self, account: str, role_id: str) -> HeldRole | None:
        return self._find(
            account, ("role id", role_id), lambda tx: load_role_by_id(tx, account, role_id)
        )

    def access_key(self, account: str, access_key_id: str) -> AccessKey | None:
        return self._find(
            account, ("key", access_key_id), lambda tx: keys.get_access_key(tx, access_key_id)
        )

    def account(self, account: str) -> Account | None:
        return self._find(
            account, ("account", account), lambda tx: accounts.get_account(tx, account)
        )

    def membership(self, account: str) -> Membership | None:
        """An account's place in its organization; None if it is in none, or there is no such."""
        return self._find(account, ("membership", account), lambda tx: load_membership(tx, account))

    def bucket(self, name: str) -> HeldBucket | None:
        """A bucket by its name; kept under the empty account, since its name is nobody's."""
        return self._find("", ("bucket", name), lambda tx: load_bucket(tx, name))

    def session_policies(
        self, account: str, session_arn: str, inline: str, arns: tuple[str, ...]
    ) -> CompiledPolicySet:
        """The policies passed for a session of this account.

        Those of other accounts are not read; AWS's own are everyone's.
        """
        own = iam_arn(account, "policy", "/", "")
        arns = tuple(arn for arn in arns if arn.startswith(own) or is_aws_policy(arn))
        held = self._find(
            account,
            ("session", session_arn, inline, *arns),
            lambda tx: load_session_policies(tx, session_arn, inline, arns),
        )
        assert held is not None
        return held.policies

    def unite(
        self,
        grants: Grants,
        resource: CompiledPolicySet | None,
        session: CompiledPolicySet | None,
        *,
        is_trust: bool,
        scps: Levels = (),
        rcps: Levels = (),
    ) -> Evidence:
        """All that bears on a question; kept until something changes, with what it has found out.

        resource: the resource's own policy; is_trust: whether that is a role's trust policy. scps,
        rcps: the control policies that apply, level by level.
        """
        return self._memory.unite((grants, resource, session, is_trust, scps, rcps))

    def _find(
        self, account: str, key: Key, load: Callable[[Transaction], Kept | None]
    ) -> Kept | None:
        tx = self._tx
        if tx is not None and concerns(tx.unsettled, account, key):
            self.take_time()
            return load(tx)
        return self._memory.keep(account, key, load)


def concerns(changed: Set[tuple[str, str]], account: str, key: Key) -> bool:
    """Whether an entry is among what has changed, as the feed would name it."""
    return (account, "") in changed or (key[0] in OF_ENTITIES and (account, key[1]) in changed)


class Memory:
    """What is held, and how it is kept fresh. hurried: the thread that is never held up."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._changes = directory.watch()
        self._lock = threading.Lock()
        self._there = Shelf(MOST_WEIGHT)
        self._absent = Shelf(MOST_ABSENT)
        untold = Shelf(MOST_UNTOLD)
        self._apart = dict.fromkeys(UNTOLD, untold) | {"session": Shelf(MOST_OF_SESSIONS)}
        self._shelves = (self._there, self._absent, untold, self._apart["session"])
        self._generations: dict[str, int] = {}
        self._generation = 0
        self._united: dict[Parts, Evidence] = {}
        self.hurried: int | None = None

    def take_time(self) -> None:
        if threading.get_ident() == self.hurried:
            raise WouldWait

    def unite(self, parts: Parts) -> Evidence:
        united = self._united.get(parts)
        if united is None:
            grants, resource, session, is_trust, scps, rcps = parts
            united = Evidence(
                identity=grants.identity,
                resource=resource,
                boundary=grants.boundary,
                session=session,
                scps=scps,
                rcps=rcps,
                requires_resource_allow=is_trust,
            )
            if len(self._united) >= MOST_UNITED:
                self._united = {}
            self._united[parts] = united
        return united

    def refresh(self) -> None:
        with self._lock:
            # Asking and forgetting are one: nobody may hear that nothing has changed before what
            # has changed is forgotten.
            changed = self._changes.poll()
            if changed.nothing:
                return
            if changed.everything:
                self._forget_everything()
            for account, entity in changed.named:
                self._forget(account, entity)

    def keep(
        self, account: str, key: Key, load: Callable[[Transaction], Kept | None]
    ) -> Kept | None:
        entries = self._apart.get(key[0], self._there).entries.get(account)
        entry = None if entries is None else entries.get(key)
        if entry is None:
            absent = self._absent.entries.get(account)
            entry = None if absent is None else absent.get(key)
        if entry is None or entry.is_heavy:
            self.take_time()
            if entry is None:
                entry = self._load(account, key, load)
        value: Kept | None = entry.value
        return value

    def _load(self, account: str, key: Key, load: Callable[[Transaction], object | None]) -> Entry:
        before = (self._generation, self._generations.get(account, 0))
        with self._directory.reading() as tx:
            found = load(tx)
        weight = LEAST_WEIGHT + sum(map(len, key)) + getattr(found, "weight", 0)
        is_heavy = weight > HEAVY or getattr(found, "toil", 0) > MOST_TOIL
        entry = Entry(found, weight, is_heavy)
        with self._lock:
            if before == (self._generation, self._generations.get(account, 0)):
                self._put(account, key, entry)
        return entry

    def _put(self, account: str, key: Key, entry: Entry) -> None:
        at_home = self._there if entry.value is not None else self._absent
        shelf = self._apart.get(key[0], at_home)
        if shelf.put(account, key, entry) and shelf is not self._absent:
            self._united = {}

    def _forget(self, account: str, entity: str) -> None:
        """Forget what is known of an entity, or of all of an account if none is named."""
        self._generations[account] = self._generations.get(account, 0) + 1
        dropped = [shelf.drop(account, entity) for shelf in self._shelves]
        if any(dropped):
            # For its weight alone: it is found by its parts, which are others when read again.
            self._united = {}

    def _forget_everything(self) -> None:
        for shelf in self._shelves:
            shelf.clear()
        self._united = {}
        self._generations = {}
        self._generation += 1
