"""Buckets, as W-303…W-305 and W-312 have them."""

from typing import Any

import pytest

from sekisho.model.faults import Fault
from sekisho.services.s3.names import check_bucket_name
from services.iam.office import NOW, allow
from services.s3.depot import NOBODY, Depot


@pytest.mark.parametrize("name", ["abc", "a" * 63, "my.bucket-1", "1-2", "a-.b"])
def test_good_names(name: str) -> None:
    check_bucket_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "ab",
        "a" * 64,
        "Abc",
        "a_b",
        "-ab",
        "ab-",
        ".ab",
        "ab.",
        "a..b",
        "192.168.5.4",
        "xn--abc",
        "sthree-abc",
        "amzn-s3-demo-abc",
        "abc-s3alias",
        "abc--ol-s3",
        "abc.mrap",
        "abc--x-s3",
        "abc--table-s3",
        "abc\n",
        "ab٣",
    ],
)
def test_bad_names(name: str) -> None:
    """W-303"""
    with pytest.raises(Fault) as caught:
        check_bucket_name(name)
    assert (caught.value.code, caught.value.status) == ("InvalidBucketName", 400)
    assert caught.value.message == "The specified bucket is not valid."


def test_a_bad_name_is_told_before_any_decision(depot: Depot) -> None:
    """PE-204"""
    assert depot.refusal("CreateBucket", NOBODY, Bucket="Bad")[0] == "InvalidBucketName"


def test_create_bucket_answers_its_location(depot: Depot) -> None:
    """W-303"""
    name = f"{depot.bucket}-more"
    assert depot.do("CreateBucket", Bucket=name) == {"Location": f"/{name}"}
    assert depot.do("HeadBucket", Bucket=name) == {"BucketRegion": "us-east-1"}
    assert depot.do("GetBucketLocation", Bucket=name) == {"LocationConstraint": ""}  # W-305


def test_creating_it_again_succeeds_in_the_first_region_only(depot: Depot) -> None:
    """W-303"""
    assert depot.do("CreateBucket") == {"Location": f"/{depot.bucket}"}
    depot.region = "eu-west-1"
    wish = {"LocationConstraint": "eu-west-1"}
    assert depot.refusal("CreateBucket", CreateBucketConfiguration=wish) == (
        "BucketAlreadyOwnedByYou",
        409,
        "Your previous request to create the named bucket succeeded and you already own it.",
    )


def test_the_name_of_another_account(depot: Depot) -> None:
    """W-303"""
    assert depot.refusal("CreateBucket", depot.other.root) == (
        "BucketAlreadyExists",
        409,
        "The requested bucket name is not available. The bucket namespace is shared by all users"
        " of the system. Please select a different name and try again.",
    )
    assert depot.do("HeadBucket") == {"BucketRegion": "us-east-1"}


@pytest.mark.parametrize(
    ("here", "asked", "region"),
    [
        ("us-east-1", None, "us-east-1"),
        ("us-east-1", "", "us-east-1"),
        ("us-east-1", "eu-central-1", "eu-central-1"),
        ("eu-central-1", "eu-central-1", "eu-central-1"),
        ("eu-west-1", "EU", "eu-west-1"),
        ("home-north-1", "home-north-1", "home-north-1"),
    ],
)
def test_regions(depot: Depot, here: str, asked: str | None, region: str) -> None:
    """W-303, W-305"""
    depot.region = here
    name = f"{depot.bucket}-there"
    wish = {} if asked is None else {"LocationConstraint": asked}
    depot.do("CreateBucket", Bucket=name, CreateBucketConfiguration=wish)
    assert depot.do("HeadBucket", Bucket=name) == {"BucketRegion": region}
    told = "" if region == "us-east-1" else region
    assert depot.do("GetBucketLocation", Bucket=name) == {"LocationConstraint": told}


