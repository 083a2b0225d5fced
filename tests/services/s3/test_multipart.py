"""Uploads in parts: what they become, what is refused, and that nothing is left (W-308, W-309)."""

import base64
import hashlib
import zlib
from typing import Any

import pytest

from sekisho.services.s3 import assembly
from services.iam.office import NOW, allow, document
from services.s3.depot import NOBODY, Depot, Sent

FIRST, LAST = b"a" * 70, b"b" * 5
SMALLEST = assembly.SMALLEST_PART


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "SMALLEST_PART", 64)


def begin(depot: Depot, key: str = "k", **given: Any) -> str:
    upload_id: str = depot.do("CreateMultipartUpload", Key=key, **given)["UploadId"]
    return upload_id


def put(depot: Depot, upload_id: str, number: int, body: bytes, **given: Any) -> dict[str, Any]:
    """The part as CompleteMultipartUpload names it."""
    output = depot.do(
        "UploadPart", body=body, Key="k", UploadId=upload_id, PartNumber=number, **given
    )
    return {"PartNumber": number, **output}


def complete(depot: Depot, upload_id: str, *parts: dict[str, Any], **given: Any) -> dict[str, Any]:
    named = {"Parts": list(parts)}
    return depot.do(
        "CompleteMultipartUpload", Key="k", UploadId=upload_id, MultipartUpload=named, **given
    )


def refused(depot: Depot, upload_id: str, *parts: dict[str, Any], **given: Any) -> Any:
    named = {"Parts": list(parts)}
    return depot.fault(
        "CompleteMultipartUpload", Key="k", UploadId=upload_id, MultipartUpload=named, **given
    )


def b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def md5(body: bytes) -> bytes:
    return hashlib.md5(body).digest()


ETAG = hashlib.md5(md5(FIRST) + md5(LAST)).hexdigest() + "-2"


def test_parts_become_an_object(depot: Depot) -> None:
    """W-309: the entity tag is the MD5 of the parts' MD5s, with their number."""
    before = depot.files()
    upload = begin(depot, ContentType="text/plain", Metadata={"m": "n"}, Tagging="a=b")
    third = put(depot, upload, 3, LAST)
    first = put(depot, upload, 1, FIRST)
    put(depot, upload, 2, b"not chosen")
    assert depot.refusal("HeadObject", Key="k")[0] == "NoSuchKey"
    done = complete(depot, upload, first, third)
    assert done["ETag"] == f'"{ETAG}"'
    assert (done["Bucket"], done["Key"]) == (depot.bucket, "k")
    assert depot.content("k") == FIRST + LAST
    head = depot.do("HeadObject", Key="k")
    assert (head["ContentType"], head["Metadata"]) == ("text/plain", {"m": "n"})
    assert (head["ETag"], head["ContentLength"], head["TagCount"]) == (f'"{ETAG}"', 75, 1)
    assert len(depot.files() - before) == 2
    assert depot.do("ListMultipartUploads")["Uploads"] == []
    depot.do("DeleteObject", Key="k")
    assert depot.files() == before


def test_completing_again_answers_as_before(depot: Depot) -> None:
    """Whose answer was lost asks again."""
    upload = begin(depot)
    part = put(depot, upload, 1, FIRST)
    assert complete(depot, upload, part) == complete(depot, upload, part)
    depot.put("k", b"later")
    assert refused(depot, upload, part).code == "NoSuchUpload"


@pytest.mark.parametrize(
    ("given", "span"),
    [
        ({"Range": "bytes=60-72"}, (60, 73)),
        ({"Range": "bytes=70-"}, (70, 75)),
        ({"Range": "bytes=-3"}, (72, 75)),
        ({"Range": "bytes=0-0"}, (0, 1)),
        ({"PartNumber": 1}, (0, 70)),
        ({"PartNumber": 2}, (70, 75)),
    ],
)
def test_ranges_and_parts_of_it(depot: Depot, given: dict[str, Any], span: tuple[int, int]) -> None:
    upload = begin(depot)
    complete(depot, upload, put(depot, upload, 5, FIRST), put(depot, upload, 9, LAST))
    whole = FIRST + LAST
    assert depot.content("k", **given) == whole[span[0] : span[1]]
    output = depot.do("HeadObject", Key="k", **given)
    assert output["ContentRange"] == f"bytes {span[0]}-{span[1] - 1}/75"
    assert output.get("PartsCount") == (2 if "PartNumber" in given else None)


