"""Reading the claim of a request to S3, in its header or its query string (A5, order of W-89)."""

import re
from collections.abc import Callable, Collection

from sekisho.model.faults import Fault
from sekisho.wire.claim import (
    ALGORITHM,
    LONGEST_AUTHORIZATION,
    TERMINATOR,
    Claim,
    Form,
    Scope,
    is_good_region,
    is_hash,
    query_values,
    read_usual_header,
    request_time,
    split_credential,
    split_signed_headers,
)
from sekisho.wire.http import HttpRequest
from sekisho.wire.sigv2 import is_presigned_v2, read_claim_v2
from sekisho.wire.times import parse_basic

LONGEST_EXPIRY = 604_800
DEFAULT_REGION = "us-east-1"


_DATE = re.compile(r"[0-9]{8}", re.ASCII)
_PARTS = ("Credential", "Signature", "SignedHeaders")
_QUERY_PARTS = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
)
_STREAMING = frozenset(
    {
        "UNSIGNED-PAYLOAD",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
    }
)

Malformed = Callable[..., Fault]


def read_claim_of_s3(
    request: HttpRequest, authorization: str, regions: Collection[str]
) -> Claim | None:
    """What the request says of who signed it; None if nobody did. Raises Fault: W-68 to W-86."""
    query = request.query
    in_query = "X-Amz-" in query or "Signature=" in query or "AWSAccessKeyId=" in query
    given = query_values(request) if in_query else {}
    presigned = "X-Amz-Algorithm" in given or "X-Amz-Signature" in given
    presigned_v2 = not presigned and is_presigned_v2(given)
    if authorization and (presigned or presigned_v2):
        raise _invalid_argument(
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
            "query string parameter or the Authorization header should be specified",
            authorization,
        )
    if authorization:
        return _read_header_of_s3(request, authorization, regions)
    if presigned:
        return _read_query_of_s3(request, given, regions)
    return read_claim_v2(request, given) if presigned_v2 else None


def _read_header_of_s3(request: HttpRequest, authorization: str, regions: Collection[str]) -> Claim:
    usual = None if regions else read_usual_header(request, authorization, "s3")
    if usual is not None and usual.access_key_id:
        _payload_hash(request.headers.get("x-amz-content-sha256"))
        return usual
    if len(authorization) > LONGEST_AUTHORIZATION:
        raise _header_malformed("the header is too long.")
    credential, signed, signature = _header_parts_of_s3(authorization)
    stamp = request_time(request)
    moment = parse_basic(stamp)
    if moment is None:
        raise Fault(
            "AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header"
        )
    key, scope = scope_of_s3(credential, regions, stamp, _header_malformed)
    return Claim(
        key,
        request.headers.get("x-amz-security-token"),
        scope,
        _signed_headers_of_s3(signed),
        signature,
        stamp,
        moment,
        _payload_hash(request.headers.get("x-amz-content-sha256")),
    )


def _header_parts_of_s3(authorization: str) -> tuple[str, str, str]:
    """Credential, SignedHeaders and Signature. Raises Fault: W-70 to W-73."""
    scheme, space, rest = authorization.partition(" ")
    if not space:
        raise _invalid_argument(
            "Authorization header is invalid -- one and only one ' ' (space) required.",
            authorization,
        )
    if scheme == "AWS":
        raise Fault(
            "InvalidRequest",
            400,
            "The authorization mechanism you have provided is not supported. Please use "
            "AWS4-HMAC-SHA256.",
        )
    if scheme != ALGORITHM:
        raise _invalid_argument("Unsupported Authorization Type", authorization)
    pieces = [text.strip() for text in rest.split(",")]
    if len(pieces) != 3:
        raise _header_malformed(
            "the authorization header requires three components: Credential, SignedHeaders, and "
            "Signature."
        )
    found = {name: value for name, _, value in (piece.partition("=") for piece in pieces)}
    for name in _PARTS:
        if not found.get(name):
            raise _header_malformed(f"missing {name}.")
    return found["Credential"], found["SignedHeaders"], found["Signature"]


