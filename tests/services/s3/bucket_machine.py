"""A bucket beside its model: objects written, copied and uploaded in parts, with crashes."""

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sekisho.directory import intake
from sekisho.directory.sqlite_transaction import WritingTransaction
from sekisho.services.s3 import assembly
from services.iam.office import NOW
from services.s3.bucket_model import DAY, Model, Upload, Version
from services.s3.depot import Depot, Sent

KEYS = st.sampled_from(["a", "a/b", "ü"])
BODIES = st.binary(max_size=12)
ETAG = hashlib.md5


class Crash(Exception):
    """The process died before its transaction was committed."""


@contextmanager
def crashing() -> Iterator[None]:
    """Commits that never come about."""
    leave = WritingTransaction.leave

    def die(self: WritingTransaction, keep: bool) -> None:
        leave(self, keep=False)
        if keep:
            raise Crash

    WritingTransaction.leave = die  # type: ignore[method-assign]
    try:
        yield
    finally:
        WritingTransaction.leave = leave  # type: ignore[method-assign]


class BucketMachine(RuleBasedStateMachine):
    """What every bucket sees. now: moves on by whole days only.

    states: in which a bucket begins; else there would seldom be several versions of a key, or
    locks.
    """

    depot: Depot
    states: ClassVar[Sequence[str]] = ("", "Enabled", "Suspended", "locking")
    numbers = itertools.count()

    def __init__(self) -> None:
        super().__init__()
        self.bucket = f"{self.depot.bucket}-{next(self.numbers)}"
        self.model = Model()
        self.now = NOW
        self.completed: dict[str, tuple[str, dict[str, Any]]] = {}
        self.before = len(self.depot.files())

    def do(self, name: str, body: bytes | Sent | None = None, **given: Any) -> Any:
        return self.depot.do(name, None, body, self.now, Bucket=self.bucket, **given)

    def refusal(self, name: str, body: bytes | Sent | None = None, **given: Any) -> str:
        """The code."""
        place: dict[str, Any] = {"Bucket": self.bucket, "now": self.now}
        return self.depot.refusal(name, None, body, **place, **given)[0]

    @initialize(data=st.data())
    def begin_with(self, data: st.DataObject) -> None:
        state = data.draw(st.sampled_from(self.states))
        self.model.is_locking = state == "locking"
        self.do("CreateBucket", ObjectLockEnabledForBucket=self.model.is_locking)
        if self.model.is_locking:
            self.model.versioning = "Enabled"
        elif state:
            self.do("PutBucketVersioning", VersioningConfiguration={"Status": state})
            self.model.versioning = state

    def add(self, key: str, body: bytes, output: dict[str, Any], **known: Any) -> None:
        """Let the model know of a new version. known: what is not as the bucket has it."""
        assert ("VersionId" in output) is bool(self.model.versioning)
        version: str = output.get("VersionId", "null")
        assert (version == "null") is (self.model.versioning != "Enabled")
        made = Version(version, body, self.now, **{**self.retained(), **known})
        self.model.add(key, made)

    def retained(self) -> dict[str, Any]:
        """What a new version is retained by, if its request says nothing."""
        days = self.model.default
        return {"mode": "GOVERNANCE", "until": self.now + days * DAY} if days else {}

    @rule(key=KEYS, body=BODIES)
    def put(self, key: str, body: bytes) -> None:
        output = self.do("PutObject", body, Key=key)
        assert output["ETag"] == f'"{ETAG(body).hexdigest()}"'
        self.add(key, body, output)

    def drawn_version(self, data: st.DataObject) -> tuple[str, Version]:
        """One that there is, which may be a delete marker."""
        key = data.draw(st.sampled_from([k for k, v in self.model.versions.items() if v]))
        return key, data.draw(st.sampled_from(self.model.versions[key]))

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        self.deleted(key, self.do("DeleteObject", Key=key).get("VersionId"))

    def deleted(self, key: str, marker: str | None) -> None:
        """Let the model know that a key was deleted. marker: its id, if there is one."""
        assert (marker is not None) is bool(self.model.versioning)
        assert marker is None or (marker == "null") is (self.model.versioning != "Enabled")
        if marker is None:
            self.model.versions.pop(key, None)
        else:
            self.model.add(key, Version(marker, None, self.now))

    @precondition(lambda self: any(self.model.versions.values()))
    @rule(data=st.data(), is_bypassed=st.booleans())
    def delete_version(self, data: st.DataObject, is_bypassed: bool) -> None:
        self.remove(*self.drawn_version(data), is_bypassed)

    def remove(self, key: str, version: Version, is_bypassed: bool) -> None:
        """Delete a version for good, or be refused."""
        given: dict[str, Any] = {
            "Key": key,
            "VersionId": version.id,
            "BypassGovernanceRetention": is_bypassed,
        }
        if version.may_go(self.now, is_bypassed):
            self.do("DeleteObject", **given)
            self.model.versions[key].remove(version)
        else:
            assert self.refusal("DeleteObject", **given) == "AccessDenied"

    @rule(key=KEYS, body=BODIES)
    def begin(self, key: str, body: bytes) -> None:
        upload = self.do("CreateMultipartUpload", Key=key)["UploadId"]
        self.model.uploads[upload] = Upload(key, self.now, {})
        for number in (1, 3):
            self.put_part_of(upload, number, body)

    def put_part_of(self, upload_id: str, number: int, body: bytes) -> None:
        upload = self.model.uploads[upload_id]
        given: dict[str, Any] = {"Key": upload.key, "UploadId": upload_id, "PartNumber": number}
        upload.parts[number] = (body, self.do("UploadPart", body, **given)["ETag"])

    @precondition(lambda self: self.model.uploads)
    @rule(data=st.data(), crash=st.booleans())
    def complete(self, data: st.DataObject, crash: bool) -> None:
        upload_id = data.draw(st.sampled_from(list(self.model.uploads)))
        upload = self.model.uploads[upload_id]
        held = sorted(upload.parts)
        chosen = [number for number in held if data.draw(st.booleans())] or held[-1:]
        named = [{"PartNumber": number, "ETag": upload.parts[number][1]} for number in chosen]
        given: dict[str, Any] = {"Key": upload.key, "UploadId": upload_id}
        given["MultipartUpload"] = {"Parts": named}
        if crash:
            with crashing(), pytest.raises(Crash):
                self.do("CompleteMultipartUpload", **given)
            return
        output = self.do("CompleteMultipartUpload", **given)
        parts = [upload.parts[number][0] for number in chosen]
        self.add(upload.key, b"".join(parts), output, parts=parts)
        del self.model.uploads[upload_id]
        self.completed[upload_id] = (output.get("VersionId", "null"), given)

    @invariant()
    def every_version_reads_as_it_was_written(self) -> None:
        for key, kept in self.model.versions.items():
            for version in kept:
                if version.body is None:
                    continue
                place: dict[str, Any] = {"Key": key, "VersionId": version.id}
                output = self.do("GetObject", **place)
                assert b"".join(output["Body"]) == version.body
                for number, part in enumerate(version.parts, 1):
                    output = self.do("GetObject", PartNumber=number, **place)
                    assert b"".join(output["Body"]) == part

    @invariant()
    def lists_are_those_of_the_model(self) -> None:
        keys = [k for k in self.model.versions if self.model.current(k) is not None]
        listed = [each["Key"] for each in self.do("ListObjectsV2")["Contents"]]
        assert listed == sorted(keys, key=str.encode)
        page = self.do("ListObjectVersions")
        found = {
            (each["Key"], each["VersionId"], each["IsLatest"])
            for each in page["Versions"] + page["DeleteMarkers"]
        }
        assert found == {
            (key, version.id, place == 0)
            for key, kept in self.model.versions.items()
            for place, version in enumerate(kept)
        }

    @invariant()
    def uploads_are_those_of_the_model(self) -> None:
        listed = self.do("ListMultipartUploads")["Uploads"]
        assert {(each["Key"], each["UploadId"]) for each in listed} == {
            (upload.key, name) for name, upload in self.model.uploads.items()
        }
        for name, upload in self.model.uploads.items():
            shown = self.do("ListParts", Key=upload.key, UploadId=name)["Parts"]
            assert {each["PartNumber"]: each["ETag"] for each in shown} == {
                number: etag for number, (_, etag) in upload.parts.items()
            }

    @invariant()
    def no_blob_is_lost_and_none_is_left_over(self) -> None:
        assert len(self.depot.files()) - self.before == self.model.blobs


def run(machine: type[BucketMachine], depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Try a machine on a depot. Two bytes of a part are enough, and seven are a blob."""
    monkeypatch.setattr(assembly, "SMALLEST_PART", 0)
    monkeypatch.setattr(intake, "SMALL", 6)
    calm = settings(
        max_examples=25,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(type("Machine", (machine,), {"depot": depot}), settings=calm)
