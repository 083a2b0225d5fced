"""A browser at the console's door, in this process: it keeps its cookie, and time can pass."""

import json
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from gate.gatehouse import AWAY, HERE, HOME, Gatehouse
from sekisho.app.accounts import set_root_password
from sekisho.app.signin.door import is_for_console, open_door
from sekisho.services.totp import PERIOD, code_at
from sekisho.wire.http import Headers, HttpRequest, HttpResponse, WholeBody

PASSWORD, ROOT_PASSWORD = "Open-Sesame-1", "Root-Sesame-1"
SIGN_IN = "/console/api/sign-in"

Json = dict[str, Any]


@dataclass
class Town(Gatehouse):
    """Two accounts whose clock can be put forward. passed: seconds that it is ahead."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.passed = 0.0
        self.authority = replace(self.authority, clock=lambda: time.time() + self.passed)
        for account in (HOME, AWAY):
            set_root_password(self.authority.directory, account, ROOT_PASSWORD)

    def new_person(self, name: str, policy: str = "", **profile: str) -> None:
        """A user with a password, who has at most one inline policy."""
        self.new_user(name, policy)
        form = {"UserName": name, "Password": PASSWORD, **profile}
        self.done(self.call(self.home, "CreateLoginProfile", **form))

    def enrol(self, name: str) -> bytes:
        """The seed of a user's new MFA device."""
        import base64

        made = self.done(self.call(self.home, "CreateVirtualMFADevice", VirtualMFADeviceName=name))
        serial, text = made.value("SerialNumber"), made.value("Base32StringSeed")
        seed = base64.b32decode(base64.b64decode(text))
        step = int(self.authority.clock()) // PERIOD
        form = {
            "UserName": name,
            "SerialNumber": serial,
            "AuthenticationCode1": code_at(seed, step - 1),
            "AuthenticationCode2": code_at(seed, step),
        }
        self.done(self.call(self.home, "EnableMFADevice", **form))
        return seed

    def code(self, seed: bytes, ahead: int = 1) -> str:
        """The code that is right `ahead` steps from now; one ahead is taken as well."""
        return code_at(seed, int(self.authority.clock()) // PERIOD + ahead)


@dataclass
class Browser:
    """csrf: sent with every POST, once a session is known. address: where it is."""

    town: Town
    address: str = "192.0.2.7"
    secure: bool = False
    cookie: str = ""
    csrf: str = ""
    last: HttpResponse | None = field(default=None, repr=False)

    def send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> HttpResponse:
        fields = {"host": "localhost:4566", **(headers or {})}
        if self.cookie:
            fields.setdefault("cookie", f"sekisho-console={self.cookie}")
        raw, _, query = path.partition("?")
        request = HttpRequest(
            method,
            raw,
            query,
            Headers(fields.items()),
            WholeBody(body),
            secure=self.secure,
            client=self.address,
        )
        assert is_for_console(request), path
        self.last = open_door(request, self.town.authority)
        for name, value in self.last.headers:
            if name == "Set-Cookie":
                self.cookie = value.partition(";")[0].partition("=")[2]
        return self.last

    def post(
        self, name: str, body: Json, headers: dict[str, str] | None = None
    ) -> tuple[int, Json]:
        fields = {"content-type": "application/json", "x-sekisho-csrf": self.csrf}
        data = json.dumps(body).encode()
        response = self.send("POST", f"/console/api/{name}", data, {**fields, **(headers or {})})
        found = read(response)
        self.csrf = found.get("csrf", self.csrf)
        return response.status, found

    def sign_in(self, user: str = "", account: str = HOME, **more: str) -> tuple[int, Json]:
        form = {"account": account, "password": PASSWORD if user else ROOT_PASSWORD, **more}
        return self.post("sign-in", {**form, "user": user} if user else form)

    def session(self) -> tuple[int, Json]:
        response = self.send("GET", "/console/api/session")
        return response.status, read(response)

    def credentials(self) -> Credentials:
        status, found = self.post("credentials", {})
        assert status == 200, found
        return keys_of(found)

    def switch(self, role: str, account: str = AWAY) -> tuple[int, Json]:
        return self.post("switch-role", {"account": account, "roleName": role})

    def header(self, name: str) -> str:
        assert self.last is not None
        return dict(self.last.headers).get(name, "")


def ask(
    town: Town, keys: Credentials | None, name: str, body: Json, service: str = "sekisho"
) -> tuple[int, Json]:
    """A signed question of the console."""
    data = json.dumps(body).encode()
    url = f"{HERE}/console/api/{name}"
    request = AWSRequest("POST", url, {"content-type": "application/json"}, data)
    if keys is not None:
        SigV4Auth(keys, service, "us-east-1").add_auth(request)
    fields = {key.lower(): str(value) for key, value in request.headers.items()}
    fields = {"host": "localhost:4566", **fields}
    path = f"/console/api/{name}"
    asked = HttpRequest(
        "POST", path, "", Headers(fields.items()), WholeBody(data), client="192.0.2.7"
    )
    response = open_door(asked, town.authority)
    return response.status, read(response)


def keys_of(found: Json) -> Credentials:
    return Credentials(found["accessKeyId"], found["secretAccessKey"], found["sessionToken"])


def read(response: HttpResponse) -> Json:
    assert isinstance(response.body, bytes)
    found: Json = json.loads(response.body) if response.body else {}
    return found
