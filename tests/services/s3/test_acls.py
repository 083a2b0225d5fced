"""ACLs and Object Ownership: what they grant beside policies, to whom (PE-137…PE-141, W-276)."""

from typing import Any

import pytest

from sekisho.model.principal import Caller
from services.iam.office import Office, allow, document
from services.s3.depot import NOBODY, Depot
from services.s3.ownership import PREFERRED, WRITER, canonical, own

ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
OFF = ("AccessControlListNotSupported", 400, "The bucket does not allow ACLs")
DENIED = ("AccessDenied", 403, "Access Denied")


def granted(output: dict[str, Any]) -> set[tuple[str, str]]:
    """Of an answer: the grants."""
    return {
        (grant["Grantee"].get("ID") or grant["Grantee"]["URI"], grant["Permission"])
        for grant in output["Grants"]
    }


def outcome(depot: Depot, name: str, caller: Caller, **given: Any) -> str:
    """``may``, or the code of the refusal."""
    body = b"new" if name == "PutObject" else None
    try:
        depot.do(name, caller, body, **given)
    except Exception as error:
        return str(getattr(error, "code", error))
    return "may"


# Canned ACLs: who may then read an object, beside its owner's account. A user needs leave at home.
CANNED = [
    ("private", set(), ()),
    ("public-read", {(ALL_USERS, "READ")}, ("nobody", "root", "allowed")),
    (
        "public-read-write",
        {(ALL_USERS, "READ"), (ALL_USERS, "WRITE")},
        ("nobody", "root", "allowed"),
    ),
    ("authenticated-read", {(AUTHENTICATED_USERS, "READ")}, ("root", "allowed")),
    ("bucket-owner-read", set(), ()),
    ("bucket-owner-full-control", set(), ()),
]


@pytest.mark.parametrize(("canned", "grants", "readers"), CANNED)
def test_canned_acls(
    open_depot: Depot, canned: str, grants: set[tuple[str, str]], readers: tuple[str, ...]
) -> None:
    depot = open_depot
    depot.put("k", b"x", ACL=canned)
    full = (canonical(depot), "FULL_CONTROL")
    assert granted(depot.do("GetObjectAcl", Key="k")) == {full, *grants}
    callers = {
        "nobody": NOBODY,
        "root": depot.other.root,
        "allowed": depot.other.new_user("allowed", allow("s3:*")),
        "bare": depot.other.new_user("bare"),
    }
    may = {
        who
        for who, caller in callers.items()
        if outcome(depot, "GetObject", caller, Key="k") == "may"
    }
    assert may == set(readers)
    assert outcome(depot, "PutObject", NOBODY, Key="k") == "AccessDenied"


# Permissions of a grant to another account, and what its root user may do by each.
ON_BUCKETS = {
    "READ": {"ListObjectsV2", "ListObjectVersions", "ListMultipartUploads", "HeadBucket"},
    "WRITE": {"PutObject", "CreateMultipartUpload"},
    "READ_ACP": {"GetBucketAcl"},
    "WRITE_ACP": {"PutBucketAcl"},
}
ON_OBJECTS = {
    "READ": {"GetObject", "HeadObject"},
    "WRITE": set(),
    "READ_ACP": {"GetObjectAcl"},
    "WRITE_ACP": {"PutObjectAcl"},
}
ASKED: dict[str, dict[str, Any]] = {
    "ListObjectsV2": {},
    "ListObjectVersions": {},
    "ListMultipartUploads": {},
    "HeadBucket": {},
    "GetBucketAcl": {},
    "GetBucketPolicy": {},
    "GetBucketVersioning": {},
    "PutObject": {"Key": "new"},
    "CreateMultipartUpload": {"Key": "new"},
    "GetObject": {"Key": "k"},
    "HeadObject": {"Key": "k"},
    "GetObjectAcl": {"Key": "k"},
    "PutObjectAcl": {"Key": "k", "ACL": "private"},
    "GetObjectTagging": {"Key": "k"},
    "PutObjectTagging": {"Key": "k", "Tagging": {"TagSet": []}},
    "DeleteObject": {"Key": "k"},
    "PutBucketAcl": {"ACL": "private"},
}


def done(depot: Depot, caller: Caller) -> set[str]:
    return {name for name, given in ASKED.items() if outcome(depot, name, caller, **given) == "may"}


