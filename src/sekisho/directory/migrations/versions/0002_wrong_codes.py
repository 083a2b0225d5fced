"""Wrong MFA codes in a row, counted where every process sees them.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("wrong_codes", "refused_until"):
        op.add_column(
            "devices", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
        )
