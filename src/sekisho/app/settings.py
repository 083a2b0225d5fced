"""What an operator can set, checked before anything starts."""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sekisho.app.forwarded import Network

DEFAULT_DATA = Path("sekisho-data")
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 4566


_URL = re.compile(r"https?://[A-Za-z0-9.:[\]-]{1,255}/?", re.ASCII)


class SettingsError(Exception):
    """A setting that cannot be; the text names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of `sekisho serve`. port: 0 takes any free port. workers: processes, 1-64.

    oidc_keys: issuer (host and path) -> the file with its key set. oidc_private: whether other
    issuers may be asked for their keys at addresses that are not of the public internet.
    trusted_proxies: networks of proxies whose X-Forwarded-For is believed.
    public_url: under which clients reach this server, where that is not where it listens.
    """

    data: Path = DEFAULT_DATA
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    certificate: Path | None = None
    private_key: Path | None = None
    insecure_http: bool = False
    workers: int = 1
    oidc_keys: Mapping[str, Path] = field(default_factory=dict)
    oidc_private: bool = False
    public_url: str = ""
    trusted_proxies: Sequence[Network] = ()

    @property
    def secure(self) -> bool:
        return self.certificate is not None

    @property
    def url(self) -> str:
        """Under which clients reach this server; empty if only the port it gets will tell."""
        if self.public_url:
            return self.public_url.rstrip("/")
        return self.url_at(self.port) if self.port else ""

    def url_at(self, port: int) -> str:
        scheme = "https" if self.secure else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{port}"

    def check(self) -> None:
        """Refuse half a TLS pair, and to listen beyond loopback without TLS."""
        if self.public_url and _URL.fullmatch(self.public_url) is None:
            raise SettingsError(f"--public-url {self.public_url}: say https://HOST or alike.")
        if (self.certificate is None) != (self.private_key is None):
            raise SettingsError("--tls-certificate and --tls-key must be given together.")
        if self.secure or self.insecure_http or is_loopback(self.host):
            return
        raise SettingsError(
            f"--host {self.host} is reachable from other machines, and session tokens would travel"
            " in the clear.\nGive --tls-certificate and --tls-key, or say --insecure-http if"
            " something in front of this server does the TLS."
        )


def is_loopback(host: str) -> bool:
    """Whether a host can only mean this machine; any other name is taken to mean more."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_networks(given: Sequence[str]) -> tuple[Network, ...]:
    """The networks of trusted proxies; an address is a network of its own."""
    found = []
    for text in given:
        try:
            network = ipaddress.ip_network(text)
        except ValueError:
            raise SettingsError(f"--trusted-proxy {text}: say 10.0.0.0/8 or alike.") from None
        if network.prefixlen == 0:
            raise SettingsError(
                f"--trusted-proxy {text}: then every caller could say any address to be theirs."
            )
        found.append(network)
    return tuple(found)


def read_key_files(given: Sequence[str]) -> dict[str, Path]:
    """Issuers and the files with their keys, from words like ``https://HOST/PATH=FILE``."""
    files: dict[str, Path] = {}
    for text in given:
        issuer, equals, file = text.partition("=")
        if not equals or not file or not issuer.startswith("https://"):
            raise SettingsError(f"--oidc-keys {text}: say https://ISSUER=FILE.")
        if not Path(file).is_file():
            raise SettingsError(f"--oidc-keys {text}: there is no file {file}.")
        files[issuer.removeprefix("https://")] = Path(file)
    return files
