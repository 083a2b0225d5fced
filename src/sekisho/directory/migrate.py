"""Bringing a store to the newest schema, at once when it is there already."""

from importlib import resources
from pathlib import Path

from sqlalchemy import Engine, inspect, text

HEAD = "0001"


def to_head(engine: Engine, file: Path) -> None:
    """Run what migrations are missing; Alembic is only loaded if there are any."""
    with engine.connect() as connection:
        if inspect(connection).has_table("alembic_version"):
            stamped = connection.scalar(text("SELECT version_num FROM alembic_version"))
            if stamped == HEAD:
                return
    migrate(engine)
    file.chmod(0o600)


def migrate(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415 - costs a third of the start-up time
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    folder = resources.files("sekisho.directory") / "migrations"
    config.set_main_option("script_location", str(folder))
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.exec_driver_sql("COMMIT")
