"""Control policies of organizations, and what they are attached to.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organization_policies",
        sa.Column("id", sa.String(length=130), nullable=False),
        sa.Column("organization", sa.String(length=34), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("description", sa.String(length=512), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        of_organization("organization_policies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_policies")),
        sa.UniqueConstraint(
            "organization",
            "kind",
            "name",
            name=op.f("uq_organization_policies_organization_kind_name"),
        ),
    )
    op.create_table(
        "organization_attachments",
        sa.Column("organization", sa.String(length=34), nullable=False),
        sa.Column("target", sa.String(length=68), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("policy", sa.String(length=130), nullable=False),
        of_organization("organization_attachments"),
        sa.PrimaryKeyConstraint(
            "organization", "target", "kind", "policy", name=op.f("pk_organization_attachments")
        ),
    )
    op.create_index(
        op.f("ix_organization_attachments_policy"), "organization_attachments", ["policy"]
    )


def of_organization(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization"], ["organizations.id"], name=op.f(f"fk_{table}_organization")
    )


def downgrade() -> None:
    for name in ("organization_attachments", "organization_policies"):
        op.drop_table(name)
