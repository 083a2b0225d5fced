"""Statements made ready to be held against questions, wherever their policy hangs.

What a statement lacks or has too much for its layer can never be saved (PE-15); met all the same,
it is read to the safe side: an Allow grants nothing, a Deny denies as much as it can mean.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from sekisho.model.principal import Principal, PrincipalKind
from sekisho.policy.document import Effect, Policy, Statement
from sekisho.policy.operators import AnyCondition, Condition, Holds, compile_condition
from sekisho.policy.patterns import shared_beginning
from sekisho.policy.principals import Grant, Naming, read_naming
from sekisho.policy.question import NAMING_LAYERS, Layer
from sekisho.policy.resources import (
    Reach,
    ResourcePattern,
    compile_near,
    compile_resources,
    everywhere,
    only_beginnings,
    read_resource,
)
from sekisho.policy.variables import Context

ANYTHING = frozenset({""})
NO_BINDINGS: Mapping[str, str] = MappingProxyType({})
# In policies that only limit, everyone is everyone, also those who signed nothing.
_RAILS = frozenset({Layer.RCP, Layer.ENDPOINT})
_NAMES = ("principals", "not_principals")
_PAIRS = (_NAMES, ("actions", "not_actions"), ("resources", "not_resources"))
_FORBIDDEN: Mapping[Layer, tuple[str, ...]] = MappingProxyType(
    {
        **{layer: () if layer in NAMING_LAYERS else _NAMES for layer in Layer},
        Layer.TRUST: ("not_principals", "resources", "not_resources"),
        Layer.RCP: ("not_principals", "not_actions"),
    }
)

# What a resource must begin with, a key and the values of which it must have one, and a test of the
# rest: all that decides whether a statement matches. None wherever there is nothing to be tried.
# Whether a text begins with another is asked with `removeprefix`, which takes a fourth of the time
# of `startswith`, whose arguments are gathered in a tuple first.
Trial = tuple[str | None, str, frozenset[str] | None, Reach | None]


class Rule:
    """A statement in one layer; the same for every policy of that layer with the same text.

    What most questions do not ask about is compiled when one does.

    fits: whether it has just the elements that its layer wants (PE-15).
    prefixes: texts of which one begins every resource that it can reach.
    naming, excluding: whom it is for, and whom it is not; both None if it holds for every
    principal, as in layers without Principal (names_nobody).
    """

    def __init__(
        self, layer: Layer, policy: Policy, statement: Statement, bindings: Mapping[str, str]
    ) -> None:
        """Read a statement of a policy. bindings: as for `compile_set`."""
        read, self.fits = _within_layer(layer, statement)
        self.statement = statement
        self.allows = statement.effect is Effect.ALLOW
        self.naming, self.excluding = _read_principals(layer, read, self.fits, bindings)
        self.names_nobody = self.naming is None and self.excluding is None
        self._variables = policy.has_variables
        self._inverted = read.not_resources is not None
        written = read.not_resources if self._inverted else read.resources
        self._everywhere = written is None
        self._patterns = _read_resources(layer, policy, written or ())
        self.prefixes = self._find_prefixes()

    @cached_property
    def conditions(self) -> tuple[AnyCondition, ...]:
        return tuple([compile_condition(one, self._variables) for one in self.statement.conditions])

    @cached_property
    def reaches(self) -> Reach:
        """A test of resources."""
        if self._everywhere:  # a trust policy means its role (PE-115)
            return everywhere
        if self._inverted:
            return _outside(self._patterns, self.allows)
        return compile_resources(self._patterns)

    @cached_property
    def trial(self) -> Trial:
        """The test of resources and conditions, in parts."""
        return _make_trial(*self._split_reach(), self.conditions)

    def _split_reach(self) -> tuple[str | None, Reach | None]:
        """What a resource must begin with, and a test of those that do; as in Trial."""
        if self._everywhere:
            return None, None
        if self._inverted:
            return None, self.reaches
        beginnings = only_beginnings(self._patterns)
        if beginnings is not None and len(beginnings) == 1:
            return beginnings[0] or None, None
        if len(self._patterns) == 1:
            (pattern,) = self._patterns
            return pattern.prefix or None, compile_near(pattern)
        return shared_beginning(self.prefixes) or None, self.reaches

    @cached_property
    def matches(self) -> Reach:
        """The test of resources and conditions, in one."""
        return _hold(self.trial)

    def _find_prefixes(self) -> frozenset[str]:
        if self._everywhere or self._inverted:
            return ANYTHING
        return frozenset([pattern.prefix for pattern in self._patterns])

    def grant(self, principal: Principal, sponsor: Principal | None) -> Grant:
        """How strongly an Allow names the principal; in layers that name nobody, DIRECT."""
        if self.naming is not None:
            return self.naming.grant(principal, sponsor)
        if self.excluding is None:
            return Grant.DIRECT
        if principal.kind is PrincipalKind.FEDERATED_IDENTITY:
            return Grant.NONE
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


def _within_layer(layer: Layer, statement: Statement) -> tuple[Statement, bool]:
    """The statement without the elements that its layer forbids; whether it has just what it may
    and must have (PE-15)."""
    forbidden = _FORBIDDEN[layer]
    misplaced = [name for name in forbidden if getattr(statement, name) is not None]
    if misplaced:
        cleared: dict[str, Any] = dict.fromkeys(misplaced)
        return replace(statement, **cleared), False
    for first, second in _PAIRS:
        absent = getattr(statement, first) is None and getattr(statement, second) is None
        if absent and first not in forbidden:
            return statement, False
    return statement, True


def _make_trial(
    begins: str | None, reaches: Reach | None, conditions: tuple[AnyCondition, ...]
) -> Trial:
    """Put as much as possible where it needs no call."""
    key, exact, others = "", None, list[Holds]()
    for condition in conditions:
        if exact is None and isinstance(condition, Condition) and condition.exact is not None:
            key, exact = condition.key, condition.exact
        else:
            others.append(condition.holds)
    return begins, key, exact, _rest(reaches, tuple(others))


def _rest(reaches: Reach | None, tests: tuple[Holds, ...]) -> Reach | None:
    if not tests:
        return reaches
    if len(tests) == 1:
        (holds_alone,) = tests
        if reaches is None:
            return holds_alone
        reached = reaches
        return lambda resource, context: (
            reached(resource, context) and holds_alone(resource, context)
        )

    def rest(resource: str, context: Context) -> bool:
        if reaches is not None and not reaches(resource, context):
            return False
        for holds in tests:  # noqa: SIM110 - a generator costs more than the loop
            if not holds(resource, context):
                return False
        return True

    return rest


def _hold(trial: Trial) -> Reach:
    begins, key, exact, rest = trial

    def matches(resource: str, context: Context) -> bool:
        return (
            (begins is None or resource.removeprefix(begins) != resource)
            and (exact is None or context.get(key) in exact)
            and (rest is None or rest(resource, context))
        )

    return matches


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


def _read_principals(
    layer: Layer, statement: Statement, fits: bool, bindings: Mapping[str, str]
) -> tuple[Naming | None, Naming | None]:
    allows = statement.effect is Effect.ALLOW
    if allows and not fits:
        return read_naming((), NO_BINDINGS), None
    named, others = statement.principals, statement.not_principals
    if named is None:
        return None, None if others is None else read_naming(others, bindings)
    naming = read_naming(named, bindings)
    return naming if allows and layer not in _RAILS else replace(naming, means_vouched=True), None
