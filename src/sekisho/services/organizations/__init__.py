"""Organizations: accounts that one account manages, in a tree."""

from sekisho.services.organizations import accounts, organization, tags

__all__ = ["accounts", "organization", "tags"]
