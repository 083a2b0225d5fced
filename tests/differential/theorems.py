"""What holds for every question and every evidence, whatever the policies say."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from differential.worlds import NAMING, Compiler, World, bearing, everything, numbered
from sekisho.model.principal import Principal, PrincipalKind
from sekisho.policy import (
    Decision,
    Effect,
    Kind,
    Layer,
    LayerStory,
    NamedPrincipal,
    Policy,
    Question,
    Source,
    Statement,
    decide,
    explain,
)
from sekisho.policy.remedies import wanting
from spec.evaluation import Attached, Held, PlainEvidence
from spec.principals import ALONE


@dataclass(frozen=True, slots=True)
class Case:
    """One question of a world. more: a set of policies for each layer, to add."""

    question: Question
    evidence: PlainEvidence
    more: Mapping[Layer, Held]
    compiler: Compiler

    def decide(self, **changes: Any) -> Decision:
        """The decision, with this or that of the evidence changed."""
        return self.decide_on(replace(self.evidence, **changes))

    def decide_on(self, evidence: PlainEvidence) -> Decision:
        return decide(self.question, self.compiler.evidence(evidence))

    @property
    def has_own_side(self) -> bool:
        return self.question.principal.kind not in ALONE

    @property
    def is_root(self) -> bool:
        return self.question.principal.kind is PrincipalKind.ROOT

    @property
    def is_home(self) -> bool:
        return self.question.principal.account == self.question.owner

    def parts(self) -> Iterator[tuple[Layer, Held, Callable[[Held], PlainEvidence]]]:
        """Each set of policies that there is, and the evidence with another in its place."""
        evidence = self.evidence
        single = {
            Layer.IDENTITY: "identity",
            evidence.resource_layer: "resource",
            Layer.BOUNDARY: "boundary",
            Layer.SESSION: "session",
            Layer.ENDPOINT: "endpoint",
        }
        for layer, name in single.items():
            held = getattr(evidence, name)
            if held is not None:
                yield layer, held, partial(changed, evidence, name)
        for layer, name in ((Layer.SCP, "scps"), (Layer.RCP, "rcps")):
            for at, held in enumerate(getattr(evidence, name)):
                yield layer, held, partial(with_level, evidence, name, at)


def changed(evidence: PlainEvidence, name: str, value: object) -> PlainEvidence:
    change: dict[str, Any] = {name: value}
    return replace(evidence, **change)


def with_level(evidence: PlainEvidence, name: str, at: int, level: Held) -> PlainEvidence:
    levels = getattr(evidence, name)
    return changed(evidence, name, (*levels[:at], level, *levels[at + 1 :]))


def cases(at: World) -> Iterator[Case]:
    compiler = Compiler()
    for question in at.questions:
        yield Case(question, bearing(question, at.evidence), at.more, compiler)


def of_everything(layer: Layer, effect: Effect) -> Held:
    policy = Policy("2012-10-17", "", (everything(layer, effect),))
    return (Attached(Source(layer, "all", "owner"), policy, {}),)


def rewritten(held: Held, change: Callable[[tuple[Statement, ...]], Any]) -> Held:
    return tuple(
        replace(one, policy=replace(one.policy, statements=tuple(change(one.policy.statements))))
        for one in held
    )


def only(held: Held, effect: Effect) -> Held:
    return rewritten(held, lambda listed: [one for one in listed if one.effect is effect])


def everywhere(evidence: PlainEvidence, change: Callable[[Held], Held]) -> PlainEvidence:
    def optional(held: Held | None) -> Held | None:
        return None if held is None else change(held)

    return replace(
        evidence,
        identity=change(evidence.identity),
        resource=optional(evidence.resource),
        boundary=optional(evidence.boundary),
        session=optional(evidence.session),
        scps=tuple(map(change, evidence.scps)),
        rcps=tuple(map(change, evidence.rcps)),
        endpoint=optional(evidence.endpoint),
    )


def outcome(decision: Decision) -> tuple[Kind, Layer]:
    return decision.kind, decision.layer


def explicit_deny_trumps(case: Case) -> bool:
    """PE-83: one Deny of everything, in whatever policy that bears on the principal."""
    return all(
        case.decide_on(place((*held, *of_everything(layer, Effect.DENY)))).kind
        is Kind.EXPLICIT_DENY
        for layer, held, place in case.parts()
        if case.has_own_side or layer in NAMING
    )


def default_deny(case: Case) -> bool:
    """PE-82: without identity and resource policies only root at home may do anything."""
    free = case.is_root and case.is_home and not case.evidence.requires_resource_allow
    return free or not case.decide(identity=(), resource=None).allowed


def boundary_never_grants(case: Case) -> bool:
    with_boundary = case.decide(boundary=case.more[Layer.BOUNDARY])
    return not with_boundary.allowed or case.decide(boundary=None).allowed


def session_policy_never_grants(case: Case) -> bool:
    """But to a GetFederationToken session, which may do nothing without one (PE-93)."""
    if case.question.principal.kind is PrincipalKind.FEDERATED_USER:
        return True
    with_session = case.decide(session=case.more[Layer.SESSION])
    return not with_session.allowed or case.decide(session=None).allowed


def adding_an_scp_never_grants(case: Case) -> bool:
    levels = (*case.evidence.scps, case.more[Layer.SCP])
    return not case.decide(scps=levels).allowed or case.decide().allowed


def adding_an_rcp_never_grants(case: Case) -> bool:
    levels = (*case.evidence.rcps, case.more[Layer.RCP])
    return not case.decide(rcps=levels).allowed or case.decide().allowed


def endpoint_policy_never_grants(case: Case) -> bool:
    through = case.decide(endpoint=case.more[Layer.ENDPOINT])
    return not through.allowed or case.decide(endpoint=None).allowed


def full_access_of_an_organization_changes_nothing(case: Case) -> bool:
    """PE-89, PE-136: FullAWSAccess and RCPFullAWSAccess."""
    decision = case.decide(
        scps=(of_everything(Layer.SCP, Effect.ALLOW), *case.evidence.scps),
        rcps=(of_everything(Layer.RCP, Effect.ALLOW), *case.evidence.rcps),
    )
    return decision == case.decide()


def cross_account_needs_both_sides(case: Case) -> bool:
    """PE-100; root has no identity policies (PE-99)."""
    if case.is_home or not case.has_own_side or not case.decide().allowed:
        return True
    alone = case.is_root or not case.decide(identity=()).allowed
    return alone and not case.decide(resource=None).allowed


def statement_order_is_irrelevant(case: Case) -> bool:
    turned = everywhere(case.evidence, lambda held: rewritten(held, lambda listed: listed[::-1]))
    return outcome(case.decide_on(turned)) == outcome(case.decide())


def policy_order_is_irrelevant(case: Case) -> bool:
    turned = everywhere(case.evidence, lambda held: held[::-1])
    turned = replace(turned, scps=turned.scps[::-1], rcps=turned.rcps[::-1])
    return outcome(case.decide_on(turned)) == outcome(case.decide())


def a_policy_for_each_statement_is_the_same(case: Case) -> bool:
    """PE-84: policies of one kind are united."""

    def split(held: Held) -> Held:
        return tuple(
            replace(one, policy=replace(one.policy, statements=(statement,)))
            for one in held
            for statement in one.policy.statements
        )

    return outcome(case.decide_on(everywhere(case.evidence, split))) == outcome(case.decide())


def saying_it_twice_is_the_same(case: Case) -> bool:
    twice = everywhere(
        case.evidence, lambda held: rewritten(held, lambda listed: numbered((*listed, *listed)))
    )
    return outcome(case.decide_on(twice)) == outcome(case.decide())


def a_deny_never_grants(case: Case) -> bool:
    before = case.decide().allowed
    return all(
        before or not case.decide_on(place((*held, *only(case.more[layer], Effect.DENY)))).allowed
        for layer, held, place in case.parts()
    )


def an_allow_never_denies(case: Case) -> bool:
    before = case.decide().allowed
    return not before or all(
        case.decide_on(place((*held, *only(case.more[layer], Effect.ALLOW)))).allowed
        for layer, held, place in case.parts()
    )


def removing_an_allow_never_grants(case: Case) -> bool:
    before = case.decide().allowed
    return all(
        before or not case.decide_on(place(only(held, Effect.DENY))).allowed
        for _, held, place in case.parts()
    )


def case_of_actions_and_keys_is_irrelevant(case: Case) -> bool:
    """PE-37, PE-147."""

    def swapped(statement: Statement) -> Statement:
        return replace(
            statement,
            actions=statement.actions and tuple(map(str.swapcase, statement.actions)),
            not_actions=statement.not_actions and tuple(map(str.swapcase, statement.not_actions)),
            conditions=tuple(replace(one, key=one.key.swapcase()) for one in statement.conditions),
        )

    swapped_everywhere = everywhere(
        case.evidence, lambda held: rewritten(held, lambda listed: map(swapped, listed))
    )
    upper = replace(case, question=replace(case.question, action=case.question.action.upper()))
    return upper.decide_on(swapped_everywhere) == case.decide()


def a_bound_name_is_its_id_alone(case: Case) -> bool:
    """PE-31: as if the id stood where the ARN does."""

    def renamed(attached: Attached) -> Attached:
        ids = {name: bound for name, bound in attached.bindings.items() if name.startswith("arn:")}

        def named(
            listed: tuple[NamedPrincipal, ...] | None,
        ) -> tuple[NamedPrincipal, ...] | None:
            return listed and tuple(
                replace(one, value=ids.get(one.value, one.value)) for one in listed
            )

        statements = tuple(
            replace(one, principals=named(one.principals), not_principals=named(one.not_principals))
            for one in attached.policy.statements
        )
        return replace(attached, policy=replace(attached.policy, statements=statements))

    ids_only = everywhere(case.evidence, lambda held: tuple(map(renamed, held)))
    return case.decide_on(ids_only) == case.decide()


def a_denial_or_grant_names_its_statement(case: Case) -> bool:
    decision = case.decide()
    if decision.kind is Kind.IMPLICIT_DENY:
        return not decision.statements
    return bool(decision.statements) or (decision.allowed and case.is_root)


def each_remedy_is_needed_and_no_more(case: Case) -> bool:
    """Without its Denys a request is allowed once every layer that is named allows it, no sooner;
    and whatever is denied has a remedy."""
    whole = explain(case.question, case.compiler.evidence(case.evidence))
    if bool(whole.remedies) is whole.decision.allowed:
        return False
    evidence = everywhere(case.evidence, lambda held: only(held, Effect.ALLOW))
    told = explain(case.question, case.compiler.evidence(evidence))
    if told.decision.allowed:
        return True
    silent = tuple(wanting(case.question, told.layers, evidence.requires_resource_allow))

    def is_enough(stories: Iterable[LayerStory]) -> bool:
        mended = evidence
        for story in stories:
            mended = allowing(mended, story, told.layers, case.question.principal)
        return case.decide_on(mended).allowed

    return is_enough(silent) and not any(
        is_enough(story for story in silent if story is not one) for one in silent
    )


def allowing(
    evidence: PlainEvidence,
    story: LayerStory,
    layers: Sequence[LayerStory],
    principal: Principal,
) -> PlainEvidence:
    """With an Allow of everything in that layer; the resource's names the account as a whole."""
    (attached,) = of_everything(story.layer, Effect.ALLOW)
    if story.layer in (Layer.RESOURCE, Layer.TRUST):
        (statement,) = attached.policy.statements
        named = replace(statement, principals=(as_named(principal),))
        attached = replace(attached, policy=replace(attached.policy, statements=(named,)))
    for layer, name in ((Layer.SCP, "scps"), (Layer.RCP, "rcps")):
        if story.layer is layer:
            at = [one is story for one in layers if one.layer is layer].index(True)
            held = getattr(evidence, name)[at]
            return with_level(evidence, name, at, (*held, attached))
    name = {Layer.TRUST: "resource"}.get(story.layer, story.layer.name.lower())
    return changed(evidence, name, (*(getattr(evidence, name) or ()), attached))


