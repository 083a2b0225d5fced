"""Programs that know nothing of Sekisho but where credentials are: boto3, the aws CLI, node."""

import http.client
import json
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from demo.cli import PROGRAMS
from demo.policies import allow

from journeys.traveller import LONGEST_RUN, Environment, Traveller

SEKISHO = str(PROGRAMS / "sekisho")
JAVASCRIPT = Path(__file__).parent / "javascript"
WHO_IN_PYTHON = """
import boto3, json
client = boto3.client("sts", region_name="us-east-1")
print(json.dumps({"Arn": client.get_caller_identity()["Arn"]}))
"""
CONTAINER = "AWS_CONTAINER_"
METADATA = "AWS_EC2_METADATA_"


def asking(traveller: Traveller, command: str, *options: str) -> list[str]:
    given = ("--role", traveller.role, "--profile", "base", "--session-name", "visit")
    return [SEKISHO, command, *given, *options]


@contextmanager
def agent(traveller: Traveller, *options: str) -> Iterator[Environment]:
    """The environment that an agent under way tells."""
    process = subprocess.Popen(
        asking(traveller, "agent", *options),
        env=traveller.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told: Environment = {}
    try:
        for line in process.stdout:
            name, _, value = line.removeprefix("export ").strip().partition("=")
            told[name] = value
            if name.startswith(METADATA) or "--no-metadata" in options:
                break
        assert told, "the agent did not start"
        yield told
    finally:
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
        process.stdout.close()
        assert process.wait(LONGEST_RUN) == 0
        assert "ASIA" not in rest


def who_by_python(traveller: Traveller, told: Environment) -> str:
    return str(json.loads(traveller.run([sys.executable, "-c", WHO_IN_PYTHON], told))["Arn"])


def who_by_cli(traveller: Traveller, told: Environment) -> str:
    words = [str(PROGRAMS / "aws"), "sts", "get-caller-identity", "--output", "json"]
    return str(json.loads(traveller.run(words, told))["Arn"])


def who_by_node(traveller: Traveller, told: Environment) -> str:
    node = shutil.which("node")
    if node is None or not (JAVASCRIPT / "node_modules").is_dir():
        pytest.skip("no node, or `npm ci` was not run in tests/journeys/javascript")
    return traveller.run([node, str(JAVASCRIPT / "identity.mjs")], told).strip()


WHO = pytest.mark.parametrize("who", [who_by_python, who_by_cli, who_by_node])


@WHO
@pytest.mark.parametrize("kind", [CONTAINER, METADATA])
def test_default_chains_find_the_agent(traveller: Traveller, who: Any, kind: str) -> None:
    """W-259, W-262, W-263."""
    with agent(traveller) as told:
        only = {name: value for name, value in told.items() if name.startswith(kind)}
        assert only
        assert who(traveller, only) == traveller.session()


@WHO
def test_a_process_gives_credentials(traveller: Traveller, who: Any) -> None:
    """W-261."""
    command = " ".join(asking(traveller, "credentials", "--duration", "900"))
    traveller.profile("work", credential_process=command)
    assert who(traveller, {"AWS_PROFILE": "work"}) == traveller.session()


def test_the_token_can_stand_in_a_file(traveller: Traveller, tmp_path: Path) -> None:
    """W-262."""
    file = tmp_path / "token"
    file.write_text("a-token-of-the-operator")  # SDKs send a line end along
    with agent(traveller, "--token-file", str(file), "--no-metadata") as told:
        file_name = {f"{CONTAINER}AUTHORIZATION_TOKEN_FILE": str(file)}
        assert who_by_python(traveller, told | file_name) == traveller.session()


def test_what_a_process_prints(traveller: Traveller) -> None:
    """W-261."""
    printed = json.loads(traveller.run(asking(traveller, "credentials")))
    names = {"Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
    assert printed.keys() == names
    assert printed["Version"] == 1
    assert printed["AccessKeyId"].startswith("ASIA")


def test_a_refusal_is_told_in_the_words_of_sts(traveller: Traveller) -> None:
    nowhere = traveller.role + "-not"
    for command in ("credentials", "agent"):
        words = [SEKISHO, command, "--role", nowhere, "--profile", "base"]
        done = traveller.attempt(words)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("Error: AccessDenied: User: arn:aws:iam::")
        assert done.stderr.endswith(f"to perform: sts:AssumeRole on resource: {nowhere}\n")


def test_chained_profiles(traveller: Traveller) -> None:
    second = traveller.returning(allow("s3:*", "*"))
    words = [SEKISHO, "credentials", "--role", second, "--profile", "there"]
    assert json.loads(traveller.run(words))["AccessKeyId"].startswith("ASIA")


def test_strangers_get_nothing_from_the_agent(traveller: Traveller) -> None:
    with agent(traveller) as told:
        port = int(told[f"{METADATA}SERVICE_ENDPOINT"].rpartition(":")[2])

        def status(method: str, path: str, **fields: str) -> int:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request(method, path, headers=fields)
            return connection.getresponse().status

        token = told[f"{CONTAINER}AUTHORIZATION_TOKEN"]
        assert status("GET", "/credentials", Authorization=token) == 200
        assert status("GET", "/credentials") == 401
        assert status("GET", "/credentials", Authorization=token, Host="evil.example") == 403
        forwarded = {"Authorization": token, "X-Forwarded-For": "10.0.0.1"}
        assert status("GET", "/credentials", **forwarded) == 403
        assert status("GET", "/latest/meta-data/iam/security-credentials/") == 401
        assert status("GET", "/" + "x" * 10_000, Authorization=token) == 400
        with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
            raw.sendall(b"\x16\x03\x01\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 400 ")
        assert status("GET", "/credentials", Authorization=token) == 200
