"""A change of one entity drops what is known of it, whoever made it, and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.test_evidence import beside, try_step
from directory.samples import ACCOUNT, account, bucket
from sekisho.access.evidence import EvidenceStore
from sekisho.directory.queries import accounts, buckets, keys, roles, users
from sekisho.directory.sqlite import SqliteDirectory, open_directory
from sekisho.model.identifiers import LONG_TERM_KEY, new_access_key_id
from sekisho.model.records import AccessKey
from services.iam.office import NOW, Office, allow, trusting

EC2 = "ec2.amazonaws.com"
STEPS: dict[str, Callable[[Office], object]] = {
    "rename": lambda office: office.do("UpdateUser", UserName="una", NewUserName="uma"),
    "rename back": lambda office: office.do("UpdateUser", UserName="uma", NewUserName="una"),
    "make": lambda office: office.new_role("r"),
    "make in capitals": lambda office: office.new_role("R"),
    "trust": lambda office: office.do(
        "UpdateAssumeRolePolicy",
        RoleName="r",
        PolicyDocument=trusting({"Service": "ec2.amazonaws.com"}),
    ),
    "tag": lambda office: office.do("TagRole", RoleName="r", Tags=[{"Key": "a", "Value": "b"}]),
    "delete": lambda office: office.do("DeleteRole", RoleName="r"),
    "put out": lambda office: set_active(office, active=False),
    "let in": lambda office: set_active(office, active=True),
    "passer-by comes": lambda office: office.do("CreateUser", UserName="passer-by"),
    "passer-by goes": lambda office: office.do("DeleteUser", UserName="passer-by"),
}


def set_active(office: Office, *, active: bool) -> None:
    with office.directory.writing() as tx:
        keys.set_access_key_active(tx, key_id(office), active)


def key_id(office: Office) -> str:
    with office.directory.reading() as tx:
        (una,) = [
            user for user in users.list_users(tx, office.id, "/", None, 99) if is_una(user.name)
        ]
        return keys.list_access_keys(tx, office.id, una.unique_id)[0].id


def is_una(name: str) -> bool:
    return name in ("una", "uma")


@pytest.fixture(scope="module")
def two_houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Office]]:
    data = tmp_path_factory.mktemp("houses")
    here, there = open_directory(data), open_directory(data)
    office = Office(here)
    una = office.new_user("una", allow("*")).principal.unique_id
    key = new_access_key_id(LONG_TERM_KEY, office.id)
    with here.writing() as tx:
        keys.add_access_key(tx, AccessKey(key, office.id, una, NOW, True, "s" * 40))
    yield office, beside(office, there)
    here.close()
    there.close()


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 1)), max_size=10))
def test_no_evidence_outlives_a_change_of_its_entity(
    two_houses: tuple[Office, Office], steps: list[tuple[str, int]]
) -> None:
    office, kept = two_houses[0], two_houses[0].access.evidence
    key, seen = key_id(office), set[str]()
    for name, by in steps:
        try_step(STEPS[name], two_houses[by], "NoSuchEntity", "EntityAlreadyExists")
        with office.directory.reading() as tx:
            seen |= {role.unique_id for role in roles.list_roles(tx, office.id, "/", None, 99)}
            owner = keys.get_access_key(tx, key)
        assert owner is not None
        kept.refresh()
        fresh = EvidenceStore(office.directory)
        assert kept.access_key(office.id, key) == fresh.access_key(office.id, key)
        known = kept.user(office.id, owner.owner)
        anew = fresh.user(office.id, owner.owner)
        assert known is not None
        assert anew is not None
        assert (known.user, known.principal) == (anew.user, anew.principal)
        for role in ("r", "R"):
            assert trusted(kept, office, role) == trusted(fresh, office, role)
        for role_id in seen:
            found, found_anew = (each.role_by_id(office.id, role_id) for each in (kept, fresh))
            assert (found and found.role) == (found_anew and found_anew.role)


def trusted(store: EvidenceStore, office: Office, name: str) -> object:
    held = store.role(office.id, name)
    return held and held.role


def test_who_comes_and_goes_leaves_the_evidence_of_others(tmp_path: Path) -> None:
    directory: SqliteDirectory = open_directory(tmp_path / "data")
    office = Office(directory)
    una, store = office.new_user("una", allow("*")).principal, office.access.evidence
    office.new_role("r")
    store.refresh()
    user, role = store.user(office.id, una.unique_id), store.role(office.id, "r")
    office.do("CreateUser", UserName="passer-by")
    office.do("TagUser", UserName="passer-by", Tags=[{"Key": "a", "Value": "b"}])
    office.do("DeleteUser", UserName="passer-by")
    office.new_role("other")
    store.refresh()
    assert store.user(office.id, una.unique_id) is user
    assert store.role(office.id, "r") is role
    directory.close()


def test_a_bucket_that_changes_leaves_the_others(tmp_path: Path) -> None:
    directory = open_directory(tmp_path / "data")
    store = Office(directory).access.evidence
    with directory.writing() as tx:
        accounts.add_account(tx, account(ACCOUNT))
        buckets.add_bucket(tx, bucket("one"))
        buckets.add_bucket(tx, bucket("other"))
    store.refresh()
    one, other = store.bucket("one"), store.bucket("other")
    assert one is not None
    with directory.writing() as tx:
        buckets.update_bucket(tx, replace(one.bucket, region="elsewhere"))
    store.refresh()
    anew = store.bucket("one")
    assert anew is not None
    assert anew.bucket.region == "elsewhere"
    assert store.bucket("other") is other
    with directory.writing() as tx:
        buckets.remove_bucket(tx, anew.bucket)
    store.refresh()
    assert store.bucket("one") is None
    assert store.bucket("other") is other
    directory.close()
