"""Policies made ready to be asked: statements compiled once, found again by their action.

What a statement lacks or has too much for its layer can never be saved (PE-15); met all the same,
it is read to the safe side: an Allow grants nothing, a Deny denies as much as it can mean.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sekisho.model.principal import Principal
from sekisho.policy.decision import Decision, Kind, StatementRef
from sekisho.policy.document import Effect, Policy, Statement
from sekisho.policy.operators import AnyCondition, compile_condition
from sekisho.policy.patterns import Test, Tokens, Wild, compile_pattern, read_pattern
from sekisho.policy.principals import Grant, Naming, read_naming
from sekisho.policy.question import NAMING_LAYERS, Layer, Source
from sekisho.policy.resources import Reach, ResourcePattern, compile_resources, read_resource
from sekisho.policy.variables import Context

MOST_ACTIONS = 4096
FEW = 3
ANYTHING = frozenset({""})
NO_BINDINGS: Mapping[str, str] = MappingProxyType({})
_NAMES = ("principals", "not_principals")
_PAIRS = (_NAMES, ("actions", "not_actions"), ("resources", "not_resources"))
_FORBIDDEN: Mapping[Layer, tuple[str, ...]] = MappingProxyType(
    {
        **{layer: () if layer in NAMING_LAYERS else _NAMES for layer in Layer},
        Layer.TRUST: ("not_principals", "resources", "not_resources"),
        Layer.RCP: ("not_principals", "not_actions"),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class CompiledStatement:
    """A statement ready to be held against questions.

    ref: how decisions name it. decides: the decision it stands for when it decides alone.
    prefixes: texts of which one begins every resource that it can reach.
    names_nobody: whether it holds for every principal, as in layers without Principal.
    """

    source: Source
    statement: Statement
    ref: StatementRef
    decides: Decision
    covers: Test
    reaches: Reach
    prefixes: frozenset[str]
    conditions: tuple[AnyCondition, ...]
    naming: Naming | None
    excluding: Naming | None
    names_nobody: bool

    @property
    def allows(self) -> bool:
        return self.statement.effect is Effect.ALLOW

    def holds(self, context: Context) -> bool:
        """Whether its conditions hold."""
        for condition in self.conditions:  # noqa: SIM110 - a generator costs more than the loop
            if not condition.holds(context):
                return False
        return True

    def grant(self, principal: Principal, sponsor: Principal | None) -> Grant:
        """How strongly an Allow names the principal; in layers that name nobody, DIRECT."""
        if self.naming is not None:
            return self.naming.grant(principal, sponsor)
        if self.excluding is None:
            return Grant.DIRECT
        named = self.excluding.grant(principal, sponsor)
        return Grant.DIRECT if named is Grant.NONE else Grant.NONE

    def strikes(self, principal: Principal, sponsor: Principal | None, bounded: bool) -> bool:
        """Whether a Deny is meant for the principal.

        bounded: whether they have a permissions boundary; NotPrincipal then spares no one (PE-36).
        """
        if self.naming is not None:
            return self.naming.grant(principal, sponsor) is not Grant.NONE
        if self.excluding is None:
            return True
        return bounded or not self.excluding.exempts(principal, sponsor)


class Shelf:
    """Statements of one action and effect; those that cannot reach a resource are left out.

    Statements are found by the fixed beginnings of their resource patterns, one look for each
    length that occurs, so that a decision does not grow with their number.
    """

    __slots__ = ("_everything", "_tables")

    def __init__(self, statements: tuple[CompiledStatement, ...]) -> None:
        self._everything = statements
        tables: dict[int, dict[str, list[int]]] = {}
        for place, statement in enumerate(statements if len(statements) > FEW else ()):
            for prefix in statement.prefixes:
                tables.setdefault(len(prefix), {}).setdefault(prefix, []).append(place)
        self._tables = tuple(tables.items())

    def near(self, resource: str) -> Sequence[CompiledStatement]:
        """The statements that may reach this resource, in the order of the policies."""
        if not self._tables:
            return self._everything
        places: list[int] = []
        for length, table in self._tables:
            places += table.get(resource[:length], ())
        if len(places) > 1:
            places = sorted(set(places))
        return [self._everything[place] for place in places]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The statements of a set that cover one action."""

    denies: Shelf
    allows: Shelf


class CompiledPolicySet:
    """The policies of one layer, united; holds no state but caches of bounded size.

    layer: that of its policies; None if there are none.
    """

    __slots__ = ("_by_action", "layer", "statements")

    def __init__(self, statements: tuple[CompiledStatement, ...]) -> None:
        self.statements = statements
        self.layer: Layer | None = statements[0].source.layer if statements else None
        self._by_action: dict[str, Candidates] = {}

    def candidates(self, action: str) -> Candidates:
        found = self._by_action.get(action)
        if found is None:
            found = self._find(action.lower())
            if len(self._by_action) >= MOST_ACTIONS:
                self._by_action.clear()
            self._by_action[action] = found
        return found

    def _find(self, action: str) -> Candidates:
        covering = tuple(statement for statement in self.statements if statement.covers(action))
        return Candidates(
            Shelf(tuple(statement for statement in covering if not statement.allows)),
            Shelf(tuple(statement for statement in covering if statement.allows)),
        )


