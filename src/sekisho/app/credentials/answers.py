"""What the agent answers: the endpoints by which SDKs get credentials, as values, without a socket.

- ``/credentials``: the container endpoint; needs the agent's own token in Authorization.
- ``/latest/…``: the instance metadata service, version 2: a token first (PUT), which every other
  call must bring; version 1, without one, is refused.

A request that was forwarded, or that names another host, comes from elsewhere: a proxy, or a page
in a browser whose name was bound to this address. It is refused before anything else.
"""

import base64
import binascii
import hmac
import json
import os
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import NamedTuple

from sekisho.app.credentials.assume import Temporary
from sekisho.app.credentials.holder import Holder, iso
from sekisho.app.credentials.profiles import CredentialsError
from sekisho.model.principal import nothing

LONGEST_HEAD = 8_192
MOST_FIELDS = 64
LONGEST_TTL = 21_600
CONTAINER_PATH = "/credentials"
TOKEN_PATH = "/latest/api/token"  # noqa: S105 - a path
METADATA = "/latest/meta-data/"
SECURITY = METADATA + "iam/security-credentials/"
TOKEN_FIELD = "x-aws-ec2-metadata-token"  # noqa: S105 - a name
TTL_FIELD = "x-aws-ec2-metadata-token-ttl-seconds"
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class AgentRequest(NamedTuple):
    """fields: header values by name in lower case."""

    method: str
    path: str
    fields: Mapping[str, str]


class Answer(NamedTuple):
    status: HTTPStatus
    body: str = ""
    kind: str = "text/plain"
    fields: Mapping[str, str] = nothing()

    def as_bytes(self) -> bytes:
        content = self.body.encode()
        lines = [
            f"HTTP/1.1 {self.status} {self.status.phrase}",
            f"Content-Type: {self.kind}",
            f"Content-Length: {len(content)}",
            "Cache-Control: no-store",
            "Connection: close",
            *(f"{name}: {value}" for name, value in self.fields.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode() + content


class BadRequest(ValueError):
    """The bytes are no request that this agent takes."""


@dataclass(frozen=True, slots=True)
class Agent:
    """port: where it listens. token: for the container endpoint. role_name: shown by the other.

    has_metadata: whether the instance metadata service is offered. secret: seals its tokens.
    """

    holder: Holder
    port: int
    token: str = field(repr=False)
    role_name: str
    region: str
    has_metadata: bool = True
    secret: bytes = field(default_factory=lambda: os.urandom(32), repr=False)

    def answer(self, request: AgentRequest, now: float) -> Answer:
        fields = request.fields
        if any(name in fields for name in FORWARDED) or not self._is_own(fields.get("host", "")):
            return Answer(HTTPStatus.FORBIDDEN)
        if request.path == CONTAINER_PATH:
            return self._answer_container(request)
        if not self.has_metadata:
            return Answer(HTTPStatus.NOT_FOUND)
        if request.path == TOKEN_PATH:
            return self._answer_token(request, now)
        return self._answer_metadata(request, now)

    def _is_own(self, host: str) -> bool:
        return host.lower() in (f"127.0.0.1:{self.port}", f"localhost:{self.port}")

    def _answer_container(self, request: AgentRequest) -> Answer:
        if request.method != "GET":
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED)
        given = request.fields.get("authorization", "")
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            return Answer(HTTPStatus.UNAUTHORIZED)
        return self._credentials(container_data)

    def _answer_token(self, request: AgentRequest, now: float) -> Answer:
        if request.method != "PUT":
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED)
        ttl = request.fields.get(TTL_FIELD, "")
        if not (ttl.isascii() and ttl.isdigit() and len(ttl) <= 5):
            return Answer(HTTPStatus.BAD_REQUEST)
        if not 1 <= int(ttl) <= LONGEST_TTL:
            return Answer(HTTPStatus.BAD_REQUEST)
        return Answer(
            HTTPStatus.OK, self.seal(int(now) + int(ttl)), fields={TTL_FIELD: str(int(ttl))}
        )

    def _answer_metadata(self, request: AgentRequest, now: float) -> Answer:
        if not self.opens(request.fields.get(TOKEN_FIELD, ""), now):
            return Answer(HTTPStatus.UNAUTHORIZED)
        if request.method != "GET":
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED)
        if request.path in (SECURITY, SECURITY.rstrip("/")):
            return Answer(HTTPStatus.OK, self.role_name)
        if request.path == SECURITY + self.role_name:
            return self._credentials(metadata_data)
        if request.path == METADATA + "placement/region":
            return Answer(HTTPStatus.OK, self.region)
        if request.path.rstrip("/") == METADATA + "placement/availability-zone":
            return Answer(HTTPStatus.OK, f"{self.region}a")
        return Answer(HTTPStatus.NOT_FOUND)

    def _credentials(self, shown: Callable[[Temporary], dict[str, str]]) -> Answer:
        try:
            held = self.holder.credentials()
        except CredentialsError as error:
            said = json.dumps({"code": "AssumeRoleFailed", "message": str(error)})
            return Answer(HTTPStatus.BAD_GATEWAY, said, "application/json")
        return Answer(HTTPStatus.OK, json.dumps(shown(held)), "application/json")

    def seal(self, expires: int) -> str:
        """A token of the metadata service, which the agent need not remember."""
        head = struct.pack(">Q", expires) + os.urandom(8)
        mac = hmac.digest(self.secret, head, "sha256")
        return base64.urlsafe_b64encode(head + mac).decode()

    def opens(self, token: str, now: float) -> bool:
        try:
            raw = base64.b64decode(token.encode(), b"-_", validate=True)
        except (binascii.Error, ValueError):
            return False
        head, mac = raw[:16], raw[16:]
        if not hmac.compare_digest(mac, hmac.digest(self.secret, head, "sha256")):
            return False
        (expires,) = struct.unpack(">Q", head[:8])
        return bool(now < expires)


def container_data(held: Temporary) -> dict[str, str]:
    return {
        "AccessKeyId": held.keys.access_key_id,
        "SecretAccessKey": held.keys.secret,
        "Token": held.keys.token,
        "Expiration": iso(held.expires),
    }


def metadata_data(held: Temporary) -> dict[str, str]:
    about = {"Code": "Success", "LastUpdated": iso(held.issued), "Type": "AWS-HMAC"}
    return {**about, **container_data(held)}


def read_request(head: bytes) -> AgentRequest:
    """The request of a head without its last empty line.

    Raises BadRequest: not HTTP/1.x, too much, a field given twice, or a body.
    """
    try:
        first, *lines = head.decode("ascii").split("\r\n")
    except UnicodeDecodeError:
        raise BadRequest from None
    words = first.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.0", "HTTP/1.1") or len(lines) > MOST_FIELDS:
        raise BadRequest
    fields: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip() or name.lower() in fields:
            raise BadRequest
        fields[name.lower()] = value.strip(" \t")
    if "transfer-encoding" in fields or fields.get("content-length", "0") != "0":
        raise BadRequest
    return AgentRequest(words[0], words[1], fields)
