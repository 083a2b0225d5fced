"""`sekisho policy`: advice on policies before they are saved, and their layout."""

import click

from sekisho.model.identifiers import is_account_id

TYPES = (
    "auto",
    "identity",
    "managed",
    "boundary",
    "session",
    "trust",
    "bucket",
    "scp",
    "rcp",
    "endpoint",
    "resource",
)
GRAVE = ("error", "warning", "suggestion", "never")

files_argument = click.argument("files", metavar="FILE…", nargs=-1, required=True)


@click.group()
def policy() -> None:
    """Look at policies before they ship: `check` what they say, `fmt` how they are laid out.

    Both work on files alone and need no server.
    """


@policy.command("check")
@files_argument
@click.option(
    "--type",
    "type_name",
    type=click.Choice(TYPES),
    default="auto",
    show_default=True,
    help="What the policies are for; auto guesses, and says what.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="For people, for programs, or for code hosts (SARIF 2.1.0).",
)
@click.option("--account", metavar="ID", default="", help="Your own account, 12 digits.")
@click.option(
    "--fail-on",
    type=click.Choice(GRAVE),
    default="warning",
    show_default=True,
    help="Exit with 1 if anything is found that is as grave.",
)
@click.pass_context
def check_files(
    context: click.Context,
    files: tuple[str, ...],
    type_name: str,
    form: str,
    account: str,
    fail_on: str,
) -> None:
    """Say what is wrong, doubtful or dangerous in the policies FILE… (- is standard input).

    FILE may be an answer of AWS too: of a role, a policy, a bucket, or of a whole account.

    \b
    Exit codes: 0 nothing as grave as --fail-on, 1 something, 2 a file that cannot be read.
    \b
    Examples:
      sekisho policy check policies/*.json
      sekisho policy check --type trust --account 111122223333 trust.json
      sekisho policy check --format sarif policies/*.json > policies.sarif
      aws iam get-role --role-name R | sekisho policy check -
      aws iam get-account-authorization-details | sekisho policy check --type trust -
    """
    if account and not is_account_id(account):
        raise click.BadParameter("give 12 digits", param_hint="--account")
    from sekisho.app.cli.policy_files import look_at  # noqa: PLC0415 - the server needs no advice

    context.exit(look_at(files, type_name, form, account, fail_on))


@policy.command("fmt")
@files_argument
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; exit with 1 on any other layout."
)
@click.option("--write", is_flag=True, help="Write the files anew instead of printing them.")
@click.pass_context
def fmt(context: click.Context, files: tuple[str, ...], only_check: bool, write: bool) -> None:
    """Print the policies FILE… in canonical layout (- is standard input).

    Elements come in the order that AWS's documents have, two spaces a level. What they say stays
    as it is, and so does what no policy knows.

    \b
    Examples:
      sekisho policy fmt policy.json
      sekisho policy fmt --write policies/*.json
      sekisho policy fmt --check policies/*.json     in CI
    """
    if only_check and write:
        raise click.UsageError("Give --check or --write, not both.")
    if write and "-" in files:
        raise click.UsageError("--write goes with files; standard input is printed.")
    from sekisho.app.cli.policy_files import lay_out_files  # noqa: PLC0415 - as above

    context.exit(lay_out_files(files, only_check, write))
