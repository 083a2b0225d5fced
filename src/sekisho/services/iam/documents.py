"""Policy documents as they are saved: grammar first, size next, principals last (PE-60…PE-72)."""

from sekisho.directory.store import Transaction
from sekisho.model.arn import root_arn
from sekisho.model.identifiers import is_account_id
from sekisho.model.records import StoredDocument
from sekisho.policy import (
    PolicyType,
    measured_size,
    named_principals,
    parse_policy,
    refusal,
    shown,
)
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
    """A trust policy, its principals resolved, accounts by the ARN of their root (PE-31, W-177).

    Raises MalformedPolicyDocument; LimitExceeded over 2,048 characters without white space.
    """
    _check(text, PolicyType.TRUST)
    if measured_size(text) > TRUST_POLICY_SIZE:
        raise over_quota("ACLSizePerRole", TRUST_POLICY_SIZE)
    stored = resolve(tx, text, invalid_in_trust)
    accounts = {
        named.value: root_arn(named.value)
        for named in named_principals(parse_policy(text))
        if named.key == "AWS" and is_account_id(named.value)
    }
    return StoredDocument(shown(text, accounts, lambda _: False), stored.bindings)


def _check(text: str, kind: PolicyType) -> None:
    said = refusal(text, kind)
    if said is not None:
        raise malformed_policy(said)
