"""Whether somebody may assume a role, from what the accounts of both answer: AWS's accounts too.

Nothing is asked of any server. What the answers do not tell is left out: control policies of an
organization, session policies, endpoints.
"""

import difflib
import time
from collections.abc import Iterable, Mapping

from sekisho.access.context import (
    Ambient,
    principal_context,
    principal_tags,
    request_context,
    tag_context,
)
from sekisho.advice.accounts import COMMAND, AccountAnswer, Entity, UnusableAnswer
from sekisho.model.principal import Principal, session_principal, user_principal
from sekisho.policy import ContextValue, Evidence, Explanation, Question, explain

MOST_COMPARED = 2_000
SESSION = "session"  # its name, while somebody's role assumes the next


def crossing(
    answers: Iterable[AccountAnswer], who: str, role: str, given: Mapping[str, str]
) -> Explanation:
    """Whether `who` (ARN of a user, a role, or a session of one) may do sts:AssumeRole on `role`.

    given: condition keys of the request, in any case, such as sts:ExternalId; they win over what
    is taken for granted: TLS, now, us-east-1, from 127.0.0.1, without MFA. Raises UnusableAnswer.
    """
    accounts = {answer.id: answer for answer in answers}
    caller, entity = _caller(_account(accounts, who), who)
    theirs = _account(accounts, role)
    if role not in theirs.roles:
        raise _absent("role", role, theirs.roles)
    wanted = theirs.role(role)
    brought: dict[str, ContextValue] = {
        **principal_context(caller),
        **principal_tags(entity.tags, None),
        "aws:resourceaccount": theirs.id,
        "sts:rolesessionname": SESSION,
        **tag_context("aws:resourcetag", wanted.tags),
        **tag_context("iam:resourcetag", wanted.tags),
    }
    ambient = Ambient(time.time(), "", "127.0.0.1", secure=True)
    context = request_context(ambient, "sts:AssumeRole", brought)
    context |= {key.lower(): value for key, value in given.items()}
    evidence = Evidence(
        entity.identity, wanted.trust, entity.boundary, requires_resource_allow=True
    )
    return explain(Question(caller, "sts:AssumeRole", role, theirs.id, context), evidence)


def _account(accounts: Mapping[str, AccountAnswer], arn: str) -> AccountAnswer:
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        raise UnusableAnswer(f"{arn} is no ARN")
    account = accounts.get(parts[4])
    if account is None:
        raise UnusableAnswer(
            f"none of the files tells of account {parts[4]}: with a profile of it,"
            f" {COMMAND} --profile … > {parts[4]}.json"
        )
    return account


def _caller(account: AccountAnswer, who: str) -> tuple[Principal, Entity]:
    kind, _, rest = who.split(":", 5)[5].partition("/")
    if kind == "root":
        raise UnusableAnswer("root users may not assume roles: name a user or a role")
    if kind == "user":
        if who not in account.users:
            raise _absent("user", who, account.users)
        user = account.user(who)
        return user_principal(account.id, who, user.unique_id, user.name), user
    name, _, session = rest.partition("/") if kind == "assumed-role" else (rest, "", "")
    arn = who if kind == "role" else _role_named(account, name)
    if arn not in account.roles:
        raise _absent("role", who, account.roles)
    role = account.role(arn)
    principal = session_principal(account.id, arn, role.unique_id, role.name, session or SESSION)
    return principal, role


def _role_named(account: AccountAnswer, name: str) -> str:
    """The ARN of the role of a session, whose own ARN lacks the path; empty if there is none."""
    return next((arn for arn in account.roles if arn.rpartition("/")[2] == name), "")


def _absent(kind: str, arn: str, known: Iterable[str]) -> UnusableAnswer:
    """The commonest of all mistakes: a name, its case, or a path that is not there."""
    names, name = list(known), arn.rpartition("/")[2].lower()
    near = [one for one in names if one.rpartition("/")[2].lower() == name]
    near = near or difflib.get_close_matches(arn, names[:MOST_COMPARED], 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return UnusableAnswer(f"there is no {kind} {arn}{hint}")
