"""What is held of an account's place in its organization is never older than the directory."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.access.evidence import EvidenceStore
from sekisho.access.membership import Membership, load_membership
from sekisho.directory.queries import accounts, control_policies, organizations
from sekisho.directory.sqlite import SqliteDirectory, open_directory
from sekisho.directory.store import Transaction
from sekisho.model.identifiers import new_account_id, new_canonical_id
from sekisho.model.organizations import (
    RESOURCE_CONTROL,
    SERVICE_CONTROL,
    ControlPolicy,
    Delegate,
    Member,
    Organization,
    Unit,
)
from sekisho.model.records import Account
from services.iam.office import ALLOW_ALL, NOW, Office, allow

MADE = Organization("o-0123456789", "", "r-0123", NOW)
UNIT = Unit("ou-0123-00000001", MADE.id, MADE.root, "u", NOW)
POLICY = ControlPolicy("p-00000001", MADE.id, SERVICE_CONTROL, "p", "", ALLOW_ALL)
SERVICE = "iam.amazonaws.com"


class World:
    """A management account and a member, in two directories over one store."""

    def __init__(self, data: Path) -> None:
        self.directories = [open_directory(data), open_directory(data)]
        self.stores = [EvidenceStore(directory) for directory in self.directories]
        self.manager, self.member = (self._account(), self._account())

    def _account(self) -> str:
        account = Account(new_account_id(), "a", NOW, new_canonical_id())
        with self.directories[0].writing() as tx:
            accounts.add_account(tx, account)
        return account.id

    def begin(self) -> None:
        """An organization in which every step changes something."""
        with self.directories[0].writing() as tx:
            known = organizations.get_organization(tx, MADE.id)
            if known is not None:
                organizations.remove_organization(tx, known)
            kinds = (RESOURCE_CONTROL, SERVICE_CONTROL)
            made = replace(MADE, management=self.manager, policy_types=kinds)
            organizations.add_organization(tx, made, self.as_member(self.manager))
            organizations.add_member(tx, replace(self.as_member(self.member), parent=UNIT.id))
            organizations.add_unit(tx, UNIT)
            control_policies.add_policy(tx, POLICY)
            for node in (MADE.root, UNIT.id):
                control_policies.attach(tx, MADE.id, node, SERVICE_CONTROL, POLICY.id)

    def as_member(self, account: str) -> Member:
        return Member(account, MADE.id, MADE.root, NOW, "INVITED", "a@b.example")


Step = Callable[[World, Transaction], None]


def join(world: World, tx: Transaction) -> None:
    if organizations.get_member(tx, world.member) is None:
        organizations.add_member(tx, world.as_member(world.member))


def leave(world: World, tx: Transaction) -> None:
    member = organizations.get_member(tx, world.member)
    if member is not None:
        organizations.remove_member(tx, member)


def move(parent: str) -> Step:
    def step(world: World, tx: Transaction) -> None:
        member = organizations.get_member(tx, world.member)
        if member is not None:
            organizations.move_member(tx, member, parent)

    return step


def attach(node: str) -> Step:
    def step(_world: World, tx: Transaction) -> None:
        if not control_policies.list_attached(tx, MADE.id, node, SERVICE_CONTROL):
            control_policies.attach(tx, MADE.id, node, SERVICE_CONTROL, POLICY.id)

    return step


def use(*kinds: str) -> Step:
    def step(_world: World, tx: Transaction) -> None:
        known = organizations.get_organization(tx, MADE.id)
        assert known is not None
        organizations.update_organization(tx, replace(known, policy_types=kinds))

    return step


def delegate(world: World, tx: Transaction) -> None:
    if not organizations.list_delegates(tx, MADE.id):
        organizations.add_delegate(tx, Delegate(world.member, MADE.id, SERVICE, NOW))


def dismiss(_world: World, tx: Transaction) -> None:
    for one in organizations.list_delegates(tx, MADE.id):
        organizations.remove_delegate(tx, one)


def rewrite(_world: World, tx: Transaction) -> None:
    known = control_policies.get_policy(tx, MADE.id, POLICY.id)
    assert known is not None
    control_policies.update_policy(tx, replace(known, content=known.content + " "))


STEPS: dict[str, Step] = {
    "join": join,
    "leave": leave,
    "into the unit": move(UNIT.id),
    "out of the unit": move(MADE.root),
    "attach to the root": attach(MADE.root),
    "attach to the unit": attach(UNIT.id),
    "detach": lambda _, tx: control_policies.detach(tx, MADE.id, UNIT.id, POLICY.id),
    "detach all": lambda _, tx: control_policies.detach_all(tx, MADE.id, SERVICE_CONTROL),
    "use none": use(),
    "use one": use(SERVICE_CONTROL),
    "use both": use(RESOURCE_CONTROL, SERVICE_CONTROL),
    "delegate": delegate,
    "dismiss": dismiss,
    "rewrite": rewrite,
}


def told(found: Membership | None) -> object:
    """All that can be compared."""
    if found is None:
        return None
    levels = len(found.rails.scps), len(found.rails.rcps)
    return replace(found, rails=None), found.rails.management, levels  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("world"))
    yield made
    for directory in made.directories:
        directory.close()


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 1)), max_size=10))
def test_no_place_outlives_a_change_of_it(world: World, steps: list[tuple[str, int]]) -> None:
    """PE-130…PE-136: whichever process makes it."""
    world.begin()
    for name, by in steps:
        with world.directories[by].writing() as tx:
            STEPS[name](world, tx)
        for store in world.stores:
            store.refresh()
            for account in (world.manager, world.member):
                with world.directories[0].reading() as tx:
                    expected = load_membership(tx, account)
                assert told(store.membership(account)) == told(expected), (name, account)


def test_what_moves_an_account_leaves_the_evidence_of_its_users(tmp_path: Path) -> None:
    directory: SqliteDirectory = open_directory(tmp_path / "data")
    office = Office(directory)
    una = office.new_user("una", allow("*"))
    store = office.access.evidence
    store.refresh()
    kept = store.user(office.id, una.principal.unique_id)
    assert store.membership(office.id) is None
    first = Member(office.id, MADE.id, MADE.root, NOW, "INVITED", "a@b.example")
    with directory.writing() as tx:
        organizations.add_organization(tx, replace(MADE, management=office.id), first)
    store.refresh()
    place = store.membership(office.id)
    assert place is not None
    assert place.path == f"{MADE.id}/{MADE.root}/"
    assert store.user(office.id, una.principal.unique_id) is kept
    directory.close()
