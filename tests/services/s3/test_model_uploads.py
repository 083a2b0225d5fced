"""Uploads in parts against a model of a bucket: parts put anew, copied, chosen, given up."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from services.s3.bucket_machine import BODIES, BucketMachine, run
from services.s3.depot import Depot


class UploadMachine(BucketMachine):
    states = ("", "Enabled", "Suspended")

    @precondition(lambda self: self.model.uploads and any(self.model.versions.values()))
    @rule(data=st.data(), number=st.integers(1, 4))
    def put_part_of_a_version(self, data: st.DataObject, number: int) -> None:
        upload_id = data.draw(st.sampled_from(list(self.model.uploads)))
        source, version = self.drawn_version(data)
        if not version.body:
            return
        upload = self.model.uploads[upload_id]
        given: dict[str, Any] = {"Key": upload.key, "UploadId": upload_id, "PartNumber": number}
        given["CopySource"] = f"{self.bucket}/{source}?versionId={version.id}"
        shown = self.do("UploadPartCopy", **given)["CopyPartResult"]
        upload.parts[number] = (version.body, shown["ETag"])

    @precondition(lambda self: self.model.uploads)
    @rule(data=st.data(), number=st.integers(1, 4), body=BODIES)
    def put_part(self, data: st.DataObject, number: int, body: bytes) -> None:
        self.put_part_of(data.draw(st.sampled_from(list(self.model.uploads))), number, body)

    @precondition(lambda self: self.completed)
    @rule(data=st.data())
    def complete_again(self, data: st.DataObject) -> None:
        """Answered as before while what came of it is what the key names."""
        upload_id = data.draw(st.sampled_from(list(self.completed)))
        version, given = self.completed[upload_id]
        kept = self.model.versions.get(given["Key"])
        stands = kept[0] if kept else None
        if stands is not None and stands.parts and stands.id == version != "null":
            assert self.do("CompleteMultipartUpload", **given)["VersionId"] == version
        elif version != "null":
            assert self.refusal("CompleteMultipartUpload", **given) == "NoSuchUpload"

    @precondition(lambda self: self.model.uploads)
    @rule(data=st.data())
    def abort(self, data: st.DataObject) -> None:
        upload_id = data.draw(st.sampled_from(list(self.model.uploads)))
        upload = self.model.uploads.pop(upload_id)
        self.do("AbortMultipartUpload", Key=upload.key, UploadId=upload_id)


def test_uploads_are_those_of_the_model(depot_once: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    run(UploadMachine, depot_once, monkeypatch)
