"""Every operation of the models works, or its refusal has a reason, or it is listed as missing."""

from tools.coverage_of_operations import PLACE, coverage

from sekisho.catalog import service_model
from sekisho.services import OPERATIONS
from sekisho.services.unserved import IN_PART, UNSERVED, not_served
from sekisho.wire.s3_operations import SAME_REQUEST


def test_the_paper_is_not_stale() -> None:
    """If it is: python tools/coverage_of_operations.py"""
    assert PLACE.read_text() == coverage()


def test_every_operation_works_or_is_refused_for_a_reason() -> None:
    every = {
        f"{service}:{name}"
        for service in ("iam", "organizations", "s3", "sts")
        for name in service_model(service).operations
    }
    older = {f"s3:{name}" for name in SAME_REQUEST}
    assert every == OPERATIONS.keys() | UNSERVED.keys() | older


def test_what_clients_of_s3_cannot_do_without_is_served() -> None:
    """W-301"""
    names = """
        ListBuckets CreateBucket HeadBucket DeleteBucket GetBucketLocation ListObjects ListObjectsV2
        HeadObject GetObject PutObject CopyObject DeleteObject DeleteObjects CreateMultipartUpload
        UploadPart UploadPartCopy CompleteMultipartUpload AbortMultipartUpload ListParts
        ListMultipartUploads GetBucketPolicy PutBucketPolicy DeleteBucketPolicy
        GetBucketPolicyStatus GetPublicAccessBlock PutPublicAccessBlock DeletePublicAccessBlock
        GetBucketOwnershipControls PutBucketOwnershipControls DeleteBucketOwnershipControls
        GetBucketAcl GetObjectAcl GetBucketVersioning PutBucketVersioning ListObjectVersions
        GetBucketTagging PutBucketTagging DeleteBucketTagging GetObjectTagging PutObjectTagging
        DeleteObjectTagging GetObjectAttributes
    """
    assert {f"s3:{name}" for name in names.split()} <= OPERATIONS.keys()


def test_what_is_served_in_part_is_served() -> None:
    assert IN_PART.keys() <= OPERATIONS.keys()
    assert {f"s3:{name}" for name in SAME_REQUEST.values()} <= OPERATIONS.keys()


def test_what_is_refused_is_in_a_model_and_not_served() -> None:
    for name in UNSERVED:
        service, _, bare = name.partition(":")
        assert bare in service_model(service).operations
        assert name not in OPERATIONS


def test_a_refusal_says_why() -> None:
    fault = not_served("iam:AcquireRole")
    assert (fault.code, fault.status) == ("NotImplemented", 501)
    assert fault.message == (
        "This server does not implement iam:AcquireRole: role templates are published by services"
        " of AWS."
    )
