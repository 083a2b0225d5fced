"""Tables of organizations. The conventions are those of `schema`."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from sekisho.directory.schema import ACCOUNT, metadata

ORGANIZATION = "organizations.id"

organizations = Table(
    "organizations",
    metadata,
    Column("id", String(34), primary_key=True),
    Column("management", ForeignKey(ACCOUNT), nullable=False, unique=True),
    Column("root", String(34), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("feature_set", String(32), nullable=False),
    Column("services", JSON, nullable=False),
    Column("root_features", JSON, nullable=False),
    Column("policy_types", JSON, nullable=False),
)

# An account is in one organization at most. parent: the id of the root or of a unit.
organization_members = Table(
    "organization_members",
    metadata,
    Column("account", ForeignKey(ACCOUNT), primary_key=True),
    Column("organization", ForeignKey(ORGANIZATION), nullable=False),
    Column("parent", String(68), nullable=False),
    Column("joined", BigInteger, nullable=False),
    Column("method", String(16), nullable=False),
    Column("email", String(64), nullable=False),
    Index(None, "organization"),
)

organization_units = Table(
    "organization_units",
    metadata,
    Column("id", String(68), primary_key=True),
    Column("organization", ForeignKey(ORGANIZATION), nullable=False),
    Column("parent", String(68), nullable=False),
    Column("name", String(128), nullable=False),
    Column("created", BigInteger, nullable=False),
    UniqueConstraint("parent", "name"),
    Index(None, "organization"),
)

organization_creations = Table(
    "organization_creations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("organization", ForeignKey(ORGANIZATION), nullable=False),
    Column("name", String(50), nullable=False),
    Column("requested", BigInteger, nullable=False),
    Column("account", String(12), nullable=False),
    Column("failure", String(64), nullable=False),
    Index(None, "organization"),
)

organization_delegates = Table(
    "organization_delegates",
    metadata,
    Column("account", ForeignKey(ACCOUNT), primary_key=True),
    Column("organization", ForeignKey(ORGANIZATION), nullable=False),
    Column("service", String(128), primary_key=True),
    Column("since", BigInteger, nullable=False),
    Index(None, "organization"),
)

organization_invitations = Table(
    "organization_invitations",
    metadata,
    Column("id", String(34), primary_key=True),
    Column("organization", ForeignKey(ORGANIZATION), nullable=False),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("requested", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("notes", Text, nullable=False),
    Index(None, "organization"),
    Index(None, "account"),
)

# content: the policy's text. organization: whose it is.
organization_policies = Table(
    "organization_policies",
    metadata,
    Column("id", String(130), primary_key=True),
    Column("organization", ForeignKey(ORGANIZATION), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("name", String(128), nullable=False),
    Column("description", String(512), nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("organization", "kind", "name"),
)

# target: the root, a unit or an account. policy: its id; AWS's own have no row.
organization_attachments = Table(
    "organization_attachments",
    metadata,
    Column("organization", ForeignKey(ORGANIZATION), primary_key=True),
    Column("target", String(68), primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("policy", String(130), primary_key=True),
    Index(None, "policy"),
)

# resource: the id of a root, a unit, an account or a policy.
organization_tags = Table(
    "organization_tags",
    metadata,
    Column("organization", ForeignKey(ORGANIZATION), primary_key=True),
    Column("resource", String(130), primary_key=True),
    Column("tags", JSON, nullable=False),
)
