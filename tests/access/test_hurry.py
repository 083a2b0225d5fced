"""What the thread that is never held up is spared: loading, and evidence that is slow to search."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sekisho.access import evidence as evidence_room
from sekisho.access.evidence import WouldWait
from sekisho.directory.sqlite import open_directory
from services.iam.office import Office, allow, document


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    directory = open_directory(tmp_path / "data")
    yield Office(directory)
    directory.close()


def test_a_thread_in_a_hurry_never_loads(office: Office) -> None:
    caller = office.new_user("una", allow("*"))
    store = office.access.evidence
    store.refresh()
    store.never_hold_up(threading.get_ident())
    with pytest.raises(WouldWait):
        store.user(office.id, caller.principal.unique_id)
    store.never_hold_up(0)
    assert store.user(office.id, caller.principal.unique_id)
    store.never_hold_up(threading.get_ident())
    assert store.user(office.id, caller.principal.unique_id)


def test_a_thread_in_a_hurry_is_spared_what_is_large(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = office.new_user("una", allow("*"))
    store = office.access.evidence
    monkeypatch.setattr(evidence_room, "HEAVY", 10)
    assert store.user(office.id, caller.principal.unique_id)
    store.never_hold_up(threading.get_ident())
    with pytest.raises(WouldWait):
        store.user(office.id, caller.principal.unique_id)


@pytest.mark.parametrize(
    ("pattern", "many"), [("*?{}*", 190), ("${{aws:username}}{}", 210), ("*{}*", 2_010)]
)
def test_a_thread_in_a_hurry_is_spared_what_searches_long(
    office: Office, pattern: str, many: int
) -> None:
    """Few characters hold many wildcards, and a third of a second's searching with ``?``."""
    una = office.new_user("una", allow("*")).principal.unique_id
    patterns = [pattern.format(f"{number:x}") for number in range(many)]
    for begin in range(0, many, 500):
        condition = {"StringLike": {"aws:UserAgent": patterns[begin : begin + 500]}}
        text = document(allow("sts:AssumeRole", Condition=condition))
        arn = office.new_policy(f"p{begin}", PolicyDocument=text)
        office.do("AttachUserPolicy", UserName="una", PolicyArn=arn)
    store = office.access.evidence
    store.refresh()
    held = store.user(office.id, una)
    assert held is not None
    assert held.weight < evidence_room.HEAVY
    store.never_hold_up(threading.get_ident())
    with pytest.raises(WouldWait):
        store.user(office.id, una)


def test_usual_policies_hold_nobody_up(office: Office) -> None:
    for name in ("AdministratorAccess", "ReadOnlyAccess", "PowerUserAccess"):
        una = office.new_user(name).principal.unique_id
        given = {"UserName": name, "PolicyArn": f"arn:aws:iam::aws:policy/{name}"}
        office.do("AttachUserPolicy", **given)
        store = office.access.evidence
        store.refresh()
        held = store.user(office.id, una)
        assert held is not None
        is_heavy = held.weight > evidence_room.HEAVY
        assert is_heavy is (name == "ReadOnlyAccess")
        assert held.toil <= evidence_room.MOST_TOIL
