"""More tables: providers, profiles, passwords, certificates, and what accounts decided.

The conventions are those of `schema`. Whoever needs all tables imports this module.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from sekisho.directory.schema import ACCOUNT, metadata

account_settings = Table(
    "account_settings",
    metadata,
    Column("account", ForeignKey(ACCOUNT), primary_key=True),
    Column("alias", String(63), unique=True),
    Column("password_policy", JSON(none_as_null=True)),
    Column("token_version", String(7), nullable=False),
)

login_profiles = Table(
    "login_profiles",
    metadata,
    Column("owner", ForeignKey("users.unique_id"), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("reset", Boolean, nullable=False),
    Column("hashed", String(256), nullable=False),
    Column("earlier", JSON, nullable=False),
)

# When a key, a user or a role last asked a service for something; written some time after.
last_uses = Table(
    "last_uses",
    metadata,
    Column("subject", String(128), primary_key=True),
    Column("service", String(64), primary_key=True),
    Column("action", String(128), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("region", String(32), nullable=False),
)

instance_profiles = Table(
    "instance_profiles",
    metadata,
    Column("unique_id", String(128), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("name", String(128), nullable=False),
    Column("folded", String(128), nullable=False),
    Column("path", String(512), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("role_id", ForeignKey("roles.unique_id"), index=True),
    Column("tags", JSON, nullable=False),
    UniqueConstraint("account", "folded"),
)

ssh_keys = Table(
    "ssh_keys",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("owner", ForeignKey("users.unique_id"), nullable=False, index=True),
    Column("uploaded", BigInteger, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("fingerprint", String(48), nullable=False),
    Column("text", Text, nullable=False),
)

signing_certificates = Table(
    "signing_certificates",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False, index=True),
    Column("owner", String(128), nullable=False, index=True),
    Column("uploaded", BigInteger, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("text", Text, nullable=False),
)

server_certificates = Table(
    "server_certificates",
    metadata,
    Column("unique_id", String(128), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("name", String(128), nullable=False),
    Column("folded", String(128), nullable=False),
    Column("path", String(512), nullable=False),
    Column("uploaded", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("chain", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("tags", JSON, nullable=False),
    UniqueConstraint("account", "folded"),
)

# `hashed` is the SHA-256 of a secret of 256 random bits.
service_credentials = Table(
    "service_credentials",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("owner", ForeignKey("users.unique_id"), nullable=False, index=True),
    Column("service", String(64), nullable=False),
    Column("login", String(200), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("hashed", String(64), nullable=False),
)

oidc_providers = Table(
    "oidc_providers",
    metadata,
    Column("arn", String(2048), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("url", String(255), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("client_ids", JSON, nullable=False),
    Column("thumbprints", JSON, nullable=False),
    Column("tags", JSON, nullable=False),
    Index(None, "account"),
)

saml_providers = Table(
    "saml_providers",
    metadata,
    Column("arn", String(2048), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("name", String(128), nullable=False),
    Column("folded", String(128), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("valid_until", BigInteger, nullable=False),
    Column("unique_id", String(128), nullable=False, unique=True),
    Column("encryption", String(8), nullable=False),
    Column("tags", JSON, nullable=False),
    UniqueConstraint("account", "folded"),
)

saml_keys = Table(
    "saml_keys",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("provider_arn", ForeignKey("saml_providers.arn"), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "provider_arn"),
)

# Work that a client asks for and fetches later: reports and deletions.
jobs = Table(
    "jobs",
    metadata,
    Column("id", String(1000), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("content", JSON, nullable=False),
    Index(None, "account", "kind"),
)
