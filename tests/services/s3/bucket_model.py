"""What a bucket is, in plain lines: versions by key, locks, uploads, and what expires."""

from collections.abc import Sequence
from dataclasses import dataclass, field

DAY = 86_400


@dataclass
class Version:
    """body: None for a delete marker. parts: of an upload in parts, as they were put."""

    id: str
    body: bytes | None
    modified: int
    parts: Sequence[bytes] = ()
    mode: str = ""
    until: int = 0
    is_held: bool = False

    @property
    def blobs(self) -> int:
        """How many files or rows hold it."""
        return 0 if self.body is None else len(self.parts) or 1

    def is_protected(self, now: int) -> bool:
        return self.is_held or self.until > now

    def may_go(self, now: int, is_bypassed: bool) -> bool:
        """Whether who may do everything can delete it."""
        if self.is_held:
            return False
        return self.until <= now or (self.mode == "GOVERNANCE" and is_bypassed)

    def may_become(self, mode: str, until: int, now: int, is_bypassed: bool) -> bool:
        """Whether it can be retained like this."""
        if self.until <= now:
            return True
        is_stronger = until >= self.until and mode in (self.mode, "COMPLIANCE")
        return is_stronger or (self.mode == "GOVERNANCE" and is_bypassed)


@dataclass
class Upload:
    """parts: bytes and entity tag by number."""

    key: str
    created: int
    parts: dict[int, tuple[bytes, str]]


@dataclass(frozen=True)
class Rule:
    """A lifecycle rule; what is None is not in it. prefix: of the keys it is for.

    drops_markers: delete markers that hide nothing any more; it is nothing beside days.
    """

    prefix: str
    days: int | None = None
    noncurrent: int | None = None
    kept: int = 0
    drops_markers: bool = False
    abort: int | None = None


@dataclass
class Model:
    """versions: of each key, the newest first. default: days of retention, by default."""

    versioning: str = ""
    is_locking: bool = False
    default: int = 0
    versions: dict[str, list[Version]] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    rules: Sequence[Rule] = ()

    def add(self, key: str, version: Version) -> None:
        kept = self.versions.setdefault(key, [])
        if self.versioning != "Enabled":
            kept[:] = [each for each in kept if each.id != "null"]
        kept.insert(0, version)

    def current(self, key: str) -> bytes | None:
        kept = self.versions.get(key)
        return kept[0].body if kept else None

    def find(self, key: str, version: str) -> Version | None:
        kept = self.versions.get(key, [])
        return next((each for each in kept if each.id == version), None)

    @property
    def blobs(self) -> int:
        staged = sum(len(upload.parts) for upload in self.uploads.values())
        return staged + sum(v.blobs for kept in self.versions.values() for v in kept)

    def expire(self, now: int) -> set[str]:
        """Do what the rules say; the keys that a new delete marker is to stand for.

        What is due is decided first and done afterwards.
        """
        hidden: set[str] = set()
        for key, kept in self.versions.items():
            due = [each for place, each in enumerate(kept) if self.is_due(key, place, now)]
            for version in due:
                if version is kept[0] and version.body is not None and self.versioning:
                    hidden.add(key)
                elif not version.is_protected(now):
                    kept.remove(version)
        for upload_id, upload in list(self.uploads.items()):
            fitting = [r.abort for r in self.rules_for(upload.key) if r.abort is not None]
            if any(midnight(upload.created, days) <= now for days in fitting):
                del self.uploads[upload_id]
        return hidden

    def is_due(self, key: str, place: int, now: int) -> bool:
        kept = self.versions[key]
        version, rules = kept[place], self.rules_for(key)
        if place > 0:
            since = kept[place - 1].modified
            return any(
                rule.noncurrent is not None
                and place - 1 >= rule.kept
                and midnight(since, rule.noncurrent) <= now
                for rule in rules
            )
        if version.body is None and len(kept) > 1:
            return False
        for rule in rules:
            if rule.days is not None:
                if midnight(version.modified, rule.days) <= now:
                    return True
            elif rule.drops_markers and version.body is None:
                return True
        return False

    def rules_for(self, key: str) -> list[Rule]:
        return [rule for rule in self.rules if key.startswith(rule.prefix)]


def midnight(since: int, days: int) -> int:
    """The first midnight when so many days have passed."""
    end = since + days * DAY
    return end if end % DAY == 0 else (end // DAY + 1) * DAY
