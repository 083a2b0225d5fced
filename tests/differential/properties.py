"""What must hold of every world, as functions that tell in words where it does not."""

from differential.shrinking import shown, shrink
from differential.worlds import Compiler, World, bearing, world
from sekisho.policy import Decision, Kind, decide, explain
from spec.evaluation import Answer, answer


def fault(at: World) -> str:
    """Where `decide` differs from the spec, or `explain` from `decide`; empty if nowhere."""
    compiler = Compiler()
    for question in at.questions:
        evidence = bearing(question, at.evidence)
        compiled = compiler.evidence(evidence)
        expected = answer(question, evidence)
        decision = decide(question, compiled)
        if not agrees(decision, expected):
            return f"decide: {told(decision)}\nspec:   {meant(expected)}"
        explained = explain(question, compiled).decision
        if decision != explained:
            return f"decide:  {told(decision)}\nexplain: {told(explained)}"
    return ""


def agrees(decision: Decision, expected: Answer) -> bool:
    """Kind and layer are the same; of each side that had to speak one statement is named."""
    return (
        (decision.kind, decision.layer) == (expected.kind, expected.layer)
        and decision.allowed is (expected.kind is Kind.ALLOW)
        and len(decision.statements) == len(expected.sides)
        and all(one in side for one, side in zip(decision.statements, expected.sides, strict=True))
    )


def told(decision: Decision) -> str:
    named = [
        f"{one.source.layer.name} {one.source.name}:{one.index}" for one in decision.statements
    ]
    return f"{decision.kind.value} by {decision.layer.value} {named}"


def meant(expected: Answer) -> str:
    named = [
        sorted(f"{one.source.layer.name} {one.source.name}:{one.index}" for one in side)
        for side in expected.sides
    ]
    return f"{expected.kind.value} by {expected.layer.value} {named}"


def report(seed: int) -> str:
    """The fault of a world, shrunk and told; empty if it has none."""
    found = world(seed)
    if not fault(found):
        return ""
    small = shrink(found, lambda smaller: bool(fault(smaller)))
    return f"world({seed}), shrunk:\n{shown(small)}\n{fault(small)}"
