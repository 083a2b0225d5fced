"""What a decision means: PE-143 with all that it rests on, and ``docs/semantics.md``.

Written from the fact sheet and not from the engine, to be read beside the sheet. Nothing here is
quick, kept or clever. GetCallerIdentity and root's AssumeRole (PE-120, PE-125) never get here: the
services answer them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sekisho.model.principal import PrincipalKind
from sekisho.policy.decision import Kind, StatementRef
from sekisho.policy.document import Effect, Policy, Statement
from sekisho.policy.question import Layer, Question, Source
from spec.conditions import holds
from spec.matching import action_matches, resource_matches
from spec.principals import ALONE, Grade, named_by


@dataclass(frozen=True, slots=True)
class Attached:
    """A policy where it hangs. bindings: principal ARN -> unique id, as it was saved (PE-31)."""

    source: Source
    policy: Policy
    bindings: Mapping[str, str]


Held = tuple[Attached, ...]  # policies of one layer: what any of them allows is allowed (PE-84)


@dataclass(frozen=True, slots=True)
class PlainEvidence:
    """As the engine's Evidence. resource_layer: TRUST for the trust policy of a role."""

    identity: Held = ()
    resource: Held | None = None
    resource_layer: Layer = Layer.RESOURCE
    boundary: Held | None = None
    session: Held | None = None
    scps: tuple[Held, ...] = ()
    rcps: tuple[Held, ...] = ()
    requires_resource_allow: bool = False
    endpoint: Held | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """sides: what had to be said; of each of these sets one statement determined the decision."""

    kind: Kind
    layer: Layer
    sides: tuple[frozenset[StatementRef], ...] = ()


Matches = dict[StatementRef, Grade]


def answer(question: Question, evidence: PlainEvidence) -> Answer:
    """PE-143: what denies, what fails to allow, what grants."""
    if question.principal.kind in ALONE:  # PE-86
        evidence = replace(evidence, identity=(), boundary=None, session=None, scps=())
    return denied(question, evidence) or railed(question, evidence) or granted(question, evidence)


def denied(question: Question, evidence: PlainEvidence) -> Answer | None:
    """An explicit denial (PE-83); of several layers the first is told (PE-194)."""
    for layer, sets in (
        (Layer.IDENTITY, [evidence.identity]),
        (evidence.resource_layer, [evidence.resource or ()]),
        (Layer.BOUNDARY, [evidence.boundary or ()]),
        (Layer.SESSION, [evidence.session or ()]),
        (Layer.SCP, evidence.scps),
        (Layer.RCP, evidence.rcps),
        (Layer.ENDPOINT, [evidence.endpoint or ()]),
    ):
        bounded = evidence.boundary is not None
        struck = [
            ref for held in sets for ref in matches(question, Effect.DENY, layer, held, bounded)
        ]
        if struck:
            return Answer(Kind.EXPLICIT_DENY, layer, (frozenset(struck),))
    return None


def railed(question: Question, evidence: PlainEvidence) -> Answer | None:
    """What neither the resource nor the principal can grant (PE-88, PE-89, PE-129, PE-131)."""
    endpoint = () if evidence.endpoint is None else (evidence.endpoint,)
    for layer, levels in (
        (Layer.RCP, evidence.rcps),
        (Layer.SCP, evidence.scps),
        (Layer.ENDPOINT, endpoint),
    ):
        if not all(allowing(question, layer, level) for level in levels):
            return Answer(Kind.IMPLICIT_DENY, layer)
    return None


