"""The thread that is never held up recalls objects; what it answers is what all others answer."""

import json
import threading
from collections.abc import Callable, Iterator

import pytest
from botocore.credentials import Credentials
from demo.policies import allow, deny

from gate.gatehouse import HOME, Answer, Gatehouse
from sekisho.app.assemble import assemble

TAGS = b"<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>"


class Elsewhere(Gatehouse):
    """Another server over the store of a gatehouse."""

    def __init__(self, elder: Gatehouse) -> None:
        self.data, self.home, self.away = elder.data, elder.home, elder.away
        self.authority = assemble(elder.data)


@pytest.fixture
def elsewhere(gatehouse: Gatehouse) -> Iterator[Gatehouse]:
    other = Elsewhere(gatehouse)
    yield other
    other.close()


@pytest.mark.parametrize("by_another_server", [False, True])
def test_whatever_changes_it_answers_as_the_others_do(
    gatehouse: Gatehouse, elsewhere: Gatehouse, *, by_another_server: bool
) -> None:
    home, una = gatehouse.home, gatehouse.new_user("una", json.dumps(allow("s3:GetObject", "*")))
    gatehouse.done(gatehouse.store(home, "PUT", "/shared"))
    denied = deny("s3:GetObject", "arn:aws:s3:::shared/*")
    denied["Statement"][0]["Principal"] = {"AWS": f"arn:aws:iam::{HOME}:user/una"}
    changes: list[Callable[[Gatehouse], Answer | None]] = [
        lambda house: house.store(home, "PUT", "/shared/key", b"old"),
        lambda house: house.store(home, "PUT", "/shared/key", b"new"),
        lambda house: house.store(home, "PUT", "/shared/key?tagging", TAGS),
        lambda house: house.store(home, "PUT", "/shared?policy", json.dumps(denied).encode()),
        lambda house: house.store(home, "DELETE", "/shared?policy"),
        lambda house: house.permit("una", json.dumps(deny("s3:GetObject", "*"))),
        lambda house: house.permit("una", json.dumps(allow("s3:*", "*"))),
        lambda house: house.store(home, "DELETE", "/shared/key"),
        lambda house: house.store(home, "DELETE", "/shared"),
        lambda house: house.store(house.away, "PUT", "/shared"),
        lambda house: house.store(house.away, "PUT", "/shared/key", b"not una's"),
    ]
    told = []
    for change in changes:
        change(elsewhere if by_another_server else gatehouse)
        before = [without_ids(gatehouse.store(una, "GET", "/shared/key"))]
        recalled = [without_ids(hurried(gatehouse, una)) for _ in range(2)]
        assert recalled == before * 2
        told.append(before[0])
    assert [status for status, _ in told] == [200, 200, 200, 403, 200, 403, 200, 404, 404, 403, 403]


def hurried(gatehouse: Gatehouse, by: Credentials) -> Answer:
    """The answer of the thread that is never held up, after the evidence was loaded."""
    evidence = gatehouse.authority.access.evidence
    evidence.never_hold_up(threading.get_ident())
    try:
        return gatehouse.store(by, "GET", "/shared/key")
    finally:
        evidence.never_hold_up(-1)


def without_ids(answer: Answer) -> tuple[int, str]:
    """Status and the answer up to where it names its request."""
    return answer.status, answer.text.partition("<RequestId>")[0]