@pytest.mark.parametrize("permission", [*ON_BUCKETS, "FULL_CONTROL"])
@pytest.mark.parametrize("target", ["Bucket", "Object"])
def test_what_each_permission_is_worth(open_depot: Depot, target: str, permission: str) -> None:
    """S3 User Guide, ACL overview: the table of permissions and actions."""
    depot, table = open_depot, ON_BUCKETS if target == "Bucket" else ON_OBJECTS
    depot.put("k", b"x")
    place: dict[str, Any] = {} if target == "Bucket" else {"Key": "k"}
    full, theirs = canonical(depot), canonical(depot, other=True)
    grants = [
        {"Grantee": {"Type": "CanonicalUser", "ID": who}, "Permission": what}
        for who, what in ((full, "FULL_CONTROL"), (theirs, permission))
    ]
    policy = {"Owner": {"ID": full}, "Grants": grants}
    depot.do(f"Put{target}Acl", **place, AccessControlPolicy=policy)
    assert granted(depot.do(f"Get{target}Acl", **place)) == {
        (full, "FULL_CONTROL"),
        (theirs, permission),
    }
    user = depot.other.new_user("bare")
    assert done(depot, user) == set()
    wanted = set().union(*table.values()) if permission == "FULL_CONTROL" else table[permission]
    assert done(depot, depot.other.root) == wanted


def test_the_writer_owns_what_is_written(open_depot: Depot) -> None:
    """PE-137: of an object of another account's the bucket's owner has what the ACL says."""
    depot = open_depot
    depot.do("PutBucketAcl", GrantWrite=f'id="{canonical(depot, other=True)}"')
    writer = depot.other.new_user("writer", allow("s3:*"))
    depot.do("PutObject", writer, b"theirs", Key="k")
    assert depot.content("k", writer) == b"theirs"
    assert depot.refusal("GetObject", Key="k") == DENIED
    assert depot.refusal("GetObjectAcl", Key="k") == DENIED
    assert depot.refusal("PutObjectAcl", Key="k", ACL="private") == DENIED
    listed = depot.do("ListObjects")["Contents"][0]
    assert listed["Owner"] == {"ID": canonical(depot, other=True)}
    versions = depot.do("ListObjectVersions")["Versions"][0]
    assert versions["Owner"] == {"ID": canonical(depot, other=True)}
    depot.do("PutObjectAcl", writer, Key="k", ACL="bucket-owner-read")
    assert depot.content("k") == b"theirs"
    assert depot.refusal("GetObjectAcl", Key="k") == DENIED
    depot.do("DeleteObject", Key="k")  # the bucket's owner may always


def test_the_buckets_policy_allows_nothing_of_what_is_anothers(open_depot: Depot) -> None:
    """PE-137: its denials count."""
    depot = open_depot
    reader = depot.owner.new_user("reader", allow("s3:*"))
    everyone = allow("s3:*", [depot.arn(), depot.arn("*")], Principal="*")
    depot.do("PutBucketPolicy", Policy=document(everyone))
    writer = depot.other.new_user("writer", allow("s3:*"))
    depot.do("PutObject", writer, b"theirs", Key="k")
    assert depot.refusal("GetObject", reader, Key="k") == DENIED
    assert depot.refusal("GetObject", NOBODY, Key="k") == DENIED
    depot.do("PutObjectAcl", writer, Key="k", ACL="public-read")
    assert depot.content("k", NOBODY) == b"theirs"
    no_reading = {**everyone, "Effect": "Deny", "Action": "s3:GetObject"}
    depot.do("PutBucketPolicy", Policy=document(everyone, no_reading))
    for caller in (writer, reader, NOBODY):
        assert depot.refusal("GetObject", caller, Key="k")[0] == "AccessDenied"


@pytest.mark.parametrize(
    ("ownership", "acl", "is_theirs"),
    [
        (WRITER, None, True),
        (WRITER, "bucket-owner-full-control", True),
        (PREFERRED, None, True),
        (PREFERRED, "bucket-owner-read", True),
        (PREFERRED, "bucket-owner-full-control", False),
        ("BucketOwnerEnforced", None, False),
        ("BucketOwnerEnforced", "bucket-owner-full-control", False),
    ],
)
@pytest.mark.parametrize("how", ["put", "copied", "in parts"])
def test_who_owns_what_another_account_writes(
    depot: Depot, ownership: str, acl: str | None, is_theirs: bool, how: str
) -> None:
    """PE-138"""
    own(depot, ownership)
    named = allow("s3:*", depot.arn("*"), Principal={"AWS": depot.other.id})
    depot.do("PutBucketPolicy", Policy=document(named))
    writer = depot.other.new_user("writer", allow("s3:*"))
    given: dict[str, Any] = {"Key": "k", **({} if acl is None else {"ACL": acl})}
    if how == "put":
        depot.do("PutObject", writer, b"x", **given)
    elif how == "copied":
        depot.put("mine", b"x", ACL="bucket-owner-full-control")
        depot.do("CopyObject", writer, **given, CopySource=f"{depot.bucket}/mine")
    else:
        upload = depot.do("CreateMultipartUpload", writer, **given)["UploadId"]
        place = {"Key": "k", "UploadId": upload}
        etag = depot.do("UploadPart", writer, b"x", **place, PartNumber=1)["ETag"]
        parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
        depot.do("CompleteMultipartUpload", writer, **place, MultipartUpload=parts)
    shown = depot.do("GetObjectAcl", writer if is_theirs else None, Key="k")
    assert shown["Owner"] == {"ID": canonical(depot, other=is_theirs)}
    full = {(canonical(depot, other=is_theirs), "FULL_CONTROL")}
    if acl and is_theirs:
        more = "READ" if acl == "bucket-owner-read" else "FULL_CONTROL"
        full.add((canonical(depot), more))
    assert granted(shown) == full


