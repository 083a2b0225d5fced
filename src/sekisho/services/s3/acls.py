"""ACLs as values: asked for in a header or a document, kept as pairs, shown (PE-138, PE-141).

A grant is a pair: the grantee, an account or the URI of a group, and a permission. An ACL is what
grants there are; one without any is that of a new bucket or object: its owner has full control.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sekisho.directory.queries import accounts
from sekisho.directory.store import Transaction
from sekisho.model.arn import object_arn
from sekisho.model.faults import AccessDenied, Fault
from sekisho.model.identifiers import is_account_id
from sekisho.model.principal import ANONYMOUS_ACCOUNT
from sekisho.model.records import Bucket
from sekisho.services.operation import Call, Desk, Output
from sekisho.services.s3.faults import invalid_argument, invalid_request, not_implemented
from sekisho.services.s3.public_access import blocks

Grant = tuple[str, str]
Acl = tuple[Grant, ...]

OWNERSHIP, SETTING = "ownership", "acl"
ENFORCED, PREFERRED, WRITER = "BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"

FULL_CONTROL = "FULL_CONTROL"
PERMISSIONS = frozenset({FULL_CONTROL, "READ", "WRITE", "READ_ACP", "WRITE_ACP"})
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
PUBLIC = frozenset({ALL_USERS, AUTHENTICATED_USERS})
MOST_GRANTS = 100

GRANT_HEADERS: Mapping[str, tuple[str, str]] = {
    "GrantFullControl": ("x-amz-grant-full-control", FULL_CONTROL),
    "GrantRead": ("x-amz-grant-read", "READ"),
    "GrantReadACP": ("x-amz-grant-read-acp", "READ_ACP"),
    "GrantWrite": ("x-amz-grant-write", "WRITE"),
    "GrantWriteACP": ("x-amz-grant-write-acp", "WRITE_ACP"),
}
OF_GROUPS: Mapping[str, Acl] = {
    "private": (),
    "public-read": ((ALL_USERS, "READ"),),
    "public-read-write": ((ALL_USERS, "READ"), (ALL_USERS, "WRITE")),
    "authenticated-read": ((AUTHENTICATED_USERS, "READ"),),
}
OF_BUCKET_OWNERS: Mapping[str, str] = {
    "bucket-owner-read": "READ",
    "bucket-owner-full-control": FULL_CONTROL,
}
UNSERVED = frozenset({"aws-exec-read", "log-delivery-write"})
OWNER_ONLY = frozenset({"private", "bucket-owner-full-control"})

_GRANTEE = re.compile(r"(\w{1,32})\s*=\s*\"?([^\",]{1,512}?)\"?", re.ASCII)


def object_ownership(bucket: Bucket) -> str:
    """Who owns what is written to a bucket. Where its controls were deleted, who writes it."""
    kept: Mapping[str, Any] | None = bucket.settings.get(OWNERSHIP)
    if kept is None:
        return ENFORCED
    rules = kept.get("Rules", ())
    return str(rules[0]["ObjectOwnership"]) if rules else WRITER


def acls_count(bucket: Bucket) -> bool:
    return object_ownership(bucket) != ENFORCED


def acl_of(bucket: Bucket) -> Acl:
    return as_acl(bucket.settings.get(SETTING, ()))


def as_acl(kept: Sequence[Any]) -> Acl:
    """An ACL as it comes from the store."""
    return tuple((grantee, permission) for grantee, permission in kept)


def is_public(acl: Acl) -> bool:
    return any(grantee in PUBLIC for grantee, _ in acl)


def is_wished(given: Mapping[str, Any]) -> bool:
    """Whether a request says in its headers which ACL there is to be."""
    return "ACL" in given or not given.keys().isdisjoint(GRANT_HEADERS)


def wished_acl(
    given: Mapping[str, Any], tx: Transaction, owner: str, bucket: Bucket, *, of_object: bool
) -> Acl:
    """The ACL that a request's headers ask for.

    owner: the account that will own what it is of.
    Raises: InvalidArgument, InvalidRequest, UnresolvableGrantByEmailAddress; NotImplemented for
        those that are for other services.
    """
    canned = given.get("ACL")
    if canned is None:
        return granted_in_headers(given, tx)
    if any(member in given for member in GRANT_HEADERS):
        raise invalid_request("Specifying both Canned ACLs and Header Grants is not allowed")
    return canned_acl(canned, owner, bucket, of_object=of_object)


def canned_acl(name: str, owner: str, bucket: Bucket, *, of_object: bool) -> Acl:
    """What a canned ACL stands for; buckets' owners have what they are given anyway."""
    if name in UNSERVED:
        raise not_implemented("x-amz-acl")
    if name in OF_GROUPS:
        more = OF_GROUPS[name]
    elif name in OF_BUCKET_OWNERS:
        is_other = of_object and owner != bucket.account
        more = ((bucket.account, OF_BUCKET_OWNERS[name]),) if is_other else ()
    else:
        raise invalid_argument("x-amz-acl", name, "")
    return ((owner, FULL_CONTROL), *more) if more else ()


