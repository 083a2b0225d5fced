"""Policy variables: ``${key}``, ``${key, 'default'}`` and the escapes ``${*} ${?} ${$}``.

They are known in Version 2012-10-17 only, in resources and in the values of String and Arn
conditions (PE-53…PE-59). What is put in for a variable is literal text: a ``*`` that comes with it
is no wildcard (PE-56). Text that only looks like a variable stays as it is written (PE-59).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sekisho.policy.patterns import Token, Tokens, read_pattern

ContextValue = str | tuple[str, ...]
Context = Mapping[str, ContextValue]

_NAME = re.compile(r"[\w.:/=+@-]+")
_DEFAULT = re.compile(r", *'")


@dataclass(frozen=True, slots=True)
class Variable:
    """key: in lower case, as contexts have them. default: None if none is given (PE-54)."""

    key: str
    default: str | None = None


Template = tuple[Token | Variable, ...]


def read_template(text: str, *, wildcards: bool, variables: bool) -> Template:
    """The tokens of a text; without wildcards ``*`` and ``?`` are letters."""
    template: list[Token | Variable] = []
    start = 0
    last = text.rfind("'}")
    at = text.find("${") if variables else -1
    while at >= 0:
        part, end = _read_variable(text, at, last)
        if part is None:
            at = text.find("${", at + 2)
            continue
        template += _plain(text[start:at], wildcards)
        template.append(part)
        start = end
        at = text.find("${", end)
    template += _plain(text[start:], wildcards)
    return tuple(template)


def is_fixed(template: Template) -> bool:
    """Whether it has no variable, so that it means the same in every request."""
    return not any(isinstance(part, Variable) for part in template)


def fixed_tokens(template: Template) -> Tokens:
    return tuple(part for part in template if not isinstance(part, Variable))


def has_values(template: Template, context: Context) -> bool:
    """Whether every variable has a value; a key with several values can never be put in (PE-53)."""
    return all(_value(part, context) is not None for part in template if isinstance(part, Variable))


def resolve(template: Template, context: Context, longest: int) -> Tokens | None:
    """The tokens with the variables put in; None if they match no text of at most this length.

    That is so if a variable has no value (PE-50, PE-57), or if more literal text is put in than
    would fit: a hostile policy may repeat a variable thousands of times.
    """
    tokens: list[Token] = []
    for part in template:
        token = _value(part, context) if isinstance(part, Variable) else part
        longest -= len(token) if isinstance(token, str) else 0
        if token is None or longest < 0:
            return None
        tokens.append(token)
    return tuple(tokens)


def _value(variable: Variable, context: Context) -> str | None:
    value: ContextValue | None = context.get(variable.key, ())
    if value == ():
        value = variable.default  # no value at all is an absent key (PE-54, PE-150)
    return value if isinstance(value, str) else None


def _plain(text: str, wildcards: bool) -> Tokens:
    if wildcards:
        return read_pattern(text)
    return (text,) if text else ()


def _read_variable(text: str, at: int, last: int) -> tuple[str | Variable | None, int]:
    """What stands at ``${``: an escaped sign or a variable, and where it ends; None if neither.

    last: where the last ``'}`` is, so that none is looked for in vain.
    """
    if text[at + 3 : at + 4] == "}" and text[at + 2] in "*?$":
        return text[at + 2], at + 4
    name = _NAME.match(text, at + 2)
    if name is None:
        return None, at
    key, end = name.group().lower(), name.end()
    if text.startswith("}", end):
        return Variable(key), end + 1
    opened = _DEFAULT.match(text, end)
    if opened is None or opened.end() > last:
        return None, at
    closed = text.find("'}", opened.end())
    return Variable(key, text[opened.end() : closed]), closed + 2
