"""`sekisho`: serve, account, root-key, signing-key, why, policy, credentials, agent."""

import click

from sekisho import __version__
from sekisho.app.cli.administration import account, root_key, signing_key
from sekisho.app.cli.credentials import agent, credentials
from sekisho.app.cli.policy import policy
from sekisho.app.cli.serve import serve
from sekisho.app.cli.why import why


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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
      sekisho agent --role ARN           give the SDKs of this machine a role's credentials

    Then use the AWS CLI or any SDK with --endpoint-url http://127.0.0.1:4566.
    """


main.add_command(serve)
main.add_command(account)
main.add_command(root_key)
main.add_command(signing_key)
main.add_command(why)
main.add_command(policy)
main.add_command(credentials)
main.add_command(agent)
