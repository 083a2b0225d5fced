"""`sekisho why`: what became of a request, and on which policy's word."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from sekisho.advice.why import tell
from sekisho.app.assemble import AUDIT
from sekisho.app.cli.options import data_option, json_option, print_json
from sekisho.gate.audit import read_back


@click.command()
@click.argument("request_id", required=False)
@click.option("--last", is_flag=True, help="The newest request instead of a given one.")
@click.option("--denied", is_flag=True, help="With --last: the newest one that was denied.")
@click.option("--encoded", is_flag=True, help="Only the encoded message of a denial.")
@data_option
@json_option
def why(
    request_id: str | None, last: bool, denied: bool, encoded: bool, data: Path, as_json: bool
) -> None:
    """Say in plain words why REQUEST-ID was allowed or refused.

    It names, for the caller's side and the resource's side, the policy that allowed, denied or
    lacked what. Request ids are in every answer (x-amzn-requestid, x-amz-request-id); the AWS CLI
    shows them with --debug. An encoded message tells the same to whoever may call
    sts:DecodeAuthorizationMessage in the account that owns the resource.
    """
    if (request_id is None) == (not last):
        raise click.UsageError("Give either a REQUEST-ID or --last.")
    if denied and not last:
        raise click.UsageError("--denied goes with --last.")
    line = find(data, request_id, denied)
    if encoded:
        click.echo(message_of(line))
        return
    if as_json:
        print_json(line)
        return
    for text in tell(line):
        click.echo(text)


def message_of(line: Mapping[str, Any]) -> str:
    message: str = line.get("encoded_message", "")
    if not message:
        raise click.ClickException(
            f"Request {line['request_id']} was not denied to anybody by a policy."
        )
    return message


def find(data: Path, request_id: str | None, denied: bool) -> Mapping[str, Any]:
    for line in read_back(data / AUDIT):
        if request_id is None:
            is_wanted = "request_id" in line and (not denied or line.get("status") == 403)
        else:
            is_wanted = line.get("request_id") == request_id
        if is_wanted:
            return line
    if not data.is_dir():
        raise click.ClickException(
            f"There is no data directory {data}: give --data, or SEKISHO_DATA."
        )
    wanted = f"request {request_id}" if request_id else "denied request" if denied else "request"
    raise click.ClickException(f"No {wanted} is on the audit trail in {data / AUDIT}.")
