"""Documents without a fault, read at the speed of the standard library, which keeps no places.

Nearly every text that is read here was held against the grammar before it was saved. Whatever is
not wholly right, or not certain to be, is left to `grammar`, which says what is wrong and where; a
property test holds the two equal. No depth is counted, since everything in a right document is
looked at, and it ends six levels down.
"""

import json
from collections.abc import Callable
from typing import Any, NoReturn

from sekisho.policy.document import (
    VERSION_2008,
    VERSION_2012,
    Clause,
    Effect,
    NamedPrincipal,
    Policy,
    Statement,
)
from sekisho.policy.operators import OPERATOR_NAMES
from sekisho.policy.syntax import LONGEST_TEXT, SURROGATE, Number

PRINCIPAL_KEYS = ("AWS", "Service", "Federated", "CanonicalUser")
DOCUMENT_KEYS = frozenset({"Version", "Id", "Statement"})
EFFECTS = {effect.value: effect for effect in Effect}

# What the reader makes: str, Number, bool, None, a list or a dict of such values.
Value = Any


class _DoubtfulError(Exception):
    """To be read with places."""


def read_plainly(text: str) -> Policy | None:
    """The policy that a text certainly is; None if the text has to be read with places."""
    if len(text) > LONGEST_TEXT or "\\u" in text:  # escapes may hold half of a surrogate pair
        return None
    if not text.isascii() and SURROGATE.search(text):
        return None
    try:
        return _document(_READER.decode(text))
    except (_DoubtfulError, json.JSONDecodeError, RecursionError):
        return None


def _doubt(*_: object) -> NoReturn:
    raise _DoubtfulError


def _members(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else _doubt()  # PE-5


_READER = json.JSONDecoder(
    object_pairs_hook=_members, parse_float=Number, parse_int=Number, parse_constant=_doubt
)


def _document(root: Value) -> Policy:
    members = _object(root)
    version, policy_id = members.get("Version", VERSION_2008), members.get("Id", "")
    if version not in (VERSION_2008, VERSION_2012) or not members.keys() <= DOCUMENT_KEYS:
        _doubt()
    statements = members.get("Statement")
    listed = statements if type(statements) is list else [statements]
    if not listed:
        _doubt()
    return Policy(
        version,
        _text(policy_id),
        tuple([_statement(index, one) for index, one in enumerate(listed)]),
    )


def _statement(index: int, members: Value) -> Statement:
    read: dict[str, Any] = {}
    for element, value in _object(members).items():
        name, reader = ELEMENTS.get(element) or _doubt()
        read[name] = reader(value)
    if "effect" not in read or ("actions" in read) is ("not_actions" in read):
        _doubt()
    if "resources" in read and "not_resources" in read:
        _doubt()
    if "principals" in read and "not_principals" in read:
        _doubt()
    return Statement(index, **read)


def _object(value: Value) -> dict[str, Value]:
    return value if type(value) is dict else _doubt()


def _text(value: Value) -> str:
    return value if type(value) is str else _doubt()


def _effect(value: Value) -> Effect:
    return EFFECTS.get(_text(value)) or _doubt()


def _texts(value: Value) -> tuple[str, ...]:
    """A string or an array of strings."""
    if type(value) is str:
        return (value,)
    if type(value) is not list:
        _doubt()
    for one in value:
        if type(one) is not str:
            _doubt()
    return tuple(value)


def _some_texts(value: Value) -> tuple[str, ...]:
    return _texts(value) or _doubt()  # PE-13


def _principals(value: Value) -> tuple[NamedPrincipal, ...]:
    if value == "*":
        return (NamedPrincipal("AWS", "*"),)
    named: list[NamedPrincipal] = []
    for key, listed in _object(value).items():
        if key not in PRINCIPAL_KEYS:
            _doubt()
        named += [NamedPrincipal(key, one) for one in _texts(listed)]
    return tuple(named)


def _conditions(value: Value) -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    for operator, block in _object(value).items():
        keys = _object(block)
        if keys and operator not in OPERATOR_NAMES:
            _doubt()
        if len(keys) > 1 and len({key.lower() for key in keys}) < len(keys):
            _doubt()
        clauses += [Clause(operator, key, _values(listed)) for key, listed in keys.items()]
    return tuple(clauses)


def _values(value: Value) -> tuple[str, ...]:
    if type(value) is str:
        return (value,)
    return tuple([_value(one) for one in value] if type(value) is list else [_value(value)])


def _value(value: Value) -> str:
    if type(value) is bool:
        return "true" if value else "false"
    return value.text if type(value) is Number else _text(value)  # PE-14


# Where a statement keeps each of its elements, and how it is read.
ELEMENTS: dict[str, tuple[str, Callable[[Value], object]]] = {
    "Sid": ("sid", _text),
    "Effect": ("effect", _effect),
    "Principal": ("principals", _principals),
    "NotPrincipal": ("not_principals", _principals),
    "Action": ("actions", _some_texts),
    "NotAction": ("not_actions", _some_texts),
    "Resource": ("resources", _some_texts),
    "NotResource": ("not_resources", _some_texts),
    "Condition": ("conditions", _conditions),
}
