"""Contents: the bytes of small objects become rows.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contents",
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("blob", name=op.f("pk_contents")),
    )


def downgrade() -> None:
    raise NotImplementedError("objects would lose their bytes: restore a backup instead")
