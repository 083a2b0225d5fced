"""Where the parts of a document stand in its text.

A part is named by the steps to it from the whole document: keys of objects and indexes of arrays,
such as ``("Statement", 2, "Action", 0)``. Keys of conditions hold dots and brackets, so that steps
are kept apart and only spelled as a path for people.
"""

from sekisho.policy.syntax import Node

Step = str | int
Steps = tuple[Step, ...]


def node_at(root: Node, steps: Steps) -> Node:
    """The part itself, or of the parts around it the nearest that the document has."""
    node = root
    for step in steps:
        inner = _inner(node, step)
        if inner is None:
            break
        node = inner
    return node


def _inner(node: Node, step: Step) -> Node | None:
    held = node.value
    if isinstance(step, str):
        return held.get(step) if isinstance(held, dict) else None
    return held[step] if isinstance(held, tuple) and step < len(held) else None


def key_span(text: str, node: Node, key: str) -> tuple[int, int]:
    """From where to where the key of a member of an object is written, quotes included.

    node: the member's value, read from this text. A key that is written with escapes has the
    place of its value.
    """
    end = text.rfind('"', 0, node.start) + 1
    start = end - len(key) - 2
    if start >= 0 and text[start:end] == f'"{key}"':
        return start, end
    return node.start, node.end


def spelled(steps: Steps) -> str:
    """The steps as findings tell them: ``Statement[2].Condition.Bool.aws:SecureTransport``."""
    path = ""
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += f".{step}" if path else step
    return path
