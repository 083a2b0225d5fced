"""Answers that a thread works on get what the others get, in their order, whatever comes behind."""

import hashlib
import http.client
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

import pytest
from botocore.credentials import Credentials
from demo.raw import seal_form

from journeys.test_at_once import IDS, OF_ITS_OWN, Answer, presigned
from journeys.world import World

BUCKET = "bucket-of-late-answers"
BODY = b"bytes\r\n" * 9


@pytest.fixture(scope="module")
def filled(world: World) -> World:
    world.client("s3", world.source_root).create_bucket(Bucket=BUCKET)
    return world


def answer_to_put(world: World, path: str, body: bytes, headers: dict[str, str]) -> Answer:
    split = urlsplit(world.server.endpoint)
    connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=20)
    connection.request("PUT", presigned(world, "PUT", path), body, headers)
    response = connection.getresponse()
    content = IDS.sub(rb"<\1>", response.read())
    told = {name.lower(): text for name, text in response.getheaders()}
    connection.close()
    return response.status, {n: t for n, t in told.items() if n not in OF_ITS_OWN}, content


CASES: list[tuple[str, bytes, dict[str, str], int]] = [
    (f"/{BUCKET}/key", BODY, {}, 200),
    (f"/{BUCKET}/empty", b"", {}, 200),
    (f"/{BUCKET}/large", BODY * 1000, {}, 200),
    (f"/{BUCKET}/key", BODY, {"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}, 400),
    (f"/{BUCKET}/key", BODY, {"If-None-Match": "*"}, 412),
    (f"/{BUCKET}/key", BODY, {"Origin": "https://page"}, 200),
    (f"/{BUCKET}", b"<no><xml", {}, 400),
    (f"/{BUCKET}?versioning", b"<no><xml", {}, 400),
    ("/no-such-bucket-at-all/key", BODY, {}, 404),
    (f"/{BUCKET}/%ff", BODY, {}, 400),
]


@pytest.mark.parametrize(("path", "body", "headers", "status"), CASES)
def test_both_ways_answer_the_same(
    filled: World, path: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    """A connection that is not kept alive takes the long way."""
    answer_to_put(filled, f"/{BUCKET}/key", BODY, {})
    short = answer_to_put(filled, path, body, headers)
    long = answer_to_put(filled, path, body, {**headers, "Connection": "close"})
    assert short == long
    assert short[0] == status


def request_of(world: World, method: str, path: str, body: bytes = b"") -> bytes:
    host = urlsplit(world.server.endpoint).netloc
    target = presigned(world, method, path)
    head = f"{method} {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def form_of(world: World, form: dict[str, str]) -> bytes:
    keys = world.source_root
    credentials = Credentials(keys.access_key_id, keys.secret)
    sealed = seal_form(credentials, world.server.endpoint, form, service="iam")
    host = urlsplit(world.server.endpoint).netloc
    lines = [f"{name}: {value}\r\n" for name, value in sealed.headers.items()]
    head = f"POST / HTTP/1.1\r\nHost: {host}\r\n{''.join(lines)}"
    return f"{head}Content-Length: {len(sealed.body)}\r\n\r\n".encode() + sealed.body


def answers(connection: socket.socket, methods: Sequence[str]) -> list[tuple[int, bytes]]:
    """Status and body of the answers to requests of these methods."""
    found = []
    stream = connection.makefile("rb")
    for method in methods:
        status, length = int(stream.readline().split()[1]), 0
        while (line := stream.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        found.append((status, b"" if method == "HEAD" else stream.read(length)))
    return found


def test_what_is_pipelined_behind_waits_and_sees_what_was_done(filled: World) -> None:
    """Each read comes behind the write it reads, in one segment; whoever overtook would miss it."""
    split = urlsplit(filled.server.endpoint)
    whole = b""
    for number in range(5):
        path, name = f"/{BUCKET}/piped-{number}", f"piped-{number}"
        whole += request_of(filled, "PUT", path, b"%d" % number)
        whole += request_of(filled, "GET", path)
        whole += form_of(filled, {"Action": "CreateUser", "UserName": name})
        whole += form_of(filled, {"Action": "GetUser", "UserName": name})
        whole += request_of(filled, "DELETE", path)
        whole += request_of(filled, "HEAD", path)
        whole += form_of(filled, {"Action": "DeleteUser", "UserName": name})
    with socket.create_connection((split.hostname, split.port or 0), timeout=20) as connection:
        connection.sendall(whole)
        methods = ["PUT", "GET", "POST", "POST", "DELETE", "HEAD", "POST"]
        found = answers(connection, methods * 5)
    for number in range(5):
        put, got, made, seen, gone, missing, deleted = found[number * 7 : number * 7 + 7]
        assert (put[0], got) == (200, (200, b"%d" % number))
        assert made[0] == seen[0] == deleted[0] == 200
        assert f"<UserName>piped-{number}<".encode() in seen[1]
        assert (gone[0], missing[0]) == (204, 404)


def test_who_goes_away_leaves_their_write_and_harms_nobody(filled: World) -> None:
    split = urlsplit(filled.server.endpoint)
    for number in range(20):
        with socket.create_connection((split.hostname, split.port or 0), timeout=20) as connection:
            connection.sendall(request_of(filled, "PUT", f"/{BUCKET}/left", b"%d" % number))
    status, headers, _ = answer_to_put(filled, f"/{BUCKET}/stayed", BODY, {})
    assert (status, headers["etag"]) == (200, f'"{hashlib.md5(BODY).hexdigest()}"')
