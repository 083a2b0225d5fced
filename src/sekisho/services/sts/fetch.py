"""Fetching an issuer's documents: the only requests that this server makes by itself.

Where they go is said by whoever may create a provider, so the address is not believed: HTTPS alone,
to an address of the public internet alone (unless the operator allows others), which is looked up
once and then connected to, so that a second answer of the name server changes nothing. Redirects
are not followed; answers are bounded in size and in time.
"""

import hashlib
import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from sekisho.services.outside import IssuerUnreachable, KeysUnavailable, StrangeCertificate

LARGEST_ANSWER = 256 * 1024
PATIENCE_SECONDS = 5.0
HTTPS = 443

# All of IPv6 that is given out; and what of it holds an IPv4 address.
_GIVEN_OUT = ipaddress.ip_network("2000::/3")
_EMBEDDING = [ipaddress.ip_network(net) for net in ("2002::/16", "2001::/32")]

Connect = Callable[[str, int, float], socket.socket]
Look = Callable[[str, int], Sequence[str]]


class Fetcher:
    """Fetches JSON over HTTPS.

    may_be_private: whether addresses that are not of the public internet, and ports other than 443,
    may be connected to. trust: certificates that are trusted. connect, look_up: for tests.
    """

    def __init__(
        self,
        may_be_private: bool = False,
        trust: ssl.SSLContext | None = None,
        connect: Connect | None = None,
        look_up: Look | None = None,
    ) -> None:
        self._may_be_private = may_be_private
        self._trust = ssl.create_default_context() if trust is None else trust
        self._connect = connect_to if connect is None else connect
        self._look_up = addresses_of if look_up is None else look_up

    def fetch(self, url: str, thumbprints: Sequence[str]) -> Any:
        """The JSON at a URL. Raises KeysUnavailable."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or HTTPS
        except ValueError:
            raise KeysUnavailable(f"{url} is no URL to fetch from") from None
        if parts.scheme != "https" or not host or parts.username is not None:
            raise KeysUnavailable(f"{url} is no URL to fetch from")
        if port != HTTPS and not self._may_be_private:
            raise KeysUnavailable(f"{url} names another port than {HTTPS}")
        address = self._address(host, port)
        try:
            context = self._context(host, address, port, thumbprints)
            with self._opened(context, host, address, port) as connection:
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                return read(connection, host, path)
        except ssl.SSLCertVerificationError:
            raise StrangeCertificate(host) from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise IssuerUnreachable(f"{host}: {error}") from None

    def _address(self, host: str, port: int) -> str:
        """The address to connect to. All that the host has must be allowed."""
        try:
            addresses = self._look_up(host, port)
        except (OSError, UnicodeError):
            raise IssuerUnreachable(f"{host} has no address") from None
        if not addresses:
            raise IssuerUnreachable(f"{host} has no address")
        if not self._may_be_private and not all(map(is_public, addresses)):
            raise KeysUnavailable(f"{host} is not of the public internet")
        return addresses[0]

    def _context(
        self, host: str, address: str, port: int, thumbprints: Sequence[str]
    ) -> ssl.SSLContext:
        """Whom to trust: the usual authorities, else the certificate that a thumbprint names.

        Thumbprints count only where no authority vouches for the host. The certificate is then
        looked for among those that the host shows, and is all that is trusted in the connection
        that follows, which verifies as any other does.
        """
        if not thumbprints:
            return self._trust
        try:
            with self._opened(self._trust, host, address, port):
                return self._trust
        except ssl.SSLCertVerificationError:
            pass
        looking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        looking.check_hostname = False
        looking.verify_mode = ssl.CERT_NONE
        wanted = {thumbprint.lower() for thumbprint in thumbprints}
        with self._opened(looking, host, address, port) as connection:
            shown = certificates_shown(connection)
        for certificate in shown:
            if hashlib.sha1(certificate, usedforsecurity=False).hexdigest() in wanted:
                return trusting(certificate)
        raise StrangeCertificate(host)

    @contextmanager
    def _opened(
        self, context: ssl.SSLContext, host: str, address: str, port: int
    ) -> Iterator[ssl.SSLSocket]:
        """A TLS connection, cut off when patience ends, whatever it does by then."""
        plain = self._connect(address, port, PATIENCE_SECONDS)
        try:
            wrapped = context.wrap_socket(
                plain, server_hostname=host, do_handshake_on_connect=False
            )
        except BaseException:
            plain.close()
            raise
        with wrapped as connection:
            watchdog = threading.Timer(PATIENCE_SECONDS, cut, (connection,))
            watchdog.daemon = True
            watchdog.start()
            try:
                connection.do_handshake()
                yield connection
            finally:
                watchdog.cancel()


def addresses_of(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def connect_to(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), seconds)


def cut(connection: ssl.SSLSocket) -> None:
    """End a connection under whoever waits on it; TLS itself is not asked."""
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def is_public(address: str) -> bool:
    """Whether an address is of the public internet, and does not hold one that is not."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found not in _GIVEN_OUT or any(found in net for net in _EMBEDDING):
            return False
    return found.is_global and not found.is_multicast


def certificates_shown(connection: ssl.SSLSocket) -> list[bytes]:
    """The certificates that the other side sent, in DER, its own first."""
    own = connection.getpeercert(binary_form=True)
    shown = [] if own is None else [own]
    # Public from Python 3.13 on; before that, of the object beneath.
    chain = getattr(connection, "get_unverified_chain", None)
    if chain is not None:
        return [*shown, *chain()]
    beneath = getattr(connection, "_sslobj").get_unverified_chain() or ()  # noqa: B009
    return [*shown, *(ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in beneath)]


def trusting(certificate: bytes) -> ssl.SSLContext:
    """Trusts one certificate alone, be it an authority's or the host's own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=certificate)
    return context


class Given(http.client.HTTPConnection):
    """HTTP over a connection that stands already."""

    def __init__(self, host: str, connection: socket.socket) -> None:
        super().__init__(host)
        self._given = connection

    def connect(self) -> None:
        self.sock = self._given


def read(connection: socket.socket, host: str, path: str) -> Any:
    """Ask for a path and read the answer as JSON."""
    asking = Given(host, connection)
    asking.request("GET", path, headers={"Accept": "application/json", "Connection": "close"})
    answer = asking.getresponse()
    if answer.status != 200:
        raise KeysUnavailable(f"{host}{path} answers {answer.status}")
    body = answer.read(LARGEST_ANSWER + 1)
    if len(body) > LARGEST_ANSWER:
        raise KeysUnavailable(f"{host}{path} is larger than {LARGEST_ANSWER} bytes")
    return parsed(body, f"{host}{path}")


def parsed(body: bytes, place: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise KeysUnavailable(f"{place} is no JSON") from None
