"""Bucket policies: saved, shown, refused, and never in the way of the owner's root."""

import base64
import hashlib
import json
from typing import Any

import pytest

from services.iam.office import allow, document
from services.s3.depot import NOBODY, Depot

DENY_ALL = {"Effect": "Deny", "Principal": "*", "Action": "s3:*"}


def for_bucket(depot: Depot, **statement: Any) -> str:
    whole = {
        "Effect": "Allow",
        "Principal": {"AWS": depot.other.id},
        "Action": "s3:GetObject",
        "Resource": depot.arn("*"),
        **statement,
    }
    return document(whole)


def test_put_get_delete(depot: Depot) -> None:
    """W-284"""
    text = for_bucket(depot).replace(":", " : ", 3)
    assert depot.do("PutBucketPolicy", Policy=text) == {}
    assert depot.do("GetBucketPolicy") == {"Policy": text}
    assert depot.do("GetBucketPolicyStatus") == {"PolicyStatus": {"IsPublic": False}}
    assert depot.do("DeleteBucketPolicy") == {}
    assert depot.do("DeleteBucketPolicy") == {}
    for name in ("GetBucketPolicy", "GetBucketPolicyStatus"):
        fault = depot.fault(name)
        assert (fault.code, fault.status) == ("NoSuchBucketPolicy", 404)
        assert fault.message == "The bucket policy does not exist"
        assert fault.details == {"BucketName": depot.bucket}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" {}", "Policies must be valid JSON and the first byte must be '{'"),
        ("{", "This policy contains invalid Json"),
        ('{"Version":"2012-10-17"}', "Missing required field Statement"),
    ],
)
def test_malformed_policies(depot: Depot, text: str, message: str) -> None:
    """W-282, PE-79"""
    assert depot.refusal("PutBucketPolicy", Policy=text) == ("MalformedPolicy", 400, message)


def test_resources_must_lie_in_the_bucket(depot: Depot) -> None:
    """PE-79"""
    text = for_bucket(depot, Resource="arn:aws:s3:::other-bucket/*")
    assert depot.refusal("PutBucketPolicy", Policy=text)[2] == "Policy has invalid resource"


def test_a_principal_that_does_not_exist(depot: Depot) -> None:
    """W-282"""
    nobody = depot.owner.arn("user/nobody")
    fault = depot.fault("PutBucketPolicy", Policy=for_bucket(depot, Principal={"AWS": nobody}))
    assert (fault.code, fault.status) == ("MalformedPolicy", 400)
    assert fault.message == "Invalid principal in policy"
    assert fault.details == {"Detail": f'"AWS" : "{nobody}"'}


def test_twenty_kilobytes_are_the_limit(depot: Depot) -> None:
    """PE-61, W-284; bytes count, white space too"""
    text = for_bucket(depot)
    whole = text + " " * (20 * 1024 - len(text))
    assert depot.do("PutBucketPolicy", Policy=whole) == {}
    assert depot.refusal("PutBucketPolicy", Policy=whole + " ")[0] == "MalformedPolicy"
    wide = for_bucket(depot, Sid="x")[:-1] + ',"Id":"' + "ä" * 10_200 + '"}'
    assert len(wide) < 20 * 1024
    assert depot.refusal("PutBucketPolicy", Policy=wide)[0] == "MalformedPolicy"


def test_public_policies_are_refused(depot: Depot) -> None:
    """W-277, W-278"""
    user = depot.owner.new_user("opener", allow("s3:*"))
    text = for_bucket(depot, Principal="*")
    assert depot.refusal("PutBucketPolicy", user, Policy=text) == (
        "AccessDenied",
        403,
        f"User: {user.principal.arn} is not authorized to perform: s3:PutBucketPolicy on resource:"
        f' "{depot.arn()}" because public policies are prevented by the BlockPublicPolicy setting'
        " in S3 Block Public Access.",
    )
    assert depot.refusal("GetBucketPolicy")[0] == "NoSuchBucketPolicy"


def test_content_md5_is_held_against_the_policy(depot: Depot) -> None:
    """W-307"""
    text = for_bucket(depot)
    right = base64.b64encode(hashlib.md5(text.encode()).digest()).decode()
    wrong = base64.b64encode(hashlib.md5(b"").digest()).decode()
    assert depot.refusal("PutBucketPolicy", Policy=text, ContentMD5=wrong)[0] == "BadDigest"
    assert depot.refusal("PutBucketPolicy", Policy=text, ContentMD5="AA==")[0] == "InvalidDigest"
    assert depot.do("PutBucketPolicy", Policy=text, ContentMD5=right) == {}


