"""Lists of objects (W-313), and that they are what a plain walk over all keys would give."""

import base64
from typing import Any
from urllib.parse import unquote_plus

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from sekisho.directory.queries import objects
from sekisho.directory.store import Transaction
from sekisho.model.records import StoredObject
from sekisho.services.s3 import listings
from sekisho.services.s3.listings import FEW, beyond, group_of, walk
from services.iam.office import NOW
from services.s3.depot import Depot

ETAG = "d41d8cd98f00b204e9800998ecf8427e"
Entries = list[tuple[str, str]]
MOST_PAGES = 50


def fill(depot: Depot, keys: list[str]) -> None:
    with depot.directory.writing() as tx:
        for key in keys:
            blob = f"{depot.bucket}{key.encode().hex()}"[-60:]
            objects.put_object(tx, StoredObject(depot.bucket, key, blob, 0, ETAG, NOW))


def entries(output: dict[str, Any]) -> Entries:
    found = [("key", entry["Key"]) for entry in output["Contents"]]
    found += [("prefix", entry["Prefix"]) for entry in output["CommonPrefixes"]]
    return sorted(found, key=lambda entry: entry[1].encode())


def pages_v2(depot: Depot, **given: Any) -> list[Entries]:
    found: list[Entries] = []
    for _ in range(MOST_PAGES):
        output = depot.do("ListObjectsV2", **given)
        found.append(entries(output))
        assert output["KeyCount"] == len(found[-1])
        assert output["IsTruncated"] is ("NextContinuationToken" in output)
        if not output["IsTruncated"]:
            return found
        given["ContinuationToken"] = output["NextContinuationToken"]
    raise AssertionError("the list has no end")


def pages_v1(depot: Depot, **given: Any) -> list[Entries]:
    """As clients do it: without NextMarker the last key is the next marker."""
    found: list[Entries] = []
    for _ in range(MOST_PAGES):
        output = depot.do("ListObjects", **given)
        found.append(entries(output))
        if not output["IsTruncated"]:
            return found
        assert ("NextMarker" in output) is bool(given.get("Delimiter"))
        given["Marker"] = output.get("NextMarker") or output["Contents"][-1]["Key"]
    raise AssertionError("the list has no end")


def plainly(keys: list[str], prefix: str, delimiter: str, after: str = "") -> Entries:
    """All entries, found the slow way."""
    found: dict[tuple[str, str], None] = {}
    for key in sorted(keys, key=str.encode):
        if not key.startswith(prefix) or key.encode() <= after.encode():
            continue
        rest = key[len(prefix) :]
        if delimiter and delimiter in rest:
            found["prefix", prefix + rest.split(delimiter)[0] + delimiter] = None
        else:
            found["key", key] = None
    return list(found)


TEXT = st.text(st.sampled_from(["a", "b", "/", "é", "\uffff", "\U0010ffff", "\x00"]))
KEYS = st.lists(TEXT.filter(bool).map(lambda key: key[:8]), unique=True, max_size=25)


@settings(max_examples=60, deadline=None)
@generated(
    keys=KEYS,
    prefix=TEXT.map(lambda text: text[:3]),
    delimiter=st.sampled_from(["", "/", "//", "a", "a/", "é"]),
    most=st.integers(1, 6),
    after=TEXT.map(lambda text: text[:4]),
)
def test_paging_equals_the_plain_walk(
    depot_once: Depot, keys: list[str], prefix: str, delimiter: str, most: int, after: str
) -> None:
    depot = depot_once
    for key in keys_of(depot):
        depot.do("DeleteObject", Key=key)
    fill(depot, keys)
    given: dict[str, Any] = {"Prefix": prefix, "Delimiter": delimiter, "MaxKeys": most}
    expected = plainly(keys, prefix, delimiter)
    for pages in (pages_v1(depot, **given), pages_v2(depot, **given)):
        assert [entry for page in pages for entry in page] == expected
        assert all(len(page) == most for page in pages[:-1])
    later = pages_v2(depot, StartAfter=after, **given)
    assert [entry for page in later for entry in page] == plainly(keys, prefix, delimiter, after)


def keys_of(depot: Depot) -> list[str]:
    return [entry["Key"] for entry in depot.do("ListObjectsV2")["Contents"]]


@generated(group=st.text(max_size=8), rest=st.text(max_size=200), other=st.text(max_size=8))
def test_beyond_a_group_is_past_all_of_it_and_no_more(group: str, rest: str, other: str) -> None:
    assert (group + rest).encode() < beyond(group).encode()
    if not other.startswith(group) and other.encode() > group.encode():
        assert other.encode() > beyond(group).encode()


@pytest.mark.parametrize(
    ("key", "prefix", "delimiter", "group"),
    [
        ("a/b/c", "", "/", "a/"),
        ("a/b/c", "a/", "/", "a/b/"),
        ("a/b/c", "a/b/", "/", None),
        ("a/b/c", "a", "/", "a/"),
        ("a/b/c", "", "", None),
        ("a/b/c", "", "/b", "a/b"),
        ("/a", "", "/", "/"),
        ("a", "b", "/", None),
    ],
)
def test_groups(key: str, prefix: str, delimiter: str, group: str | None) -> None:
    assert group_of(key, prefix, delimiter) == group


