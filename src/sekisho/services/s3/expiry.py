"""The sweep that does what lifecycle rules say, a few objects to a transaction.

It looks at versions page by page, and again at each inside the transaction that removes it. What is
locked stays. Who overwrites an object meanwhile loses nothing: another version is another rank.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sekisho.directory.queries import buckets, objects, uploads
from sekisho.directory.store import Directory, Transaction
from sekisho.model.records import NULL_VERSION, Bucket, MultipartUpload, StoredObject
from sekisho.services.s3.lifecycle import active_rules, due, expires_at, filter_of
from sekisho.services.s3.locks import is_protected

PAGE = 1000
BATCH = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """A version amid those of its key. since: when it was succeeded. newer: how many noncurrent
    versions are newer. is_alone: whether its key has no other version.
    """

    stored: StoredObject
    since: int = 0
    newer: int = 0
    is_alone: bool = False


def expire(directory: Directory, now: int) -> int:
    """Remove what has expired in every bucket; how many versions and uploads that were."""
    count, last = 0, ""
    while True:
        with directory.reading() as tx:
            page = buckets.every_bucket(tx, last, PAGE)
        for bucket in page:
            if active_rules(bucket):
                count += expire_in(directory, bucket, now)
        if len(page) < PAGE:
            return count
        last = page[-1].name


def expire_in(directory: Directory, bucket: Bucket, now: int) -> int:
    rules, count, batch = active_rules(bucket), 0, list[StoredObject]()
    for standing in standings(directory, bucket):
        if any(is_due(rule, standing, now) for rule in rules):
            batch.append(standing.stored)
        if len(batch) == BATCH:
            count += remove(directory, bucket, batch, now)
            batch = []
    return count + remove(directory, bucket, batch, now) + abandon(directory, bucket, now)


def standings(directory: Directory, bucket: Bucket) -> Iterator[Standing]:
    """Every version of a bucket, from pages that are each of one moment."""
    before: Standing | None = None
    for stored in versions(directory, bucket):
        if before is None or before.stored.key != stored.key:
            if before is not None:
                yield before
            before = Standing(stored, is_alone=stored.is_current)
            continue
        yield Standing(before.stored, before.since, before.newer)
        newer = 0 if before.stored.is_current else before.newer + 1
        before = Standing(stored, before.stored.modified, newer)
    if before is not None:
        yield before


def versions(directory: Directory, bucket: Bucket) -> Iterator[StoredObject]:
    after: tuple[str, int | None] | None = None
    while True:
        with directory.reading() as tx:
            page = objects.list_versions(tx, bucket.name, "", after, PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].key, page[-1].rank


def is_due(rule: Mapping[str, Any], standing: Standing, now: int) -> bool:
    stored = standing.stored
    if not stored.is_current:
        wished = rule.get("NoncurrentVersionExpiration")
        return (
            wished is not None
            and standing.newer >= wished.get("NewerNoncurrentVersions", 0)
            and due(standing.since, wished["NoncurrentDays"]) <= now
            and filter_of(rule).fits(stored)
        )
    if stored.is_marker:
        return standing.is_alone and is_marker_due(rule, stored, now)
    at = expires_at(rule, stored)
    return at is not None and at <= now


def is_marker_due(rule: Mapping[str, Any], marker: StoredObject, now: int) -> bool:
    """Whether a delete marker that hides nothing any more is to go."""
    wished = rule.get("Expiration", {})
    if not marker.key.startswith(filter_of(rule).prefix):
        return False
    if "Days" in wished:
        return due(marker.modified, wished["Days"]) <= now
    return bool(wished.get("ExpiredObjectDeleteMarker"))


def remove(directory: Directory, bucket: Bucket, batch: Sequence[StoredObject], now: int) -> int:
    if not batch:
        return 0
    count = 0
    with directory.writing() as tx:
        standing = buckets.get_bucket(tx, bucket.name)
        if standing != bucket:  # another one of the name, or other rules
            return 0
        for seen in batch:
            count += remove_one(directory, tx, bucket, seen, now)
    return count


def remove_one(
    directory: Directory, tx: Transaction, bucket: Bucket, seen: StoredObject, now: int
) -> int:
    """Remove a version if it is what was seen; a current one goes behind a delete marker."""
    stored = objects.get_object(tx, bucket.name, seen.key, seen.version)
    if stored != seen:
        return 0
    if stored.is_current and not stored.is_marker and bucket.versioning:
        is_kept = bucket.versioning == "Enabled"
        version = secrets.token_hex(16) if is_kept else NULL_VERSION
        if stored.version == version and is_protected(stored, now):
            return 0
        marker = StoredObject(
            bucket.name, seen.key, "", 0, "", now, version=version, is_marker=True
        )
        freed = objects.put_object(tx, marker)
    elif is_protected(stored, now):
        return 0
    else:
        freed = objects.remove_object(tx, stored)
    tx.after_commit(partial(directory.blobs.remove_all, freed))
    return 1


def abandon(directory: Directory, bucket: Bucket, now: int) -> int:
    """Abort uploads in parts that began too long ago."""
    rules = [rule for rule in active_rules(bucket) if "AbortIncompleteMultipartUpload" in rule]
    if not rules:
        return 0
    count, after = 0, None
    while True:
        with directory.reading() as tx:
            page = uploads.list_uploads(tx, bucket.name, "", after, PAGE)
        for upload in page:
            if any(is_overdue(rule, upload, now) for rule in rules):
                count += abandon_one(directory, upload)
        if len(page) < PAGE:
            return count
        after = page[-1].key, page[-1].id


def is_overdue(rule: Mapping[str, Any], upload: MultipartUpload, now: int) -> bool:
    days = rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"]
    return upload.key.startswith(filter_of(rule).prefix) and due(upload.created, days) <= now


def abandon_one(directory: Directory, upload: MultipartUpload) -> int:
    with directory.writing() as tx:
        standing = uploads.get_upload(tx, upload.bucket, upload.key, upload.id)
        if standing is None:
            return 0
        freed = uploads.abandon_upload(tx, upload)
        tx.after_commit(partial(directory.blobs.remove_all, freed))
    return 1