def test_a_part_that_is_not_there(depot: Depot) -> None:
    upload = begin(depot)
    complete(depot, upload, put(depot, upload, 1, FIRST))
    fault = depot.fault("GetObject", Key="k", PartNumber=2)
    assert (fault.code, fault.status) == ("InvalidPartNumber", 416)
    assert fault.details == {"PartNumberRequested": "2", "ActualPartCount": "1"}


def test_a_reader_keeps_the_parts_of_a_replaced_object(depot: Depot) -> None:
    """They go with the next that go, once nobody reads them."""
    upload = begin(depot)
    complete(depot, upload, put(depot, upload, 1, FIRST), put(depot, upload, 2, LAST))
    files = depot.files()
    reader = depot.do("GetObject", Key="k")["Body"]
    begun = next(reader)
    depot.put("k", b"new")
    assert len(depot.files()) == len(files) + 1
    assert begun + b"".join(reader) == FIRST + LAST
    depot.put("k", b"newer")
    assert len(depot.files()) == len(files) - 1


def test_a_part_is_replaced(depot: Depot) -> None:
    before = depot.files()
    upload = begin(depot)
    old = put(depot, upload, 1, b"old")
    new = put(depot, upload, 1, b"new")
    assert len(depot.files() - before) == 1
    fault = refused(depot, upload, old)
    assert (fault.code, fault.status) == ("InvalidPart", 400)
    assert fault.message == (
        "One or more of the specified parts could not be found.  The part may not have been"
        " uploaded, or the specified entity tag may not match the part's entity tag."
    )
    assert fault.details["PartNumber"] == "1"
    complete(depot, upload, new)
    assert depot.content("k") == b"new"


def test_what_is_aborted_leaves_nothing(depot: Depot) -> None:
    before = depot.files()
    upload = begin(depot)
    part = put(depot, upload, 1, FIRST)
    assert depot.do("AbortMultipartUpload", Key="k", UploadId=upload) == {}
    assert depot.files() == before
    calls: list[tuple[str, dict[str, Any]]] = [
        ("AbortMultipartUpload", {}),
        ("ListParts", {}),
        ("UploadPart", {"PartNumber": 1}),
    ]
    for name, given in calls:
        body = b"x" if name == "UploadPart" else None
        fault = depot.fault(name, body=body, Key="k", UploadId=upload, **given)
        assert (fault.code, fault.status) == ("NoSuchUpload", 404)
    assert refused(depot, upload, part).code == "NoSuchUpload"
    assert depot.files() == before


def test_an_upload_belongs_to_its_key(depot: Depot) -> None:
    upload = begin(depot, "other")
    said = depot.refusal("UploadPart", body=b"x", Key="k", UploadId=upload, PartNumber=1)
    assert said[0] == "NoSuchUpload"


def test_a_bucket_goes_with_its_uploads(depot: Depot) -> None:
    before = depot.files()
    put(depot, begin(depot), 1, FIRST)
    depot.do("DeleteBucket")
    assert depot.files() == before


@pytest.mark.parametrize("number", [0, -1, 10_001])
def test_part_numbers(depot: Depot, number: int) -> None:
    """W-309"""
    upload = begin(depot)
    fault = depot.fault("UploadPart", body=b"", Key="k", UploadId=upload, PartNumber=number)
    assert (fault.code, fault.status) == ("InvalidArgument", 400)
    assert fault.message == "Part number must be an integer between 1 and 10000, inclusive"