def test_common_prefixes_are_jumped_past(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows read do not grow with the keys below a prefix."""
    fill(depot, [f"{letter}/{number:04}" for letter in "abc" for number in range(400)])
    read = 0

    def counted(
        tx: Transaction, bucket: str, prefix: str, after: str | None, limit: int
    ) -> list[StoredObject]:
        nonlocal read
        rows = objects.list_objects(tx, bucket, prefix, after, limit)
        read += len(rows)
        return rows

    class Counting:
        list_objects = staticmethod(counted)

    monkeypatch.setattr(listings, "objects", Counting)
    with depot.directory.reading() as tx:
        page = walk(tx, depot.bucket, "", "/", None, 1000)
    assert page.prefixes == ["a/", "b/", "c/"]
    assert read <= 3 * FEW


def test_the_second_version_answers(depot: Depot) -> None:
    """W-313"""
    depot.put("a/ü b+c", ChecksumCRC32="AAAAAA==")
    depot.put("z")
    assert depot.do("ListObjectsV2") == {
        "Name": depot.bucket,
        "Prefix": "",
        "MaxKeys": 1000,
        "IsTruncated": False,
        "KeyCount": 2,
        "Contents": [
            {
                "Key": "a/ü b+c",
                "LastModified": NOW,
                "ETag": f'"{ETAG}"',
                "Size": 0,
                "StorageClass": "STANDARD",
                "ChecksumAlgorithm": ["CRC32"],
                "ChecksumType": "FULL_OBJECT",
            },
            {
                "Key": "z",
                "LastModified": NOW,
                "ETag": f'"{ETAG}"',
                "Size": 0,
                "StorageClass": "STANDARD",
                "ChecksumAlgorithm": ["CRC64NVME"],
                "ChecksumType": "FULL_OBJECT",
            },
        ],
        "CommonPrefixes": [],
    }


def test_url_encoding(depot: Depot) -> None:
    """W-288, W-300: botocore decodes plus signs to spaces."""
    key = "a b/ü+%/c?d"
    depot.put(key)
    given: dict[str, Any] = {
        "EncodingType": "url",
        "Prefix": "a b",
        "Delimiter": "?",
        "StartAfter": "A B",
    }
    output = depot.do("ListObjectsV2", **given)
    assert output["EncodingType"] == "url"
    assert output["Prefix"] == "a%20b"
    assert output["Delimiter"] == "%3F"
    assert output["StartAfter"] == "A%20B"
    (group,) = output["CommonPrefixes"]
    assert group["Prefix"] == "a%20b/%C3%BC%2B%25/c%3F"
    (entry,) = depot.do("ListObjectsV2", EncodingType="url")["Contents"]
    assert unquote_plus(entry["Key"]) == key
    older = depot.do("ListObjects", EncodingType="url", Marker="A B")
    assert older["Marker"] == "A%20B"


def test_owners_are_shown_when_asked_for(depot: Depot) -> None:
    """W-281, W-313"""
    depot.put("k")
    owner = {"ID": depot.owner.account.canonical_id}
    assert "Owner" not in depot.do("ListObjectsV2")["Contents"][0]
    assert depot.do("ListObjectsV2", FetchOwner=True)["Contents"][0]["Owner"] == owner
    assert depot.do("ListObjects")["Contents"][0]["Owner"] == owner


def test_an_empty_delimiter_is_none(depot: Depot) -> None:
    depot.put("a/b")
    output = depot.do("ListObjectsV2", Delimiter="")
    assert entries(output) == [("key", "a/b")]
    assert "Delimiter" not in output


@pytest.mark.parametrize(("asked", "told"), [(0, 0), (1, 1), (1000, 1000), (2**31 - 1, 1000)])
def test_max_keys(depot: Depot, asked: int, told: int) -> None:
    depot.put("a")
    depot.put("b")
    output = depot.do("ListObjectsV2", MaxKeys=asked)
    assert output["MaxKeys"] == told
    assert output["KeyCount"] == min(told, 2)
    assert output["IsTruncated"] is (told == 1)


@pytest.mark.parametrize("name", ["ListObjects", "ListObjectsV2"])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"MaxKeys": -1}, "Argument maxKeys must be an integer between 0 and 2147483647"),
        ({"MaxKeys": 2**31}, "Provided max-keys not an integer or within integer range"),
        ({"EncodingType": "xml"}, "Invalid Encoding Method specified in Request"),
    ],
)
def test_wrong_parameters(depot: Depot, name: str, given: dict[str, Any], message: str) -> None:
    assert depot.refusal(name, **given) == ("InvalidArgument", 400, message)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "1",
        "k",
        "ä",
        base64.urlsafe_b64encode(b"2k").decode(),
        base64.urlsafe_b64encode(b"1\xff").decode(),
        base64.urlsafe_b64encode(b"1" + b"k" * 1025).decode(),
    ],
)
def test_a_token_that_is_none(depot: Depot, token: str) -> None:
    assert depot.refusal("ListObjectsV2", ContinuationToken=token) == (
        "InvalidArgument",
        400,
        "The continuation token provided is incorrect",
    )


def test_a_token_goes_on_where_the_page_ended_whatever_was_deleted(depot: Depot) -> None:
    fill(depot, ["a/1", "a/2", "b", "c"])
    page = depot.do("ListObjectsV2", Delimiter="/", MaxKeys=2)
    assert entries(page) == [("prefix", "a/"), ("key", "b")]
    depot.do("DeleteObject", Key="b")
    rest = depot.do("ListObjectsV2", Delimiter="/", ContinuationToken=page["NextContinuationToken"])
    assert entries(rest) == [("key", "c")]
    assert rest["ContinuationToken"] == page["NextContinuationToken"]


def test_a_marker_inside_a_common_prefix_is_past_it(depot: Depot) -> None:
    """Version one goes on by entries: what a marker lies in was on an earlier page."""
    fill(depot, ["a/1", "a/2", "b"])
    assert entries(depot.do("ListObjects", Delimiter="/", Marker="a/1")) == [("key", "b")]
    assert entries(depot.do("ListObjectsV2", Delimiter="/", StartAfter="a/1")) == [
        ("prefix", "a/"),
        ("key", "b"),
    ]
