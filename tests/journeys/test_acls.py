"""ACLs on the wire: what boto3 and the aws CLI send and read of them, and who gets in by them."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from journeys.servers import Started, started
from journeys.world import client, root_key, sekisho

OWNER, OTHER = "111122223333", "444455556666"
BUCKET = "bucket-with-acls"
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"


@dataclass(frozen=True, slots=True)
class Sides:
    """A server, and S3 as the root users of two accounts see it; the first has the bucket."""

    server: Started
    owner: Any
    other: Any

    def anonymous(self, key: str) -> int:
        """The status of a GET without a signature."""
        try:
            with urllib.request.urlopen(f"{self.server.endpoint}/{BUCKET}/{key}") as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    folder: Path = tmp_path_factory.mktemp("acls")
    with started(folder / "data") as server:
        found = []
        for account, name in ((OWNER, "owner"), (OTHER, "other")):
            sekisho(server.data, "account", "create", name, "--id", account)
            found.append(client(server.endpoint, "s3", root_key(server.data, account)))
        owner, other = found
        owner.create_bucket(Bucket=BUCKET, ObjectOwnership="BucketOwnerPreferred")
        owner.delete_public_access_block(Bucket=BUCKET)
        yield Sides(server, owner, other)
        assert server.log.read_text() == "", "the server complained"


def test_a_document_comes_back_as_it_was_put(sides: Sides) -> None:
    """W-276; the grantee's type is an attribute in another namespace."""
    whole = sides.owner.get_bucket_acl(Bucket=BUCKET)
    acl = {name: whole[name] for name in ("Owner", "Grants")}
    theirs = sides.other.list_buckets()["Owner"]["ID"]
    acl["Grants"] += [
        {"Grantee": {"Type": "CanonicalUser", "ID": theirs}, "Permission": "WRITE"},
        {"Grantee": {"Type": "Group", "URI": ALL_USERS}, "Permission": "READ"},
    ]
    sides.owner.put_bucket_acl(Bucket=BUCKET, AccessControlPolicy=acl)
    shown = sides.owner.get_bucket_acl(Bucket=BUCKET)
    assert {name: shown[name] for name in acl} == acl


def test_objects_given_to_the_buckets_owner_and_those_that_are_not(sides: Sides) -> None:
    """PE-137, PE-138"""
    theirs = sides.other.list_buckets()["Owner"]["ID"]
    sides.owner.put_bucket_acl(Bucket=BUCKET, GrantWrite=f'id="{theirs}"')
    sides.other.put_object(Bucket=BUCKET, Key="kept", Body=b"kept")
    given = {"Bucket": BUCKET, "Key": "given", "Body": b"given"}
    sides.other.put_object(**given, ACL="bucket-owner-full-control")
    assert sides.owner.get_object(Bucket=BUCKET, Key="given")["Body"].read() == b"given"
    with pytest.raises(ClientError, match="AccessDenied"):
        sides.owner.get_object(Bucket=BUCKET, Key="kept")
    with pytest.raises(ClientError, match="AccessDenied"):
        sides.other.get_object(Bucket=BUCKET, Key="given")
    assert sides.other.get_object(Bucket=BUCKET, Key="kept")["Body"].read() == b"kept"
    owners = {
        entry["Key"]: entry["Owner"]["ID"]
        for entry in sides.owner.list_objects(Bucket=BUCKET)["Contents"]
    }
    assert owners["kept"] == theirs != owners["given"]


def test_everybody_reads_what_is_public_and_nothing_else(sides: Sides) -> None:
    """PE-141"""
    sides.owner.put_object(Bucket=BUCKET, Key="page", Body=b"x", ACL="public-read")
    assert sides.anonymous("page") == 200
    sides.owner.put_object_acl(Bucket=BUCKET, Key="page", ACL="private")
    assert sides.anonymous("page") == 403
    sides.owner.put_object_acl(Bucket=BUCKET, Key="page", GrantRead=f'uri="{ALL_USERS}"')
    assert sides.anonymous("page") == 200
    ignoring = {"IgnorePublicAcls": True}
    sides.owner.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=ignoring)
    assert sides.anonymous("page") == 403
    sides.owner.delete_public_access_block(Bucket=BUCKET)
