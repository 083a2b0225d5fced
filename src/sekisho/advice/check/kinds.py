"""The kinds of policies one can ask about, and how the kind of a text is guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sekisho.policy import Effect, Policy, PolicyType, Statement


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of policy, as --type names it.

    type: whose rules it has to obey; None where AWS's words are not known. grants: an Allow in it
    is what permits. most: characters at the widest quota, 0 if none is known; usual: at the one
    that holds unless one does something about it. ignores_space: white space does not count
    (PE-60). names_principals: it has to say whom it is for.
    """

    name: str
    title: str
    type: PolicyType | None
    grants: bool = True
    most: int = 0
    usual: int = 0
    ignores_space: bool = True
    names_principals: bool = False


_IDENTITY, _SESSION, _TRUST = PolicyType.IDENTITY, PolicyType.SESSION, PolicyType.TRUST

# PE-61. Inline policies of a role share 10,240 characters, of a group 5,120, of a user 2,048.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("identity", "identity-based policy", _IDENTITY, most=10_240, usual=6_144),
            Kind("managed", "managed policy", _IDENTITY, most=6_144),
            Kind("boundary", "permissions boundary", _IDENTITY, grants=False, most=6_144),
            Kind("session", "session policy", _SESSION, False, 2_048, ignores_space=False),
            Kind("trust", "role trust policy", _TRUST, True, 4_096, 2_048, names_principals=True),
            Kind("bucket", "bucket policy", PolicyType.BUCKET, True, 20_480, 0, False, True),
            Kind("scp", "service control policy", PolicyType.SCP, False, 10_240, 0, False),
            Kind("rcp", "resource control policy", PolicyType.RCP, False, 5_120, 0, False, True),
            Kind(
                "endpoint",
                "VPC endpoint policy",
                PolicyType.ENDPOINT,
                False,
                20_480,
                0,
                False,
                True,
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
