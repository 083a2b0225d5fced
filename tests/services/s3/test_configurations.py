"""What buckets are configured with: kept as it came, and what cannot be is refused (W-302)."""

from typing import Any

import pytest

from sekisho.directory.queries import buckets
from sekisho.model.faults import AccessDenied
from sekisho.services.s3.cors import Inquiry, allowing_rule, answer_headers, fits
from services.iam.office import allow, document
from services.s3.depot import NOBODY, Depot

RULE = {"AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["https://*.example.com"]}
CORS = {"CORSRules": [RULE]}
SEALED = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
EXPIRING = {
    "Rules": [
        {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "x"}, "Expiration": {"Days": 1}}
    ]
}


@pytest.mark.parametrize(
    ("name", "member", "value", "missing", "is_whole"),
    [
        ("BucketCors", "CORSConfiguration", CORS, "NoSuchCORSConfiguration", False),
        (
            "BucketLifecycleConfiguration",
            "LifecycleConfiguration",
            EXPIRING,
            "NoSuchLifecycleConfiguration",
            False,
        ),
        (
            "BucketEncryption",
            "ServerSideEncryptionConfiguration",
            SEALED,
            "ServerSideEncryptionConfigurationNotFoundError",
            True,
        ),
    ],
)
def test_put_get_delete(
    depot: Depot, name: str, member: str, value: dict[str, Any], missing: str, is_whole: bool
) -> None:
    assert depot.refusal(f"Get{name}")[:2] == (missing, 404)
    given: dict[str, Any] = {member: value}
    depot.do(f"Put{name}", **given)
    assert depot.do(f"Get{name}") == (given if is_whole else value)
    depot.do(f"Delete{name}".replace("LifecycleConfiguration", "Lifecycle"))
    assert depot.refusal(f"Get{name}")[:2] == (missing, 404)
    bare = depot.owner.new_user("bare")
    assert depot.refusal(f"Get{name}", bare)[0] == "AccessDenied"
    assert depot.refusal(f"Put{name}", bare, None, **given)[0] == "AccessDenied"


def lifecycle(**rule: Any) -> dict[str, Any]:
    return {"LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "Prefix": "", **rule}]}}


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("PutBucketCors", {"CORSConfiguration": {"CORSRules": []}}, "MalformedXML"),
        (
            "PutBucketCors",
            {"CORSConfiguration": {"CORSRules": [{**RULE, "AllowedOrigins": ["a" * 70_000]}]}},
            "MaxMessageLengthExceeded",
        ),
        (
            "PutBucketCors",
            {"CORSConfiguration": {"CORSRules": [{**RULE, "AllowedMethods": ["PATCH"]}]}},
            "InvalidRequest",
        ),
        (
            "PutBucketCors",
            {"CORSConfiguration": {"CORSRules": [{**RULE, "AllowedOrigins": ["*a*"]}]}},
            "InvalidRequest",
        ),
        (
            "PutBucketCors",
            {"CORSConfiguration": {"CORSRules": [{**RULE, "ExposeHeaders": ["x\r\ny"]}]}},
            "InvalidRequest",
        ),
        (
            "PutBucketCors",
            {"CORSConfiguration": {"CORSRules": [{**RULE, "AllowedOrigins": ["a\r\nb"]}]}},
            "MalformedXML",
        ),
        ("PutBucketLifecycleConfiguration", lifecycle(), "MalformedXML"),
        ("PutBucketLifecycleConfiguration", lifecycle(Expiration={"Days": 0}), "InvalidArgument"),
        ("PutBucketLifecycleConfiguration", lifecycle(Expiration={"Date": 1}), "InvalidArgument"),
        (
            "PutBucketLifecycleConfiguration",
            lifecycle(Expiration={"Days": 1, "Date": 0}),
            "MalformedXML",
        ),
        (
            "PutBucketLifecycleConfiguration",
            lifecycle(Expiration={"Days": 1}, Filter={}),
            "MalformedXML",
        ),
        (
            "PutBucketLifecycleConfiguration",
            lifecycle(Transitions=[{"Days": 1, "StorageClass": "GLACIER"}]),
            "NotImplemented",
        ),
        (
            "PutBucketLifecycleConfiguration",
            lifecycle(NoncurrentVersionExpiration={"NoncurrentDays": 0}),
            "InvalidArgument",
        ),
        (
            "PutBucketEncryption",
            {"ServerSideEncryptionConfiguration": {"Rules": []}},
            "MalformedXML",
        ),
        (
            "PutBucketEncryption",
            {
                "ServerSideEncryptionConfiguration": {
                    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
                }
            },
            "NotImplemented",
        ),
        (
            "PutBucketOwnershipControls",
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "Somebody"}]}},
            "MalformedXML",
        ),
    ],
)
def test_what_cannot_be(depot: Depot, name: str, given: dict[str, Any], code: str) -> None:
    assert depot.refusal(name, None, None, **given)[0] == code


