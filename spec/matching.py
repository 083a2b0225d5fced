"""When a text of a policy matches a text of a question: patterns, variables, actions, resources."""

import enum
import re
from collections.abc import Mapping

from sekisho.policy.question import Layer, Question

Context = Mapping[str, str | tuple[str, ...]]


class Wild(enum.Enum):
    RUN = "*"
    ONE = "?"


Pattern = tuple[str | Wild, ...]  # characters and wildcards
WILD = {wild.value: wild for wild in Wild}
VARIABLE = re.compile(  # PE-53…PE-55, PE-59
    r"\$\{(?:([*?$])|([\w.:/=+@-]+)(?:, *'(.*?)')?)\}", re.DOTALL
)
COMPLETED = (Layer.IDENTITY, Layer.BOUNDARY, Layer.SCP, Layer.RCP)  # PE-45
COMPLETED_IF_WILD = (Layer.RESOURCE, Layer.ENDPOINT)


def glob(pattern: Pattern, text: str) -> bool:
    if not pattern:
        return not text
    first, rest = pattern[0], pattern[1:]
    if first is Wild.RUN:
        return glob(rest, text) or (text != "" and glob(pattern, text[1:]))
    return text != "" and first in (Wild.ONE, text[0]) and glob(rest, text[1:])


def read(text: str, context: Context | None) -> Pattern | None:
    """The text as a pattern; None if a variable has no value (PE-57).

    context: None where variables are plain text (PE-9). What is put in is no pattern (PE-56).
    """
    if not text:
        return ()
    found = None if context is None else VARIABLE.match(text)
    if context is None or found is None:
        first: Pattern | None = (WILD.get(text[0], text[0]),)
        rest = read(text[1:], context)
    else:
        first = value_of(found, context)
        rest = read(text[found.end() :], context)
    return None if first is None or rest is None else first + rest


def value_of(variable: re.Match[str], context: Context) -> tuple[str, ...] | None:
    literal, key, default = variable.groups()
    if literal:
        return (literal,)  # PE-55
    value = context.get(key.lower(), ())  # PE-53: names are case-insensitive
    if value == ():
        return None if default is None else tuple(default)  # PE-54
    return tuple(value) if isinstance(value, str) else None  # PE-53: never a multivalued key


def plain(pattern: Pattern) -> str:
    """The pattern as a text, for operators that know no wildcards (PE-159)."""
    return "".join(one.value if isinstance(one, Wild) else one for one in pattern)


def fields(pattern: Pattern, colons: int = 5) -> tuple[Pattern, ...]:
    """Split at the first five colons (PE-165)."""
    if colons == 0 or ":" not in pattern:
        return (pattern,)
    at = pattern.index(":")
    return (pattern[:at], *fields(pattern[at + 1 :], colons - 1))


def arn_matches(pattern: Pattern, arn: str) -> bool:
    """By part, with its case; a wildcard stops at the first five colons (PE-43, PE-44, PE-165)."""
    parts, wanted = arn.split(":", 5), fields(pattern)
    return len(parts) == len(wanted) == 6 and all(map(glob, wanted, parts))


def action_matches(pattern: str, action: str) -> bool:
    """PE-37…PE-39, PE-233: without regard to case; no wildcards in the prefix but a whole ``*``."""
    if pattern == "*":
        return True
    vendor, _, name = pattern.lower().partition(":")
    service, _, operation = action.lower().partition(":")
    if name == "" or any(character.isspace() for character in pattern):
        return False  # PE-39
    return vendor in ("*", service) and glob(tuple(WILD.get(c, c) for c in name), operation)


def resource_matches(entry: str, question: Question, layer: Layer, variables: bool) -> bool | None:
    """Whether an entry of Resource or NotResource matches; None if a variable has no value."""
    if set(entry) == {"*"}:
        return True  # and nothing else matches the resource `*` (PE-48)
    parts = entry.split(":", 5)
    if parts[0] != "arn":
        return False  # PE-46
    if len(parts) < 6:
        wild = "*" in entry or "?" in entry
        if layer not in COMPLETED and not (layer in COMPLETED_IF_WILD and wild):
            return False  # PE-45
        parts += ["*"] * (6 - len(parts))
    head = read(":".join(parts[:5]), None)  # PE-50: no variables before the fifth colon
    tail = read(parts[5], question.context if variables else None)
    if head is None or tail is None:
        return None
    return arn_matches((*head, ":", *tail), question.resource)
