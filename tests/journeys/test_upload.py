"""Bodies of uploads: large, cut off, refused, at the same time, and not what was promised."""

import base64
import hashlib
import json
import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from demo.policies import allow

from journeys.crossing import refusal
from journeys.servers import Started, started
from journeys.world import Keys, client, root_key, sekisho
from sekisho.gate.audit import read_back

ACCOUNT, BUCKET = "111122223333", "bucket-of-bodies"
MIB = 1024 * 1024
MOST_GROWTH = 40 * MIB


@dataclass(frozen=True, slots=True)
class Dock:
    """A server with a bucket and nobody else on it."""

    server: Started
    keys: Keys

    def client(self, service: str = "s3", keys: Keys | None = None) -> Any:
        return client(self.server.endpoint, service, keys or self.keys)

    def blobs(self) -> set[Path]:
        return {path for path in (self.server.data / "blobs").rglob("*") if path.is_file()}

    def staged(self) -> list[Path]:
        return list((self.server.data / "blobs" / "staging").iterdir())

    def head(self, key: str, body: bytes, keys: Keys, *more: str) -> bytes:
        """The head of a signed PutObject."""
        url = f"{self.server.endpoint}/{BUCKET}/{key}"
        request = AWSRequest("PUT", url, data=body)
        credentials = Credentials(keys.access_key_id, keys.secret)
        S3SigV4Auth(credentials, "s3", "us-east-1").add_auth(request)
        lines = [
            f"PUT /{BUCKET}/{key} HTTP/1.1",
            f"Host: 127.0.0.1:{self.server.port}",
            f"Content-Length: {len(body)}",
            *(f"{name}: {value}" for name, value in request.headers.items()),
            *more,
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=30)


@pytest.fixture(scope="module")
def dock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dock]:
    data = tmp_path_factory.mktemp("dock") / "data"
    with started(data) as server:
        sekisho(data, "account", "create", "dock", "--id", ACCOUNT)
        opened = Dock(server, root_key(data, ACCOUNT))
        opened.client().create_bucket(Bucket=BUCKET)
        yield opened
        assert server.log.read_text() == "", "the server complained"


def read_answer(connection: socket.socket) -> tuple[int, bytes]:
    """Status and body of an answer, read until the server closes or the body is whole."""
    gathered = b""
    while b"\r\n\r\n" not in gathered:
        gathered += receive(connection)
    head, _, body = gathered.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length is not None and len(body) < int(length[1]):
        body += receive(connection)
    return int(head.split(b" ", 2)[1]), body


def receive(connection: socket.socket) -> bytes:
    piece = connection.recv(65536)
    assert piece, "the server closed the connection without an answer"
    return piece


