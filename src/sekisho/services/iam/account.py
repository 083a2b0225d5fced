"""The account as a whole."""

from dataclasses import replace

from sekisho.directory.queries import console, devices, keys, papers, policies, providers, settings
from sekisho.directory.queries.accounts import Kind, count_entities
from sekisho.model.credentials import SigningCertificate
from sekisho.model.records import Owner
from sekisho.services.iam import quotas
from sekisho.services.operation import Call, Desk, Output, everything, operation

TOKEN_VERSIONS = {"v1Token": 1, "v2Token": 2}


@operation("iam:GetAccountSummary", resource=everything)
def get_account_summary(call: Call, desk: Desk) -> Output:
    """Counts and quotas, 34 of them (W-213)."""
    tx, account = desk.tx, call.account
    holders = devices.list_holders(tx, account)
    certificates = papers.list_papers(tx, SigningCertificate, account, account)
    decided = settings.get_settings(tx, account)
    counts = {
        "Users": count_entities(tx, account, Kind.USERS),
        "Groups": count_entities(tx, account, Kind.GROUPS),
        "Roles": count_entities(tx, account, Kind.ROLES),
        "Policies": count_entities(tx, account, Kind.POLICIES),
        "PolicyVersionsInUse": policies.count_versions(tx, account),
        "InstanceProfiles": count_entities(tx, account, Kind.INSTANCE_PROFILES),
        "ServerCertificates": count_entities(tx, account, Kind.SERVER_CERTIFICATES),
        "Providers": providers.count_providers(tx, account),
        "MFADevices": len(holders),
        "MFADevicesInUse": sum(map(bool, holders)),
        "AccountMFAEnabled": int(account in holders),
        "AccountAccessKeysPresent": int(keys.count_access_keys(tx, account, account) > 0),
        "AccountPasswordPresent": int(console.get_root_password(tx, account) is not None),
        "AccountSigningCertificatesPresent": int(bool(certificates)),
        "GlobalEndpointTokenVersion": TOKEN_VERSIONS[decided.token_version],
    }
    return {"SummaryMap": {**counts, **QUOTAS}}


QUOTAS = {
    "UsersQuota": quotas.USERS,
    "GroupsQuota": quotas.GROUPS,
    "RolesQuota": quotas.ROLES,
    "PoliciesQuota": quotas.POLICIES,
    "InstanceProfilesQuota": quotas.INSTANCE_PROFILES,
    "ServerCertificatesQuota": quotas.SERVER_CERTIFICATES,
    "SigningCertificatesPerUserQuota": quotas.SIGNING_CERTIFICATES,
    "AccessKeysPerUserQuota": quotas.ACCESS_KEYS,
    "GroupsPerUserQuota": quotas.GROUPS_PER_USER,
    "AttachedPoliciesPerUserQuota": quotas.ATTACHED_POLICIES,
    "AttachedPoliciesPerGroupQuota": quotas.ATTACHED_POLICIES,
    "AttachedPoliciesPerRoleQuota": quotas.ATTACHED_POLICIES,
    "PolicySizeQuota": quotas.MANAGED_POLICY_SIZE,
    "AssumeRolePolicySizeQuota": quotas.TRUST_POLICY_SIZE,
    "UserPolicySizeQuota": quotas.INLINE_SIZE[Owner.USER],
    "GroupPolicySizeQuota": quotas.INLINE_SIZE[Owner.GROUP],
    "RolePolicySizeQuota": quotas.INLINE_SIZE[Owner.ROLE],
    "VersionsPerPolicyQuota": quotas.VERSIONS,
    "PolicyVersionsInUseQuota": quotas.VERSIONS_IN_USE,
}


@operation("iam:SetSecurityTokenServicePreferences", resource=everything, writes=True)
def set_security_token_service_preferences(call: Call, desk: Desk) -> Output:
    """Say which kind of tokens the global endpoint of STS gives (W-124).

    All tokens of this server are valid in all regions, whichever is chosen; the choice is kept and
    shown in GetAccountSummary.
    """
    decided = settings.get_settings(desk.tx, call.account)
    version = call.input["GlobalEndpointTokenVersion"]
    settings.put_settings(desk.tx, replace(decided, token_version=version))
    return {}
