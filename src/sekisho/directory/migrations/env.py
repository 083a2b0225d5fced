"""Alembic's way in: it runs on the connection that `migrate` hands over."""

from alembic import context

from sekisho.directory import (  # noqa: F401 - their tables are in the metadata
    schema_console,
    schema_organizations,
    schema_papers,
)
from sekisho.directory.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
