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
from sekisho.policy.words import say, shortened

# How a key gets into a request, for those whose absence puzzles people.
SOURCES = {
    "sts:externalid": say("the caller passes it as ExternalId"),
    "sts:sourceidentity": say("the caller passes it as SourceIdentity"),
    "sts:rolesessionname": say("the caller passes it as RoleSessionName"),
    "aws:sourceidentity": say("it is set as SourceIdentity when a role is assumed"),
    "aws:multifactorauthpresent": (
        say(
            "access keys never have it; a session made with an MFA code (SerialNumber, TokenCode)"
            " does"
        )
    ),
    "aws:multifactorauthage": (
        say(
            "access keys never have it; a session made with an MFA code (SerialNumber, TokenCode)"
            " does"
        )
    ),
    "aws:tokenissuetime": say("temporary credentials have it, access keys do not"),
    "aws:username": say("users have it, sessions of roles do not"),
    "aws:principalorgid": say("callers whose account is in an organization have it"),
    "aws:principalorgpaths": say("callers whose account is in an organization have it"),
    "aws:sourcevpce": say("requests through a VPC endpoint have it"),
    "aws:sourcevpc": say("requests through a VPC endpoint have it"),
    "aws:vpcsourceip": say("requests through a VPC endpoint have it"),
    "aws:sourcearn": say("AWS services have it when they act for a resource"),
    "aws:sourceaccount": say("AWS services have it when they act for a resource"),
    "aws:tagkeys": say("requests that pass tags have it"),
    "iam:passedtoservice": say("iam:PassRole alone has it"),
    "iam:permissionsboundary": say("requests that set a permissions boundary have it"),
    "s3:prefix": say("requests that list a bucket have it, if they ask for a prefix"),
    "s3:x-amz-server-side-encryption": say("it is a header of uploads"),
    "s3:x-amz-acl": say("it is a header of uploads"),
}
PREFIXES = {
    "aws:principaltag/": say("the caller has no tag of this key"),
    "aws:resourcetag/": say("the resource has no tag of this key, or shows none"),
    "iam:resourcetag/": say("the resource has no tag of this key, or shows none"),
    "aws:requesttag/": say("the request passes no tag of this key"),
}
GLOBAL_SERVICES = frozenset({"iam", "sts", "organizations", "cloudfront", "route53"})
# What an operator compares, and what reads it on the request's side and on the policy's.
Reader = Callable[[str], object]
READERS: dict[str, tuple[str, Reader, Reader]] = {
    "Binary": (say("base64 text"), read_base64, read_base64),
    "Numeric": (say("number"), read_number, read_number),
    "Date": (say("date"), read_instant, read_instant),
    "IpAddress": (say("address"), read_address, read_network),
    "NotIpAddress": (say("address"), read_address, read_network),
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
                say("; a key with several values needs ForAnyValue: or ForAllValues:"),
                say("put ForAnyValue: or ForAllValues: before {} in", operator),
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
        why = say("a negated operator")
    elif operator.endswith("IfExists"):
        why = "IfExists"
    else:
        return ""
    return say(", and {} holds without one{}", why, absence_hint(condition.key))


def absence_hint(key: str) -> str:
    """How the key gets into a request."""
    told = SOURCES.get(key) or next(
        (words for prefix, words in PREFIXES.items() if key.startswith(prefix)), ""
    )
    return say(" ({})", told) if told else ""


def _of_type(operator: str, seen: str, listed: tuple[str, ...]) -> Hint | None:
    """Values that are no number, date or address, on either side; both addresses, of two kinds."""
    found = next((READERS[name] for name in READERS if operator.startswith(name)), None)
    if found is None:
        return None
    word, read_seen, read_listed = found
    if read_seen(seen) is None:
        return Hint(
            say("; {} compares {}s, and what the request has is none", operator, word),
            say("use another operator than {} in", operator),
        )
    wrong = [text for text in listed if read_listed(text) is None]
    if wrong:
        told = shortened(wrong[0])
        return Hint(say('; "{}" is no {}, and is never met', told, word), say('mend "{}" in', told))
    if word == "address" and ":" in seen and not any(":" in text for text in listed):
        return Hint(say("; the request came over IPv6, and only IPv4 is listed"))
    if word == "address" and ":" not in seen and all(":" in text for text in listed):
        return Hint(say("; the request came over IPv4, and only IPv6 is listed"))
    return None


def _of_letters(operator: str, seen: str, some: tuple[str, ...]) -> Hint | None:
    if any(text.lower() == seen.lower() for text in some):
        return Hint(CASE_ONLY)
    if any(text.strip() == seen.strip() for text in some):
        return Hint(say("; they differ in white space only"))
    wild = [text for text in some if "*" in text or "?" in text]
    if not any(compile_pattern(read_pattern(text))(seen) for text in wild):
        return None
    if operator.startswith("StringEquals"):
        return Hint(
            say("; {} takes * and ? for letters, StringLike does not", operator),
            say("put StringLike in place of {} in", operator),
        )
    if operator.startswith("Arn"):
        return Hint(
            say("; in {} a * does not reach beyond a colon", operator),
            say("write the ARN with all its colons in"),
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
        say("; {} has no value in this request", variable),
        say("put what the caller does have in place of {} in", variable),
    )


def _of_key(key: str, seen: str, question: Question) -> str:
    if key == "aws:multifactorauthpresent" and seen.lower() == "false":
        return say("; the session was made without an MFA code, or by assuming a role")
    if (
        key == "aws:requestedregion"
        and seen == "us-east-1"
        and question.action.partition(":")[0].lower() in GLOBAL_SERVICES
    ):
        return say("; services without regions count as us-east-1")
    return ""
