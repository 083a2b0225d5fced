"""Issuers' keys: fetched by a hostile address only as far as it may, remembered, or from a file."""

import datetime
import hashlib
import ipaddress
import json
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from sekisho.services.outside import IssuerUnreachable, KeysUnavailable, StrangeCertificate
from sekisho.services.sts import fetch, key_sets
from sekisho.services.sts.fetch import LARGEST_ANSWER, Fetcher, connect_to, is_public
from sekisho.services.sts.key_sets import FRESH_SECONDS, PAUSE_SECONDS, IssuersKeys, read_keys

HOST = "issuer.example"
PUBLIC = "93.184.215.14"


def certificate(
    name: str, key: Any, signer: tuple[x509.Name, Any] | None = None, *, is_authority: bool
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signing = (subject, key) if signer is None else signer
    today = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .sign(signing, hashes.SHA256())
    )


def der(shown: x509.Certificate) -> bytes:
    return shown.public_bytes(Encoding.DER)


def thumbprint(shown: x509.Certificate) -> str:
    return hashlib.sha1(der(shown)).hexdigest()


class Papers:
    """An authority, a host's certificate from it, and one that the host signed for itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        authority_key, self.key = (
            ec.generate_private_key(ec.SECP256R1()),
            ec.generate_private_key(ec.SECP256R1()),
        )
        self.authority = certificate("authority", authority_key, is_authority=True)
        signer = (self.authority.subject, authority_key)
        self.of_authority = certificate(HOST, self.key, signer, is_authority=False)
        self.own = certificate(HOST, self.key, is_authority=False)

    def context(self, *chain: x509.Certificate) -> ssl.SSLContext:
        file = self._folder / os.urandom(4).hex()
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(private + b"".join(one.public_bytes(Encoding.PEM) for one in chain))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def trust(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=der(self.authority))
        return context


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers(tmp_path_factory.mktemp("papers"))


Answer = tuple[int, dict[str, str], bytes]


class Issuer:
    """An HTTPS server on loopback that answers by path; what was asked for is kept."""

    def __init__(self, context: ssl.SSLContext) -> None:
        issuer = self
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                status, headers, body = issuer.answers.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_request: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def tells(self, path: str, document: Any) -> None:
        self.answers[path] = (200, {}, json.dumps(document).encode())

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        """Connects here, whatever the address."""
        assert (address, port) == (PUBLIC, 443)
        return connect_to("127.0.0.1", self.port, seconds)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


Serving = Callable[..., Issuer]


@pytest.fixture
def serving(papers: Papers) -> Iterator[Serving]:
    opened: list[Issuer] = []

    def serve(*chain: x509.Certificate) -> Issuer:
        opened.append(Issuer(papers.context(*chain)))
        return opened[-1]

    yield serve
    for issuer in opened:
        issuer.close()


def fetcher(issuer: Issuer, trust: ssl.SSLContext | None = None) -> Fetcher:
    return Fetcher(trust=trust, connect=issuer.connect, look_up=lambda _host, _port: [PUBLIC])


def test_a_trusted_certificate_is_enough(papers: Papers, serving: Serving) -> None:
    issuer = serving(papers.of_authority)
    issuer.tells("/x?y=1", {"a": 1})
    for thumbprints in ((), ("0" * 40,)):
        fetched = fetcher(issuer, papers.trust()).fetch(f"https://{HOST}/x?y=1", thumbprints)
        assert fetched == {"a": 1}


def test_one_that_nobody_trusts_needs_its_thumbprint(papers: Papers, serving: Serving) -> None:
    issuer = serving(papers.own)
    issuer.tells("/", [])
    for thumbprints in ((), ("0" * 40,), (thumbprint(papers.authority),)):
        with pytest.raises(StrangeCertificate):
            fetcher(issuer).fetch(f"https://{HOST}/", thumbprints)
    assert issuer.asked == []
    assert fetcher(issuer).fetch(f"https://{HOST}/", ("0" * 40, thumbprint(papers.own))) == []


def test_the_thumbprint_may_be_the_authoritys(papers: Papers, serving: Serving) -> None:
    issuer = serving(papers.of_authority, papers.authority)
    issuer.tells("/", [])
    upper = thumbprint(papers.authority).upper()
    assert fetcher(issuer).fetch(f"https://{HOST}/", (upper,)) == []


def test_showing_another_hosts_certificate_beside_ones_own_does_not_help(
    papers: Papers, serving: Serving
) -> None:
    """Certificates are public: what counts is whose key signs the connection."""
    issuer = serving(papers.own, papers.authority)
    with pytest.raises(StrangeCertificate):
        fetcher(issuer).fetch(f"https://{HOST}/", (thumbprint(papers.authority),))
    assert issuer.asked == []


def test_the_certificate_must_be_of_the_host(papers: Papers, serving: Serving) -> None:
    issuer = serving(papers.of_authority)
    with pytest.raises(StrangeCertificate):
        fetcher(issuer, papers.trust()).fetch("https://other.example/", ())


@pytest.mark.parametrize(
    "answer",
    [
        (302, {"Location": f"https://{HOST}/there"}, b""),
        (301, {"Location": "https://169.254.169.254/latest/meta-data"}, b""),
        (404, {}, b"{}"),
        (500, {}, b"{}"),
        (200, {}, b"no json"),
        (200, {}, b"[" * 100_000),
        (200, {}, b" " * (LARGEST_ANSWER + 1)),
    ],
)
def test_other_answers_are_not_taken(papers: Papers, serving: Serving, answer: Answer) -> None:
    issuer = serving(papers.of_authority)
    issuer.answers["/"] = answer
    issuer.tells("/there", [])
    with pytest.raises(KeysUnavailable):
        fetcher(issuer, papers.trust()).fetch(f"https://{HOST}/", ())
    assert issuer.asked == ["/"]


def test_who_never_answers_is_left(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a peer that says nothing nor one that drips holds a thread for long."""
    monkeypatch.setattr(fetch, "PATIENCE_SECONDS", 0.2)
    ours, theirs = socket.socketpair()
    asking = Fetcher(connect=lambda *_: ours, look_up=lambda *_: [PUBLIC])
    with theirs, pytest.raises(IssuerUnreachable):
        asking.fetch(f"https://{HOST}/", ())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fc00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2001:0:1::", "ff02::1", "fec0::1", "::7f00:1", "64:ff9b:1::a00:1", "4000::1", "name",
    ],
)  # fmt: skip
def test_addresses_that_are_not_of_the_public_internet(address: str) -> None:
    assert not is_public(address)
    asked: list[str] = []
    asking = Fetcher(connect=lambda *_: asked.append(address), look_up=lambda *_: [address])  # type: ignore[arg-type]
    with pytest.raises(KeysUnavailable):
        asking.fetch(f"https://{HOST}/", ())
    assert asked == []


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    asking = Fetcher(look_up=lambda *_: [PUBLIC, "10.0.0.1"])
    with pytest.raises(KeysUnavailable, match="public internet"):
        asking.fetch(f"https://{HOST}/", ())


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)
    assert ipaddress.ip_address(address).is_global