def granted_in_headers(given: Mapping[str, Any], tx: Transaction) -> Acl:
    """The grants of the x-amz-grant-… headers: ``id="…"``, ``uri="…"``, with commas between."""
    found: list[Grant] = []
    for member, (header, permission) in GRANT_HEADERS.items():
        for text in (part.strip() for part in given.get(member, "").split(",")):
            if not text:
                continue
            named = _GRANTEE.fullmatch(text)
            if named is None or named[1] not in ("id", "uri", "emailAddress"):
                raise invalid_argument(header, text, "Argument format not recognized")
            found.append((grantee_of(tx, named[1], named[2], named[1]), permission))
    return bounded(found)


def grantee_of(tx: Transaction, kind: str, value: str, shown: str) -> str:
    """The account of a canonical id, or a group. Raises InvalidArgument, NotImplemented."""
    if kind == "emailAddress":
        message = "The e-mail address you provided does not match any account on record."
        raise Fault("UnresolvableGrantByEmailAddress", 400, message)
    if kind == "uri":
        if value == LOG_DELIVERY:
            raise not_implemented("LogDelivery")
        if value not in PUBLIC:
            raise invalid_argument(shown, value, "Invalid group uri")
        return value
    account = accounts.find_account(tx, value)
    if account is None:
        raise invalid_argument(shown, value, "Invalid id")
    return account.id


def documented_acl(document: Mapping[str, Any], tx: Transaction, owner: str) -> Acl:
    """The ACL of an AccessControlPolicy document.

    Raises: MalformedACLError, InvalidArgument, AccessDenied for another owner than the one there
        is, and as `wished_acl`.
    """
    if "Owner" not in document or "Grants" not in document:
        raise malformed_acl()
    if grantee_of(tx, "id", document["Owner"].get("ID", ""), "CanonicalUser/ID") != owner:
        raise AccessDenied("Access Denied")
    return bounded([documented_grant(grant, tx) for grant in document["Grants"]])


def documented_grant(grant: Mapping[str, Any], tx: Transaction) -> Grant:
    grantee, permission = grant.get("Grantee", {}), grant.get("Permission")
    if permission not in PERMISSIONS:
        raise malformed_acl()
    kind = grantee.get("Type")
    if kind == "CanonicalUser":
        return grantee_of(tx, "id", grantee.get("ID", ""), "CanonicalUser/ID"), permission
    if kind == "Group":
        return grantee_of(tx, "uri", grantee.get("URI", ""), "Group/URI"), permission
    if kind == "AmazonCustomerByEmail":
        return grantee_of(tx, "emailAddress", grantee.get("EmailAddress", ""), ""), permission
    raise malformed_acl()


def bounded(grants: Sequence[Grant]) -> Acl:
    """Each grant once; a hundred at most."""
    if len(grants) > MOST_GRANTS:
        raise malformed_acl()
    return tuple(dict.fromkeys(grants))


