"""The life of a server: its first start and its later ones, its end, its sudden end."""

import json
import re
import signal
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from botocore.credentials import Credentials
from demo.past import HERE
from demo.past import answer as answer_in_the_past
from demo.policies import allow, trust
from demo.raw import read_error, seal_form, seal_s3

from journeys.crossing import refusal
from journeys.servers import Started, failed_start, started
from journeys.world import Keys, root_key
from journeys.world import client as client_at

SHOWN = re.compile(r"aws configure set (aws_access_key_id|aws_secret_access_key) +(\S+)")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def client(server: Started, keys: Keys, service: str) -> Any:
    return client_at(server.endpoint, service, keys)


def shown_key(server: Started) -> Keys | None:
    found = dict(SHOWN.findall("\n".join(server.said)))
    if not found:
        return None
    return Keys(found["aws_access_key_id"], found["aws_secret_access_key"])


def first_key(server: Started) -> Keys:
    key = shown_key(server)
    assert key is not None, server.said
    return key


def account_of(server: Started, keys: Keys) -> str:
    identity: dict[str, str] = client(server, keys, "sts").get_caller_identity()
    return identity["Account"]


def end(server: Started, number: int = signal.SIGTERM) -> int:
    server.process.send_signal(number)
    return server.wait()


def test_the_first_start_shows_a_key_and_later_ones_show_none(data: Path) -> None:
    with started(data) as server:
        key = first_key(server)
        account = account_of(server, key)
        assert account in "\n".join(server.said)
        open_to_others = {p for p in [data, *data.rglob("*")] if p.stat().st_mode & 0o077}
        assert open_to_others == set()
        assert end(server) == 0
    with started(data) as server:
        assert len(server.said) == 1
        assert account_of(server, key) == account
        assert end(server, signal.SIGINT) == 0
    assert server.log.read_text() == ""
    assert key.secret.encode() not in b"".join(
        path.read_bytes() for path in data.rglob("*") if path.is_file()
    )


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def test_a_start_on_a_taken_port_says_so(data: Path, taken_port: int) -> None:
    code, said = failed_start(data, port=taken_port)
    assert said.splitlines()[-1] == (
        f"Error: Cannot listen on 127.0.0.1 port {taken_port}: is something else there? Try --port."
    )
    assert code == 1


def test_a_start_on_a_taken_port_loses_no_key(data: Path, taken_port: int) -> None:
    code, said = failed_start(data, port=taken_port)
    assert code != 0
    assert "Traceback" not in said
    with started(data) as server:
        assert account_of(server, first_key(server))


def test_a_root_key_made_beside_the_server_works_at_once(data: Path) -> None:
    with started(data) as server:
        account = account_of(server, first_key(server))
        assert account_of(server, root_key(data, account)) == account


@pytest.fixture
def put_under_way(data: Path) -> Iterator[tuple[Started, Keys, socket.socket, bytes]]:
    """An upload whose head is answered by 100 Continue and whose body is still to come."""
    with started(data) as server:
        keys = first_key(server)
        client(server, keys, "s3").create_bucket(Bucket="lifetime")
        body = b"slowly " * 1000
        credentials = Credentials(keys.access_key_id, keys.secret)
        sealed = seal_s3(credentials, server.endpoint, "PUT", "/lifetime/slow", body)
        head = [
            "PUT /lifetime/slow HTTP/1.1",
            f"Host: 127.0.0.1:{server.port}",
            f"Content-Length: {len(body)}",
            "Expect: 100-continue",
            *(f"{name}: {value}" for name, value in sealed.headers.items()),
        ]
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
            assert connection.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
            yield server, keys, connection, body


def read_to_end(connection: socket.socket) -> bytes:
    gathered = b""
    while piece := connection.recv(65536):
        gathered += piece
    return gathered


def test_the_end_waits_for_what_is_under_way(
    put_under_way: tuple[Started, Keys, socket.socket, bytes], data: Path
) -> None:
    server, keys, connection, body = put_under_way
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(4096).startswith(b"HTTP/1.1 ")
        server.process.send_signal(signal.SIGTERM)
        # Only a server that has begun to end closes a connection on which nothing is under way.
        read_to_end(idle)
    connection.sendall(body)
    assert read_to_end(connection).startswith(b"HTTP/1.1 200 ")
    assert server.wait() == 0
    assert server.log.read_text() == ""
    with started(data) as again:
        found = client(again, keys, "s3").get_object(Bucket="lifetime", Key="slow")
        assert found["Body"].read() == body


def test_nothing_that_was_answered_is_lost_by_kill(data: Path) -> None:
    with started(data) as server:
        root = first_key(server)
        account = account_of(server, root)
        iam, s3 = client(server, root, "iam"), client(server, root, "s3")
        iam.create_user(UserName="una")
        una = Keys.of(iam.create_access_key(UserName="una")["AccessKey"])
        iam.put_user_policy(
            UserName="una", PolicyName="p", PolicyDocument=json.dumps(allow("sts:AssumeRole", "*"))
        )
        trusted = json.dumps(trust(f"arn:aws:iam::{account}:user/una"))
        role = iam.create_role(RoleName="Guest", AssumeRolePolicyDocument=trusted)["Role"]["Arn"]
        assumed = client(server, una, "sts").assume_role(RoleArn=role, RoleSessionName="visit")
        guest = Keys.of(assumed["Credentials"])
        s3.create_bucket(Bucket="lifetime")
        s3.put_object(Bucket="lifetime", Key="kept", Body=b"kept")
        assert end(server, signal.SIGKILL) == -signal.SIGKILL
    with started(data) as server:
        assert shown_key(server) is None
        for keys in (root, una, guest):
            assert account_of(server, keys) == account
        found = client(server, root, "s3").get_object(Bucket="lifetime", Key="kept")
        assert found["Body"].read() == b"kept"
        identity = client(server, guest, "sts").get_caller_identity()
        assert identity["Arn"].endswith(":assumed-role/Guest/visit")


def test_an_expired_session_is_refused(data: Path) -> None:
    """W-57, W-66, PE-80: a token issued three hours ago for one."""
    with started(data) as server:
        root = first_key(server)
        ago = timedelta(hours=3)
        credentials = Credentials(root.access_key_id, root.secret)
        sealed = seal_form(credentials, HERE, {"Action": "GetSessionToken"}, -ago)
        got, text = answer_in_the_past(data, sealed, ago)
        assert got == 200, read_error(text)
        elements = ElementTree.fromstring(text).iter()
        found = {element.tag.rpartition("}")[2]: element.text or "" for element in elements}
        spent = Keys(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
        by_query = ("ExpiredToken", 403, "The security token included in the request is expired")
        assert refusal(client(server, spent, "sts").get_caller_identity) == by_query
        assert refusal(client(server, spent, "iam").list_users) == by_query
        assert refusal(client(server, spent, "s3").list_buckets) == (
            "ExpiredToken",
            400,
            "The provided token has expired.",
        )


def test_a_second_server_may_share_the_directory(data: Path) -> None:
    """Two processes over one store: what one is told, the other knows with its next answer."""
    with started(data) as first, started(data) as second:
        root = first_key(first)
        assert shown_key(second) is None
        iam = client(first, root, "iam")
        iam.create_user(UserName="una")
        key = iam.create_access_key(UserName="una")["AccessKey"]
        una = Keys.of(key)
        assert account_of(second, una) == account_of(first, root)
        iam.delete_access_key(UserName="una", AccessKeyId=key["AccessKeyId"])
        assert refusal(lambda: account_of(second, una))[0] == "InvalidClientTokenId"
