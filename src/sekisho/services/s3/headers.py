"""What is kept of an object's headers, and refused of them: nothing is dropped in silence."""

import re
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

from sekisho.model.faults import Fault
from sekisho.services.operation import Output
from sekisho.services.s3.faults import invalid_argument, invalid_request, not_implemented

DEFAULT_TYPE = "binary/octet-stream"
LARGEST_METADATA = 2048
META = "x-amz-meta-"

KEPT: Mapping[str, str] = {
    "CacheControl": "cache-control",
    "ContentDisposition": "content-disposition",
    "ContentEncoding": "content-encoding",
    "ContentLanguage": "content-language",
    "ContentType": "content-type",
    "Expires": "expires",
    "WebsiteRedirectLocation": "x-amz-website-redirect-location",
}
"""Members that come back as they were put, and the headers that they are."""

_WISHES = frozenset(f"Response{member}" for member in KEPT)

SEALED = "x-amz-server-side-encryption"
"""Kept of an object that was asked to be sealed by the server."""

SSE_S3 = "AES256"
_UNSERVED: Mapping[str, str] = {
    "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
    "SSEKMSEncryptionContext": "x-amz-server-side-encryption-context",
    "BucketKeyEnabled": "x-amz-server-side-encryption-bucket-key-enabled",
    "SSECustomerAlgorithm": "x-amz-server-side-encryption-customer-algorithm",
    "SSECustomerKey": "x-amz-server-side-encryption-customer-key",
    "SSECustomerKeyMD5": "x-amz-server-side-encryption-customer-key-MD5",
    "WriteOffsetBytes": "x-amz-write-offset-bytes",
    "ObjectLockEventHold": "x-amz-object-lock-event-hold",
    "ObjectLockEventHoldDurationDays": "x-amz-object-lock-event-hold-duration-days",
    "ObjectLockEventHoldDurationYears": "x-amz-object-lock-event-hold-duration-years",
}
_SEALING = frozenset({"SSECustomerAlgorithm", "SSECustomerKey", "SSECustomerKeyMD5"})
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)


def check_wishes(given: Mapping[str, Any]) -> None:
    """Refuse what objects here do not have.

    Raises: InvalidStorageClass, NotImplemented.
    """
    storage = given.get("StorageClass", "STANDARD")
    if storage != "STANDARD":
        message = "The storage class you specified is not valid"
        raise Fault("InvalidStorageClass", 400, message, {"StorageClassRequested": storage})
    sealing = given.get("ServerSideEncryption", SSE_S3)
    if sealing != SSE_S3:
        raise unknown_sealing(sealing)
    for member, header in _UNSERVED.items():
        if member in given:
            raise not_implemented(header)


def unknown_sealing(sealing: str) -> Fault:
    """KMS is another service; the rest S3 does not know either."""
    if sealing.startswith("aws:"):
        return not_implemented(SEALED)
    message = "The encryption method specified is not supported"
    return invalid_argument(SEALED, sealing, message)


def check_sealing(given: Mapping[str, Any]) -> None:
    """A key to open an object with is refused, since none is sealed."""
    if not _SEALING.isdisjoint(given):
        raise invalid_request("The encryption parameters are not applicable to this object.")


def kept_headers(given: Mapping[str, Any]) -> dict[str, str]:
    """The headers to keep, by name in small letters.

    Raises InvalidArgument for what cannot be a header (parameters of presigned URLs stand for
    headers, too), MetadataTooLarge above 2 KB of user metadata.
    """
    kept = {header: given[member] for member, header in KEPT.items() if given.get(member)}
    kept.setdefault("content-type", DEFAULT_TYPE)
    encoding = without_chunking(kept.pop("content-encoding", ""))
    if encoding:
        kept["content-encoding"] = encoding
    metadata: Mapping[str, str] = given.get("Metadata", {})
    size = sum(len(name.encode()) + len(value.encode()) for name, value in metadata.items())
    if size > LARGEST_METADATA:
        raise Fault(
            "MetadataTooLarge",
            400,
            "Your metadata headers exceed the maximum allowed metadata size",
            {"Size": str(size), "MaxSizeAllowed": str(LARGEST_METADATA)},
        )
    if "ServerSideEncryption" in given:
        kept[SEALED] = given["ServerSideEncryption"]
    kept |= {META + name: value for name, value in metadata.items()}
    for name, value in kept.items():
        check_header(name, value)
    return kept


def without_chunking(encoding: str) -> str:
    """Content-Encoding without the framing of the upload, which is not the object's (W-316)."""
    parts = [part.strip() for part in encoding.split(",")]
    return ",".join(part for part in parts if part and part.lower() != "aws-chunked")


def check_header(name: str, value: str) -> None:
    if not _TOKEN.fullmatch(name):
        raise invalid_argument(name, value, "The header name is not valid.")
    check_value(name, value)


def check_value(name: str, value: str) -> None:
    if _CONTROL.search(value):
        raise invalid_argument(name, "", "Header value must not contain control characters.")
    if not value.isascii() and any(letter > "\xff" for letter in value):
        raise invalid_argument(name, value, "Header value cannot be represented using ISO-8859-1.")


def shown_headers(headers: Mapping[str, str]) -> Output:
    """The output members of what was kept."""
    output: Output = {
        member: headers[header] for member, header in KEPT.items() if header in headers
    }
    output["Metadata"] = {
        name.removeprefix(META): value for name, value in headers.items() if name.startswith(META)
    }
    return output


def shown_sealing(headers: Mapping[str, str]) -> Output:
    return {"ServerSideEncryption": headers[SEALED]} if SEALED in headers else {}


def wished_headers(given: Mapping[str, Any], *, anonymous: bool) -> Output:
    """The response-* parameters, which only signed requests may have, as output members."""
    wished: Output = {}
    if given.keys().isdisjoint(_WISHES):
        return wished
    for member, header in KEPT.items():
        value = given.get(f"Response{member}")
        if value is None:
            continue
        if anonymous:
            raise invalid_request(
                "Request specific response headers cannot be used for anonymous GET requests."
            )
        wished[member] = formatdate(value, usegmt=True) if member == "Expires" else value
        check_value(f"response-{header}", wished[member])
    return wished