def test_to_write_lets_nobody_touch_what_is_anothers(open_depot: Depot) -> None:
    """S3 User Guide, ACL overview: WRITE is for new objects, and those of one's own."""
    depot = open_depot
    depot.do("PutBucketAcl", ACL="public-read-write")
    writer = depot.other.new_user("writer", allow("s3:*"))
    depot.put("mine", b"x")
    for caller in (writer, NOBODY):
        assert depot.refusal("PutObject", caller, b"y", Key="mine")[0] == "AccessDenied"
        assert depot.refusal("DeleteObject", caller, Key="mine")[0] == "AccessDenied"
        named = {"Objects": [{"Key": "mine"}]}
        assert (
            depot.do("DeleteObjects", caller, Delete=named)["Errors"][0]["Code"] == "AccessDenied"
        )
    depot.do("PutObject", writer, b"y", Key="theirs")
    depot.do("PutObject", writer, b"z", Key="theirs")
    assert depot.refusal("PutObject", NOBODY, b"w", Key="theirs")[0] == "AccessDenied"
    depot.do("DeleteObject", writer, Key="theirs")
    depot.do("PutObject", NOBODY, b"n", Key="nobodys")
    assert depot.content("nobodys") == b"n"  # what nobody signed for is the bucket owner's
    assert depot.refusal("PutObject", NOBODY, b"o", Key="nobodys")[0] == "AccessDenied"


def test_who_deletes_what_is_theirs_may_write_it_again(open_depot: Depot) -> None:
    """A delete marker is nobody's object."""
    depot = open_depot
    depot.do("PutBucketVersioning", VersioningConfiguration={"Status": "Enabled"})
    depot.do("PutBucketAcl", ACL="public-read-write")
    writer = depot.other.new_user("writer", allow("s3:*"))
    depot.do("PutObject", writer, b"y", Key="k")
    assert depot.do("DeleteObject", writer, Key="k")["DeleteMarker"]
    depot.do("PutObject", writer, b"z", Key="k")
    assert depot.content("k", writer) == b"z"


def test_uploads_are_given_up_by_those_who_began_them(open_depot: Depot) -> None:
    depot = open_depot
    depot.do("PutBucketAcl", ACL="public-read-write")
    begun = depot.do("CreateMultipartUpload", depot.other.root, Key="k")["UploadId"]
    place = {"Key": "k", "UploadId": begun}
    for name in ("ListParts", "AbortMultipartUpload"):
        assert depot.refusal(name, NOBODY, **place)[0] == "AccessDenied"
        depot.do(name, depot.other.root, **place)


def test_to_write_lets_nobody_put_parts_into_anothers_upload(open_depot: Depot) -> None:
    """Else the object would be one account's, and its bytes another's."""
    depot = open_depot
    depot.do("PutBucketAcl", ACL="public-read-write")
    writer = depot.other.new_user("writer", allow("s3:*"))
    begun = depot.do("CreateMultipartUpload", writer, Key="k")["UploadId"]
    place = {"Key": "k", "UploadId": begun}
    part = depot.do("UploadPart", writer, b"x", PartNumber=1, **place)
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    assert depot.refusal("UploadPart", NOBODY, b"y", PartNumber=1, **place) == DENIED
    refused = depot.refusal("CompleteMultipartUpload", NOBODY, MultipartUpload=parts, **place)
    assert refused == DENIED
    depot.do("CompleteMultipartUpload", writer, MultipartUpload=parts, **place)
    assert depot.content("k", writer) == b"x"