def test_what_cannot_be_joined(depot: Depot) -> None:
    """W-309"""
    upload = begin(depot)
    small, last = put(depot, upload, 1, b"small"), put(depot, upload, 2, LAST)
    fault = refused(depot, upload, small, last)
    assert (fault.code, fault.status) == ("EntityTooSmall", 400)
    assert fault.details == {
        "ProposedSize": "5",
        "MinSizeAllowed": "64",
        "PartNumber": "1",
        "ETag": small["ETag"],
    }
    assert refused(depot, upload, last, small).code == "InvalidPartOrder"
    assert refused(depot, upload, last, last).code == "InvalidPartOrder"
    assert refused(depot, upload, {"PartNumber": 7, "ETag": "x"}).code == "InvalidPart"
    assert refused(depot, upload).code == "MalformedXML"
    assert refused(depot, upload, {"ETag": "x"}).code == "MalformedXML"
    assert refused(depot, upload, last, MpuObjectSize=6).code == "InvalidRequest"
    complete(depot, upload, last, MpuObjectSize=5)


def test_five_mebibytes_are_the_least(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """W-309"""
    monkeypatch.setattr(assembly, "SMALLEST_PART", SMALLEST)
    upload = begin(depot)
    fault = refused(depot, upload, put(depot, upload, 1, FIRST), put(depot, upload, 2, LAST))
    assert fault.message == "Your proposed upload is smaller than the minimum allowed size"
    assert fault.details["MinSizeAllowed"] == "5242880"


def test_conditions_hold_when_it_is_completed(depot: Depot) -> None:
    """W-311"""
    etag = depot.put("k", b"there")["ETag"]
    upload = begin(depot)
    part = put(depot, upload, 1, FIRST)
    assert refused(depot, upload, part, IfNoneMatch="*").code == "PreconditionFailed"
    assert refused(depot, upload, part, IfMatch='"x"').code == "PreconditionFailed"
    assert depot.content("k") == b"there"
    complete(depot, upload, part, IfMatch=etag)
    assert depot.content("k") == FIRST


def crc32(body: bytes) -> str:
    return b64(zlib.crc32(body).to_bytes(4))


def test_a_composite_checksum(depot: Depot) -> None:
    """W-308"""
    upload = begin(depot, ChecksumAlgorithm="CRC32")
    first = put(depot, upload, 1, FIRST, ChecksumCRC32=crc32(FIRST))
    last = put(depot, upload, 2, LAST)
    assert last["ChecksumCRC32"] == crc32(LAST)
    joined = crc32(base64.b64decode(crc32(FIRST)) + base64.b64decode(crc32(LAST)))
    bare = {"PartNumber": 2, "ETag": last["ETag"]}
    assert refused(depot, upload, first, bare).message == (
        "The upload was created using a crc32 checksum. The complete request must include the"
        " checksum for each part. It was missing for part 2 in the request."
    )
    wrong = {**last, "ChecksumCRC32": crc32(FIRST)}
    assert refused(depot, upload, first, wrong).code == "InvalidPart"
    assert refused(depot, upload, first, last, ChecksumCRC32=crc32(b"")).code == "BadDigest"
    done = complete(depot, upload, first, last, ChecksumCRC32=f"{joined}-2")
    assert (done["ChecksumCRC32"], done["ChecksumType"]) == (f"{joined}-2", "COMPOSITE")
    head = depot.do("HeadObject", Key="k", ChecksumMode="ENABLED")
    assert (head["ChecksumCRC32"], head["ChecksumType"]) == (f"{joined}-2", "COMPOSITE")
    parts = depot.do("GetObjectAttributes", Key="k", ObjectAttributes=["ObjectParts", "Checksum"])
    assert parts["ObjectParts"]["Parts"] == [
        {"PartNumber": 1, "Size": 70, "ChecksumCRC32": crc32(FIRST)},
        {"PartNumber": 2, "Size": 5, "ChecksumCRC32": crc32(LAST)},
    ]
    page = depot.do("GetObjectAttributes", Key="k", ObjectAttributes=["ObjectParts"], MaxParts=1)[
        "ObjectParts"
    ]
    assert (page["IsTruncated"], page["NextPartNumberMarker"]) == (True, 1)


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME"])
def test_a_checksum_of_the_full_object(depot: Depot, algorithm: str) -> None:
    """W-308: as if it had been put whole."""
    member = f"Checksum{algorithm}"
    whole = depot.do("PutObject", body=Sent(FIRST + LAST, {}), Key="w")
    upload = begin(depot, ChecksumAlgorithm=algorithm, ChecksumType="FULL_OBJECT")
    named = [put(depot, upload, 1, FIRST), put(depot, upload, 2, LAST)]
    done = complete(depot, upload, *named, ChecksumType="FULL_OBJECT")
    assert done["ChecksumType"] == "FULL_OBJECT"
    if algorithm == "CRC64NVME":
        assert done[member] == whole[member]
    depot.do("CopyObject", Key="c", CopySource=f"{depot.bucket}/k")
    copied = depot.do("HeadObject", Key="c", ChecksumMode="ENABLED")
    assert copied[member] == done[member]


def test_without_an_algorithm_the_whole_is_checked(depot: Depot) -> None:
    """W-306: CRC64NVME, whatever the parts came with."""
    upload = begin(depot)
    first = put(depot, upload, 1, FIRST, ChecksumCRC32=crc32(FIRST))
    assert first["ChecksumCRC32"] == crc32(FIRST)
    done = complete(depot, upload, first, put(depot, upload, 2, LAST))
    whole = depot.put("w", FIRST + LAST)
    assert done["ChecksumCRC64NVME"] == whole["ChecksumCRC64NVME"]


@pytest.mark.parametrize(
    ("algorithm", "kind", "said"),
    [
        ("SHA256", "FULL_OBJECT", "FULL_OBJECT checksum type cannot be used with the sha256"),
        ("CRC64NVME", "COMPOSITE", "COMPOSITE checksum type cannot be used with the crc64nvme"),
        ("XXHASH3", "", "The checksum algorithm XXHASH3 is not supported"),
        ("", "COMPOSITE", "can only be used with the x-amz-checksum-algorithm header."),
        ("CRC32", "HALF", "Value for x-amz-checksum-type header is invalid."),
    ],
)
def test_checksums_that_there_are_not(depot: Depot, algorithm: str, kind: str, said: str) -> None:
    """W-308"""
    given: dict[str, Any] = {"ChecksumAlgorithm": algorithm, "ChecksumType": kind}
    wished = {name: value for name, value in given.items() if value}
    code, status, message = depot.refusal("CreateMultipartUpload", Key="k", **wished)
    assert (code, status) == ("InvalidRequest", 400)
    assert said in message


def test_the_type_of_checksum_is_that_of_the_upload(depot: Depot) -> None:
    """W-308"""
    upload = begin(depot, ChecksumAlgorithm="CRC32")
    before = depot.files()
    said = depot.refusal(
        "UploadPart",
        body=FIRST,
        Key="k",
        UploadId=upload,
        PartNumber=1,
        ChecksumSHA256=b64(hashlib.sha256(FIRST).digest()),
    )
    assert said[2] == (
        "Checksum Type mismatch occurred, expected checksum Type: crc32, actual checksum Type:"
        " sha256"
    )
    assert depot.files() == before
    part = put(depot, upload, 1, FIRST)
    assert refused(depot, upload, part, ChecksumType="FULL_OBJECT").code == "InvalidRequest"


def test_lists_of_parts(depot: Depot) -> None:
    upload = begin(depot, ChecksumAlgorithm="SHA256")
    for number in (1, 3, 4):
        put(depot, upload, number, b"x" * number)
    page = depot.do("ListParts", Key="k", UploadId=upload, MaxParts=2)
    assert [part["PartNumber"] for part in page["Parts"]] == [1, 3]
    assert (page["IsTruncated"], page["NextPartNumberMarker"]) == (True, 3)
    assert page["Initiator"]["ID"] == page["Owner"]["ID"] == depot.owner.account.canonical_id
    assert (page["ChecksumAlgorithm"], page["ChecksumType"]) == ("SHA256", "COMPOSITE")
    rest = depot.do("ListParts", Key="k", UploadId=upload, PartNumberMarker=3)
    assert [(part["PartNumber"], part["Size"]) for part in rest["Parts"]] == [(4, 4)]
    assert rest["IsTruncated"] is False
    assert depot.refusal("ListParts", Key="k", UploadId=upload, MaxParts=-1)[0] == "InvalidArgument"


@pytest.mark.parametrize("marker", [-1, 2**31, 10**19 - 1])
def test_part_numbers_that_a_page_cannot_come_after(depot: Depot, marker: int) -> None:
    upload = begin(depot, ChecksumAlgorithm="SHA256")
    one = put(depot, upload, 1, FIRST)
    refused = ("InvalidArgument", 400)
    given: dict[str, Any] = {"Key": "k", "PartNumberMarker": marker}
    assert depot.refusal("ListParts", UploadId=upload, **given)[:2] == refused
    complete(depot, upload, one)
    given["ObjectAttributes"] = ["ObjectParts"]
    assert depot.refusal("GetObjectAttributes", **given)[:2] == refused


def test_lists_of_uploads(depot: Depot) -> None:
    ids = [begin(depot, key, now=NOW + n) for n, key in enumerate(["a", "b/1", "b/2", "c", "c"])]
    found: list[tuple[str, str]] = []
    prefixes: list[str] = []
    given: dict[str, Any] = {}
    while True:
        page = depot.do("ListMultipartUploads", MaxUploads=1, Delimiter="/", **given)
        found += [(entry["Key"], entry["UploadId"]) for entry in page["Uploads"]]
        prefixes += [entry["Prefix"] for entry in page["CommonPrefixes"]]
        if not page["IsTruncated"]:
            break
        given = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}
    assert found == [("a", ids[0]), ("c", ids[3]), ("c", ids[4])]
    assert prefixes == ["b/"]
    by_prefix = depot.do("ListMultipartUploads", Prefix="b/", EncodingType="url")
    assert [entry["UploadId"] for entry in by_prefix["Uploads"]] == ids[1:3]
    assert by_prefix["Uploads"][0]["Initiated"] == NOW + 1
    after_key = depot.do("ListMultipartUploads", KeyMarker="b/1")
    assert [entry["UploadId"] for entry in after_key["Uploads"]] == ids[2:]
    assert depot.do("ListMultipartUploads", MaxUploads=0)["Uploads"] == []


