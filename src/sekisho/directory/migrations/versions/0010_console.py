"""The web console's sessions, root users' passwords, and attempts to sign in.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "console_sessions",
        sa.Column("hashed", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("begun", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("password", sa.String(length=64), nullable=False),
        sa.Column("issuer", sa.String(length=2048), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_console_sessions_account")
        ),
        sa.PrimaryKeyConstraint("hashed", name=op.f("pk_console_sessions")),
    )
    op.create_index(op.f("ix_console_sessions_expires"), "console_sessions", ["expires"])
    op.create_table(
        "root_passwords",
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("hashed", sa.String(length=256), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_root_passwords_account")
        ),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_root_passwords")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("refused_until", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index(op.f("ix_sign_in_attempts_at"), "sign_in_attempts", ["at"])


def downgrade() -> None:
    for name in ("sign_in_attempts", "root_passwords", "console_sessions"):
        op.drop_table(name)
