"""A bucket with lifecycle rules against its model: what is due goes, with crashes, and no more."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from sekisho.directory.queries import buckets
from sekisho.services.s3.expiry import expire_in
from services.s3.bucket_machine import BODIES, KEYS, BucketMachine, Crash, crashing, run
from services.s3.bucket_model import DAY, Rule
from services.s3.depot import Depot

_DAYS = st.none() | st.integers(1, 2)
RULES = st.builds(
    Rule,
    st.sampled_from(["", "a", "a/"]),
    _DAYS,
    _DAYS,
    st.integers(0, 2),
    st.booleans(),
    _DAYS,
)


class ExpiryMachine(BucketMachine):
    states = ("", "Enabled", "Suspended", "locking", "locking")

    @initialize(data=st.data())
    def begin_with(self, data: st.DataObject) -> None:
        super().begin_with(data)
        self.let_expire(data.draw(st.lists(RULES, min_size=1, max_size=2)))

    @rule(rules=st.lists(RULES, max_size=2))
    def let_expire(self, rules: list[Rule]) -> None:
        rules = [rule for rule in rules if written(rule).keys() > {"Status", "Filter"}]
        if rules:
            wished = {"Rules": [written(rule) for rule in rules]}
            self.do("PutBucketLifecycleConfiguration", LifecycleConfiguration=wished)
        else:
            self.do("DeleteBucketLifecycle")
        self.model.rules = rules

    @precondition(lambda self: self.model.rules)
    @rule(days=st.integers(0, 2))
    def sweep(self, days: int) -> None:
        """Once with a crash, which changes nothing, and once for good."""
        self.now += days * DAY
        with self.depot.directory.reading() as tx:
            bucket = buckets.get_bucket(tx, self.bucket)
        assert bucket is not None
        with crashing(), suppress(Crash):  # what nothing is due in has no commit that could fail
            expire_in(self.depot.directory, bucket, self.now)
        self.every_version_reads_as_it_was_written()
        self.uploads_are_those_of_the_model()
        expire_in(self.depot.directory, bucket, self.now)
        hidden = self.model.expire(self.now)
        for each in self.do("ListObjectVersions")["DeleteMarkers"]:
            if each["Key"] in hidden and each["IsLatest"]:
                hidden.remove(each["Key"])
                self.deleted(each["Key"], each["VersionId"])
        assert not hidden

    @precondition(lambda self: self.model.is_locking)
    @rule(key=KEYS, body=BODIES)
    def put_held(self, key: str, body: bytes) -> None:
        output = self.do("PutObject", body, Key=key, ObjectLockLegalHoldStatus="ON")
        self.add(key, body, output, is_held=True)


def written(rule: Rule) -> dict[str, Any]:
    """A rule as it is put."""
    wished: dict[str, Any] = {"Status": "Enabled", "Filter": {"Prefix": rule.prefix}}
    if rule.days is not None:
        wished["Expiration"] = {"Days": rule.days}
    elif rule.drops_markers:
        wished["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    if rule.noncurrent is not None:
        wished["NoncurrentVersionExpiration"] = {"NoncurrentDays": rule.noncurrent}
        if rule.kept:
            wished["NoncurrentVersionExpiration"]["NewerNoncurrentVersions"] = rule.kept
    if rule.abort is not None:
        wished["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": rule.abort}
    return wished


def test_what_expires_is_what_the_model_says(
    depot_once: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(ExpiryMachine, depot_once, monkeypatch)
