"""The main crossing with boto3, both ways: from the source account to the destination and back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from demo.policies import Document, allow, deny, policy, statement, trust

from journeys.crossing import ALL_ACTIONS, MAY_ASSUME, Crossing, refusal, text, turned_away
from journeys.world import Keys


@pytest.mark.parametrize("named", ["user", "account", "account id"])
def test_both_halves_open_the_way(crossing: Crossing, named: str) -> None:
    name, keys = crossing.here.user(MAY_ASSUME)
    principal = {
        "user": crossing.here.arn(f"user/{name}"),
        "account": crossing.here.arn("root"),
        "account id": crossing.here.account,
    }[named]
    role = crossing.there.role(trust(principal))
    assumed = crossing.assume(keys, role)
    bare = role.rpartition("/")[2]
    session = f"arn:aws:sts::{crossing.there.account}:assumed-role/{bare}/visit"
    assert assumed["AssumedRoleUser"]["Arn"] == session
    identity = crossing.here.world.client("sts", Keys.of(assumed["Credentials"]))
    found = identity.get_caller_identity()
    assert (found["Account"], found["Arn"]) == (crossing.there.account, session)
    assert found["UserId"] == assumed["AssumedRoleUser"]["AssumedRoleId"]


@pytest.mark.parametrize(
    ("own", "trusts"), [(False, True), (True, False), (False, False)], ids=["trust", "own", "none"]
)
def test_one_half_opens_nothing(crossing: Crossing, own: bool, trusts: bool) -> None:
    """PE-100, PE-108: and it is not told which half is missing."""
    name, keys = crossing.here.user(*([MAY_ASSUME] if own else []))
    other, _ = crossing.here.user()
    caller = crossing.here.arn(f"user/{name}")
    role = crossing.there.role(trust(caller if trusts else crossing.here.arn(f"user/{other}")))
    assert refusal(crossing.attempt(keys, role)) == turned_away(caller, role)


def test_a_role_that_is_not_there_looks_like_one_that_does_not_trust(crossing: Crossing) -> None:
    """PE-202, W-141."""
    name, keys = crossing.here.user(MAY_ASSUME)
    caller = crossing.here.arn(f"user/{name}")
    nowhere = crossing.there.arn("role/Nowhere")
    assert refusal(crossing.attempt(keys, nowhere)) == turned_away(caller, nowhere)
    strange = "arn:aws:iam::999988887777:role/Nowhere"
    assert refusal(crossing.attempt(keys, strange)) == turned_away(caller, strange)


def test_the_root_user_does_not_cross(crossing: Crossing) -> None:
    """PE-120."""
    role = crossing.there.role(trust(crossing.here.arn("root")))
    said = "Roles may not be assumed by root accounts."
    assert refusal(crossing.attempt(crossing.here.root, role)) == ("AccessDenied", 403, said)


@pytest.mark.parametrize(("given", "opens"), [("Case-9", True), ("case-9", False), (None, False)])
def test_the_external_id_must_be_the_one(
    crossing: Crossing, given: str | None, opens: bool
) -> None:
    """PE-214."""
    name, keys = crossing.here.user(MAY_ASSUME)
    caller = crossing.here.arn(f"user/{name}")
    role = crossing.there.role(trust(caller, {"StringEquals": {"sts:ExternalId": "Case-9"}}))
    more = {} if given is None else {"ExternalId": given}
    if opens:
        assert crossing.assume(keys, role, **more)
    else:
        assert refusal(crossing.attempt(keys, role, **more)) == turned_away(caller, role)


def chained(crossing: Crossing, **more: Any) -> tuple[Keys, str, str]:
    """A session of a first role there, its ARN, and a second role back here that trusts it."""
    _, keys = crossing.here.user(allow(ALL_ACTIONS, "*"))
    first = crossing.there.role(
        trust(crossing.here.account, actions=ALL_ACTIONS), allow(ALL_ACTIONS, "*")
    )
    second = crossing.here.role(trust(first, actions=ALL_ACTIONS), MaxSessionDuration=43_200)
    session = crossing.assume(keys, first, **more)
    return Keys.of(session["Credentials"]), session["AssumedRoleUser"]["Arn"], second


def test_a_chain_lasts_an_hour_at_most(crossing: Crossing) -> None:
    """W-128."""
    keys, _, second = chained(crossing)
    assert crossing.assume(keys, second, DurationSeconds=3600)
    assert refusal(crossing.attempt(keys, second, DurationSeconds=3601)) == (
        "ValidationError",
        400,
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role"
        " chaining.",
    )


def test_a_chain_does_not_skip_a_role(crossing: Crossing) -> None:
    _, caller, second = chained(crossing)
    name, keys = crossing.here.user(MAY_ASSUME)
    direct = crossing.here.arn(f"user/{name}")
    assert caller != direct
    assert refusal(crossing.attempt(keys, second)) == turned_away(direct, second)


def test_a_source_identity_goes_on_and_stays(crossing: Crossing) -> None:
    """W-143, PE-213."""
    keys, _, second = chained(crossing, SourceIdentity="una")
    assert crossing.assume(keys, second)["SourceIdentity"] == "una"
    assert refusal(crossing.attempt(keys, second, SourceIdentity="other")) == (
        "ValidationError",
        400,
        "The source identity is already set for this assume role session",
    )


@pytest.mark.parametrize(
    ("action", "more"),
    [
        ("sts:SetSourceIdentity", {"SourceIdentity": "una"}),
        ("sts:TagSession", {"Tags": [{"Key": "team", "Value": "red"}]}),
    ],
)
def test_what_is_passed_along_must_be_trusted_too(
    crossing: Crossing, action: str, more: dict[str, Any]
) -> None:
    """W-143, PE-116."""
    name, keys = crossing.here.user(allow(ALL_ACTIONS, "*"))
    caller = crossing.here.arn(f"user/{name}")
    plain = crossing.there.role(trust(caller))
    assert crossing.assume(keys, plain)
    assert refusal(crossing.attempt(keys, plain, **more)) == turned_away(caller, plain, action)
    open_minded = crossing.there.role(trust(caller, actions=["sts:AssumeRole", action]))
    assert crossing.assume(keys, open_minded, **more)


def test_session_tags_open_what_is_theirs(crossing: Crossing) -> None:
    """PE-168, PE-212: as a variable in the role's policy; transitive ones go on."""
    bucket = crossing.there.bucket(red=b"red", blue=b"blue")
    own = f"arn:aws:s3:::{bucket}/${{aws:PrincipalTag/team}}"
    _, keys = crossing.here.user(allow(ALL_ACTIONS, "*"))
    trusted = trust(crossing.here.account, actions=ALL_ACTIONS)
    first = crossing.there.role(trusted, policy(*MAY_ASSUME["Statement"], grant(own)))
    second = crossing.there.role(trust(first, actions=ALL_ACTIONS), policy(grant(own)))
    team = {"Tags": [{"Key": "team", "Value": "red"}], "TransitiveTagKeys": ["team"]}
    session = crossing.cross(keys, first, **team)
    for visitor in (session, crossing.cross(session, second)):
        assert crossing.read(visitor, bucket, "red") == b"red"
        assert refusal(crossing.reading(visitor, bucket, "blue"))[:2] == ("AccessDenied", 403)


