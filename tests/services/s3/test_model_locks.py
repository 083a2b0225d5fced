"""A bucket with Object Lock against its model: who holds, retains and lets go, and for how long."""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from services.s3.bucket_machine import KEYS, BucketMachine, Crash, crashing, run
from services.s3.bucket_model import DAY, Version
from services.s3.depot import Depot

MODES = st.sampled_from(["GOVERNANCE", "COMPLIANCE"])


class LockMachine(BucketMachine):
    states = ("locking",)

    @rule(days=st.integers(1, 2))
    def days_pass(self, days: int) -> None:
        self.now += days * DAY

    @rule(days=st.integers(0, 2))
    def retain_by_default(self, days: int) -> None:
        rule = {"Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": days}}} if days else {}
        wished = {"ObjectLockEnabled": "Enabled", **rule}
        self.do("PutObjectLockConfiguration", ObjectLockConfiguration=wished)
        self.model.default = days

    @rule(key=KEYS, mode=MODES, days=st.integers(1, 3), is_held=st.booleans())
    def put_locked(self, key: str, mode: str, days: int, is_held: bool) -> None:
        until = self.now + days * DAY
        given: dict[str, Any] = {"ObjectLockMode": mode, "ObjectLockRetainUntilDate": until}
        given["ObjectLockLegalHoldStatus"] = "ON" if is_held else "OFF"
        output = self.do("PutObject", b"locked", Key=key, **given)
        self.add(key, b"locked", output, mode=mode, until=until, is_held=is_held)

    @precondition(lambda self: any(self.model.versions.values()))
    @rule(data=st.data(), mode=MODES, days=st.integers(1, 3), is_bypassed=st.booleans())
    def retain(self, data: st.DataObject, mode: str, days: int, is_bypassed: bool) -> None:
        key, version = self.drawn(data)
        until = self.now + days * DAY
        wished = {"Mode": mode, "RetainUntilDate": until}
        given: dict[str, Any] = {"Key": key, "VersionId": version.id, "Retention": wished}
        given["BypassGovernanceRetention"] = is_bypassed
        if version.body is None:
            assert self.refusal("PutObjectRetention", **given) == "MethodNotAllowed"
        elif version.may_become(mode, until, self.now, is_bypassed):
            self.do("PutObjectRetention", **given)
            version.mode, version.until = mode, until
        else:
            assert self.refusal("PutObjectRetention", **given) == "AccessDenied"

    @precondition(lambda self: any(self.model.versions.values()))
    @rule(data=st.data(), is_held=st.booleans(), crash=st.booleans())
    def hold(self, data: st.DataObject, is_held: bool, crash: bool) -> None:
        key, version = self.drawn(data)
        if version.body is None:
            return
        given: dict[str, Any] = {"Key": key, "VersionId": version.id}
        wished = {"Status": "ON" if is_held else "OFF"}
        if crash:
            with crashing(), pytest.raises(Crash):
                self.do("PutObjectLegalHold", LegalHold=wished, **given)
            return
        self.do("PutObjectLegalHold", LegalHold=wished, **given)
        version.is_held = is_held

    @precondition(lambda self: self.protected())
    @rule(data=st.data(), is_bypassed=st.booleans())
    def delete_what_is_protected(self, data: st.DataObject, is_bypassed: bool) -> None:
        self.remove(*data.draw(st.sampled_from(self.protected())), is_bypassed)

    def drawn(self, data: st.DataObject) -> tuple[str, Version]:
        """One that is protected, if there is one."""
        protected = self.protected()
        return data.draw(st.sampled_from(protected)) if protected else self.drawn_version(data)

    def protected(self) -> list[tuple[str, Version]]:
        return [
            (key, version)
            for key, kept in self.model.versions.items()
            for version in kept
            if version.is_protected(self.now)
        ]

    @invariant()
    def locks_are_those_of_the_model(self) -> None:
        for key, kept in self.model.versions.items():
            for version in kept:
                if version.body is None:
                    continue
                shown = self.do("HeadObject", Key=key, VersionId=version.id)
                assert shown.get("ObjectLockMode", "") == version.mode
                assert shown.get("ObjectLockRetainUntilDate", 0) == version.until
                assert (shown.get("ObjectLockLegalHoldStatus") == "ON") is version.is_held


def test_a_locking_bucket_is_its_model(depot_once: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    run(LockMachine, depot_once, monkeypatch)
