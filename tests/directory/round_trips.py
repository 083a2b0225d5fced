"""What went into the directory comes out, in another transaction."""

from dataclasses import replace

import pytest

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
    details,
    devices,
    groups,
    inline,
    keys,
    objects,
    parts,
    policies,
    roles,
    uploads,
    users,
)
from sekisho.directory.store import Directory, Transaction
from sekisho.model.records import (
    AttachedPolicy,
    InlinePolicy,
    MultipartUpload,
    Owner,
    Part,
    StoredDocument,
    StoredObject,
)


def found(directory: Directory) -> None:
    with directory.writing() as tx:
        accounts.add_account(tx, account(ACCOUNT))
        accounts.add_account(tx, account(OTHER))


def prove_accounts_come_back(directory: Directory) -> None:
    found(directory)
    with directory.reading() as tx:
        assert accounts.get_account(tx, ACCOUNT) == account(ACCOUNT)
        assert accounts.get_account(tx, "999999999999") is None
        assert sorted(each.id for each in accounts.list_accounts(tx)) == [ACCOUNT, OTHER]


def prove_users_come_back(directory: Directory) -> None:
    found(directory)
    made = user("Alice", path="/ops/", boundary="arn:aws:iam::1:policy/b", tags={"z": "1", "a": ""})
    with directory.writing() as tx:
        users.add_user(tx, made)
    with directory.reading() as tx:
        assert users.get_user(tx, ACCOUNT, "Alice") == made
        assert users.get_user_by_id(tx, ACCOUNT, made.unique_id) == made
        assert users.get_user(tx, OTHER, "Alice") is None
        assert users.get_user_by_id(tx, OTHER, made.unique_id) is None
        again = users.get_user(tx, ACCOUNT, "Alice")
        assert again is not None
        assert list(again.tags) == ["z", "a"]
    moved = replace(made, name="Bob", path="/", boundary="", tags={})
    with directory.writing() as tx:
        users.update_user(tx, moved)
    with directory.reading() as tx:
        assert users.get_user(tx, ACCOUNT, "alice") is None
        assert users.get_user_by_id(tx, ACCOUNT, made.unique_id) == moved
    with directory.writing() as tx:
        users.remove_user(tx, moved)
        assert users.get_user(tx, ACCOUNT, "Bob") is None


def prove_groups_and_members_come_back(directory: Directory) -> None:
    found(directory)
    staff, alice, bob = group("Staff"), user("Alice"), user("bob")
    with directory.writing() as tx:
        groups.add_group(tx, staff)
        for each in (bob, alice):
            users.add_user(tx, each)
            groups.add_member(tx, staff, each)
            groups.add_member(tx, staff, each)
    with directory.reading() as tx:
        assert groups.get_group(tx, ACCOUNT, "staff") == staff
        assert groups.get_group_by_id(tx, ACCOUNT, staff.unique_id) == staff
        assert groups.list_members(tx, staff, None, 10) == [alice, bob]
        assert groups.list_members(tx, staff, "ALICE", 10) == [bob]
        assert groups.list_groups_of(tx, alice, None, 10) == [staff]
    with directory.writing() as tx:
        assert groups.remove_member(tx, staff, bob)
        assert not groups.remove_member(tx, staff, bob)
        groups.update_group(tx, replace(staff, name="Crew", path="/c/"))
        assert groups.list_groups(tx, ACCOUNT, "/c/", None, 9) == groups.list_groups_of(
            tx, alice, None, 9
        )
        groups.remove_member(tx, staff, alice)
        groups.remove_group(tx, staff)
        assert groups.get_group(tx, ACCOUNT, "Crew") is None


def prove_roles_come_back(directory: Directory) -> None:
    found(directory)
    made = role("Deploy")
    full = replace(
        made,
        trust=StoredDocument(' {"Version" : 1}\n', {"arn:aws:iam::1:user/a": "AIDAX"}),
        description="",
        max_session=7200,
        boundary="arn:b",
        tags={"k": "ü"},
    )
    with directory.writing() as tx:
        roles.add_role(tx, made)
    with directory.reading() as tx:
        assert roles.get_role(tx, ACCOUNT, "dEPLOY") == made
        assert roles.get_role_by_id(tx, OTHER, made.unique_id) is None
    with directory.writing() as tx:
        roles.update_role(tx, full)
    with directory.reading() as tx:
        assert roles.get_role_by_id(tx, ACCOUNT, made.unique_id) == full
        assert roles.list_roles(tx, ACCOUNT, "/", None, 10) == [full]
    with directory.writing() as tx:
        roles.remove_role(tx, full)
        assert roles.list_roles(tx, ACCOUNT, "/", None, 10) == []