def as_named(principal: Principal) -> NamedPrincipal:
    match principal.kind:
        case PrincipalKind.SERVICE:
            return NamedPrincipal("Service", principal.name)
        case PrincipalKind.FEDERATED_IDENTITY:
            return NamedPrincipal("Federated", principal.name)
        case PrincipalKind.ANONYMOUS:
            return NamedPrincipal("AWS", "*")
    return NamedPrincipal("AWS", principal.account)


def asking_again_is_answered_the_same(case: Case) -> bool:
    elsewhere = replace(case.question, resource="arn:aws:s3:::elsewhere", context={})
    first = case.decide()
    replace(case, question=elsewhere).decide()
    return case.decide() == first


THEOREMS: tuple[Callable[[Case], bool], ...] = (
    explicit_deny_trumps,
    default_deny,
    boundary_never_grants,
    session_policy_never_grants,
    adding_an_scp_never_grants,
    adding_an_rcp_never_grants,
    endpoint_policy_never_grants,
    full_access_of_an_organization_changes_nothing,
    cross_account_needs_both_sides,
    statement_order_is_irrelevant,
    policy_order_is_irrelevant,
    a_policy_for_each_statement_is_the_same,
    saying_it_twice_is_the_same,
    a_deny_never_grants,
    an_allow_never_denies,
    removing_an_allow_never_grants,
    case_of_actions_and_keys_is_irrelevant,
    a_bound_name_is_its_id_alone,
    a_denial_or_grant_names_its_statement,
    each_remedy_is_needed_and_no_more,
    asking_again_is_answered_the_same,
)
