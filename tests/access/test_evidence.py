"""What is kept in memory is never older than the directory, whoever changed it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.access import evidence as evidence_room
from sekisho.access import held
from sekisho.access.context import Ambient
from sekisho.access.decide import Ask
from sekisho.access.evidence import EvidenceStore
from sekisho.directory.queries import buckets, keys, users
from sekisho.directory.sqlite import SqliteDirectory, open_directory
from sekisho.directory.store import Transaction
from sekisho.model.faults import Fault
from sekisho.model.identifiers import LONG_TERM_KEY, new_access_key_id
from sekisho.model.principal import Caller
from sekisho.model.records import AccessKey, Bucket, StoredDocument
from sekisho.policy import Layer
from services.iam.office import ALLOW_ALL, NOW, Office, allow, document

BUCKET = "bucket-of-evidence"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def directory(data: Path) -> Iterator[SqliteDirectory]:
    opened = open_directory(data)
    yield opened
    opened.close()


@pytest.fixture
def elsewhere(data: Path, directory: SqliteDirectory) -> Iterator[SqliteDirectory]:
    """The same store as another process opens it."""
    opened = open_directory(data)
    yield opened
    opened.close()


@pytest.fixture
def office(directory: SqliteDirectory) -> Office:
    return Office(directory)


def may(office: Office, caller: Caller, action: str = "iam:ListUsers") -> bool:
    """What a request of the caller would be told now."""
    office.access.evidence.refresh()
    ask = Ask(action, "*", office.id)
    ambient = Ambient(float(NOW), "request", "127.0.0.1", secure=True)
    return office.access.decide(caller, ambient, ask).decision.allowed


def beside(office: Office, directory: SqliteDirectory) -> Office:
    """The same account as another process sees it."""
    other = Office(directory)
    other.account, other.root = office.account, office.root
    return other


def test_what_has_not_changed_is_kept(office: Office) -> None:
    una = office.new_user("una", allow("*"))
    store = office.access.evidence
    store.refresh()
    kept = store.user(office.id, una.principal.unique_id)
    store.refresh()
    assert kept is not None
    assert store.user(office.id, una.principal.unique_id) is kept


def test_another_account_s_change_leaves_an_account_s_evidence(
    office: Office, directory: SqliteDirectory
) -> None:
    una = office.new_user("una", allow("*"))
    store = office.access.evidence
    store.refresh()
    kept = store.user(office.id, una.principal.unique_id)
    Office(directory).new_user("una", allow("*"))
    store.refresh()
    assert store.user(office.id, una.principal.unique_id) is kept


def attach(office: Office) -> None:
    arn = office.new_policy("all")
    office.do("AttachUserPolicy", UserName="una", PolicyArn=arn)


def join(office: Office) -> None:
    office.do("CreateGroup", GroupName="all")
    office.do("PutGroupPolicy", GroupName="all", PolicyName="p", PolicyDocument=ALLOW_ALL)
    office.do("AddUserToGroup", GroupName="all", UserName="una")


def inline(office: Office) -> None:
    office.do("PutUserPolicy", UserName="una", PolicyName="q", PolicyDocument=ALLOW_ALL)


def detach(office: Office) -> None:
    office.do("DetachUserPolicy", UserName="una", PolicyArn=office.arn("policy/all"))


def leave(office: Office) -> None:
    office.do("RemoveUserFromGroup", GroupName="all", UserName="una")


def expel(office: Office) -> None:
    office.do("DeleteGroupPolicy", GroupName="all", PolicyName="p")


def strip(office: Office) -> None:
    office.do("DeleteUserPolicy", UserName="una", PolicyName="q")


def narrow(office: Office) -> None:
    office.do(
        "CreatePolicyVersion",
        PolicyArn=office.arn("policy/all"),
        PolicyDocument=document(allow("s3:*")),
        SetAsDefault=True,
    )


def fence(office: Office) -> None:
    boundary = office.new_policy("fence", PolicyDocument=document(allow("s3:*")))
    office.do("PutUserPermissionsBoundary", UserName="una", PermissionsBoundary=boundary)


Change = Callable[[Office], None]


@pytest.mark.parametrize(
    ("grant", "withdraw"),
    [
        (attach, detach),
        (attach, narrow),
        (join, leave),
        (join, expel),
        (inline, strip),
        (inline, fence),
    ],
)
@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_rights_come_and_go_with_the_next_request(
    office: Office,
    elsewhere: SqliteDirectory,
    grant: Change,
    withdraw: Change,
    is_elsewhere: bool,
) -> None:
    una = office.new_user("una")
    by = beside(office, elsewhere) if is_elsewhere else office
    assert not may(office, una)
    grant(by)
    assert may(office, una)
    withdraw(by)
    assert not may(office, una)


def test_a_user_who_was_deleted_elsewhere_is_not_honoured(
    office: Office, elsewhere: SqliteDirectory
) -> None:
    una = office.new_user("una", allow("*"))
    assert may(office, una)
    other = beside(office, elsewhere)
    other.do("DeleteUserPolicy", UserName="una", PolicyName="p")
    other.do("DeleteUser", UserName="una")
    assert not may(office, una)
    assert office.access.evidence.user(office.id, una.principal.unique_id) is None


def test_a_user_of_the_same_name_is_another(office: Office) -> None:
    """PE-31."""
    una = office.new_user("una", allow("*"))
    assert may(office, una)
    office.do("DeleteUserPolicy", UserName="una", PolicyName="p")
    office.do("DeleteUser", UserName="una")
    second = office.new_user("una", allow("*"))
    assert second.principal.arn == una.principal.arn
    assert may(office, second)
    assert not may(office, una)


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_key_is_only_as_good_as_elsewhere(
    office: Office, elsewhere: SqliteDirectory, is_removed: bool
) -> None:
    key_id = new_access_key_id(LONG_TERM_KEY, office.id)
    key = AccessKey(key_id, office.id, office.id, NOW, secret="s" * 40)
    with office.directory.writing() as tx:
        keys.add_access_key(tx, key)
    store = office.access.evidence
    store.refresh()
    held = store.access_key(office.id, key.id)
    assert held is not None
    assert held.active
    with elsewhere.writing() as tx:
        if is_removed:
            keys.remove_access_key(tx, key.id)
        else:
            keys.set_access_key_active(tx, key.id, active=False)
    store.refresh()
    held = store.access_key(office.id, key.id)
    assert held is None or not held.active


def test_a_bucket_policy_is_as_new_as_elsewhere(office: Office, elsewhere: SqliteDirectory) -> None:
    bucket = Bucket(BUCKET, office.id, "us-east-1", NOW)
    with office.directory.writing() as tx:
        buckets.add_bucket(tx, bucket)
    store = office.access.evidence
    store.refresh()
    held = store.bucket(BUCKET)
    assert held is not None
    assert held.policy is None
    text = document(allow("s3:*", f"arn:aws:s3:::{BUCKET}", Principal={"AWS": office.id}))
    with elsewhere.writing() as tx:
        buckets.update_bucket(tx, replace(bucket, policy=StoredDocument(text)))
    store.refresh()
    held = store.bucket(BUCKET)
    assert held is not None
    assert held.policy is not None


def test_a_boundary_whose_policy_is_gone_allows_nothing(office: Office) -> None:
    """IAM keeps such a policy from being deleted (PE-97); a store mended by hand may lack it."""
    una = office.new_user("una", allow("*"))
    boundary = office.new_policy("fence")
    office.do("PutUserPermissionsBoundary", UserName="una", PermissionsBoundary=boundary)
    assert may(office, una)
    with office.directory.writing() as tx:
        user = users.get_user(tx, office.id, "una")
        assert user is not None
        users.update_user(tx, replace(user, boundary=office.arn("policy/nowhere")))
        tx.changed(office.id)
    assert not may(office, una)
    held = office.access.evidence.user(office.id, una.principal.unique_id)
    assert held is not None
    assert held.grants.boundary is not None


def test_a_session_policy_that_is_gone_allows_nothing(office: Office) -> None:
    """PE-93."""
    office.new_role("Guest")
    office.do("PutRolePolicy", RoleName="Guest", PolicyName="p", PolicyDocument=ALLOW_ALL)
    arn = office.new_policy("session")
    guest = office.session("Guest")
    assert guest.session is not None
    limited = guest._replace(session=guest.session._replace(policy_arns=(arn,)))
    inline = guest._replace(session=guest.session._replace(policy=ALLOW_ALL, policy_arns=(arn,)))
    assert may(office, limited)
    assert may(office, inline)
    office.do("DeletePolicy", PolicyArn=arn)
    assert not may(office, limited)
    assert not may(office, inline), "what the policy denied is not known any more"
    assert may(office, guest)


@pytest.mark.interpreted
def test_what_was_read_while_it_changed_is_not_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    una = office.new_user("una", allow("*"))
    store = office.access.evidence
    store.refresh()
    load = held.load_user

    def load_while_it_changes(tx: Transaction, account: str, user_id: str) -> Any:
        old = load(tx, account, user_id)
        strip_all(office)
        store.refresh()
        return old

    monkeypatch.setattr(evidence_room, "load_user", load_while_it_changes)
    overlapping = store.user(office.id, una.principal.unique_id)
    monkeypatch.undo()
    assert overlapping is not None
    assert overlapping.grants.identity.statements
    after = store.user(office.id, una.principal.unique_id)
    assert after is not None
    assert not after.grants.identity.statements


def strip_all(office: Office) -> None:
    office.do("DeleteUserPolicy", UserName="una", PolicyName="p")


def test_a_managed_policy_of_another_account_is_none(office: Office) -> None:
    other = Office(office.directory)
    arn = other.new_policy("all")
    store = office.access.evidence
    assert store.session_policies(other.id, "session", "", (arn,)).statements
    assert not store.session_policies(office.id, "session", "", (arn,)).statements


def test_role_names_are_told_apart_by_case(office: Office) -> None:
    """PE-218, W-162."""
    office.new_role("Guest")
    assert office.access.evidence.role(office.id, "Guest") is not None
    assert office.access.evidence.role(office.id, "guest") is None


def test_memory_is_bounded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    most = 5 * evidence_room.LEAST_WEIGHT
    monkeypatch.setattr(evidence_room, "MOST_WEIGHT", most)
    callers = [office.new_user(f"user-{number}", allow("*")) for number in range(8)]
    store = EvidenceStore(office.directory)
    office.access.evidence = store
    for _ in range(2):
        for caller in callers:
            assert may(office, caller)
            kept = [
                entry for each in store._memory._there.entries.values() for entry in each.values()
            ]
            assert store._memory._there.weight == sum(entry.weight for entry in kept) <= most


def test_what_is_not_there_costs_nobody_theirs(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers can name keys and buckets without end, and whoever signs, roles."""
    for bound in ("MOST_ABSENT", "MOST_UNTOLD", "MOST_OF_SESSIONS"):
        monkeypatch.setattr(evidence_room, bound, 5 * evidence_room.LEAST_WEIGHT)
    una = office.new_user("una", allow("*"))
    store = EvidenceStore(office.directory)
    kept = store.user(office.id, una.principal.unique_id)
    assert kept is not None
    united = store.unite(kept.grants, None, None, is_trust=False)
    for number in range(20):
        assert store.bucket(f"no-such-bucket-{number}") is None
        assert store.access_key(office.id, f"AKIA{number:016}") is None
    assert store.unite(kept.grants, None, None, is_trust=False) is united
    for number in range(20):
        assert store.role(office.id, f"NoSuchRole{number}") is None
        assert store.account(f"{number:012}") is None
        store.session_policies(office.id, f"session-{number}", ALLOW_ALL, ())
    assert store.user(office.id, una.principal.unique_id) is kept
    assert max(shelf.weight for shelf in store._memory._shelves) <= 5 * evidence_room.LEAST_WEIGHT