def grant(resource: str, action: str = "s3:GetObject") -> Document:
    return statement("Allow", Action=action, Resource=resource)


@pytest.mark.parametrize(
    ("limit", "seconds", "said"),
    [
        (3600, 900, None),
        (3600, 3600, None),
        (7200, 7200, None),
        (
            3600,
            3601,
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ),
        (
            3600,
            899,
            "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy"
            " constraint: Member must have value greater than or equal to 900",
        ),
        (
            43_200,
            43_201,
            "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy"
            " constraint: Member must have value less than or equal to 43200",
        ),
    ],
)
def test_a_session_lasts_as_long_as_asked_within_the_limits(
    crossing: Crossing, limit: int, seconds: int, said: str | None
) -> None:
    """W-126, W-127, W-130."""
    _, keys = crossing.here.user(MAY_ASSUME)
    role = crossing.there.role(trust(crossing.here.account), MaxSessionDuration=limit)
    if said is not None:
        attempt = crossing.attempt(keys, role, DurationSeconds=seconds)
        assert refusal(attempt) == ("ValidationError", 400, said)
        return
    before = datetime.now(UTC).replace(microsecond=0)
    expires = crossing.assume(keys, role, DurationSeconds=seconds)["Credentials"]["Expiration"]
    lasts = timedelta(seconds=seconds)
    assert before + lasts <= expires <= datetime.now(UTC) + lasts


