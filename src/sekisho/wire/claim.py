"""Who a request says it comes from: values read, and not to be believed before they are verified.

Between reading and verifying the gate looks the access key up (W-39, W-89).
"""

import enum
import functools
import re
from collections.abc import Collection
from typing import NamedTuple

from sekisho.model.faults import Fault
from sekisho.wire.http import HttpRequest
from sekisho.wire.times import format_basic, parse_basic, parse_http
from sekisho.wire.uri import TooManyParameters, split_query

ALGORITHM = "AWS4-HMAC-SHA256"
TERMINATOR = "aws4_request"

LONGEST_AUTHORIZATION = 8192
MOST_SIGNED_HEADERS = 100

# How all the usual clients begin the header; whatever else is taken apart piece by piece.
_USUAL_HEAD = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^,\s]{1,256}), ?SignedHeaders=([^,\s]{1,512}), ?Signature=",
    re.ASCII,
)
_LONGEST_KEPT = 512
_SIGNATURE = re.compile(r"[0-9A-Za-z]{1,256}", re.ASCII)
_REGION = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Form(enum.Enum):
    """Where the signature stands: in the Authorization header, the query string or a form."""

    HEADER = "header"
    QUERY = "query"
    QUERY_V2 = "query, version 2"
    POST = "form"
    POST_V2 = "form, version 2"


class Scope(NamedTuple):
    """The credential scope. date: YYYYMMDD."""

    date: str
    region: str
    service: str

    def __str__(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/{TERMINATOR}"


class Claim(NamedTuple):
    """Who a request says it comes from.

    token: the session token; None if none was sent. signed_headers: in lower case, as sent.
    timestamp: YYYYMMDDTHHMMSSZ; time: the same in epoch seconds (for QUERY_V2, when it expires).
    payload_hash: x-amz-content-sha256 as sent; empty if it was not. expires: seconds a presigned
    request is good for; None if it is not presigned.
    """

    access_key_id: str
    token: str | None
    scope: Scope
    signed_headers: tuple[str, ...]
    signature: str
    timestamp: str
    time: int
    payload_hash: str = ""
    form: Form = Form.HEADER
    expires: int | None = None

    def __repr__(self) -> str:
        """Without token and signature."""
        return f"Claim({self.access_key_id!r}, {self.scope!r}, {self.timestamp!r})"


class UsualHead(NamedTuple):
    """What stands before the signature; all of it in order, and the host is signed."""

    access_key_id: str
    scope: Scope
    signed_headers: tuple[str, ...]


def split_usual(authorization: str) -> tuple[UsualHead, str] | None:
    """A header as the usual clients write it, and its signature.

    None if anything about it is unusual or wrong: then it is read piece by piece, to tell what.
    """
    head, mark, signature = authorization.rpartition("Signature=")
    if not mark or len(head) > _LONGEST_KEPT or not _SIGNATURE.fullmatch(signature):
        return None
    usual = _read_head(head)
    return None if usual is None else (usual, signature)


@functools.lru_cache(maxsize=1024)
def _read_head(text: str) -> UsualHead | None:
    """Kept, since all requests that a client signs on one day begin alike."""
    found = _USUAL_HEAD.fullmatch(text + "Signature=")
    split = split_credential(found[1]) if found else None
    names = split_signed_headers(found[2]) if found else None
    if split is None or names is None or "host" not in names:
        return None
    key, scope, terminator = split
    if terminator != TERMINATOR or not is_good_region(scope.region, ()):
        return None
    return UsualHead(key, scope, names)


def read_usual_header(request: HttpRequest, authorization: str, service: str) -> Claim | None:
    """The claim of a header in which nothing is unusual or wrong; else None.

    What x-amz-content-sha256 says is taken as it is.
    """
    usual = split_usual(authorization)
    get = request.headers.get
    stamp = get("x-amz-date")
    if usual is None or stamp is None:
        return None
    head, signature = usual
    moment = parse_basic(stamp)
    scope = head.scope
    if moment is None or scope.service != service or scope.date != stamp[:8]:
        return None
    return Claim(
        head.access_key_id,
        get("x-amz-security-token"),
        scope,
        head.signed_headers,
        signature,
        stamp,
        moment,
        get("x-amz-content-sha256", ""),
    )


def is_hash(text: str) -> bool:
    """Whether this is a SHA-256 as headers carry it: 64 small hexadecimal digits."""
    return _HASH.fullmatch(text) is not None


def mismatch() -> Fault:
    """W-58."""
    return Fault(
        "SignatureDoesNotMatch",
        403,
        "The request signature we calculated does not match the signature you provided. Check "
        "your AWS Secret Access Key and signing method. Consult the service documentation for "
        "details.",
    )


def mismatch_of_s3(claim: Claim, text: str, canonical: bytes | None) -> Fault:
    """W-65: S3 shows what it signed; never the signature that would have been right."""
    details = {
        "AWSAccessKeyId": claim.access_key_id,
        "StringToSign": text,
        "SignatureProvided": claim.signature,
        "StringToSignBytes": text.encode("latin-1", "replace").hex(" "),
    }
    if canonical is not None:
        details["CanonicalRequest"] = canonical.decode("latin-1")
        details["CanonicalRequestBytes"] = canonical.hex(" ")
    return Fault(
        "SignatureDoesNotMatch",
        403,
        "The request signature we calculated does not match the signature you provided. Check "
        "your key and signing method.",
        details,
    )


def split_credential(credential: str) -> tuple[str, Scope, str] | None:
    """Access key id, scope and terminator; None if there are not five parts (W-18)."""
    # What nobody signed may be long, and is not to be remembered; so below.
    is_short = len(credential) <= _LONGEST_KEPT
    return _split_credential(credential) if is_short else _split_credential.__wrapped__(credential)


@functools.lru_cache(maxsize=1024)
def _split_credential(credential: str) -> tuple[str, Scope, str] | None:
    parts = credential.split("/")
    if len(parts) != 5:
        return None
    key, date, region, service, terminator = parts
    return key, Scope(date, region, service), terminator


def split_signed_headers(text: str) -> tuple[str, ...] | None:
    """The names in lower case; None if there are more than a hundred."""
    is_short = len(text) <= _LONGEST_KEPT
    return _split_names(text) if is_short else _split_names.__wrapped__(text)


@functools.lru_cache(maxsize=1024)
def _split_names(text: str) -> tuple[str, ...] | None:
    names = tuple(text.lower().split(";", MOST_SIGNED_HEADERS))
    return names if len(names) <= MOST_SIGNED_HEADERS else None


def is_good_region(region: str, regions: Collection[str]) -> bool:
    return region in regions if regions else _REGION.fullmatch(region) is not None


def request_time(request: HttpRequest) -> str:
    """X-Amz-Date, or else Date, brought into the basic form if it is an HTTP date (W-22)."""
    given = request.headers.get("x-amz-date")
    if given is not None:
        return given
    date = request.headers.get("date", "")
    if parse_basic(date) is None:
        try:
            return format_basic(parse_http(date))
        except ValueError:
            return date
    return date


def query_values(request: HttpRequest) -> dict[str, str]:
    """The query parameters; the first of a name counts. Raises Fault above 10,000 of them."""
    found: dict[str, str] = {}
    try:
        for name, value in split_query(request.query):
            found.setdefault(name, value)
    except TooManyParameters as error:
        raise Fault("InvalidRequest", 400, "Too many query parameters.") from error
    return found
