"""Requests that the AWS CLI would never send: signed by hand, then bent.

botocore does the signing; only its clock, and what is sent after it has signed, are not its own.
"""

import http.client
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from demo.cli import REGION, Answer

STAMP = "%Y%m%dT%H%M%SZ"
VERSIONS = {"sts": "2011-06-15", "iam": "2010-05-08"}
REQUEST_IDS = ("x-amzn-requestid", "x-amz-request-id")
NO_DRIFT = timedelta()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A signed request, ready to be sent. stamp: the time it claims to be signed at."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    stamp: str


@dataclass(frozen=True, slots=True)
class Reply:
    """answer: the reply as a command's answer; stderr is ``status Code: message``."""

    answer: Answer
    request_id: str


class DriftingQuery(SigV4Auth):  # type: ignore[misc]
    """A signer whose clock is off by `drift`."""

    drift = NO_DRIFT

    def _modify_request_before_signing(self, request: AWSRequest) -> None:
        request.context["timestamp"] = (datetime.now(UTC) + self.drift).strftime(STAMP)
        super()._modify_request_before_signing(request)


class DriftingS3(S3SigV4Auth):  # type: ignore[misc]
    """The same for S3, which signs paths and bodies its own way (W-21, W-28)."""

    drift = NO_DRIFT

    def _modify_request_before_signing(self, request: AWSRequest) -> None:
        request.context["timestamp"] = (datetime.now(UTC) + self.drift).strftime(STAMP)
        super()._modify_request_before_signing(request)


def seal_form(
    keys: Credentials,
    endpoint: str,
    form: dict[str, str],
    drift: timedelta = NO_DRIFT,
    service: str = "sts",
) -> Sealed:
    """A signed call of STS or IAM (W-7); form: Action and its parameters."""
    body = urlencode({"Version": VERSIONS[service], **form}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = AWSRequest("POST", endpoint + "/", headers, body)
    signer = DriftingQuery(keys, service, REGION)
    signer.drift = drift
    return sealed(signer, request, body)


def seal_s3(
    keys: Credentials,
    endpoint: str,
    method: str,
    path: str,
    body: bytes = b"",
    drift: timedelta = NO_DRIFT,
) -> Sealed:
    request = AWSRequest(method, endpoint + path, {}, body)
    signer = DriftingS3(keys, "s3", REGION)
    signer.drift = drift
    return sealed(signer, request, body)


def sealed(signer: SigV4Auth, request: AWSRequest, body: bytes) -> Sealed:
    signer.add_auth(request)
    headers = {name: str(value) for name, value in request.headers.items()}
    return Sealed(request.method, request.url, headers, body, request.context["timestamp"])


def send(request: Sealed, body: bytes | None = None) -> Reply:
    """Send a sealed request. body: another payload than the one that was signed."""
    address = urlsplit(request.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=30)
    try:
        connection.request(
            request.method,
            address.path,
            request.body if body is None else body,
            request.headers,
        )
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
        request_id = next(filter(None, map(response.getheader, REQUEST_IDS)), "")
    finally:
        connection.close()
    if response.status < 300:
        return Reply(Answer(0, text), request_id)
    code, message = read_error(text)
    return Reply(Answer(1, "", f"{response.status} {code}: {message}"), request_id)


def read_error(text: str) -> tuple[str, str]:
    """Code and message of an XML error body, whichever the service (W-11, W-12)."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return "", text
    said = {element.tag.rpartition("}")[2]: element.text or "" for element in root.iter()}
    return said.get("Code", ""), said.get("Message", "")
