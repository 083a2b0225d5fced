"""Policy documents in few words."""

from typing import Any

Document = dict[str, Any]
Statement = dict[str, Any]

VERSION = "2012-10-17"


def policy(*statements: Statement) -> Document:
    return {"Version": VERSION, "Statement": list(statements)}


def statement(effect: str, **elements: Any) -> Statement:
    return {"Effect": effect, **{name: value for name, value in elements.items() if value}}


def allow(
    action: str | list[str], resource: str | list[str], condition: Document | None = None
) -> Document:
    return policy(statement("Allow", Action=action, Resource=resource, Condition=condition))


def deny(
    action: str | list[str], resource: str | list[str], condition: Document | None = None
) -> Document:
    return policy(statement("Deny", Action=action, Resource=resource, Condition=condition))


def trust(
    principals: str | list[str],
    condition: Document | None = None,
    actions: str | list[str] = "sts:AssumeRole",
) -> Document:
    """A role's trust policy: who may assume it, and when."""
    return policy(
        statement("Allow", Principal={"AWS": principals}, Action=actions, Condition=condition)
    )