def malformed_acl() -> Fault:
    return Fault(
        "MalformedACLError",
        400,
        "The XML you provided was not well-formed or did not validate against our published schema",
    )


def acls_are_off() -> Fault:
    message = "The bucket does not allow ACLs"
    return Fault("AccessControlListNotSupported", 400, message)


def acl_of_new(call: Call, tx: Transaction, bucket: Bucket) -> Acl:
    """The ACL that an object is to be written with.

    Raises: AccessControlListNotSupported where ACLs are off, unless it changes nothing (W-276);
        AccessDenied for a public one where those are blocked; and as `wished_acl`.
    """
    if not is_wished(call.input):
        return ()
    if not acls_count(bucket):
        if changes_something(call.input):
            raise acls_are_off()
        return ()
    acl = wished_acl(call.input, tx, call.account, bucket, of_object=True)
    check_public(call, bucket, acl, "s3:PutObject", object_arn(bucket.name, call.input["Key"]))
    return acl


def changes_something(given: Mapping[str, Any]) -> bool:
    """Whether the headers ask for more than the bucket owner's full control."""
    is_granting = any(member in given for member in GRANT_HEADERS)
    return is_granting or given.get("ACL", "private") not in OWNER_ONLY


def acl_with_ownership(name: str) -> Fault:
    return Fault(
        "InvalidBucketAclWithObjectOwnership",
        400,
        f"Bucket cannot have ACLs set with ObjectOwnership's {ENFORCED} setting",
        {"BucketName": name},
    )


def owner_to_be(writer: str, bucket: Bucket, acl: Acl) -> str:
    """The account that will own what another writes; empty for the bucket's owner (PE-138).

    What nobody signed for is the bucket owner's as well.
    """
    setting = object_ownership(bucket)
    if setting == ENFORCED or writer in (bucket.account, ANONYMOUS_ACCOUNT):
        return ""
    is_given = setting == PREFERRED and (bucket.account, FULL_CONTROL) in acl
    return "" if is_given else writer


def owned(writer: str, bucket: Bucket, acl: Acl) -> dict[str, Any]:
    """Owner and ACL of an object that an account writes; who has given it away has none of it."""
    owner = owner_to_be(writer, bucket, acl)
    if not owner and writer != bucket.account:
        acl = tuple(grant for grant in acl if grant[0] != writer)
    return {"owner": owner, "acl": acl}


def shown_acl(desk: Desk, owner: str, acl: Acl) -> Output:
    """Grantees by canonical id; those whose account is gone are left out."""
    grants = []
    for grantee, permission in acl or ((owner, FULL_CONTROL),):
        if is_account_id(grantee):
            canonical_id = canonical(desk, grantee)
            if not canonical_id:
                continue
            shown = {"ID": canonical_id, "Type": "CanonicalUser"}
        else:
            shown = {"URI": grantee, "Type": "Group"}
        grants.append({"Grantee": shown, "Permission": permission})
    return {"Owner": {"ID": canonical(desk, owner)}, "Grants": grants}


def canonical(desk: Desk, account: str) -> str:
    """The id that S3 knows an account by; empty if there is no such account (W-281)."""
    found = desk.access.evidence.account(account)
    return "" if found is None else found.canonical_id


def check_public(call: Call, bucket: Bucket, acl: Acl, action: str, resource: str) -> None:
    """Raises AccessDenied for a public ACL where those are blocked (PE-139, W-277)."""
    if not (is_public(acl) and blocks(bucket).get("BlockPublicAcls", False)):
        return
    principal = call.caller.principal
    if principal.account != bucket.account:
        raise AccessDenied("Access Denied")
    raise AccessDenied(
        f"User: {principal.arn} is not authorized to perform: {action} on resource:"
        f' "{resource}" because public ACLs are prevented by the BlockPublicAcls setting in S3'
        " Block Public Access."
    )