@pytest.mark.parametrize(
    "url",
    [
        f"http://{HOST}/", f"ftp://{HOST}/", "file:///etc/passwd", f"https://user:pw@{HOST}/",
        f"https://{HOST}:22/", "https:///x", "x",
    ],
)  # fmt: skip
def test_urls_that_are_not_fetched(url: str) -> None:
    asking = Fetcher(look_up=lambda *_: pytest.fail("looked up"))
    with pytest.raises(KeysUnavailable):
        asking.fetch(url, ())


def test_a_name_that_has_no_address() -> None:
    def look_up(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(IssuerUnreachable):
        Fetcher(look_up=look_up).fetch(f"https://{HOST}/", ())


class Documents:
    """In place of a fetcher; documents or failures by URL."""

    def __init__(self, **documents: Any) -> None:
        self.documents: dict[str, Any] = documents
        self.asked: list[str] = []

    def fetch(self, url: str, _thumbprints: object) -> Any:
        self.asked.append(url)
        found = self.documents.get(url, KeysUnavailable(url))
        if isinstance(found, Exception):
            raise found
        return found


PLACE = f"https://{HOST}/t/.well-known/openid-configuration"
KEYS = "https://keys.example/set"


class Issuing:
    def __init__(self) -> None:
        self.now = 0.0
        self.web = Documents()
        self.web.documents = {
            PLACE: {"issuer": f"https://{HOST}/t", "jwks_uri": KEYS},
            KEYS: {"keys": [{"kid": "a"}]},
        }
        self.known = IssuersKeys({}, self.web, lambda: self.now)  # type: ignore[arg-type]

    def keys(self, kid: str | None = "a") -> Any:
        return self.known.keys_of(f"{HOST}/t", (), kid)


def test_keys_are_found_by_discovery_and_remembered() -> None:
    issuing = Issuing()
    assert issuing.keys() == issuing.keys() == [{"kid": "a"}]
    assert issuing.web.asked == [PLACE, KEYS]
    issuing.now += FRESH_SECONDS
    issuing.keys()
    assert len(issuing.web.asked) == 4


def test_an_unknown_key_is_asked_for_again_but_not_at_every_knock() -> None:
    issuing = Issuing()
    issuing.keys()
    issuing.web.documents[KEYS] = {"keys": [{"kid": "a"}, {"kid": "b"}]}
    assert issuing.keys("b") == [{"kid": "a"}]
    assert len(issuing.web.asked) == 2
    issuing.now += PAUSE_SECONDS
    assert {"kid": "b"} in issuing.keys("b")
    assert len(issuing.web.asked) == 4


def test_a_failure_is_remembered_a_little_while() -> None:
    issuing = Issuing()
    issuing.web.documents[KEYS] = IssuerUnreachable("x")
    for _ in range(3):
        with pytest.raises(IssuerUnreachable):
            issuing.keys()
    assert len(issuing.web.asked) == 2
    issuing.now += PAUSE_SECONDS
    issuing.web.documents[KEYS] = {"keys": [{"kid": "a"}]}
    assert issuing.keys() == [{"kid": "a"}]


@pytest.mark.parametrize(
    "document",
    [[], "x", {}, {"issuer": "https://evil.example", "jwks_uri": KEYS},
     {"issuer": f"https://{HOST}/t"}, {"issuer": f"https://{HOST}/t", "jwks_uri": 7}],
)  # fmt: skip
def test_a_discovery_document_of_another_or_none(document: Any) -> None:
    issuing = Issuing()
    issuing.web.documents[PLACE] = document
    with pytest.raises(KeysUnavailable):
        issuing.keys()
    assert issuing.web.asked == [PLACE]


def test_the_oldest_issuer_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_sets, "MOST_ISSUERS", 2)
    known = IssuersKeys({}, Documents(), lambda: 0.0)  # type: ignore[arg-type]
    for number in range(5):
        with pytest.raises(KeysUnavailable):
            known.keys_of(f"host{number}", (), None)
    assert len(known._known) == 2


