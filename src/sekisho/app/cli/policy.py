"""`sekisho policy`: advice on policies before they are saved, and their layout."""

import json
import sys
from pathlib import Path

import click

from sekisho import __version__
from sekisho.advice.check import KINDS, Kind, Severity, check, guess
from sekisho.advice.check.sarif import Checked, as_sarif
from sekisho.advice.layout import lay_out
from sekisho.advice.why import inert
from sekisho.app.cli.policy_report import as_data, lines_of
from sekisho.model.identifiers import is_account_id
from sekisho.policy.syntax import BadJson, place

MOST_BYTES = 1_048_576
# --fail-on: how grave a finding must be. A warning of security is a warning.
GRAVE = {
    "error": Severity.ERROR.rank,
    "warning": Severity.WARNING.rank,
    "suggestion": Severity.SUGGESTION.rank,
    "never": -1,
}

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
    type=click.Choice(["auto", *KINDS]),
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
    type=click.Choice(list(GRAVE)),
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

    \b
    Exit codes: 0 nothing as grave as --fail-on, 1 something, 2 a file that cannot be read.
    \b
    Examples:
      sekisho policy check policies/*.json
      sekisho policy check --type trust --account 111122223333 trust.json
      sekisho policy check --format sarif policies/*.json > policies.sarif
      aws iam get-role --role-name R --query Role.AssumeRolePolicyDocument | sekisho policy check -
    """
    if account and not is_account_id(account):
        raise click.BadParameter("give 12 digits", param_hint="--account")
    looked_at = [looked(name, read(name), type_name, account) for name in files]
    if form == "json":
        data = [as_data(file, kind, type_name == "auto") for file, kind in looked_at]
        click.echo(json.dumps(data, indent=2))
    elif form == "sarif":
        click.echo(json.dumps(as_sarif([file for file, _ in looked_at], __version__), indent=2))
    else:
        show(looked_at, type_name == "auto")
    ranks = [each.severity.rank for file, _ in looked_at for each in file.advice]
    context.exit(int(any(rank <= GRAVE[fail_on] for rank in ranks)))


def looked(name: str, text: str, type_name: str, account: str) -> tuple[Checked, Kind]:
    kind = guess(text) if type_name == "auto" else KINDS[type_name]
    return Checked(name, text, check(text, kind, account)), kind


def show(looked_at: list[tuple[Checked, Kind]], guessed: bool) -> None:
    found = 0
    for file, kind in looked_at:
        for line in lines_of(file):
            click.echo(line)
        found += len(file.advice)
        if guessed:
            click.echo(f"{shown(file.name)} was taken for: {kind.title} (--type {kind.name})")
    many = "finding" if found == 1 else "findings"
    click.echo(f"{found} {many} in {len(looked_at)} file{'s' * (len(looked_at) != 1)}.")


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
    texts = {name: read(name) for name in files}
    laid = {name: relaid(name, text) for name, text in texts.items()}
    changed = [name for name in texts if laid[name] != texts[name]]
    if only_check:
        for name in changed:
            click.echo(f"{shown(name)} is laid out otherwise")
        context.exit(int(bool(changed)))
    for name in laid if not write else changed:
        if write:
            Path(name).write_text(laid[name], "utf-8", newline="\n")
            click.echo(f"{shown(name)} is written anew")
        else:
            click.echo(laid[name], nl=False)


def relaid(name: str, text: str) -> str:
    try:
        return lay_out(text)
    except BadJson as fault:
        line, column = place(text, fault.offset)
        where = f"line {line}, column {column}"
        raise Unusable(name, f"{where}: {fault.message}") from None


def read(name: str) -> str:
    """A file's text; the command ends with 2 if there is none of use."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unusable(name, error.strerror or "cannot be read") from None
    if len(data) > MOST_BYTES:
        raise Unusable(name, f"more than {MOST_BYTES} bytes are no policy")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable(name, "it is not UTF-8") from None


def shown(name: str) -> str:
    """A file's name without what would move the cursor."""
    return inert("<stdin>" if name == "-" else name)


class Unusable(click.ClickException):
    """A file that is no policy's; the command ends with 2."""

    exit_code = 2

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{shown(name)}: {reason}")
