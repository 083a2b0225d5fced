"""IAM: users, groups, roles, their policies, keys and devices."""

from sekisho.services.iam import (
    access_keys,
    account,
    attachments,
    boundaries,
    groups,
    inline,
    mfa,
    oidc_providers,
    policies,
    policy_versions,
    roles,
    saml_providers,
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
    "oidc_providers",
    "policies",
    "policy_versions",
    "roles",
    "saml_providers",
    "users",
]
