"""A live server with two accounts, and credentials to use on it."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from demo.cli import PROGRAMS
from demo.server import Server, serving

# What the server refuses is under test, not what the client would refuse to send.
ONE_TRY = Config(
    retries={"total_max_attempts": 1},
    s3={"addressing_style": "path"},
    parameter_validation=False,
)


@dataclass(frozen=True, slots=True)
class Keys:
    """Credentials of somebody, long-term or temporary."""

    access_key_id: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, given: dict[str, Any]) -> "Keys":
        return cls(given["AccessKeyId"], given["SecretAccessKey"], given.get("SessionToken"))


@lru_cache(maxsize=256)
def client(endpoint: str, service: str, keys: Keys, verify: str | bool = True) -> Any:
    """A boto3 client. verify: of HTTPS, the file with the certificate to trust."""
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=keys.access_key_id,
        aws_secret_access_key=keys.secret,
        aws_session_token=keys.token,
        config=ONE_TRY,
        verify=verify,
    )


@dataclass(frozen=True, slots=True)
class World:
    """A server with a source and a destination account."""

    server: Server
    source: str
    destination: str
    source_root: Keys
    destination_root: Keys

    def client(self, service: str, keys: Keys) -> Any:
        return client(self.server.endpoint, service, keys)

    def new_user(self, name: str) -> Keys:
        """A user of the source account with an access key and no rights."""
        iam = self.client("iam", self.source_root)
        iam.create_user(UserName=name)
        return Keys.of(iam.create_access_key(UserName=name)["AccessKey"])


def sekisho(data: Path, *words: str) -> Any:
    """What a `sekisho` command prints as JSON."""
    command = [str(PROGRAMS / "sekisho"), *words, "--data", str(data), "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout)


def root_key(data: Path, account: str) -> Keys:
    key = sekisho(data, "root-key", "create", account)
    return Keys(key["access_key_id"], key["secret_access_key"])


@contextmanager
def inhabited(folder: Path) -> Iterator[World]:
    """A live server of its own, with two accounts made as an operator makes them."""
    data = folder / "data"
    with serving(data, folder / "stderr") as server:
        source = sekisho(data, "account", "create", "source", "--id", "111122223333")["id"]
        destination = sekisho(data, "account", "create", "dest", "--id", "444455556666")["id"]
        yield World(
            server, source, destination, root_key(data, source), root_key(data, destination)
        )
        assert (folder / "stderr").read_text() == "", "the server complained"
