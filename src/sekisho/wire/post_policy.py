"""The policy of a posted form: until when, and with which fields, its signer lets others post."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sekisho.model.faults import Fault
from sekisho.wire.times import parse_iso

MOST_CONDITIONS = 200

# What no condition needs to speak of.
_UNCOVERED = frozenset({"x-amz-signature", "signature", "awsaccesskeyid", "policy", "file"})
_IGNORED = "x-ignore-"


@dataclass(frozen=True, slots=True)
class PostPolicy:
    """expires: epoch seconds. conditions: (operator, field in lower case, value, as it was told).

    smallest, largest: bounds of the file in bytes; None if there are none.
    """

    expires: int
    conditions: tuple[tuple[str, str, str, str], ...]
    smallest: int | None = None
    largest: int | None = None

    def check(self, fields: Mapping[str, str], now: float) -> None:
        """Hold the fields of a form against it. Raises Fault (AccessDenied, W-93)."""
        if self.expires < now:
            raise against("Policy expired.")
        covered = set(_UNCOVERED)
        for operator, name, value, told in self.conditions:
            given = fields.get(name, "")
            is_met = given == value if operator == "eq" else given.startswith(value)
            if not is_met:
                raise against(f"Policy Condition failed: {told}")
            covered.add(name)
        extra = [name for name in fields if name not in covered and not name.startswith(_IGNORED)]
        if extra:
            raise against(f"Extra input fields: {', '.join(extra)}")


def read_post_policy(text: str) -> PostPolicy:
    """Read the policy field, which is base64 of JSON. Raises Fault (InvalidPolicyDocument)."""
    try:
        document = json.loads(base64.b64decode(text.encode(), validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise invalid("Invalid JSON.") from None
    if not isinstance(document, dict):
        raise invalid("Invalid JSON.")
    expires, conditions = document.get("expiration"), document.get("conditions")
    if not isinstance(expires, str):
        raise invalid("Policy missing expiration.")
    if not isinstance(conditions, list):
        raise invalid("Policy missing conditions.")
    if len(conditions) > MOST_CONDITIONS:
        raise invalid("Too many conditions.")
    try:
        moment = parse_iso(expires)
    except (ValueError, OverflowError):
        raise invalid(f"Invalid 'expiration' value: '{expires}'") from None
    return gathered(moment, conditions)


def gathered(expires: int, conditions: list[Any]) -> PostPolicy:
    kept: list[tuple[str, str, str, str]] = []
    bounds: tuple[int | None, int | None] = (None, None)
    for condition in conditions:
        if isinstance(condition, dict):
            kept += [equal(name, value) for name, value in condition.items()]
        elif not isinstance(condition, list) or len(condition) != 3:
            raise invalid("Invalid conditions.")
        elif isinstance(condition[0], str) and condition[0].lower() == "content-length-range":
            bounds = size_bound(condition[1]), size_bound(condition[2])
        else:
            kept.append(compared(condition))
    return PostPolicy(expires, tuple(kept), *bounds)


def equal(name: Any, value: Any) -> tuple[str, str, str, str]:
    if not isinstance(value, str):
        raise invalid("Invalid Simple-Condition: value must be a string.")
    return "eq", name.lower(), value, json.dumps(["eq", f"${name}", value], ensure_ascii=False)


def compared(condition: list[Any]) -> tuple[str, str, str, str]:
    operator, name, value = condition
    if not all(isinstance(part, str) for part in condition) or not name.startswith("$"):
        raise invalid("Invalid conditions.")
    if operator.lower() not in ("eq", "starts-with"):
        raise invalid(f"Unknown operator '{operator}'.")
    told = json.dumps(condition, ensure_ascii=False)
    return operator.lower(), name[1:].lower(), value, told


def size_bound(value: Any) -> int:
    try:
        bound = int(value)
    except (TypeError, ValueError):
        raise invalid("Invalid content-length-range.") from None
    if not 0 <= bound < 2**63:
        raise invalid("Invalid content-length-range.")
    return bound


def against(why: str) -> Fault:
    return Fault("AccessDenied", 403, f"Invalid according to Policy: {why}")


def invalid(why: str) -> Fault:
    return Fault("InvalidPolicyDocument", 400, f"Invalid Policy: {why}")
