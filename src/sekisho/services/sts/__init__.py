"""The Security Token Service: assuming roles, temporary credentials, who am I."""

from sekisho.services.sts import (
    assume_role,
    assume_role_with_saml,
    assume_root,
    federation,
    identity,
    messages,
    outbound,
    sessions,
    web_identity,
)

__all__ = [
    "assume_role",
    "assume_role_with_saml",
    "assume_root",
    "federation",
    "identity",
    "messages",
    "outbound",
    "sessions",
    "web_identity",
]
