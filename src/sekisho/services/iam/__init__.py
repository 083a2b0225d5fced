"""IAM: users, groups, roles, their policies, keys and devices."""

from sekisho.services.iam import (
    access_keys,
    account,
    aliases,
    attachments,
    boundaries,
    groups,
    inline,
    login_profiles,
    mfa,
    oidc_providers,
    password_policy,
    policies,
    policy_versions,
    roles,
    saml_providers,
    users,
)

__all__ = [
    "access_keys",
    "account",
    "aliases",
    "attachments",
    "boundaries",
    "groups",
    "inline",
    "login_profiles",
    "mfa",
    "oidc_providers",
    "password_policy",
    "policies",
    "policy_versions",
    "roles",
    "saml_providers",
    "users",
]
