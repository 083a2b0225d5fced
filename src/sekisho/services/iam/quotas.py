"""How many and how long: IAM's default quotas (W-165, PE-61)."""

from collections.abc import Mapping
from types import MappingProxyType

from sekisho.directory.queries.accounts import Kind, count_entities
from sekisho.directory.store import Transaction
from sekisho.model.records import Owner
from sekisho.policy import QUOTAS, PolicyType
from sekisho.services.iam.faults import over_quota

USERS = 5_000
GROUPS = 300
ROLES = 1_000
POLICIES = 1_500
ATTACHED_POLICIES = 10
VERSIONS = 5
VERSIONS_IN_USE = 10_000
GROUPS_PER_USER = 10
ACCESS_KEYS = 2
MFA_DEVICES = 8
INSTANCE_PROFILES = 1_000
SERVER_CERTIFICATES = 20
SIGNING_CERTIFICATES = 2
SSH_KEYS = 5
SERVICE_CREDENTIALS = 2
PROVIDERS = 100
CLIENT_IDS = 100
THUMBPRINTS = 5
SAML_KEYS = 2
TAGS = 50

MANAGED_POLICY_SIZE = QUOTAS[PolicyType.MANAGED]
TRUST_POLICY_SIZE = QUOTAS[PolicyType.TRUST]
INLINE_SIZE: Mapping[Owner, int] = MappingProxyType(
    {Owner.USER: 2_048, Owner.ROLE: 10_240, Owner.GROUP: 5_120}
)


def check_quota(tx: Transaction, kind: Kind, account: str, quota: str, most: int) -> None:
    """Raises LimitExceeded if an account may not have one more (W-171)."""
    if count_entities(tx, account, kind) >= most:
        raise over_quota(quota, most)