def _read_query_of_s3(
    request: HttpRequest, given: dict[str, str], regions: Collection[str]
) -> Claim:
    """A presigned request. Raises Fault: W-80, W-82, W-83, W-84."""
    if any(not given.get(name) for name in (*_QUERY_PARTS, "X-Amz-Expires")):
        raise _query_malformed(
            "Query-string authentication version 4 requires the X-Amz-Algorithm, "
            "X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires "
            "parameters."
        )
    if given["X-Amz-Algorithm"] != ALGORITHM:
        raise _query_malformed(
            'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"'
        )
    stamp = given["X-Amz-Date"]
    moment = parse_basic(stamp)
    if moment is None:
        raise _query_malformed(
            "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
        )
    expires = _expiry(given["X-Amz-Expires"])
    key, scope = scope_of_s3(given["X-Amz-Credential"], regions, stamp, credential_malformed)
    signed = _signed_headers_of_s3(given["X-Amz-SignedHeaders"])
    header_token = request.headers.get("x-amz-security-token")
    payload_hash = request.headers.get("x-amz-content-sha256")
    return Claim(
        key,
        given.get("X-Amz-Security-Token") if header_token is None else header_token,  # W-90
        scope,
        signed,
        given["X-Amz-Signature"],
        stamp,
        moment,
        "" if payload_hash is None else _payload_hash(payload_hash),
        Form.QUERY,
        expires,
    )


def _expiry(text: str) -> int:
    """W-26, W-82."""
    if not re.fullmatch(r"-?[0-9]{1,18}", text, re.ASCII):
        raise _query_malformed("X-Amz-Expires should be a number")
    seconds = int(text)
    if seconds < 0:
        raise _query_malformed("X-Amz-Expires must be non-negative")
    if seconds > LONGEST_EXPIRY:
        raise _query_malformed(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
            "must be less than 604800 seconds"
        )
    return seconds


def scope_of_s3(
    credential: str, regions: Collection[str], stamp: str, malformed: Malformed
) -> tuple[str, Scope]:
    """The access key id and the scope. Raises Fault: W-68, W-69, W-70, W-83."""
    split = split_credential(credential)
    if split is None or not split[0] or not _DATE.fullmatch(split[1].date):
        raise malformed(
            'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/'
            'aws4_request".'
        )
    key, scope, term = split
    if scope.date != stamp[:8]:
        raise malformed("Invalid credential date. Date is not the same as X-Amz-Date.")
    if not is_good_region(scope.region, regions):
        wanted = next(iter(regions), DEFAULT_REGION)
        raise malformed(
            f"the region '{scope.region}' is wrong; expecting '{wanted}'", {"Region": wanted}
        )
    if scope.service != "s3":
        raise malformed(f'incorrect service "{scope.service}". This endpoint belongs to "s3".')
    if term != TERMINATOR:
        raise malformed(f'incorrect terminal "{term}". This endpoint uses "{TERMINATOR}".')
    return key, scope


def _signed_headers_of_s3(text: str) -> tuple[str, ...]:
    names = split_signed_headers(text)
    if names is None:
        raise _header_malformed("too many SignedHeaders.")
    return names


def _payload_hash(text: str | None) -> str:
    """W-85, W-86."""
    if text is None:
        raise Fault(
            "InvalidRequest",
            400,
            "Missing required header for this request: x-amz-content-sha256",
        )
    if text not in _STREAMING and not is_hash(text):
        raise _invalid_argument(
            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "
            "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, "
            "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
            text,
            "x-amz-content-sha256",
        )
    return text


def _invalid_argument(message: str, value: str, name: str = "Authorization") -> Fault:
    details = {"ArgumentName": name, "ArgumentValue": value[:LONGEST_AUTHORIZATION]}
    return Fault("InvalidArgument", 400, message, details)


def _header_malformed(tail: str, details: dict[str, str] | None = None) -> Fault:
    message = f"The authorization header is malformed; {tail}"
    return Fault("AuthorizationHeaderMalformed", 400, message, details or {})


def credential_malformed(tail: str, details: dict[str, str] | None = None) -> Fault:
    message = f"Error parsing the X-Amz-Credential parameter; {tail}"
    return Fault("AuthorizationQueryParametersError", 400, message, details or {})


def _query_malformed(message: str) -> Fault:
    return Fault("AuthorizationQueryParametersError", 400, message)
