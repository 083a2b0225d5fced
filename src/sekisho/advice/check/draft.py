"""A document under examination: its policy, and where each part of it stands."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sekisho.advice.check.advice import Mend
from sekisho.advice.check.kinds import Kind
from sekisho.policy import Clause, Effect, NamedPrincipal, Policy, Statement
from sekisho.policy.places import Steps, key_span, node_at
from sekisho.policy.syntax import Node

MOST_WORK = 4_000_000


class Budget:
    """How much comparing a document is worth, counted in characters about.

    Lists are compared with lists, so that hostile documents could ask for far more than a useful
    one ever does.
    """

    def __init__(self, most: int = MOST_WORK) -> None:
        self._left = most
        self.is_spent = False

    def take(self, cost: int) -> bool:
        """Whether this much may still be done; once it may not, nothing more may."""
        if self.is_spent or cost > self._left:
            self.is_spent = True
            return False
        self._left -= cost
        return True


@dataclass(frozen=True, slots=True)
class Entry:
    """One string of an element, and the steps to it."""

    text: str
    steps: Steps


@dataclass(frozen=True, slots=True)
class Test:
    """One key under one operator, and the steps to its value."""

    clause: Clause
    steps: Steps

    @property
    def key(self) -> str:
        return self.clause.key.lower()


@dataclass(frozen=True, slots=True)
class Named:
    """One principal, and the steps to where it is written."""

    principal: NamedPrincipal
    steps: Steps


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A statement with its places. node: its object."""

    statement: Statement
    steps: Steps
    node: Node

    @property
    def allows(self) -> bool:
        return self.statement.effect is Effect.ALLOW

    def entries(self, *elements: str) -> tuple[Entry, ...]:
        """The strings of these elements, as far as they are there."""
        return tuple(
            entry
            for element in elements
            if element in self._members
            for entry in _entries(self._members[element], (*self.steps, element))
        )

    def named(self, element: str) -> tuple[Named, ...]:
        """The entries of Principal or NotPrincipal."""
        node = self._members.get(element)
        if node is None:
            return ()
        here = (*self.steps, element)
        if not isinstance(node.value, dict):
            return (Named(NamedPrincipal("AWS", "*"), here),)
        return tuple(
            Named(NamedPrincipal(key, entry.text), entry.steps)
            for key, listed in node.value.items()
            for entry in _entries(listed, (*here, key))
        )

    def tests(self) -> tuple[Test, ...]:
        """The keys of its Condition, in the order of the text."""
        here = (*self.steps, "Condition")
        return tuple(
            Test(clause, (*here, clause.operator, clause.key))
            for clause in self.statement.conditions
        )

    @property
    def _members(self) -> dict[str, Node]:
        assert isinstance(self.node.value, dict)
        return self.node.value


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A document that could be read. account: the reader's own; empty if it was not told."""

    text: str
    root: Node
    policy: Policy
    kind: Kind
    account: str
    budget: Budget

    def parts(self) -> Iterator[Part]:
        """The statements."""
        node = node_at(self.root, ("Statement",))
        for statement in self.policy.statements:
            if isinstance(node.value, tuple):
                yield Part(statement, ("Statement", statement.index), node.value[statement.index])
            else:
                yield Part(statement, ("Statement",), node)

    def value(self, steps: Steps, text: str) -> Mend:
        """Write another string here."""
        node = node_at(self.root, steps)
        return Mend(node.start, node.end, json.dumps(text, ensure_ascii=False))

    def key(self, steps: Steps, text: str) -> Mend | None:
        """Write the key of this part otherwise; None if its place cannot be told."""
        node, key = node_at(self.root, steps), str(steps[-1])
        start, end = key_span(self.text, node, key)
        around = node_at(self.root, steps[:-1]).value
        if (start, end) == (node.start, node.end) or not isinstance(around, dict) or text in around:
            return None
        return Mend(start, end, json.dumps(text, ensure_ascii=False))

    def operator(self, test: Test, name: str) -> Mend | None:
        """Write the operator of a key otherwise; None if it has other keys as well."""
        block = node_at(self.root, test.steps[:-1]).value
        if not isinstance(block, dict) or len(block) > 1:
            return None
        return self.key(test.steps[:-1], name)

    def without(self, steps: Steps) -> Mend | None:
        """Leave an item of an array out; None if it is the only one."""
        items, index = node_at(self.root, steps[:-1]).value, steps[-1]
        if not isinstance(items, tuple) or not isinstance(index, int) or len(items) < 2:
            return None
        if index:
            return Mend(items[index - 1].end, items[index].end, "")
        return Mend(items[0].start, items[1].start, "")

    def condition(self, part: Part, operator: str, key: str, value: str) -> Mend | None:
        """Ask for one thing more in a statement; None if its condition asks for that key so."""
        members = part.node.value
        assert isinstance(members, dict)
        asked = f"{json.dumps(key)}: {json.dumps(value)}"
        block = members.get("Condition")
        if block is None:
            end = max(member.end for member in members.values())
            return Mend(end, end, f', "Condition": {{"{operator}": {{{asked}}}}}')
        inner = block.value.get(operator) if isinstance(block.value, dict) else None
        if inner is None:
            return _first_member(block, f'"{operator}": {{{asked}}}')
        if not isinstance(inner.value, dict) or key.lower() in map(str.lower, inner.value):
            return None
        return _first_member(inner, asked)


def _first_member(node: Node, text: str) -> Mend:
    """Put in before the members of an object, if it has any."""
    start = node.start + 1
    return Mend(start, start, f"{text}, " if node.value else text)


def _entries(node: Node, steps: Steps) -> Iterator[Entry]:
    if isinstance(node.value, tuple):
        for index, item in enumerate(node.value):
            yield Entry(str(item.value), (*steps, index))
    else:
        yield Entry(str(node.value), steps)
