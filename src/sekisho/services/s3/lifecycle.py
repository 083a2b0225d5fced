"""Lifecycle: what expires in a bucket, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sekisho.model.faults import Fault
from sekisho.model.records import Bucket, StoredObject
from sekisho.services.s3.faults import malformed_xml, not_implemented

SETTING = "lifecycle"
DAY = 86_400
MOST_RULES = 1000
LONGEST_ID = 255
ACTIONS = ("Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload")


def checked(wished: Mapping[str, Any], _bucket: Bucket) -> Mapping[str, Any]:
    """The configuration with a name for each rule.

    Raises MalformedXML, InvalidArgument; NotImplemented for transitions.
    """
    rules: Sequence[Mapping[str, Any]] = wished.get("Rules", ())
    if not 1 <= len(rules) <= MOST_RULES:
        raise malformed_xml()
    kept = [checked_rule(rule, number) for number, rule in enumerate(rules, 1)]
    if len({rule["ID"] for rule in kept}) < len(kept):
        raise Fault("InvalidArgument", 400, "Rule ID must be unique. Found same ID for more rules")
    return {"Rules": kept}


def checked_rule(rule: Mapping[str, Any], number: int) -> dict[str, Any]:
    if "Transitions" in rule or "NoncurrentVersionTransitions" in rule:
        raise not_implemented("Transition")
    name = rule.get("ID", f"rule-{number}")
    if len(name) > LONGEST_ID:
        raise Fault("InvalidArgument", 400, "ID length should not exceed allowed limit of 255")
    if rule["Status"] not in ("Enabled", "Disabled") or not any(act in rule for act in ACTIONS):
        raise malformed_xml()
    if ("Prefix" in rule) == ("Filter" in rule):
        raise malformed_xml()
    if len(rule.get("Filter", {})) > 1:
        raise malformed_xml()
    check_expiration(rule.get("Expiration"))
    for action, member in (
        ("NoncurrentVersionExpiration", "NoncurrentDays"),
        ("AbortIncompleteMultipartUpload", "DaysAfterInitiation"),
    ):
        if action in rule and rule[action].get(member, 0) <= 0:
            message = f"'{member}' for {action} action must be a positive integer"
            raise Fault("InvalidArgument", 400, message)
    return {**rule, "ID": name}


def check_expiration(wished: Mapping[str, Any] | None) -> None:
    if wished is None:
        return
    if len(wished) != 1:
        raise malformed_xml()
    if wished.get("Days", 1) <= 0:
        message = "'Days' for Expiration action must be a positive integer"
        raise Fault("InvalidArgument", 400, message)
    if wished.get("Date", 0) % DAY:
        raise Fault("InvalidArgument", 400, "'Date' must be at midnight GMT")


def no_configuration(bucket: Bucket) -> Fault:
    message = "The lifecycle configuration does not exist"
    return Fault("NoSuchLifecycleConfiguration", 404, message, {"BucketName": bucket.name})


@dataclass(frozen=True, slots=True)
class Filter:
    """Which objects a rule is for. larger, smaller: bounds of their size, which are not in it."""

    prefix: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    larger: int = -1
    smaller: int | None = None

    def fits(self, stored: StoredObject) -> bool:
        return (
            stored.key.startswith(self.prefix)
            and all(stored.tags.get(key) == value for key, value in self.tags)
            and stored.size > self.larger
            and (self.smaller is None or stored.size < self.smaller)
        )


def filter_of(rule: Mapping[str, Any]) -> Filter:
    wished: Mapping[str, Any] = rule.get("Filter", {"Prefix": rule.get("Prefix", "")})
    wished = wished.get("And", wished)
    tags = [*wished.get("Tags", ()), *([wished["Tag"]] if "Tag" in wished else [])]
    return Filter(
        wished.get("Prefix", ""),
        tuple((tag["Key"], tag["Value"]) for tag in tags),
        wished.get("ObjectSizeGreaterThan", -1),
        wished.get("ObjectSizeLessThan"),
    )


def active_rules(bucket: Bucket) -> list[Mapping[str, Any]]:
    rules: Sequence[Mapping[str, Any]] = bucket.settings.get(SETTING, {}).get("Rules", ())
    return [rule for rule in rules if rule["Status"] == "Enabled"]


def due(since: int, days: int) -> int:
    """When something is due so many days after a moment: the midnight that comes next."""
    return -(-(since + days * DAY) // DAY) * DAY


def expires_at(rule: Mapping[str, Any], stored: StoredObject) -> int | None:
    """When a current version expires by a rule; None if it does not."""
    wished = rule.get("Expiration", {})
    if stored.is_marker or not filter_of(rule).fits(stored):
        return None
    if "Date" in wished:
        return int(wished["Date"])
    return due(stored.modified, wished["Days"]) if "Days" in wished else None
