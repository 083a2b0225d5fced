"""The Security Token Service: assuming roles, temporary credentials, who am I."""

from sekisho.services.sts import (
    assume_role,
    federation,
    identity,
    messages,
    sessions,
    web_identity,
)

__all__ = ["assume_role", "federation", "identity", "messages", "sessions", "web_identity"]
