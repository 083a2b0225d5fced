"""Signature Version 2 in the query string: how boto3 and AWS CLI v1 presign S3 URLs (W-91, W-92).

Nothing else of version 2 is accepted. The signature covers no body and few headers; a URL is good
until its Expires and not longer than the credentials.
"""

import base64
import hmac
import re
from urllib.parse import unquote_plus

from sekisho.model.faults import Fault
from sekisho.wire.claim import Claim, Form, Scope, mismatch_of_s3
from sekisho.wire.http import HttpRequest
from sekisho.wire.s3_operations import SUBRESOURCES
from sekisho.wire.times import format_iso

_PARTS = ("Signature", "Expires", "AWSAccessKeyId")
# The query parameters that are part of the resource (W-92).
_SIGNED_PARAMETERS = frozenset(
    {
        "accelerate",
        "acl",
        "cors",
        "defaultObjectAcl",
        "location",
        "logging",
        "partNumber",
        "policy",
        "requestPayment",
        "torrent",
        "versioning",
        "versionId",
        "versions",
        "website",
        "uploads",
        "uploadId",
        "response-content-type",
        "response-content-language",
        "response-expires",
        "response-cache-control",
        "response-content-disposition",
        "response-content-encoding",
        "delete",
        "lifecycle",
        "tagging",
        "restore",
        "storageClass",
        "notification",
        "replication",
        "analytics",
        "metrics",
        "inventory",
        "select",
        "select-type",
        "object-lock",
    }
)
# What tells operations and versions apart; list-type only changes the form of a listing.
_MEANINGFUL = (SUBRESOURCES | _SIGNED_PARAMETERS) - {"list-type"}


def is_presigned_v2(given: dict[str, str]) -> bool:
    return "Signature" in given or "AWSAccessKeyId" in given


def read_claim_v2(request: HttpRequest, given: dict[str, str]) -> Claim:
    """The claim in the query parameters. Raises Fault: W-81."""
    expires = given.get("Expires", "")
    if any(not given.get(name) for name in _PARTS):
        raise Fault(
            "AccessDenied",
            403,
            "Query-string authentication requires the Signature, Expires and AWSAccessKeyId "
            "parameters",
        )
    if not re.fullmatch(r"[0-9]{1,12}", expires, re.ASCII):
        raise Fault("AccessDenied", 403, f"Invalid date (should be seconds since epoch): {expires}")
    header_token = request.headers.get("x-amz-security-token")
    return Claim(
        access_key_id=given["AWSAccessKeyId"],
        token=given.get("x-amz-security-token") if header_token is None else header_token,
        scope=Scope("", "", "s3"),
        signed_headers=(),
        signature=given["Signature"],
        timestamp=expires,
        time=int(expires),
        form=Form.QUERY_V2,
    )


def verify_v2(
    claim: Claim, request: HttpRequest, secret: str, now: float, bucket: str | None
) -> None:
    """Hold a version 2 claim against the secret.

    bucket: the one named by the host, or None if the path names it.
    Raises Fault: expired (W-78), or a signature that does not match (W-65). A sub-resource that the
    signature does not cover is refused too, and one that is hidden in the value of another, which
    the text that was signed does not tell from it: else the holder of a URL could turn it to
    another use.
    """
    if claim.time < now:
        details = {"Expires": format_iso(claim.time), "ServerTime": format_iso(int(now))}
        raise Fault("AccessDenied", 403, "Request has expired", details)
    pairs = [part.partition("=") for part in request.query.split("&")]
    text = _string_to_sign(claim, request, pairs, bucket)
    key = secret.encode("utf-8", "surrogatepass")
    expected = base64.b64encode(hmac.digest(key, text.encode("latin-1", "replace"), "sha1"))
    given = claim.signature.encode("utf-8", "replace")
    if not hmac.compare_digest(expected, given) or not _covers_its_meaning(pairs):
        raise mismatch_of_s3(claim, text, None)


def _string_to_sign(
    claim: Claim, request: HttpRequest, pairs: list[tuple[str, str, str]], bucket: str | None
) -> str:
    """W-92. A token or another x-amz-* parameter of the query counts among the headers."""
    headers = request.headers
    amazon = {name: headers.get(name, "") for name in headers.names if name.startswith("x-amz-")}
    for name, _, value in pairs:
        if name.lower().startswith("x-amz-"):
            amazon.setdefault(name.lower(), unquote_plus(value))
    lines = [f"{name}:{value.strip()}\n" for name, value in sorted(amazon.items())]
    named = [pair for pair in pairs if pair[0] in _SIGNED_PARAMETERS]
    named.sort(key=_name_of)
    query = "&".join([f"{name}{equals}{unquote_plus(value)}" for name, equals, value in named])
    path = request.raw_path if bucket is None else f"/{bucket}{request.raw_path}"
    return (
        f"{request.method}\n{headers.get('content-md5', '')}\n{headers.get('content-type', '')}\n"
        f"{claim.timestamp}\n{''.join(lines)}{path}{'?' + query if query else ''}"
    )


def _covers_its_meaning(pairs: list[tuple[str, str, str]]) -> bool:
    """Whether every parameter that S3 acts on is one that the signature covers, spelt as such."""
    amazon: set[str] = set()
    for raw, _, value in pairs:
        name, text = unquote_plus(raw), unquote_plus(value)
        lowered = name.lower()
        if lowered.startswith("x-amz-"):
            if name != raw or lowered in amazon or "\n" in text:
                return False
            amazon.add(lowered)
        elif raw in _SIGNED_PARAMETERS:
            if hides_another(text):
                return False
        elif name in _MEANINGFUL:
            return False
    return True


def hides_another(value: str) -> bool:
    """Whether a value, once it is signed, reads like a further parameter."""
    return any(part.partition("=")[0] in _SIGNED_PARAMETERS for part in value.split("&")[1:])


def _name_of(pair: tuple[str, str, str]) -> str:
    return pair[0]
