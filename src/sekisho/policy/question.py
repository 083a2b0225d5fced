"""What is asked: may this principal do this action on this resource, in this context?"""

import enum
from dataclasses import dataclass

from sekisho.model.principal import Principal
from sekisho.policy.variables import Context


class Layer(enum.Enum):
    """The kinds of policy that bear on a question; the value is the word for people (PE-195)."""

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


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    action: ``service:Action``, in any case. resource: an ARN, or ``*`` for an action that knows no
    resources (PE-48). owner: the account that owns the resource (PE-106). context: condition keys
    in lower case; a tuple is a key with several values, and an empty tuple is an absent key.
    sponsor: of a GetFederationToken session, the user who asked for it (PE-94); else None.
    """

    principal: Principal
    action: str
    resource: str
    owner: str
    context: Context
    sponsor: Principal | None = None
