"""Rules on role trust policies: who can become the role (PE-110…, PE-214)."""

import re
from collections.abc import Iterator

from sekisho.advice.check.advice import Remark
from sekisho.advice.check.draft import Draft, Named, Part
from sekisho.advice.check.names import has_wildcard
from sekisho.advice.check.operators import Operator
from sekisho.advice.check.principals import (
    NAMING_KEYS,
    SOURCE_KEYS,
    account_in,
    is_open,
    names_account,
    own_account,
    own_source,
)
from sekisho.policy.refusals.trust import SHARED_ISSUERS
from sekisho.policy.words import say

EXTERNAL_ID = "sts:externalid"
# Compute of the same account becomes the role; these name no source.
SOURCELESS = frozenset(
    {
        "ec2.amazonaws.com",
        "ec2.amazonaws.com.cn",
        "lambda.amazonaws.com",
        "edgelambda.amazonaws.com",
    }
)

# What a subject begins with, as far as it names the tenant of a shared issuer.
_TENANT = re.compile(r"organization:[^:]+(?=:)|[^/]+(?=/)")


def check_trust(draft: Draft) -> Iterator[Remark]:
    """Whom the Allows of a trust policy let in."""
    if draft.kind.name != "trust":
        return
    for part in draft.parts():
        if not part.allows:
            continue
        keys = {test.key for test in part.tests()}
        for named in part.named("Principal"):
            match named.principal.key:
                case "AWS" if named.principal.is_everyone:
                    yield from _check_everyone(draft, part, named)
                case "AWS":
                    yield from _check_account(draft, part, named, keys)
                case "Service" if not keys & SOURCE_KEYS:
                    yield from _check_service(draft, part, named)
                case "Federated":
                    yield from _check_provider(part, named, keys)


def _check_everyone(draft: Draft, part: Part, named: Named) -> Iterator[Remark]:
    if is_open(draft, part):
        said = say("anybody with an AWS account can become this role: no condition limits whom")
        yield Remark("OpenTrust", named.steps, said, own_account(draft, part))


def _check_account(draft: Draft, part: Part, named: Named, keys: set[str]) -> Iterator[Remark]:
    account = account_in(named.principal.value)
    if not account or keys & NAMING_KEYS:
        return
    is_own = account == draft.account
    if names_account(named.principal.value) and not keys:
        said = say("whoever account {} lets call sts:AssumeRole can become this role", account)
        yield Remark("AccountWideTrust", named.steps, said)
    if is_own or _is_held_to_external_id(part):
        return
    if draft.account:
        said = say("account {} is another one, and no sts:ExternalId is asked for", account)
        yield Remark("ForeignTrust", named.steps, said)
    elif EXTERNAL_ID not in keys:
        said = say("if account {} is a third party's, ask for an sts:ExternalId", account)
        yield Remark("PerhapsForeignTrust", named.steps, said)


def _is_held_to_external_id(part: Part) -> bool:
    for test in part.tests():
        operator = Operator.read(test.clause.operator)
        if test.key == EXTERNAL_ID and not operator.holds_if_absent(test.clause.values):
            return operator.base != "StringLike" or all(
                value.strip("*?") for value in test.clause.values
            )
    return False


def _check_service(draft: Draft, part: Part, named: Named) -> Iterator[Remark]:
    service = named.principal.value
    if service not in SOURCELESS:
        said = say(
            "if {} acts for several customers, add a condition on aws:SourceAccount or"
            " aws:SourceArn, so that it becomes this role for yours alone",
            service,
        )
        yield Remark("PerhapsConfusedDeputy", named.steps, said, own_source(draft, part))


def _check_provider(part: Part, named: Named, keys: set[str]) -> Iterator[Remark]:
    """Identity providers vouch for all their users, often of all their customers (PE-187)."""
    issuer = named.principal.value.rpartition(":oidc-provider/")[2].lower()
    if ":saml-provider/" in issuer:
        return
    if not any(key.startswith(f"{issuer}:") and key.endswith((":sub", ":aud")) for key in keys):
        said = say(
            "whoever {} vouches for can become this role: add conditions on {}:aud and {}:sub",
            issuer,
            issuer,
            issuer,
        )
        yield Remark("OpenFederation", named.steps, said)
    elif issuer in SHARED_ISSUERS and not keys - {f"{issuer}:sub", f"{issuer}:aud"}:
        for test in part.tests():
            for value in test.clause.values if test.key == f"{issuer}:sub" else ():
                if "Like" in test.clause.operator and _is_any_tenant(value):
                    said = say(
                        '"{}" lets in more than one tenant of {}: write out what names your own',
                        value,
                        issuer,
                    )
                    yield Remark("OpenFederation", test.steps, said)


def _is_any_tenant(subject: str) -> bool:
    """Whether a wildcard stands in ``repo:ORG/…`` before the slash, or ``organization:ORG:…``."""
    tenant = _TENANT.match(subject)
    return tenant is None or has_wildcard(tenant.group())
