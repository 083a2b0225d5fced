"""`sekisho serve`: the server."""

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import click

from sekisho.app.accounts import RootKey, found, record
from sekisho.app.assemble import outside_of
from sekisho.app.cli.administration import show_key
from sekisho.app.cli.options import data_option, opened, told_plainly
from sekisho.app.settings import (
    DEFAULT_HOST,
    DEFAULT_PORT,
    Settings,
    read_key_files,
    read_networks,
)
from sekisho.directory.blob_places import choose_place
from sekisho.directory.queries import objects
from sekisho.directory.store import Directory
from sekisho.gate.authority import Authority
from sekisho.services.s3.expiry import expire

FIRST_ACCOUNT = "first"
MOST_WORKERS = 64
TIDY_SECONDS = 3600

log = logging.getLogger(__name__)


@click.command()
@data_option
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port to listen on; 0 takes any free one.",
)
@click.option(
    "--tls-certificate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Certificate chain (PEM); serves HTTPS.",
)
@click.option(
    "--tls-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Private key of the certificate (PEM).",
)
@click.option(
    "--insecure-http",
    is_flag=True,
    help="Listen beyond loopback without TLS; only behind something that does the TLS.",
)
@click.option(
    "--blobs",
    metavar="URL",
    envvar="SEKISHO_BLOBS",
    show_envvar=True,
    help="Keep the bytes of objects at s3://, az:// or gs:// (untried); chosen for a new store.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    default=1,
    show_default=True,
    help="Processes that answer requests; one for each processor is a good number.",
)
@click.option(
    "--oidc-keys",
    multiple=True,
    metavar="https://ISSUER=FILE",
    help="Key set (JWKS) of an issuer of ID tokens, which is then never asked for it.",
)
@click.option(
    "--oidc-private",
    is_flag=True,
    help="Fetch issuers' keys from addresses beyond the public internet too.",
)
@click.option(
    "--trusted-proxy",
    "trusted_proxies",
    multiple=True,
    metavar="CIDR",
    help="Proxies whose X-Forwarded-For is believed: callers' addresses are taken from it.",
)
@click.option(
    "--public-url",
    default="",
    metavar="URL",
    help="Where clients reach this server, if not where it listens; names the issuer of tokens.",
)
def serve(
    data: Path,
    host: str,
    port: int,
    tls_certificate: Path | None,
    tls_key: Path | None,
    insecure_http: bool,
    blobs: str | None,
    workers: int,
    oidc_keys: tuple[str, ...],
    oidc_private: bool,
    trusted_proxies: tuple[str, ...],
    public_url: str,
) -> None:
    """Serve IAM, STS and S3 on one endpoint.

    The first start makes the store, an account and its root access key, which is printed that
    once. SIGTERM finishes the requests under way and exits with 0.
    """
    with told_plainly():
        settings = Settings(
            data, host, port, tls_certificate, tls_key, insecure_http, workers,
            read_key_files(oidc_keys), oidc_private, public_url,
            read_networks(trusted_proxies),
        )  # fmt: skip
        settings.check()
        if blobs:
            choose_place(data, blobs)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    stopped = threading.Event()
    with opened(data, outside_of(settings)) as authority:

        def ready(url: str) -> None:
            # Only now, so that no key is made that a failing start would never show.
            key = found(authority.directory, FIRST_ACCOUNT)
            if key is not None:
                record(authority.audit, "sekisho:Found", account=key.account.id)
            greet(url, key, data)
            threading.Thread(target=tidy, args=(authority, stopped), daemon=True).start()

        try:
            listen(settings, authority, ready)
        finally:
            stopped.set()


def listen(settings: Settings, authority: Authority, ready: Callable[[str], None]) -> None:
    """Serve until told to end."""
    # The other commands need no server.
    from sekisho.app.server import run  # noqa: PLC0415
    from sekisho.app.workers import run_workers  # noqa: PLC0415

    taken = (
        f"Cannot listen on {settings.host} port {settings.port}: is something else there? Try"
        " --port."
    )
    if settings.workers == 1:
        if not run(settings, authority, ready):
            raise click.ClickException(taken)
        return
    try:
        started = run_workers(settings, ready)
    except OSError:
        raise click.ClickException(taken) from None
    if not started:
        raise click.ClickException("The workers did not start; what they said stands above.")


def tidy(authority: Authority, stopped: threading.Event) -> None:
    """Sweep orphans once, then every hour do what lifecycle rules say, until the server stops."""
    sweep(authority.directory)
    while True:
        try:
            expire(authority.directory, int(authority.clock()))
        except Exception:
            # Another hour comes; the store may be busy or closing.
            if stopped.is_set():
                return
            log.exception("the lifecycle sweep failed")
        if stopped.wait(TIDY_SECONDS):
            return


def sweep(directory: Directory) -> None:
    """Remove blobs that a crash has left without a name."""

    def is_named(blob: str) -> bool:
        with directory.reading() as tx:
            return objects.is_named(tx, blob)

    removed = directory.blobs.sweep(is_named)
    if removed:
        log.warning("removed %d blobs that no object names", removed)


def greet(url: str, key: RootKey | None, data: Path) -> None:
    if key is not None:
        click.echo(f"New store in {data}, with the account {key.account.id}.")
        click.echo("The access key of its root user is shown this once; paste these lines:\n")
        show_key(key, "sekisho", url)
        click.echo("\nthen try:  aws sts get-caller-identity --profile sekisho\n")
    click.echo(f"Sekisho listens on {url}")
    sys.stdout.flush()
