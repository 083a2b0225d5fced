"""The principals a document names, and how a saved document is shown (PE-30…PE-33)."""

import json
import re
from collections.abc import Callable, Iterator, Mapping

from sekisho.policy.document import NamedPrincipal, Policy
from sekisho.policy.syntax import BadJson, Node, read_json

_ENTITY = re.compile(r"arn:aws:iam::[0-9]{12}:(?:user|role)/.+", re.ASCII | re.DOTALL)


def named_principals(policy: Policy) -> tuple[NamedPrincipal, ...]:
    """Every entry of its Principal and NotPrincipal elements, each once, in their order."""
    found: dict[NamedPrincipal, None] = {}
    for statement in policy.statements:
        for named in (statement.principals, statement.not_principals):
            found.update(dict.fromkeys(named or ()))
    return tuple(found)


def bindable(policy: Policy) -> tuple[str, ...]:
    """The user and role ARNs that are resolved to unique ids when it is saved (PE-31)."""
    return tuple(
        named.value
        for named in named_principals(policy)
        if named.key == "AWS" and _ENTITY.fullmatch(named.value)
    )


def shown(text: str, bindings: Mapping[str, str], alive: Callable[[str], bool]) -> str:
    """A saved document as reading shows it.

    The text as it was given, but with the unique id in place of each bound ARN whose entity is no
    longer alive (PE-31). alive: whether a unique id still belongs to someone.
    """
    dead = {arn: unique_id for arn, unique_id in bindings.items() if not alive(unique_id)}
    if not dead:
        return text
    try:
        root = read_json(text)
    except BadJson:
        return text
    pieces, here = [], 0
    for node in _principal_texts(root):
        if isinstance(node.value, str) and node.value in dead:
            pieces += [text[here : node.start], json.dumps(dead[node.value])]
            here = node.end
    return "".join(pieces) + text[here:]


def _principal_texts(root: Node) -> Iterator[Node]:
    """The values under AWS in every Principal and NotPrincipal, in the order of the text."""
    for statement in _items(_member(root, "Statement")):
        if not isinstance(statement.value, dict):
            continue
        for element, named in statement.value.items():
            if element in ("Principal", "NotPrincipal"):
                yield from _items(_member(named, "AWS"))


def _member(node: Node, key: str) -> Node | None:
    return node.value.get(key) if isinstance(node.value, dict) else None


def _items(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    return node.value if isinstance(node.value, tuple) else (node,)
