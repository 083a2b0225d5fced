"""Organizations and what belongs to them: what went in comes out, and who is told of it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from directory.round_trips import found
from directory.samples import ACCOUNT, OTHER
from sekisho.directory.queries import control_policies, invitations, organizations
from sekisho.directory.store import Directory, Duplicate, Transaction
from sekisho.model.organizations import (
    FULL_ACCESS,
    RESOURCE_CONTROL,
    SERVICE_CONTROL,
    ControlPolicy,
    Creation,
    Delegate,
    Invitation,
    Member,
    Organization,
    Unit,
    lineage,
    path_of,
)

SINCE = 1_700_000_000
MADE = Organization("o-0123456789", ACCOUNT, "r-0123", SINCE)
FIRST = Member(ACCOUNT, MADE.id, MADE.root, SINCE, "INVITED", "a@b.example")
SECOND = Member(OTHER, MADE.id, MADE.root, SINCE, "CREATED", "c@d.example")
OUTER = Unit("ou-0123-00000001", MADE.id, MADE.root, "outer", SINCE)
INNER = Unit("ou-0123-00000000", MADE.id, OUTER.id, "inner", SINCE)


def prove_an_organization_comes_back_with_its_members(directory: Directory) -> None:
    found(directory)
    with directory.writing() as tx:
        organizations.add_organization(tx, MADE, FIRST)
        organizations.add_member(tx, SECOND)
    with directory.reading() as tx:
        assert organizations.organization_of(tx, OTHER) == MADE
        assert organizations.get_organization(tx, "o-none") is None
        assert organizations.list_members(tx, MADE.id) == [FIRST, SECOND]
        assert organizations.count_members(tx, MADE.id) == 2
    changed = replace(
        MADE, services={"a.example": SINCE}, root_features=("x",), policy_types=("y",)
    )
    with directory.writing() as tx:
        organizations.update_organization(tx, changed)
        organizations.move_member(tx, SECOND, OUTER.id)
    with directory.reading() as tx:
        assert organizations.get_organization(tx, MADE.id) == changed
        assert organizations.list_members(tx, MADE.id, MADE.root) == [FIRST]
        assert organizations.list_members(tx, MADE.id, OUTER.id) == [
            replace(SECOND, parent=OUTER.id)
        ]


def prove_an_account_is_in_one_organization(directory: Directory) -> None:
    found(directory)
    with directory.writing() as tx:
        organizations.add_organization(tx, MADE, FIRST)
    other = replace(MADE, id="o-9876543210", management=OTHER)
    with pytest.raises(Duplicate), directory.writing() as tx:
        organizations.add_organization(tx, other, replace(FIRST, organization=other.id))
    with directory.reading() as tx:
        assert organizations.get_organization(tx, other.id) is None


def prove_units_come_back(directory: Directory) -> None:
    found(directory)
    with directory.writing() as tx:
        organizations.add_organization(tx, MADE, FIRST)
        for unit in (OUTER, INNER):
            organizations.add_unit(tx, unit)
    with pytest.raises(Duplicate), directory.writing() as tx:
        organizations.add_unit(tx, replace(INNER, id="ou-0123-00000002"))
    with directory.reading() as tx:
        units = organizations.list_units(tx, MADE.id)
    assert units == [INNER, OUTER]
    way = lineage(MADE, {unit.id: unit for unit in units}, INNER.id)
    assert path_of(MADE, way) == f"{MADE.id}/{MADE.root}/{OUTER.id}/{INNER.id}/"
    renamed = replace(INNER, name="other")
    with directory.writing() as tx:
        organizations.update_unit(tx, renamed)
        organizations.remove_unit(tx, OUTER)
    with directory.reading() as tx:
        assert organizations.list_units(tx, MADE.id) == [renamed]


def prove_what_belongs_to_an_organization_goes_with_it(directory: Directory) -> None:
    found(directory)
    creation = Creation("car-00000000", MADE.id, "x", SINCE, failure="F")
    delegate = Delegate(OTHER, MADE.id, "iam.amazonaws.com", SINCE)
    with directory.writing() as tx:
        organizations.add_organization(tx, MADE, FIRST)
        organizations.add_member(tx, SECOND)
        organizations.add_unit(tx, OUTER)
        organizations.add_creation(tx, creation)
        organizations.add_delegate(tx, delegate)
        organizations.put_tags(tx, MADE.id, MADE.root, {"b": "1", "a": "2"})
    with directory.reading() as tx:
        assert organizations.list_creations(tx, MADE.id) == [creation]
        assert organizations.list_delegates(tx, MADE.id) == [delegate]
        assert organizations.get_tags(tx, MADE.id, MADE.root) == {"b": "1", "a": "2"}
        assert organizations.get_tags(tx, MADE.id, OTHER) == {}
    with directory.writing() as tx:
        organizations.remove_delegate(tx, delegate)
        organizations.put_tags(tx, MADE.id, OTHER, {"c": ""})
        organizations.remove_member(tx, SECOND)
    with directory.reading() as tx:
        assert organizations.list_delegates(tx, MADE.id) == []
        assert organizations.get_tags(tx, MADE.id, OTHER) == {}
        assert organizations.get_member(tx, OTHER) is None
    with directory.writing() as tx:
        organizations.remove_organization(tx, MADE)
    with directory.reading() as tx:
        assert organizations.organization_of(tx, ACCOUNT) is None
        assert organizations.list_units(tx, MADE.id) == []
        assert organizations.get_tags(tx, MADE.id, MADE.root) == {}


def prove_the_feed_names_every_account_of_an_organization(directory: Directory) -> None:
    """PE-130…PE-136: what one account decides bears on all."""
    found(directory)
    watcher = directory.watch()
    with directory.writing() as tx:
        organizations.add_organization(tx, MADE, FIRST)
        organizations.add_member(tx, SECOND)
    assert watcher.poll().accounts == {ACCOUNT, OTHER}
    with directory.writing() as tx:
        organizations.update_organization(tx, MADE)
    assert watcher.poll().accounts == {ACCOUNT, OTHER}
    with directory.writing() as tx:
        organizations.move_member(tx, SECOND, OUTER.id)
    assert watcher.poll().accounts == {OTHER}
    with directory.writing() as tx:
        organizations.remove_organization(tx, MADE)
    assert watcher.poll().accounts == {ACCOUNT, OTHER}


def prove_invitations_come_back(directory: Directory) -> None:
    found(directory)
    first = Invitation("h-00000000", MADE.id, OTHER, SINCE, SINCE + 9, notes="n")
    second = replace(first, id="h-00000001", expires=SINCE + 10)
    with directory.writing() as tx:
        organizations.add_organization(tx, MADE, FIRST)
        for each in (second, first):
            invitations.add_invitation(tx, each)
    with directory.reading() as tx:
        assert invitations.list_of_account(tx, OTHER) == [first, second]
        assert invitations.list_of_organization(tx, MADE.id) == [first, second]
        assert invitations.list_of_account(tx, ACCOUNT) == []
        assert invitations.get_invitation(tx, "h-none") is None
    declined = replace(second, state="DECLINED")
    with directory.writing() as tx:
        invitations.update_invitation(tx, declined)
        invitations.forget_old(tx, SINCE + 9)
    with directory.reading() as tx:
        assert invitations.get_invitation(tx, first.id) is None
        assert invitations.get_invitation(tx, second.id) == declined


def prove_control_policies_come_back(directory: Directory) -> None:
    found(directory)
    made = ControlPolicy("p-00000001", MADE.id, SERVICE_CONTROL, "a", "d", "{}")
    twin = replace(made, id="p-00000002")
    with directory.writing() as tx:
        organizations.add_organization(tx, MADE, FIRST)
        control_policies.add_policy(tx, made)
    with pytest.raises(Duplicate), directory.writing() as tx:
        control_policies.add_policy(tx, twin)
    with directory.reading() as tx:
        full = FULL_ACCESS[SERVICE_CONTROL]
        assert control_policies.list_policies(tx, MADE.id, SERVICE_CONTROL) == [made, full]
        assert control_policies.list_policies(tx, MADE.id, RESOURCE_CONTROL) == [
            FULL_ACCESS[RESOURCE_CONTROL]
        ]
        assert control_policies.get_policy(tx, MADE.id, made.id) == made
        assert control_policies.get_policy(tx, "o-other00000", made.id) is None
        assert control_policies.get_policy(tx, MADE.id, full.id) == full
    changed = replace(made, name="b", content="[]")
    with directory.writing() as tx:
        control_policies.update_policy(tx, changed)
    with directory.reading() as tx:
        assert control_policies.get_policy(tx, MADE.id, made.id) == changed
    with directory.writing() as tx:
        control_policies.remove_policy(tx, changed)
    with directory.reading() as tx:
        assert control_policies.get_policy(tx, MADE.id, made.id) is None


def prove_attachments_come_back_and_go_with_their_targets(directory: Directory) -> None:
    found(directory)
    using = replace(MADE, policy_types=(RESOURCE_CONTROL, SERVICE_CONTROL))
    full = FULL_ACCESS[SERVICE_CONTROL].id
    made = ControlPolicy("p-00000001", MADE.id, SERVICE_CONTROL, "a", "d", "{}")

    def attached(target: str, kind: str = SERVICE_CONTROL) -> list[str]:
        with directory.reading() as tx:
            return control_policies.list_attached(tx, MADE.id, target, kind)

    with directory.writing() as tx:
        organizations.add_organization(tx, using, FIRST)
        organizations.add_member(tx, SECOND)
        organizations.add_unit(tx, OUTER)
        control_policies.add_policy(tx, made)
        for target in (OUTER.id, OTHER):
            control_policies.attach_full_access(tx, using, target)
        control_policies.attach(tx, MADE.id, OTHER, SERVICE_CONTROL, made.id)
    assert attached(OTHER) == [made.id, full]
    assert attached(OTHER, RESOURCE_CONTROL) == [FULL_ACCESS[RESOURCE_CONTROL].id]
    with pytest.raises(Duplicate), directory.writing() as tx:
        control_policies.attach(tx, MADE.id, OTHER, SERVICE_CONTROL, made.id)
    with directory.reading() as tx:
        assert control_policies.list_targets(tx, MADE.id, full) == [OTHER, OUTER.id]
    with directory.writing() as tx:
        control_policies.detach(tx, MADE.id, OTHER, made.id)
        organizations.remove_unit(tx, OUTER)
    assert attached(OTHER) == [full]
    assert attached(OUTER.id) == []
    with directory.writing() as tx:
        control_policies.detach_all(tx, MADE.id, SERVICE_CONTROL)
    assert attached(OTHER) == []
    assert len(attached(OTHER, RESOURCE_CONTROL)) == 1
    with directory.writing() as tx:
        organizations.remove_member(tx, SECOND)
    assert attached(OTHER, RESOURCE_CONTROL) == []


def prove_the_feed_names_every_account_whose_control_policies_changed(
    directory: Directory,
) -> None:
    """PE-130…PE-136: a policy on the root bears on all accounts."""
    found(directory)
    made = ControlPolicy("p-00000001", MADE.id, SERVICE_CONTROL, "a", "d", "{}")
    with directory.writing() as tx:
        organizations.add_organization(tx, MADE, FIRST)
        organizations.add_member(tx, SECOND)
        control_policies.add_policy(tx, made)
    watcher = directory.watch()
    changes: list[Callable[[Transaction], None]] = [
        lambda tx: control_policies.attach(tx, MADE.id, MADE.root, SERVICE_CONTROL, made.id),
        lambda tx: control_policies.update_policy(tx, replace(made, content="[]")),
        lambda tx: control_policies.detach(tx, MADE.id, MADE.root, made.id),
        lambda tx: control_policies.detach_all(tx, MADE.id, SERVICE_CONTROL),
    ]
    for change in changes:
        assert watcher.poll().nothing
        with directory.writing() as tx:
            change(tx)
        assert watcher.poll().accounts == {ACCOUNT, OTHER}
