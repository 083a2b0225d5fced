"""Account settings, passwords, and when things were last used.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "account_settings",
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("alias", sa.String(length=63), nullable=True),
        sa.Column("password_policy", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("token_version", sa.String(length=7), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_account_settings_account")
        ),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_account_settings")),
        sa.UniqueConstraint("alias", name=op.f("uq_account_settings_alias")),
    )
    op.create_table(
        "last_uses",
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("region", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_last_uses_account")),
        sa.PrimaryKeyConstraint("subject", "service", "action", name=op.f("pk_last_uses")),
    )
    op.create_table(
        "login_profiles",
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("reset", sa.Boolean(), nullable=False),
        sa.Column("hashed", sa.String(length=256), nullable=False),
        sa.Column("earlier", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_login_profiles_account")
        ),
        sa.ForeignKeyConstraint(
            ["owner"], ["users.unique_id"], name=op.f("fk_login_profiles_owner")
        ),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_login_profiles")),
    )


def downgrade() -> None:

    op.drop_table("login_profiles")
    op.drop_table("last_uses")
    op.drop_table("account_settings")
