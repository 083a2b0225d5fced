"""The kinds of policies one can ask about, and how the kind of a text is guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sekisho.policy import Effect, Policy, PolicyType, Statement


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of policy, as --type names it.

    type: whose rules it has to obey; None where AWS's words are not known. grants: an Allow in it
    is what permits. usual, widest: quotas below and above that of the type, which hold elsewhere
    or can be had; 0 if there are none (PE-61). names_principals: it has to say whom it is for.
    """

    name: str
    title: str
    type: PolicyType | None
    grants: bool = True
    usual: int = 0
    widest: int = 0
    names_principals: bool = False


# PE-61. Inline policies of a role share 10,240 characters, of a group 5,120, of a user 2,048.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("identity", "identity-based policy", PolicyType.IDENTITY, usual=6_144),
            Kind("managed", "managed policy", PolicyType.MANAGED),
            Kind("boundary", "permissions boundary", PolicyType.BOUNDARY, grants=False),
            Kind("session", "session policy", PolicyType.SESSION, grants=False),
            Kind(
                "trust", "role trust policy", PolicyType.TRUST, widest=4_096, names_principals=True
            ),
            Kind("bucket", "bucket policy", PolicyType.BUCKET, names_principals=True),
            Kind("scp", "service control policy", PolicyType.SCP, grants=False),
            Kind("rcp", "resource control policy", PolicyType.RCP, False, names_principals=True),
            Kind(
                "endpoint", "VPC endpoint policy", PolicyType.ENDPOINT, False, names_principals=True
            ),
            Kind("resource", "resource-based policy", None, names_principals=True),
        )
    }
)


def guess_kind(policy: Policy) -> Kind:
    """The kind that a policy most likely is: what names principals is no identity policy.

    Boundaries, session policies and service control policies look like identity policies; they
    are never guessed.
    """
    statements = policy.statements
    if not any(map(_names_principals, statements)):
        return KINDS["identity"]
    if all(map(_is_trust, statements)):
        return KINDS["trust"]
    if all(map(_is_on_buckets, statements)):
        return KINDS["bucket"]
    if all(map(_is_resource_control, statements)):
        return KINDS["rcp"]
    return KINDS["resource"]


def _names_principals(statement: Statement) -> bool:
    return statement.principals is not None or statement.not_principals is not None


def _is_trust(statement: Statement) -> bool:
    if statement.resources is not None or statement.not_resources is not None:
        return False
    return all(
        action.lower().startswith("sts:")
        for action in statement.actions or statement.not_actions or ()
    )


def _is_on_buckets(statement: Statement) -> bool:
    resources = statement.resources or statement.not_resources or ()
    return bool(resources) and all(each.split(":")[2:3] == ["s3"] for each in resources)


def _is_resource_control(statement: Statement) -> bool:
    """PE-18."""
    return (
        statement.effect is Effect.DENY
        and statement.principals is not None
        and all(named.is_everyone for named in statement.principals)
        and statement.resources == ("*",)
    )
