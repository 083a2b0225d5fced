"""Conditional requests: entity tags, dates, and what is answered when they do not hold (W-311)."""

from collections.abc import Mapping
from typing import Any

from sekisho.model.records import StoredObject
from sekisho.services.s3.faults import (
    no_such_key,
    not_implemented,
    not_modified,
    precondition_failed,
)

ANY = "*"


def check_read(given: Mapping[str, Any], stored: StoredObject) -> None:
    """Raises 412 PreconditionFailed or 304, in the order of RFC 9110, 13.2.2.

    An entity tag decides where there is one: the date beside it is not looked at.
    """
    if "IfMatch" in given:
        if not names(given["IfMatch"], stored.etag):
            raise precondition_failed("If-Match")
    elif stored.modified > given.get("IfUnmodifiedSince", stored.modified):
        raise precondition_failed("If-Unmodified-Since")
    if "IfNoneMatch" in given:
        if names(given["IfNoneMatch"], stored.etag):
            raise not_modified(stored)
    elif "IfModifiedSince" in given and stored.modified <= given["IfModifiedSince"]:
        raise not_modified(stored)


def check_condition(given: Mapping[str, Any]) -> None:
    """A write may say that there is nothing to replace, or what: one of both, and no more."""
    if given.get("IfNoneMatch", ANY) != ANY:
        raise not_implemented("If-None-Match")
    if given.get("IfMatch", "") == ANY or ("IfMatch" in given and "IfNoneMatch" in given):
        raise not_implemented("If-Match")


def is_conditional(given: Mapping[str, Any]) -> bool:
    """Whether a write depends on what is there."""
    return "IfNoneMatch" in given or "IfMatch" in given


def check_write(given: Mapping[str, Any], current: StoredObject | None) -> None:
    """Hold a PutObject against the object that it would replace."""
    if "IfNoneMatch" in given and current is not None:
        raise precondition_failed("If-None-Match")
    if "IfMatch" in given:
        check_still(given, current)


def check_still(given: Mapping[str, Any], current: StoredObject | None) -> None:
    """Raises NoSuchKey if nothing is there any more, PreconditionFailed if it is something else."""
    if current is None:
        raise no_such_key(given["Key"])
    if not names(given["IfMatch"], current.etag):
        raise precondition_failed("If-Match")


def names(condition: str, etag: str) -> bool:
    """Whether a list of entity tags, quoted or not, or ``*``, names this one."""
    if condition.strip() == ANY:
        return True
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in condition.split(","))
    return etag in tags
