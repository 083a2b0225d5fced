"""Hostile bytes get AWS's error or a plain 4xx: never a 5xx, never a hang, and the server lives."""

import http.client
import socket
from urllib.parse import urlsplit

import pytest

from journeys.world import World

LONG = "A" * 70_000
FORM = "application/x-www-form-urlencoded"
SIGNED = (
    "AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/{service}/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=" + "0" * 64
)


def address(world: World) -> tuple[str, int]:
    parts = urlsplit(world.server.endpoint)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def status_of(world: World, head: bytes, body: bytes = b"") -> int | None:
    """The status of the answer to raw bytes; None if the connection is closed without one."""
    with socket.create_connection(address(world), timeout=20) as connection:
        try:
            connection.sendall(head + body)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else None


def request_bytes(line: str, *headers: str) -> bytes:
    return "\r\n".join([line, "Host: localhost", *headers, "", ""]).encode("latin-1")


HOSTILE = {
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    "an endless request line": b"GET /" + b"a" * 500_000,
    "endless headers": b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 100_000,
    "one huge header": request_bytes("GET / HTTP/1.1", "X-A: " + "b" * 300_000),
    "a bad method": request_bytes("BREW / HTTP/1.1"),
    "a path that is not ASCII": b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    "an absolute path with no end": request_bytes("GET http://[::1 HTTP/1.1"),
    "two lengths": request_bytes("PUT /b/k HTTP/1.1", "Content-Length: 1", "Content-Length: 2"),
    "a length and chunks": request_bytes(
        "PUT /b/k HTTP/1.1", "Content-Length: 5", "Transfer-Encoding: chunked"
    ),
    "a negative length": request_bytes("PUT /b/k HTTP/1.1", "Content-Length: -1"),
    "a huge length": request_bytes("PUT /b/k HTTP/1.1", "Content-Length: 99999999999999999999"),
    "bad chunks": request_bytes("POST / HTTP/1.1", "Transfer-Encoding: chunked") + b"zz\r\n\r\n",
    "no body where one is due": request_bytes(
        "POST / HTTP/1.1", f"Content-Type: {FORM}", "Content-Length: 100"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bytes_that_are_no_good_http(world: World, name: str) -> None:
    status = status_of(world, HOSTILE[name])
    assert status is None or 300 <= status < 500
    assert_alive(world)


def assert_alive(world: World) -> None:
    identity = world.client("sts", world.source_root).get_caller_identity()
    assert identity["Account"] == world.source


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("endless", [b"X-A: b\r\n" * 8000, b"X-A: " + b"b" * 64_000])
def test_fields_without_end_after_a_body_close_the_connection(
    world: World, method: str, endless: bytes
) -> None:
    head = request_bytes(f"{method} /b/k HTTP/1.1", "Transfer-Encoding: chunked")
    with socket.create_connection(address(world), timeout=20) as connection:
        connection.sendall(head + b"0\r\n")
        with pytest.raises(OSError, match=r"reset|[Pp]ipe"):
            for _ in range(500):
                connection.sendall(endless)
    assert_alive(world)


def test_fields_after_a_body_are_no_headers(world: World) -> None:
    """A bad Authorization would be told of first."""
    head = request_bytes("POST /no-such-bucket HTTP/1.1", "Transfer-Encoding: chunked")
    head = head.replace(b" HTTP", b"?delete HTTP")
    for late in (b"", b"Authorization: AWS4-HMAC-SHA256 x\r\n"):
        with socket.create_connection(address(world), timeout=20) as connection:
            connection.sendall(head + b"0\r\n" + late + b"\r\n")
            assert b"MissingRequestBodyError" in connection.recv(65536)


AUTHORIZATIONS = [
    "",
    " ",
    "AWS4-HMAC-SHA256",
    "AWS4-HMAC-SHA256 ",
    "AWS4-HMAC-SHA256 Credential",
    "AWS4-HMAC-SHA256 Credential=,SignedHeaders=,Signature=",
    "AWS4-HMAC-SHA256 Credential=////,SignedHeaders=;,Signature=" + "0" * 64,
    "AWS4-HMAC-SHA256 Credential=a/b/c/d/e/f,SignedHeaders=host,Signature=x",
    "AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=",
    "Basic dXNlcjpwYXNz",
    "Bearer " + "x" * 4000,
    "AWS4-HMAC-SHA256 " + "Credential=a," * 3000,
    "AWS4-HMAC-SHA256 Credential=\x01\x7f/\xff, SignedHeaders=\xfe, Signature=\xfd",
    SIGNED.format(key="AKIA" + "\xe9" * 16, service="sts"),
    SIGNED.format(key="AKIARZPUZDIKMHNSDX2T", service="sts"),
    SIGNED.format(key="AKIARZPUZDIKMHNSDX2T", service="iam"),
    SIGNED.format(key="AKIARZPUZDIKMHNSDX2T", service="s3"),
    SIGNED.format(key="AKIARZPUZDIKMHNSDX2T", service="ec2"),
    SIGNED.format(key="ASIARZPUZDIKMHNSDX2T", service="s3"),
    SIGNED.format(key="x" * 5000, service="sts"),
    "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sts/aws4_request,"
    f"SignedHeaders={';'.join(f'h{n}' for n in range(500))},Signature=0",
]
DATES = ["", "20260101T000000Z", "yesterday", "99999999T999999Z", "\xff" * 16]


@pytest.mark.parametrize("authorization", AUTHORIZATIONS)
@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize(("method", "path"), [("POST", "/"), ("GET", "/b/k?acl"), ("PUT", "/b/k")])
def test_bad_authorization(
    world: World, authorization: str, date: str, method: str, path: str
) -> None:
    connection = http.client.HTTPConnection(*address(world), timeout=20)
    headers = {"Authorization": authorization, "X-Amz-Date": date, "Content-Type": FORM}
    body = "Action=GetCallerIdentity&Version=2011-06-15"
    connection.request(
        method,
        path,
        body.encode(),
        {name: value.encode("latin-1") for name, value in headers.items()},
    )
    answer = connection.getresponse()
    assert 300 <= answer.status < 500 or answer.status == 501
    assert b"Traceback" not in answer.read()
    connection.close()


FORMS = [
    "",
    "&&&&",
    "Action",
    "Action=",
    "=x",
    "Action=%",
    "Action=%zz&Version=%e9",
    "Action=GetCallerIdentity",
    "Action=GetCallerIdentity&Version=1999-01-01",
    f"Action={LONG}",
    "Action=AssumeRole&Version=2011-06-15&"
    + "&".join(f"Tags.member.{n}.Key=k" for n in range(20000)),
    "Action=AssumeRole&Version=2011-06-15&" + "a" + ".a" * 20000 + "=1",
    "Action=AssumeRole&Version=2011-06-15&Tags.member.99999999999999999999.Key=k",
    "Action=AssumeRole&Version=2011-06-15&DurationSeconds=" + "9" * 5000,
    "Action=AssumeRole&Version=2011-06-15&RoleArn.x=1&RoleArn=2",
    "Action=AssumeRole&Version=2011-06-15&RoleArn=\x00\x01\ud7ff",
]


@pytest.mark.parametrize("form", FORMS, ids=range(len(FORMS)))
@pytest.mark.parametrize("where", ["body", "query"])
def test_bad_forms(world: World, form: str, where: str) -> None:
    connection = http.client.HTTPConnection(*address(world), timeout=20)
    if where == "body":
        connection.request("POST", "/", form.encode(), {"Content-Type": FORM})
    elif form.isprintable() and " " not in form:
        connection.request("GET", f"/?{form}")
    else:
        pytest.skip("not a request line")
    try:
        status: int | None = connection.getresponse().status
    except (ConnectionResetError, http.client.RemoteDisconnected):
        status = None
    assert status is None or 300 <= status < 500
    connection.close()


def test_a_form_beyond_the_limit_is_refused(world: World) -> None:
    """W-15: 10,000,000 bytes."""
    head = request_bytes(
        "POST / HTTP/1.1", f"Content-Type: {FORM}", "Content-Length: 10000001", "Connection: close"
    )
    assert status_of(world, head, b"a" * 10_000_001) == 413
    assert_alive(world)


@pytest.mark.parametrize(
    "document",
    [
        b"<a",
        b"\x00",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><CreateBucketConfiguration/>',
        b"<CreateBucketConfiguration>" + b"<x>" * 100_000,
        b"<CreateBucketConfiguration><LocationConstraint>" + b"x" * 100_000,
        '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"),
    ],
    ids=range(7),
)
def test_bad_xml_is_malformed(world: World, document: bytes) -> None:
    import botocore.auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    url = f"{world.server.endpoint}/some-bucket-of-xml"
    request = AWSRequest("PUT", url, data=document)
    keys = world.source_root
    credentials = Credentials(keys.access_key_id, keys.secret)
    botocore.auth.S3SigV4Auth(credentials, "s3", "us-east-1").add_auth(request)
    connection = http.client.HTTPConnection(*address(world), timeout=20)
    connection.request("PUT", "/some-bucket-of-xml", document, dict(request.headers))
    answer = connection.getresponse()
    assert answer.status == 400
    assert b"<Code>MalformedXML</Code>" in answer.read()
    connection.close()
