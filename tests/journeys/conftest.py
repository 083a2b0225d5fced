"""A live server, and accounts on it made as an operator makes them."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from demo.cli import PROGRAMS
from demo.server import Server, serving

ONE_TRY = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})


@dataclass(frozen=True, slots=True)
class Keys:
    """Credentials of somebody, long-term or temporary."""

    access_key_id: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, given: dict[str, Any]) -> "Keys":
        return cls(given["AccessKeyId"], given["SecretAccessKey"], given.get("SessionToken"))


@dataclass(frozen=True, slots=True)
class World:
    """A server with a source and a destination account."""

    server: Server
    source: str
    destination: str
    source_root: Keys
    destination_root: Keys

    def client(self, service: str, keys: Keys, **more: Any) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.server.endpoint,
            region_name="us-east-1",
            aws_access_key_id=keys.access_key_id,
            aws_secret_access_key=keys.secret,
            aws_session_token=keys.token,
            config=ONE_TRY,
            **more,
        )

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


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    data = folder / "data"
    with serving(data, folder / "stderr") as server:
        source = sekisho(data, "account", "create", "source", "--id", "111122223333")["id"]
        destination = sekisho(data, "account", "create", "dest", "--id", "444455556666")["id"]
        yield World(
            server, source, destination, root_key(data, source), root_key(data, destination)
        )
        assert (folder / "stderr").read_text() == "", "the server complained"


Refusal = Callable[[Callable[[], object]], tuple[str, int, str]]


@pytest.fixture
def refusal() -> Refusal:
    """Code, status and message of the error that a call ends with."""
    from botocore.exceptions import ClientError

    def read(call: Callable[[], object]) -> tuple[str, int, str]:
        with pytest.raises(ClientError) as caught:
            call()
        response = caught.value.response
        error = response["Error"]
        return error["Code"], response["ResponseMetadata"]["HTTPStatusCode"], error["Message"]

    return read
