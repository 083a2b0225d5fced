"""Rules on Principal and NotPrincipal, whatever they are the principals of (PE-20…PE-36)."""

import re
from collections.abc import Iterator

from sekisho.advice.check.advice import Mend, Remark
from sekisho.advice.check.draft import Draft, Named, Part
from sekisho.advice.check.names import has_wildcard
from sekisho.policy import Policy, is_public
from sekisho.policy.words import say

SOURCE_KEYS = frozenset(
    {
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
    }
)
# With these a condition tells whom it lets in, though the engine's own test of public policies
# asks for values without wildcards.
NAMING_KEYS = frozenset(
    {
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principalservicename",
        "aws:principalservicenameslist",
    }
)
_ACCOUNT_IN = re.compile(r"arn:[a-z-]+:(?:iam|sts)::([0-9]{12}):|([0-9]{12})$", re.ASCII)
_ROOT = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:root|[0-9]{12}", re.ASCII)
_GROUP = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:group/", re.ASCII)
_SESSION = re.compile(r"arn:([a-z-]+):sts::([0-9]{12}):assumed-role/([^/]+)/", re.ASCII)


def account_in(value: str) -> str:
    """The account of an AWS principal; empty if its form tells none."""
    found = _ACCOUNT_IN.match(value)
    return "" if found is None else found.group(1) or found.group(2)


def names_account(value: str) -> bool:
    """Whether a whole account is named (PE-22)."""
    return _ROOT.fullmatch(value) is not None


def is_open(draft: Draft, part: Part) -> bool:
    """Whether an Allow lets in whoever comes (PE-140)."""
    if not any(each.principal.is_everyone for each in part.named("Principal")):
        return False
    if any(test.key in NAMING_KEYS for test in part.tests()):
        return False
    return is_public(Policy(draft.policy.version, "", (part.statement,)))


def own_account(draft: Draft, part: Part) -> Mend | None:
    """Only for callers of the reader's own account, if that is known."""
    if not draft.account:
        return None
    return draft.condition(part, "StringEquals", "aws:PrincipalAccount", draft.account)


def own_source(draft: Draft, part: Part) -> Mend | None:
    """Only for what services do for the reader's own account, if that is known."""
    if not draft.account:
        return None
    return draft.condition(part, "StringEquals", "aws:SourceAccount", draft.account)


def check_patterns(draft: Draft) -> Iterator[Remark]:
    """Wildcards that are part of a principal (PE-24, PE-25)."""
    for part in draft.parts():
        for each in (*part.named("Principal"), *part.named("NotPrincipal")):
            value, key = each.principal.value, each.principal.key
            if not has_wildcard(value) or each.principal.is_everyone:
                continue
            said = say('"{}" is no pattern and names nobody', value)
            if key == "AWS":
                said = say(
                    "{}; name the account, and hold aws:PrincipalArn to the pattern with ArnLike",
                    said,
                )
            yield Remark("PrincipalPattern", each.steps, said)


def check_groups(draft: Draft) -> Iterator[Remark]:
    """Groups, which are nobody's principal (PE-21)."""
    for part in draft.parts():
        for each in (*part.named("Principal"), *part.named("NotPrincipal")):
            if each.principal.key == "AWS" and _GROUP.match(each.principal.value):
                said = say("a group is no principal: name its users, or a role for them")
                yield Remark("GroupPrincipal", each.steps, said)


def check_public(draft: Draft) -> Iterator[Remark]:
    """Policies of resources that let everybody in (PE-140)."""
    if draft.kind.name not in ("bucket", "resource"):
        return
    for part in draft.parts():
        if not part.allows or not is_open(draft, part):
            continue
        for each in part.named("Principal"):
            if each.principal.is_everyone:
                said = say(
                    "this lets everybody in, anonymous callers too: no condition limits whom"
                )
                yield Remark("PublicAccess", each.steps, said, own_account(draft, part))


def check_deputies(draft: Draft) -> Iterator[Remark]:
    """Services that anybody can have act on the resource."""
    if draft.kind.name not in ("bucket", "resource"):
        return
    for part in draft.parts():
        if not part.allows or any(test.key in SOURCE_KEYS for test in part.tests()):
            continue
        for each in part.named("Principal"):
            if each.principal.key == "Service":
                said = say(
                    "{} may do this for whatever account asks it to: add a condition on"
                    " aws:SourceAccount, aws:SourceArn or aws:SourceOrgID",
                    each.principal.value,
                )
                yield Remark("ConfusedDeputy", each.steps, said, own_source(draft, part))


def check_exceptions_of_principals(draft: Draft) -> Iterator[Remark]:
    """Deny with NotPrincipal: whom it strikes all the same (PE-35, PE-36)."""
    for part in draft.parts():
        named = part.named("NotPrincipal")
        if part.allows or not named:
            continue
        here = (*part.steps, "NotPrincipal")
        missing = sorted(_missing(named))
        if missing:
            said = say(
                "those listed are denied all the same unless {} is listed too", ", ".join(missing)
            )
            yield Remark("NotPrincipalIncomplete", here, said, at_key=True)
        said = say(
            "whoever has a permissions boundary is denied, listed or not; a condition ArnNotLike"
            ' on aws:PrincipalArn, with "Principal": "*", says what is meant'
        )
        yield Remark("NotPrincipalBoundary", here, said, at_key=True)


def _missing(named: tuple[Named, ...]) -> set[str]:
    """What has to be listed beside what is: the account, and a session's role (PE-35)."""
    listed = {each.principal.value for each in named}
    missing = set[str]()
    for each in named:
        value = each.principal.value
        account = account_in(value) if each.principal.key == "AWS" else ""
        if not account or names_account(value):
            continue
        partition = value.split(":")[1]
        root = f"arn:{partition}:iam::{account}:root"
        if not {root, account} & listed:
            missing.add(root)
        session = _SESSION.match(value)
        if session and not any(
            other.startswith(f"arn:{partition}:iam::{account}:role/")
            and other.endswith(f"/{session.group(3)}")
            for other in listed
        ):
            missing.add(f"arn:{partition}:iam::{account}:role/{session.group(3)}")
    return missing
