"""Reading the claim of a request to IAM or STS: every way in which it can be malformed (A4).

The order of the checks is that of W-39 and W-40. S3 has texts and an order of its own.
"""

from collections.abc import Collection

from sekisho.model.faults import Fault
from sekisho.wire.authorization_s3 import read_claim_of_s3
from sekisho.wire.claim import (
    ALGORITHM,
    LONGEST_AUTHORIZATION,
    TERMINATOR,
    Claim,
    Form,
    Scope,
    is_good_region,
    query_values,
    read_usual_header,
    request_time,
    split_credential,
    split_signed_headers,
)
from sekisho.wire.http import HttpRequest
from sekisho.wire.times import parse_basic
from sekisho.wire.uri import bad_escape

_PARTS = ("Credential", "Signature", "SignedHeaders")
_QUERY_PARTS = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
)


def read_claim(request: HttpRequest, service: str, regions: Collection[str] = ()) -> Claim | None:
    """What the request says of who signed it; None if nobody did.

    service: the one that the request goes to: ``iam``, ``sts`` or ``s3``. regions: those that a
    scope may name; empty if any will do (W-3).
    Raises Fault: W-41 to W-55 and W-59 for IAM and STS, W-68 to W-73 and W-75 to W-86 for S3.
    """
    authorization = request.headers.get("authorization", "").strip()
    query = request.query
    if service == "s3":
        return read_claim_of_s3(request, authorization, regions)
    escape = bad_escape(query)
    if escape is not None:
        raise _bad_query(escape)
    presigned = "X-Amz-Algorithm=" in query or "X-Amz-Signature=" in query
    if authorization and presigned:
        raise Fault("SignatureDoesNotMatch", 403)  # W-42
    if authorization:
        claim = None if regions else read_usual_header(request, authorization, service)
        return claim or _read_header(request, authorization, service, regions)
    if presigned:
        return _read_query(request, service, regions)
    return None


def _bad_query(escape: str) -> Fault:
    """W-59."""
    message = (
        f"Illegal hex character in escape % pattern: {escape}"
        if len(escape) == 3
        else "Incomplete trailing escape % sequence"
    )
    return Fault("MalformedQueryString", 404, message)


def _incomplete(message: str) -> Fault:
    return Fault("IncompleteSignature", 400, message)


def _unmatched(message: str) -> Fault:
    return Fault("SignatureDoesNotMatch", 403, message)


def _read_header(
    request: HttpRequest, authorization: str, service: str, regions: Collection[str]
) -> Claim:
    if len(authorization) > LONGEST_AUTHORIZATION:
        raise _incomplete("Authorization header is too long.")
    credential, signed, signature = _header_parts(request, authorization)
    stamp = request_time(request)
    headers = _signed_headers(signed)
    return _claim(
        request, service, regions, credential, headers, signature, stamp, Form.HEADER, None
    )


def _header_parts(request: HttpRequest, authorization: str) -> tuple[str, str, str]:
    """Credential, SignedHeaders and Signature. Raises Fault: W-43, W-44, W-45."""
    dated = "x-amz-date" in request.headers or "date" in request.headers
    scheme, _, rest = authorization.partition(" ")
    if scheme != ALGORITHM:
        raise _incomplete(f"Unsupported AWS 'algorithm': '{scheme}'.")
    found: dict[str, str] = {}
    for piece in filter(None, (text.strip() for text in rest.split(","))):
        name, equals, value = piece.partition("=")
        if not equals:
            raise _incomplete(
                f"'{piece}' not a valid key=value pair (missing equal-sign) in Authorization "
                f"header: '{authorization}'."
            )
        found.setdefault(name, value)
    lacking = "".join(
        f"Authorization header requires '{name}' parameter. "
        for name in _PARTS
        if not found.get(name)
    )
    if not dated:
        lacking += (
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        )
    if lacking:
        raise _incomplete(f"{lacking}Authorization={scheme}")
    return found["Credential"], found["SignedHeaders"], found["Signature"]


def _read_query(request: HttpRequest, service: str, regions: Collection[str]) -> Claim:
    """A presigned call (W-25). X-Amz-Expires is not looked at: the window is 15 minutes."""
    given = query_values(request)
    algorithm = given.get("X-Amz-Algorithm")
    if algorithm is not None and algorithm != ALGORITHM:
        raise _incomplete(f"Unsupported AWS 'algorithm': '{algorithm}'.")
    lacking = "".join(
        f"AWS query-string parameters must include '{name}'. "
        for name in _QUERY_PARTS
        if not given.get(name)
    )
    if lacking:
        raise _incomplete(f"{lacking}Re-examine the query-string parameters.")
    headers = _signed_headers(given["X-Amz-SignedHeaders"])
    return _claim(
        request,
        service,
        regions,
        given["X-Amz-Credential"],
        headers,
        given["X-Amz-Signature"],
        given["X-Amz-Date"],
        Form.QUERY,
        given.get("X-Amz-Security-Token"),
    )


def _claim(
    request: HttpRequest,
    service: str,
    regions: Collection[str],
    credential: str,
    headers: tuple[str, ...],
    signature: str,
    stamp: str,
    form: Form,
    token: str | None,
) -> Claim:
    moment = parse_basic(stamp)
    if moment is None:
        raise _incomplete(
            f"Date must be in ISO-8601 'basic format'. Got '{stamp}'. "
            "See http://en.wikipedia.org/wiki/ISO_8601"
        )
    key, scope = _scope(credential, service, regions, stamp)
    header_token = request.headers.get("x-amz-security-token")
    return Claim(
        key,
        header_token if header_token is not None else token,
        scope,
        headers,
        signature,
        stamp,
        moment,
        request.headers.get("x-amz-content-sha256", ""),
        form,
    )


def _scope(
    credential: str, service: str, regions: Collection[str], stamp: str
) -> tuple[str, Scope]:
    """The access key id and the scope. Raises Fault: W-49, then W-52 to W-55 in one message."""
    split = split_credential(credential)
    if split is None:
        raise _incomplete(
            "Credential must have exactly 5 slash-delimited elements, e.g. "
            f"keyid/date/region/service/term, got '{credential}'"
        )
    key, scope, term = split
    wrong = ""
    if not is_good_region(scope.region, regions):
        wrong += "Credential should be scoped to a valid region. "
    if scope.service != service:
        wrong += f"Credential should be scoped to correct service: '{service}'. "
    if term != TERMINATOR:
        wrong += (
            f"Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{term}'. "
        )
    if scope.date != stamp[:8]:
        wrong += (
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            f"HTTP: '{scope.date}' != '{stamp[:8]}', from '{stamp}'. "
        )
    if wrong:
        raise _unmatched(wrong)
    return key, scope


def _signed_headers(text: str) -> tuple[str, ...]:
    """Raises Fault: more than a hundred, or the host is not among them (W-47)."""
    names = split_signed_headers(text)
    if names is None:
        raise _unmatched("Too many signed headers.")
    if "host" not in names:
        raise _unmatched(
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
        )
    return names
