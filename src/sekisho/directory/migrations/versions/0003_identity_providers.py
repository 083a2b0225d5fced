"""OpenID Connect and SAML providers.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "oidc_providers",
        sa.Column("arn", sa.String(length=2048), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("url", sa.String(length=255), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("client_ids", sa.JSON(), nullable=False),
        sa.Column("thumbprints", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_oidc_providers_account")
        ),
        sa.PrimaryKeyConstraint("arn", name=op.f("pk_oidc_providers")),
    )
    with op.batch_alter_table("oidc_providers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_oidc_providers_account"), ["account"], unique=False)

    op.create_table(
        "saml_providers",
        sa.Column("arn", sa.String(length=2048), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("folded", sa.String(length=128), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("metadata", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=False),
        sa.Column("unique_id", sa.String(length=128), nullable=False),
        sa.Column("encryption", sa.String(length=8), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_saml_providers_account")
        ),
        sa.PrimaryKeyConstraint("arn", name=op.f("pk_saml_providers")),
        sa.UniqueConstraint("account", "folded", name=op.f("uq_saml_providers_account_folded")),
        sa.UniqueConstraint("unique_id", name=op.f("uq_saml_providers_unique_id")),
    )
    op.create_table(
        "saml_keys",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("provider_arn", sa.String(length=2048), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_arn"], ["saml_providers.arn"], name=op.f("fk_saml_keys_provider_arn")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saml_keys")),
    )
    with op.batch_alter_table("saml_keys", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_saml_keys_provider_arn"), ["provider_arn"], unique=False
        )


def downgrade() -> None:

    with op.batch_alter_table("saml_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saml_keys_provider_arn"))

    op.drop_table("saml_keys")
    op.drop_table("saml_providers")
    with op.batch_alter_table("oidc_providers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_oidc_providers_account"))

    op.drop_table("oidc_providers")
