"""Versions, parts and settings: objects become rows of versions, buckets have settings.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("buckets", sa.Column("settings", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("buckets") as table:
        table.alter_column("settings", server_default=None)
    op.rename_table("objects", "plain_objects")
    make_objects()
    op.execute(
        """
        INSERT INTO objects (bucket, key, rank, version, is_current, is_marker, blob, parts, size,
            etag, modified, headers, checksums, tags, lock, owner, acl)
        SELECT bucket, key, 0, 'null', 1, 0, blob, 0, size, etag, modified, headers, checksums,
            '{}', '{}', '', '[]'
        FROM plain_objects
        """
    )
    op.drop_table("plain_objects")
    make_uploads()


def make_objects() -> None:
    op.create_table(
        "objects",
        sa.Column("bucket", sa.String(length=63), nullable=False),
        sa.Column("key", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("is_marker", sa.Boolean(), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=True),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("etag", sa.String(length=64), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("checksums", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("lock", sa.JSON(), nullable=False),
        sa.Column("owner", sa.String(length=12), nullable=False),
        sa.Column("acl", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["bucket"], ["buckets.name"], name=op.f("fk_objects_bucket")),
        sa.PrimaryKeyConstraint("bucket", "key", "rank", name=op.f("pk_objects")),
        sa.UniqueConstraint("blob", name=op.f("uq_objects_blob")),
        sa.UniqueConstraint("bucket", "key", "version", name=op.f("uq_objects_bucket_key_version")),
    )
    op.create_index(
        "ix_objects_current",
        "objects",
        ["bucket", "key"],
        unique=True,
        sqlite_where=sa.text("is_current = 1"),
        postgresql_where=sa.text("is_current"),
    )


def make_uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("bucket", sa.String(length=63), nullable=False),
        sa.Column("key", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("initiator", sa.String(length=2048), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("algorithm", sa.String(length=16), nullable=False),
        sa.Column("checksum_type", sa.String(length=16), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("lock", sa.JSON(), nullable=False),
        sa.Column("acl", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["bucket"], ["buckets.name"], name=op.f("fk_uploads_bucket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_bucket_key_id"), "uploads", ["bucket", "key", "id"])
    op.create_table(
        "parts",
        sa.Column("upload", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("etag", sa.String(length=64), nullable=False),
        sa.Column("modified", sa.BigInteger(), nullable=False),
        sa.Column("checksums", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("upload", "number", name=op.f("pk_parts")),
        sa.UniqueConstraint("blob", name=op.f("uq_parts_blob")),
    )


def downgrade() -> None:
    raise NotImplementedError("versions would be lost: restore a backup instead")
