"""Instance profiles, keys, certificates and credentials of services.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "server_certificates",
        sa.Column("unique_id", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("folded", sa.String(length=128), nullable=False),
        sa.Column("path", sa.String(length=512), nullable=False),
        sa.Column("uploaded", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_server_certificates_account")
        ),
        sa.PrimaryKeyConstraint("unique_id", name=op.f("pk_server_certificates")),
        sa.UniqueConstraint(
            "account", "folded", name=op.f("uq_server_certificates_account_folded")
        ),
    )
    op.create_table(
        "signing_certificates",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("uploaded", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_signing_certificates_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_certificates")),
    )
    with op.batch_alter_table("signing_certificates", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_signing_certificates_account"), ["account"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_signing_certificates_owner"), ["owner"], unique=False)

    op.create_table(
        "instance_profiles",
        sa.Column("unique_id", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("folded", sa.String(length=128), nullable=False),
        sa.Column("path", sa.String(length=512), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("role_id", sa.String(length=128), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_instance_profiles_account")
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.unique_id"], name=op.f("fk_instance_profiles_role_id")
        ),
        sa.PrimaryKeyConstraint("unique_id", name=op.f("pk_instance_profiles")),
        sa.UniqueConstraint("account", "folded", name=op.f("uq_instance_profiles_account_folded")),
    )
    with op.batch_alter_table("instance_profiles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instance_profiles_role_id"), ["role_id"], unique=False)

    op.create_table(
        "service_credentials",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("service", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=200), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("hashed", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_service_credentials_account")
        ),
        sa.ForeignKeyConstraint(
            ["owner"], ["users.unique_id"], name=op.f("fk_service_credentials_owner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_credentials")),
    )
    with op.batch_alter_table("service_credentials", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_credentials_owner"), ["owner"], unique=False)

    op.create_table(
        "ssh_keys",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("uploaded", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.String(length=48), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_ssh_keys_account")),
        sa.ForeignKeyConstraint(["owner"], ["users.unique_id"], name=op.f("fk_ssh_keys_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ssh_keys")),
    )
    with op.batch_alter_table("ssh_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ssh_keys_owner"), ["owner"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("ssh_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ssh_keys_owner"))

    op.drop_table("ssh_keys")
    with op.batch_alter_table("service_credentials", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_credentials_owner"))

    op.drop_table("service_credentials")
    with op.batch_alter_table("instance_profiles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instance_profiles_role_id"))

    op.drop_table("instance_profiles")
    with op.batch_alter_table("signing_certificates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_certificates_owner"))
        batch_op.drop_index(batch_op.f("ix_signing_certificates_account"))

    op.drop_table("signing_certificates")
    op.drop_table("server_certificates")
