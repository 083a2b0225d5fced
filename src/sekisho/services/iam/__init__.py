"""IAM: users, groups, roles, their policies, keys and devices."""

from sekisho.services.iam import (
    access_keys,
    account,
    attachments,
    boundaries,
    groups,
    inline,
    mfa,
    policies,
    policy_versions,
    roles,
    users,
)

__all__ = [
    "access_keys",
    "account",
    "attachments",
    "boundaries",
    "groups",
    "inline",
    "mfa",
    "policies",
    "policy_versions",
    "roles",
    "users",
]
