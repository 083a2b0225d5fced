"""What the models demand of values, checked, and AWS's sentences for what they are not.

Several faults of one request are told together (W-131). STS shows the value at fault unless it is
long or sensitive; IAM never does, and names no enum values (W-130, W-173, PE-77).
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sekisho.catalog import Shape
from sekisho.model.faults import Fault

LONGEST_SHOWN = 1024
LONGEST_MATCHED = 131_072

Clause = str
Check = Callable[[Any], "list[Clause]"]

# \p{Z}: the separators of Unicode. In Python \w is \p{L}, \p{N} and the low line.
_SEPARATORS = r"\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_NAME_PATTERN = r"[\w+=,.@-]+"
_PATH_PATTERN = r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)"
_NAME_RULE = "It must contain only alphanumeric characters and/or the following: +=,.@_-"
_PATH_RULE = (
    "It must begin and end with / and contain only alphanumeric characters and/or / characters."
)
_SPECIAL_RULES = {_NAME_PATTERN: _NAME_RULE, _PATH_PATTERN: _PATH_RULE}


MOST_PROBLEMS = 100


@dataclass(slots=True)
class Problems:
    """The faults found while a request is read.

    clauses: each a whole clause of a validation error. rules: sentences of their own, told only
    when there is no clause (PE-78).
    """

    shows_values: bool
    clauses: list[Clause] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)

    def missing(self, path: str) -> None:
        self.add(path, "null" if self.shows_values else "", "Member must not be null")

    def add(self, path: str, shown: str, clause: Clause) -> None:
        value = f"Value {shown} at" if shown else "Value at"
        self.clauses.append(f"{value} '{path}' failed to satisfy constraint: {clause}")
        if len(self.clauses) >= MOST_PROBLEMS:
            self.raise_any()

    def raise_any(self) -> None:
        """Raise the ValidationError that tells them all, if there are any."""
        if self.clauses:
            count = len(self.clauses)
            noun = "error" if count == 1 else "errors"
            told = "; ".join(self.clauses)
            raise Fault("ValidationError", 400, f"{count} validation {noun} detected: {told}")
        if self.rules:
            raise Fault("ValidationError", 400, self.rules[0])


def spoken_name(name: str) -> str:
    """A member's name as messages write it: the first letter small (W-130)."""
    return name[:1].lower() + name[1:]


def shown_value(shape: Shape, value: Any) -> str:
    """The value in quotes, or nothing where it is sensitive, too long or no scalar (PE-77)."""
    if shape.kind == "list":
        inner = shape.member.shape if shape.member else shape
        if inner.kind in ("structure", "list", "map") or inner.sensitive:
            return ""
        text = "[" + ", ".join(map(str, value)) + "]"
    else:
        text = str(value)
    hidden = shape.sensitive or len(text) > LONGEST_SHOWN or "olicyDocument" in shape.name
    return "" if hidden else f"'{text}'"


@functools.lru_cache(maxsize=512)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A model's pattern, which is Java's, as Python's.

    Where a class has ``\\p{L}``, ``\\p{N}`` and ``_`` these are Python's ``\\w``; elsewhere ``\\w``
    and ``\\d`` are ASCII as in Java. None of the models' patterns can run away: each is a run of
    one class, or its repetitions are told apart by their first character.
    """
    translated = pattern.replace(r"\u10000-\u10FFFF", r"\U00010000-\U0010FFFF")
    if r"\p{" not in translated:
        return re.compile(translated, re.ASCII)
    translated = translated.replace(r"\p{L}", r"\w").replace(r"\p{Z}", _SEPARATORS)
    return re.compile(translated.replace(r"\p{N}", ""))


def compile_check(shape: Shape, *, shows_values: bool) -> Check | None:
    """A function from a scalar to the clauses it offends, pattern before length (W-131).

    None if the shape allows everything.
    """
    if shape.kind in ("integer", "long"):
        return _number_check(shape)
    if shape.kind == "string" and (shape.pattern or shape.enum or shape.min or shape.max):
        return _text_check(shape, shows_values=shows_values)
    return None


def _number_check(shape: Shape) -> Check | None:
    least, most = shape.min, shape.max
    if least is None and most is None:
        return None

    def check(value: int) -> list[Clause]:
        if least is not None and value < least:
            return [f"Member must have value greater than or equal to {least}"]
        if most is not None and value > most:
            return [f"Member must have value less than or equal to {most}"]
        return []

    return check


def _text_check(shape: Shape, *, shows_values: bool) -> Check:
    least, most = shape.min or 0, LONGEST_MATCHED * 1000 if shape.max is None else shape.max
    clause_of_pattern = f"Member must satisfy regular expression pattern: {shape.pattern}"
    allowed = frozenset(shape.enum)
    clause_of_enum = "Member must satisfy enum value set"
    if shows_values:
        clause_of_enum += f": [{', '.join(shape.enum)}]"
    match = compile_pattern(shape.pattern).fullmatch if shape.pattern else _anything

    def check(text: str) -> list[Clause]:
        length = len(text)
        if least <= length <= most and (not allowed or text in allowed) and match(text):
            return []
        found = []
        if length <= LONGEST_MATCHED and not match(text):
            found.append(clause_of_pattern)
        if allowed and text not in allowed:
            found.append(clause_of_enum)
        return found + length_clauses(length, shape)

    return check


def _anything(_: str) -> bool:
    return True


def length_clauses(length: int, shape: Shape) -> list[Clause]:
    """The clauses that a text or a list of this length offends."""
    if shape.max is not None and length > shape.max:
        return [f"Member must have length less than or equal to {shape.max}"]
    if shape.min is not None and length < shape.min:
        return [f"Member must have length greater than or equal to {shape.min}"]
    return []


def item_demands(shape: Shape) -> str:
    """All that is demanded of the items of a list, in one clause, as AWS words it."""
    demands = []
    if shape.max is not None:
        demands.append(f"Member must have length less than or equal to {shape.max}")
    if shape.min is not None:
        demands.append(f"Member must have length greater than or equal to {shape.min}")
    if shape.pattern:
        demands.append(f"Member must satisfy regular expression pattern: {shape.pattern}")
    if shape.enum:
        demands.append(f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")
    return f"Member must satisfy constraint: [{', '.join(demands)}]"


def special_rule(shape: Shape, name: str) -> str | None:
    """IAM's own sentence for a name or a path outside its pattern (PE-78); None for others."""
    rule = _SPECIAL_RULES.get(shape.pattern)
    return f"The specified value for {spoken_name(name)} is invalid. {rule}" if rule else None
