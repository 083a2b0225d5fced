"""Patterns held against patterns: does one cover the other, can both match one text?

`covers` says yes only when it is certain, `can_meet` says no only when it is certain; in doubt
nothing is found.
"""

import functools
import itertools

from sekisho.policy.patterns import compile_pattern, read_pattern
from sekisho.policy.resources import PARTS
from sekisho.policy.variables import Variable, read_template

LONGEST = 2048
REGION = 3
ANY_TEXT = "\ue000"


def covers(wide: str, narrow: str) -> bool:
    """Whether every text that the narrow pattern matches is matched by the wide one.

    The wildcards of the narrow one are taken as letters, which only a ``*`` of the wide one can
    match; variables are the same texts in both.
    """
    if wide in (narrow, "*"):
        return True
    if "*" not in wide and "?" not in wide:
        return False
    if "${" in wide or max(len(wide), len(narrow)) > LONGEST:
        return False
    if "?" in wide and ("*" in narrow or "${" in narrow):
        return False
    return compile_pattern(read_pattern(wide))(_sealed(narrow))


def _sealed(text: str) -> str:
    """A pattern with a letter that no policy writes for each variable."""
    if "${" not in text:
        return text
    return "".join(
        part if isinstance(part, str) else ANY_TEXT
        for part in read_template(text, wildcards=False, variables=True)
    )


def covers_resource(wide: str, narrow: str) -> bool:
    """The same for two entries of Resource, whose first five parts are compared one by one."""
    if wide in (narrow, "*"):
        return True
    if narrow == "*":
        return False
    left, right = wide.split(":", PARTS - 1), narrow.split(":", PARTS - 1)
    if len(left) != PARTS or len(right) != PARTS or "*" not in wide:
        return False
    return all(itertools.starmap(covers, zip(left, right, strict=True)))


def can_meet(pattern: str, form: str) -> bool:
    """Whether some text is matched by both; variables of the pattern may be anything.

    pattern: an ARN as policies write it, in six parts or less. form: an ARN of the catalog.
    """
    left, right = pattern.split(":", PARTS - 1), form.split(":", PARTS - 1)
    left += ["*"] * (PARTS - len(left))
    left[-1] = opened(left[-1])
    if not left[REGION] and right[REGION] == "*":
        return False  # a region, where there is one, is never empty; accounts of AWS itself are
    return all(itertools.starmap(_parts_meet, zip(left, right, strict=True)))


@functools.lru_cache(maxsize=4096)
def opened(text: str) -> str:
    """A pattern with ``*`` for each variable, and ``?`` for an escaped sign."""
    tokens = []
    for part in read_template(text, wildcards=True, variables=True):
        if isinstance(part, Variable):
            tokens.append("*")
        elif isinstance(part, str):
            tokens.append(part.replace("*", "?"))
        else:
            tokens.append(part.value)
    return "".join(tokens)


@functools.lru_cache(maxsize=16_384)
def _parts_meet(left: str, right: str) -> bool:
    if left in ("*", right) or right == "*" or max(len(left), len(right)) > LONGEST:
        return True
    head, tail = _fixed_ends(left)
    other_head, other_tail = _fixed_ends(right)
    if not (head.startswith(other_head) or other_head.startswith(head)):
        return False
    if not (tail.endswith(other_tail) or other_tail.endswith(tail)):
        return False
    return _walk(left, right)


def _fixed_ends(text: str) -> tuple[str, str]:
    """What stands before the first wildcard and behind the last; all of it if there is none."""
    head = text.replace("?", "*").partition("*")[0]
    tail = text.replace("?", "*").rpartition("*")[2]
    return head, tail


def _walk(left: str, right: str) -> bool:
    """Both walked side by side; row[i]: left[:i] and right up to here can match one text."""
    row = [True]
    for sign in left:
        row.append(row[-1] and sign == "*")
    for other in right:
        below = [row[0] and other == "*"]
        for index, sign in enumerate(left):
            if "*" in (sign, other):
                below.append(row[index + 1] or below[index])
            else:
                below.append(row[index] and (sign == other or "?" in (sign, other)))
        row = below
    return row[-1]
