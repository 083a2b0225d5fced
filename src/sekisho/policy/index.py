"""Which statements of a set meet a question: found by action, then by resource.

For each action that is asked, the statements that cover it are gathered once. Of many, those that
may reach a resource are found by the fixed beginnings of their resource patterns; what that costs
grows with the logarithm of how many lengths those beginnings have, and not with their number.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeVar

from sekisho.policy.decision import Decision, Kind, StatementRef
from sekisho.policy.prefixes import search_prefixes
from sekisho.policy.principals import Grant
from sekisho.policy.question import Question, Source
from sekisho.policy.resources import Reach
from sekisho.policy.rule import Rule

FEW = 4
MOST_JOINED = 256
NO_GRANT, DIRECT = Grant.NONE, Grant.DIRECT


# A trial, and what is decided if it succeeds.
Step = tuple[str | None, str, frozenset[str] | None, Reach | None, Decision]
# The steps that may match a resource.
Near = Callable[[str], Sequence[Step]]


class CompiledStatement:
    """A rule and the policy that it is of.

    ref: how decisions name it. decides: the decision it stands for when it decides alone.
    """

    __slots__ = ("_joined", "decides", "ref", "rule", "source")

    def __init__(self, source: Source, rule: Rule) -> None:
        self.source = source
        self.rule = rule
        self.ref = StatementRef(source, rule.statement.index, rule.statement.sid)
        kind = Kind.ALLOW if rule.allows else Kind.EXPLICIT_DENY
        self.decides = Decision(rule.allows, kind, source.layer, (self.ref,))
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


Few = Sequence[CompiledStatement]
# The statement that settles a question; for a Deny, told whether the principal has a boundary.
Allows = Callable[[Question], CompiledStatement | None]
Denies = Callable[[Question, bool], CompiledStatement | None]


class Candidates:
    """The statements of a set that cover one action; each way to find them is made when wanted."""

    def __init__(self, covering: Sequence[CompiledStatement] = ()) -> None:
        self._denies = [one for one in covering if not one.rule.allows]
        self._allows = [one for one in covering if one.rule.allows]
        self._name_nobody = all(one.rule.names_nobody for one in self._allows)

    @cached_property
    def denies(self) -> Denies | None:
        """Finds the first Deny that strikes; None if there is no Deny, and so below."""
        return _denies(self._denies)

    @cached_property
    def allows(self) -> Allows | None:
        """Finds the first Allow that names the principal, however."""
        return _allows(self._allows) if self._name_nobody else _allows_someone(self._allows)

    @cached_property
    def grants(self) -> Allows | None:
        """Finds the Allow that names the principal most strongly, of equals the first."""
        return self.allows if self._name_nobody else _grants(self._allows)

    @property
    def are_none(self) -> bool:
        """Whether no statement covers the action."""
        return not (self._denies or self._allows)

    @cached_property
    def near(self) -> Near | None:
        """Finds the steps that may match a resource, Denies first; None if anyone is named."""
        statements = [*self._denies, *self._allows]
        if not all(one.rule.names_nobody for one in statements):
            return None
        return search_prefixes(
            _places(statements),
            _Lazily(lambda place: (*statements[place].rule.trial, statements[place].decides)),
        )

    @property
    def only_allow(self) -> CompiledStatement | None:
        """The Allow, if there is just one; else None."""
        return self._allows[0] if len(self._allows) == 1 else None

    @property
    def few_denies(self) -> Few | None:
        """The Denies, to be tried one by one, if they are few and name nobody; else None."""
        return _few(self._denies)

    @property
    def few_allows(self) -> Few | None:
        """The Allows, likewise."""
        return _few(self._allows)


NO_CANDIDATES = Candidates()


def _few(statements: Few) -> Few | None:
    few = len(statements) <= FEW and all(one.rule.names_nobody for one in statements)
    return statements if few else None


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
        resource, context = question.resource, question.context
        if (
            (begins is None or resource.removeprefix(begins) != resource)
            and (exact is None or context.get(key) in exact)
            and (rest is None or rest(resource, context))
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
        resource, context = question.resource, question.context
        if (
            (begins is None or resource.removeprefix(begins) != resource)
            and (exact is None or context.get(key) in exact)
            and (rest is None or rest(resource, context))
            and grant(question.principal, question.sponsor) is not NO_GRANT
        ):
            return statement
        return None

    return find


def _shelve(
    statements: Sequence[CompiledStatement],
) -> tuple[Sequence[Entry], Callable[[str], Sequence[Entry]] | None]:
    """All entries, of few; of many a search for those that may match a resource, in their order."""
    if len(statements) <= FEW:
        return tuple([(one.rule.matches, one) for one in statements]), None
    return (), search_prefixes(
        _places(statements),
        _Lazily(lambda place: (statements[place].rule.matches, statements[place])),
    )


def _places(statements: Sequence[CompiledStatement]) -> dict[str, list[int]]:
    """Where the statements are that may reach what begins with each prefix."""
    prefixes: dict[str, list[int]] = {}
    for place, statement in enumerate(statements):
        for prefix in statement.rule.prefixes:
            prefixes.setdefault(prefix, []).append(place)
    return prefixes


Item = TypeVar("Item")


class _Lazily(dict[int, Item]):
    """Items that are made when they are first wanted, as most never are."""

    def __init__(self, make: Callable[[int], Item]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, place: int) -> Item:
        made = self[place] = self._make(place)
        return made
