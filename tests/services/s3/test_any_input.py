"""Whatever an operation of S3 is given, it answers as its model says, or refuses; nothing else."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sekisho.catalog import Member, Shape, service_model
from sekisho.model.faults import Fault
from sekisho.services import OPERATIONS
from services.iam.office import NOW, allow, document
from services.s3.depot import NOBODY, Depot, Sent

SERVED = [name for name in service_model("s3").operations if f"s3:{name}" in OPERATIONS]
# The wire lets any text pass, any number of 19 digits, any time of a calendar.
TEXTS = st.sampled_from(
    ["", "a", "k", "/", "a=b&c", "é\u2028\x00", "-1", "bytes=0-", "0" * 600, '"x"', "*"]
)
NUMBERS = st.sampled_from([-(10**18), -1, 0, 1, 3, 1001, 2**31, 10**18])
TIMES = st.sampled_from([-62_135_596_800, -1, 0, NOW, NOW + 86_400, 253_402_300_799])


def values(shape: Shape, depth: int = 0) -> st.SearchStrategy[Any]:
    if shape.kind == "structure":
        return structures(shape, depth)
    if shape.kind == "list":
        assert shape.member is not None
        return st.lists(values(shape.member.shape, depth + 1), max_size=2)
    if shape.kind == "map":
        return st.dictionaries(TEXTS, TEXTS, max_size=2)
    if shape.kind in ("integer", "long"):
        return NUMBERS
    if shape.kind == "timestamp":
        return TIMES
    if shape.kind == "boolean":
        return st.booleans()
    if shape.kind == "blob":
        return st.binary(max_size=5)
    return TEXTS | st.sampled_from(shape.enum) if shape.enum else TEXTS


def structures(shape: Shape, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    members: dict[str, Member] = {
        name: member
        for name, member in shape.members.items()
        if name not in ("Body", "Bucket", "ExpectedBucketOwner") and depth < 8
    }
    required = {
        name: values(members[name].shape, depth + 1) for name in shape.required & members.keys()
    }
    optional = {
        name: values(member.shape, depth + 1)
        for name, member in members.items()
        if name not in required
    }
    return st.fixed_dictionaries(required, optional=optional)


@pytest.fixture(scope="module")
def inhabited(depot_once: Depot) -> Depot:
    """With ACLs, locks and versions, so that no door is shut at once."""
    name = f"{depot_once.bucket}-any"
    depot_once.do("CreateBucket", Bucket=name, ObjectLockEnabledForBucket=True)
    depot_once.bucket = name
    controls = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    depot_once.do("PutBucketOwnershipControls", OwnershipControls=controls)
    depot_once.do("DeletePublicAccessBlock")
    anyone = allow("s3:*", [depot_once.arn(), depot_once.arn("*")], Principal="*")
    depot_once.do("PutBucketPolicy", Policy=document(anyone))
    depot_once.put("k", b"content")
    return depot_once


@pytest.mark.parametrize("name", SERVED)
def test_any_input_is_answered_or_refused(inhabited: Depot, name: str) -> None:
    model = service_model("s3").operations[name]
    assert model.input is not None
    upload = inhabited.do("CreateMultipartUpload", Key="k")["UploadId"]
    known = {"Key": "k", "UploadId": upload, "CopySource": f"{inhabited.bucket}/k"}
    known = {member: value for member, value in known.items() if member in model.input.members}

    @settings(
        max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(
        structures(model.input, 0), st.sets(st.sampled_from(sorted(known) or ["-"])), st.booleans()
    )
    def check(drawn: dict[str, Any], wanted: set[str], is_signed: bool) -> None:
        given = drawn | {member: known[member] for member in wanted & known.keys()}
        body = Sent(b"body") if model.streaming_input else None
        caller = inhabited.owner.root if is_signed else NOBODY
        if name in ("DeleteBucket", "CreateBucket"):
            given["Bucket"] = f"{inhabited.bucket}-other"
        try:
            output = inhabited.do(name, caller, body, **given)
        except Fault as fault:
            assert fault.status < 500 or fault.code == "NotImplemented"
            return
        for piece in output.get("Body", ()):
            assert piece

    check()
