"""A thousand users and a thousand roles, and a clerk who lists them and takes others in and out.

The same on every side: the clerk may do all of IAM by a policy of their own; every user and every
role of the crowd has one inline policy, each a different one; the trust policies are all the same.
"""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from botocore.credentials import Credentials
from demo.raw import Sealed, seal_form

from bench.load import Shot
from bench.servers import Server, SideFailed, answer_to
from bench.setup import SOURCE, client, on_the_wire

SIZE = 1_000
PASSERS = 96  # users who come and go; a multiple of every number of connections
SEEDERS = 4  # threads
Form = dict[str, str]

MAY_ALL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}],
}
OWN = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{SOURCE}:root"},
            "Action": "sts:AssumeRole",
        }
    ],
}
_ARN = re.compile(r"<Arn>([^<]+)</Arn>")
_MARKER = re.compile(r"<Marker>([^<]+)</Marker>")


@dataclass(frozen=True, slots=True)
class Clerk:
    """A user's keys, and the server."""

    server: Server
    keys: Credentials

    def seal(self, form: Form) -> Sealed:
        return seal_form(self.keys, self.server.endpoint, form, service="iam")

    def ask(self, form: Form) -> str:
        """The body of an answer of 200. Raises SideFailed at another."""
        answer = answer_to(self.seal(form), self.server.port)
        if not answer.startswith("200 "):
            raise SideFailed(f"{form['Action']}: {answer[:2000]}")
        return answer

    def shot(self, form: Form, expected: str) -> Shot:
        return Shot(on_the_wire(self.seal(form)), expected)

    def gather(self) -> None:
        """Make the crowd."""
        with ThreadPoolExecutor(SEEDERS) as seeders:
            for _ in seeders.map(self._settle, range(SIZE)):
                pass

    def _settle(self, number: int) -> None:
        for form in entities(number):
            self.ask(form)

    def comings_and_goings(self, family: str) -> tuple[Shot, ...]:
        """CreateUser and DeleteUser of one after the other; some may stay when the load ends."""
        shots = []
        for number in range(PASSERS):
            name = f"{family}-{number:03}"
            made = f"<UserName>{name}</UserName>"
            shots.append(self.shot({"Action": "CreateUser", "UserName": name}, made))
            gone = "<DeleteUserResponse"
            shots.append(self.shot({"Action": "DeleteUser", "UserName": name}, gone))
        return tuple(shots)

    def roles(self) -> tuple[Shot, ...]:
        """ListRoles, as many pages as the side makes of it."""
        return self._pages({"Action": "ListRoles", "MaxItems": "1000"}, ("role",))

    def details(self) -> tuple[Shot, ...]:
        """GetAccountAuthorizationDetails, all pages."""
        form = {"Action": "GetAccountAuthorizationDetails", "MaxItems": "1000"}
        return self._pages(form, ("user", "role"))

    def _pages(self, form: Form, kinds: tuple[str, ...]) -> tuple[Shot, ...]:
        """A shot for each page, which expects what came last on it. Raises SideFailed if any of
        the crowd is on none of them.
        """
        shots, seen = [], set[str]()
        for asked, answer in self._walk(form):
            found = _ARN.findall(answer)
            seen.update(found)
            shots.append(self.shot(asked, f"<Arn>{found[-1]}</Arn>"))
        wanted = {arn(kind, number) for kind in kinds for number in range(SIZE)}
        if not wanted <= seen:
            raise SideFailed(f"{form['Action']} left out {len(wanted - seen)} of {len(wanted)}")
        return tuple(shots)

    def _walk(self, form: Form) -> Iterator[tuple[Form, str]]:
        asked = form
        while True:
            answer = self.ask(asked)
            yield asked, answer
            if "<IsTruncated>true</IsTruncated>" not in answer:
                return
            asked = {**form, "Marker": _MARKER.findall(answer)[-1]}


def hire(server: Server) -> Clerk:
    iam = client("iam", server.endpoint, server.source)
    iam.create_user(UserName="clerk")
    iam.put_user_policy(UserName="clerk", PolicyName="may-all", PolicyDocument=json.dumps(MAY_ALL))
    key = iam.create_access_key(UserName="clerk")["AccessKey"]
    return Clerk(server, Credentials(key["AccessKeyId"], key["SecretAccessKey"]))


def entities(number: int) -> Iterator[Form]:
    """The calls that make the user and the role of this number."""
    name = f"crowd-{number:04}"
    inline = {"PolicyName": "may-read", "PolicyDocument": json.dumps(may_read(name))}
    yield {"Action": "CreateUser", "UserName": name}
    yield {"Action": "PutUserPolicy", "UserName": name, **inline}
    yield {
        "Action": "CreateRole",
        "RoleName": name,
        "AssumeRolePolicyDocument": json.dumps(OWN),
    }
    yield {"Action": "PutRolePolicy", "RoleName": name, **inline}


def may_read(prefix: str) -> dict[str, object]:
    reading = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::b/{prefix}/*",
    }
    return {"Version": "2012-10-17", "Statement": [reading]}


def arn(kind: str, number: int) -> str:
    return f"arn:aws:iam::{SOURCE}:{kind}/crowd-{number:04}"
