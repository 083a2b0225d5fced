"""Organizations: accounts that one account manages, in a tree."""

from sekisho.services.organizations import (
    accounts,
    invitations,
    organization,
    tags,
    tree,
    trusted,
)

__all__ = ["accounts", "invitations", "organization", "tags", "tree", "trusted"]
