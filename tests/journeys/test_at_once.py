"""Requests that are answered on the event loop get what the others get, byte for byte."""

import hashlib
import http.client
import re
import socket
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from journeys.world import World

BUCKET = "bucket-at-once"
SMALL, LARGE = b"small\r\n" * 9, bytes(range(256)) * 4096
# What differs from answer to answer. Connection is what the two ways differ in here.
OF_ITS_OWN = frozenset({"date", "x-amz-request-id", "x-amz-id-2", "connection"})
IDS = re.compile(rb"<(RequestId|HostId)>[^<]*")

Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture(scope="module")
def filled(world: World) -> World:
    s3 = world.client("s3", world.source_root)
    s3.create_bucket(Bucket=BUCKET)
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://page"]}
    s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [rule]})
    for key, body in (("small", SMALL), ("empty", b""), ("large", LARGE), ("a//b c+ü", SMALL)):
        s3.put_object(Bucket=BUCKET, Key=key, Body=body, Metadata={"note": "n"})
    return world


def presigned(world: World, method: str, path: str) -> str:
    request = AWSRequest(method, f"{world.server.endpoint}{path}")
    keys = world.source_root
    auth = S3SigV4QueryAuth(Credentials(keys.access_key_id, keys.secret), "s3", "us-east-1")
    auth.add_auth(request)
    split = urlsplit(request.url)
    return f"{split.path}?{split.query}"


def answer_of(world: World, method: str, path: str, headers: dict[str, str]) -> Answer:
    split = urlsplit(world.server.endpoint)
    connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=20)
    connection.request(method, presigned(world, method, path), headers=headers)
    response = connection.getresponse()
    content = IDS.sub(rb"<\1>", response.read())
    told = {name.lower(): text for name, text in response.getheaders()}
    connection.close()
    return response.status, {n: t for n, t in told.items() if n not in OF_ITS_OWN}, content


CASES: list[tuple[str, str, dict[str, str], int]] = [
    ("GET", "small", {}, 200),
    ("GET", "empty", {}, 200),
    ("GET", "large", {}, 200),
    ("GET", "a//b%20c%2B%C3%BC", {}, 200),
    ("HEAD", "small", {}, 200),
    ("HEAD", "large", {}, 200),
    ("HEAD", "none", {}, 404),
    ("GET", "none", {}, 404),
    ("GET", "small", {"Range": "bytes=1-3"}, 206),
    ("GET", "large", {"Range": "bytes=5-"}, 206),
    ("GET", "small", {"Range": "bytes=999-"}, 416),
    ("GET", "small", {"If-None-Match": f'"{hashlib.md5(SMALL).hexdigest()}"'}, 304),
    ("GET", "small", {"If-Match": '"other"'}, 412),
    ("GET", "small", {"Origin": "https://page"}, 200),
    ("GET", "small", {"Content-Length": "0"}, 200),
    ("GET", "%ff", {}, 400),
    ("GET", "", {}, 200),
]


@pytest.mark.parametrize(("method", "key", "headers", "status"), CASES)
def test_both_ways_answer_the_same(
    filled: World, method: str, key: str, headers: dict[str, str], status: int
) -> None:
    """A connection that is not kept alive takes the long way."""
    path = f"/{BUCKET}/{key}"
    short = answer_of(filled, method, path, headers)
    long = answer_of(filled, method, path, {**headers, "Connection": "close"})
    assert short == long
    assert short[0] == status


def test_answers_tell_the_time(filled: World) -> None:
    """W-267: SDKs whose clock is wrong set it by this."""
    split = urlsplit(filled.server.endpoint)
    for path in ("/", f"/{BUCKET}/none"):
        connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=20)
        connection.request("GET", path)
        told = parsedate_to_datetime(connection.getresponse().headers["Date"])
        assert abs((datetime.now(UTC) - told).total_seconds()) < 60
        connection.close()


def test_a_large_object_is_sent_whole(filled: World) -> None:
    _, headers, content = answer_of(filled, "GET", f"/{BUCKET}/large", {})
    assert (headers["content-length"], content) == (str(len(LARGE)), LARGE)


def test_pipelined_requests_are_answered_in_their_order(filled: World) -> None:
    """Whatever way each goes: the large one is read by a thread, the small ones need none."""
    split = urlsplit(filled.server.endpoint)
    keys = ["small", "large", "empty", "small", "large", "none", "small"]
    sizes: list[Any] = [len(SMALL), len(LARGE), 0, len(SMALL), len(LARGE), None, len(SMALL)]
    with socket.create_connection((split.hostname, split.port or 0), timeout=20) as connection:
        for key in keys:
            target = presigned(filled, "GET", f"/{BUCKET}/{key}")
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {split.netloc}\r\n\r\n".encode())
        stream = connection.makefile("rb")
        for size in sizes:
            status = stream.readline().split()[1]
            length = 0
            while (line := stream.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            stream.read(length)
            assert status == (b"404" if size is None else b"200")
            assert size is None or length == size


@pytest.mark.parametrize("name", ["voilà.txt", "í.txt", "関所.txt", "é.txt"])
def test_headers_beyond_ascii_come_back_byte_for_byte(filled: World, name: str) -> None:
    """As clients write them, in UTF-8, some bytes of which are control characters in ISO-8859-1."""
    split = urlsplit(filled.server.endpoint)
    sent = f"attachment; filename={name}".encode()
    connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=20)
    target = presigned(filled, "PUT", f"/{BUCKET}/named")
    connection.request("PUT", target, SMALL, {"Content-Disposition": sent})
    assert connection.getresponse().read() == b""
    for method in ("GET", "HEAD"):
        connection.request(method, presigned(filled, method, f"/{BUCKET}/named"))
        response = connection.getresponse()
        response.read()
        assert response.status == 200
        assert response.getheader("content-disposition", "").encode("latin-1") == sent


def test_a_small_body_may_come_late(filled: World) -> None:
    """Head and body in pieces of their own; then the object is what was sent."""
    split = urlsplit(filled.server.endpoint)
    target = presigned(filled, "PUT", f"/{BUCKET}/late")
    head = f"PUT {target} HTTP/1.1\r\nHost: {split.netloc}\r\nContent-Length: 4\r\n\r\n"
    with socket.create_connection((split.hostname, split.port or 0), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in (head.encode(), b"la", b"te"):
            connection.sendall(piece)
        assert connection.recv(12) == b"HTTP/1.1 200"
    assert answer_of(filled, "GET", f"/{BUCKET}/late", {})[2] == b"late"


def test_of_a_small_body_that_is_cut_off_nothing_is_kept(filled: World) -> None:
    split = urlsplit(filled.server.endpoint)
    target = presigned(filled, "PUT", f"/{BUCKET}/cut")
    head = f"PUT {target} HTTP/1.1\r\nHost: {split.netloc}\r\nContent-Length: 4\r\n\r\n"
    with socket.create_connection((split.hostname, split.port or 0), timeout=20) as connection:
        connection.sendall(head.encode() + b"cu")
    assert answer_of(filled, "GET", f"/{BUCKET}/cut", {})[0] == 404
