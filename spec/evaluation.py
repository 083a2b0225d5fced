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


Layers = dict[Layer, tuple[Held, ...]]
Matches = dict[StatementRef, Grade]


def answer(question: Question, evidence: PlainEvidence) -> Answer:
    """PE-143: what denies, what fails to allow, what grants."""
    if question.principal.kind in ALONE:  # PE-86
        evidence = replace(evidence, identity=(), boundary=None, session=None, scps=())
    layers = bearing(question, evidence)
    return (
        denied(question, layers)
        or lacking(question, layers, Layer.RCP, Layer.SCP, Layer.ENDPOINT)  # PE-88, PE-89, PE-129
        or granted(question, evidence, layers)
    )


def bearing(question: Question, evidence: PlainEvidence) -> Layers:
    """The sets that have a say, in the order in which denials are told (PE-194)."""
    no_session = () if question.principal.kind is PrincipalKind.FEDERATED_USER else None  # PE-93
    session = no_session if evidence.session is None else evidence.session
    return {
        Layer.IDENTITY: (evidence.identity,),
        evidence.resource_layer: (evidence.resource or (),),
        Layer.BOUNDARY: () if evidence.boundary is None else (evidence.boundary,),
        Layer.SESSION: () if session is None else (session,),
        Layer.SCP: evidence.scps,
        Layer.RCP: evidence.rcps,
        Layer.ENDPOINT: () if evidence.endpoint is None else (evidence.endpoint,),
    }


def denied(question: Question, layers: Layers) -> Answer | None:
    """An explicit denial (PE-83)."""
    bounded = layers[Layer.BOUNDARY] != ()
    for layer, sets in layers.items():
        struck = [matches(question, Effect.DENY, layer, held, bounded) for held in sets]
        if any(struck):
            return Answer(Kind.EXPLICIT_DENY, layer, (frozenset().union(*struck),))
    return None


def lacking(question: Question, layers: Layers, *limits: Layer) -> Answer | None:
    """An implicit denial: of layers that only limit each set must allow (PE-85, PE-131)."""
    for layer in limits:
        if not all(matches(question, Effect.ALLOW, layer, held) for held in layers[layer]):
            return Answer(Kind.IMPLICIT_DENY, layer)
    return None


def granted(question: Question, evidence: PlainEvidence, layers: Layers) -> Answer:
    """Resource policy, identity policies, boundary, session policy (PE-90…PE-93, PE-100)."""
    kind, layer = question.principal.kind, evidence.resource_layer
    home = question.principal.account == question.owner
    alone = kind in ALONE  # PE-117, PE-118, PE-127, PE-128
    theirs = matches(question, Effect.ALLOW, layer, evidence.resource or ())
    best = max(theirs.values(), default=Grade.NOT)
    strongest = frozenset(ref for ref in theirs if theirs[ref] == best)
    by_resource = Answer(Kind.ALLOW, layer, (strongest,))
    if best is Grade.DIRECT and (home or alone):
        return by_resource  # PE-94
    if not best and (alone or not home or evidence.requires_resource_allow):
        return Answer(Kind.IMPLICIT_DENY, layer)  # PE-100, PE-108, PE-123
    enough = home and best is Grade.LIMITED  # but for boundary and session policy
    ours = matches(question, Effect.ALLOW, Layer.IDENTITY, evidence.identity)
    if not (ours or enough or kind is PrincipalKind.ROOT):  # root needs none (PE-82)
        return Answer(Kind.IMPLICIT_DENY, Layer.IDENTITY)  # PE-91
    limited = lacking(question, layers, Layer.BOUNDARY, Layer.SESSION)  # PE-92, PE-93
    if limited or enough:
        return limited or by_resource
    sides = (frozenset(ours),) if ours else ()
    if home:
        return Answer(Kind.ALLOW, Layer.IDENTITY, sides)
    return Answer(Kind.ALLOW, layer, (*sides, strongest))  # PE-100


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
    **dict.fromkeys((Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION, Layer.SCP), NAMES),
    Layer.TRUST: ("not_principals", "resources", "not_resources"),
    Layer.RCP: ("not_principals", "not_actions"),
}


def readable(statement: Statement, layer: Layer) -> Statement | None:
    """The statement as its layer looks at it; None if it is an Allow that does not fit (PE-15)."""
    cleared: dict[str, Any] = dict.fromkeys(FORBIDDEN.get(layer, ()))
    lacks = any(
        name not in cleared
        and getattr(statement, name) is getattr(statement, f"not_{name}") is None
        for name in ("principals", "actions", "resources")
    )
    fits = not lacks and all(getattr(statement, name) is None for name in cleared)
    return replace(statement, **cleared) if fits or statement.effect is Effect.DENY else None


def acts(statement: Statement, question: Question) -> bool:
    """PE-37…PE-40."""
    listed = statement.not_actions if statement.actions is None else statement.actions
    found = any(action_matches(one, question.action) for one in listed or ())
    return found is (statement.actions is not None)


def reaches(statement: Statement, question: Question, layer: Layer, variables: bool) -> bool:
    """PE-43…PE-51."""
    listed = statement.not_resources if statement.resources is None else statement.resources
    found = [resource_matches(one, question, layer, variables) for one in listed or ()]
    if statement.resources is None and statement.effect is Effect.ALLOW and None in found:
        return False  # PE-58
    return any(found) is (statement.resources is not None)
