"""The migrations lead to the schema that the queries are written for."""

import sqlite3
from importlib import resources
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from sekisho.directory import migrate, schema
from sekisho.directory.sqlite import open_directory
from sekisho.directory.store import StoreError


def test_the_newest_migration_is_the_one_expected() -> None:
    config = Config()
    config.set_main_option(
        "script_location", str(resources.files("sekisho.directory") / "migrations")
    )
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


def test_migrating_from_nothing_makes_the_schema(tmp_path: Path) -> None:
    directory = open_directory(tmp_path)
    with directory.reading() as tx:
        context = MigrationContext.configure(tx.connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
    directory.close()


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    open_directory(tmp_path).close()
    database = sqlite3.connect(tmp_path / "sekisho.db")
    with database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with pytest.raises(StoreError, match="another version of Sekisho"):
        open_directory(tmp_path)


def test_a_migration_that_was_cut_short_left_nothing(tmp_path: Path) -> None:
    """The process died inside the first migration: the next one begins from nothing."""
    directory = open_directory(tmp_path)
    directory.close()
    (tmp_path / "sekisho.db").unlink()
    torn = sqlite3.connect(tmp_path / "sekisho.db", isolation_level=None)
    torn.execute("PRAGMA journal_mode=WAL")
    torn.close()
    (tmp_path / "sekisho.db").chmod(0o600)
    open_directory(tmp_path).close()