def test_the_owner_pays(depot: Depot) -> None:
    """W-302"""
    assert depot.do("GetBucketRequestPayment") == {"Payer": "BucketOwner"}
    requester = {"RequestPaymentConfiguration": {"Payer": "Requester"}}
    assert depot.refusal("PutBucketRequestPayment", None, None, **requester)[1] == 501


def test_encryption_is_told_of(depot: Depot) -> None:
    """W-306, but for what nobody asked to be encrypted."""
    depot.put("plain")
    depot.put("asked", ServerSideEncryption="AES256")
    assert "ServerSideEncryption" not in depot.do("HeadObject", Key="plain")
    assert depot.do("HeadObject", Key="asked")["ServerSideEncryption"] == "AES256"
    depot.do("PutBucketEncryption", ServerSideEncryptionConfiguration=SEALED)
    assert depot.put("k")["ServerSideEncryption"] == "AES256"
    assert depot.do("HeadObject", Key="k")["ServerSideEncryption"] == "AES256"
    begun = depot.do("CreateMultipartUpload", Key="m")
    assert begun["ServerSideEncryption"] == "AES256"


def test_acls_are_off(depot: Depot) -> None:
    """W-276, PE-138"""
    depot.put("k")
    enforced = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert depot.do("GetBucketOwnershipControls") == {"OwnershipControls": enforced}
    depot.do("PutBucketOwnershipControls", OwnershipControls=enforced)
    owner = {"ID": depot.owner.account.canonical_id}
    acl = {
        "Owner": owner,
        "Grants": [{"Grantee": {**owner, "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}],
    }
    objects: dict[str, Any] = {"Key": "k"}
    places: list[tuple[str, dict[str, Any]]] = [("BucketAcl", {}), ("ObjectAcl", objects)]
    for name, place in places:
        assert depot.do(f"Get{name}", None, None, **place) == acl
        depot.do(f"Put{name}", None, None, **place, ACL="private")
        depot.do(f"Put{name}", None, None, **place, AccessControlPolicy=acl)
        wishes: list[dict[str, Any]] = [
            {"ACL": "public-read"},
            {"GrantRead": "id=x"},
            {"AccessControlPolicy": {"Grants": [], "Owner": owner}},
        ]
        for wish in wishes:
            said = depot.refusal(f"Put{name}", None, None, **place, **wish)
            assert said == (
                "AccessControlListNotSupported",
                400,
                "The bucket does not allow ACLs",
            )
        assert depot.refusal(f"Put{name}", None, None, **place)[0] == "MissingSecurityHeader"


ON = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


def test_public_access_is_blocked_until_it_is_let_in(depot: Depot) -> None:
    """PE-139, W-277, W-278"""
    depot.put("k", b"open")
    reader = depot.other.new_user("reader", allow("s3:*"))
    named = allow("s3:GetObject", depot.arn("*"), Principal={"AWS": depot.other.id})
    public = allow("s3:GetObject", depot.arn("*"), Principal="*")
    assert depot.do("GetPublicAccessBlock") == {"PublicAccessBlockConfiguration": ON}
    text = document(public, named)
    assert depot.refusal("PutBucketPolicy", Policy=text)[0] == "AccessDenied"
    only = {"RestrictPublicBuckets": True}
    depot.do("PutPublicAccessBlock", PublicAccessBlockConfiguration=only)
    shown = depot.do("GetPublicAccessBlock")["PublicAccessBlockConfiguration"]
    assert shown == {**dict.fromkeys(ON, False), **only}
    depot.do("PutBucketPolicy", Policy=text)
    assert depot.do("GetBucketPolicyStatus") == {"PolicyStatus": {"IsPublic": True}}
    for stranger in (NOBODY, reader):
        assert depot.refusal("GetObject", stranger, Key="k")[0] == "AccessDenied"
    at_home = depot.owner.new_user("at-home")
    assert depot.content("k", at_home) == b"open"
    depot.do("DeletePublicAccessBlock")
    assert depot.refusal("GetPublicAccessBlock") == (
        "NoSuchPublicAccessBlockConfiguration",
        404,
        "The public access block configuration was not found",
    )
    for stranger in (NOBODY, reader):
        assert depot.content("k", stranger) == b"open"
    depot.do("PutBucketPolicy", Policy=document(named))
    depot.do("PutPublicAccessBlock", PublicAccessBlockConfiguration=ON)
    assert depot.content("k", reader) == b"open"


@pytest.mark.parametrize(
    ("pattern", "text", "is_fit"),
    [
        ("*", "https://a", True),
        ("https://*.b", "https://a.b", True),
        ("https://*.b", "https://.b", True),
        ("https://*.b", "https://b", False),
        ("a*a", "a", False),
        ("a", "a", True),
        ("a", "A", False),
    ],
)
def test_patterns_of_origins(pattern: str, text: str, is_fit: bool) -> None:
    assert fits(pattern, text) is is_fit


@pytest.mark.parametrize(
    ("inquiry", "is_allowed"),
    [
        (Inquiry("https://a.example.com", "GET"), True),
        (Inquiry("https://a.example.com", "DELETE"), False),
        (Inquiry("https://example.org", "GET"), False),
        (Inquiry("https://a.example.com", "PUT", ("X-Amz-Date", "content-type")), True),
        (Inquiry("https://a.example.com", "PUT", ("X-Other",)), False),
    ],
)
def test_which_rule_lets_pass(depot: Depot, inquiry: Inquiry, is_allowed: bool) -> None:
    headers = {"AllowedHeaders": ["x-amz-*", "Content-Type"], "MaxAgeSeconds": 7}
    rule = {**RULE, **headers, "ExposeHeaders": ["ETag"]}
    depot.do("PutBucketCors", CORSConfiguration={"CORSRules": [rule]})
    with depot.directory.reading() as tx:
        bucket = buckets.get_bucket(tx, depot.bucket)
    assert bucket is not None
    found = allowing_rule(bucket, inquiry)
    assert (found is not None) is is_allowed
    if found is not None:
        told = dict(answer_headers(found, inquiry))
        assert told["Access-Control-Allow-Origin"] == "https://a.example.com"
        assert told["Access-Control-Allow-Credentials"] == "true"
        assert told["Access-Control-Expose-Headers"] == "ETag"
        assert told["Access-Control-Max-Age"] == "7"


def test_a_denial_under_restriction_reads_like_one_of_the_policy(depot: Depot) -> None:
    """W-277; other accounts are not told more than Access Denied (W-279)."""
    depot.do("DeletePublicAccessBlock")
    public = allow("s3:GetObject", depot.arn("*"), Principal="*")
    depot.do("PutBucketPolicy", Policy=document(public))
    depot.do("PutPublicAccessBlock", PublicAccessBlockConfiguration=ON)
    fault = depot.fault("GetObject", NOBODY, Key="k")
    assert isinstance(fault, AccessDenied)
    assert fault.message == "Access Denied"
