"""An authority in this process: two accounts, and requests signed as clients sign them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from demo.raw import read_error

from sekisho.app.accounts import create_account, create_root_key
from sekisho.app.assemble import assemble
from sekisho.gate.audit import read_back
from sekisho.gate.pipeline import handle
from sekisho.wire.http import Headers, HttpRequest, HttpResponse, WholeBody

HERE = "http://localhost:4566"
VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
HOME, AWAY = "111122223333", "444455556666"


@dataclass(frozen=True, slots=True)
class Answer:
    """request_id: as the answer's head gives it."""

    status: int
    text: str = field(repr=False)
    request_id: str

    @property
    def refusal(self) -> tuple[int, str, str]:
        """Status, code and message."""
        return (self.status, *read_error(self.text))

    @property
    def told(self) -> tuple[str, str, str]:
        """Of a refusal in JSON: code, message and reason."""
        said = json.loads(self.text)
        message = said.get("Message", said.get("message", ""))
        return said["__type"], message, said.get("Reason", "")

    def value(self, name: str) -> str:
        """The text of the first element of a name."""
        _, _, rest = self.text.partition(f"<{name}>")
        found, end, _ = rest.partition(f"</{name}>")
        assert end, f"no {name} in {self.text}"
        return found.replace("&quot;", '"')


def received(signed: AWSRequest, body: bytes) -> HttpRequest:
    """A request as the server takes it in."""
    path, _, query = signed.url.removeprefix(HERE).partition("?")
    headers = {name.lower(): str(value) for name, value in signed.headers.items()}
    headers = {"host": "localhost:4566", "content-length": str(len(body)), **headers}
    return HttpRequest(
        signed.method,
        path,
        query,
        Headers(headers.items()),
        WholeBody(body),
        client="192.0.2.7",
    )


def read(response: HttpResponse) -> Answer:
    content = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    head = {name.lower(): value for name, value in response.headers}
    request_id = head.get("x-amzn-requestid") or head["x-amz-request-id"]
    return Answer(response.status, content.decode(), request_id)


class Gatehouse:
    """home and away: keys of the two accounts' root users."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.authority = assemble(data)
        self.home = self._found(HOME)
        self.away = self._found(AWAY)

    def _found(self, account: str) -> Credentials:
        create_account(self.authority.directory, f"account {account}", account)
        key = create_root_key(self.authority.directory, account)
        return Credentials(key.access_key_id, key.secret)

    def close(self) -> None:
        self.authority.audit.close()
        self.authority.directory.close()

    def call(
        self, keys: Credentials | None, action: str, service: str = "iam", **form: str
    ) -> Answer:
        """A Query call; keys: None leaves it unsigned."""
        return self.ask(self.query(keys, action, service, **form))

    def query(
        self, keys: Credentials | None, action: str, service: str = "iam", **form: str
    ) -> HttpRequest:
        body = urlencode({"Action": action, "Version": VERSIONS[service], **form}).encode()
        request = AWSRequest("POST", HERE + "/", dict(FORM), body)
        if keys is not None:
            SigV4Auth(keys, service, "us-east-1").add_auth(request)
        return received(request, body)

    def organize(self, keys: Credentials | None, operation: str, /, **document: Any) -> Answer:
        """A call to Organizations, in JSON."""
        head = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSOrganizationsV20161128.{operation}",
        }
        body = json.dumps(document).encode()
        request = AWSRequest("POST", HERE + "/", head, body)
        if keys is not None:
            SigV4Auth(keys, "organizations", "us-east-1").add_auth(request)
        return self.send(request, body)

    def organized(self, keys: Credentials, operation: str, /, **document: Any) -> Any:
        """What a call to Organizations gives, which must be a success."""
        answer = self.done(self.organize(keys, operation, **document))
        return json.loads(answer.text) if answer.text else None

    def store(
        self,
        keys: Credentials | None,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A request to S3."""
        request = AWSRequest(method, HERE + path, dict(headers or {}), body)
        if keys is not None:
            S3SigV4Auth(keys, "s3", "us-east-1").add_auth(request)
        return self.send(request, body)

    def send(self, signed: AWSRequest, body: bytes) -> Answer:
        return self.ask(received(signed, body))

    def ask(self, request: HttpRequest) -> Answer:
        """What the authority says; nothing of it is left unread."""
        return read(handle(request, self.authority))

    def done(self, answer: Answer) -> Answer:
        """The answer, which must be a success."""
        assert answer.status < 300, answer.text
        return answer

    def new_user(self, name: str, policy: str = "", root: Credentials | None = None) -> Credentials:
        """The key of a new user, who has at most one inline policy."""
        by = root or self.home
        self.done(self.call(by, "CreateUser", UserName=name))
        if policy:
            self.permit(name, policy, by)
        made = self.done(self.call(by, "CreateAccessKey", UserName=name))
        return Credentials(made.value("AccessKeyId"), made.value("SecretAccessKey"))

    def permit(self, name: str, policy: str, root: Credentials | None = None) -> None:
        form = {"UserName": name, "PolicyName": "p", "PolicyDocument": policy}
        self.done(self.call(root or self.home, "PutUserPolicy", **form))

    def new_role(self, name: str, trust: str, root: Credentials | None = None, **form: str) -> str:
        """The ARN of a new role."""
        form = {"RoleName": name, "AssumeRolePolicyDocument": trust, **form}
        return self.done(self.call(root or self.away, "CreateRole", **form)).value("Arn")

    def assume(self, keys: Credentials, role: str, **form: str) -> Credentials:
        form = {"RoleArn": role, "RoleSessionName": "visit", **form}
        return self.session(keys, "AssumeRole", **form)

    def session(self, keys: Credentials | None, action: str, **form: str) -> Credentials:
        """The credentials that an operation of STS gives."""
        made = self.done(self.call(keys, action, "sts", **form))
        return Credentials(
            made.value("AccessKeyId"), made.value("SecretAccessKey"), made.value("SessionToken")
        )

    def lines(self) -> list[dict[str, Any]]:
        """The audit trail, oldest first."""
        return list(read_back(self.data / "audit"))[::-1]

    def line(self, answer: Answer) -> dict[str, Any]:
        """The one line about an answer."""
        (found,) = (line for line in self.lines() if line.get("request_id") == answer.request_id)
        return found