def test_the_bucket_s_policy_lets_nobody_put_parts_into_anothers_upload(depot: Depot) -> None:
    """S3 User Guide, multipart upload and permissions: parts are the initiator's to upload."""
    depot.do("DeletePublicAccessBlock")
    depot.do("PutBucketPolicy", Policy=document(allow("s3:*", depot.arn("*"), Principal="*")))
    writer = depot.other.new_user("writer", allow("s3:*"))
    third = Office(depot.directory).new_user("third", allow("s3:*"))
    begun = depot.do("CreateMultipartUpload", writer, Key="k")["UploadId"]
    place = {"Key": "k", "UploadId": begun}
    depot.put("source", b"y")
    part = depot.do("UploadPart", writer, b"x", PartNumber=1, **place)
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    source = f"{depot.bucket}/source"
    for caller in (third, NOBODY):
        assert depot.refusal("UploadPart", caller, b"y", PartNumber=1, **place) == DENIED
        refused = depot.refusal("CompleteMultipartUpload", caller, MultipartUpload=parts, **place)
        assert refused == DENIED
    copied = depot.refusal("UploadPartCopy", third, PartNumber=1, CopySource=source, **place)
    assert copied == DENIED
    colleague = depot.other.new_user("colleague", allow("s3:*"))
    depot.do("UploadPart", colleague, b"y", PartNumber=2, **place)
    depot.do("UploadPart", PartNumber=3, body=b"z", **place)
    depot.do("CompleteMultipartUpload", writer, MultipartUpload=parts, **place)
    assert depot.content("k") == b"x"


def test_nobody_begins_uploads_or_copies_without_a_signature(open_depot: Depot) -> None:
    """S3 API Reference, CopyObject and UploadPartCopy: such requests must be signed."""
    depot = open_depot
    everyone = allow("s3:*", [depot.arn(), depot.arn("*")], Principal="*")
    depot.do("PutBucketPolicy", Policy=document(everyone))
    depot.do("PutObject", NOBODY, b"x", Key="k")
    source: dict[str, Any] = {"CopySource": f"{depot.bucket}/k"}
    assert depot.refusal("CopyObject", NOBODY, Key="c", **source) == DENIED
    assert depot.refusal("CreateMultipartUpload", NOBODY, Key="c") == DENIED
    begun = depot.do("CreateMultipartUpload", Key="c")["UploadId"]
    place: dict[str, Any] = {"Key": "c", "UploadId": begun}
    assert depot.refusal("UploadPartCopy", NOBODY, PartNumber=1, **place, **source) == DENIED


def test_what_is_missing_is_told_to_who_may_list_by_the_acl(open_depot: Depot) -> None:
    """PE-142"""
    depot = open_depot
    assert depot.refusal("GetObject", NOBODY, Key="none") == DENIED
    depot.do("PutBucketAcl", ACL="public-read")
    assert depot.refusal("GetObject", NOBODY, Key="none")[:2] == ("NoSuchKey", 404)
    depot.put("k", b"private")
    assert depot.refusal("GetObject", NOBODY, Key="k") == DENIED


def test_setting_an_acl_while_writing_is_an_action_of_its_own(open_depot: Depot) -> None:
    """S3 API Reference, PutObject: s3:PutObjectAcl."""
    depot = open_depot
    writer = depot.owner.new_user("writer", allow("s3:PutObject"))
    depot.do("PutObject", writer, b"x", Key="k")
    said = depot.refusal("PutObject", writer, b"x", Key="k", ACL="public-read")
    assert "s3:PutObjectAcl" in said[2]
    assert depot.refusal("PutObject", writer, b"x", Key="k", GrantRead=f"uri={ALL_USERS}")[0] == (
        "AccessDenied"
    )
    only = {"StringEquals": {"s3:x-amz-acl": "public-read"}}
    acls = depot.owner.new_user(
        "acls", allow("s3:PutObject"), allow("s3:PutObjectAcl", Condition=only)
    )
    depot.do("PutObject", acls, b"x", Key="k", ACL="public-read")
    depot.do("PutObjectAcl", acls, Key="k", ACL="public-read")
    for name, body in (("PutObject", b"x"), ("PutObjectAcl", None)):
        assert depot.refusal(name, acls, body, Key="k", ACL="private")[0] == "AccessDenied"


