"""What is answered."""

import enum
from dataclasses import dataclass

from sekisho.policy.question import Layer, Source


class Kind(enum.Enum):
    """The value is the simulator's word (PE-144); word: the same, found faster."""

    word: str

    def __init__(self, word: str) -> None:
        self.word = word

    ALLOW = "allowed"
    EXPLICIT_DENY = "explicitDeny"
    IMPLICIT_DENY = "implicitDeny"


@dataclass(frozen=True, slots=True)
class StatementRef:
    """One statement of one policy. index: from 0. sid: empty if it has none."""

    source: Source
    index: int
    sid: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a question.

    layer: for a denial the layer that denied, or that failed to allow; for an Allow the layer that
    granted. statements: those that determined it; none for an implicit denial, nor where the root
    user needs none.
    """

    allowed: bool
    kind: Kind
    layer: Layer
    statements: tuple[StatementRef, ...] = ()
