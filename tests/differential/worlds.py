"""Worlds: evidence, and questions that collide with it, made from a seed.

`world(seed)` is always the same. Policies and questions are drawn from `alphabet`; a pattern is
often a resource that is asked for with a piece of it replaced, and about every other limiting set
begins with an Allow of everything, so that allowed and denied, by every layer, are all common.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, TypeVar

from differential import alphabet
from sekisho.model.principal import PrincipalKind
from sekisho.policy import (
    Clause,
    CompiledPolicySet,
    Effect,
    Evidence,
    Layer,
    NamedPrincipal,
    Policy,
    Question,
    Source,
    Statement,
    compile_set,
)
from spec.evaluation import Attached, Held, PlainEvidence

NAMING = (Layer.RESOURCE, Layer.TRUST, Layer.RCP, Layer.ENDPOINT)
ALONE = (PrincipalKind.SERVICE, PrincipalKind.ANONYMOUS, PrincipalKind.FEDERATED_IDENTITY)
EVERYONE = (alphabet.NAMED[0],)
QUESTIONS = 4
# How many statements of a layer are Denys, where it is not one of seven.
DENYING = {Layer.BOUNDARY: 0.25, Layer.SESSION: 0.25, Layer.RCP: 0.25, Layer.ENDPOINT: 0.3}
T = TypeVar("T")
PARTS = ("principals", "principals", "actions", "resources", "conditions", "conditions")
MISSHAPEN: tuple[dict[str, Any], ...] = (
    {"principals": None, "not_principals": None},
    {"principals": EVERYONE, "not_principals": None},
    {"principals": None, "not_principals": EVERYONE[:0]},
    {"actions": None, "not_actions": None},
    {"actions": None, "not_actions": ("iam:*",)},
    {"resources": None, "not_resources": None},
    {"resources": ("*",), "not_resources": None},
    {"resources": ("arn:aws:s3:::elsewhere",), "not_resources": None},
)


@dataclass(frozen=True, slots=True)
class World:
    """questions: 4 of them. evidence: what bears on a user; see `bearing`. more: a further set of
    policies for each layer, for theorems that add some."""

    questions: tuple[Question, ...]
    evidence: PlainEvidence
    more: Mapping[Layer, Held]


def world(seed: int) -> World:
    random = Random(seed)
    special = random.random()
    asked: tuple[Sequence[str], Sequence[str]]
    if special < 0.2:
        asked, layer = ((alphabet.ASSUME,), (alphabet.ROLE_RESOURCE,)), Layer.TRUST
    elif special < 0.3:
        asked, layer = ((alphabet.DECRYPT,), (alphabet.KEY,)), Layer.RESOURCE
    else:
        asked, layer = (alphabet.ACTIONS, alphabet.RESOURCES), Layer.RESOURCE
    questions = tuple(question(random, *asked) for _ in range(QUESTIONS))
    draw = Drawing(random, questions)
    evidence = PlainEvidence(
        identity=draw.held(Layer.IDENTITY, random.choice((1, 1, 2)), wide=0.3),
        resource=draw.held(layer, 1, wide=0.35)
        if random.random() < (1 if special < 0.3 else 0.7)
        else None,
        resource_layer=layer,
        boundary=draw.held(Layer.BOUNDARY, 1, wide=0.4) if random.random() < 0.3 else None,
        session=draw.held(Layer.SESSION, 1, wide=0.6) if random.random() < 0.4 else None,
        scps=draw.levels(Layer.SCP),
        rcps=draw.levels(Layer.RCP),
        requires_resource_allow=special < 0.3,
        endpoint=draw.held(Layer.ENDPOINT, 1, wide=0.8) if random.random() < 0.25 else None,
    )
    if special > 0.85:  # many statements that nothing limits have a course of their own
        evidence = PlainEvidence(
            identity=draw.held(Layer.IDENTITY, random.choice((1, 3, 9)), wide=0.1),
            resource=None if special > 0.92 else evidence.resource,
            resource_layer=layer,
        )
    layers = (Layer.IDENTITY, layer, Layer.BOUNDARY, Layer.SESSION, Layer.SCP, Layer.RCP)
    return World(
        questions,
        evidence,
        {one: draw.held(one, 1, wide=0.3) for one in (*layers, Layer.ENDPOINT)},
    )


def question(random: Random, actions: Sequence[str], resources: Sequence[str]) -> Question:
    principal, sponsor = random.choice(alphabet.PRINCIPALS)
    context = {
        key: random.choice(values)
        for key, values in alphabet.CONTEXT.items()
        if random.random() < 0.7
    }
    owner = alphabet.A if random.random() < 0.8 else alphabet.B
    return Question(
        principal, random.choice(actions), random.choice(resources), owner, context, sponsor
    )


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws policies that have to do with these questions."""

    random: Random
    questions: tuple[Question, ...]
    bindings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, ids in alphabet.BINDINGS:
            if self.random.random() < 0.35:
                self.bindings[name] = self.random.choice(ids)

    def levels(self, layer: Layer) -> tuple[Held, ...]:
        number = self.random.choice((0, 0, 0, 1, 2))
        return tuple(self.held(layer, self.random.choice((1, 1, 2)), 0.85) for _ in range(number))

    def held(self, layer: Layer, policies: int, wide: float = 0.0) -> Held:
        found = []
        for number in range(policies):
            source = Source(layer, f"p{number}", "owner")
            found.append(Attached(source, self.policy(layer, wide), self.bindings))
        return tuple(found)

    def policy(self, layer: Layer, wide: float) -> Policy:
        random = self.random
        most = 3 if random.random() < 0.85 else 12
        drawn = [self.statement(layer) for _ in range(random.randint(0 if wide else 1, most))]
        if random.random() < wide:
            drawn.insert(random.randint(0, len(drawn)), everything(layer, Effect.ALLOW))
        version = "2012-10-17" if random.random() < 0.8 else "2008-10-17"
        return Policy(version, "", numbered(drawn))

    def statement(self, layer: Layer) -> Statement:
        random = self.random
        roll = random.random()
        effect = Effect.DENY if roll < DENYING.get(layer, 0.14) else Effect.ALLOW
        drawn = everything(layer, effect)
        # In every other statement one element alone is in question, so that each is decisive.
        chosen = random.choice(PARTS) if random.random() < 0.5 else ""
        changes: dict[str, Any] = {"sid": random.choice(("", "S"))}
        if chosen in ("", "principals") and layer in NAMING:
            changes |= self.named()
        if chosen in ("", "actions"):
            asked = (random.choice(self.questions).action,) * 12
            changes |= self.either("actions", self.some((*alphabet.ACTION_PATTERNS, *asked)))
        if chosen in ("", "resources") and layer is not Layer.TRUST:
            patterns = tuple(self.pattern() for _ in range(random.randint(1, 3)))
            changes |= self.either("resources", patterns)
        if chosen in ("", "conditions"):
            clauses = random.choice((0, 0, 0, 1, 1, 2)) if chosen == "" else 1
            changes["conditions"] = tuple(self.clause() for _ in range(clauses))
        if random.random() < 0.04:  # misshapen (PE-15): it must not open anything
            changes |= random.choice(MISSHAPEN)
        return replace(drawn, **changes)

    def named(self) -> dict[str, Any]:
        """Principal; or NotPrincipal, which is often all, or nearly all, that one who asks is."""
        random = self.random
        if random.random() < 0.7:
            return {"principals": self.some(alphabet.NAMED)}
        asking = random.choice(self.questions)
        who, sponsor = asking.principal, asking.sponsor
        names = (who.account, who.arn, who.role_arn, sponsor.arn if sponsor else "")
        listed = [NamedPrincipal("AWS", name) for name in names if name and random.random() < 0.8]
        if random.random() < 0.3:
            listed += self.some(alphabet.NAMED)
        return {"principals": None, "not_principals": tuple(listed)}

    def some(self, pool: Sequence[T]) -> tuple[T, ...]:
        return tuple(self.random.choice(pool) for _ in range(self.random.randint(1, 3)))

    def either(self, name: str, listed: tuple[object, ...]) -> dict[str, Any]:
        """The element, or its Not-element instead."""
        turned = self.random.random() < 0.12
        return {name: None, f"not_{name}": listed} if turned else {name: listed}

    def pattern(self) -> str:
        """Of the alphabet, or a resource that is asked for, with a piece replaced."""
        random = self.random
        if random.random() < 0.45:
            return random.choice(alphabet.RESOURCE_PATTERNS)
        resource = random.choice(self.questions).resource
        for _ in range(random.choice((0, 1, 1, 2))):
            start = random.randint(0, len(resource))
            end = min(len(resource), start + random.choice((0, 1, 1, 3, 30)))
            piece = random.choice(("*", "*", "?", "", ":", "/", "k", "${k:s}", "**"))
            resource = resource[:start] + piece + resource[end:]
        return resource

    def clause(self) -> Clause:
        random = self.random
        if random.random() < 0.08:
            prefix = random.choice(("", "", "", "ForAllValues:", "ForAnyValue:"))
            wanted = random.choice(alphabet.ABSENCES)
            return Clause(f"{prefix}Null", random.choice(tuple(alphabet.CONTEXT)), wanted)
        sort = random.choice(("String", *alphabet.OPERATORS))
        operator = random.choice(alphabet.OPERATORS[sort])
        several = random.random() < 0.35
        prefix = random.choice(("ForAllValues:", "ForAnyValue:")) if several else ""
        suffix = "IfExists" if random.random() < 0.2 else ""
        fitting = random.random() < 0.8
        keys = alphabet.KEYS[sort] if fitting else (*alphabet.CONTEXT, "k:none")
        number = random.choice((0, 1, 1, 1, 1, 2, 2, 3))
        values = tuple(random.choice(alphabet.LISTED[sort]) for _ in range(number))
        return Clause(f"{prefix}{operator}{suffix}", random.choice(keys), values)


