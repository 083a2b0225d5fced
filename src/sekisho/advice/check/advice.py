"""What is said about a document: values."""

import enum
from dataclasses import dataclass

from sekisho.policy.places import Steps


class Severity(enum.Enum):
    """ERROR: AWS refuses the document, or the part can never do what it is for.

    SECURITY: it grants more than one may think. WARNING: it likely does not do what was meant.
    SUGGESTION: it can be said better, or should be looked at.
    """

    ERROR = "error"
    SECURITY = "security warning"
    WARNING = "warning"
    SUGGESTION = "suggestion"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Mend:
    """A change of the text: text[start:end] becomes this."""

    start: int
    end: int
    text: str

    def apply(self, document: str) -> str:
        return document[: self.start] + self.text + document[self.end :]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule says, before it is put in its place.

    steps: to the part of the document. at_key: the key of that part is meant and not its value.
    """

    code: str
    steps: Steps
    message: str
    mend: Mend | None = None
    at_key: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing said about a document.

    path: such as ``Statement[2].Action[0]``; empty for the document itself. line, column: from 1,
    in characters; start, end: offsets of the part in the text. why: the reason, the same for all
    of a code.
    """

    code: str
    severity: Severity
    path: str
    line: int
    column: int
    start: int
    end: int
    message: str
    why: str
    mend: Mend | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """noun: what part of a policy it is about. means: one line; why: for whoever is told so."""

    name: str
    noun: str
    severity: Severity
    means: str
    why: str
