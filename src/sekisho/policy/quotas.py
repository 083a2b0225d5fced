"""How large a policy may be, by AWS's way of counting (PE-60, PE-61).

IAM leaves white space out of what it saves; Organizations, STS and endpoints count every
character; S3 counts bytes.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sekisho.policy.document import PolicyType, measured_size

# The default quotas; an inline policy shares its own with the others of its user, role or group,
# and that of a role is the widest.
QUOTAS: Mapping[PolicyType, int] = MappingProxyType(
    {
        PolicyType.IDENTITY: 10_240,
        PolicyType.MANAGED: 6_144,
        PolicyType.BOUNDARY: 6_144,
        PolicyType.SESSION: 2_048,
        PolicyType.TRUST: 2_048,
        PolicyType.BUCKET: 20_480,
        PolicyType.SCP: 10_240,
        PolicyType.RCP: 5_120,
        PolicyType.ENDPOINT: 20_480,
    }
)
_WITHOUT_WHITE_SPACE = frozenset(
    {PolicyType.IDENTITY, PolicyType.MANAGED, PolicyType.BOUNDARY, PolicyType.TRUST}
)


def size_as(text: str, kind: PolicyType) -> int:
    """What a text counts for against its quota: characters, of a bucket policy bytes."""
    if kind in _WITHOUT_WHITE_SPACE:
        return measured_size(text)
    return len(text.encode(errors="replace")) if kind is PolicyType.BUCKET else len(text)


def exceeds_quota(text: str, kind: PolicyType) -> bool:
    """Whether a text alone is larger than its kind may be."""
    return size_as(text, kind) > QUOTAS[kind]
