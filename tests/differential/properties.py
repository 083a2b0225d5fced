"""What must hold of every world, as functions that find where it does not."""

from collections.abc import Iterator
from dataclasses import dataclass

from differential.worlds import Compiler, World, bearing
from sekisho.policy import Decision, Question, decide, explain
from spec.evaluation import Answer, PlainEvidence, answer


@dataclass(frozen=True, slots=True)
class Difference:
    """A question to which two answers were given."""

    question: Question
    evidence: PlainEvidence
    spec: Answer
    engine: Decision
    explained: Decision


def differences(world: World) -> Iterator[Difference]:
    """Where `decide` differs from the spec, or `explain` from `decide`."""
    compiler = Compiler()
    for question in world.questions:
        evidence = bearing(question, world.evidence)
        compiled = compiler.evidence(evidence)
        expected = answer(question, evidence)
        decision = decide(question, compiled)
        explained = explain(question, compiled).decision
        if not agrees(decision, expected) or decision != explained:
            yield Difference(question, evidence, expected, decision, explained)


def agrees(decision: Decision, expected: Answer) -> bool:
    """Kind and layer are the same; of each side that had to speak one statement is named."""
    return (
        (decision.kind, decision.layer) == (expected.kind, expected.layer)
        and decision.allowed is (expected.kind.value == "allowed")
        and len(decision.statements) == len(expected.sides)
        and all(one in side for one, side in zip(decision.statements, expected.sides, strict=True))
    )
