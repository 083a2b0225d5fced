"""Options that several commands share, and how commands end."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from sekisho.app.accounts import AdministrationError
from sekisho.app.assemble import assemble
from sekisho.app.settings import DEFAULT_DATA, SettingsError
from sekisho.directory.store import Busy, StoreError
from sekisho.gate.authority import Authority
from sekisho.services.outside import ALONE, Outside

Command = TypeVar("Command", bound=Callable[..., Any])

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_DATA,
    show_default=True,
    envvar="SEKISHO_DATA",
    show_envvar=True,
    help="Directory that holds the store, its master key, the objects and the audit trail.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Errors that the user can mend end the command with one sentence and exit code 1."""
    try:
        yield
    except (AdministrationError, SettingsError, StoreError) as error:
        raise click.ClickException(str(error)) from None
    except Busy:
        raise click.ClickException("The store is busy. Please try again.") from None
    except OSError as error:
        raise click.ClickException(
            f"{error.filename or 'data directory'}: {error.strerror}"
        ) from None


@contextmanager
def opened(data: Path, outside: Outside = ALONE) -> Iterator[Authority]:
    """The authority over an existing or new data directory, for one command."""
    with told_plainly():
        authority = assemble(data, outside=outside)
        try:
            yield authority
        finally:
            authority.audit.close()
            authority.directory.close()


def print_json(value: object) -> None:
    click.echo(json.dumps(value, indent=2))
