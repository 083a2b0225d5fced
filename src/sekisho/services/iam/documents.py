"""Policy documents as they are saved: grammar first, size next, principals last (PE-60…PE-72)."""

from sekisho.directory.store import Transaction
from sekisho.model.records import StoredDocument
from sekisho.policy import PolicyType, measured_size, refusal
from sekisho.services.iam.faults import malformed_policy, over_quota
from sekisho.services.iam.quotas import MANAGED_POLICY_SIZE, TRUST_POLICY_SIZE
from sekisho.services.principals import invalid_in_trust, resolve


def check_identity_policy(text: str) -> None:
    """Raises MalformedPolicyDocument for what may not be an identity-based policy (PE-68)."""
    _check(text, PolicyType.IDENTITY)


def check_managed_policy(text: str) -> None:
    check_identity_policy(text)
    if measured_size(text) > MANAGED_POLICY_SIZE:
        raise over_quota("PolicySize", MANAGED_POLICY_SIZE)


def trust_policy(tx: Transaction, text: str) -> StoredDocument:
    """A trust policy, its principals resolved (PE-31, PE-33, PE-72).

    Raises MalformedPolicyDocument; LimitExceeded over 2,048 characters without white space.
    """
    _check(text, PolicyType.TRUST)
    if measured_size(text) > TRUST_POLICY_SIZE:
        raise over_quota("ACLSizePerRole", TRUST_POLICY_SIZE)
    return resolve(tx, text, invalid_in_trust)


def _check(text: str, kind: PolicyType) -> None:
    said = refusal(text, kind)
    if said is not None:
        raise malformed_policy(said)
