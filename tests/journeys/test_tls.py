"""HTTPS, with boto3 as it comes: uploads are then sent in chunks with a trailer (W-30)."""

import ipaddress
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from botocore.exceptions import SSLError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from demo.policies import policy, statement

from journeys.crossing import refusal
from journeys.servers import Started, failed_start, started
from journeys.world import Keys, client, root_key, sekisho

ACCOUNT = "111122223333"
PLAIN = "Give --tls-certificate and --tls-key, or say --insecure-http"


@dataclass(frozen=True, slots=True)
class Site:
    """A server that speaks TLS, its certificate, and the root user's key."""

    server: Started
    certificate: Path
    keys: Keys

    def client(self, service: str, keys: Keys | None = None) -> Any:
        return client(
            self.server.endpoint, service, keys or self.keys, verify=str(self.certificate)
        )


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "chain.pem", folder / "private.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return chain, private


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("tls")
    certificate, private = write_certificate(folder)
    data = folder / "data"
    with started(data, "--tls-certificate", str(certificate), "--tls-key", str(private)) as server:
        sekisho(data, "account", "create", "secure", "--id", ACCOUNT)
        yield Site(server, certificate, root_key(data, ACCOUNT))
        assert server.log.read_text() == "", "the server complained"


@pytest.fixture(scope="module")
def bucket(site: Site) -> str:
    name = "bucket-of-tls"
    site.client("s3").create_bucket(Bucket=name)
    return name


def test_it_says_that_it_speaks_tls(site: Site) -> None:
    assert site.server.endpoint.startswith("https://127.0.0.1:")
    assert site.client("sts").get_caller_identity()["Account"] == ACCOUNT


def test_who_does_not_trust_the_certificate_does_not_connect(site: Site) -> None:
    with pytest.raises(SSLError):
        client(site.server.endpoint, "sts", site.keys).get_caller_identity()


def test_plain_http_gets_no_answer(site: Site) -> None:
    with pytest.raises(OSError):
        urlopen(site.server.endpoint.replace("https:", "http:"), timeout=20)


@pytest.mark.parametrize("size", [0, 1, 65_536, 3_000_001])
def test_an_upload_in_chunks_with_a_trailer(site: Site, bucket: str, size: int) -> None:
    """W-30: HTTP chunks around aws-chunked, the payload unsigned, its CRC32 behind it."""
    s3 = site.client("s3")
    sent: list[dict[str, str]] = []
    s3.meta.events.register(
        "before-send.s3.PutObject",
        lambda request, **_: sent.append({k.lower(): str(v) for k, v in request.headers.items()}),
    )
    body = bytes(index % 251 for index in range(size))
    put = s3.put_object(Bucket=bucket, Key="chunked", Body=body)
    (headers,) = sent
    assert "STREAMING-UNSIGNED-PAYLOAD-TRAILER" in headers["x-amz-content-sha256"]
    assert "content-length" not in headers
    got = s3.get_object(Bucket=bucket, Key="chunked", ChecksumMode="ENABLED")
    assert got["Body"].read() == body
    assert got["ETag"] == put["ETag"]
    assert got["ChecksumCRC32"] == put["ChecksumCRC32"]
    assert got.get("ContentEncoding", "") == ""


def test_a_session_token_over_tls(site: Site) -> None:
    token = Keys.of(site.client("sts").get_session_token()["Credentials"])
    assert site.client("sts", token).get_caller_identity()["Account"] == ACCOUNT


def test_a_presigned_url_over_tls(site: Site, bucket: str) -> None:
    s3 = site.client("s3")
    s3.put_object(Bucket=bucket, Key="presigned", Body=b"content")
    url = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "presigned"})
    context = ssl.create_default_context(cafile=str(site.certificate))
    with urlopen(url, timeout=20, context=context) as answer:
        assert answer.read() == b"content"


def test_policies_know_that_tls_carried_it(site: Site, bucket: str) -> None:
    """PE-179: aws:SecureTransport."""
    s3 = site.client("s3")
    s3.put_object(Bucket=bucket, Key="secure/key", Body=b"content")
    denied = policy(
        statement(
            "Deny",
            Principal="*",
            Action="s3:GetObject",
            Resource=f"arn:aws:s3:::{bucket}/secure/*",
            Condition={"Bool": {"aws:SecureTransport": "true"}},
        )
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(denied))
    get = partial(s3.get_object, Bucket=bucket, Key="secure/key")
    assert refusal(get)[:2] == ("AccessDenied", 403)
    s3.delete_bucket_policy(Bucket=bucket)
    assert get()["Body"].read() == b"content"


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_it_does_not_listen_to_the_world_without_tls(tmp_path: Path, host: str) -> None:
    code, said = failed_start(tmp_path / "data", "--host", host)
    assert code == 1
    assert PLAIN in said
    assert not (tmp_path / "data").exists()


def test_half_of_a_pair_is_none(site: Site, tmp_path: Path) -> None:
    code, said = failed_start(tmp_path / "data", "--tls-certificate", str(site.certificate))
    assert code == 1
    assert "--tls-certificate and --tls-key must be given together." in said


def test_a_certificate_that_is_none(site: Site, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    pair = ("--tls-certificate", str(broken), "--tls-key", str(broken))
    code, said = failed_start(tmp_path / "data", *pair)
    assert code == 1
    assert said.startswith("Error: ")
    assert "Traceback" not in said


def test_a_policy_tells_versions_of_tls_apart(site: Site, bucket: str) -> None:
    """PE-191: s3:TlsVersion, which is a number; of callers who did not sign, too."""
    s3 = site.client("s3")
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject"}
    deny["Resource"] = f"arn:aws:s3:::{bucket}/*"
    s3.put_object(Bucket=bucket, Key="k", Body=b"content")
    anyone = {**deny, "Effect": "Allow"}
    s3.delete_public_access_block(Bucket=bucket)
    url = f"{site.server.endpoint}/{bucket}/k"
    context = ssl.create_default_context(cafile=str(site.certificate))
    older = ssl.create_default_context(cafile=str(site.certificate))
    older.maximum_version = ssl.TLSVersion.TLSv1_2

    def reads(with_context: ssl.SSLContext) -> bool:
        try:
            with urlopen(url, timeout=20, context=with_context) as answer:
                return bool(answer.read() == b"content")
        except HTTPError as error:
            assert error.code == 403
            return False

    def reads_at_once(with_context: ssl.SSLContext) -> bool:
        """On a connection that is kept alive, whose requests need no thread."""
        split = urlsplit(url)
        connection = HTTPSConnection(split.netloc, timeout=20, context=with_context)
        connection.request("GET", split.path)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        assert answer.status in (200, 403)
        return content == b"content"

    conditions: list[tuple[dict[str, Any], bool, bool]] = [
        ({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, True, True),
        ({"NumericLessThan": {"s3:TlsVersion": "1.3"}}, True, False),
        ({"NumericGreaterThan": {"s3:TlsVersion": "1.2"}}, False, True),
        ({"Null": {"s3:TlsVersion": "true"}}, True, True),
    ]
    for condition, newest, old in conditions:
        document = json.dumps(policy(anyone, {**deny, "Condition": condition}))
        s3.put_bucket_policy(Bucket=bucket, Policy=document)
        for way in (reads, reads_at_once):
            assert (way(context), way(older)) == (newest, old), condition
    s3.delete_bucket_policy(Bucket=bucket)
