"""Organizations: their members, units, delegates, and what was asked for.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organizations",
        sa.Column("id", sa.String(length=34), nullable=False),
        sa.Column("management", sa.String(length=12), nullable=False),
        sa.Column("root", sa.String(length=34), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("feature_set", sa.String(length=32), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("root_features", sa.JSON(), nullable=False),
        sa.Column("policy_types", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["management"], ["accounts.id"], name=op.f("fk_organizations_management")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("management", name=op.f("uq_organizations_management")),
    )
    belonging(
        "organization_members",
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("parent", sa.String(length=68), nullable=False),
        sa.Column("joined", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=64), nullable=False),
        of_account("organization_members"),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_organization_members")),
    )
    belonging(
        "organization_units",
        sa.Column("id", sa.String(length=68), nullable=False),
        sa.Column("parent", sa.String(length=68), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_units")),
        sa.UniqueConstraint("parent", "name", name=op.f("uq_organization_units_parent_name")),
    )
    belonging(
        "organization_creations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("requested", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("failure", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_creations")),
    )
    belonging(
        "organization_delegates",
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("service", sa.String(length=128), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        of_account("organization_delegates"),
        sa.PrimaryKeyConstraint("account", "service", name=op.f("pk_organization_delegates")),
    )
    belonging(
        "organization_invitations",
        sa.Column("id", sa.String(length=34), nullable=False),
        sa.Column("account", sa.String(length=12), nullable=False),
        sa.Column("requested", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        of_account("organization_invitations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_invitations")),
    )
    op.create_index(
        op.f("ix_organization_invitations_account"), "organization_invitations", ["account"]
    )
    op.create_table(
        "organization_tags",
        sa.Column("organization", sa.String(length=34), nullable=False),
        sa.Column("resource", sa.String(length=130), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization"], ["organizations.id"], name=op.f("fk_organization_tags_organization")
        ),
        sa.PrimaryKeyConstraint("organization", "resource", name=op.f("pk_organization_tags")),
    )


def belonging(table: str, *parts: sa.schema.SchemaItem) -> None:
    """A table of what belongs to organizations, and is found by them."""
    op.create_table(
        table,
        sa.Column("organization", sa.String(length=34), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization"], ["organizations.id"], name=op.f(f"fk_{table}_organization")
        ),
        *parts,
    )
    op.create_index(op.f(f"ix_{table}_organization"), table, ["organization"])


def of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f(f"fk_{table}_account"))


def downgrade() -> None:
    for part in ("tags", "invitations", "delegates", "creations", "units", "members"):
        op.drop_table(f"organization_{part}")
    op.drop_table("organizations")
