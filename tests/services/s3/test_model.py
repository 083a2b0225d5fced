"""A bucket against a model of one: whatever is done, and wherever it breaks off."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from sekisho.model.faults import Fault
from services.s3.bucket_machine import BODIES, ETAG, KEYS, BucketMachine, Crash, crashing, run
from services.s3.depot import Depot, Sent

STATES = st.sampled_from(["Enabled", "Suspended"])
NAMED = st.sampled_from(["", "newest", "oldest", "null", "if it is", "if it were"])
"""Which version of a key a deletion is for; the last two are for the current one, by its ETag."""


class ObjectMachine(BucketMachine):
    @rule(status=STATES)
    def turn(self, status: str) -> None:
        wished = {"Status": status}
        if self.model.is_locking and status == "Suspended":
            code = self.refusal("PutBucketVersioning", VersioningConfiguration=wished)
            assert code == "InvalidBucketState"
            return
        self.do("PutBucketVersioning", VersioningConfiguration=wished)
        self.model.versioning = status

    @rule(key=KEYS, body=BODIES)
    def put_where_nothing_is(self, key: str, body: bytes) -> None:
        if self.model.current(key) is None:
            self.add(key, body, self.do("PutObject", body, Key=key, IfNoneMatch="*"))
        else:
            code = self.refusal("PutObject", body, Key=key, IfNoneMatch="*")
            assert code == "PreconditionFailed"

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
            ("UploadPart", {"Key": upload.key, "UploadId": name, "PartNumber": 1})
            for name, upload in self.model.uploads.items()
        ]
        for name, where in place:
            with pytest.raises(Fault, match="cut" if cut else "Content-MD5"):
                self.do(name, Sent(body, fault=fault), **where, **given)

    @precondition(lambda self: any(self.model.versions.values()))
    @rule(data=st.data(), key=KEYS, is_current=st.booleans())
    def copy(self, data: st.DataObject, key: str, is_current: bool) -> None:
        source, version = self.drawn_version(data)
        body = self.model.current(source) if is_current else version.body
        named = f"{self.bucket}/{source}" + ("" if is_current else f"?versionId={version.id}")
        given: dict[str, Any] = {"CopySource": named, "Key": key, "MetadataDirective": "REPLACE"}
        if body is None:
            code = self.refusal("CopyObject", **given)
            assert code == ("NoSuchKey" if is_current else "InvalidRequest")
            return
        self.add(key, body, self.do("CopyObject", **given))

    @rule(key=KEYS)
    def delete_and_crash(self, key: str) -> None:
        with crashing(), pytest.raises(Crash):
            self.do("DeleteObject", Key=key)

    @rule(named=st.lists(st.tuples(KEYS, NAMED), min_size=1, max_size=5))
    def delete_many(self, named: list[tuple[str, str]]) -> None:
        """One after the other, each as the one before it left the bucket; the same one twice."""
        entries = [self.entry(*each) for each in named]
        output = self.do("DeleteObjects", Delete={"Objects": entries})
        deleted, errors = iter(output["Deleted"]), iter(output["Errors"])
        for entry in entries:
            refused = self.refused(entry)
            if refused:
                told = next(errors)
                assert (told["Key"], told["Code"]) == (entry["Key"], refused)
                continue
            told = next(deleted)
            key, version = entry["Key"], entry.get("VersionId")
            assert (told["Key"], told.get("VersionId")) == (key, version)
            if version is None:
                self.deleted(key, told.get("DeleteMarkerVersionId"))
                continue
            found = self.model.find(key, version)
            assert told.get("DeleteMarker", False) is (found is not None and found.body is None)
            if found is not None:
                self.model.versions[key].remove(found)
        assert not [*deleted, *errors]

    def entry(self, key: str, which: str) -> dict[str, Any]:
        kept = self.model.versions.get(key, [])
        if which == "null":
            return {"Key": key, "VersionId": "null"}
        if which in ("newest", "oldest") and kept:
            return {"Key": key, "VersionId": kept[0 if which == "newest" else -1].id}
        if which in ("if it is", "if it were") and kept and not kept[0].parts:
            body = (kept[0].body or b"") + (b"" if which == "if it is" else b"else")
            return {"Key": key, "ETag": ETAG(body).hexdigest()}
        return {"Key": key}

    def refused(self, entry: Mapping[str, Any]) -> str:
        """The code of what a deletion is refused with, or empty."""
        key = entry["Key"]
        if "ETag" in entry:
            body, kept = self.model.current(key), self.model.versions.get(key)
            if body is None or not kept:
                return "NoSuchKey"
            is_it = not kept[0].parts and ETAG(body).hexdigest() == entry["ETag"]
            return "" if is_it else "PreconditionFailed"
        found = self.model.find(key, entry.get("VersionId", ""))
        return "" if found is None or found.may_go(self.now, False) else "AccessDenied"


def test_a_bucket_is_its_model(depot_once: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    run(ObjectMachine, depot_once, monkeypatch)