def prove_policies_and_versions_come_back(directory: Directory) -> None:
    found(directory)
    made = policy("Read", path="/p/")
    with directory.writing() as tx:
        policies.add_policy(tx, made, version(made, 1))
        for number in range(2, 12):
            policies.add_version(tx, version(made, number))
        changed = replace(made, default_version="v11", latest=11, updated=99, tags={"t": "u"})
        policies.update_policy(tx, changed)
    with directory.reading() as tx:
        assert policies.get_policy(tx, made.arn) == changed
        assert policies.get_policy(tx, made.arn.upper()) is None
        assert policies.find_policy(tx, ACCOUNT, "READ") == changed
        assert policies.find_policy(tx, OTHER, "Read") is None
        assert policies.default_version(tx, made.arn) == version(made, 11)
        assert policies.get_version(tx, made.arn, "v2") == version(made, 2)
        assert policies.get_version(tx, made.arn, "v12") is None
        names = [each.version for each in policies.list_versions(tx, made.arn)]
        assert names == [f"v{number}" for number in range(11, 0, -1)]
    with directory.writing() as tx:
        policies.remove_version(tx, made.arn, "v2")
        assert policies.get_version(tx, made.arn, "v2") is None
        policies.remove_policy(tx, made)
    with directory.reading() as tx:
        assert policies.get_policy(tx, made.arn) is None
        assert policies.list_versions(tx, made.arn) == []
        assert policies.default_version(tx, made.arn) is None


def prove_attachments_come_back(directory: Directory) -> None:
    found(directory)
    read, write = policy("read", path="/r/"), policy("Write")
    alice, staff = user("alice"), group("staff")
    deploy = replace(role("Deploy"), boundary=write.arn)
    both = [AttachedPolicy(read.arn), AttachedPolicy(write.arn)]
    owners = ((alice.unique_id, Owner.USER), (staff.unique_id, Owner.GROUP))
    with directory.writing() as tx:
        for each in (read, write):
            policies.add_policy(tx, each, version(each, 1))
        users.add_user(tx, alice)
        groups.add_group(tx, staff)
        roles.add_role(tx, deploy)
        for owner_id, kind in owners:
            attachments.attach(tx, ACCOUNT, owner_id, kind, read.arn)
            attachments.attach(tx, ACCOUNT, owner_id, kind, read.arn)
        attachments.attach(tx, ACCOUNT, deploy.unique_id, Owner.ROLE, read.arn)
        attachments.attach(tx, ACCOUNT, deploy.unique_id, Owner.ROLE, write.arn)
    with directory.reading() as tx:
        assert attachments.list_attached(tx, deploy.unique_id, "/", None, 9) == both
        assert attachments.list_attached(tx, deploy.unique_id, "/", read.arn, 9) == both[1:]
        assert attachments.list_attached(tx, deploy.unique_id, "/", None, 1) == both[:1]
        assert attachments.list_attached(tx, deploy.unique_id, "/r/", None, 9) == both[:1]
        assert attachments.count_attached(tx, deploy.unique_id) == 2
        assert attachments.attachment_count(tx, ACCOUNT, read.arn) == 3
        assert attachments.boundary_count(tx, ACCOUNT, write.arn) == 1
        assert attachments.boundary_count(tx, OTHER, write.arn) == 0
        assert attachments.attachment_count(tx, OTHER, read.arn) == 0
        assert details.attachment_counts(tx, ACCOUNT) == {read.arn: 3, write.arn: 1}
        assert details.boundary_counts(tx, ACCOUNT) == {write.arn: 1}
        assert details.attachment_counts(tx, OTHER) == details.boundary_counts(tx, OTHER) == {}
        assert attachments.list_entities(tx, ACCOUNT, read.arn) == [
            (Owner.GROUP, "staff", staff.unique_id, "/"),
            (Owner.ROLE, "Deploy", deploy.unique_id, "/"),
            (Owner.USER, "alice", alice.unique_id, "/"),
        ]
        assert attachments.list_boundary_entities(tx, ACCOUNT, write.arn) == [
            (Owner.ROLE, "Deploy", deploy.unique_id, "/")
        ]
    with directory.writing() as tx:
        assert attachments.detach(tx, ACCOUNT, alice.unique_id, read.arn)
        assert not attachments.detach(tx, ACCOUNT, alice.unique_id, read.arn)
        assert attachments.attachment_count(tx, ACCOUNT, read.arn) == 2