def test_public_acls_are_blocked(depot: Depot) -> None:
    """PE-139, W-277"""
    own(depot, WRITER)
    depot.do("PutPublicAccessBlock", PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    depot.put("k", b"x")
    root = depot.owner.root.principal.arn
    places: list[tuple[str, dict[str, Any], bytes | None, str]] = [
        ("PutBucketAcl", {}, None, depot.arn()),
        ("PutObjectAcl", {"Key": "k"}, None, depot.arn("k")),
        ("PutObject", {"Key": "k"}, b"x", depot.arn("k")),
    ]
    for name, place, body, arn in places:
        wishes: list[dict[str, Any]] = [
            {"ACL": "public-read"},
            {"ACL": "authenticated-read"},
            {"GrantRead": f'uri="{ALL_USERS}"'},
        ]
        for wish in wishes:
            assert depot.refusal(name, None, body, **place, **wish) == (
                "AccessDenied",
                403,
                f'User: {root} is not authorized to perform: s3:{name} on resource: "{arn}"'
                " because public ACLs are prevented by the BlockPublicAcls setting in S3 Block"
                " Public Access.",
            )
        depot.do(name, None, body, **place, GrantRead=f"id={canonical(depot, other=True)}")
    begun = depot.refusal("CreateMultipartUpload", None, None, Key="k", ACL="public-read")
    assert begun[0] == "AccessDenied"


def test_public_acls_are_ignored(open_depot: Depot) -> None:
    """PE-139: grants to accounts still count."""
    depot = open_depot
    grants: dict[str, Any] = {
        "GrantRead": f'uri="{ALL_USERS}", id="{canonical(depot, other=True)}"',
        "GrantReadACP": f"uri={AUTHENTICATED_USERS}",
    }
    depot.put("k", b"x", **grants)
    depot.do("PutBucketAcl", **grants)
    assert depot.content("k", NOBODY) == b"x"
    depot.do("PutPublicAccessBlock", PublicAccessBlockConfiguration={"IgnorePublicAcls": True})
    assert depot.refusal("GetObject", NOBODY, Key="k") == DENIED
    assert depot.refusal("ListObjectsV2", NOBODY) == DENIED
    assert depot.content("k", depot.other.root) == b"x"
    assert done(depot, depot.other.root) == {*ON_BUCKETS["READ"], *ON_OBJECTS["READ"]}


def test_where_acls_are_turned_off_they_do_nothing(open_depot: Depot) -> None:
    """PE-138: those of objects are kept, and count again later."""
    depot = open_depot
    depot.do("PutBucketAcl", GrantWrite=f'id="{canonical(depot, other=True)}"')
    writer = depot.other.new_user("writer", allow("s3:*"))
    depot.do("PutObject", writer, b"theirs", Key="k", ACL="public-read")
    enforced: dict[str, Any] = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert depot.refusal("PutBucketOwnershipControls", OwnershipControls=enforced) == (
        "InvalidBucketAclWithObjectOwnership",
        400,
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    )
    depot.do("PutBucketAcl", ACL="private")
    own(depot, "BucketOwnerEnforced")
    assert depot.content("k") == b"theirs"
    for caller in (writer, NOBODY):
        assert depot.refusal("GetObject", caller, Key="k")[0] == "AccessDenied"
    full = {(canonical(depot), "FULL_CONTROL")}
    assert granted(depot.do("GetObjectAcl", Key="k")) == full
    assert depot.refusal("PutObjectAcl", Key="k", ACL="public-read") == OFF
    assert depot.refusal("PutObject", None, b"x", Key="k", ACL="public-read") == OFF
    depot.do("DeleteBucketOwnershipControls")
    assert depot.refusal("GetBucketOwnershipControls")[:2] == (
        "OwnershipControlsNotFoundError",
        404,
    )
    assert depot.refusal("GetObjectAcl", Key="k") == DENIED
    assert depot.content("k", NOBODY) == b"theirs"


def test_a_bucket_is_made_with_ownership_and_acl(depot: Depot) -> None:
    name, theirs = f"{depot.bucket}-more", canonical(depot, other=True)
    maker = depot.owner.new_user(
        "maker", allow(["s3:CreateBucket", "s3:PutBucketOwnershipControls"])
    )
    wish: dict[str, Any] = {"ObjectOwnership": PREFERRED, "GrantRead": f"id={theirs}"}
    assert "s3:PutBucketAcl" in depot.refusal("CreateBucket", maker, Bucket=name, **wish)[2]
    depot.do("CreateBucket", Bucket=name, **wish)
    controls = depot.do("GetBucketOwnershipControls", Bucket=name)["OwnershipControls"]
    assert controls == {"Rules": [{"ObjectOwnership": PREFERRED}]}
    assert granted(depot.do("GetBucketAcl", Bucket=name)) == {(theirs, "READ")}
    depot.do("ListObjectsV2", depot.other.root, Bucket=name)
