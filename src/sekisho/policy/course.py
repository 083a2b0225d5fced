"""How the questions of one matter are decided, found out before the first is (PE-82…PE-143).

an explicit Deny anywhere                       -> denied
a guard rail (RCP, SCP, endpoint) not allowing  -> denied
nobody's principal (service, anonymous)         -> as the resource policy says
own account: resource grant, or identity within boundary and session policy (PE-94)
other account: resource grant and identity within boundary and session policy (PE-100)

Whatever cannot happen is left out of the course, so that it costs nothing: layers that are not
there, statements about other actions.
"""

from collections.abc import Iterator

from sekisho.model.principal import PrincipalKind
from sekisho.policy.compile import CompiledPolicySet
from sekisho.policy.decision import Decision, Kind
from sekisho.policy.evidence import (
    Course,
    Evidence,
    Search,
    always,
    has_own_side,
    resource_layer,
    searching,
    tried_first,
)
from sekisho.policy.index import NO_CANDIDATES, NO_GRANT, Allows, Candidates, CompiledStatement
from sekisho.policy.principals import Grant
from sekisho.policy.question import Layer, Question, Standing

ROOT_ALLOWED = Decision(True, Kind.ALLOW, Layer.IDENTITY)
NOT_ALLOWED = {layer: Decision(False, Kind.IMPLICIT_DENY, layer) for layer in Layer}

# What must allow, None where no statement ever does, and the denial if it does not.
Rail = tuple[Allows | None, Decision]


def plot(question: Question, evidence: Evidence) -> Course:
    """The course of all questions of this question's matter."""
    action = question.action
    own = evidence.identity.candidates(action) if has_own_side(question) else NO_CANDIDATES
    theirs = NO_CANDIDATES if evidence.resource is None else evidence.resource.candidates(action)
    limits = [policies.candidates(action) for policies in _limits(question, evidence)]
    if not limits and theirs.are_none and _speaks_for_itself(question, evidence):
        return _by_identity(own)
    if question.standing is Standing.OUTSIDE:
        course = _found(theirs.grants, NOT_ALLOWED[resource_layer(question, evidence)])
    elif question.standing is Standing.WITHIN:
        course = _within_account(question, evidence, own, theirs)
    else:
        course = _across_accounts(question, evidence, own, theirs)
    rails = _rails(question, evidence)
    if rails:
        course = _behind(rails, course)
    return _unless_denied([own, theirs, *limits], evidence.boundary is not None, course)


def follow(course: Course, question: Question) -> Decision:
    """Decide a question of the course's matter."""
    resource, context = question.resource, question.context
    while True:
        begins, key, exact, rest, decision, course = course
        if (
            (begins is None or resource.removeprefix(begins) != resource)
            and (exact is None or context.get(key) in exact)
            and (rest is None or rest(resource, context))
        ):
            if decision is None:
                search: Search = course  # type: ignore[assignment]
                return search(question)
            return decision


def _speaks_for_itself(question: Question, evidence: Evidence) -> bool:
    """Whether identity policies decide alone, where no other policy has a say."""
    return (
        question.standing is Standing.WITHIN
        and question.principal.kind in (PrincipalKind.USER, PrincipalKind.ROLE_SESSION)
        and not evidence.requires_resource_allow
    )


def _by_identity(own: Candidates) -> Course:
    """What identity policies say alone; of many, all that are near the resource at once."""
    denial = NOT_ALLOWED[Layer.IDENTITY]
    denies, allows = own.few_denies, own.few_allows
    if denies is not None and allows is not None:
        return tried_first((*denies, *allows), always(denial))
    near = own.near
    if near is None:
        return _unless_denied([own], False, _found(own.allows, denial))

    def search(question: Question) -> Decision:
        context, resource = question.context, question.resource
        for _, key, exact, rest, decision in near(resource):
            if (exact is None or context.get(key) in exact) and (
                rest is None or rest(resource, context)
            ):
                return decision
        return denial

    return searching(search)


def _limits(question: Question, evidence: Evidence) -> Iterator[CompiledPolicySet]:
    """The policies that only limit, in the order in which denials are told (PE-143)."""
    if has_own_side(question):
        if evidence.boundary is not None:
            yield evidence.boundary
        if evidence.session is not None:
            yield evidence.session
        yield from evidence.scps
    yield from evidence.rcps
    if evidence.endpoint is not None:
        yield evidence.endpoint


def _rails(question: Question, evidence: Evidence) -> list[Rail]:
    """The guard rails, in the order in which a missing Allow is told."""
    levels = [(level, Layer.RCP) for level in evidence.rcps]
    if has_own_side(question):
        levels += [(level, Layer.SCP) for level in evidence.scps]
    if evidence.endpoint is not None:
        levels.append((evidence.endpoint, Layer.ENDPOINT))
    return [
        (level.candidates(question.action).allows, NOT_ALLOWED[layer]) for level, layer in levels
    ]


def _own_limits(question: Question, evidence: Evidence) -> list[Rail]:
    """Boundary and session policy; a federated user without one may do nothing (PE-93)."""
    limits: list[Rail] = []
    if evidence.boundary is not None:
        allows = evidence.boundary.candidates(question.action).allows
        limits.append((allows, NOT_ALLOWED[Layer.BOUNDARY]))
    if evidence.session is not None:
        allows = evidence.session.candidates(question.action).allows
        limits.append((allows, NOT_ALLOWED[Layer.SESSION]))
    elif question.principal.kind is PrincipalKind.FEDERATED_USER:
        limits.append((None, NOT_ALLOWED[Layer.SESSION]))
    return limits


