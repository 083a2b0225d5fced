"""What a copy is of, under which conditions, and what it takes over."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from sekisho.model.faults import Fault
from sekisho.model.records import StoredObject
from sekisho.services.operation import Call
from sekisho.services.s3.asks import check_version
from sekisho.services.s3.faults import invalid_argument, invalid_request, precondition_failed
from sekisho.services.s3.headers import KEPT, META, SEALED, kept_headers
from sekisho.services.s3.preconditions import check_read
from sekisho.services.s3.ranges import Span
from sekisho.services.s3.tags import wished_tags

MOST_COPIED = 5 * 1024**3
REDIRECT = "x-amz-website-redirect-location"
CONDITIONS = ("IfMatch", "IfNoneMatch", "IfModifiedSince", "IfUnmodifiedSince")
DIRECTIVES = frozenset({"COPY", "REPLACE"})

_RANGE = re.compile(r"bytes=([0-9]{1,19})-([0-9]{1,19})", re.ASCII)
_CHANGES = ("StorageClass", "ServerSideEncryption", "WebsiteRedirectLocation")


@dataclass(frozen=True, slots=True)
class Source:
    bucket: str
    key: str
    version: str | None


def read_source(given: Mapping[str, Any]) -> Source:
    """The object that x-amz-copy-source names, percent-encoded. Raises InvalidArgument."""
    text: str = given["CopySource"]
    path, asks, query = text.removeprefix("/").partition("?versionId=")
    bucket, _, key = unquote(path, errors="replace").partition("/")
    if not bucket or not key or bucket.startswith("arn:"):
        message = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey"
        raise invalid_argument("x-amz-copy-source", text, message)
    version = unquote(query) if asks else None
    if version is not None:
        check_version(version)
    return Source(bucket, key, version)


def sourced(call: Call, source: Source) -> Call:
    """The call as one that reads the source."""
    given: dict[str, Any] = {"Bucket": source.bucket, "Key": source.key}
    if source.version is not None:
        given["VersionId"] = source.version
    if "ExpectedSourceBucketOwner" in call.input:
        given["ExpectedBucketOwner"] = call.input["ExpectedSourceBucketOwner"]
    return call._replace(input=given)


def check_directives(given: Mapping[str, Any]) -> None:
    for member, header in (
        ("MetadataDirective", "x-amz-metadata-directive"),
        ("TaggingDirective", "x-amz-tagging-directive"),
    ):
        if given.get(member, "COPY") not in DIRECTIVES:
            what = header.removeprefix("x-amz-").replace("-", " ")
            raise invalid_argument(header, given[member], f"Unknown {what}.")


def check_not_onto_itself(given: Mapping[str, Any], source: Source) -> None:
    """Raises InvalidRequest for a copy that would change nothing."""
    is_same = (source.bucket, source.key) == (given["Bucket"], given["Key"])
    changes = given.get("MetadataDirective") == "REPLACE" or any(
        member in given for member in _CHANGES
    )
    if is_same and source.version is None and not changes:
        raise invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without"
            " changing the object's metadata, storage class, website redirect location or"
            " encryption attributes."
        )


def check_source(given: Mapping[str, Any], stored: StoredObject) -> None:
    """The x-amz-copy-source-if-… conditions; all that do not hold are 412."""
    named = {
        name: given[f"CopySource{name}"] for name in CONDITIONS if f"CopySource{name}" in given
    }
    try:
        check_read(named, stored)
    except Fault as fault:
        condition = fault.details.get("Condition")
        if condition is None:
            condition = "If-None-Match" if "IfNoneMatch" in named else "If-Modified-Since"
        raise precondition_failed(f"x-amz-copy-source-{condition}") from None


def copy_span(given: Mapping[str, Any], size: int) -> Span | None:
    """The bytes of x-amz-copy-source-range; None for all. Raises InvalidArgument."""
    text: str | None = given.get("CopySourceRange")
    if text is None:
        return None
    found = _RANGE.fullmatch(text)
    if found is None or int(found[2]) < int(found[1]):
        raise invalid_argument(
            "x-amz-copy-source-range",
            text,
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and"
            " last are the zero-based offsets of the first and last bytes to copy",
        )
    if int(found[2]) >= size:
        message = f"Range specified is not valid for source object of size: {size}"
        raise invalid_argument("x-amz-copy-source-range", text, message)
    return Span(int(found[1]), int(found[2]) - int(found[1]) + 1)


def copied_headers(given: Mapping[str, Any], of: StoredObject) -> dict[str, str]:
    """The source's headers, or with REPLACE those of the request; redirects are never copied."""
    if given.get("MetadataDirective") == "REPLACE":
        return kept_headers(given)
    own = kept_headers({name: given[name] for name in _CHANGES if name in given})
    kept = {
        name: text
        for name, text in of.headers.items()
        if name in KEPT.values() or name.startswith(META)
    }
    kept.pop(REDIRECT, None)
    return kept | {name: own[name] for name in (REDIRECT, SEALED) if name in own}


def keeps_tags(given: Mapping[str, Any]) -> bool:
    return bool(given.get("TaggingDirective", "COPY") == "COPY")


def copied_tags(given: Mapping[str, Any], of: StoredObject | None) -> dict[str, str]:
    if not keeps_tags(given):
        return wished_tags(given)
    return {} if of is None else dict(of.tags)
