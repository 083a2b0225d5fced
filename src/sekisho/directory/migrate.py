"""Bringing a store to the newest schema, at once when it is there already."""

from importlib import resources

from sqlalchemy import Engine, inspect, text

from sekisho.directory.errors import StoreError

HEAD = "0014"


def to_head(engine: Engine) -> None:
    """Run what migrations are missing; Alembic is only loaded if there are any.

    Raises StoreError for a store whose revision this version does not know.
    """
    with engine.connect() as connection:
        if inspect(connection).has_table("alembic_version"):
            stamped = connection.scalar(text("SELECT version_num FROM alembic_version"))
            if stamped == HEAD:
                return
    migrate(engine)


def migrate(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415 - costs a third of the start-up time
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    folder = resources.files("sekisho.directory") / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(
                f"The store was made by another version of Sekisho ({error}): use a newer one."
            ) from None
        connection.exec_driver_sql("COMMIT")
