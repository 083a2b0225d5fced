"""Object stores of other makers, started for tests: moto's S3, and Azurite where there is one."""

import base64
import hashlib
import hmac
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

MOTO = Path(sys.executable).with_name("moto_server")
CONTAINER = "blob-bucket"
LONGEST_START = 60

# The account that every Azurite has; its key is public.
_ACCOUNT = "devstoreaccount1"
_ACCOUNT_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """url: of the container. environment: where its client finds it, and with what."""

    url: str
    environment: Mapping[str, str]


@contextmanager
def moto() -> Iterator[Elsewhere]:
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    making = Request(f"{endpoint}/{CONTAINER}", method="PUT")
    with running([str(MOTO), "-H", "127.0.0.1", "-p", str(port)], making):
        yield Elsewhere(
            f"s3://{CONTAINER}",
            {
                "AWS_ACCESS_KEY_ID": "any",
                "AWS_SECRET_ACCESS_KEY": "any",
                "AWS_REGION": "us-east-1",
                "AWS_ENDPOINT_URL": endpoint,
            },
        )


@contextmanager
def azurite() -> Iterator[Elsewhere]:
    program = shutil.which("azurite-blob")
    if program is None:
        pytest.skip("azurite-blob is not installed (npm)")
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}/{_ACCOUNT}"
    options = ["--blobHost", "127.0.0.1", "--blobPort", str(port), "--inMemoryPersistence"]
    options += ["--skipApiVersionCheck", "--disableTelemetry", "--silent"]
    with running([program, *options], signed_making(endpoint)):
        yield Elsewhere(
            f"az://{CONTAINER}",
            {
                "AZURE_STORAGE_ACCOUNT_NAME": _ACCOUNT,
                "AZURE_STORAGE_ACCOUNT_KEY": _ACCOUNT_KEY,
                "AZURE_STORAGE_ENDPOINT": endpoint,
            },
        )


def signed_making(endpoint: str) -> Request:
    """The request that makes the container, with a Shared Key."""
    sent = {
        "x-ms-date": datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "x-ms-version": "2021-08-06",
    }
    lines = ["PUT", *[""] * 11, *(f"{name}:{text}" for name, text in sent.items())]
    lines += [f"/{_ACCOUNT}/{_ACCOUNT}/{CONTAINER}", "restype:container"]
    key = base64.b64decode(_ACCOUNT_KEY)
    digest = hmac.new(key, "\n".join(lines).encode(), hashlib.sha256).digest()
    sent["Authorization"] = f"SharedKey {_ACCOUNT}:{base64.b64encode(digest).decode()}"
    return Request(f"{endpoint}/{CONTAINER}?restype=container", headers=sent, method="PUT")


@contextmanager
def running(command: Sequence[str], making: Request) -> Iterator[None]:
    """A server under way once it has made the container."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + LONGEST_START
    try:
        while True:
            try:
                urlopen(making).close()
                break
            except OSError:
                assert time.monotonic() < end, f"{command[0]} did not start"
        yield
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