def test_a_large_object_passes_through_little_memory(dock: Dock) -> None:
    s3 = dock.client()
    s3.put_object(Bucket=BUCKET, Key="large", Body=b"warm" * MIB)
    s3.get_object(Bucket=BUCKET, Key="large")["Body"].read()
    before = dock.server.peak_memory()
    body = bytes(range(256)) * (64 * MIB // 256)
    put = s3.put_object(Bucket=BUCKET, Key="large", Body=body)
    assert put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
    got = s3.get_object(Bucket=BUCKET, Key="large")
    assert got["ContentLength"] == len(body)
    assert got["Body"].read() == body
    assert dock.server.peak_memory() - before <= MOST_GROWTH
    s3.delete_object(Bucket=BUCKET, Key="large")


def test_a_slow_reader_does_not_fill_the_memory(dock: Dock) -> None:
    s3 = dock.client()
    size = 64 * MIB
    s3.put_object(Bucket=BUCKET, Key="slow", Body=bytes(size))
    before = dock.server.peak_memory()
    readers = [s3.get_object(Bucket=BUCKET, Key="slow")["Body"] for _ in range(4)]
    for reader in readers:
        assert len(reader.read(MIB)) == MIB
    # All four answers are under way; the other 63 MiB of each must wait on the disk.
    dock.client("sts").get_caller_identity()
    assert dock.server.peak_memory() - before <= MOST_GROWTH
    assert len(readers[0].read()) == size - MIB
    for reader in readers:
        reader.close()
    s3.delete_object(Bucket=BUCKET, Key="slow")


def absent(dock: Dock, key: str) -> bool:
    head = partial(dock.client().head_object, Bucket=BUCKET, Key=key)
    return refusal(head)[1] == 404


@pytest.mark.parametrize("sent", [0, 1, 200_000])
def test_an_upload_that_is_cut_off_leaves_nothing(dock: Dock, sent: int) -> None:
    body = bytes(300_000)
    before, uploads = dock.blobs(), uploads_on_record(dock)
    with dock.connect() as connection:
        connection.sendall(dock.head("cut", body, dock.keys) + body[:sent])
        connection.shutdown(socket.SHUT_WR)
        rest = b""
        while piece := connection.recv(65536):
            rest += piece
    assert not rest.startswith(b"HTTP/1.1 2")
    wait_for_record(dock, uploads + 1)
    assert dock.staged() == []
    assert dock.blobs() == before
    assert absent(dock, "cut")


def uploads_on_record(dock: Dock) -> int:
    trail = read_back(dock.server.data / "audit")
    return sum(line.get("operation") == "s3:PutObject" for line in trail)


def wait_for_record(dock: Dock, uploads: int) -> None:
    """Until so many uploads are on the audit trail, which is when nothing of them is at work."""
    latest = time.monotonic() + 30
    sts = dock.client("sts")
    while uploads_on_record(dock) < uploads:
        assert time.monotonic() < latest, "the upload did not come to an end"
        sts.get_caller_identity()


def test_a_cut_off_upload_leaves_what_was_there(dock: Dock) -> None:
    s3 = dock.client()
    s3.put_object(Bucket=BUCKET, Key="there", Body=b"before")
    uploads = uploads_on_record(dock)
    with dock.connect() as connection:
        connection.sendall(dock.head("there", bytes(100_000), dock.keys) + bytes(50_000))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
    wait_for_record(dock, uploads + 1)
    assert s3.get_object(Bucket=BUCKET, Key="there")["Body"].read() == b"before"


def new_user(dock: Dock, name: str, policy: object = None) -> Keys:
    iam = dock.client("iam")
    iam.create_user(UserName=name)
    if policy is not None:
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
    return Keys.of(iam.create_access_key(UserName=name)["AccessKey"])


def test_who_is_denied_learns_it_before_the_body_is_sent(dock: Dock) -> None:
    """W-32: no 100 Continue comes first."""
    stranger = new_user(dock, "stranger")
    body = bytes(5 * MIB)
    with dock.connect() as connection:
        connection.sendall(dock.head("denied", body, stranger, "Expect: 100-continue"))
        status, text = read_answer(connection)
        assert status == 403
        assert b"<Code>AccessDenied</Code>" in text
        # What was not read must not be taken for another request.
        assert connection.recv(65536) == b""
    assert dock.staged() == []


def test_who_is_allowed_is_asked_for_the_body(dock: Dock) -> None:
    body = b"asked for"
    with dock.connect() as connection:
        connection.sendall(dock.head("asked", body, dock.keys, "Expect: 100-continue"))
        assert connection.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert read_answer(connection)[0] == 200
    assert dock.client().get_object(Bucket=BUCKET, Key="asked")["Body"].read() == body


def test_of_overwrites_at_once_one_is_left_whole(dock: Dock) -> None:
    bodies = [bytes([number]) * (MIB + number) for number in range(8)]
    start = threading.Barrier(len(bodies))
    before = dock.blobs()

    def put(body: bytes) -> str:
        s3 = dock.client()
        start.wait()
        etag: str = s3.put_object(Bucket=BUCKET, Key="contested", Body=body)["ETag"]
        return etag

    with ThreadPoolExecutor(len(bodies)) as threads:
        etags = list(threads.map(put, bodies))
    got = dock.client().get_object(Bucket=BUCKET, Key="contested")
    body = got["Body"].read()
    assert body in bodies
    assert got["ETag"] == etags[bodies.index(body)]
    assert len(dock.blobs()) == len(before) + 1


def test_a_reader_is_not_disturbed_by_an_overwrite(dock: Dock) -> None:
    s3 = dock.client()
    old = b"old!" * (2 * MIB)
    s3.put_object(Bucket=BUCKET, Key="read", Body=old)
    reader = s3.get_object(Bucket=BUCKET, Key="read")["Body"]
    begun = reader.read(1024)
    dock.client().put_object(Bucket=BUCKET, Key="read", Body=b"new")
    assert begun + reader.read() == old
    assert s3.get_object(Bucket=BUCKET, Key="read")["Body"].read() == b"new"


def md5(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body).digest()).decode()


def crc32(body: bytes) -> str:
    return base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()


def sha256(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


@pytest.mark.parametrize(
    ("name", "digest"),
    [("ContentMD5", md5), ("ChecksumCRC32", crc32), ("ChecksumSHA256", sha256)],
)
def test_a_body_that_is_not_what_was_promised(
    dock: Dock, name: str, digest: Callable[[bytes], str]
) -> None:
    """W-307."""
    s3 = dock.client()
    before = dock.blobs()
    wrong = {"Bucket": BUCKET, "Key": "wrong", "Body": b"content", name: digest(b"other")}
    assert refusal(lambda: s3.put_object(**wrong))[:2] == ("BadDigest", 400)
    assert absent(dock, "wrong")
    assert dock.blobs() == before
    right = {name: digest(b"content")}
    s3.put_object(Bucket=BUCKET, Key=f"right-{name}", Body=b"content", **right)
    assert s3.get_object(Bucket=BUCKET, Key=f"right-{name}")["Body"].read() == b"content"


def test_another_body_than_the_signed_one_is_refused(dock: Dock) -> None:
    """W-29: the hash of the payload is part of the signature."""
    signed, sent = b"pay alice", b"pay mally"
    before = dock.blobs()
    with dock.connect() as connection:
        connection.sendall(dock.head("swapped", signed, dock.keys) + sent)
        status, text = read_answer(connection)
    assert status == 400
    assert b"<Code>XAmzContentSHA256Mismatch</Code>" in text
    assert absent(dock, "swapped")
    assert dock.blobs() == before


def test_a_key_may_only_write_where_its_policy_says(dock: Dock) -> None:
    writer = new_user(dock, "writer", allow("s3:PutObject", f"arn:aws:s3:::{BUCKET}/own/*"))
    s3 = dock.client(keys=writer)
    s3.put_object(Bucket=BUCKET, Key="own/key", Body=b"content")
    for key in ("other/key", "own", "own%2Fkey", "../own/key"):
        put = partial(s3.put_object, Bucket=BUCKET, Key=key, Body=b"content")
        assert refusal(put)[:2] == ("AccessDenied", 403)
