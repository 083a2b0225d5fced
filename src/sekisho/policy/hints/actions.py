"""Allow statements that do not cover an action, but nearly: typing errors and half names."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from sekisho.policy.document import Statement
from sekisho.policy.patterns import compile_pattern, read_pattern
from sekisho.policy.words import quoted, say, shortened

LIKENESS = 0.85
# What is decided beside sts:AssumeRole, by what is passed with it (PE-116).
BESIDE_ASSUMING = {
    "tagsession": say("whoever passes session tags"),
    "setsourceidentity": say("whoever passes a source identity"),
    "setcontext": say("whoever passes contexts"),
}
SHORTEST = 3  # letters that tell one name from another


@dataclass(frozen=True, slots=True)
class NearAction:
    """element: Action or NotAction. listed: the patterns in question. words: after the statement's
    name."""

    element: str
    listed: tuple[str, ...]
    words: str


def near_action(asked: str, statement: Statement) -> NearAction | None:
    """How nearly a statement covers an action that it does not cover; None if it is far away."""
    if statement.not_actions is not None:
        listed = tuple(one for one in statement.not_actions if _covers(one, asked))
        words = say("leaves {} out by NotAction, {} with it", quoted(listed), shortened(asked))
        return NearAction("NotAction", listed, words)
    vendor, _, name = asked.partition(":")
    actions = statement.actions or ()
    for pattern in actions:
        if pattern != "".join(pattern.split()) and _covers("".join(pattern.split()), asked):
            return _near(pattern, say("; an action with white space in it matches nothing"))
    if vendor.lower() == "sts" and name.lower() in BESIDE_ASSUMING:
        assuming = tuple(one for one in actions if _covers(one, "sts:AssumeRole"))
        if assuming:
            what = BESIDE_ASSUMING[name.lower()]
            return _near(assuming[0], say(", and {} needs {} beside it", what, shortened(asked)))
    names = dict[str, str]()
    for pattern in actions:
        other, _, listed_name = pattern.partition(":")
        if other.lower() == vendor.lower():
            names.setdefault(listed_name.lower(), pattern)
    found = _likest(name.lower(), names)
    if found:
        return _near(names[found], _difference(found, name.lower(), asked))
    for pattern in actions:
        other, _, listed_name = pattern.partition(":")
        if listed_name.lower() == name.lower():
            return _near(
                pattern, say(", and that is of the service {}, not {}", shortened(other), vendor)
            )
    return None


def _covers(pattern: str, asked: str) -> bool:
    return compile_pattern(read_pattern(pattern.lower()))(asked.lower())


def _near(pattern: str, hint: str) -> NearAction:
    return NearAction("Action", (pattern,), say("lists {}{}", quoted((pattern,)), hint))


def _likest(name: str, names: Iterable[str]) -> str:
    """The name that may have been meant; empty if there is none."""
    plain = [one for one in names if len(one) >= SHORTEST and not {"*", "?"} & set(one)]
    for one in sorted(plain, key=len, reverse=True):
        if name.startswith(one) or one.startswith(name):
            return one
    alike = [one for one in plain if one[0] == name[:1]]
    return next(iter(get_close_matches(name, alike, n=1, cutoff=LIKENESS)), "")


def _difference(listed: str, name: str, asked: str) -> str:
    if name.startswith(listed):
        return say(", which is not {}: without * it means that one name", shortened(asked))
    return say(", which is not {}", shortened(asked))
