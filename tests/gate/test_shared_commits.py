"""Who shares a commit is decided by what others in it changed before them, committed or not."""

import json
import os
import threading
from collections.abc import Callable

import pytest
from demo.policies import allow, deny

from gate.gatehouse import Answer, Gatehouse

Ask = Callable[[], Answer]


def in_one_commit(gatehouse: Gatehouse, *asks: Ask) -> list[Answer]:
    """The answers to calls that have been decided once, and come to write one after the other."""
    directory = gatehouse.authority.directory
    waiting = directory._turns._waiting  # type: ignore[attr-defined]
    answers: list[Answer | None] = [None] * len(asks)

    def work(place: int) -> None:
        answers[place] = asks[place]()

    threads = []
    with directory.writing():
        for place in range(len(asks)):
            threads.append(threading.Thread(target=work, args=(place,)))
            threads[-1].start()
            while len(waiting) <= place:
                os.sched_yield()
    for thread in threads:
        thread.join(60)
    return [answer for answer in answers if answer is not None]


ALL = json.dumps(allow("iam:*", "*"))
NONE = json.dumps(deny("iam:*", "*"))
READ_ONLY = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
REVOKING: list[tuple[str, dict[str, str]]] = [
    ("PutUserPolicy", {"UserName": "una", "PolicyName": "q", "PolicyDocument": NONE}),
    ("RemoveUserFromGroup", {"UserName": "una", "GroupName": "team"}),
    ("DeleteGroupPolicy", {"GroupName": "team", "PolicyName": "p"}),
    ("PutUserPermissionsBoundary", {"UserName": "una", "PermissionsBoundary": READ_ONLY}),
]


@pytest.mark.parametrize(("action", "form"), REVOKING)
def test_what_was_revoked_just_before_is_not_allowed(
    gatehouse: Gatehouse, action: str, form: dict[str, str]
) -> None:
    """Of the user alone, or of all of the account: nobody else can see it yet."""
    una, home = gatehouse.new_user("una"), gatehouse.home
    for name, more in (
        ("CreateGroup", {}),
        ("PutGroupPolicy", {"PolicyName": "p", "PolicyDocument": ALL}),
        ("AddUserToGroup", {"UserName": "una"}),
    ):
        gatehouse.done(gatehouse.call(home, name, GroupName="team", **more))
    revoked, made = in_one_commit(
        gatehouse,
        lambda: gatehouse.call(home, action, **form),
        lambda: gatehouse.call(una, "CreateUser", UserName="duo"),
    )
    assert revoked.status == 200, revoked.text
    assert made.refusal[:2] == (403, "AccessDenied")
    assert gatehouse.call(home, "GetUser", UserName="duo").status == 404


def test_a_revocation_that_was_undone_revokes_nothing(gatehouse: Gatehouse) -> None:
    una, home = gatehouse.new_user("una", ALL), gatehouse.home
    undone, made = in_one_commit(
        gatehouse,
        lambda: gatehouse.call(
            home, "PutUserPolicy", UserName="una", PolicyName="q", PolicyDocument="{}"
        ),
        lambda: gatehouse.call(una, "CreateUser", UserName="duo"),
    )
    assert undone.refusal[:2] == (400, "MalformedPolicyDocument")
    assert made.status == 200


def test_a_bucket_s_policy_counts_for_who_writes_next(gatehouse: Gatehouse) -> None:
    home, away = gatehouse.home, gatehouse.away

    def policy(document: dict[str, object]) -> bytes:
        statement = document["Statement"][0] | {"Principal": "*"}  # type: ignore[index]
        return json.dumps({**document, "Statement": [statement]}).encode()

    gatehouse.done(gatehouse.store(home, "PUT", "/shared"))
    may = policy(allow("s3:PutObject", "arn:aws:s3:::shared/*"))
    gatehouse.done(gatehouse.store(home, "DELETE", "/shared?publicAccessBlock"))
    gatehouse.done(gatehouse.store(home, "PUT", "/shared?policy", may))
    gatehouse.done(gatehouse.store(away, "PUT", "/shared/a", b"x"))
    may_not = policy(deny("s3:PutObject", "arn:aws:s3:::shared/*"))
    changed, put, read = in_one_commit(
        gatehouse,
        lambda: gatehouse.store(home, "PUT", "/shared?policy", may_not),
        lambda: gatehouse.store(away, "PUT", "/shared/b", b"x"),
        lambda: gatehouse.call(home, "CreateUser", UserName="duo"),
    )
    assert (changed.status, put.status, read.status) == (204, 403, 200)
    assert gatehouse.store(away, "PUT", "/shared/b", b"x").status == 403


def test_of_two_who_make_the_same_one_finds_it_made(gatehouse: Gatehouse) -> None:
    """W-162."""
    home = gatehouse.home
    answers = in_one_commit(
        gatehouse,
        lambda: gatehouse.call(home, "CreateUser", UserName="una"),
        lambda: gatehouse.call(home, "CreateUser", UserName="UNA"),
        lambda: gatehouse.call(home, "DeleteUser", UserName="una"),
        lambda: gatehouse.call(home, "CreateUser", UserName="Una"),
    )
    assert [answer.status for answer in answers] == [200, 409, 200, 200]
