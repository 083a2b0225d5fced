"""What the names in a policy mean, by the catalog."""

import difflib
import functools
from collections.abc import Iterable, Mapping

from sekisho.advice.check.draft import Budget, Part
from sekisho.catalog.authorization import (
    Action,
    ConditionKey,
    global_keys,
    service_authorization,
    service_prefixes,
)
from sekisho.policy.patterns import compile_pattern, read_pattern

LONGEST_NAME = 64
LONGEST_KEY = 512
LIKENESS = 0.75


def has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def named_actions(text: str, budget: Budget) -> tuple[Action, ...] | None:
    """The actions that an entry of Action means, none if there are none of that name.

    None where it is not told: every service is meant, or nothing more may be compared.
    """
    prefix, colon, name = text.lower().partition(":")
    if not colon or has_wildcard(prefix):
        return None
    if not has_wildcard(name):
        service = service_authorization(prefix)
        found = service.actions.get(name) if service else None
        return () if found is None else (found,)
    service = service_authorization(prefix)
    if service is None:
        return ()
    if not budget.take(len(service.actions) + len(name)):
        return None
    return _matching(prefix, name)


@functools.lru_cache(maxsize=512)
def _matching(prefix: str, pattern: str) -> tuple[Action, ...]:
    service = service_authorization(prefix)
    assert service is not None
    matches = compile_pattern(read_pattern(pattern))
    return tuple(action for name, action in service.actions.items() if matches(name))


def known_actions(part: Part, budget: Budget) -> tuple[Action, ...] | None:
    """All actions that a statement means; None if that is not told.

    A name that the catalog does not know may be newer than the catalog, so that nothing is said
    about the rest of its statement.
    """
    if part.statement.actions is None:
        return None
    found: dict[str, Action] = {}
    for text in part.statement.actions:
        actions = named_actions(text, budget)
        if not actions:
            return None
        found.update((action.full_name, action) for action in actions)
    return tuple(found.values())


@functools.lru_cache(maxsize=1024)
def known_key(name: str) -> ConditionKey | None:
    """A condition key by its name; None if the catalog has none of that name.

    Claims of identity providers are those of sts (PE-187).
    """
    key = name.lower()
    prefix = key.partition(":")[0]
    service = service_authorization(prefix)
    found = key_among(key, global_keys())
    if found is None and service is not None:
        found = key_among(key, service.keys)
    if found is None and service is None and prefix != "aws":
        sts = service_authorization("sts")
        found = key_among(key, sts.keys) if sts else None
    return found


def key_among(key: str, keys: Mapping[str, ConditionKey]) -> ConditionKey | None:
    """The key of this name, in lower case, among keys by their names in lower case."""
    found = keys.get(key)
    if found is not None or len(key) > LONGEST_KEY:
        return found
    for name, known in keys.items():
        if "*" in name and len(key) >= len(name) and compile_pattern(read_pattern(name))(key):
            return known
    return None


def is_claim(name: str) -> bool:
    """Whether a key is a claim of an identity provider: its prefix is a host or ``saml``."""
    prefix = name.lower().partition(":")[0]
    return prefix == "saml" or "." in prefix or "/" in prefix


def likely(word: str, choices: Iterable[str], budget: Budget) -> str:
    """The choice that was most likely meant; empty if none is near."""
    listed = list(choices)
    if len(word) > LONGEST_NAME or not budget.take(len(listed) * 40):
        return ""
    return next(iter(difflib.get_close_matches(word, listed, 1, LIKENESS)), "")


def likely_service(prefix: str, budget: Budget) -> str:
    return likely(prefix.lower(), sorted(service_prefixes()), budget)
