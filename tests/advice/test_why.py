"""`tell` says, of requests that were really made, on whose side what was missing."""

import base64
import hashlib
import json

import pytest
from botocore.credentials import Credentials
from demo.policies import allow, policy, statement, trust

from gate.gatehouse import AWAY, HOME, Answer, Gatehouse
from sekisho.advice.why import tell

USER = f"arn:aws:iam::{HOME}:user/una"
ROLE = f"arn:aws:iam::{AWAY}:role/Guest"
OBJECT = "arn:aws:s3:::bucket/key"
ALLOW_ALL = json.dumps(allow("*", "*"))
OWN_SIDE = f"  The caller's side (account {HOME}):"
OTHER_SIDE = f"  The resource's side (account {AWAY}):"
MEND = "  To allow it:"
BOTH = "  These are two accounts: both sides must allow it."


def told(gatehouse: Gatehouse, answer: Answer) -> list[str]:
    return tell(gatehouse.line(answer))


def under(lines: list[str], title: str) -> list[str]:
    """The lines of one side, until another begins."""
    rest = lines[lines.index(title) + 1 :]
    end = next((number for number, line in enumerate(rest) if line[:4] != "    "), len(rest))
    return [line.strip() for line in rest[:end]]


def assume(gatehouse: Gatehouse, keys: Credentials, **form: str) -> Answer:
    return gatehouse.call(keys, "AssumeRole", "sts", RoleArn=ROLE, RoleSessionName="visit", **form)


def test_who_did_what_and_what_was_answered(gatehouse: Gatehouse) -> None:
    una = gatehouse.new_user("una")
    answer = gatehouse.call(una, "ListUsers")
    head, answered = told(gatehouse, answer)[:2]
    assert f"iam:ListUsers by {USER} from 192.0.2.7" in head
    assert head.endswith(f"(request {answer.request_id})")
    assert answered == f"answered 403 AccessDenied: {answer.refusal[2]}"


def test_allowed_by_both_sides(gatehouse: Gatehouse) -> None:
    una = gatehouse.new_user("una", ALLOW_ALL)
    gatehouse.new_role("Guest", json.dumps(trust(USER)))
    lines = told(gatehouse, assume(gatehouse, una))
    assert lines[1] == "answered 200"
    assert f"sts:AssumeRole on {ROLE}: allowed" in lines
    assert under(lines, OWN_SIDE) == [f"statement 0 of p of {USER} allows it"]
    assert under(lines, OTHER_SIDE) == [f"statement 0 of trust policy of {ROLE} allows it"]


def test_denied_on_the_callers_side(gatehouse: Gatehouse) -> None:
    una = gatehouse.new_user("una")
    gatehouse.new_role("Guest", json.dumps(trust(USER)))
    lines = told(gatehouse, assume(gatehouse, una))
    assert under(lines, OWN_SIDE)[0].endswith(": there are no statements")
    assert "statement 0 of trust policy allows" in under(lines, OTHER_SIDE)[0]
    assert BOTH in lines
    assert under(lines, MEND) == [
        f"account {HOME}: allow sts:AssumeRole on {ROLE} in the identity policies of {USER}"
    ]


def test_denied_on_the_resources_side(gatehouse: Gatehouse) -> None:
    una = gatehouse.new_user("una", ALLOW_ALL)
    condition = {"StringEquals": {"sts:ExternalId": "Case-9"}}
    gatehouse.new_role("Guest", json.dumps(trust(USER, condition)))
    lines = told(gatehouse, assume(gatehouse, una, ExternalId="case-9"))
    assert "statement 0 of p allows" in under(lines, OWN_SIDE)[0]
    missed = under(lines, OTHER_SIDE)
    assert any("sts:ExternalId" in line or "sts:externalid" in line for line in missed)
    assert BOTH in lines
    assert under(lines, MEND) == [
        "the caller: meet the condition on sts:ExternalId of statement 0 of trust policy;"
        f" or account {AWAY}: change it"
    ]


def test_denied_on_both_sides(gatehouse: Gatehouse) -> None:
    una = gatehouse.new_user("una")
    lines = told(gatehouse, assume(gatehouse, una))
    assert under(lines, OWN_SIDE)
    assert under(lines, OTHER_SIDE)
    assert BOTH in lines
    assert [line.partition(":")[0] for line in under(lines, MEND)] == [
        f"account {HOME}",
        f"account {AWAY}",
    ]