def _unless_denied(layers: list[Candidates], bounded: bool, course: Course) -> Course:
    few = [one for layer in layers for one in layer.few_denies or ()]
    if all(layer.few_denies is not None for layer in layers):
        return tried_first(few, course)
    denies = [layer.denies for layer in layers if layer.denies is not None]

    def search(question: Question) -> Decision:
        for find in denies:
            denying = find(question, bounded)
            if denying is not None:
                return denying.decides
        return follow(course, question)

    return searching(search)


def _behind(rails: list[Rail], course: Course) -> Course:
    """The course of those whom every rail lets pass; others get the first rail's denial."""

    def search(question: Question) -> Decision:
        return _barred(question, rails) or follow(course, question)

    return searching(search)


def _barred(question: Question, rails: list[Rail]) -> Decision | None:
    for allows, denial in rails:
        if allows is None or allows(question) is None:
            return denial
    return None


def _found(find: Allows | None, otherwise: Decision) -> Course:
    """What the statement says that is found, if one is."""
    if find is None:
        return always(otherwise)

    def search(question: Question) -> Decision:
        found = find(question)
        return otherwise if found is None else found.decides

    return searching(search)


def _own_side(question: Question, evidence: Evidence, own: Candidates) -> Course:
    """What the principal's own side says: identity, then boundary, then session (PE-91…PE-93)."""
    if question.principal.kind is PrincipalKind.ROOT:
        return always(ROOT_ALLOWED)
    denial = NOT_ALLOWED[Layer.IDENTITY]
    allows, limits = own.allows, _own_limits(question, evidence)
    if not limits:
        few = own.few_allows
        return _found(allows, denial) if few is None else tried_first(few, always(denial))
    if allows is None:
        return always(denial)

    def search(question: Question) -> Decision:
        allowing = allows(question)
        if allowing is None:
            return denial
        return _barred(question, limits) or allowing.decides

    return searching(search)


def _within_account(
    question: Question, evidence: Evidence, own: Candidates, theirs: Candidates
) -> Course:
    """A grant of the resource, or the principal's own side (PE-94)."""
    own_side, limits = _own_side(question, evidence, own), _own_limits(question, evidence)
    ungranted = own_side
    if evidence.requires_resource_allow:
        ungranted = always(NOT_ALLOWED[resource_layer(question, evidence)])
    grants = theirs.grants
    if grants is None:
        return ungranted

    def search(question: Question) -> Decision:
        granting = grants(question)
        if granting is None:
            return follow(ungranted, question)
        grant = granting.rule.grant(question.principal, question.sponsor)
        if grant is Grant.DIRECT:
            return granting.decides
        if grant is Grant.LIMITED:
            return _barred(question, limits) or granting.decides
        return follow(own_side, question)

    return searching(search)


def _across_accounts(
    question: Question, evidence: Evidence, own: Candidates, theirs: Candidates
) -> Course:
    """A grant of the resource, and the principal's own side (PE-100)."""
    ungranted = NOT_ALLOWED[resource_layer(question, evidence)]
    grants, allows = theirs.grants, own.allows
    if grants is None or question.principal.kind is PrincipalKind.ROOT:
        return _found(grants, ungranted)
    limits = _own_limits(question, evidence)
    granting, allowing = theirs.only_allow, own.only_allow
    if granting and allowing and allowing.rule.names_nobody and not limits:
        return searching(_both_alone(granting, allowing, ungranted))
    return searching(_both(grants, allows, limits, ungranted))


def _both(grants: Allows, allows: Allows | None, limits: list[Rail], ungranted: Decision) -> Search:
    unallowed = NOT_ALLOWED[Layer.IDENTITY]

    def search(question: Question) -> Decision:
        granting = grants(question)
        if granting is None:
            return ungranted
        allowing = None if allows is None else allows(question)
        if allowing is None:
            return unallowed
        if limits:
            barred = _barred(question, limits)
            if barred is not None:
                return barred
        return granting.decides_with(allowing)

    return search


def _both_alone(
    granting: CompiledStatement, allowing: CompiledStatement, ungranted: Decision
) -> Search:
    """As `_both` for one statement on either side, as trust mostly has; every call counts here."""
    begins, key, exact, rest = granting.rule.trial
    own_begins, own_key, own_exact, own_rest = allowing.rule.trial
    naming = granting.rule.naming
    grant = granting.rule.grant if naming is None else naming.grant
    granted, unallowed = granting.decides_with(allowing), NOT_ALLOWED[Layer.IDENTITY]

    def search(question: Question) -> Decision:
        resource, context = question.resource, question.context
        if not (
            (begins is None or resource.removeprefix(begins) != resource)
            and (exact is None or context.get(key) in exact)
            and (rest is None or rest(resource, context))
            and grant(question.principal, question.sponsor) is not NO_GRANT
        ):
            return ungranted
        if (
            (own_begins is None or resource.removeprefix(own_begins) != resource)
            and (own_exact is None or context.get(own_key) in own_exact)
            and (own_rest is None or own_rest(resource, context))
        ):
            return granted
        return unallowed

    return search
