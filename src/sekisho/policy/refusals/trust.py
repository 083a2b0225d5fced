"""Role trust policies: the checks of IAM in its order (PE-26…PE-28, PE-41, PE-71, PE-72)."""

import re
from collections.abc import Iterable, Mapping

from sekisho.policy.document import NamedPrincipal, Statement
from sekisho.policy.grammar import survey
from sekisho.policy.patterns import compile_pattern, read_pattern
from sekisho.policy.refusals.structure import (
    ALLOW_NOT_PRINCIPAL,
    EMPTY_STATEMENT,
    INVALID_JSON,
    Refused,
    check_effect,
    has_repeated_sid,
    is_aws_principal,
    read_document,
    read_root,
    read_statements,
)
from sekisho.policy.syntax import Node

SYNTAX = "Syntax error in policy."
STS_ACTIONS = (
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:tagsession",
    "sts:setsourceidentity",
    "sts:setcontext",
    "sts:decodeauthorizationmessage",
    "sts:getaccesskeyinfo",
    "sts:getcalleridentity",
    "sts:getfederationtoken",
    "sts:getservicebearertoken",
    "sts:getsessiontoken",
)
COGNITO = "cognito-identity.amazonaws.com"
WEB_PROVIDERS = frozenset({COGNITO, "www.amazon.com", "graph.facebook.com", "accounts.google.com"})
# Issuers that many tenants share -> the claim which tells the tenants apart (PE-72).
SHARED_ISSUERS = {
    "agent.buildkite.com": "sub",
    "app.terraform.io": "sub",
    "gitlab.com": "sub",
    "token.actions.githubusercontent.com": "sub",
}
POSITIVE = ("StringEquals", "StringEqualsIgnoreCase", "StringLike")

# A service is named by a domain; which of them exist is not known here (PE-27).
_SERVICE = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+", re.ASCII)
_PROVIDER = re.compile(
    r"arn:aws:iam::[0-9]{12}:(?:saml-provider/[\w.-]+|oidc-provider/([\w.-]+(?:/[^*?\s]*)?))",
    re.ASCII,
)


def check(text: str) -> None:
    """Structure of all statements first, then their values."""
    root = read_root(text, INVALID_JSON)
    members = read_document(root)
    if "Statement" not in members:
        raise Refused(EMPTY_STATEMENT)
    for statement in read_statements(members["Statement"], SYNTAX):
        _check_elements(statement)
    policy, findings = survey(text, root)
    if any(finding.code == "EmptyAction" for finding in findings):
        raise Refused("Missing required field Action")
    if findings:
        raise Refused(SYNTAX)
    for one in policy.statements:
        _check_principals(one)
        _check_actions((*(one.actions or ()), *(one.not_actions or ())))
    if has_repeated_sid(policy.statements):
        raise Refused("The Statement Ids in the policy are not unique")


def _check_elements(statement: Mapping[str, Node]) -> None:
    """What is prohibited is told before what is missing."""
    if "Resource" in statement:
        raise Refused("Has prohibited field Resource")
    check_effect(statement, SYNTAX)
    if "NotPrincipal" in statement:
        if statement["Effect"].value == "Allow":
            raise Refused(ALLOW_NOT_PRINCIPAL)
        raise Refused("AssumeRole policy must not contain NotPrincipal field.")
    if "Principal" not in statement:
        raise Refused("Missing required field Principal")
    named = statement["Principal"].value
    if isinstance(named, str):
        raise Refused("Principal must be a JSON object.")
    if not isinstance(named, dict):
        raise Refused(SYNTAX)
    if not named:
        raise Refused("Missing required field Principal cannot be empty!")
    for key in named:
        if key not in ("AWS", "Service", "Federated"):
            raise Refused(f'Invalid principal in policy: "{key}"')
    if not ("Action" in statement or "NotAction" in statement):
        raise Refused("Missing required field Action")
    if "NotResource" in statement:
        raise Refused("AssumeRole policy must not contain resources.")


def _check_principals(statement: Statement) -> None:
    if not statement.principals:
        raise Refused("Missing required field Principal cannot be empty!")
    for named in statement.principals:
        if named.key == "Federated":
            _check_provider(statement, named)
        elif named.key == "AWS" and not is_aws_principal(named):
            raise Refused(f'Invalid principal in policy: "AWS":"{named.value}"')
        elif named.key == "Service" and not _SERVICE.fullmatch(named.value):
            raise Refused(f'Invalid principal in policy: "SERVICE":"{named.value}"')


def _check_provider(statement: Statement, named: NamedPrincipal) -> None:
    arn = _PROVIDER.fullmatch(named.value)
    if arn is None and named.value not in WEB_PROVIDERS:
        raise Refused("Federated principals must be valid domain names or SAML metadata ARNs")
    if named.value == COGNITO and not _is_held_to(statement, f"{COGNITO}:aud"):
        raise Refused("A condition block must be present for the Cognito provider")
    issuer = "" if arn is None else arn.group(1) or ""
    if issuer in SHARED_ISSUERS:
        key = f"{issuer}:{SHARED_ISSUERS[issuer]}"
        if not _is_held_to(statement, key):
            raise Refused(
                f'The trust policy trusts shared OpenID Connect provider "{issuer}" without a'
                f' Condition scoping "{key}" to your own tenant.'
            )


def _is_held_to(statement: Statement, key: str) -> bool:
    """Whether a condition holds the key to values that are more than wildcards."""
    return any(
        clause.key.lower() == key
        and clause.operator.rpartition(":")[2].startswith(POSITIVE)
        and clause.values
        and all(value.strip("*?") for value in clause.values)
        for clause in statement.conditions
    )


def _check_actions(actions: Iterable[str]) -> None:
    """Names, or patterns that match one, of the actions a role can be asked for (PE-41)."""
    for action in actions:
        pattern = compile_pattern(read_pattern(action.lower()))
        if not action.lower().startswith("sts:") or not any(map(pattern, STS_ACTIONS)):
            raise Refused("AssumeRole policy may only specify STS AssumeRole actions.")