@pytest.mark.parametrize("there", ["nothing", "another path", "another case"])
def test_a_role_that_is_not_there(gatehouse: Gatehouse, there: str) -> None:
    """The answer hides it (PE-202); whoever runs the server would look for a missing statement."""
    una = gatehouse.new_user("una", ALLOW_ALL)
    if there == "another path":
        gatehouse.new_role("Guest", json.dumps(trust(USER)), Path="/team/")
    if there == "another case":
        gatehouse.new_role("guest", json.dumps(trust(USER)))
    answer = assume(gatehouse, una)
    assert (
        answer.refusal[2]
        == f"User: {USER} is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
    )
    lines = told(gatehouse, answer)
    assert under(lines, OTHER_SIDE) == [
        f"trust policy of role {ROLE}: there is no such role, or its trust policy has no statements"
    ]
    assert under(lines, MEND) == [
        f"account {AWAY}: make the role {ROLE} and allow sts:AssumeRole to {USER} in its trust"
        " policy; or the caller: name a role that exists, with its account, path and name as they"
        " are"
    ]


@pytest.mark.parametrize(
    ("own", "other", "denier"),
    [
        (policy(statement("Deny", Action="s3:*", Resource="*")), None, OWN_SIDE),
        (
            allow("*", "*"),
            policy(
                statement("Deny", Principal={"AWS": USER}, Action="s3:GetObject", Resource=OBJECT)
            ),
            OTHER_SIDE,
        ),
    ],
    ids=["by the caller's own policy", "by the bucket policy"],
)
def test_denied_explicitly(gatehouse: Gatehouse, own: object, other: object, denier: str) -> None:
    una = gatehouse.new_user("una", json.dumps(own))
    gatehouse.done(gatehouse.store(gatehouse.away, "PUT", "/bucket"))
    if other is not None:
        body = json.dumps(other).encode()
        gatehouse.done(gatehouse.store(gatehouse.away, "PUT", "/bucket?policy", body))
    lines = told(gatehouse, gatehouse.store(una, "GET", "/bucket/key"))
    assert f"s3:GetObject on {OBJECT}: denied explicitly" in lines
    assert any("denies" in line for line in under(lines, denier))


def test_denied_by_a_session_policy(gatehouse: Gatehouse) -> None:
    una = gatehouse.new_user("una", ALLOW_ALL)
    gatehouse.new_role("Guest", json.dumps(trust(USER)))
    form = {"RoleName": "Guest", "PolicyName": "p", "PolicyDocument": ALLOW_ALL}
    gatehouse.done(gatehouse.call(gatehouse.away, "PutRolePolicy", **form))
    narrow = json.dumps(allow("s3:*", "*"))
    guest = gatehouse.assume(una, ROLE, Policy=narrow)
    lines = told(gatehouse, gatehouse.call(guest, "ListUsers"))
    own = under(lines, f"  The caller's side (account {AWAY}):")
    assert any(line.startswith("session policy of") and "no Allow covers" in line for line in own)
    assert BOTH not in lines


def test_not_authenticated(gatehouse: Gatehouse) -> None:
    unsigned = told(gatehouse, gatehouse.call(None, "ListUsers"))
    assert "iam:ListUsers by an unidentified caller from 192.0.2.7" in unsigned[0]
    assert unsigned[2:] == [
        "It was refused before any policy was asked: the caller was not authenticated, or the"
        " request could not be read."
    ]
    forged = Credentials(gatehouse.home.access_key, "x" * 40)
    assert told(gatehouse, gatehouse.call(forged, "ListUsers"))[2:] == unsigned[2:]


def test_authenticated_but_not_valid(gatehouse: Gatehouse) -> None:
    lines = told(gatehouse, gatehouse.call(gatehouse.home, "CreateUser", UserName="a user"))
    assert lines[2:] == [
        "The caller was authenticated; it was refused before any policy was asked."
    ]


def test_an_anonymous_caller(gatehouse: Gatehouse) -> None:
    gatehouse.done(gatehouse.store(gatehouse.away, "PUT", "/bucket"))
    lines = told(gatehouse, gatehouse.store(None, "GET", "/bucket/key"))
    assert "s3:GetObject by an anonymous caller" in lines[0]
    assert under(lines, OTHER_SIDE) == ["resource policy of arn:aws:s3:::bucket: there is none"]


