"""Who crosses, from where to where, and the words in which one is turned away."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError
from demo.policies import Document, allow

from journeys.world import Keys, World

Call = Callable[[], object]
ALL_ACTIONS = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
_NUMBERS = count(1)


def text(document: Document) -> str:
    return json.dumps(document)


@dataclass(frozen=True, slots=True)
class Side:
    """One account, as its root user sees it."""

    world: World
    account: str
    root: Keys

    def arn(self, rest: str) -> str:
        return f"arn:aws:iam::{self.account}:{rest}"

    @property
    def iam(self) -> Any:
        return self.world.client("iam", self.root)

    @property
    def s3(self) -> Any:
        return self.world.client("s3", self.root)

    def user(self, *documents: Document) -> tuple[str, Keys]:
        """Name and key of a new user with these policies."""
        name = f"user-{next(_NUMBERS)}"
        self.iam.create_user(UserName=name)
        for number, document in enumerate(documents):
            self.iam.put_user_policy(
                UserName=name, PolicyName=f"p{number}", PolicyDocument=text(document)
            )
        return name, Keys.of(self.iam.create_access_key(UserName=name)["AccessKey"])

    def role(self, trusted: Document, permitted: Document | None = None, **more: Any) -> str:
        """The ARN of a new role."""
        name = f"Role-{next(_NUMBERS)}"
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=text(trusted), **more)
        if permitted is not None:
            self.iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=text(permitted))
        arn: str = made["Role"]["Arn"]
        return arn

    def managed(self, document: Document) -> str:
        made = self.iam.create_policy(
            PolicyName=f"policy-{next(_NUMBERS)}", PolicyDocument=text(document)
        )
        arn: str = made["Policy"]["Arn"]
        return arn

    def bucket(self, **objects: bytes) -> str:
        name = f"crossing-{next(_NUMBERS)}"
        self.s3.create_bucket(Bucket=name)
        for key, body in objects.items():
            self.s3.put_object(Bucket=name, Key=key, Body=body)
        return name


@dataclass(frozen=True, slots=True)
class Crossing:
    """here: where the traveller lives. there: where the role is."""

    here: Side
    there: Side

    def assume(self, keys: Keys, role: str, **more: Any) -> dict[str, Any]:
        given = {"RoleArn": role, "RoleSessionName": "visit", **more}
        answer: dict[str, Any] = self.here.world.client("sts", keys).assume_role(**given)
        return answer

    def cross(self, keys: Keys, role: str, **more: Any) -> Keys:
        return Keys.of(self.assume(keys, role, **more)["Credentials"])

    def attempt(self, keys: Keys, role: str, **more: Any) -> Call:
        return lambda: self.assume(keys, role, **more)

    def read(self, keys: Keys, bucket: str, key: str = "key") -> bytes:
        s3 = self.here.world.client("s3", keys)
        body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        return body

    def reading(self, keys: Keys, bucket: str, key: str = "key") -> Call:
        return lambda: self.read(keys, bucket, key)


def refusal(call: Call) -> tuple[str, int, str]:
    """Code, status and message of the error that a call ends with."""
    with pytest.raises(ClientError) as caught:
        call()
    response = caught.value.response
    error = response["Error"]
    return error["Code"], response["ResponseMetadata"]["HTTPStatusCode"], error["Message"]


def turned_away(caller: str, role: str, action: str = "sts:AssumeRole") -> tuple[str, int, str]:
    """W-141, W-143."""
    said = f"User: {caller} is not authorized to perform: {action} on resource: {role}"
    return "AccessDenied", 403, said


ABROAD = ("AccessDenied", 403, "Access Denied")
MAY_ASSUME = allow("sts:AssumeRole", "*")
