"""What is asked: may this principal do this action on this resource, in this context?"""

import enum
import sys
from dataclasses import dataclass, field

from sekisho.model.principal import Principal, PrincipalKind
from sekisho.policy.variables import Context


class Layer(enum.Enum):
    """The kinds of policy that bear on a question; the value is the word for people (PE-195).

    word: the value once more, since that of an enum is looked up slowly.
    """

    word: str

    def __init__(self, word: str) -> None:
        self.word = word

    IDENTITY = "identity-based policy"
    RESOURCE = "resource-based policy"
    TRUST = "role trust policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    SCP = "service control policy"
    RCP = "resource control policy"
    ENDPOINT = "VPC endpoint policy"


# The layers whose statements say for whom they hold (PE-15).
NAMING_LAYERS = frozenset({Layer.RESOURCE, Layer.TRUST, Layer.RCP, Layer.ENDPOINT})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a policy came from.

    name: ARN of the managed policy, or name of the inline policy. owner: ARN of the user, group,
    role or bucket on which it hangs.
    """

    layer: Layer
    name: str
    owner: str


class Standing(enum.Enum):
    """How who asks stands to the account that owns the resource (PE-85, PE-86).

    OUTSIDE: services, nobody and those for whom a provider vouches, who have no account whose
    policies could speak for them.
    """

    WITHIN = enum.auto()
    ACROSS = enum.auto()
    OUTSIDE = enum.auto()


# Looked up once, as every question is compared with them.
_WITHIN, _ACROSS, _OUTSIDE = Standing
_USER, _ROLE_SESSION = PrincipalKind.USER, PrincipalKind.ROLE_SESSION
_SERVICE, _ANONYMOUS = PrincipalKind.SERVICE, PrincipalKind.ANONYMOUS
_FEDERATED_IDENTITY = PrincipalKind.FEDERATED_IDENTITY


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    action: ``service:Action``, in any case. resource: an ARN, or ``*`` for an action that knows no
    resources (PE-48). owner: the account that owns the resource (PE-106). context: condition keys
    in lower case; a tuple is a key with several values, and an empty tuple is an absent key.
    sponsor: of a GetFederationToken session, the user who asked for it (PE-94); else None.
    standing, matter: found when the question is made, as every decision wants them. Questions of
    one matter are about the same action, and who asks stands alike to the owner.
    """

    principal: Principal
    action: str
    resource: str
    owner: str
    context: Context
    sponsor: Principal | None = None
    standing: Standing = field(init=False, repr=False, compare=False)
    matter: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        kind = self.principal.kind
        if kind is _SERVICE or kind is _ANONYMOUS or kind is _FEDERATED_IDENTITY:
            standing, matter = _OUTSIDE, self.action
        elif self.principal.account == self.owner:
            standing, matter = _WITHIN, f"within {self.action}"
        else:
            standing, matter = _ACROSS, f"across {self.action}"
        if not (kind is _USER or kind is _ROLE_SESSION):
            matter = f"{kind.word} {matter}"
        object.__setattr__(self, "standing", standing)
        # Interned: one text for all questions of a matter is found faster than a copy for each.
        object.__setattr__(self, "matter", sys.intern(matter))
