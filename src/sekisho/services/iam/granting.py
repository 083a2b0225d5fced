"""Which services policies give something of."""

from collections.abc import Iterable, Iterator

from sekisho.policy import Effect, Policy, Statement, parse_policy

SERVED = {
    "iam": "AWS Identity and Access Management",
    "organizations": "AWS Organizations",
    "s3": "Amazon S3",
    "sts": "AWS Security Token Service",
}


def services_of(texts: Iterable[str]) -> list[str]:
    """The namespaces that policies allow some action of, in order; those served here for ``*``."""
    found: set[str] = set()
    for text in texts:
        for statement in allowing(parse_policy(text)):
            found.update(_named(statement))
    return sorted(found)


def grants(policy: Policy, namespace: str) -> bool:
    """Whether a policy allows some action of a service."""
    return any(_grants(statement, namespace) for statement in allowing(policy))


def allowing(policy: Policy) -> Iterator[Statement]:
    return (one for one in policy.statements if one.effect is Effect.ALLOW)


def service_name(namespace: str) -> str:
    """The service's name for people, where it is known; else the namespace."""
    from sekisho.catalog.authorization import (  # noqa: PLC0415 - only reports read it
        service_authorization,
    )

    known = service_authorization(namespace.lower())
    return SERVED.get(namespace) or (namespace if known is None else known.title)


def _named(statement: Statement) -> Iterator[str]:
    yield from (namespace for namespace in SERVED if _grants(statement, namespace))
    for action in statement.actions or ():
        vendor, colon, _ = action.partition(":")
        if colon and "*" not in vendor:
            yield vendor.lower()


def _grants(statement: Statement, namespace: str) -> bool:
    if statement.not_actions is not None:
        return not any(_covers_all(action, namespace) for action in statement.not_actions)
    vendors = (action.lower().partition(":")[0] for action in statement.actions or ())
    return any(vendor in ("*", namespace.lower()) for vendor in vendors)


def _covers_all(action: str, namespace: str) -> bool:
    return action.lower() in ("*", "*:*", f"{namespace.lower()}:*")
