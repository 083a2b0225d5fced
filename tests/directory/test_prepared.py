"""Long JSON is parsed once as long as it stays the same."""

from dataclasses import replace

import pytest

from directory.samples import ACCOUNT
from sekisho.directory import prepared
from sekisho.directory.prepared import Readings, from_json
from sekisho.directory.queries import buckets
from sekisho.directory.sqlite import SqliteDirectory
from sekisho.model.records import Bucket

LONG = '["' + "x" * prepared.LONG + '"]'


def test_only_long_texts_are_remembered() -> None:
    assert from_json(LONG) is from_json(LONG[:5] + LONG[5:])
    assert from_json('["x"]') is not from_json('["x"]')
    assert from_json(None) is None


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST_REMEMBERED", 20)
    readings = Readings()
    first = readings.read('["first"]')
    readings.read('["second"]')
    assert readings.read('["first"]') is first
    readings.read('["third"]')
    assert readings.read('["first"]') == first
    assert readings.read('["first"]') is not first


def test_settings_of_a_bucket_are_parsed_again_when_they_change(
    directory: SqliteDirectory,
) -> None:
    bucket = Bucket("bucket", ACCOUNT, "us-east-1", 0, None, {"lifecycle": {"Rules": [LONG]}})
    with directory.writing() as tx:
        buckets.add_bucket(tx, bucket)
        first, second = buckets.get_bucket(tx, "bucket"), buckets.get_bucket(tx, "bucket")
        assert first == second == bucket
        assert first is not None
        assert second is not None
        assert first.settings is second.settings
        changed = replace(bucket, settings={"lifecycle": {"Rules": [LONG, "more"]}})
        buckets.update_bucket(tx, changed)
        assert buckets.get_bucket(tx, "bucket") == changed
