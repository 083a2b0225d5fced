"""Which statements of a set meet a question: found by action, then by resource.

For each action that is asked, the statements that cover it are gathered once. Of many, those that
may reach a resource are found by the fixed beginnings of their resource patterns; what that costs
grows with the logarithm of how many lengths those beginnings have, and not with their number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sekisho.policy.decision import Decision, Kind, StatementRef
from sekisho.policy.prefixes import search_prefixes
from sekisho.policy.principals import Grant
from sekisho.policy.question import Question, Source
from sekisho.policy.resources import Reach
from sekisho.policy.rule import Beginnings, Rule

FEW = 4
MOST_JOINED = 256
NO_GRANT, DIRECT = Grant.NONE, Grant.DIRECT


# A trial, and what is decided if it succeeds.
Step = tuple[Beginnings | None, str, frozenset[str] | None, Reach | None, Decision]
Steps = tuple[Step, ...]


class CompiledStatement:
    """A rule and the policy that it is of.

    ref: how decisions name it. decides: the decision it stands for when it decides alone.
    step: its trial, and that decision.
    """

    __slots__ = ("_joined", "decides", "ref", "rule", "source", "step")

    def __init__(self, source: Source, rule: Rule) -> None:
        self.source = source
        self.rule = rule
        self.ref = StatementRef(source, rule.statement.index, rule.statement.sid)
        kind = Kind.ALLOW if rule.allows else Kind.EXPLICIT_DENY
        self.decides = Decision(rule.allows, kind, source.layer, (self.ref,))
        self.step: Step = (*rule.trial, self.decides)
        self._joined: dict[CompiledStatement, Decision] = {}

    def decides_with(self, own: "CompiledStatement") -> Decision:
        """The decision when it grants across accounts what this one of their own side allows."""
        try:
            return self._joined[own]
        except KeyError:
            both = (own.ref, self.ref)
            decision = Decision(True, Kind.ALLOW, self.source.layer, both)
            if len(self._joined) >= MOST_JOINED:
                self._joined.clear()
            self._joined[own] = decision
            return decision


# The statement that settles a question; for a Deny, told whether the principal has a boundary.
Allows = Callable[[Question], CompiledStatement | None]
Denies = Callable[[Question, bool], CompiledStatement | None]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The statements of a set that cover one action; each None where there are none.

    denies: finds the first Deny that strikes. allows: the first Allow that names the principal,
    however. grants: the Allow that names them most strongly, of equals the first.
    deny_steps, allow_steps: the same to be tried one by one, for few that name nobody; else None.
    """

    denies: Denies | None
    allows: Allows | None
    grants: Allows | None
    deny_steps: Steps | None
    allow_steps: Steps | None


NO_CANDIDATES = Candidates(None, None, None, (), ())


def index(covering: Sequence[CompiledStatement]) -> Candidates:
    """Make those that cover an action ready to be found, in the order given."""
    denies = [one for one in covering if not one.rule.allows]
    allows = [one for one in covering if one.rule.allows]
    if all(one.rule.names_nobody for one in allows):
        find = grant = _allows(allows)
    else:
        find, grant = _allows_someone(allows), _grants(allows)
    return Candidates(_denies(denies), find, grant, _steps(denies), _steps(allows))


def _steps(statements: Sequence[CompiledStatement]) -> Steps | None:
    if len(statements) > FEW or not all(one.rule.names_nobody for one in statements):
        return None
    return tuple([one.step for one in statements])


Entry = tuple[Reach, CompiledStatement]


def _denies(statements: Sequence[CompiledStatement]) -> Denies | None:
    if not statements:
        return None
    entries, near = _shelve(statements)

    def find(question: Question, bounded: bool) -> CompiledStatement | None:
        resource, context = question.resource, question.context
        for matches, statement in entries if near is None else near(resource):
            if matches(resource, context):
                rule = statement.rule
                if rule.names_nobody or rule.strikes(question.principal, question.sponsor, bounded):
                    return statement
        return None

    return find


def _allows(statements: Sequence[CompiledStatement]) -> Allows | None:
    """For layers that name nobody."""
    if not statements:
        return None
    if len(statements) == 1:
        return _allows_alone(statements[0])
    entries, near = _shelve(statements)

    def find(question: Question) -> CompiledStatement | None:
        resource, context = question.resource, question.context
        for matches, statement in entries if near is None else near(resource):
            if matches(resource, context):
                return statement
        return None

    return find


def _allows_alone(statement: CompiledStatement) -> Allows:
    begins, key, exact, rest = statement.rule.trial

    def find(question: Question) -> CompiledStatement | None:
        if (
            (begins is None or question.resource.startswith(begins))
            and (exact is None or question.context.get(key) in exact)
            and (rest is None or rest(question.resource, question.context))
        ):
            return statement
        return None

    return find


def _allows_someone(statements: Sequence[CompiledStatement]) -> Allows:
    entries, near = _shelve(statements)

    def find(question: Question) -> CompiledStatement | None:
        resource, context = question.resource, question.context
        for matches, statement in entries if near is None else near(resource):
            if matches(resource, context) and (
                statement.rule.grant(question.principal, question.sponsor) is not NO_GRANT
            ):
                return statement
        return None

    return find


def _grants(statements: Sequence[CompiledStatement]) -> Allows:
    if len(statements) == 1:
        return _grants_alone(statements[0])
    entries, near = _shelve(statements)

    def find(question: Question) -> CompiledStatement | None:
        resource, context = question.resource, question.context
        principal, sponsor = question.principal, question.sponsor
        best, found = NO_GRANT, None
        for matches, statement in entries if near is None else near(resource):
            grant = statement.rule.grant(principal, sponsor)
            if grant > best and matches(resource, context):
                if grant is DIRECT:
                    return statement
                best, found = grant, statement
        return found

    return find


def _grants_alone(statement: CompiledStatement) -> Allows:
    naming = statement.rule.naming
    grant = statement.rule.grant if naming is None else naming.grant
    begins, key, exact, rest = statement.rule.trial

    def find(question: Question) -> CompiledStatement | None:
        if (
            (begins is None or question.resource.startswith(begins))
            and (exact is None or question.context.get(key) in exact)
            and (rest is None or rest(question.resource, question.context))
            and grant(question.principal, question.sponsor) is not NO_GRANT
        ):
            return statement
        return None

    return find


def _shelve(
    statements: Sequence[CompiledStatement],
) -> tuple[Sequence[Entry], Callable[[str], Sequence[Entry]] | None]:
    """All entries; and, of many, a search for those that may match a resource, in their order."""
    entries = tuple((statement.rule.matches, statement) for statement in statements)
    if len(entries) <= FEW:
        return entries, None
    prefixes: dict[str, list[int]] = {}
    for place, statement in enumerate(statements):
        for prefix in statement.rule.prefixes:
            prefixes.setdefault(prefix, []).append(place)
    return entries, search_prefixes(prefixes, entries)
