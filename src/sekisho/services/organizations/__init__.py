"""Organizations: accounts that one account manages, in a tree."""

from sekisho.services.organizations import (
    accounts,
    control,
    control_policies,
    invitations,
    organization,
    tags,
    tree,
    trusted,
)

__all__ = [
    "accounts",
    "control",
    "control_policies",
    "invitations",
    "organization",
    "tags",
    "tree",
    "trusted",
]