def test_a_role_is_forgotten_with_those_that_do_not_exist(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W-141: what is remembered longer would be what exists."""
    monkeypatch.setattr(evidence_room, "MOST_UNTOLD", 5 * evidence_room.LEAST_WEIGHT)
    office.new_role("Guest")
    store = EvidenceStore(office.directory)
    kept = store.role(office.id, "Guest")
    assert store.role(office.id, "Guest") is kept is not None
    for number in range(10):
        store.role(office.id, f"NoSuchRole{number}")
    assert store.role(office.id, "Guest") is not kept


def test_that_something_is_not_there_is_kept_until_it_is(office: Office) -> None:
    """Looking for a role costs the same whether it exists or not (W-141)."""
    store = office.access.evidence
    assert store.role(office.id, "Guest") is None
    store.never_hold_up(threading.get_ident())
    assert store.role(office.id, "Guest") is None
    store.never_hold_up(0)
    office.new_role("Guest")
    store.refresh()
    assert store.role(office.id, "Guest") is not None


STEPS: dict[str, Callable[[Office], object]] = {
    "inline": inline,
    "strip": strip,
    "fence": lambda office: office.do(
        "PutUserPermissionsBoundary",
        UserName="una",
        PermissionsBoundary=office.arn("policy/fence"),
    ),
    "unfence": lambda office: office.do("DeleteUserPermissionsBoundary", UserName="una"),
    "join": lambda office: office.do("AddUserToGroup", GroupName="all", UserName="una"),
    "leave": leave,
    "tag": lambda office: office.do("TagUser", UserName="una", Tags=[{"Key": "a", "Value": "b"}]),
    "untag": lambda office: office.do("UntagUser", UserName="una", TagKeys=["a"]),
}


@pytest.fixture(scope="module")
def two_houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Office]]:
    data = tmp_path_factory.mktemp("houses")
    here, there = open_directory(data), open_directory(data)
    office = Office(here)
    office.do("CreateGroup", GroupName="all")
    office.do("PutGroupPolicy", GroupName="all", PolicyName="p", PolicyDocument=ALLOW_ALL)
    office.new_policy("fence", PolicyDocument=document(allow("s3:*")))
    office.new_user("una")
    yield office, beside(office, there)
    here.close()
    there.close()


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 1)), max_size=8))
def test_memory_and_directory_agree_after_every_change(
    two_houses: tuple[Office, Office], steps: list[tuple[str, int]]
) -> None:
    office = two_houses[0]
    una = office.user("una").principal
    kept = office.access.evidence
    for undo in ("strip", "unfence", "leave", "untag"):
        try_step(STEPS[undo], office)
    for name, by in steps:
        try_step(STEPS[name], two_houses[by])
        kept.refresh()
        fresh = EvidenceStore(office.directory).user(office.id, una.unique_id)
        held = kept.user(office.id, una.unique_id)
        assert held is not None
        assert fresh is not None
        assert held.user == fresh.user
        assert held.context == fresh.context
        assert texts(held.grants.identity) == texts(fresh.grants.identity)
        assert (held.grants.boundary is None) == (fresh.grants.boundary is None)


def try_step(step: Callable[[Office], object], office: Office, *vain: str) -> None:
    """A step that finds nothing to do, or to undo, changes nothing. vain: its codes then."""
    try:
        step(office)
    except Fault as fault:
        assert fault.code in (vain or ("NoSuchEntity",))


def texts(compiled: Any) -> list[tuple[str, int]]:
    return [(each.source.name, each.ref.index) for each in compiled.statements]


def test_a_caller_who_is_gone_has_no_rights(office: Office) -> None:
    una = office.new_user("una")
    office.do("DeleteUser", UserName="una")
    ask = Ask("iam:ListUsers", "*", office.id)
    ambient = Ambient(float(NOW), "request", "127.0.0.1", secure=True)
    office.access.evidence.refresh()
    ruling = office.access.decide(una, ambient, ask)
    assert not ruling.decision.allowed
    assert ruling.decision.layer is Layer.IDENTITY
