"""What `sekisho policy` does with files. Imported when it is asked to, for its rules are many."""

import json
import sys
from pathlib import Path

import click

from sekisho import __version__
from sekisho.advice.check import KINDS, Kind, Severity, check, guess
from sekisho.advice.check.answers import enclosed
from sekisho.advice.check.sarif import Checked, as_sarif
from sekisho.advice.layout import lay_out
from sekisho.app.cli.policy_report import as_data, lines_of, shown_part
from sekisho.policy.syntax import BadJson, place
from sekisho.policy.words import printable

MOST_BYTES = 1_048_576
MOST_BYTES_OF_ANSWERS = 67_108_864  # GetAccountAuthorizationDetails of a large account
# --fail-on: how grave a finding must be. A warning of security is a warning.
RANKS = {
    "error": Severity.ERROR.rank,
    "warning": Severity.WARNING.rank,
    "suggestion": Severity.SUGGESTION.rank,
    "never": -1,
}


def look_at(files: tuple[str, ...], type_name: str, form: str, account: str, fail_on: str) -> int:
    """Print the advice on files; 1 if any of it is as grave as fail_on, 2 if one is of no use."""
    looked_at, unusable = [], False
    for name in files:
        try:
            looked_at += looked(name, type_name, account)
        except Unusable as fault:
            fault.show()
            unusable = True
    if unusable and not looked_at:
        return Unusable.exit_code
    if form == "json":
        data = [as_data(file, kind, type_name == "auto") for file, kind in looked_at]
        click.echo(json.dumps(data, indent=2))
    elif form == "sarif":
        click.echo(json.dumps(as_sarif([file for file, _ in looked_at], __version__), indent=2))
    else:
        show(looked_at, type_name == "auto")
    ranks = [each.severity.rank for file, _ in looked_at for each in file.advice]
    grave = int(any(rank <= RANKS[fail_on] for rank in ranks))
    return Unusable.exit_code if unusable else grave


def looked(name: str, type_name: str, account: str) -> list[tuple[Checked, Kind]]:
    """A policy, or those in an answer of AWS; of these --type takes the ones of its kind."""
    text = read(name, MOST_BYTES_OF_ANSWERS)
    found = enclosed(text)
    if found is None:
        if len(text) > MOST_BYTES:
            raise too_long(name, MOST_BYTES)
        kind = guess(text) if type_name == "auto" else KINDS[type_name]
        return [(Checked(name, text, check(text, kind, account)), kind)]
    told: list[tuple[Checked, Kind]] = []
    for each in found:
        kind = KINDS[each.kind] if each.kind else guess(each.text)
        if type_name in ("auto", kind.name):
            advice = check(each.text, kind, account or each.account)
            told.append((Checked(name, each.text, advice, each.title), kind))
    return told


def show(looked_at: list[tuple[Checked, Kind]], guessed: bool) -> None:
    found = 0
    for file, kind in looked_at:
        for line in lines_of(file):
            click.echo(line)
        found += len(file.advice)
        if guessed:
            click.echo(f"{shown_part(file)} was taken for: {kind.title} (--type {kind.name})")
    click.echo(f"{counted(found, 'finding')} in {extent([file for file, _ in looked_at])}.")


def extent(files: list[Checked]) -> str:
    """How much was looked at; policies are counted where files hold others than one."""
    named = counted(len({file.name for file in files}), "file")
    if any(file.part for file in files) or not files:
        return f"{counted(len(files), 'policy', 'policies')} of {named}"
    return counted(len(files), "file")


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def lay_out_files(files: tuple[str, ...], only_check: bool, write: bool) -> int:
    """Print files in canonical layout, or write them anew; with only_check 1 if any has another.

    Nothing is written if one of them cannot be read.
    """
    texts = {name: read(name) for name in files}
    laid = {name: relaid(name, text) for name, text in texts.items()}
    changed = [name for name in texts if laid[name] != texts[name]]
    if only_check:
        for name in changed:
            click.echo(f"{shown(name)} is laid out otherwise")
        return int(bool(changed))
    for name in changed if write else laid:
        if write:
            Path(name).write_text(laid[name], "utf-8", newline="\n")
            click.echo(f"{shown(name)} is written anew")
        else:
            click.echo(laid[name], nl=False)
    return 0


def relaid(name: str, text: str) -> str:
    try:
        return lay_out(text)
    except BadJson as fault:
        line, column = place(text, fault.offset)
        where = f"line {line}, column {column}"
        raise Unusable(name, f"{where}: {fault.message}") from None


def read(name: str, most: int = MOST_BYTES) -> str:
    """A file's text, of so many bytes; the command ends with 2 if there is none of use."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(most + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(most + 1)
    except OSError as error:
        raise Unusable(name, error.strerror or "cannot be read") from None
    if len(data) > most:
        raise too_long(name, most)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable(name, "it is not UTF-8") from None


def too_long(name: str, most: int) -> "Unusable":
    return Unusable(name, f"more than {most} bytes are no policy")


def shown(name: str) -> str:
    """A file's name without what would move the cursor."""
    return printable("<stdin>" if name == "-" else name)


class Unusable(click.ClickException):
    """A file that is no policy's; the command ends with 2."""

    exit_code = 2

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{shown(name)}: {reason}")
