"""Why a condition does not hold, or holds against all expectation."""

from collections.abc import Callable

from sekisho.policy.hints import CASE_ONLY, MOST_LOOKED_AT, NO_HINT, Hint
from sekisho.policy.literals import (
    read_address,
    read_base64,
    read_instant,
    read_network,
    read_number,
)
from sekisho.policy.operators import Condition, Quantifier, split_quantifier
from sekisho.policy.patterns import compile_pattern, read_pattern
from sekisho.policy.question import Question
from sekisho.policy.variables import Variable, read_template
from sekisho.policy.words import shortened

# How a key gets into a request, for those whose absence puzzles people.
SOURCES = {
    "sts:externalid": "the caller passes it as ExternalId",
    "sts:sourceidentity": "the caller passes it as SourceIdentity",
    "sts:rolesessionname": "the caller passes it as RoleSessionName",
    "aws:sourceidentity": "it is set as SourceIdentity when a role is assumed",
    "aws:multifactorauthpresent": (
        "access keys never have it; a session made with an MFA code (SerialNumber, TokenCode) does"
    ),
    "aws:multifactorauthage": (
        "access keys never have it; a session made with an MFA code (SerialNumber, TokenCode) does"
    ),
    "aws:tokenissuetime": "temporary credentials have it, access keys do not",
    "aws:username": "users have it, sessions of roles do not",
    "aws:principalorgid": "callers whose account is in an organization have it",
    "aws:principalorgpaths": "callers whose account is in an organization have it",
    "aws:sourcevpce": "requests through a VPC endpoint have it",
    "aws:sourcevpc": "requests through a VPC endpoint have it",
    "aws:vpcsourceip": "requests through a VPC endpoint have it",
    "aws:sourcearn": "AWS services have it when they act for a resource",
    "aws:sourceaccount": "AWS services have it when they act for a resource",
    "aws:tagkeys": "requests that pass tags have it",
    "iam:passedtoservice": "iam:PassRole alone has it",
    "iam:permissionsboundary": "requests that set a permissions boundary have it",
    "s3:prefix": "requests that list a bucket have it, if they ask for a prefix",
    "s3:x-amz-server-side-encryption": "it is a header of uploads",
    "s3:x-amz-acl": "it is a header of uploads",
}
PREFIXES = {
    "aws:principaltag/": "the caller has no tag of this key",
    "aws:resourcetag/": "the resource has no tag of this key, or shows none",
    "iam:resourcetag/": "the resource has no tag of this key, or shows none",
    "aws:requesttag/": "the request passes no tag of this key",
}
GLOBAL_SERVICES = frozenset({"iam", "sts", "organizations", "cloudfront", "route53"})
# What an operator compares, and what reads it on the request's side and on the policy's.
Reader = Callable[[str], object]
READERS: dict[str, tuple[str, Reader, Reader]] = {
    "Binary": ("base64 text", read_base64, read_base64),
    "Numeric": ("number", read_number, read_number),
    "Date": ("date", read_instant, read_instant),
    "IpAddress": ("address", read_address, read_network),
    "NotIpAddress": ("address", read_address, read_network),
}


def condition_hint(condition: Condition, question: Question) -> Hint:
    """After a condition that does not hold: what it cannot do with what the request has."""
    seen, listed = question.context.get(condition.key, ()), condition.clause.values
    quantifier, operator = split_quantifier(condition.clause.operator)
    if seen == ():
        return Hint(absence_hint(condition.key))
    if not isinstance(seen, str):
        if quantifier is Quantifier.ONE:
            return Hint(
                "; a key with several values needs ForAnyValue: or ForAllValues:",
                f"put ForAnyValue: or ForAllValues: before {operator} in",
            )
        return NO_HINT
    operator, some = operator.removesuffix("IfExists"), listed[:MOST_LOOKED_AT]
    return (
        _of_type(operator, seen, listed)
        or (None if condition.negated else _of_letters(operator, seen, some))
        or _of_variables(some, question)
        or Hint(_of_key(condition.key, seen, question))
    )


def striking_hint(condition: Condition, question: Question) -> str:
    """After a condition of a Deny that holds although the request has no such key (PE-149)."""
    if question.context.get(condition.key, ()) != ():
        return _of_key(condition.key, str(question.context[condition.key]), question)
    quantifier, operator = split_quantifier(condition.clause.operator)
    if quantifier is Quantifier.ALL:
        why = "ForAllValues"
    elif condition.negated:
        why = "a negated operator"
    elif operator.endswith("IfExists"):
        why = "IfExists"
    else:
        return ""
    return f", and {why} holds without one{absence_hint(condition.key)}"


def absence_hint(key: str) -> str:
    """How the key gets into a request."""
    told = SOURCES.get(key) or next(
        (words for prefix, words in PREFIXES.items() if key.startswith(prefix)), ""
    )
    return f" ({told})" if told else ""


def _of_type(operator: str, seen: str, listed: tuple[str, ...]) -> Hint | None:
    """Values that are no number, date or address, on either side; both addresses, of two kinds."""
    found = next((READERS[name] for name in READERS if operator.startswith(name)), None)
    if found is None:
        return None
    word, read_seen, read_listed = found
    if read_seen(seen) is None:
        return Hint(
            f"; {operator} compares {word}s, and what the request has is none",
            f"use another operator than {operator} in",
        )
    wrong = [text for text in listed if read_listed(text) is None]
    if wrong:
        told = shortened(wrong[0])
        return Hint(f'; "{told}" is no {word}, and is never met', f'mend "{told}" in')
    if word == "address" and ":" in seen and not any(":" in text for text in listed):
        return Hint("; the request came over IPv6, and only IPv4 is listed")
    if word == "address" and ":" not in seen and all(":" in text for text in listed):
        return Hint("; the request came over IPv4, and only IPv6 is listed")
    return None


def _of_letters(operator: str, seen: str, some: tuple[str, ...]) -> Hint | None:
    if any(text.lower() == seen.lower() for text in some):
        return Hint(CASE_ONLY)
    if any(text.strip() == seen.strip() for text in some):
        return Hint("; they differ in white space only")
    wild = [text for text in some if "*" in text or "?" in text]
    if not any(compile_pattern(read_pattern(text))(seen) for text in wild):
        return None
    if operator.startswith("StringEquals"):
        return Hint(
            f"; {operator} takes * and ? for letters, StringLike does not",
            f"put StringLike in place of {operator} in",
        )
    if operator.startswith("Arn"):
        return Hint(
            f"; in {operator} a * does not reach beyond a colon",
            "write the ARN with all its colons in",
        )
    return None


def _of_variables(some: tuple[str, ...], question: Question) -> Hint | None:
    for text in some:
        if "${" not in text:
            continue
        for part in read_template(text, wildcards=True, variables=True):
            if (
                isinstance(part, Variable)
                and part.default is None
                and question.context.get(part.key, ()) == ()
            ):
                return no_value(part.key)
    return None


def no_value(key: str) -> Hint:
    """Of a variable whose key the request does not have."""
    variable = f"${{{shortened(key)}}}"
    return Hint(
        f"; {variable} has no value in this request",
        f"put what the caller does have in place of {variable} in",
    )


def _of_key(key: str, seen: str, question: Question) -> str:
    if key == "aws:multifactorauthpresent" and seen.lower() == "false":
        return "; the session was made without an MFA code, or by assuming a role"
    if (
        key == "aws:requestedregion"
        and seen == "us-east-1"
        and question.action.partition(":")[0].lower() in GLOBAL_SERVICES
    ):
        return "; services without regions count as us-east-1"
    return ""