def test_a_file_is_read_at_each_use_and_its_issuer_never_asked(tmp_path: Path) -> None:
    file, web = tmp_path / "keys.json", Documents()
    known = IssuersKeys({HOST: file}, web, lambda: 0.0)  # type: ignore[arg-type]
    for content in (None, b"x", b"[]", b" " * (LARGEST_ANSWER + 1)):
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(KeysUnavailable):
            known.keys_of(HOST, (), None)
    for kid in ("a", "b"):
        file.write_text(json.dumps({"keys": [{"kid": kid}, "no key"]}))
        assert known.keys_of(HOST, (), None) == [{"kid": kid}]
    assert web.asked == []


def test_without_a_fetcher_nobody_is_asked() -> None:
    with pytest.raises(KeysUnavailable):
        IssuersKeys({}, None, lambda: 0.0).keys_of(HOST, (), None)


def test_a_key_set_is_bounded() -> None:
    assert len(read_keys({"keys": [{}] * 500}, "x")) == 100


def test_of_a_key_no_more_is_remembered_than_is_looked_at() -> None:
    """Lists in lists take twenty times the room that they took as text."""
    key = {"kid": "a", "use": "sig", "alg": "RS256", "kty": "RSA", "n": "x" * 1366, "e": "AQAB"}
    hostile = [
        {**key, "x5c": [[]] * 80_000},
        {**key, "use": [[]] * 80_000},
        {**key, "n": "x" * 200_000},
    ]
    assert read_keys({"keys": hostile}, "x") == [key]
