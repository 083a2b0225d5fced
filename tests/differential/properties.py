"""The engine against the spec, and the theorems, on worlds; faults are told in words."""

from collections import Counter
from collections.abc import Callable

from differential.shrinking import shown, shrink
from differential.theorems import Case, cases
from differential.worlds import World, world
from sekisho.policy import Decision, Kind, Layer, explain
from spec.evaluation import Answer, answer

Property = Callable[[World], str]  # what is wrong, in words; empty if nothing is
Tally = Counter[tuple[Kind, Layer]]


def against_the_spec(at: World, tally: Tally | None = None) -> str:
    """Where `decide` differs from the spec, or `explain` from `decide`."""
    for case in cases(at):
        expected = answer(case.question, case.evidence)
        if tally is not None:
            tally[expected.kind, expected.layer] += 1
        decision = case.decide()
        if not agrees(decision, expected):
            return f"decide: {told(decision)}\nspec:   {meant(expected)}"
        evidence = case.compiler.evidence(case.evidence)
        explained = explain(case.question, evidence).decision
        if decision != explained:
            return f"decide:  {told(decision)}\nexplain: {told(explained)}"
    return ""


def upholding(theorem: Callable[[Case], bool]) -> Property:
    def property_(at: World) -> str:
        broken = any(not theorem(case) for case in cases(at))
        return f"{theorem.__name__} does not hold" if broken else ""

    return property_


def report(property_: Property, seed: int) -> str:
    """The fault of the world of this seed, made as small as can be; empty if it has none."""
    found = world(seed)
    if not fault(property_, found):
        return ""
    small = shrink(found, lambda smaller: bool(fault(property_, smaller)))
    return f"world({seed}), less what does not matter:\n{shown(small)}\n{fault(property_, small)}"


def fault(property_: Property, at: World) -> str:
    """As the property tells it; an exception is one too, since both sides are total."""
    try:
        return property_(at)
    except Exception as error:
        return f"raised {error!r}"


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