def test_a_deleted_principal_shows_as_its_id(depot: Depot) -> None:
    """PE-31"""
    user = depot.other.new_user("leaver")
    text = for_bucket(depot, Principal={"AWS": user.principal.arn})
    depot.do("PutBucketPolicy", Policy=text)
    assert depot.do("GetBucketPolicy")["Policy"] == text
    depot.other.do("DeleteUser", UserName="leaver")
    shown = depot.do("GetBucketPolicy")["Policy"]
    assert shown == text.replace(user.principal.arn, user.principal.unique_id)
    assert depot.refusal("PutBucketPolicy", Policy=shown)[2] == "Invalid principal in policy"


def test_a_new_user_of_the_same_name_is_somebody_else(depot: Depot) -> None:
    """PE-31"""
    depot.put("k", b"secret")
    before = depot.other.new_user("carol", allow("s3:GetObject"))
    depot.do("PutBucketPolicy", Policy=for_bucket(depot, Principal={"AWS": before.principal.arn}))
    assert depot.content("k", before) == b"secret"
    depot.other.do("DeleteUserPolicy", UserName="carol", PolicyName="p")
    depot.other.do("DeleteUser", UserName="carol")
    after = depot.other.new_user("carol", allow("s3:GetObject"))
    assert depot.refusal("GetObject", after, Key="k") == ("AccessDenied", 403, "Access Denied")


def test_the_owners_root_is_never_locked_out(depot: Depot) -> None:
    """PE-99, W-284"""
    closed = document({**DENY_ALL, "Resource": [depot.arn(), depot.arn("*")]})
    depot.do("PutBucketPolicy", Policy=closed)
    admin = depot.owner.new_user("admin", allow("*"))
    for name in ("GetBucketPolicy", "DeleteBucketPolicy"):
        assert depot.refusal(name, admin)[2].endswith(
            "with an explicit deny in a resource-based policy"
        )
    assert depot.refusal("HeadBucket")[0] == "AccessDenied"
    assert json.loads(depot.do("GetBucketPolicy")["Policy"]) == json.loads(closed)
    assert depot.do("PutBucketPolicy", Policy=closed) == {}
    assert depot.do("DeleteBucketPolicy") == {}
    assert depot.do("HeadBucket", admin)


def test_another_accounts_root_is(depot: Depot) -> None:
    closed = document({**DENY_ALL, "Resource": [depot.arn(), depot.arn("*")]})
    depot.do("PutBucketPolicy", Policy=closed)
    assert depot.refusal("DeleteBucketPolicy", depot.other.root) == (
        "AccessDenied",
        403,
        "Access Denied",
    )


@pytest.mark.parametrize("name", ["GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"])
def test_other_accounts_never_touch_the_policy(depot: Depot, name: str) -> None:
    """403 for who has no leave, 405 for who has."""
    given: dict[str, Any] = {"Policy": for_bucket(depot)} if name == "PutBucketPolicy" else {}
    assert depot.refusal(name, depot.other.root, **given)[:2] == ("AccessDenied", 403)
    leave = for_bucket(depot, Action=f"s3:{name}", Resource=depot.arn())
    depot.do("PutBucketPolicy", Policy=leave)
    assert depot.refusal(name, depot.other.root, **given) == (
        "MethodNotAllowed",
        405,
        "The specified method is not allowed against this resource.",
    )
    assert depot.do("GetBucketPolicy")["Policy"] == leave


def test_nobody_in_particular_may_come_from_a_fixed_network(depot: Depot) -> None:
    """PE-140: a policy for everybody at fixed addresses is not public."""
    depot.put("k", b"open")
    here = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    depot.do("PutBucketPolicy", Policy=for_bucket(depot, Principal="*", Condition=here))
    assert depot.content("k", NOBODY) == b"open"
    elsewhere = {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}
    depot.do("PutBucketPolicy", Policy=for_bucket(depot, Principal="*", Condition=elsewhere))
    assert depot.refusal("GetObject", NOBODY, Key="k") == ("AccessDenied", 403, "Access Denied")