def test_what_needs_no_permission(gatehouse: Gatehouse) -> None:
    lines = told(gatehouse, gatehouse.call(gatehouse.home, "GetCallerIdentity", "sts"))
    assert lines[1:] == [
        "answered 200",
        "No permission is needed for this, so no policy was asked.",
    ]


def test_the_root_user_at_home(gatehouse: Gatehouse) -> None:
    lines = told(gatehouse, gatehouse.call(gatehouse.home, "ListUsers"))
    assert lines[-1] == f"  The root user of {HOME} needs no policy in its own account."


def test_what_a_client_named_cannot_move_the_cursor(gatehouse: Gatehouse) -> None:
    una = gatehouse.new_user("una", ALLOW_ALL)
    gatehouse.done(gatehouse.store(gatehouse.away, "PUT", "/bucket"))
    answer = gatehouse.store(una, "GET", "/bucket/%1B%5B2J%0D%0Akey")
    assert answer.status == 403
    assert all(line.isprintable() for line in told(gatehouse, answer))


def test_each_key_of_a_deletion_is_on_record(gatehouse: Gatehouse) -> None:
    """W-310: what was decided alike is told once, with all that it was decided of."""
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/bucket"))
    mine = allow("s3:DeleteObject", "arn:aws:s3:::bucket/mine/*")
    una = gatehouse.new_user("una", json.dumps(mine))
    keys = [f"{folder}/{number}" for folder in ("mine", "theirs") for number in range(30)]
    named = "".join(f"<Object><Key>{key}</Key></Object>" for key in keys)
    body = f"<Delete>{named}</Delete>".encode()
    digest = base64.b64encode(hashlib.md5(body).digest()).decode()
    answer = gatehouse.store(una, "POST", "/bucket?delete", body, {"Content-MD5": digest})
    assert answer.status == 200
    allowed, denied = gatehouse.line(answer)["decisions"]
    for decision, folder in ((allowed, "mine"), (denied, "theirs")):
        resources = [f"arn:aws:s3:::bucket/{folder}/{number}" for number in range(30)]
        assert [decision["resource"], *decision["also"]] == resources
    assert allowed["decision"] == "allowed"
    assert "story" not in allowed
    assert denied["decision"] == "implicitDeny"
    assert denied["story"]
    lines = told(gatehouse, answer)
    assert "s3:DeleteObject on arn:aws:s3:::bucket/mine/0: allowed" in lines
    assert "  so also arn:aws:s3:::bucket/mine/1" in lines
    assert lines.count("  … and 9 more") == 2
    assert any(
        line.startswith("s3:DeleteObject on arn:aws:s3:::bucket/theirs/0: denied") for line in lines
    )
    unsigned = gatehouse.store(None, "POST", "/bucket?delete", body, {"Content-MD5": digest})
    (decision,) = gatehouse.line(unsigned)["decisions"]
    assert (len(decision["also"]), decision["more"]) == (16, 43)
    assert "  … and 43 more" in told(gatehouse, unsigned)


def test_an_object_of_another_accounts_is_a_matter_of_its_acl(gatehouse: Gatehouse) -> None:
    """PE-137: no policy of the bucket's could allow it."""
    written = {"x-amz-object-ownership": "ObjectWriter"}
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/bucket", headers=written))
    writer = gatehouse.store(gatehouse.away, "GET", "/").value("ID")
    write = {"x-amz-grant-write": f'id="{writer}"'}
    gatehouse.done(gatehouse.store(gatehouse.home, "PUT", "/bucket?acl", headers=write))
    gatehouse.done(gatehouse.store(gatehouse.away, "PUT", "/bucket/key", b"x"))
    una = gatehouse.new_user("una", ALLOW_ALL)
    lines = told(gatehouse, gatehouse.store(una, "GET", "/bucket/key"))
    assert under(lines, OTHER_SIDE) == [f"ACL of {OBJECT}: there is none"]
    assert (
        f"    account {AWAY}: allow s3:GetObject on {OBJECT} to {USER} in the ACL of {OBJECT}"
        in lines
    )
    given = {"x-amz-acl": "bucket-owner-read"}
    gatehouse.done(gatehouse.store(gatehouse.away, "PUT", "/bucket/key?acl", headers=given))
    lines = told(gatehouse, gatehouse.store(una, "GET", "/bucket/key"))
    assert under(lines, OTHER_SIDE) == [
        "statement 1 of object ACL of arn:aws:s3:::bucket/* allows it"
    ]