def prove_what_hangs_on_those_from_one_name_to_another_is_found_at_once(
    directory: Directory,
) -> None:
    found(directory)
    alice, bob, carol, dave = (user(name) for name in ("alice", "Bob", "carol", "dave"))
    foreign = replace(user("bob"), account=OTHER)
    staff, admins = group("staff"), group("Admins")
    second, first = (f"arn:aws:iam::{ACCOUNT}:policy/{name}" for name in ("p2", "p1"))
    span = details.Span(Owner.USER, ACCOUNT, "Bob", "Carol")
    with directory.writing() as tx:
        for each in (staff, admins):
            groups.add_group(tx, each)
        for one in (alice, bob, carol, dave, foreign):
            users.add_user(tx, one)
            for name in ("z", "A", "a"):
                inline.put_inline(tx, one.account, one.unique_id, InlinePolicy(name, "{}"))
        for one in (alice, bob, dave):
            for arn in (second, first):
                attachments.attach(tx, ACCOUNT, one.unique_id, Owner.USER, arn)
            for each in (staff, admins):
                groups.add_member(tx, each, one)
    with directory.reading() as tx:
        three = [InlinePolicy(name, "{}") for name in ("A", "a", "z")]
        assert details.inline_of(tx, span) == {bob.unique_id: three, carol.unique_id: three}
        two = [AttachedPolicy(first), AttachedPolicy(second)]
        assert details.attached_to(tx, span) == {bob.unique_id: two}
        assert details.group_names_of(tx, span) == {bob.unique_id: ["Admins", "staff"]}
        assert details.inline_of(tx, span._replace(kind=Owner.ROLE)) == {}
        assert details.profiles_of(tx, span) == []


def prove_inline_policies_are_replaced_without_a_word(directory: Directory) -> None:
    found(directory)
    with directory.writing() as tx:
        inline.put_inline(tx, ACCOUNT, "AIDAX", InlinePolicy("b", "{}"))
        inline.put_inline(tx, ACCOUNT, "AIDAX", InlinePolicy("a", "1"))
        inline.put_inline(tx, ACCOUNT, "AIDAX", InlinePolicy("b", "2"))
    with directory.reading() as tx:
        assert inline.get_inline(tx, "AIDAX", "b") == InlinePolicy("b", "2")
        assert inline.get_inline(tx, "AIDAY", "b") is None
        assert [each.name for each in inline.list_inline(tx, "AIDAX")] == ["a", "b"]
    with directory.writing() as tx:
        assert inline.remove_inline(tx, ACCOUNT, "AIDAX", "b")
        assert not inline.remove_inline(tx, ACCOUNT, "AIDAX", "b")


def prove_access_keys_come_back_and_lists_hide_secrets(directory: Directory) -> None:
    found(directory)
    made = access_key("AIDAX")
    with directory.writing() as tx:
        keys.add_access_key(tx, made)
    with directory.reading() as tx:
        assert keys.get_access_key(tx, made.id) == made
        assert keys.get_access_key(tx, made.id.lower()) is None
        assert keys.list_access_keys(tx, ACCOUNT, "AIDAX") == [replace(made, secret="")]
        assert keys.list_access_keys(tx, OTHER, "AIDAX") == []
        assert keys.count_access_keys(tx, ACCOUNT, "AIDAX") == 1
    with directory.writing() as tx:
        keys.set_access_key_active(tx, made.id, False)
        assert keys.get_access_key(tx, made.id) == replace(made, active=False)
        keys.remove_access_key(tx, made.id)
        assert keys.count_access_keys(tx, ACCOUNT, "AIDAX") == 0


