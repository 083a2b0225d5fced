"""What every engine of the directory must do; each `prove_` takes an open, empty directory."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import pytest

from directory import round_trips, round_trips_of_organizations, round_trips_of_papers
from directory.round_trips import found
from directory.samples import (
    ACCOUNT,
    OTHER,
    access_key,
    account,
    bucket,
    device,
    group,
    policy,
    role,
    stored,
    user,
    version,
)
from sekisho.directory.queries import (
    accounts,
    attachments,
    buckets,
    devices,
    groups,
    inline,
    keys,
    objects,
    policies,
    roles,
    users,
)
from sekisho.directory.store import Directory, Duplicate, Transaction
from sekisho.model.records import InlinePolicy, Owner

Proof = Callable[[Directory], None]
Write = Callable[[Transaction], object]


class Named(Protocol):
    @property
    def name(self) -> str: ...


Listing = Callable[[Transaction, str | None, int], Sequence[Named]]


class Undone(Exception):
    pass


# Names.


def prove_names_are_unique_ignoring_case_per_account_and_kind(directory: Directory) -> None:
    """W-162: `Admin` fails beside `ADMIN`; another account or another kind may have it."""
    found(directory)
    first, second = policy("Admin"), policy("ADMIN", path="/other/")
    with directory.writing() as tx:
        users.add_user(tx, user("Admin"))
        groups.add_group(tx, group("Admin"))
        roles.add_role(tx, role("Admin"))
        policies.add_policy(tx, first, version(first, 1))
        users.add_user(tx, replace(user("Admin"), account=OTHER))
    takes: list[Write] = [
        lambda tx: users.add_user(tx, user("ADMIN", path="/x/")),
        lambda tx: groups.add_group(tx, group("aDMIN")),
        lambda tx: roles.add_role(tx, role("admin")),
        lambda tx: policies.add_policy(tx, second, version(second, 1)),
        lambda tx: accounts.add_account(tx, account(ACCOUNT)),
    ]
    for take in takes:
        with pytest.raises(Duplicate), directory.writing() as tx:
            take(tx)
    with directory.reading() as tx:
        kept = users.get_user(tx, ACCOUNT, "aDmIn")
        assert kept is not None
        assert (kept.name, kept.path) == ("Admin", "/")


def prove_renaming_may_change_case_but_not_take_a_name(directory: Directory) -> None:
    found(directory)
    alice, bob = user("alice"), user("bob")
    with directory.writing() as tx:
        users.add_user(tx, alice)
        users.add_user(tx, bob)
        users.update_user(tx, replace(alice, name="ALICE"))
    with pytest.raises(Duplicate), directory.writing() as tx:
        users.update_user(tx, replace(bob, name="Alice"))
    with directory.reading() as tx:
        assert [each.name for each in users.list_users(tx, ACCOUNT, "/", None, 9)] == [
            "ALICE",
            "bob",
        ]


def prove_a_bucket_name_belongs_to_one_account(directory: Directory) -> None:
    found(directory)
    with directory.writing() as tx:
        buckets.add_bucket(tx, bucket("shared"))
    with pytest.raises(Duplicate), directory.writing() as tx:
        buckets.add_bucket(tx, replace(bucket("shared"), account=OTHER))


def prove_a_transaction_goes_on_after_a_duplicate(directory: Directory) -> None:
    found(directory)
    with directory.writing() as tx:
        users.add_user(tx, user("alice"))
        with pytest.raises(Duplicate):
            users.add_user(tx, user("Alice"))
        users.add_user(tx, user("bob"))
    with directory.reading() as tx:
        assert len(users.list_users(tx, ACCOUNT, "/", None, 9)) == 2


# Lists.


def prove_pages_meet_without_gap_or_overlap(directory: Directory) -> None:
    found(directory)
    names = ["a", "B", "c", "D", "e-1", "E_2", "f.", "G"]
    with directory.writing() as tx:
        for name in reversed(names):
            users.add_user(tx, user(name))
            groups.add_group(tx, group(name))
            roles.add_role(tx, role(name))
            made = policy(name)
            policies.add_policy(tx, made, version(made, 1))
    listings: dict[str, Listing] = {
        "users": lambda tx, after, most: users.list_users(tx, ACCOUNT, "/", after, most),
        "groups": lambda tx, after, most: groups.list_groups(tx, ACCOUNT, "/", after, most),
        "roles": lambda tx, after, most: roles.list_roles(tx, ACCOUNT, "/", after, most),
        "policies": lambda tx, after, most: policies.list_policies(tx, ACCOUNT, "/", after, most),
    }
    with directory.reading() as tx:
        for kind, listing in listings.items():
            for size in range(1, len(names) + 2):
                assert walk(tx, listing, size) == sorted(names, key=str.lower), (kind, size)


def walk(tx: Transaction, listing: Listing, size: int) -> list[str]:
    """All names, page by page, each page after the last name of the one before."""
    names: list[str] = []
    while rows := listing(tx, names[-1] if names else None, size):
        assert len(rows) <= size
        names += [row.name for row in rows]
    return names


def prove_path_prefixes_heed_case_and_every_character(directory: Directory) -> None:
    found(directory)
    paths = ("/", "/ops/", "/Ops/", "/o%s/", "/o_s/", "/ops/db/")
    with directory.writing() as tx:
        for number, path in enumerate(paths):
            users.add_user(tx, user(f"u{number}", path=path))
    cases = {
        "/": set(paths),
        "/ops/": {"/ops/", "/ops/db/"},
        "/Ops/": {"/Ops/"},
        "/o%": {"/o%s/"},
        "/o_": {"/o_s/"},
        "/x": set(),
    }
    with directory.reading() as tx:
        for prefix, wanted in cases.items():
            listed = users.list_users(tx, ACCOUNT, prefix, None, 99)
            assert {each.path for each in listed} == wanted, prefix


def prove_objects_are_listed_by_utf8_bytes(directory: Directory) -> None:
    """W-313; U+FF5E sorts before U+1F600 in UTF-8, and after it in UTF-16."""
    found(directory)
    names = ["a", "A", "a/", "a/b", "a0", "\uff5e", "\U0001f600", "é", "z", "\U0010ffff", "a\x00"]
    with directory.writing() as tx:
        buckets.add_bucket(tx, bucket("b"))
        buckets.add_bucket(tx, bucket("c"))
        for name in names:
            objects.put_object(tx, stored("b", name))
        objects.put_object(tx, stored("c", "elsewhere"))
    ordered = sorted(names, key=str.encode)

    def listed(prefix: str, after: str | None, limit: int = 99, past: str = "") -> list[str]:
        with directory.reading() as tx:
            found = objects.list_objects(tx, "b", prefix, after, limit, past_prefix=past)
        return [each.key for each in found]

    assert listed("", None) == ordered
    assert listed("", None, limit=3) == ordered[:3]
    assert listed("a", None) == [name for name in ordered if name.startswith("a")]
    assert listed("a", "a/") == ["a/b", "a0"]
    assert listed("\U0010ffff", None) == ["\U0010ffff"]
    for after in names:
        assert listed("", after) == ordered[ordered.index(after) + 1 :]
    assert listed("", "a", past="a/") == ordered[ordered.index("a0") :]
    assert listed("", None, past="\U0010ffff") == []


# Transactions.


def prove_rollback_leaves_nothing(directory: Directory) -> None:
    found(directory)
    watcher = directory.watch()
    done: list[str] = []
    with pytest.raises(Undone), directory.writing() as tx:
        users.add_user(tx, user("alice"))
        keys.add_access_key(tx, access_key("AIDAX"))
        tx.after_commit(lambda: done.append("never"))
        raise Undone
    with directory.reading() as tx:
        assert users.list_users(tx, ACCOUNT, "/", None, 9) == []
        assert keys.count_access_keys(tx, ACCOUNT, "AIDAX") == 0
    assert watcher.poll().nothing
    assert done == []


def prove_a_reader_sees_one_state(directory: Directory) -> None:
    found(directory)
    with directory.reading() as before:
        assert users.get_user(before, ACCOUNT, "alice") is None
        with directory.writing() as tx:
            users.add_user(tx, user("alice"))
        assert users.get_user(before, ACCOUNT, "alice") is None
    with directory.reading() as after:
        assert users.get_user(after, ACCOUNT, "alice") is not None


def prove_a_reader_cannot_write(directory: Directory) -> None:
    found(directory)
    with pytest.raises(Exception, match="readonly"), directory.reading() as tx:
        users.add_user(tx, user("alice"))


def prove_a_transaction_ends_with_its_block(directory: Directory) -> None:
    with directory.reading() as reader:
        pass
    with directory.writing() as writer:
        pass
    for tx in (reader, writer):
        with pytest.raises(RuntimeError):
            _ = tx.connection


def prove_writing_inside_writing_is_refused_at_once(directory: Directory) -> None:
    with directory.writing(), pytest.raises(RuntimeError), directory.writing():
        pass


def prove_what_waits_for_the_commit_cannot_undo_it(directory: Directory) -> None:
    found(directory)
    done: list[str] = []

    def fail() -> None:
        raise Undone

    with directory.writing() as tx:
        users.add_user(tx, user("alice"))
        tx.after_commit(fail)
        tx.after_commit(lambda: done.append("next"))
    assert done == ["next"]
    with directory.reading() as tx:
        assert users.get_user(tx, ACCOUNT, "alice") is not None


def prove_foreign_keys_hold(directory: Directory) -> None:
    found(directory)
    staff, alice = group("staff"), user("alice")
    with directory.writing() as tx:
        users.add_user(tx, alice)
        groups.add_group(tx, staff)
        groups.add_member(tx, staff, alice)
    breaches: list[Write] = [
        lambda tx: users.remove_user(tx, alice),
        lambda tx: groups.remove_group(tx, staff),
        lambda tx: objects.put_object(tx, stored("no-such-bucket", "k")),
    ]
    for breach in breaches:
        with pytest.raises(Exception, match="FOREIGN KEY") as raised, directory.writing() as tx:
            breach(tx)
        assert not isinstance(raised.value, Duplicate)


# The feed.


def prove_every_write_that_bears_on_decisions_is_told(directory: Directory) -> None:
    found(directory)
    watcher = directory.watch()
    alice, staff, deploy, read = user("alice"), group("staff"), role("deploy"), policy("read")
    key, phone, store = access_key(alice.unique_id), device("phone"), bucket("b")
    attached = (ACCOUNT, alice.unique_id)
    writes: list[Write] = [
        lambda tx: users.add_user(tx, alice),
        lambda tx: users.update_user(tx, alice),
        lambda tx: groups.add_group(tx, staff),
        lambda tx: groups.update_group(tx, staff),
        lambda tx: groups.add_member(tx, staff, alice),
        lambda tx: groups.remove_member(tx, staff, alice),
        lambda tx: groups.remove_group(tx, staff),
        lambda tx: roles.add_role(tx, deploy),
        lambda tx: roles.update_role(tx, deploy),
        lambda tx: roles.remove_role(tx, deploy),
        lambda tx: policies.add_policy(tx, read, version(read, 1)),
        lambda tx: policies.add_version(tx, version(read, 2)),
        lambda tx: policies.update_policy(tx, replace(read, default_version="v2", latest=2)),
        lambda tx: policies.remove_version(tx, read.arn, "v1"),
        lambda tx: attachments.attach(tx, *attached, Owner.USER, read.arn),
        lambda tx: attachments.detach(tx, *attached, read.arn),
        lambda tx: policies.remove_policy(tx, read),
        lambda tx: inline.put_inline(tx, *attached, InlinePolicy("i", "{}")),
        lambda tx: inline.remove_inline(tx, *attached, "i"),
        lambda tx: keys.add_access_key(tx, key),
        lambda tx: keys.set_access_key_active(tx, key.id, False),
        lambda tx: keys.remove_access_key(tx, key.id),
        lambda tx: devices.add_device(tx, phone),
        lambda tx: devices.update_device(tx, phone),
        lambda tx: devices.remove_device(tx, phone),
        lambda tx: users.remove_user(tx, alice),
    ]
    for number, write in enumerate(writes):
        with directory.writing() as tx:
            write(tx)
        assert watcher.poll().accounts == {ACCOUNT}, number
        assert watcher.poll().nothing, number
    bucket_writes: list[Write] = [
        lambda tx: buckets.add_bucket(tx, store),
        lambda tx: buckets.update_bucket(tx, store),
        lambda tx: buckets.remove_bucket(tx, store),
    ]
    for write in bucket_writes:
        with directory.writing() as tx:
            write(tx)
        assert "" in watcher.poll().accounts


def prove_objects_and_steps_are_told_to_nobody(directory: Directory) -> None:
    found(directory)
    with directory.writing() as tx:
        buckets.add_bucket(tx, bucket("b"))
        devices.add_device(tx, device("phone"))
    watcher = directory.watch()
    with directory.writing() as tx:
        objects.put_object(tx, stored("b", "k"))
        devices.advance_device(tx, device("phone").serial, 7)
    assert watcher.poll().nothing


PROOFS: dict[str, Proof] = {
    name: thing
    for name, thing in [
        *vars(round_trips).items(),
        *vars(round_trips_of_papers).items(),
        *vars(round_trips_of_organizations).items(),
        *list(globals().items()),
    ]
    if name.startswith("prove_")
}
