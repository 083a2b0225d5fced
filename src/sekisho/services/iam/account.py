"""The account as a whole."""

from sekisho.directory.queries import devices, keys, providers
from sekisho.directory.queries.accounts import Kind, count_entities
from sekisho.services.iam import quotas
from sekisho.services.iam.paging import EVERY
from sekisho.services.operation import Call, Desk, Output, everything, operation


@operation("iam:GetAccountSummary", resource=everything)
def get_account_summary(call: Call, desk: Desk) -> Output:
    """Counts and quotas (W-213); entries that are not kept count of here are left out."""
    tx, account = desk.tx, call.account
    held = devices.list_devices(tx, account, None, EVERY)
    root_keys = keys.count_access_keys(tx, account, account)
    return {
        "SummaryMap": {
            "Users": count_entities(tx, account, Kind.USERS),
            "UsersQuota": quotas.USERS,
            "Groups": count_entities(tx, account, Kind.GROUPS),
            "GroupsQuota": quotas.GROUPS,
            "Roles": count_entities(tx, account, Kind.ROLES),
            "RolesQuota": quotas.ROLES,
            "Policies": count_entities(tx, account, Kind.POLICIES),
            "PoliciesQuota": quotas.POLICIES,
            "PolicySizeQuota": quotas.MANAGED_POLICY_SIZE,
            "AssumeRolePolicySizeQuota": quotas.TRUST_POLICY_SIZE,
            "VersionsPerPolicyQuota": quotas.VERSIONS,
            "GroupsPerUserQuota": quotas.GROUPS_PER_USER,
            "AccessKeysPerUserQuota": quotas.ACCESS_KEYS,
            "MFADevices": len(held),
            "MFADevicesInUse": sum(1 for device in held if device.owner),
            "AccountMFAEnabled": int(any(device.owner == account for device in held)),
            "AccountAccessKeysPresent": int(root_keys > 0),
            "Providers": providers.count_providers(tx, account),
            "InstanceProfiles": 0,
            "ServerCertificates": 0,
        }
    }