def compile_set(
    policies: Iterable[tuple[Source, Policy]], bindings: Mapping[str, str] = NO_BINDINGS
) -> CompiledPolicySet:
    """Compile the policies of one layer.

    bindings: principal ARN -> unique id, as the document was saved (PE-31); an AWS principal whose
    ARN is bound matches by unique id only, an unbound one by ARN.
    """
    return CompiledPolicySet(
        tuple(
            _compile(source, policy, statement, bindings)
            for source, policy in policies
            for statement in policy.statements
        )
    )


def _compile(
    source: Source, policy: Policy, statement: Statement, bindings: Mapping[str, str]
) -> CompiledStatement:
    allows = statement.effect is Effect.ALLOW
    ref = StatementRef(source, statement.index, statement.sid)
    kind = Kind.ALLOW if allows else Kind.EXPLICIT_DENY
    read, fits = within_layer(source.layer, statement)
    reaches, prefixes = _compile_resources(source.layer, policy, read)
    naming, excluding = _compile_principals(read, bindings)
    if allows and not fits:
        naming, excluding = read_naming((), NO_BINDINGS), None
    return CompiledStatement(
        source,
        statement,
        ref,
        Decision(allows, kind, source.layer, (ref,)),
        _compile_actions(read),
        reaches,
        prefixes,
        tuple(compile_condition(one, policy.has_variables) for one in statement.conditions),
        naming,
        excluding,
        naming is None and excluding is None,
    )


def within_layer(layer: Layer, statement: Statement) -> tuple[Statement, bool]:
    """The statement without the elements that its layer forbids; whether it has just what it may
    and must have (PE-15)."""
    forbidden = _FORBIDDEN[layer]
    misplaced = [name for name in forbidden if getattr(statement, name) is not None]
    cleared: dict[str, Any] = dict.fromkeys(misplaced)
    read = replace(statement, **cleared) if misplaced else statement
    complete = all(
        first in forbidden or getattr(read, first) is not None or getattr(read, second) is not None
        for first, second in _PAIRS
    )
    return read, complete and not misplaced


def _compile_actions(statement: Statement) -> Test:
    """A test of lower-case actions (PE-37…PE-40); without any, of all (PE-15)."""
    if statement.actions is not None:
        return _any_action(statement.actions)
    listed = _any_action(statement.not_actions or ())
    return lambda action: not listed(action)


def _any_action(patterns: Iterable[str]) -> Test:
    exact: set[str] = set()
    tests: list[Test] = []
    for pattern in patterns:
        vendor, colon, name = pattern.lower().partition(":")
        if pattern == "*":
            return lambda _action: True
        if not (colon and name) or any(map(str.isspace, pattern)):
            continue  # PE-39
        if "*" in name or "?" in name or vendor == "*":
            head: Tokens = (Wild.RUN, ":") if vendor == "*" else (f"{vendor}:",)
            tests.append(compile_pattern((*head, *read_pattern(name))))
        else:
            exact.add(f"{vendor}:{name}")
    return lambda action: action in exact or any(test(action) for test in tests)


def _compile_resources(
    layer: Layer, policy: Policy, statement: Statement
) -> tuple[Reach, frozenset[str]]:
    if statement.not_resources is not None:
        patterns = _read_resources(layer, policy, statement.not_resources)
        return _outside(patterns, statement.effect is Effect.ALLOW), ANYTHING
    if statement.resources is None:  # a trust policy means its role (PE-115)
        return (lambda _resource, _context: True), ANYTHING
    patterns = _read_resources(layer, policy, statement.resources)
    return compile_resources(patterns), frozenset(pattern.prefix for pattern in patterns)


def _read_resources(
    layer: Layer, policy: Policy, texts: Iterable[str]
) -> tuple[ResourcePattern, ...]:
    patterns = []
    for text in texts:
        pattern = read_resource(
            text, variables=policy.has_variables, complete=_may_complete(layer, text)
        )
        if pattern is not None:
            patterns.append(pattern)
    return tuple(patterns)


def _may_complete(layer: Layer, text: str) -> bool:
    """Whether the missing parts of a short ARN stand for ``*`` in this layer (PE-45)."""
    if layer in (Layer.RESOURCE, Layer.TRUST, Layer.ENDPOINT):
        return "*" in text or "?" in text
    return layer is not Layer.SESSION


def _outside(patterns: tuple[ResourcePattern, ...], allows: bool) -> Reach:
    """NotResource. An entry whose variable has no value matches nothing, so that a Deny strikes;
    an Allow is not read so generously: it then reaches nothing (PE-58)."""
    listed = compile_resources(patterns)
    wanted = [pattern for pattern in patterns if pattern.has_variables] if allows else []

    def reach(resource: str, context: Context) -> bool:
        for pattern in wanted:
            if not pattern.has_values(context):
                return False
        return not listed(resource, context)

    return reach


def _compile_principals(
    statement: Statement, bindings: Mapping[str, str]
) -> tuple[Naming | None, Naming | None]:
    named, others = statement.principals, statement.not_principals
    if named is not None:
        return read_naming(named, bindings), None
    return None, None if others is None else read_naming(others, bindings)
