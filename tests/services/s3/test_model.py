"""A bucket against a model of one: whatever is done, and wherever it breaks off."""

import hashlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

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
from sekisho.model.faults import Fault
from sekisho.services.s3 import assembly
from services.s3.depot import Depot, Sent

KEYS = st.sampled_from(["a", "a/b", "ü"])
BODIES = st.binary(max_size=12)
STATES = st.sampled_from(["Enabled", "Suspended"])
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


@dataclass
class Version:
    """body: None for a delete marker. blobs: how many files or rows hold it."""

    id: str
    body: bytes | None
    blobs: int = 1


@dataclass
class Model:
    """versions: of each key, the newest first."""

    versioning: str = ""
    versions: dict[str, list[Version]] = field(default_factory=dict)

    def add(self, key: str, version: Version) -> None:
        kept = self.versions.setdefault(key, [])
        if self.versioning != "Enabled":
            kept[:] = [each for each in kept if each.id != "null"]
        kept.insert(0, version)

    def current(self, key: str) -> bytes | None:
        kept = self.versions.get(key)
        return kept[0].body if kept else None

    @property
    def blobs(self) -> int:
        return sum(v.blobs for kept in self.versions.values() for v in kept if v.body is not None)


class BucketMachine(RuleBasedStateMachine):
    depot: Depot
    numbers = itertools.count()

    def __init__(self) -> None:
        super().__init__()
        self.bucket = f"{self.depot.bucket}-{next(self.numbers)}"
        self.model = Model()
        self.do("CreateBucket")
        self.before = len(self.depot.files())
        self.uploads: dict[str, tuple[str, dict[int, tuple[bytes, str]]]] = {}

    def do(self, name: str, body: bytes | Sent | None = None, **given: Any) -> Any:
        return self.depot.do(name, None, body, Bucket=self.bucket, **given)

    def id_of(self, output: dict[str, Any]) -> str:
        assert ("VersionId" in output) is bool(self.model.versioning)
        version: str = output.get("VersionId", "null")
        assert (version == "null") is (self.model.versioning != "Enabled")
        return version

    @initialize(status=st.sampled_from(["", "Enabled", "Suspended"]))
    def begin_with(self, status: str) -> None:
        """Else there would seldom be several versions of a key."""
        if status:
            self.turn(status)

    @rule(status=STATES)
    def turn(self, status: str) -> None:
        self.do("PutBucketVersioning", VersioningConfiguration={"Status": status})
        self.model.versioning = status

    @rule(key=KEYS, body=BODIES)
    def put(self, key: str, body: bytes) -> None:
        output = self.do("PutObject", body, Key=key)
        assert output["ETag"] == f'"{ETAG(body).hexdigest()}"'
        self.model.add(key, Version(self.id_of(output), body))

    @rule(key=KEYS, body=BODIES)
    def put_where_nothing_is(self, key: str, body: bytes) -> None:
        if self.model.current(key) is None:
            output = self.do("PutObject", body, Key=key, IfNoneMatch="*")
            self.model.add(key, Version(self.id_of(output), body))
        else:
            given = {"Bucket": self.bucket, "Key": key, "IfNoneMatch": "*"}
            assert self.depot.refusal("PutObject", None, body, **given)[1] == 412

    @rule(key=KEYS, body=BODIES)
    def put_and_crash(self, key: str, body: bytes) -> None:
        with crashing(), pytest.raises(Crash):
            self.do("PutObject", body, Key=key)

    @rule(key=KEYS, body=BODIES, cut=st.booleans())
    def put_what_is_not_as_was_said(self, key: str, body: bytes, cut: bool) -> None:
        fault = Fault("IncompleteBody", 400, "cut") if cut else None
        given: dict[str, Any] = {} if cut else {"ContentMD5": "AAAAAAAAAAAAAAAAAAAAAA=="}
        place: list[tuple[str, dict[str, Any]]] = [("PutObject", {"Key": key})]
        place += [
            ("UploadPart", {"Key": at, "UploadId": upload, "PartNumber": 1})
            for upload, (at, _) in self.uploads.items()
        ]
        for name, where in place:
            with pytest.raises(Fault, match="cut" if cut else "Content-MD5"):
                self.do(name, Sent(body, fault=fault), **where, **given)

    @rule(key=KEYS)
    def delete_and_crash(self, key: str) -> None:
        with crashing(), pytest.raises(Crash):
            self.do("DeleteObject", Key=key)

    @rule(key=KEYS, many=st.booleans())
    def delete(self, key: str, many: bool) -> None:
        if many:
            named = {"Objects": [{"Key": key}]}
            (shown,) = self.do("DeleteObjects", Delete=named)["Deleted"]
            output = {"VersionId": shown["DeleteMarkerVersionId"]} if len(shown) > 1 else {}
        else:
            output = self.do("DeleteObject", Key=key)
        if self.model.versioning:
            self.model.add(key, Version(self.id_of(output), None))
        else:
            self.model.versions.pop(key, None)

    @precondition(lambda self: any(self.model.versions.values()))
    @rule(data=st.data())
    def delete_version(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from([k for k, v in self.model.versions.items() if v]))
        version = data.draw(st.sampled_from(self.model.versions[key]))
        self.do("DeleteObject", Key=key, VersionId=version.id)
        self.model.versions[key].remove(version)

    @rule(source=KEYS, key=KEYS)
    def copy(self, source: str, key: str) -> None:
        body = self.model.current(source)
        given: dict[str, Any] = {"CopySource": f"{self.bucket}/{source}", "Key": key}
        given["MetadataDirective"] = "REPLACE"
        if body is None:
            code = self.depot.refusal("CopyObject", Bucket=self.bucket, **given)[0]
            assert code == "NoSuchKey"
            return
        output = self.do("CopyObject", **given)
        self.model.add(key, Version(self.id_of(output), body))

    @rule(key=KEYS, body=BODIES)
    def begin(self, key: str, body: bytes) -> None:
        upload = self.do("CreateMultipartUpload", Key=key)["UploadId"]
        place: dict[str, Any] = {"Key": key, "UploadId": upload}
        etags = [self.do("UploadPart", body, PartNumber=n, **place)["ETag"] for n in (1, 3)]
        self.uploads[upload] = (key, {1: (body, etags[0]), 3: (body, etags[1])})

    @precondition(lambda self: self.uploads)
    @rule(data=st.data(), number=st.integers(1, 4), body=BODIES)
    def put_part(self, data: st.DataObject, number: int, body: bytes) -> None:
        upload = data.draw(st.sampled_from(list(self.uploads)))
        key, parts = self.uploads[upload]
        etag = self.do("UploadPart", body, Key=key, UploadId=upload, PartNumber=number)["ETag"]
        parts[number] = (body, etag)

    @precondition(lambda self: self.uploads)
    @rule(data=st.data(), crash=st.booleans())
    def complete(self, data: st.DataObject, crash: bool) -> None:
        upload = data.draw(st.sampled_from(list(self.uploads)))
        key, parts = self.uploads[upload]
        chosen = [number for number in sorted(parts) if data.draw(st.booleans())] or [max(parts)]
        named = [{"PartNumber": number, "ETag": parts[number][1]} for number in chosen]
        given: dict[str, Any] = {"Key": key, "UploadId": upload}
        given["MultipartUpload"] = {"Parts": named}
        if crash:
            with crashing(), pytest.raises(Crash):
                self.do("CompleteMultipartUpload", **given)
            return
        output = self.do("CompleteMultipartUpload", **given)
        body = b"".join(parts[number][0] for number in chosen)
        self.model.add(key, Version(self.id_of(output), body, len(chosen)))
        del self.uploads[upload]

    @precondition(lambda self: self.uploads)
    @rule(data=st.data())
    def abort(self, data: st.DataObject) -> None:
        upload = data.draw(st.sampled_from(list(self.uploads)))
        key, _ = self.uploads.pop(upload)
        self.do("AbortMultipartUpload", Key=key, UploadId=upload)

    @invariant()
    def every_version_reads_as_it_was_written(self) -> None:
        for key, kept in self.model.versions.items():
            for version in kept:
                if version.body is not None:
                    output = self.do("GetObject", Key=key, VersionId=version.id)
                    assert b"".join(output["Body"]) == version.body

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
    def no_blob_is_lost_and_none_is_left_over(self) -> None:
        staged = sum(len(parts) for _, parts in self.uploads.values())
        assert len(self.depot.files()) - self.before == self.model.blobs + staged


def test_a_bucket_is_its_model(depot_once: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "SMALLEST_PART", 0)
    monkeypatch.setattr(intake, "SMALL", 6)
    machine = type("Machine", (BucketMachine,), {"depot": depot_once})
    calm = settings(
        max_examples=40,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=calm)