@pytest.mark.parametrize(
    ("here", "asked", "code", "message"),
    [
        (
            "eu-west-1",
            None,
            "IllegalLocationConstraintException",
            "The unspecified location constraint is incompatible for the region specific endpoint"
            " this request was sent to.",
        ),
        (
            "eu-west-1",
            "eu-north-1",
            "IllegalLocationConstraintException",
            "The eu-north-1 location constraint is incompatible for the region specific endpoint"
            " this request was sent to.",
        ),
        (
            "us-east-1",
            "us-east-1",
            "InvalidLocationConstraint",
            "The specified location-constraint is not valid",
        ),
        (
            "us-east-1",
            "nowhere",
            "InvalidLocationConstraint",
            "The specified location-constraint is not valid",
        ),
    ],
)
def test_wrong_regions(depot: Depot, here: str, asked: str | None, code: str, message: str) -> None:
    """W-303"""
    depot.region = here
    wish = {} if asked is None else {"LocationConstraint": asked}
    said = depot.refusal("CreateBucket", Bucket="some-bucket", CreateBucketConfiguration=wish)
    assert said == (code, 400, message)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"ACL": "public-read"}, "InvalidBucketAclWithObjectOwnership"),  # W-276
        ({"GrantRead": 'uri="x"'}, "InvalidBucketAclWithObjectOwnership"),
        ({"ObjectOwnership": "Somebody"}, "InvalidArgument"),
        (
            {"ObjectOwnership": "ObjectWriter", "ACL": "public-read"},
            "InvalidBucketAclWithBlockPublicAccessError",
        ),
        ({"BucketNamespace": "account-regional"}, "NotImplemented"),
        ({"CreateBucketConfiguration": {"Tags": [{"Key": "", "Value": "b"}]}}, "InvalidTag"),
        ({"CreateBucketConfiguration": {"Bucket": {"Type": "Directory"}}}, "NotImplemented"),
    ],
)
def test_what_buckets_do_not_have_is_refused(depot: Depot, wish: dict[str, Any], code: str) -> None:
    assert depot.refusal("CreateBucket", Bucket="some-bucket", **wish)[0] == code
    assert depot.refusal("HeadBucket", Bucket="some-bucket")[0] == "NoSuchBucket"


def test_private_buckets_whose_owner_owns_all_are_what_there_is(depot: Depot) -> None:
    wish: dict[str, Any] = {"ACL": "private", "ObjectOwnership": "BucketOwnerEnforced"}
    name = f"{depot.bucket}-mine"
    assert depot.do("CreateBucket", Bucket=name, **wish) == {"Location": f"/{name}"}


def test_only_empty_buckets_are_deleted(depot: Depot) -> None:
    """W-304"""
    depot.put("k")
    assert depot.refusal("DeleteBucket") == (
        "BucketNotEmpty",
        409,
        "The bucket you tried to delete is not empty",
    )
    depot.do("DeleteObject", Key="k")
    assert depot.do("DeleteBucket") == {}
    fault = depot.fault("HeadBucket")
    assert (fault.code, fault.status) == ("NoSuchBucket", 404)
    assert fault.details == {"BucketName": depot.bucket}


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("HeadBucket", {}),
        ("DeleteBucket", {}),
        ("GetBucketLocation", {}),
        ("GetObject", {"Key": "k"}),
        ("HeadObject", {"Key": "k"}),
        ("PutObject", {"Key": "k"}),
        ("DeleteObject", {"Key": "k"}),
        ("ListObjects", {}),
        ("ListObjectsV2", {}),
        ("GetBucketPolicy", {}),
        ("GetBucketPolicyStatus", {}),
        ("PutBucketPolicy", {"Policy": "{}"}),
        ("DeleteBucketPolicy", {}),
    ],
)
def test_a_bucket_that_is_not_there_is_told_to_everybody(
    depot: Depot, name: str, given: dict[str, Any]
) -> None:
    """W-275; and an expected owner is held against the owner (W-283)."""
    assert depot.refusal(name, NOBODY, Bucket="no-such", **given) == (
        "NoSuchBucket",
        404,
        "The specified bucket does not exist",
    )
    stranger = depot.other.id
    assert depot.refusal(name, ExpectedBucketOwner=stranger, **given) == (
        "AccessDenied",
        403,
        "Access Denied",
    )
    assert depot.refusal(name, ExpectedBucketOwner="x", **given) == (
        "InvalidBucketOwnerAWSAccountID",
        400,
        "The value of the expected bucket owner parameter must be an AWS Account ID... [x]",
    )


