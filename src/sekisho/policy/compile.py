"""Policies made ready to be asked: united by layer, each text compiled once.

A set remembers, for each action it was asked about, the statements that cover it. Whatever is
remembered is bounded, and forgetting it changes nothing but the time of the next answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from weakref import WeakValueDictionary

from sekisho.policy.document import Effect, Policy
from sekisho.policy.grammar import parse_policy
from sekisho.policy.index import Candidates, CompiledStatement, index
from sekisho.policy.question import Layer, Source
from sekisho.policy.rule import NO_BINDINGS, Rule, compile_actions, compile_rule

MOST_ACTIONS = 4096
MOST_COVERING = 100_000  # statements, of all actions together


class CompiledDocument:
    """A policy as one layer reads it; shared by all sets that hold the same text.

    covers: for each statement a test of lower-case actions. The rest of a statement is compiled
    when an action that it covers is asked for.
    """

    __slots__ = ("__weakref__", "_bindings", "_layer", "_policy", "_rules", "covers")

    def __init__(self, layer: Layer, policy: Policy, bindings: Mapping[str, str]) -> None:
        self.covers = tuple([compile_actions(layer, one) for one in policy.statements])
        self._layer = layer
        self._policy = policy
        self._bindings = bindings
        self._rules: dict[int, Rule] = {}

    def effect(self, index: int) -> Effect:
        return self._policy.statements[index].effect

    def rule(self, index: int) -> Rule:
        rule = self._rules.get(index)
        if rule is None:
            statement = self._policy.statements[index]
            rule = compile_rule(self._layer, self._policy, statement, self._bindings)
            self._rules[index] = rule
        return rule


Place = tuple[Source, CompiledDocument, int]


class CompiledPolicySet:
    """The policies of one layer, united; holds no state but caches of bounded size.

    layer: that of its policies; None if there are no statements.
    """

    __slots__ = ("_by_action", "_by_covering", "_covering", "_made", "_places", "layer")

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self._places = list(places)
        self.layer: Layer | None = self._places[0][0].layer if self._places else None
        self._made: dict[int, CompiledStatement] = {}
        self._by_action: dict[str, Candidates] = {}
        self._by_covering: dict[tuple[int, ...], Candidates] = {}
        self._covering = 0

    @property
    def places(self) -> Sequence[Place]:
        """Where its statements stand, in the order of the policies."""
        return self._places

    @property
    def statements(self) -> tuple[CompiledStatement, ...]:
        """All statements, in the order of the policies."""
        return tuple([self._statement(place) for place in range(len(self._places))])

    def covering(self, action: str) -> list[CompiledStatement]:
        """The statements that cover an action, in their order."""
        return [self._statement(place) for place in self._find(action)]

    def candidates(self, action: str) -> Candidates:
        """The same, ready to be searched; actions that the same statements cover share it."""
        known = self._by_action.get(action)
        if known is not None:
            return known
        places = self._find(action)
        if len(self._by_action) >= MOST_ACTIONS or self._covering > MOST_COVERING:
            self._forget()
        candidates = self._by_covering.get(places)
        if candidates is None:
            candidates = index([self._statement(place) for place in places])
            self._by_covering[places] = candidates
            self._covering += len(places)
        self._by_action[action] = candidates
        return candidates

    def _find(self, action: str) -> tuple[int, ...]:
        folded = action.lower()
        return tuple(
            [
                place
                for place, (_, document, index) in enumerate(self._places)
                if document.covers[index](folded)
            ]
        )

    def _statement(self, place: int) -> CompiledStatement:
        """Made when it is wanted, as most are never asked about."""
        made = self._made.get(place)
        if made is None:
            source, document, index = self._places[place]
            made = self._made[place] = CompiledStatement(source, document.rule(index))
        return made

    def _forget(self) -> None:
        self._by_action.clear()
        self._by_covering.clear()
        self._covering = 0


def compile_set(
    policies: Iterable[tuple[Source, Policy]], bindings: Mapping[str, str] = NO_BINDINGS
) -> CompiledPolicySet:
    """Compile the policies of one layer.

    bindings: principal ARN -> unique id, as the document was saved (PE-31); an AWS principal whose
    ARN is bound matches by unique id only, an unbound one by ARN.
    """
    return CompiledPolicySet(
        places_of(
            (source, CompiledDocument(source.layer, policy, bindings))
            for source, policy in policies
        )
    )


def compile_texts(
    texts: Iterable[tuple[Source, str]], bindings: Mapping[str, str] = NO_BINDINGS
) -> CompiledPolicySet:
    """Parse and compile the policies of one layer; as `compile_set` else. Raises InvalidPolicy.

    A text that any living set holds in this layer, with the same bindings, is not compiled again.
    """
    bound = frozenset(bindings.items())
    return CompiledPolicySet(
        places_of(
            (source, _compile_text(source.layer, text, bindings, bound)) for source, text in texts
        )
    )


def places_of(documents: Iterable[tuple[Source, CompiledDocument]]) -> Iterator[Place]:
    for source, document in documents:
        for place in range(len(document.covers)):
            yield source, document, place


def unite(sets: Iterable[CompiledPolicySet]) -> CompiledPolicySet:
    """All statements of sets of one layer."""
    return CompiledPolicySet(place for policies in sets for place in policies.places)


def denials(policies: CompiledPolicySet) -> CompiledPolicySet:
    """The Deny statements of a set, alone."""
    return CompiledPolicySet(
        place for place in policies.places if place[1].effect(place[2]) is Effect.DENY
    )


_known: WeakValueDictionary[tuple[Layer, str, frozenset[tuple[str, str]]], CompiledDocument] = (
    WeakValueDictionary()
)


def _compile_text(
    layer: Layer, text: str, bindings: Mapping[str, str], bound: frozenset[tuple[str, str]]
) -> CompiledDocument:
    document = _known.get((layer, text, bound))
    if document is None:
        document = CompiledDocument(layer, parse_policy(text), bindings)
        _known[layer, text, bound] = document
    return document