@pytest.mark.parametrize("side", ["own", "trust"])
def test_an_explicit_deny_wins_on_either_side(crossing: Crossing, side: str) -> None:
    """PE-83."""
    denials = [deny("sts:AssumeRole", "*")] if side == "own" else []
    name, keys = crossing.here.user(MAY_ASSUME, *denials)
    caller = crossing.here.arn(f"user/{name}")
    trusted = trust(crossing.here.account)
    if side == "trust":
        element = {"Principal": {"AWS": caller}, "Action": "sts:AssumeRole"}
        trusted = policy(*trusted["Statement"], statement("Deny", **element))
    role = crossing.there.role(trusted)
    assert refusal(crossing.attempt(keys, role)) == turned_away(caller, role)


def test_a_user_who_was_created_again_is_another(crossing: Crossing) -> None:
    """PE-31: the trust policy then shows the id of the one who was meant."""
    name, keys = crossing.here.user(MAY_ASSUME)
    caller = crossing.here.arn(f"user/{name}")
    iam = crossing.here.iam
    user_id = iam.get_user(UserName=name)["User"]["UserId"]
    role = crossing.there.role(trust(caller))
    assert crossing.assume(keys, role)
    iam.delete_user_policy(UserName=name, PolicyName="p0")
    iam.delete_access_key(UserName=name, AccessKeyId=keys.access_key_id)
    iam.delete_user(UserName=name)
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="p0", PolicyDocument=text(MAY_ASSUME))
    again = Keys.of(iam.create_access_key(UserName=name)["AccessKey"])
    assert refusal(crossing.attempt(again, role)) == turned_away(caller, role)
    bare = role.rpartition("/")[2]
    found = crossing.there.iam.get_role(RoleName=bare)["Role"]["AssumeRolePolicyDocument"]
    assert found["Statement"][0]["Principal"] == {"AWS": user_id}
    crossing.there.iam.update_assume_role_policy(RoleName=bare, PolicyDocument=text(trust(caller)))
    assert crossing.assume(again, role)


def test_a_session_dies_with_its_role(crossing: Crossing) -> None:
    """W-56, W-123: also when a role of the same name takes its place."""
    _, keys = crossing.here.user(MAY_ASSUME)
    trusted = trust(crossing.here.account)
    role = crossing.there.role(trusted)
    sts = crossing.here.world.client("sts", crossing.cross(keys, role))
    assert sts.get_caller_identity()["Account"] == crossing.there.account
    bare = role.rpartition("/")[2]
    crossing.there.iam.delete_role(RoleName=bare)
    dead = (
        "InvalidClientTokenId",
        403,
        "The security token included in the request is invalid.",
    )
    assert refusal(sts.get_caller_identity) == dead
    crossing.there.iam.create_role(RoleName=bare, AssumeRolePolicyDocument=text(trusted))
    assert refusal(sts.get_caller_identity) == dead


def test_within_an_account_the_trust_policy_is_enough(crossing: Crossing) -> None:
    """PE-108, PE-109: if it names the user; a trusted account leaves it to its policies."""
    name, keys = crossing.here.user()
    caller = crossing.here.arn(f"user/{name}")
    assert crossing.assume(keys, crossing.here.role(trust(caller)))
    by_account = crossing.here.role(trust(crossing.here.account))
    assert refusal(crossing.attempt(keys, by_account)) == turned_away(caller, by_account)
    _, powerful = crossing.here.user(allow("*", "*"))
    assert crossing.assume(powerful, by_account)
    untrusting = crossing.here.role(trust(caller))
    assert refusal(crossing.attempt(powerful, untrusting))[:2] == ("AccessDenied", 403)


def test_a_token_that_was_tampered_with_is_none(crossing: Crossing) -> None:
    """W-56: and neither is one with another session's key."""
    _, keys = crossing.here.user(MAY_ASSUME)
    role = crossing.there.role(trust(crossing.here.account))
    one, two = crossing.cross(keys, role), crossing.cross(keys, role)
    assert one.token is not None
    middle = len(one.token) // 2
    other = "A" if one.token[middle] != "A" else "B"
    damaged = one.token[:middle] + other + one.token[middle + 1 :]
    for token in (damaged, two.token, None):
        spoiled = Keys(one.access_key_id, one.secret, token)
        sts = crossing.here.world.client("sts", spoiled)
        code, status, _ = refusal(sts.get_caller_identity)
        assert (code, status) == ("InvalidClientTokenId", 403)