def test_the_expected_owner_is_let_pass(depot: Depot) -> None:
    """W-283"""
    assert depot.do("HeadBucket", ExpectedBucketOwner=depot.owner.id)


def test_list_buckets_in_pages(depot: Depot) -> None:
    """W-281: the owner is named by canonical id."""
    names = [depot.bucket, *(f"{depot.bucket}.{letter}" for letter in "abc")]
    for name in names[:0:-1]:
        depot.do("CreateBucket", Bucket=name)
    depot.do("CreateBucket", depot.other.root, Bucket=f"{depot.bucket}.foreign")
    whole = depot.do("ListBuckets")
    assert whole["Owner"] == {"ID": depot.owner.account.canonical_id}
    assert whole["Buckets"] == [
        {"Name": name, "CreationDate": NOW, "BucketRegion": "us-east-1"} for name in names
    ]
    assert "ContinuationToken" not in whole
    found: list[list[str]] = []
    given: dict[str, Any] = {"MaxBuckets": 3}
    for _ in names:
        page = depot.do("ListBuckets", **given)
        found.append([bucket["Name"] for bucket in page["Buckets"]])
        if "ContinuationToken" not in page:
            break
        given["ContinuationToken"] = page["ContinuationToken"]
    assert found == [names[:3], names[3:]]


def test_list_buckets_by_prefix_and_region(depot: Depot) -> None:
    wish = {"LocationConstraint": "eu-west-1"}
    depot.do("CreateBucket", Bucket=f"{depot.bucket}-eu", CreateBucketConfiguration=wish)
    by_prefix = depot.do("ListBuckets", Prefix=f"{depot.bucket}-")
    assert [bucket["Name"] for bucket in by_prefix["Buckets"]] == [f"{depot.bucket}-eu"]
    assert by_prefix["Prefix"] == f"{depot.bucket}-"
    by_region = depot.do("ListBuckets", BucketRegion="us-east-1")
    assert [bucket["Name"] for bucket in by_region["Buckets"]] == [depot.bucket]


@pytest.mark.parametrize(
    "given", [{"MaxBuckets": 0}, {"MaxBuckets": 10_001}, {"ContinuationToken": "ä!"}]
)
def test_list_buckets_takes_no_nonsense(depot: Depot, given: dict[str, Any]) -> None:
    assert depot.refusal("ListBuckets", **given)[:2] == ("InvalidArgument", 400)


@pytest.mark.parametrize("resource", ["*", "arn:aws:s3:::*"])
def test_list_buckets_is_list_all_my_buckets(depot: Depot, resource: str) -> None:
    """PE-42; AWS's own examples write the resource both ways."""
    may = depot.owner.new_user("may", allow("s3:ListAllMyBuckets", resource))
    assert [bucket["Name"] for bucket in depot.do("ListBuckets", may)["Buckets"]] == [depot.bucket]


def test_the_denial_of_list_buckets_names_no_resource(depot: Depot) -> None:
    """W-279"""
    user = depot.owner.new_user("lister", allow("s3:ListAllMyBuckets", depot.arn()))
    assert depot.refusal("ListBuckets", user)[2] == (
        f"User: {user.principal.arn} is not authorized to perform: s3:ListAllMyBuckets because no"
        " identity-based policy allows the s3:ListAllMyBuckets action"
    )
    assert depot.refusal("ListBuckets", NOBODY)[2] == "Access Denied"  # W-88
    assert depot.refusal("CreateBucket", NOBODY, Bucket="some-bucket")[2] == "Access Denied"


def test_the_location_constraint_is_a_condition_key(depot: Depot) -> None:
    """PE-191"""
    only = {"StringEquals": {"s3:LocationConstraint": "eu-west-1"}}
    user = depot.owner.new_user("maker", allow("s3:CreateBucket", Condition=only))
    wish = {"LocationConstraint": "eu-west-1"}
    depot.do("CreateBucket", user, Bucket=f"{depot.bucket}-a", CreateBucketConfiguration=wish)
    refused = depot.refusal("CreateBucket", user, Bucket=f"{depot.bucket}-b")
    assert refused[0] == "AccessDenied"