@pytest.mark.parametrize(
    ("name", "given", "action", "key"),
    [
        ("CreateMultipartUpload", {"Key": "k"}, "s3:PutObject", "k"),
        ("UploadPart", {"Key": "k", "UploadId": "u", "PartNumber": 1}, "s3:PutObject", "k"),
        ("CompleteMultipartUpload", {"Key": "k", "UploadId": "u"}, "s3:PutObject", "k"),
        ("AbortMultipartUpload", {"Key": "k", "UploadId": "u"}, "s3:AbortMultipartUpload", "k"),
        ("ListParts", {"Key": "k", "UploadId": "u"}, "s3:ListMultipartUploadParts", "k"),
        ("ListMultipartUploads", {}, "s3:ListBucketMultipartUploads", None),
    ],
)
def test_who_may(
    depot: Depot, name: str, given: dict[str, Any], action: str, key: str | None
) -> None:
    """W-272, W-274"""
    user = depot.owner.new_user("bare")
    said = depot.refusal(name, user, **given)
    assert f'{action} on resource: "{depot.arn(key)}"' in said[2]
    assert depot.refusal(name, NOBODY, **given)[2] == "Access Denied"


def test_another_account_uploads_in_parts(depot: Depot) -> None:
    """PE-106: the bucket's owner owns what comes of it."""
    writer = depot.other.new_user("writer", allow("s3:*"))
    statement = allow("s3:PutObject", depot.arn("*"), Principal={"AWS": writer.principal.arn})
    depot.do("PutBucketPolicy", Policy=document(statement))
    upload = depot.do("CreateMultipartUpload", writer, Key="k")["UploadId"]
    place = {"Key": "k", "UploadId": upload}
    part = depot.do("UploadPart", writer, body=FIRST, PartNumber=1, **place)
    named = {"Parts": [{"PartNumber": 1, **part}]}
    listed = depot.do("ListMultipartUploads")["Uploads"]
    assert listed[0]["Initiator"]["ID"] == writer.principal.arn
    depot.do("DeleteBucketPolicy")
    refusal = depot.refusal("CompleteMultipartUpload", writer, MultipartUpload=named, **place)
    assert refusal == ("AccessDenied", 403, "Access Denied")
    depot.do("CompleteMultipartUpload", MultipartUpload=named, **place)
    assert depot.content("k") == FIRST
