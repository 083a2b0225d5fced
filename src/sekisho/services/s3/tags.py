"""Tags of objects and buckets: read from headers and documents, bounded, shown."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus

from sekisho.model.faults import Fault
from sekisho.services.s3.faults import invalid_argument

MOST_OBJECT_TAGS = 10
MOST_BUCKET_TAGS = 50
LONGEST_KEY, LONGEST_VALUE = 128, 256
LONGEST_HEADER = 8192

_ALLOWED = re.compile(r"[\w\s_.:/=+\-@]*")


def wished_tags(given: Mapping[str, Any]) -> dict[str, str]:
    """The tags of an x-amz-tagging header, which is written like a query string.

    Raises InvalidArgument, InvalidTag, BadRequest.
    """
    text: str = given.get("Tagging", "")
    if not isinstance(text, str) or not text:
        return {}
    pairs = [part.partition("=") for part in text.split("&") if part]
    if len(text) > LONGEST_HEADER or any(not name for name, _, _ in pairs):
        raise bad_header(text)
    tags = [(decoded(name, text), decoded(value, text)) for name, _, value in pairs]
    if len({name for name, _ in tags}) < len(tags):
        raise bad_header(text)
    return checked(tags, MOST_OBJECT_TAGS)


def decoded(part: str, whole: str) -> str:
    try:
        return unquote_plus(part, errors="strict")
    except UnicodeDecodeError:
        raise bad_header(whole) from None


def bad_header(text: str) -> Fault:
    return invalid_argument(
        "x-amz-tagging",
        text[:LONGEST_HEADER],
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters"
        " without tag name duplicates.",
    )


def tags_of_document(tagging: Mapping[str, Any], most: int) -> dict[str, str]:
    """The tags of a Tagging element. Raises InvalidTag, BadRequest.

    No two keys may differ in case alone: condition keys could not tell them apart.
    """
    found: Sequence[Mapping[str, str]] = tagging.get("TagSet", ())
    return checked([(tag["Key"], tag["Value"]) for tag in found], most)


def checked(tags: Sequence[tuple[str, str]], most: int) -> dict[str, str]:
    if len(tags) > most:
        what = "Object" if most == MOST_OBJECT_TAGS else "Bucket"
        raise Fault("BadRequest", 400, f"{what} tags cannot be greater than {most}")
    kept: dict[str, str] = {}
    told: set[str] = set()
    for key, value in tags:
        if not key or len(key) > LONGEST_KEY or not _ALLOWED.fullmatch(key):
            message = "The TagKey you have provided is invalid"
            raise Fault("InvalidTag", 400, message, {"TagKey": key})
        if len(value) > LONGEST_VALUE or not _ALLOWED.fullmatch(value):
            message = "The TagValue you have provided is invalid"
            raise Fault("InvalidTag", 400, message, {"TagKey": key, "TagValue": value})
        if key.lower().startswith("aws:"):
            raise Fault("InvalidTag", 400, "System tags cannot be added/updated by requester")
        if key.lower() in told:
            message = "Cannot provide multiple Tags with the same key"
            raise Fault("InvalidTag", 400, message, {"TagKey": key})
        told.add(key.lower())
        kept[key] = value
    return kept


def shown_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
