"""What an explanation is made of: how each statement met the question, and what each layer said."""

import enum
from dataclasses import dataclass

from sekisho.policy.decision import StatementRef
from sekisho.policy.near_miss import Miss
from sekisho.policy.principals import Grant
from sekisho.policy.question import Layer
from sekisho.policy.words import printable, say, shortened


class Verdict(enum.Enum):
    ALLOWS = "allows"
    DENIES = "denies"
    SILENT = "does not allow"


@dataclass(frozen=True, slots=True)
class StatementStory:
    """How one statement that covers the action, or nearly does, met the question.

    grant: how strongly it names the principal; NONE if it does not apply. miss: the first element
    that did not match; None if all matched. because: of a Deny that strikes, what of it
    covers the question, and what its conditions wanted and saw. conditional: whether it has any.
    further: where the first miss is near, the misses after it, as far as remedies are told.
    """

    ref: StatementRef
    allows: bool
    grant: Grant
    miss: Miss | None
    because: tuple[str, ...] = ()
    conditional: bool = False
    further: tuple[Miss, ...] = ()

    @property
    def misses(self) -> tuple[Miss, ...]:
        """All that would have to be mended for it to apply."""
        return self.further if self.miss is None else (self.miss, *self.further)

    @property
    def applies(self) -> bool:
        return self.miss is None

    def as_data(self) -> dict[str, object]:
        return {
            **ref_data(self.ref),
            "effect": "Allow" if self.allows else "Deny",
            "applies": self.applies,
            "miss": None if self.miss is None else self.miss.as_data(),
        }


@dataclass(frozen=True, slots=True)
class LayerStory:
    """What one set of policies said.

    title: which policies these are, in words. statements: those that cover the action; where no
    Allow does, after them the Allow statements that nearly do. empty:
    whether the policies have no statements whatever. absent: whether there are no policies at all.
    """

    layer: Layer
    title: str
    statements: tuple[StatementStory, ...]
    empty: bool
    absent: bool = False

    @property
    def striking(self) -> tuple[StatementStory, ...]:
        """The Deny statements that apply, in their order."""
        return tuple(one for one in self.statements if one.applies and not one.allows)

    @property
    def denying(self) -> tuple[StatementRef, ...]:
        return tuple(one.ref for one in self.striking)

    @property
    def allowing(self) -> tuple[StatementStory, ...]:
        """The Allow statements that apply, the strongest first, else in their order."""
        found = [one for one in self.statements if one.applies and one.allows]
        return tuple(sorted(found, key=lambda one: -one.grant))

    @property
    def verdict(self) -> Verdict:
        if self.denying:
            return Verdict.DENIES
        return Verdict.ALLOWS if self.allowing else Verdict.SILENT

    def as_data(self, most: int) -> dict[str, object]:
        """Such as JSON can carry. most: how many statements are told, those that apply first."""
        told = sorted(self.statements, key=lambda one: not one.applies)[:most]
        return {
            "layer": self.layer.value,
            "title": printable(self.title),
            "verdict": self.verdict.value,
            "absent": self.absent,
            "statements": [one.as_data() for one in told],
            "left_out": len(self.statements) - len(told),
        }


def ref_data(ref: StatementRef) -> dict[str, object]:
    """A statement's place. index: from 0, as in the document."""
    return {
        "policy": shortened(ref.source.name),
        "owner": shortened(ref.source.owner),
        "index": ref.index,
        "sid": shortened(ref.sid),
    }


def statement_name(ref: StatementRef) -> str:
    policy = shortened(ref.source.name)
    if ref.sid:
        return say('statement {} "{}" of {}', ref.index, shortened(ref.sid), policy)
    return say("statement {} of {}", ref.index, policy)