def granted(question: Question, evidence: PlainEvidence) -> Answer:
    """Resource policy, identity policies, boundary, session policy (PE-90…PE-93, PE-100)."""
    kind = question.principal.kind
    home = question.principal.account == question.owner
    root = kind is PrincipalKind.ROOT  # needs no identity policy (PE-82)
    theirs = allowing(question, evidence.resource_layer, evidence.resource or ())
    best = max(theirs.values(), default=Grade.NOT)
    strongest = frozenset(ref for ref in theirs if theirs[ref] == best)
    by_resource = Answer(Kind.ALLOW, evidence.resource_layer, (strongest,))
    alone = kind in ALONE  # PE-117, PE-118, PE-127, PE-128
    if best is Grade.DIRECT and (home or alone):
        return by_resource  # PE-94
    if not best and (alone or not home or evidence.requires_resource_allow):
        return Answer(Kind.IMPLICIT_DENY, evidence.resource_layer)  # PE-100, PE-108, PE-123
    ours = allowing(question, Layer.IDENTITY, evidence.identity)
    if not (ours or root or (home and best is Grade.LIMITED)):
        return Answer(Kind.IMPLICIT_DENY, Layer.IDENTITY)  # PE-91
    if evidence.boundary is not None and not allowing(question, Layer.BOUNDARY, evidence.boundary):
        return Answer(Kind.IMPLICIT_DENY, Layer.BOUNDARY)  # PE-92
    limited = evidence.session is not None or kind is PrincipalKind.FEDERATED_USER
    if limited and not allowing(question, Layer.SESSION, evidence.session or ()):
        return Answer(Kind.IMPLICIT_DENY, Layer.SESSION)  # PE-93
    if home and best is Grade.LIMITED:
        return by_resource
    sides = (frozenset(ours),) if ours else ()
    if home:
        return Answer(Kind.ALLOW, Layer.IDENTITY, sides)
    return Answer(Kind.ALLOW, evidence.resource_layer, (*sides, strongest))  # PE-100


def allowing(question: Question, layer: Layer, held: Held) -> Matches:
    return matches(question, Effect.ALLOW, layer, held)


def matches(
    question: Question, effect: Effect, layer: Layer, held: Held, bounded: bool = False
) -> Matches:
    """The statements of this effect that apply, and how they name the principal (PE-84)."""
    found: Matches = {}
    for attached in held:
        variables = attached.policy.has_variables
        for statement in attached.policy.statements:
            read = readable(statement, layer)
            if statement.effect is not effect or read is None:
                continue
            grade = named_by(read, question, attached.bindings, layer)
            if effect is Effect.DENY and read.not_principals is not None and bounded:
                grade = Grade.DIRECT  # PE-36
            if (
                grade
                and acts(read, question)
                and reaches(read, question, layer, variables)
                and all(holds(one, question.context, variables) for one in read.conditions)
            ):
                found[StatementRef(attached.source, statement.index, statement.sid)] = grade
    return found


NAMES = ("principals", "not_principals")
FORBIDDEN = {  # PE-15
    Layer.IDENTITY: NAMES,
    Layer.BOUNDARY: NAMES,
    Layer.SESSION: NAMES,
    Layer.SCP: NAMES,
    Layer.RESOURCE: (),
    Layer.TRUST: ("not_principals", "resources", "not_resources"),
    Layer.RCP: ("not_principals", "not_actions"),
    Layer.ENDPOINT: (),
}


def readable(statement: Statement, layer: Layer) -> Statement | None:
    """The statement as its layer looks at it; None if it is an Allow that does not fit (PE-15)."""
    forbidden = [name for name in FORBIDDEN[layer] if getattr(statement, name) is not None]
    lacking = [
        name
        for name in ("principals", "actions", "resources")
        if name not in FORBIDDEN[layer]
        and getattr(statement, name) is None
        and getattr(statement, f"not_{name}") is None
    ]
    if statement.effect is Effect.ALLOW and (forbidden or lacking):
        return None
    cleared: dict[str, Any] = dict.fromkeys(forbidden)
    return replace(statement, **cleared)


def acts(statement: Statement, question: Question) -> bool:
    """PE-37…PE-40."""
    if statement.actions is not None:
        return any(action_matches(one, question.action) for one in statement.actions)
    return not any(action_matches(one, question.action) for one in statement.not_actions or ())


def reaches(statement: Statement, question: Question, layer: Layer, variables: bool) -> bool:
    """PE-43…PE-51."""
    if statement.resources is not None:
        listed = statement.resources
        return any(resource_matches(one, question, layer, variables) for one in listed)
    found = [
        resource_matches(one, question, layer, variables) for one in statement.not_resources or ()
    ]
    if statement.effect is Effect.ALLOW and None in found:
        return False  # PE-58
    return not any(found)
