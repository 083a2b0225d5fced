"""The first schema.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("canonical_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("canonical_id", name=op.f("uq_accounts_canonical_id")),
    )
    op.create_table(
        "changes",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ring",
        sa.Column("key_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_ring")),
    )
    op.create_table(
        "seals",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_seals")),
    )
    op.create_table(
        "access_keys",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_access_keys_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_keys")),
    )
    op.create_index(
        op.f("ix_access_keys_account_owner"), "access_keys", ["account", "owner"], unique=False
    )
    op.create_table(
        "buckets",
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("region", sa.String(length=32), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=True),
        sa.Column("bindings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_buckets_account")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_buckets")),
    )
    op.create_index(op.f("ix_buckets_account"), "buckets", ["account"], unique=False)
    op.create_table(
        "devices",
        sa.Column("serial", sa.String(length=2048), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=226), nullable=False),
        sa.Column("path", sa.String(length=512), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("enabled", sa.BigInteger(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_devices_account")),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_devices")),
    )
    op.create_index(op.f("ix_devices_account_owner"), "devices", ["account", "owner"], unique=False)
    op.create_table(
        "groups",
        sa.Column("unique_id", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("folded", sa.String(length=128), nullable=False),
        sa.Column("path", sa.String(length=512), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_groups_account")),
        sa.PrimaryKeyConstraint("unique_id", name=op.f("pk_groups")),
        sa.UniqueConstraint("account", "folded", name=op.f("uq_groups_account_folded")),
    )
    op.create_table(
        "inline_policies",
        sa.Column("owner_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_inline_policies_account")
        ),
        sa.PrimaryKeyConstraint("owner_id", "name", name=op.f("pk_inline_policies")),
    )
    op.create_table(
        "policies",
        sa.Column("arn", sa.String(length=2048), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("folded", sa.String(length=128), nullable=False),
        sa.Column("path", sa.String(length=512), nullable=False),
        sa.Column("unique_id", sa.String(length=128), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("default_version", sa.String(length=20), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_policies_account")),
        sa.PrimaryKeyConstraint("arn", name=op.f("pk_policies")),
        sa.UniqueConstraint("account", "folded", name=op.f("uq_policies_account_folded")),
        sa.UniqueConstraint("unique_id", name=op.f("uq_policies_unique_id")),
    )
    op.create_table(
        "roles",
        sa.Column("unique_id", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("folded", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=512), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("trust", sa.Text(), nullable=False),
        sa.Column("bindings", sa.JSON(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("max_session", sa.Integer(), nullable=True),
        sa.Column("boundary", sa.String(length=2048), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_roles_account")),
        sa.PrimaryKeyConstraint("unique_id", name=op.f("pk_roles")),
        sa.UniqueConstraint("account", "folded", name=op.f("uq_roles_account_folded")),
    )
    op.create_table(
        "users",
        sa.Column("unique_id", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("folded", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=512), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("boundary", sa.String(length=2048), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_users_account")),
        sa.PrimaryKeyConstraint("unique_id", name=op.f("pk_users")),
        sa.UniqueConstraint("account", "folded", name=op.f("uq_users_account_folded")),
    )
    op.create_table(
        "attachments",
        sa.Column("owner_id", sa.String(length=128), nullable=False),
        sa.Column("policy_arn", sa.String(length=2048), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("owner_kind", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_attachments_account")),
        sa.ForeignKeyConstraint(
            ["policy_arn"], ["policies.arn"], name=op.f("fk_attachments_policy_arn")
        ),
        sa.PrimaryKeyConstraint("owner_id", "policy_arn", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_policy_arn"), "attachments", ["policy_arn"], unique=False)
    op.create_table(
        "members",
        sa.Column("group_id", sa.String(length=128), nullable=False),
        sa.Column("user_id", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.unique_id"], name=op.f("fk_members_group_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.unique_id"], name=op.f("fk_members_user_id")),
        sa.PrimaryKeyConstraint("group_id", "user_id", name=op.f("pk_members")),
    )
    op.create_index(op.f("ix_members_user_id"), "members", ["user_id"], unique=False)
    op.create_table(
        "objects",
        sa.Column("bucket", sa.String(length=63), nullable=False),
        sa.Column("key", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("etag", sa.String(length=64), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("checksums", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["bucket"], ["buckets.name"], name=op.f("fk_objects_bucket")),
        sa.PrimaryKeyConstraint("bucket", "key", name=op.f("pk_objects")),
        sa.UniqueConstraint("blob", name=op.f("uq_objects_blob")),
    )
    op.create_table(
        "versions",
        sa.Column("policy_arn", sa.String(length=2048), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_arn"], ["policies.arn"], name=op.f("fk_versions_policy_arn")
        ),
        sa.PrimaryKeyConstraint("policy_arn", "version", name=op.f("pk_versions")),
    )


def downgrade() -> None:
    op.drop_table("versions")
    op.drop_table("objects")
    op.drop_index(op.f("ix_members_user_id"), table_name="members")
    op.drop_table("members")
    op.drop_index(op.f("ix_attachments_policy_arn"), table_name="attachments")
    op.drop_table("attachments")
    op.drop_table("users")
    op.drop_table("roles")
    op.drop_table("policies")
    op.drop_table("inline_policies")
    op.drop_table("groups")
    op.drop_index(op.f("ix_devices_account_owner"), table_name="devices")
    op.drop_table("devices")
    op.drop_index(op.f("ix_buckets_account"), table_name="buckets")
    op.drop_table("buckets")
    op.drop_index(op.f("ix_access_keys_account_owner"), table_name="access_keys")
    op.drop_table("access_keys")
    op.drop_table("seals")
    op.drop_table("ring")
    op.drop_table("changes")
    op.drop_table("accounts")
