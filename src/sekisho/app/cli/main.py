"""`sekisho`: the commands of the server, of its operator, and of programs that need a role."""

from importlib import import_module

import click

from sekisho import __version__

MODULES = {
    "account": "administration",
    "agent": "credentials",
    "credentials": "credentials",
    "crossing": "crossing",
    "policy": "policy",
    "root-key": "administration",
    "root-password": "administration",
    "serve": "serve",
    "signing-key": "administration",
    "why": "why",
}


class Commands(click.Group):
    """The commands, each loaded when it is asked for: what the server needs takes half a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(MODULES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in MODULES:
            return None
        module = import_module(f"sekisho.app.cli.{MODULES[name]}")
        command: click.Command = getattr(module, name.replace("-", "_"))
        return command


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="sekisho")
def main() -> None:
    """A self-hosted authority for access between AWS-style accounts.

    \b
    Start here:
      sekisho serve                      start the server; the first start makes an account
      sekisho account create payments    make another account
      sekisho root-key create ACCOUNT    make an access key for its root user
      sekisho why --last                 say why the last request was refused or allowed
      sekisho policy check FILE…         say what is wrong or dangerous in a policy
      sekisho crossing USER ROLE FILE…   say which half of a way into another account is missing
      sekisho agent --role ARN           give the SDKs of this machine a role's credentials

    Then use the AWS CLI or any SDK with --endpoint-url http://127.0.0.1:4566.
    """