def prove_devices_come_back_and_steps_only_rise(directory: Directory) -> None:
    found(directory)
    made = device("phone")
    with directory.writing() as tx:
        devices.add_device(tx, made)
        devices.add_device(tx, device("tablet"))
    with directory.reading() as tx:
        assert devices.get_device(tx, made.serial) == made
        listed = devices.list_devices(tx, ACCOUNT, None, 1)
        assert listed == [replace(made, seed=b"")]
        others = devices.list_devices(tx, ACCOUNT, made.serial, 9)
        assert others == [replace(device("tablet"), seed=b"")]
        assert devices.list_devices_of(tx, ACCOUNT, "AIDAX") == []
    with directory.writing() as tx, pytest.raises(ValueError, match="listed"):
        devices.update_device(tx, listed[0])
    enabled = replace(made, owner="AIDAX", enabled=5, last_step=10)
    with directory.writing() as tx:
        devices.update_device(tx, enabled)
    for step, is_taken in ((10, False), (9, False), (11, True), (11, False), (12, True)):
        with directory.writing() as tx:
            assert devices.advance_device(tx, made.serial, step) is is_taken, step
    with directory.reading() as tx:
        assert devices.list_devices_of(tx, ACCOUNT, "AIDAX") == [replace(enabled, last_step=12)]
        assert sorted(devices.list_holders(tx, ACCOUNT)) == ["", "AIDAX"]
        assert devices.list_holders(tx, OTHER) == []
    with directory.writing() as tx:
        assert [devices.count_wrong_code(tx, made.serial) for _ in range(3)] == [1, 2, 3]
        devices.refuse_codes(tx, made.serial, 99)
    refused = replace(enabled, last_step=12, wrong_codes=3, refused_until=99)
    with directory.writing() as tx:
        assert devices.get_device(tx, made.serial) == refused
        assert devices.advance_device(tx, made.serial, 13)
        assert devices.get_device(tx, made.serial) == replace(enabled, last_step=13)
        assert devices.count_wrong_code(tx, "nothing") == 0
    with directory.writing() as tx:
        devices.remove_device(tx, made)
        assert devices.get_device(tx, made.serial) is None


def prove_buckets_come_back(directory: Directory) -> None:
    found(directory)
    made = bucket("b-1")
    with directory.writing() as tx:
        buckets.add_bucket(tx, made)
        buckets.add_bucket(tx, bucket("a-1"))
    with_policy = replace(made, policy=StoredDocument("{} ", {"arn": "AIDAX"}))
    with directory.writing() as tx:
        assert buckets.get_bucket(tx, "b-1") == made
        assert buckets.get_bucket(tx, "B-1") is None
        buckets.update_bucket(tx, with_policy)
    with directory.reading() as tx:
        assert buckets.get_bucket(tx, "b-1") == with_policy
        assert [each.name for each in buckets.list_buckets(tx, ACCOUNT)] == ["a-1", "b-1"]
        assert buckets.list_buckets(tx, OTHER) == []
    with directory.writing() as tx:
        assert buckets.is_empty(tx, "b-1")
        objects.put_object(tx, stored("b-1", "k"))
        assert not buckets.is_empty(tx, "b-1")
        objects.remove_object(tx, got(tx, "b-1", "k"))
        buckets.remove_bucket(tx, with_policy)
        assert buckets.get_bucket(tx, "b-1") is None


def prove_objects_come_back_and_name_the_blob_they_replaced(directory: Directory) -> None:
    found(directory)
    first = replace(stored("b", "k"), headers={"content-type": "a/b"}, checksums={"crc32": "AA=="})
    second = stored("b", "k")
    with directory.writing() as tx:
        buckets.add_bucket(tx, bucket("b"))
        assert objects.put_object(tx, first) == []
    with directory.reading() as tx:
        assert objects.get_object(tx, "b", "k") == first
        assert objects.get_object(tx, "b", "K") is None
        assert objects.is_named(tx, first.blob)
    with directory.writing() as tx:
        assert objects.put_object(tx, second) == [first.blob]
        assert not objects.is_named(tx, first.blob)
        assert got(tx, "b", "k") == replace(second, rank=-1)
        assert objects.remove_object(tx, got(tx, "b", "k")) == [second.blob]
        assert objects.get_object(tx, "b", "k") is None


def got(tx: Transaction, bucket_name: str, key: str, version: str | None = None) -> StoredObject:
    found = objects.get_object(tx, bucket_name, key, version)
    assert found is not None
    return found