def everything(layer: Layer, effect: Effect) -> Statement:
    """The statement of everything, for everyone."""
    named = EVERYONE if layer in NAMING else None
    resources = None if layer is Layer.TRUST else ("*",)
    return Statement(0, effect, "", named, None, ("*",), None, resources)


def numbered(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    return tuple(replace(one, index=index) for index, one in enumerate(statements))


def bearing(question: Question, evidence: PlainEvidence) -> PlainEvidence:
    """What of the evidence can be met with this principal (PE-86)."""
    kind = question.principal.kind
    if kind is PrincipalKind.ROOT or kind in ALONE:
        return replace(evidence, identity=(), boundary=None, session=None)
    if kind is PrincipalKind.USER:
        return replace(evidence, session=None)
    return evidence


class Compiler:
    """Evidence for the engine; each set is compiled once and shared by the questions, as a server
    shares it, so that what sets remember of one question is met by the next."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Held, CompiledPolicySet]] = {}

    def compiled(self, held: Held) -> CompiledPolicySet:
        known = self._known.get(id(held))
        if known is None:
            bindings = held[0].bindings if held else {}
            policies = compile_set(((one.source, one.policy) for one in held), bindings)
            known = self._known[id(held)] = (held, policies)
        return known[1]

    def evidence(self, plain: PlainEvidence) -> Evidence:
        return Evidence(
            self.compiled(plain.identity),
            self._optional(plain.resource),
            self._optional(plain.boundary),
            self._optional(plain.session),
            tuple(map(self.compiled, plain.scps)),
            tuple(map(self.compiled, plain.rcps)),
            plain.requires_resource_allow,
            self._optional(plain.endpoint),
        )

    def _optional(self, held: Held | None) -> CompiledPolicySet | None:
        return None if held is None else self.compiled(held)
