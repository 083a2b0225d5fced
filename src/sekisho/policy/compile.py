"""Policies made ready to be asked: united by layer, each text compiled once.

A set remembers, for each action it was asked about, the statements that cover it. Whatever is
remembered is bounded, and forgetting it changes nothing but the time of the next answer.
"""

from collections.abc import Iterable, Mapping
from weakref import WeakValueDictionary

from sekisho.policy.document import Policy
from sekisho.policy.grammar import parse_policy
from sekisho.policy.index import Candidates, CompiledStatement, index
from sekisho.policy.question import Layer, Source
from sekisho.policy.rule import NO_BINDINGS, Rule, compile_rule

MOST_ACTIONS = 4096
MOST_COVERING = 100_000  # statements, of all actions together


class CompiledDocument:
    """The statements of a policy as one layer reads them; shared by all that hold the same text."""

    __slots__ = ("__weakref__", "rules")

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules


class CompiledPolicySet:
    """The policies of one layer, united; holds no state but caches of bounded size.

    layer: that of its policies; None if there are no statements.
    """

    __slots__ = ("_by_action", "_by_covering", "_covering", "_made", "_rules", "layer")

    def __init__(self, documents: Iterable[tuple[Source, CompiledDocument]] = ()) -> None:
        self._rules = [(source, rule) for source, document in documents for rule in document.rules]
        self.layer: Layer | None = self._rules[0][0].layer if self._rules else None
        self._made: dict[int, CompiledStatement] = {}
        self._by_action: dict[str, Candidates] = {}
        self._by_covering: dict[tuple[int, ...], Candidates] = {}
        self._covering = 0

    @property
    def statements(self) -> tuple[CompiledStatement, ...]:
        """All statements, in the order of the policies."""
        return tuple([self._statement(place) for place in range(len(self._rules))])

    def _statement(self, place: int) -> CompiledStatement:
        """Made when it is wanted, as most are never asked about."""
        made = self._made.get(place)
        if made is None:
            made = self._made[place] = CompiledStatement(*self._rules[place])
        return made

    def candidates(self, action: str) -> Candidates:
        """The statements that cover an action; actions that the same ones cover share them."""
        known = self._by_action.get(action)
        if known is not None:
            return known
        folded, rules = action.lower(), self._rules
        places = tuple([place for place, (_, rule) in enumerate(rules) if rule.covers(folded)])
        if len(self._by_action) >= MOST_ACTIONS or self._covering > MOST_COVERING:
            self._forget()
        candidates = self._by_covering.get(places)
        if candidates is None:
            candidates = index([self._statement(place) for place in places])
            self._by_covering[places] = candidates
            self._covering += len(places)
        self._by_action[action] = candidates
        return candidates

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
        (source, _compile(source.layer, policy, bindings)) for source, policy in policies
    )


def compile_texts(
    texts: Iterable[tuple[Source, str]], bindings: Mapping[str, str] = NO_BINDINGS
) -> CompiledPolicySet:
    """Parse and compile the policies of one layer; as `compile_set` else. Raises InvalidPolicy.

    A text that any living set holds in this layer, with the same bindings, is not compiled again.
    """
    bound = frozenset(bindings.items())
    return CompiledPolicySet(
        (source, _compile_text(source.layer, text, bindings, bound)) for source, text in texts
    )


_known: WeakValueDictionary[tuple[Layer, str, frozenset[tuple[str, str]]], CompiledDocument] = (
    WeakValueDictionary()
)


def _compile_text(
    layer: Layer, text: str, bindings: Mapping[str, str], bound: frozenset[tuple[str, str]]
) -> CompiledDocument:
    document = _known.get((layer, text, bound))
    if document is None:
        document = _compile(layer, parse_policy(text), bindings)
        _known[layer, text, bound] = document
    return document


def _compile(layer: Layer, policy: Policy, bindings: Mapping[str, str]) -> CompiledDocument:
    return CompiledDocument(
        tuple([compile_rule(layer, policy, one, bindings) for one in policy.statements])
    )
