"""What is put on a bucket beside its policy: kept by name, in the form in which it came."""

from dataclasses import replace
from typing import Any

from sekisho.directory.queries import buckets
from sekisho.model.records import Bucket
from sekisho.services.operation import Desk


def keep_setting(desk: Desk, bucket: Bucket, name: str, value: Any) -> Bucket:
    """The bucket with a setting in the place of the one of its name."""
    return keep_settings(desk, bucket, {**bucket.settings, name: value})


def drop_setting(desk: Desk, bucket: Bucket, name: str) -> Bucket:
    """The bucket without a setting; done as well if it has none."""
    rest = {known: value for known, value in bucket.settings.items() if known != name}
    return keep_settings(desk, bucket, rest)


def keep_settings(desk: Desk, bucket: Bucket, settings: dict[str, Any]) -> Bucket:
    kept = replace(bucket, settings=settings)
    buckets.update_bucket(desk.tx, kept)
    return kept
