"""Signature Version 4: holding a claim against the secret of its access key."""

import functools
import hashlib
import hmac
import re
from collections.abc import Collection

from sekisho.model.faults import Fault
from sekisho.wire.authorization import read_claim
from sekisho.wire.claim import (
    ALGORITHM,
    TERMINATOR,
    Claim,
    Form,
    Scope,
    mismatch,
    mismatch_of_s3,
)
from sekisho.wire.hosts import ENDPOINT_HOSTS, bucket_of_host
from sekisho.wire.http import LONGEST_FORM, HttpRequest
from sekisho.wire.sigv2 import verify_v2
from sekisho.wire.times import format_basic, format_iso
from sekisho.wire.uri import (
    TooManyParameters,
    canonical_path,
    canonical_path_of_s3,
    canonical_query,
)

__all__ = [
    "Claim",
    "Form",
    "Scope",
    "check_time",
    "read_claim",
    "signature",
    "signing_key",
    "verify",
]

WINDOW = 900
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"

_SPACES = re.compile(r"[ \t\n\v\f\r]+")


def verify(
    claim: Claim,
    request: HttpRequest,
    secret: str,
    now: float,
    hosts: Collection[str] = ENDPOINT_HOSTS,
) -> None:
    """Hold the claim against the secret of its access key.

    now: epoch seconds. hosts: the endpoint's own names, before which a bucket may stand.
    For IAM and STS the whole body is read and hashed; for S3 the signature covers what
    x-amz-content-sha256 says, and `chunks.open_body` holds the body to that.
    Raises Fault: too old or too new (W-50, W-51, W-74, W-77, W-79), unsigned headers (W-76), a
    signature that does not match (W-58, W-65).
    """
    if claim.form is Form.QUERY_V2:
        verify_v2(claim, request, secret, now, bucket_of_host(request, hosts))
        return
    is_s3 = claim.scope.service == "s3"
    if is_s3:
        _check_time_of_s3(claim, now)
        _check_all_signed(claim, request)
        payload_hash = claim.payload_hash or UNSIGNED_PAYLOAD
    else:
        check_time(claim, now)
        payload_hash = hashlib.sha256(request.body.read_all(LONGEST_FORM)).hexdigest()
        if claim.payload_hash and claim.payload_hash != payload_hash:
            raise mismatch()  # W-28
    canonical = canonical_request(claim, request, payload_hash)
    expected = signature(claim, canonical, secret)
    if not hmac.compare_digest(expected.encode(), claim.signature.encode("utf-8", "replace")):
        text = string_to_sign(claim, canonical)
        raise mismatch_of_s3(claim, text, canonical) if is_s3 else mismatch()


def signature(claim: Claim, canonical: bytes, secret: str) -> str:
    """What the claim's signature must be, in hexadecimal (W-19)."""
    text = string_to_sign(claim, canonical)
    key = signing_key(secret, claim.scope.date, claim.scope.region, claim.scope.service)
    return hmac.digest(key, text.encode("latin-1"), "sha256").hex()


@functools.lru_cache(maxsize=4096)
def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """The key that signs for a day, a region and a service (W-19)."""
    key = ("AWS4" + secret).encode("utf-8", "surrogatepass")
    for part in (date, region, service, TERMINATOR):
        key = hmac.digest(key, part.encode("utf-8", "surrogatepass"), "sha256")
    return key


def canonical_request(claim: Claim, request: HttpRequest, payload_hash: str) -> bytes:
    """The canonical request of W-19, as bytes: header values keep the bytes that came."""
    get = request.headers.get
    lines = "".join([f"{name}:{get(name, '').strip(' ')}\n" for name in claim.signed_headers])
    if "  " in lines or "\t" in lines:
        lines = "".join([f"{name}:{_trimmed(get(name, ''))}\n" for name in claim.signed_headers])
    is_s3 = claim.scope.service == "s3"
    path = canonical_path_of_s3(request.raw_path) if is_s3 else canonical_path(request.raw_path)
    without = "X-Amz-Signature" if claim.form is Form.QUERY else None
    try:
        query = canonical_query(request.query, without)
    except TooManyParameters as error:
        raise mismatch() from error
    return (
        f"{request.method}\n{path}\n{query}\n{lines}\n"
        f"{';'.join(claim.signed_headers)}\n{payload_hash}"
    ).encode("latin-1", "replace")


def string_to_sign(claim: Claim, canonical: bytes) -> str:
    digest = hashlib.sha256(canonical).hexdigest()
    return f"{ALGORITHM}\n{claim.timestamp}\n{claim.scope}\n{digest}"


def _trimmed(value: str) -> str:
    """Inner white space collapsed, outer removed (W-19)."""
    return _SPACES.sub(" ", value).strip(" ")


def check_time(claim: Claim, now: float) -> None:
    """IAM and STS give 15 minutes each way, presigned or not. Raises Fault: W-27, W-50, W-51."""
    if now - WINDOW <= claim.time <= now + WINDOW:
        return
    stamp, current = claim.timestamp, format_basic(now)
    if claim.time < now:
        limit = format_basic(now - WINDOW)
        tail = f"is now earlier than {limit} ({current} - 15 min.)"
        raise Fault("SignatureDoesNotMatch", 403, f"Signature expired: {stamp} {tail}")
    limit = format_basic(now + WINDOW)
    tail = f"is still later than {limit} ({current} + 15 min.)"
    raise Fault("SignatureDoesNotMatch", 403, f"Signature not yet current: {stamp} {tail}")


def _check_time_of_s3(claim: Claim, now: float) -> None:
    """W-74; of presigned requests W-77 and W-79."""
    if claim.expires is None:
        if abs(claim.time - now) > WINDOW:
            raise Fault(
                "RequestTimeTooSkewed",
                403,
                "The difference between the request time and the current time is too large.",
                {
                    "RequestTime": claim.timestamp,
                    "ServerTime": format_iso(int(now)),
                    "MaxAllowedSkewMilliseconds": str(WINDOW * 1000),
                },
            )
        return
    if claim.time > now + WINDOW:
        raise Fault("AccessDenied", 403, "Request is not valid yet")
    if claim.time + claim.expires < now:
        details = {
            "X-Amz-Expires": str(claim.expires),
            "Expires": format_iso(claim.time + claim.expires),
            "ServerTime": format_iso(int(now)),
        }
        raise Fault("AccessDenied", 403, "Request has expired", details)


def _check_all_signed(claim: Claim, request: HttpRequest) -> None:
    """The host and every x-amz-* header must be signed (W-76)."""
    signed = claim.signed_headers
    unsigned = [
        name
        for name in request.headers.names
        if (name.startswith("x-amz-") or name == "host") and name not in signed
    ]
    if unsigned:
        raise Fault(
            "AccessDenied",
            403,
            "There were headers present in the request which were not signed",
            {"HeadersNotSigned": ", ".join(unsigned)},
        )
