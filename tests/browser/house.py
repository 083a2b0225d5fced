"""People with passwords in the accounts of a live server."""

import base64
import json
import subprocess
import time
from dataclasses import dataclass
from itertools import count
from typing import Any

from demo.cli import PROGRAMS
from demo.policies import Document, allow

from journeys.world import Keys, World
from sekisho.services.totp import code_at, step_at

PASSWORD = "Correct-Horse-7"
EVERYTHING = allow("*", "*")
_NUMBERS = count(1)


def code_now(seed: bytes) -> str:
    """What an MFA device shows at this moment."""
    return code_at(seed, step_at(time.time()))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in."""

    account: str
    name: str
    password: str = PASSWORD

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account}:user/{self.name}"


@dataclass(frozen=True, slots=True)
class House:
    """The accounts of a world, as their root users furnish them."""

    world: World

    @property
    def source(self) -> str:
        return self.world.source

    @property
    def destination(self) -> str:
        return self.world.destination

    def client(self, service: str, account: str) -> Any:
        return self.world.client(service, self._root(account))

    def iam(self, account: str) -> Any:
        return self.client("iam", account)

    def person(self, account: str, *documents: Document, name: str = "", **profile: Any) -> Person:
        """A new user with a password and these policies. profile: of CreateLoginProfile."""
        person = Person(account, name or f"person-{next(_NUMBERS)}")
        iam = self.iam(account)
        iam.create_user(UserName=person.name)
        iam.create_login_profile(UserName=person.name, Password=PASSWORD, **profile)
        for number, document in enumerate(documents):
            iam.put_user_policy(
                UserName=person.name, PolicyName=f"p{number}", PolicyDocument=json.dumps(document)
            )
        return person

    def admin(self, account: str) -> Person:
        return self.person(account, EVERYTHING)

    def set_root_password(self, account: str, password: str) -> None:
        command = [str(PROGRAMS / "sekisho"), "root-password", "set", account, "--stdin"]
        data = ["--data", str(self.world.server.data)]
        subprocess.run([*command, *data], input=password, text=True, check=True, timeout=60)

    def enrol(self, person: Person) -> bytes:
        """Gives a person an MFA device; its seed. The code of this moment is still unused."""
        iam = self.iam(person.account)
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=person.name)["VirtualMFADevice"]
        seed = base64.b32decode(device["Base32StringSeed"])
        step = step_at(time.time())
        iam.enable_mfa_device(
            UserName=person.name,
            SerialNumber=device["SerialNumber"],
            AuthenticationCode1=code_at(seed, step - 2),
            AuthenticationCode2=code_at(seed, step - 1),
        )
        return seed

    def role(self, account: str, trusted: Document, *documents: Document, path: str = "/") -> str:
        """The name of a new role, with its path and no slash before it."""
        name = f"Role-{next(_NUMBERS)}"
        iam = self.iam(account)
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=json.dumps(trusted))
        for number, document in enumerate(documents):
            iam.put_role_policy(
                RoleName=name, PolicyName=f"p{number}", PolicyDocument=json.dumps(document)
            )
        return f"{path}{name}"[1:]

    def bucket(self, account: str, **objects: bytes) -> str:
        name = f"ledger-{next(_NUMBERS)}"
        s3 = self.client("s3", account)
        s3.create_bucket(Bucket=name)
        for key, body in objects.items():
            s3.put_object(Bucket=name, Key=key, Body=body)
        return name

    def _root(self, account: str) -> Keys:
        world = self.world
        return world.source_root if account == world.source else world.destination_root
