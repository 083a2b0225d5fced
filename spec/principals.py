"""Whom a statement names, and what its Allow is worth to them (part A3, PE-94)."""

import enum
from collections.abc import Mapping

from sekisho.model.arn import root_arn
from sekisho.model.principal import PrincipalKind
from sekisho.policy.document import Effect, NamedPrincipal, Statement
from sekisho.policy.question import Layer, Question


class Grade(enum.IntEnum):
    """How a statement names a principal, which is what its Allow is worth (PE-94)."""

    NOT = 0
    ACCOUNT = 1  # delegates to the account: an identity policy must allow as well
    LIMITED = 2  # the role, or the user behind a federated session: boundary and session limit it
    DIRECT = 3  # the user, the session, the service, everyone


# Those who have no policies of their own.
ALONE = (PrincipalKind.SERVICE, PrincipalKind.ANONYMOUS, PrincipalKind.FEDERATED_IDENTITY)


def named_by(
    statement: Statement, question: Question, bindings: Mapping[str, str], layer: Layer
) -> Grade:
    if question.principal.kind is PrincipalKind.FEDERATED_IDENTITY:
        return Grade.DIRECT if vouched_by(statement, question, layer) else Grade.NOT
    if statement.principals is not None:
        return max(
            (worth(one, question, bindings) for one in statement.principals), default=Grade(0)
        )
    listed = statement.not_principals
    if listed is None or statement.effect is Effect.ALLOW:  # PE-35
        exempt = any(worth(one, question, bindings) for one in listed or ())
    else:
        exempt = any(one.is_everyone or serves(one, question) for one in listed) or (
            selves(question) != []
            and all(
                any(is_named(one, arn, unique_id, bindings) for one in listed)
                for _, arn, unique_id in selves(question)
            )
        )
    return Grade.NOT if exempt else Grade.DIRECT


def worth(named: NamedPrincipal, question: Question, bindings: Mapping[str, str]) -> Grade:
    """PE-20…PE-31, PE-94. Nobody who signs is Federated (PE-117)."""
    if named.is_everyone or serves(named, question):
        return Grade.DIRECT
    return max(
        (
            grade
            for grade, arn, unique_id in selves(question)
            if is_named(named, arn, unique_id, bindings)
        ),
        default=Grade.NOT,
    )


def vouched_by(statement: Statement, question: Question, layer: Layer) -> bool:
    """Whether a statement means somebody whom a provider vouches for (PE-117).

    Everyone does not mean them where that would grant them something.
    """
    denies = statement.effect is Effect.DENY
    if statement.principals is not None:
        everyone = denies or layer in (Layer.RCP, Layer.ENDPOINT)
        provider = NamedPrincipal("Federated", question.principal.name)
        return any(
            one == provider or (one.is_everyone and everyone) for one in statement.principals
        )
    listed = statement.not_principals
    if listed is None:
        return True
    return denies and not any(one.is_everyone for one in listed)


def selves(question: Question) -> list[tuple[Grade, str, str]]:
    """Everything the principal is: (what an Allow for it is worth, its ARN, its id)."""
    who, sponsor = question.principal, question.sponsor
    if who.kind in ALONE:
        return []
    found = [(Grade.ACCOUNT, root_arn(who.account), who.account)]  # PE-22
    if who.kind is PrincipalKind.USER:
        found.append((Grade.DIRECT, who.arn, who.unique_id))
    if who.kind is PrincipalKind.ROLE_SESSION:  # PE-113
        found += [(Grade.DIRECT, who.arn, who.arn), (Grade.LIMITED, who.role_arn, who.unique_id)]
    if who.kind is PrincipalKind.FEDERATED_USER:
        found.append((Grade.DIRECT, who.arn, who.arn))
        if sponsor is not None:
            found.append((Grade.LIMITED, sponsor.arn, sponsor.unique_id))
    return found


def is_named(named: NamedPrincipal, arn: str, unique_id: str, bindings: Mapping[str, str]) -> bool:
    """A bound ARN is the id it was bound to, and no longer an ARN (PE-31)."""
    bound = bindings.get(named.value)
    if named.key == "CanonicalUser":
        return bound is not None and bound == unique_id  # its account (PE-29)
    same = named.value in (arn, unique_id) if bound is None else bound == unique_id
    return named.key == "AWS" and same


def serves(named: NamedPrincipal, question: Question) -> bool:
    who = question.principal
    return who.kind is PrincipalKind.SERVICE and (named.key, named.value) == ("Service", who.name)
