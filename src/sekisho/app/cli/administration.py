"""`sekisho account`, `root-key` and `signing-key`: what only the operator of the machine may do."""

import sys
from pathlib import Path
from typing import Any

import click

from sekisho.app.accounts import (
    RootKey,
    create_account,
    create_root_key,
    declare_account,
    record,
    set_root_password,
)
from sekisho.app.cli.options import data_option, json_option, opened, print_json
from sekisho.app.settings import DEFAULT_HOST, DEFAULT_PORT
from sekisho.directory.queries import accounts
from sekisho.model.arn import root_arn
from sekisho.model.records import Account, DeclaredAccount
from sekisho.services.outbound import rotate_keys


@click.group()
def account() -> None:
    """Make, declare and list accounts."""


@account.command("create")
@click.argument("name")
@click.option(
    "--id", "account_id", metavar="DIGITS", help="Account id, 12 digits. [default: random]"
)
@data_option
@json_option
def create(name: str, account_id: str | None, data: Path, as_json: bool) -> None:
    """Make the account NAME, beside a running server too.

    It has no access key yet: make one with `sekisho root-key create`.
    """
    with opened(data) as authority:
        made = create_account(authority.directory, name, account_id)
        record(authority.audit, "sekisho:CreateAccount", account=made.id)
    if as_json:
        print_json(as_data(made))
    else:
        click.echo(f"Made account {made.id} ({made.name}).")
        click.echo(f"Next: sekisho root-key create {made.id} --data {data}")


@account.command("declare")
@click.argument("account_id", metavar="ACCOUNT")
@click.argument("name", default="")
@data_option
@json_option
def declare(account_id: str, name: str, data: Path, as_json: bool) -> None:
    """Declare ACCOUNT (12 digits), which this server does not host.

    Trust and bucket policies may then name it, and any user, role or session of it.
    """
    with opened(data) as authority:
        declared = declare_account(authority.directory, account_id, name)
        record(authority.audit, "sekisho:DeclareAccount", account=account_id)
    if as_json:
        print_json(declared_data(declared))
    else:
        click.echo(f"Declared account {declared.id}{f' ({name})' if name else ''}.")


@account.command("list")
@data_option
@json_option
def list_all(data: Path, as_json: bool) -> None:
    """List the accounts of this server, then those that are declared."""
    with opened(data) as authority, authority.directory.reading() as tx:
        known, declared = accounts.list_accounts(tx), accounts.list_declared(tx)
    if as_json:
        print_json([*map(as_data, known), *map(declared_data, declared)])
        return
    for each in known:
        click.echo(f"{each.id}  {each.name}")
    for other in declared:
        click.echo("  ".join(filter(None, (other.id, other.name, "(declared)"))))


@click.group("root-key")
def root_key() -> None:
    """Make access keys for root users."""


@root_key.command("create")
@click.argument("account_id", metavar="ACCOUNT")
@click.option(
    "--endpoint-url",
    metavar="URL",
    default=f"http://{DEFAULT_HOST}:{DEFAULT_PORT}",
    show_default=True,
    help="Where clients reach the server: for the lines that are printed.",
)
@data_option
@json_option
def create_key(account_id: str, endpoint_url: str, data: Path, as_json: bool) -> None:
    """Make an access key for the root user of ACCOUNT (12 digits) and print it, once.

    Works beside a running server, which knows the key at once.
    """
    with opened(data) as authority:
        key = create_root_key(authority.directory, account_id)
        record(
            authority.audit,
            "sekisho:CreateRootKey",
            account=account_id,
            access_key_id=key.access_key_id,
        )
    if as_json:
        print_json(key.as_data())
    else:
        click.echo(f"Access key of {key.account.arn}. It is shown this once; paste these lines:")
        show_key(key, key.account.name, endpoint_url)


@click.group("root-password")
def root_password() -> None:
    """Set the passwords with which root users sign in to the console."""


@root_password.command("set")
@click.argument("account_id", metavar="ACCOUNT")
@click.option("--stdin", "from_input", is_flag=True, help="Read it from standard input.")
@data_option
def set_password(account_id: str, from_input: bool, data: Path) -> None:
    """Set the console password of the root user of ACCOUNT (12 digits).

    It is asked for, or read as one line. Browsers that signed in with the old one are signed out.
    """
    if from_input:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with opened(data) as authority:
        account = set_root_password(authority.directory, account_id, password)
        record(authority.audit, "sekisho:SetRootPassword", account=account_id)
    click.echo(f"Set the password of the root user of {account.id} ({account.name}).")


@click.group("signing-key")
def signing_key() -> None:
    """Renew the keys that sign web identity tokens."""


@signing_key.command("rotate")
@data_option
@json_option
def rotate(data: Path, as_json: bool) -> None:
    """Sign with new keys from now on.

    The keys before them are still published, so that tokens that are out can be verified; at the
    next rotation they are removed.
    """
    with opened(data) as authority:
        made = rotate_keys(authority.directory, int(authority.clock()))
        for key in made:
            record(authority.audit, "sekisho:RotateSigningKey", key=key.id, algorithm=key.algorithm)
    if as_json:
        print_json([{"id": key.id, "algorithm": key.algorithm} for key in made])
    else:
        for key in made:
            click.echo(f"{key.algorithm} is now signed with key {key.id}.")


def show_key(key: RootKey, profile: str, url: str) -> None:
    """The key, as lines that a shell takes; without the last the CLI would show it to AWS."""
    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in profile)
    click.echo(f"  aws configure set aws_access_key_id     {key.access_key_id} --profile {name}")
    click.echo(f"  aws configure set aws_secret_access_key {key.secret} --profile {name}")
    click.echo(f"  aws configure set region                us-east-1 --profile {name}")
    click.echo(f"  aws configure set endpoint_url          {url} --profile {name}")


def declared_data(declared: DeclaredAccount) -> dict[str, Any]:
    return {
        "id": declared.id,
        "name": declared.name,
        "arn": root_arn(declared.id),
        "declared": True,
    }


def as_data(known: Account) -> dict[str, str]:
    return {"id": known.id, "name": known.name, "arn": known.arn}