def prove_of_the_versions_of_a_key_the_newest_is_current(directory: Directory) -> None:
    """W-315"""
    found(directory)
    made = [replace(stored("b", "k"), version=name) for name in ("null", "v1", "v2")]
    with directory.writing() as tx:
        buckets.add_bucket(tx, bucket("b"))
        for each in made:
            assert objects.put_object(tx, each) == []
        objects.put_object(tx, stored("b", "l"))
        assert got(tx, "b", "k").version == "v2"
        assert [each.key for each in objects.list_objects(tx, "b", "", None, 9)] == ["k", "l"]
        listed = objects.list_versions(tx, "b", "k", None, 9)
        assert [each.version for each in listed] == ["v2", "v1", "null"]
        assert [each.is_current for each in listed] == [True, False, False]
        after = objects.list_versions(tx, "b", "", ("k", listed[1].rank), 9)
        assert [(each.key, each.version) for each in after] == [("k", "null"), ("l", "null")]
        assert objects.list_versions(tx, "b", "", ("k", None), 9) == after[1:]
        assert objects.remove_object(tx, got(tx, "b", "k")) == [made[2].blob]
        assert got(tx, "b", "k").version == "v1"
        assert objects.remove_object(tx, got(tx, "b", "k", "null")) == [made[0].blob]
        again = replace(stored("b", "k"), version="null")
        assert objects.put_object(tx, again) == []
        assert [each.version for each in objects.list_versions(tx, "b", "k", None, 9)] == [
            "null",
            "v1",
        ]
        marker = StoredObject("b", "k", "", 0, "", 1, version="null", is_marker=True)
        assert objects.put_object(tx, marker) == [again.blob]
        assert [each.key for each in objects.list_objects(tx, "b", "", None, 9)] == ["l"]
        objects.change_object(tx, got(tx, "b", "k", "v1"), tags={"a": "b"})
        assert got(tx, "b", "k", "v1").tags == {"a": "b"}


def prove_uploads_and_their_parts_come_back(directory: Directory) -> None:
    found(directory)
    begun = [MultipartUpload(name, "b", "k", ACCOUNT, "arn", 1) for name in ("u1", "u2")]
    with directory.writing() as tx:
        buckets.add_bucket(tx, bucket("b"))
        for upload in begun:
            uploads.add_upload(tx, upload)
        for number in (2, 5, 7):
            assert parts.put_part(tx, Part("u1", number, f"blob{number}", number, "e", 1)) == []
        assert parts.put_part(tx, Part("u1", 5, "blob", 5, "e", 1)) == ["blob5"]
        assert objects.is_named(tx, "blob")
        assert not objects.is_named(tx, "blob5")
    with directory.writing() as tx:
        assert uploads.get_upload(tx, "b", "k", "u1") == begun[0]
        assert uploads.get_upload(tx, "b", "l", "u1") is None
        assert uploads.list_uploads(tx, "b", "", None, 9) == begun
        assert uploads.list_uploads(tx, "b", "", ("k", "u1"), 9) == begun[1:]
        assert uploads.list_uploads(tx, "b", "", ("k", None), 9) == []
        held = parts.list_parts(tx, "u1")
        assert [part.number for part in held] == [2, 5, 7]
        assert parts.settle_parts(tx, "u1", held[1:]) == ["blob2"]
        uploads.remove_upload(tx, begun[0])
        whole = replace(stored("b", "k"), blob="u1", parts=2, size=12)
        objects.put_object(tx, whole)
        assert [(part.number, part.start) for part in parts.list_parts(tx, "u1")] == [
            (1, 0),
            (2, 5),
        ]
        for start, end, numbers in ((0, 5, [1]), (4, 6, [1, 2]), (5, 12, [2])):
            between = parts.parts_between(tx, "u1", start, end)
            assert [part.number for part in between] == numbers
        assert objects.remove_object(tx, got(tx, "b", "k")) == ["blob", "blob7"]
        assert parts.list_parts(tx, "u1") == []
        parts.put_part(tx, Part("u2", 1, "last", 1, "e", 1))
        assert uploads.abandon_upload(tx, begun[1]) == ["last"]
        assert uploads.list_uploads(tx, "b", "", None, 9) == []
