"""Who is asked about: a user of one account who may assume a role of another, and what is sent.

The same on every side: the user's own policy allows the role, the role's trust policy names the
user and wants an external id. So an AssumeRole that is granted has met two policies in two
accounts and one condition, where the side asks them at all.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.credentials import Credentials
from demo.raw import Sealed, seal_form

from bench.load import Shot

REGION = "us-east-1"
SOURCE, DESTINATION = "111122223333", "123456789012"
USER, ROLE, EXTERNAL_ID = "traveller", "crossing", "barrier-7"
USER_ARN = f"arn:aws:iam::{SOURCE}:user/{USER}"
ROLE_ARN = f"arn:aws:iam::{DESTINATION}:role/{ROLE}"
SHOTS = 200  # requests that differ, so that no answer can be remembered

MAY_ASSUME = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": ROLE_ARN}],
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": USER_ARN},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
        }
    ],
}
MAY_READ = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}


@dataclass(frozen=True, slots=True)
class Traveller:
    """The user's keys, and where the server is."""

    endpoint: str
    keys: Credentials

    def who_am_i(self) -> tuple[Shot, ...]:
        """GetCallerIdentity, each signed at another second: all within the 15 minutes allowed."""
        form = {"Action": "GetCallerIdentity"}
        return tuple(
            self._shot(form, f"<Arn>{USER_ARN}</Arn>", -timedelta(seconds=age))
            for age in range(SHOTS)
        )

    def assume(self) -> tuple[Shot, ...]:
        """AssumeRole, each for a session of another name."""
        return tuple(self._assume(f"crossing-{number:03}") for number in range(SHOTS))

    def _assume(self, session: str) -> Shot:
        arn = f"arn:aws:sts::{DESTINATION}:assumed-role/{ROLE}/{session}"
        return self._shot(assume_form(session, EXTERNAL_ID), f"<Arn>{arn}</Arn>", timedelta())

    def without_external_id(self) -> Sealed:
        """What the trust policy must refuse."""
        return seal_form(self.keys, self.endpoint, assume_form("outsider", None))

    def with_other_secret(self) -> Sealed:
        """What no one who verifies signatures may answer."""
        forger = Credentials(self.keys.access_key, "x" * 40)
        return seal_form(forger, self.endpoint, {"Action": "GetCallerIdentity"})

    def _shot(self, form: dict[str, str], expected: str, drift: timedelta) -> Shot:
        return Shot(on_the_wire(seal_form(self.keys, self.endpoint, form, drift)), expected)


def assume_form(session: str, external_id: str | None) -> dict[str, str]:
    form = {"Action": "AssumeRole", "RoleArn": ROLE_ARN, "RoleSessionName": session}
    return form if external_id is None else {**form, "ExternalId": external_id}


def on_the_wire(sealed: Sealed) -> str:
    """A signed request as the lines of HTTP/1.1."""
    headers = {
        "Host": urlsplit(sealed.url).netloc,
        "User-Agent": "bench",
        **sealed.headers,
        "Content-Length": str(len(sealed.body)),
    }
    lines = [f"{sealed.method} / HTTP/1.1", *(f"{name}: {headers[name]}" for name in headers)]
    return "\r\n".join(lines) + "\r\n\r\n" + sealed.body.decode()


def settle(endpoint: str, source: Credentials, destination: Credentials | None) -> Traveller:
    """Make the user, the role and their policies. Raises botocore's ClientError where refused."""
    iam = client("iam", endpoint, source)
    iam.create_user(UserName=USER)
    policy = iam.create_policy(PolicyName="may-cross", PolicyDocument=json.dumps(MAY_ASSUME))
    iam.attach_user_policy(UserName=USER, PolicyArn=policy["Policy"]["Arn"])
    key = iam.create_access_key(UserName=USER)["AccessKey"]
    there = client("iam", endpoint, destination or visiting_keys(endpoint, source))
    there.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))
    there.put_role_policy(RoleName=ROLE, PolicyName="may-read", PolicyDocument=json.dumps(MAY_READ))
    return Traveller(endpoint, Credentials(key["AccessKeyId"], key["SecretAccessKey"]))


def visiting_keys(endpoint: str, source: Credentials) -> Credentials:
    """moto's way into another account: any role of it, there or not, can be assumed by anyone."""
    arn = f"arn:aws:iam::{DESTINATION}:role/administrator"
    sts = client("sts", endpoint, source)
    given = sts.assume_role(RoleArn=arn, RoleSessionName="setup")["Credentials"]
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


def client(service: str, endpoint: str, keys: Credentials) -> Any:
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.token,
        config=Config(
            retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=30, proxies={}
        ),
    )
