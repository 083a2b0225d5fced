"""Changes of one entity alone: what is known of the others of its account stays.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "changes", sa.Column("entity", sa.String(length=128), nullable=False, server_default="")
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
