"""The tables. Names that must be unique ignoring case have a folded column beside them (W-162).

Times are epoch seconds. Tags, headers, checksums, locks and principal bindings are JSON objects,
a bucket's settings by name. Columns
named `sealed` hold what the vault sealed; the row's own id is bound into them.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ACCOUNT = "accounts.id"

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("name", String(50), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("canonical_id", String(64), nullable=False, unique=True),
)

# Accounts of elsewhere, which policies may name; nobody signs in to them here.
declared_accounts = Table(
    "declared_accounts",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("name", String(50), nullable=False),
    Column("created", BigInteger, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("unique_id", String(128), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("name", String(64), nullable=False),
    Column("folded", String(64), nullable=False),
    Column("path", String(512), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("boundary", String(2048), nullable=False),
    Column("tags", JSON, nullable=False),
    UniqueConstraint("account", "folded"),
)

groups = Table(
    "groups",
    metadata,
    Column("unique_id", String(128), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("name", String(128), nullable=False),
    Column("folded", String(128), nullable=False),
    Column("path", String(512), nullable=False),
    Column("created", BigInteger, nullable=False),
    UniqueConstraint("account", "folded"),
)

members = Table(
    "members",
    metadata,
    Column("group_id", ForeignKey("groups.unique_id"), primary_key=True),
    Column("user_id", ForeignKey("users.unique_id"), primary_key=True),
    Index(None, "user_id"),
)

roles = Table(
    "roles",
    metadata,
    Column("unique_id", String(128), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("name", String(64), nullable=False),
    Column("folded", String(64), nullable=False),
    Column("path", String(512), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("trust", Text, nullable=False),
    Column("bindings", JSON, nullable=False),
    Column("description", Text),
    Column("max_session", Integer),
    Column("boundary", String(2048), nullable=False),
    Column("tags", JSON, nullable=False),
    UniqueConstraint("account", "folded"),
)

policies = Table(
    "policies",
    metadata,
    Column("arn", String(2048), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("name", String(128), nullable=False),
    Column("folded", String(128), nullable=False),
    Column("path", String(512), nullable=False),
    Column("unique_id", String(128), nullable=False, unique=True),
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("default_version", String(20), nullable=False),
    Column("latest", Integer, nullable=False),
    Column("description", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    UniqueConstraint("account", "folded"),
)

versions = Table(
    "versions",
    metadata,
    Column("policy_arn", ForeignKey("policies.arn"), primary_key=True),
    Column("version", String(20), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    Column("owner_id", String(128), primary_key=True),
    # Of a policy of the account, or one of AWS's own, which are not in the store.
    Column("policy_arn", String(2048), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("owner_kind", String(5), nullable=False),
    Index(None, "policy_arn"),
)

inline_policies = Table(
    "inline_policies",
    metadata,
    Column("owner_id", String(128), primary_key=True),
    Column("name", String(128), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("text", Text, nullable=False),
)

access_keys = Table(
    "access_keys",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("owner", String(128), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "account", "owner"),
)

devices = Table(
    "devices",
    metadata,
    Column("serial", String(2048), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("name", String(226), nullable=False),
    Column("path", String(512), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("owner", String(128), nullable=False),
    Column("enabled", BigInteger, nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("wrong_codes", BigInteger, nullable=False, server_default="0"),
    Column("refused_until", BigInteger, nullable=False, server_default="0"),
    Column("tags", JSON, nullable=False),
    Index(None, "account", "owner"),
)

buckets = Table(
    "buckets",
    metadata,
    Column("name", String(63), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("region", String(32), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("policy", Text),
    Column("bindings", JSON, nullable=False),
    Column("settings", JSON, nullable=False),
    Index(None, "account"),
)

# A row is a version of an object. Keys are kept as bytes, so that they sort as UTF-8 does (W-313);
# of one key the newer version has the lesser rank.
objects = Table(
    "objects",
    metadata,
    Column("bucket", ForeignKey("buckets.name"), primary_key=True),
    Column("key", LargeBinary(1024), primary_key=True),
    Column("rank", BigInteger, primary_key=True),
    Column("version", String(32), nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("is_marker", Boolean, nullable=False),
    Column("blob", String(64), unique=True),
    Column("parts", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("etag", String(64), nullable=False),
    Column("modified", BigInteger, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("checksums", JSON, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("lock", JSON, nullable=False),
    Column("owner", String(12), nullable=False),
    Column("acl", JSON, nullable=False),
    UniqueConstraint("bucket", "key", "version"),
)
Index(
    "ix_objects_current",
    objects.c.bucket,
    objects.c.key,
    unique=True,
    sqlite_where=text("is_current = 1"),
    postgresql_where=text("is_current"),
)

# The bytes of objects that are small; those of the others are blobs.
contents = Table(
    "contents",
    metadata,
    Column("blob", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("bucket", ForeignKey("buckets.name"), nullable=False),
    Column("key", LargeBinary(1024), nullable=False),
    Column("account", String(12), nullable=False),
    Column("initiator", String(2048), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("algorithm", String(16), nullable=False),
    Column("checksum_type", String(16), nullable=False),
    Column("tags", JSON, nullable=False),
    Column("lock", JSON, nullable=False),
    Column("acl", JSON, nullable=False),
    Index(None, "bucket", "key", "id"),
)

# The parts of an upload, and later of the object that was made of them: `upload` is then its blob.
parts = Table(
    "parts",
    metadata,
    Column("upload", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("blob", String(64), nullable=False, unique=True),
    Column("start", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("etag", String(64), nullable=False),
    Column("modified", BigInteger, nullable=False),
    Column("checksums", JSON, nullable=False),
)

ring = Table(
    "ring",
    metadata,
    Column("key_id", Integer, primary_key=True, autoincrement=False),
    Column("created", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

issuers = Table(
    "issuers",
    metadata,
    Column("account", ForeignKey(ACCOUNT), primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("enabled", Boolean, nullable=False),
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("algorithm", String(5), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("account", String(12), nullable=False),
    Column("entity", String(128), nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

# A known value, sealed: by it a wrong master key is noticed before it does harm.
seals = Table(
    "seals",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
