"""Bucket policies: the checks of S3 in its order (PE-79, W-282)."""

import re
from collections.abc import Iterable, Mapping

from sekisho.policy.document import Effect, NamedPrincipal, Statement
from sekisho.policy.grammar import survey
from sekisho.policy.key_types import find_key
from sekisho.policy.operators import is_operator
from sekisho.policy.patterns import compile_pattern, read_pattern
from sekisho.policy.refusals.s3_names import (
    BUCKET_ACTIONS,
    LISTING_ACTIONS,
    LISTING_KEYS,
    OBJECT_ACTIONS,
)
from sekisho.policy.refusals.structure import (
    ALLOW_NOT_PRINCIPAL,
    INVALID_JSON,
    Refused,
    check_effect,
    is_aws_principal,
    read_document,
    read_root,
    read_statements,
)
from sekisho.policy.syntax import Node

SYNTAX = "Invalid policy syntax."
PREFIX = "arn:aws:s3:::"
REQUIRED = (
    ("Principal", "NotPrincipal"),
    ("Action", "NotAction"),
    ("Resource", "NotResource"),
)

_CANONICAL_ID = re.compile(r"[0-9a-f]{64}", re.ASCII)


def check(text: str, bucket: str) -> None:
    """Structure of all statements first, then their values. bucket: its name, or empty."""
    if not text.startswith("{"):
        raise Refused("Policies must be valid JSON and the first byte must be '{'")
    root = read_root(text, INVALID_JSON)
    members = read_document(root)
    if "Statement" not in members:
        raise Refused("Missing required field Statement")
    for statement in read_statements(members["Statement"], SYNTAX):
        _check_elements(statement)
    policy, findings = survey(text, root)
    codes = {finding.code for finding in findings}
    if codes - {"UnknownOperator", "EmptyAction", "EmptyResource"}:
        raise Refused(SYNTAX)
    for one in policy.statements:
        _check_statement(one, bucket)


def _check_elements(statement: Mapping[str, Node]) -> None:
    check_effect(statement, SYNTAX)
    for element, opposite in REQUIRED:
        if element not in statement and opposite not in statement:
            raise Refused(f"Missing required field {element}")


def _check_statement(statement: Statement, bucket: str) -> None:
    if statement.not_principals is not None and statement.effect is Effect.ALLOW:
        raise Refused(ALLOW_NOT_PRINCIPAL)
    named = statement.principals or statement.not_principals or ()
    if not named or not all(map(_is_principal, named)):
        raise Refused("Invalid principal in policy")
    named_actions = [
        _named_actions(action) for action in statement.actions or statement.not_actions or ()
    ]
    resources = statement.resources or statement.not_resources or ()
    if not named_actions or not all(named_actions):
        raise Refused("Policy has invalid action")
    if not resources or not all(_is_resource(resource, bucket) for resource in resources):
        raise Refused("Policy has invalid resource")
    if statement.actions and statement.resources:
        reached = _reached_actions(statement.resources)
        if any(map(reached.isdisjoint, named_actions)):
            raise Refused("Action does not apply to any resource(s) in statement")
    _check_conditions(statement, frozenset[str]().union(*named_actions))


def _is_principal(named: NamedPrincipal) -> bool:
    match named.key:
        case "AWS":
            return is_aws_principal(named)
        case "CanonicalUser":
            return _CANONICAL_ID.fullmatch(named.value) is not None
    return bool(named.value) and "*" not in named.value


def _named_actions(action: str) -> frozenset[str]:
    """The actions of a bucket policy that a pattern means, in lower case without ``s3:``."""
    pattern = action.lower()
    if pattern == "*":
        return BUCKET_ACTIONS | OBJECT_ACTIONS
    if not pattern.startswith("s3:"):
        return frozenset()
    matches = compile_pattern(read_pattern(pattern.removeprefix("s3:")))
    return frozenset(filter(matches, BUCKET_ACTIONS | OBJECT_ACTIONS))


def _is_resource(resource: str, bucket: str) -> bool:
    """An S3 ARN whose bucket can be this one; ``*`` alone is not taken."""
    if not resource.startswith(PREFIX):
        return False
    named = resource.removeprefix(PREFIX).partition("/")[0]
    if not named or not bucket or "${" in named:
        return bool(named)
    return compile_pattern(read_pattern(named))(bucket)


def _reached_actions(resources: Iterable[str]) -> frozenset[str]:
    """The actions that can be done on one of these resources: a bucket's ARN has no slash."""
    reached = frozenset[str]()
    for path in (resource.removeprefix(PREFIX) for resource in resources):
        if "/" not in path:
            reached |= BUCKET_ACTIONS
        if "/" in path or "*" in path:
            reached |= OBJECT_ACTIONS
    return reached


def _check_conditions(statement: Statement, named_actions: frozenset[str]) -> None:
    for clause in statement.conditions:
        if not is_operator(clause.operator):
            raise Refused(f"Invalid Condition type : {clause.operator}")
    keys = [clause.key.lower() for clause in statement.conditions]
    if not all(map(_is_known_key, keys)):
        raise Refused("Policy has an invalid condition key")
    listing = statement.not_actions is not None or not named_actions.isdisjoint(LISTING_ACTIONS)
    if not listing and not LISTING_KEYS.isdisjoint(keys):
        raise Refused(
            "Conditions do not apply to combination of actions and resources in statement"
        )


def _is_known_key(key: str) -> bool:
    """S3 and global keys must be known ones; those of other vendors need no more than a vendor."""
    vendor, colon, name = key.partition(":")
    if vendor not in ("s3", "aws"):
        return bool(vendor and colon and name)
    return find_key(key) is not None
