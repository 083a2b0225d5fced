"""Tables of the web console's door. The conventions are those of `schema`."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from sekisho.directory.schema import ACCOUNT, metadata

console_sessions = Table(
    "console_sessions",
    metadata,
    Column("hashed", String(64), primary_key=True),
    Column("account", ForeignKey(ACCOUNT), nullable=False),
    Column("begun", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("password", String(64), nullable=False),
    Column("issuer", String(2048), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("token", Text, nullable=False),
    Index(None, "expires"),
)

root_passwords = Table(
    "root_passwords",
    metadata,
    Column("account", ForeignKey(ACCOUNT), primary_key=True),
    Column("changed", BigInteger, nullable=False),
    Column("hashed", String(256), nullable=False),
)

# subject: a hash of whoever is tried to be signed in as, or of where the attempts come from.
sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("subject", String(64), primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("refused_until", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index(None, "at"),
)
