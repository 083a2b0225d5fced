"""AssumeRole from the caller's side: a signed form to an STS endpoint, of Sekisho or of AWS."""

import hashlib
import http.client
import ssl
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from sekisho.app.credentials.profiles import CredentialsError, Keys, Role
from sekisho.app.settings import is_loopback
from sekisho.wire.claim import ALGORITHM, Claim, Scope
from sekisho.wire.http import Headers, HttpRequest
from sekisho.wire.sigv4 import canonical_request, signature
from sekisho.wire.times import format_basic, parse_iso
from sekisho.wire.xml import Element, MalformedDocument, parse_xml

LARGEST_ANSWER = 1_048_576
PATIENCE_SECONDS = 10
CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8"


class Endpoint(NamedTuple):
    """Where STS is. host: as the Host header has it. path: ``/`` at least."""

    is_secure: bool
    host: str
    path: str
    region: str


class Temporary(NamedTuple):
    """Temporary credentials. issued, expires: epoch seconds."""

    keys: Keys
    issued: int
    expires: int


def endpoint_at(url: str, region: str, *, insecure: bool = False) -> Endpoint:
    """An endpoint from its URL, AWS's own of the region if it is empty.

    Raises CredentialsError for what is no URL, and for plain HTTP beyond this machine unless
    `insecure`: credentials come back in the answer.
    """
    try:
        parts = urlsplit(url or f"https://sts.{region}.amazonaws.com")
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host or not parts.netloc.isascii():
        raise CredentialsError(f"{url!r} is no endpoint: give http(s)://HOST[:PORT].")
    is_secure = parts.scheme == "https"
    if not (is_secure or insecure or is_loopback(host)):
        raise CredentialsError(
            f"Credentials from {url} would travel in the clear: use https, or say --insecure-http."
        )
    return Endpoint(is_secure, parts.netloc.rpartition("@")[2], parts.path or "/", region)


def assume(endpoint: Endpoint, keys: Keys, role: Role, now: float) -> Temporary:
    """Credentials of a role. Raises CredentialsError, with the endpoint's own words."""
    form = {"Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": role.arn}
    form["RoleSessionName"] = role.session_name or f"sekisho-{int(now)}"
    if role.external_id:
        form["ExternalId"] = role.external_id
    if role.seconds:
        form["DurationSeconds"] = str(role.seconds)
    body = urlencode(form).encode()
    status, answer = send(endpoint, signed_headers(endpoint, keys, body, now), body)
    try:
        root = parse_xml(answer)
    except MalformedDocument:
        raise CredentialsError(f"{endpoint.host} answered {status} with no XML.") from None
    if status != http.client.OK:
        code, message = text_of(root, "Code"), text_of(root, "Message")
        raise CredentialsError(f"{code or status}: {message}")
    try:
        keys = Keys(
            *(text_of(root, name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
        )
        expires = parse_iso(text_of(root, "Expiration"))
    except ValueError:
        raise CredentialsError(f"{endpoint.host} answered with no credentials.") from None
    return Temporary(keys, int(now), expires)


def signed_headers(endpoint: Endpoint, keys: Keys, body: bytes, now: float) -> dict[str, str]:
    """The header fields of a signed form (W-19): what the server verifies, the other way round."""
    stamp = format_basic(now)
    fields = {"content-type": CONTENT_TYPE, "host": endpoint.host, "x-amz-date": stamp}
    if keys.token:
        fields["x-amz-security-token"] = keys.token
    scope = Scope(stamp[:8], endpoint.region, "sts")
    claim = Claim(keys.access_key_id, keys.token, scope, tuple(sorted(fields)), "", stamp, int(now))
    request = HttpRequest("POST", endpoint.path, "", Headers(fields.items()))
    canonical = canonical_request(claim, request, hashlib.sha256(body).hexdigest())
    fields["authorization"] = (
        f"{ALGORITHM} Credential={keys.access_key_id}/{scope},"
        f" SignedHeaders={';'.join(claim.signed_headers)},"
        f" Signature={signature(claim, canonical, keys.secret)}"
    )
    return fields


def send(endpoint: Endpoint, fields: dict[str, str], body: bytes) -> tuple[int, bytes]:
    """Status and body of the answer. Redirects and proxies are not followed."""
    connection = (
        http.client.HTTPSConnection(
            endpoint.host, timeout=PATIENCE_SECONDS, context=ssl.create_default_context()
        )
        if endpoint.is_secure
        else http.client.HTTPConnection(endpoint.host, timeout=PATIENCE_SECONDS)
    )
    try:
        connection.request("POST", endpoint.path, body, fields)
        response = connection.getresponse()
        return response.status, response.read(LARGEST_ANSWER)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise CredentialsError(f"{endpoint.host} does not answer: {error}") from None
    finally:
        connection.close()


def text_of(element: Element, name: str) -> str:
    """The text of the first element of a name, empty if there is none."""
    if element.name == name:
        return element.text
    return next(filter(None, (text_of(child, name) for child in element.children)), "")
