"""What one may do beyond the crossing, both ways: limits on sessions, three ways to an object."""

from typing import Any

import pytest
from demo.policies import Document, allow, policy, statement, trust

from journeys.crossing import ABROAD, MAY_ASSUME, Crossing, refusal, text, turned_away
from journeys.world import Keys


def visitor_with_all(crossing: Crossing, **more: Any) -> tuple[Keys, str]:
    """A session that may all of S3 over there, and the ARN of its role."""
    _, keys = crossing.here.user(MAY_ASSUME)
    role = crossing.there.role(trust(crossing.here.account), allow("s3:*", "*"))
    return crossing.cross(keys, role, **more), role


def because(crossing: Crossing, role: str, bucket: str, reason: str) -> tuple[str, int, str]:
    """W-279, as told within the account."""
    bare = role.rpartition("/")[2]
    return (
        "AccessDenied",
        403,
        f"User: arn:aws:sts::{crossing.there.account}:assumed-role/{bare}/visit is not authorized"
        f' to perform: s3:GetObject on resource: "arn:aws:s3:::{bucket}/key" {reason}',
    )


@pytest.mark.parametrize("is_managed", [False, True])
def test_a_session_policy_narrows(crossing: Crossing, is_managed: bool) -> None:
    """PE-93."""
    open_bucket, shut = crossing.there.bucket(key=b"open"), crossing.there.bucket(key=b"shut")
    narrow = allow("s3:GetObject", f"arn:aws:s3:::{open_bucket}/*")
    if is_managed:
        more: dict[str, Any] = {"PolicyArns": [{"arn": crossing.there.managed(narrow)}]}
    else:
        more = {"Policy": text(narrow)}
    visitor, role = visitor_with_all(crossing, **more)
    assert crossing.read(visitor, open_bucket) == b"open"
    assert refusal(crossing.reading(visitor, shut)) == because(
        crossing, role, shut, "because no session policy allows the s3:GetObject action"
    )


def test_a_session_policy_grants_nothing(crossing: Crossing) -> None:
    bucket = crossing.there.bucket(key=b"shut")
    _, keys = crossing.here.user(MAY_ASSUME)
    role = crossing.there.role(trust(crossing.here.account))
    visitor = crossing.cross(keys, role, Policy=text(allow("s3:*", "*")))
    assert refusal(crossing.reading(visitor, bucket)) == because(
        crossing, role, bucket, "because no identity-based policy allows the s3:GetObject action"
    )


def test_a_boundary_of_the_role_narrows(crossing: Crossing) -> None:
    """PE-92, PE-97."""
    open_bucket, shut = crossing.there.bucket(key=b"open"), crossing.there.bucket(key=b"shut")
    fence = crossing.there.managed(allow("s3:GetObject", f"arn:aws:s3:::{open_bucket}/*"))
    _, keys = crossing.here.user(MAY_ASSUME)
    role = crossing.there.role(
        trust(crossing.here.account), allow("s3:*", "*"), PermissionsBoundary=fence
    )
    visitor = crossing.cross(keys, role)
    assert crossing.read(visitor, open_bucket) == b"open"
    assert refusal(crossing.reading(visitor, shut)) == because(
        crossing, role, shut, "because no permissions boundary allows the s3:GetObject action"
    )


def test_a_boundary_of_the_caller_keeps_him_home(crossing: Crossing) -> None:
    """PE-102."""
    name, keys = crossing.here.user(MAY_ASSUME)
    caller = crossing.here.arn(f"user/{name}")
    role = crossing.there.role(trust(caller))
    fence = crossing.here.managed(allow("s3:*", "*"))
    crossing.here.iam.put_user_permissions_boundary(UserName=name, PermissionsBoundary=fence)
    assert refusal(crossing.attempt(keys, role)) == turned_away(caller, role)
    crossing.here.iam.delete_user_permissions_boundary(UserName=name)
    assert crossing.assume(keys, role)


def naming(principal: str, bucket: str, effect: str = "Allow") -> Document:
    return statement(
        effect,
        Principal={"AWS": principal},
        Action="s3:GetObject",
        Resource=f"arn:aws:s3:::{bucket}/*",
    )


def test_the_first_way_to_an_object_is_a_role(crossing: Crossing) -> None:
    bucket = crossing.there.bucket(key=b"content")
    _, keys = crossing.here.user(MAY_ASSUME, allow("s3:*", "*"))
    role = crossing.there.role(
        trust(crossing.here.account), allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
    )
    assert refusal(crossing.reading(keys, bucket)) == ABROAD
    assert crossing.read(crossing.cross(keys, role), bucket) == b"content"


@pytest.mark.parametrize("names", ["user", "account"])
def test_the_other_ways_are_two_policies(crossing: Crossing, names: str) -> None:
    """W-273, PE-101: the bucket's, which names the user or the account, and the user's own."""
    bucket = crossing.there.bucket(key=b"content")
    name, keys = crossing.here.user()
    caller = crossing.here.arn(f"user/{name}")
    named = caller if names == "user" else crossing.here.arn("root")
    put = crossing.there.s3.put_bucket_policy
    put(Bucket=bucket, Policy=text(policy(naming(named, bucket))))
    assert refusal(crossing.reading(keys, bucket)) == ABROAD
    own = text(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"))
    crossing.here.iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=own)
    assert crossing.read(keys, bucket) == b"content"
    denied = policy(naming(named, bucket), naming(caller, bucket, "Deny"))
    put(Bucket=bucket, Policy=text(denied))
    assert refusal(crossing.reading(keys, bucket)) == ABROAD
    crossing.there.s3.delete_bucket_policy(Bucket=bucket)
    assert refusal(crossing.reading(keys, bucket)) == ABROAD
