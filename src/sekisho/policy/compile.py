"""Policies made ready to be asked: united by layer, each text compiled once.

A set remembers, for each action it was asked about, the statements that cover it. Whatever is
remembered is bounded, and forgetting it changes nothing but the time of the next answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from weakref import WeakValueDictionary

from sekisho.policy.actions import compile_actions, services
from sekisho.policy.document import Effect, Policy
from sekisho.policy.grammar import parse_policy
from sekisho.policy.index import Candidates, CompiledStatement
from sekisho.policy.patterns import Test
from sekisho.policy.question import Layer, Source
from sekisho.policy.rule import NO_BINDINGS, Rule

MOST_ACTIONS = 4096
MOST_COVERING = 100_000  # statements, of all actions together


class CompiledDocument:
    """A policy as one layer reads it; shared by all sets that hold the same text.

    Whatever can wait is compiled when a question wants it.
    """

    __slots__ = (
        "__weakref__",
        "_bindings",
        "_by_service",
        "_covers",
        "_denials",
        "_layer",
        "_policy",
        "_rules",
    )

    def __init__(self, layer: Layer, policy: Policy, bindings: Mapping[str, str]) -> None:
        self._layer = layer
        self._policy = policy
        self._bindings = bindings
        self._by_service: dict[str | None, list[int]] | None = None
        self._covers: dict[int, Test] = {}
        self._rules: dict[int, Rule] = {}
        self._denials: CompiledDocument | None = None

    def __len__(self) -> int:
        return len(self._policy.statements)

    def covering(self, action: str) -> list[int]:
        """Which statements cover an action, given in lower case; in their order."""
        if self._by_service is None:
            self._by_service = self._sort()
        about = self._by_service.get(action.partition(":")[0], ())
        always = self._by_service.get(None, ())
        return [index for index in sorted((*about, *always)) if self._cover(index)(action)]

    def rule(self, index: int) -> Rule:
        rule = self._rules.get(index)
        if rule is None:
            statement = self._policy.statements[index]
            rule = Rule(self._layer, self._policy, statement, self._bindings)
            self._rules[index] = rule
        return rule

    def denials(self) -> "CompiledDocument":
        """The same policy with its Deny statements alone."""
        if self._denials is None:
            denying = [one for one in self._policy.statements if one.effect is Effect.DENY]
            policy = replace(self._policy, statements=tuple(denying))
            self._denials = CompiledDocument(self._layer, policy, self._bindings)
        return self._denials

    def _sort(self) -> dict[str | None, list[int]]:
        """The statements by the services of their actions; under None, those about any."""
        sorts: dict[str | None, list[int]] = {}
        for index, statement in enumerate(self._policy.statements):
            for service in services(self._layer, statement) or (None,):
                sorts.setdefault(service, []).append(index)
        return sorts

    def _cover(self, index: int) -> Test:
        test = self._covers.get(index)
        if test is None:
            test = compile_actions(self._layer, self._policy.statements[index])
            self._covers[index] = test
        return test


class CompiledPolicySet:
    """The policies of one layer, united; holds no state but caches of bounded size.

    documents: its policies. layer: theirs; None if there are no statements.
    """

    __slots__ = (
        "_by_action",
        "_by_covering",
        "_covering",
        "_made",
        "_places",
        "documents",
        "layer",
    )

    def __init__(self, documents: Iterable[tuple[Source, CompiledDocument]] = ()) -> None:
        self.documents = tuple(documents)
        self._places = [
            (source, document, index)
            for source, document in self.documents
            for index in range(len(document))
        ]
        self.layer: Layer | None = self._places[0][0].layer if self._places else None
        self._made: dict[int, CompiledStatement] = {}
        self._by_action: dict[str, Candidates] = {}
        self._by_covering: dict[tuple[int, ...], Candidates] = {}
        self._covering = 0

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
            candidates = Candidates([self._statement(place) for place in places])
            self._by_covering[places] = candidates
            self._covering += len(places)
        self._by_action[action] = candidates
        return candidates

    def _find(self, action: str) -> tuple[int, ...]:
        folded = action.lower()
        places: list[int] = []
        start = 0
        for _, document in self.documents:
            places += [start + index for index in document.covering(folded)]
            start += len(document)
        return tuple(places)

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
        (source, CompiledDocument(source.layer, policy, bindings)) for source, policy in policies
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


def unite(sets: Iterable[CompiledPolicySet]) -> CompiledPolicySet:
    """All statements of sets of one layer."""
    return CompiledPolicySet(each for policies in sets for each in policies.documents)


def denials(policies: CompiledPolicySet) -> CompiledPolicySet:
    """The Deny statements of a set, alone."""
    return CompiledPolicySet(
        (source, document.denials()) for source, document in policies.documents
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
