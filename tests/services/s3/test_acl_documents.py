"""ACLs as they are written down: what is refused (W-276), and what a document cannot do."""

from typing import Any

import pytest

from sekisho.services.s3.acls import ALL_USERS, LOG_DELIVERY
from services.s3.depot import NOBODY, Depot
from services.s3.ownership import canonical

DENIED = ("AccessDenied", 403, "Access Denied")


def grant(permission: str = "READ", **grantee: str) -> dict[str, Any]:
    return {"Grantee": grantee, "Permission": permission}


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({}, "MissingSecurityHeader"),
        ({"ACL": "public"}, "InvalidArgument"),
        ({"ACL": "private", "GrantRead": f"uri={ALL_USERS}"}, "InvalidRequest"),
        ({"ACL": "private", "AccessControlPolicy": {}}, "UnexpectedContent"),
        ({"ACL": "aws-exec-read"}, "NotImplemented"),
        ({"ACL": "log-delivery-write"}, "NotImplemented"),
        ({"GrantWrite": f"uri={LOG_DELIVERY}"}, "NotImplemented"),
        ({"GrantRead": "uri=http://example.com/all"}, "InvalidArgument"),
        ({"GrantRead": "id=unknown"}, "InvalidArgument"),
        ({"GrantRead": "name=alice"}, "InvalidArgument"),
        ({"GrantRead": "alice"}, "InvalidArgument"),
        ({"GrantRead": "emailAddress=a@example.com"}, "UnresolvableGrantByEmailAddress"),
        ({"AccessControlPolicy": {}}, "MalformedACLError"),
    ],
)
@pytest.mark.parametrize("name", ["PutBucketAcl", "PutObjectAcl"])
def test_what_is_no_acl(open_depot: Depot, name: str, wish: dict[str, Any], code: str) -> None:
    open_depot.put("k")
    place = {} if name == "PutBucketAcl" else {"Key": "k"}
    assert open_depot.refusal(name, None, None, **place, **wish)[0] == code


@pytest.mark.parametrize(
    ("grants", "code"),
    [
        ([grant("EXECUTE", Type="Group", URI=ALL_USERS)], "MalformedACLError"),
        ([grant(Type="Somebody", ID="x")], "MalformedACLError"),
        ([grant(Type="CanonicalUser", ID="x")], "InvalidArgument"),
        ([grant(Type="Group", URI="x")], "InvalidArgument"),
        ([grant(Type="Group", URI=LOG_DELIVERY)], "NotImplemented"),
        ([grant(Type="AmazonCustomerByEmail", EmailAddress="a@example.com")], "Unresolvable"),
        ([grant(Type="Group", URI=ALL_USERS)] * 101, "MalformedACLError"),
    ],
)
def test_what_is_no_document(open_depot: Depot, grants: list[Any], code: str) -> None:
    owner = {"ID": canonical(open_depot)}
    given = {"Owner": owner, "Grants": grants}
    assert open_depot.refusal("PutBucketAcl", AccessControlPolicy=given)[0].startswith(code)


def test_nobody_becomes_the_owner_by_a_document(open_depot: Depot) -> None:
    given = {"Owner": {"ID": canonical(open_depot, other=True)}, "Grants": []}
    assert open_depot.refusal("PutBucketAcl", AccessControlPolicy=given) == DENIED


def test_a_key_in_an_acl_is_no_pattern(open_depot: Depot) -> None:
    """What is granted of one object is granted of no other, whatever its key is."""
    depot = open_depot
    for key in ("*", "a", "${aws:username}"):
        depot.put(key, key.encode(), ACL="private" if key == "a" else "public-read")
    assert depot.content("*", NOBODY) == b"*"
    assert depot.content("${aws:username}", NOBODY) == b"${aws:username}"
    assert depot.refusal("GetObject", NOBODY, Key="a") == DENIED
