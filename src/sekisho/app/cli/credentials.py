"""`sekisho credentials` and `sekisho agent`: temporary credentials of a role, for programs."""

import json
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from sekisho.app.credentials.answers import CONTAINER_PATH, Agent
from sekisho.app.credentials.assume import Endpoint, Temporary, assume, endpoint_at
from sekisho.app.credentials.holder import Holder, iso
from sekisho.app.credentials.listener import LOOPBACK, Listener
from sekisho.app.credentials.profiles import CredentialsError, Role, Source, find_source

LONGEST_TOKEN = 1_024

Command = TypeVar("Command", bound=Callable[..., Any])


def role_options(command: Command) -> Command:
    """The options that say whose credentials are wanted, and with whose they are asked for."""
    for option in (
        click.option("--insecure-http", is_flag=True, help="Ask over plain HTTP beyond loopback."),
        click.option(
            "--endpoint-url",
            help="STS endpoint. [default: of the environment, of the profile, AWS's own]",
        ),
        click.option("--external-id", default="", help="External id that the role asks for."),
        click.option(
            "--duration",
            type=click.IntRange(900, 43_200),
            help="Seconds they are good for. [default: 3600]",
        ),
        click.option(
            "--session-name", default="", help="Name of the session. [default: sekisho-TIME]"
        ),
        click.option(
            "--profile", help="Profile to ask with. [default: AWS_PROFILE, the environment's keys]"
        ),
        click.option("--role", "role_arn", required=True, metavar="ARN", help="Role to assume."),
    ):
        command = option(command)
    return command


def obtaining(
    role_arn: str,
    profile: str | None,
    session_name: str,
    duration: int | None,
    external_id: str,
    endpoint_url: str | None,
    insecure_http: bool,
) -> tuple[Source, Callable[[], Temporary]]:
    """What there is to begin with, and how the role's credentials are got from it."""
    source = find_source(os.environ, profile)
    url = endpoint_url or source.endpoint
    endpoint = endpoint_at(url, source.region, insecure=insecure_http)
    last = Role(role_arn, session_name, external_id, duration or 0)

    def obtain() -> Temporary:
        # The files are read anew: keys are changed there while the agent lives.
        now = find_source(os.environ, profile)
        return along(endpoint, now, (*now.roles, last))

    return source, obtain


def along(endpoint: Endpoint, source: Source, roles: tuple[Role, ...]) -> Temporary:
    keys = source.keys
    for role in roles:
        found = assume(endpoint, keys, role, time.time())
        keys = found.keys
    return found


@click.command()
@role_options
def credentials(**given: Any) -> None:
    """Print temporary credentials of a role, as credential_process wants them.

    In ~/.aws/config:

    \b
      [profile work]
      credential_process = sekisho credentials --role ARN --profile base
    """
    try:
        _, obtain = obtaining(**given)
        held = obtain()
    except CredentialsError as error:
        raise click.ClickException(str(error)) from None
    click.echo(
        json.dumps(
            {
                "Version": 1,
                "AccessKeyId": held.keys.access_key_id,
                "SecretAccessKey": held.keys.secret,
                "SessionToken": held.keys.token,
                "Expiration": iso(held.expires),
            }
        )
    )


@click.command()
@role_options
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    help="Port on 127.0.0.1. [default: any free one]",
)
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the token for the container endpoint. [default: a random one]",
)
@click.option(
    "--metadata/--no-metadata",
    default=True,
    help="Whether to serve the instance metadata service too, to any process of this machine.",
)
def agent(port: int, token_file: Path | None, metadata: bool, **given: Any) -> None:
    """Serve temporary credentials of a role to the SDKs of this machine, until told to end.

    The lines it prints set the environment in which SDKs find it by themselves. Credentials are
    renewed before they end and are kept in memory alone.
    """
    try:
        source, obtain = obtaining(**given)
        holder = Holder(obtain, time.time)
        holder.credentials()
        token = read_token(token_file)
    except CredentialsError as error:
        raise click.ClickException(str(error)) from None
    try:
        listener = Listener(port)
    except OSError as error:
        raise click.ClickException(f"Cannot listen on port {port}: {error.strerror}") from None
    role_name = given["role_arn"].rpartition("/")[2]
    listener.agent = Agent(holder, listener.port, token, role_name, source.region, metadata)
    with listener:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=listener.shutdown).start())
        announce(listener.port, token, token_file, metadata)
        listener.serve_forever()


def read_token(file: Path | None) -> str:
    if file is None:
        return secrets.token_urlsafe(32)
    try:
        with file.open(encoding="ascii") as opened:
            token = opened.read(LONGEST_TOKEN + 1).strip()
    except (OSError, UnicodeDecodeError):
        raise CredentialsError(f"{file} cannot be read as ASCII text.") from None
    if not 16 <= len(token) <= LONGEST_TOKEN or not token.isprintable():
        raise CredentialsError(f"{file} must hold 16 to {LONGEST_TOKEN} characters on one line.")
    return token


def announce(port: int, token: str, token_file: Path | None, metadata: bool) -> None:
    endpoint = f"http://{LOOPBACK}:{port}"
    click.echo(f"export AWS_CONTAINER_CREDENTIALS_FULL_URI={endpoint}{CONTAINER_PATH}")
    if token_file is None:
        click.echo(f"export AWS_CONTAINER_AUTHORIZATION_TOKEN={token}")
    else:
        click.echo(f"export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE={token_file.absolute()}")
    if metadata:
        click.echo(f"export AWS_EC2_METADATA_SERVICE_ENDPOINT={endpoint}")
    sys.stdout.flush()
