"""The server does not listen in the clear where others could listen in."""

from pathlib import Path

import pytest

from sekisho.app.settings import (
    Settings,
    SettingsError,
    is_loopback,
    read_key_files,
    read_networks,
)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_needs_no_tls(host: str) -> None:
    Settings(host=host).check()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.com", "127.0.0.1.nip.io"])
def test_beyond_loopback_is_refused_without_tls(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(SettingsError, match="--tls-certificate"):
        Settings(host=host).check()
    Settings(host=host, insecure_http=True).check()
    Settings(host=host, certificate=Path("c"), private_key=Path("k")).check()


def test_half_a_tls_pair_is_refused() -> None:
    with pytest.raises(SettingsError, match="together"):
        Settings(certificate=Path("c")).check()


def test_key_files_of_issuers(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.touch()
    assert read_key_files([f"https://a.example/t={file}"]) == {"a.example/t": file}
    for text in ("a.example=x", "https://a.example", f"https://a.example={file}x"):
        with pytest.raises(SettingsError, match="--oidc-keys"):
            read_key_files([text])


def test_networks_of_trusted_proxies() -> None:
    found = read_networks(["10.0.0.0/8", "192.0.2.7", "fd00::/8"])
    assert [str(network) for network in found] == ["10.0.0.0/8", "192.0.2.7/32", "fd00::/8"]
    for text in ("10.0.0.1/8", "proxy.example", "", "0.0.0.0/0", "::/0"):
        with pytest.raises(SettingsError, match="--trusted-proxy"):
            read_networks([text])
