"""Whether a bucket policy is public (PE-140, W-278)."""

import re

from sekisho.model.identifiers import is_account_id
from sekisho.policy.document import Clause, Effect, NamedPrincipal, Policy, Statement
from sekisho.policy.literals import read_network

BROADEST = {4: 8, 6: 32}
FIXING_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)
FIXING_OPERATORS = frozenset(
    {"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"}
)
NOBODY = "anonymous"  # the aws:userid of callers who have not signed (PE-128)
OPEN_PROVIDER = "graph.facebook.com"

# Any access point of one account (PE-140): the account is fixed, the name may be anything.
_ACCESS_POINTS = re.compile(r"arn:aws:s3:[a-z0-9*-]+:[0-9]{12}:accesspoint/[^${}]+", re.ASCII)


def is_public(policy: Policy) -> bool:
    """Whether any Allow is limited neither to fixed principals nor by a fixed value.

    Every statement is taken to be public until it shows otherwise; one public statement makes the
    whole policy public. Deny statements do not count.
    """
    return any(
        statement.effect is Effect.ALLOW and not _is_limited(statement)
        for statement in policy.statements
    )


def _is_limited(statement: Statement) -> bool:
    if statement.principals and all(map(_is_fixed_principal, statement.principals)):
        return True
    return any(map(_fixes, statement.conditions))


def _is_fixed_principal(named: NamedPrincipal) -> bool:
    return _is_fixed(named.value) and (named.key, named.value) != ("Federated", OPEN_PROVIDER)


def _fixes(clause: Clause) -> bool:
    """Whether the clause lets only requests with one of a few fixed values pass.

    IfExists and ForAllValues let requests without the key pass and so fix nothing.
    """
    operator = clause.operator.removeprefix("ForAnyValue:")
    key = clause.key.lower()
    if not clause.values:
        return False
    if key == "aws:sourceip":
        return operator == "IpAddress" and all(map(_is_narrow, clause.values))
    if operator not in FIXING_OPERATORS or key not in FIXING_KEYS:
        return False
    if key == "aws:principalaccount":
        return all(map(is_account_id, clause.values))
    if key == "aws:userid" and NOBODY in map(str.lower, clause.values):
        return False
    if key == "s3:dataaccesspointarn" and operator != "StringEquals":
        return all(_is_fixed(value) or _ACCESS_POINTS.fullmatch(value) for value in clause.values)
    return all(map(_is_fixed, clause.values))


def _is_fixed(value: str) -> bool:
    return not ("*" in value or "?" in value or "${" in value)


def _is_narrow(value: str) -> bool:
    network = read_network(value)
    return network is not None and network.prefix >= BROADEST[network.version]
