"""A smaller world with the same fault, and the words to show it in."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from differential.worlds import World
from sekisho.policy import Policy, Statement
from spec.evaluation import Held, PlainEvidence

NOTHING_LESS = 2000  # candidates tried at most, so that a report never takes long
OPTIONAL = ("resource", "boundary", "session", "endpoint")
ELEMENTS = (
    ("Principal", "principals"),
    ("NotPrincipal", "not_principals"),
    ("Action", "actions"),
    ("NotAction", "not_actions"),
    ("Resource", "resources"),
    ("NotResource", "not_resources"),
)


def shrink(world: World, fails: Callable[[World], bool]) -> World:
    """Take away whatever can go while it still fails."""
    tried = 0
    while tried < NOTHING_LESS:
        for smaller in simpler(world):
            tried += 1
            if fails(smaller):
                world = smaller
                break
        else:
            break
    return world


def simpler(world: World) -> Iterator[World]:
    if len(world.questions) > 1:
        for question in world.questions:
            yield replace(world, questions=(question,))
        for rest in without_one(world.questions):
            yield replace(world, questions=rest)
    for evidence in simpler_evidence(world.evidence):
        yield replace(world, evidence=evidence)
    for layer, held in world.more.items():
        for less in ((), *simpler_sets(held)) if held else ():
            yield replace(world, more={**world.more, layer: less})
    for place, question in enumerate(world.questions):
        for key in question.context:
            left = {name: value for name, value in question.context.items() if name != key}
            less_said = replace(question, context=left)
            others = world.questions
            yield replace(world, questions=(*others[:place], less_said, *others[place + 1 :]))


def simpler_evidence(evidence: PlainEvidence) -> Iterator[PlainEvidence]:
    changes: list[dict[str, Any]] = [
        {name: None} for name in OPTIONAL if getattr(evidence, name) is not None
    ]
    for name in ("scps", "rcps"):
        levels = getattr(evidence, name)
        changes += [{name: rest} for rest in without_one(levels)]
        for place, level in enumerate(levels):
            for less in simpler_sets(level):
                changes.append({name: (*levels[:place], less, *levels[place + 1 :])})
    for name in ("identity", *OPTIONAL):
        held = getattr(evidence, name)
        changes += [{name: less} for less in simpler_sets(held or ())]
    return (replace(evidence, **change) for change in changes)


def simpler_sets(held: Held) -> Iterator[Held]:
    yield from without_one(held)
    for place, attached in enumerate(held):
        less = [replace(attached, policy=policy) for policy in simpler_policies(attached.policy)]
        for key in attached.bindings:
            left = {name: bound for name, bound in attached.bindings.items() if name != key}
            less.append(replace(attached, bindings=left))
        for one in less:
            yield (*held[:place], one, *held[place + 1 :])


def simpler_policies(policy: Policy) -> Iterator[Policy]:
    """Statements keep their numbers, so that what determined a decision stays comparable."""
    listed = policy.statements
    for rest in without_one(listed):
        yield replace(policy, statements=rest)
    for place, statement in enumerate(listed):
        for less in simpler_statements(statement):
            yield replace(policy, statements=(*listed[:place], less, *listed[place + 1 :]))


def simpler_statements(statement: Statement) -> Iterator[Statement]:
    for rest in without_one(statement.conditions):
        yield replace(statement, conditions=rest)
    for name in fields(statement):
        value = getattr(statement, name.name)
        if isinstance(value, tuple) and len(value) > 1:
            for rest in without_one(value):
                change: dict[str, Any] = {name.name: rest}
                yield replace(statement, **change)
    for place, clause in enumerate(statement.conditions):
        for values in without_one(clause.values) if len(clause.values) > 1 else ():
            less = replace(clause, values=values)
            clauses = (*statement.conditions[:place], less, *statement.conditions[place + 1 :])
            yield replace(statement, conditions=clauses)


def without_one(listed: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    return [(*listed[:place], *listed[place + 1 :]) for place in range(len(listed))]


def shown(world: World) -> str:
    """The world for people: questions and policies, the latter as documents."""
    lines = []
    for question in world.questions:
        who = question.principal
        lines.append(f"{who.kind.name} {who.arn or who.name} (account {who.account or 'none'})")
        lines.append(f"  asks for {question.action} on {question.resource} of {question.owner}")
        lines.append(f"  sponsor {question.sponsor and question.sponsor.arn}")
        lines.append(f"  context {dict(question.context)}")
    evidence = world.evidence
    lines.append(f"requires_resource_allow: {evidence.requires_resource_allow}")
    lines += shown_set("identity", evidence.identity)
    lines += shown_set(evidence.resource_layer.name.lower(), evidence.resource)
    lines += shown_set("boundary", evidence.boundary) + shown_set("session", evidence.session)
    for name, levels in (("scp", evidence.scps), ("rcp", evidence.rcps)):
        for number, level in enumerate(levels):
            lines += shown_set(f"{name} level {number + 1}", level)
    lines += shown_set("endpoint", evidence.endpoint)
    return "\n".join(lines)


def shown_set(title: str, held: Held | None) -> list[str]:
    lines = [] if held is None else [f"{title}: {'' if held else 'no policies'}".rstrip()]
    for one in held or ():
        lines.append(f"  {one.source.name} {one.policy.version} bindings {dict(one.bindings)}")
        lines += [
            f"    {statement.index}: {json.dumps(document(statement))}"
            for statement in one.policy.statements
        ]
    return lines


def document(statement: Statement) -> Mapping[str, object]:
    found: dict[str, object] = {"Effect": statement.effect.value}
    for name, attribute in ELEMENTS:
        value = getattr(statement, attribute)
        if value is not None and name.endswith("Principal"):
            value = [f"{one.key}:{one.value}" for one in value]
        if value is not None:
            found[name] = value
    if statement.conditions:
        found["Condition"] = [{one.operator: {one.key: one.values}} for one in statement.conditions]
    return found
