"""What holds for every question and every evidence."""

from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from sekisho.model.principal import (
    ANONYMOUS,
    Principal,
    PrincipalKind,
    root_principal,
    session_principal,
    user_principal,
)
from sekisho.policy import (
    Clause,
    CompiledPolicySet,
    Effect,
    Evidence,
    Kind,
    Layer,
    NamedPrincipal,
    Policy,
    Question,
    Source,
    Statement,
    compile_set,
    decide,
    explain,
)

A, B = "111111111111", "222222222222"
USER = f"arn:aws:iam::{A}:user/u"
ROLE = f"arn:aws:iam::{A}:role/p/r"
SESSION = f"arn:aws:sts::{A}:assumed-role/r/s"
GUEST = f"arn:aws:sts::{A}:federated-user/g"
U = user_principal(A, USER, "AIDAUUUUUUUUUUUUUUUUU", "u")
PRINCIPALS = (
    U,
    session_principal(A, ROLE, "AROARRRRRRRRRRRRRRRRR", "r", "s"),
    root_principal(A),
    Principal(PrincipalKind.FEDERATED_USER, A, GUEST, A, "g"),
    Principal(PrincipalKind.SERVICE, "", "", "", "x.amazonaws.com"),
    ANONYMOUS,
)
NAMES = ("*", A, B, USER, ROLE, SESSION, GUEST, U.unique_id)
RESOURCES = ("arn:aws:s3:::b", "arn:aws:s3:::b/k", "arn:aws:s3:::b/dir/k", "arn:aws:s3:::c/k", "*")
PATTERNS = (*RESOURCES, "arn:aws:s3:::b/*", "arn:aws:s3:::*/k", "arn:aws:s3:::${k:a}/*", "arn:*")
ACTIONS = ("s3:GetObject", "sts:AssumeRole")
CLAUSES = (
    Clause("StringEquals", "k:a", ("b",)),
    Clause("StringNotEquals", "k:a", ("b",)),
    Clause("StringLikeIfExists", "K:a", ("b*",)),
    Clause("Null", "k:a", ("true",)),
)
EVERYTHING = Statement(0, Effect.ALLOW, actions=("*",), resources=("*",))
DENIED = replace(EVERYTHING, effect=Effect.DENY)
EVERYONE = (NamedPrincipal("AWS", "*"),)


def some_of(values: tuple[Any, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2).map(tuple)


NAMED = st.lists(
    st.sampled_from([NamedPrincipal("AWS", name) for name in NAMES])
    | st.just(NamedPrincipal("Service", "x.amazonaws.com")),
    min_size=1,
    max_size=3,
).map(tuple)


@st.composite
def statements(draw: st.DrawFn, naming: bool) -> Statement:
    effect = draw(st.sampled_from((Effect.ALLOW, Effect.ALLOW, Effect.ALLOW, Effect.DENY)))
    conditions = draw(st.sampled_from(((), (), *((clause,) for clause in CLAUSES))))
    others, not_actions, not_resources = (draw(st.integers(0, 4)) == 0 for _ in range(3))
    named = draw(NAMED) if naming else None
    actions = draw(some_of((*ACTIONS, "s3:*", "*", "iam:Get?")))
    resources = draw(some_of(PATTERNS))
    return Statement(
        0,
        effect,
        principals=None if others else named,
        not_principals=named if others else None,
        actions=None if not_actions else actions,
        not_actions=actions if not_actions else None,
        resources=None if not_resources else resources,
        not_resources=resources if not_resources else None,
        conditions=conditions,
    )


def policies(naming: bool, most: int = 8) -> st.SearchStrategy[Policy]:
    return st.lists(statements(naming), max_size=most).map(numbered)


def numbered(listed: list[Statement]) -> Policy:
    return Policy(
        "2012-10-17", "", tuple(replace(one, index=index) for index, one in enumerate(listed))
    )


def compiled(layer: Layer, *documents: Policy) -> CompiledPolicySet:
    return compile_set([(Source(layer, "p", "o"), document) for document in documents])


def sets(layer: Layer, naming: bool, most: int = 2) -> st.SearchStrategy[CompiledPolicySet]:
    """Sets of one policy; half of them begin with an Allow of everything."""
    wide = replace(EVERYTHING, principals=EVERYONE if naming else None)
    listed = st.lists(statements(naming), max_size=most)
    return (listed | listed.map(lambda found: [wide, *found])).map(
        lambda found: compiled(layer, numbered(found))
    )


def seldom(strategy: st.SearchStrategy[Any], otherwise: Any) -> st.SearchStrategy[Any]:
    """Most evidence is without this, so that allowed and denied are both common."""
    return st.integers(0, 3).flatmap(lambda roll: strategy if roll == 0 else st.just(otherwise))


QUESTIONS = st.builds(
    Question,
    st.sampled_from(PRINCIPALS),
    st.sampled_from(ACTIONS),
    st.sampled_from(RESOURCES),
    st.sampled_from((A, B)),
    st.sampled_from(({}, {"k:a": "b"}, {"k:a": "c"}, {"k:a": ("b", "c")})),
    st.sampled_from((None, U)),
)
EVIDENCE = st.builds(
    Evidence,
    sets(Layer.IDENTITY, False, most=6),
    st.none() | sets(Layer.RESOURCE, True, most=6) | sets(Layer.TRUST, True),
    seldom(sets(Layer.BOUNDARY, False), None),
    seldom(sets(Layer.SESSION, False), None),
    seldom(st.lists(sets(Layer.SCP, False), max_size=2).map(tuple), ()),
    seldom(st.lists(sets(Layer.RCP, True), max_size=2).map(tuple), ()),
    st.booleans(),
    seldom(sets(Layer.ENDPOINT, True), None),
)


@given(QUESTIONS, EVIDENCE)
def test_theorem_explain_agrees_with_decide(question: Question, evidence: Evidence) -> None:
    assert explain(question, evidence).decision == decide(question, evidence)


@given(QUESTIONS, EVIDENCE)
def test_theorem_explicit_deny_trumps(question: Question, evidence: Evidence) -> None:
    own = compiled(Layer.IDENTITY, Policy("2012-10-17", "", (DENIED,)))
    everyone = replace(DENIED, principals=EVERYONE)
    theirs = compiled(Layer.RESOURCE, Policy("2012-10-17", "", (everyone,)))
    struck = [
        replace(evidence, resource=theirs),
        replace(evidence, rcps=(*evidence.rcps, theirs)),
        replace(evidence, endpoint=theirs),
    ]
    if question.principal.kind not in (PrincipalKind.SERVICE, PrincipalKind.ANONYMOUS):
        struck += [
            replace(evidence, identity=own),
            replace(evidence, boundary=own),
            replace(evidence, session=own),
            replace(evidence, scps=(*evidence.scps, own)),
        ]
    for denied in struck:
        assert decide(question, denied).kind is Kind.EXPLICIT_DENY


@given(QUESTIONS, EVIDENCE, sets(Layer.BOUNDARY, False))
def test_theorem_boundary_never_grants(
    question: Question, evidence: Evidence, boundary: CompiledPolicySet
) -> None:
    if decide(question, replace(evidence, boundary=boundary)).allowed:
        assert decide(question, replace(evidence, boundary=None)).allowed


@given(QUESTIONS, EVIDENCE, sets(Layer.SESSION, False))
def test_theorem_session_policy_never_grants(
    question: Question, evidence: Evidence, session: CompiledPolicySet
) -> None:
    assume(question.principal.kind is not PrincipalKind.FEDERATED_USER)  # PE-93: none is nothing
    if decide(question, replace(evidence, session=session)).allowed:
        assert decide(question, replace(evidence, session=None)).allowed


@given(QUESTIONS, EVIDENCE)
def test_theorem_guard_rails_never_grant(question: Question, evidence: Evidence) -> None:
    if decide(question, evidence).allowed:
        assert decide(question, replace(evidence, scps=(), rcps=(), endpoint=None)).allowed


@given(QUESTIONS, policies(False), policies(True), st.randoms())
def test_theorem_statement_order_is_irrelevant(
    question: Question, identity: Policy, resource: Policy, random: Any
) -> None:
    outcomes = set()
    for _ in range(2):
        evidence = Evidence(compiled(Layer.IDENTITY, identity), compiled(Layer.RESOURCE, resource))
        decision = decide(question, evidence)
        outcomes.add((decision.kind, decision.layer))
        identity, resource = (
            numbered(random.sample(policy.statements, len(policy.statements)))
            for policy in (identity, resource)
        )
    assert len(outcomes) == 1


@given(QUESTIONS, policies(False), policies(False))
def test_theorem_one_policy_or_two_is_the_same(
    question: Question, first: Policy, second: Policy
) -> None:
    apart = Evidence(compiled(Layer.IDENTITY, first, second))
    joined = Evidence(compiled(Layer.IDENTITY, numbered([*first.statements, *second.statements])))
    assert decide(question, apart).kind is decide(question, joined).kind


@given(QUESTIONS, EVIDENCE)
def test_theorem_cross_account_needs_both_sides(question: Question, evidence: Evidence) -> None:
    abroad = replace(question, owner=B)
    assume(question.principal.account == A)
    if decide(abroad, evidence).allowed:
        assert not decide(abroad, replace(evidence, resource=None)).allowed
        if question.principal.kind is not PrincipalKind.ROOT:
            assert not decide(abroad, replace(evidence, identity=compile_set(()))).allowed


@given(QUESTIONS, EVIDENCE)
def test_theorem_nothing_is_allowed_by_default(question: Question, evidence: Evidence) -> None:
    bare = replace(evidence, identity=compile_set(()), resource=None)
    root_at_home = question.principal.kind is PrincipalKind.ROOT and question.owner == A
    assume(not root_at_home or evidence.requires_resource_allow)
    assert not decide(question, bare).allowed


@given(QUESTIONS, EVIDENCE)
def test_theorem_an_allow_names_who_granted(question: Question, evidence: Evidence) -> None:
    decision = decide(question, evidence)
    assert decision.allowed is (decision.kind is Kind.ALLOW)
    if decision.kind is Kind.IMPLICIT_DENY:
        assert decision.statements == ()
    elif question.principal.kind is not PrincipalKind.ROOT:
        assert decision.statements


@given(QUESTIONS, policies(True))
def test_theorem_a_bound_name_is_its_id_alone(question: Question, resource: Policy) -> None:
    """PE-31: with its ARN bound to another id, a principal is as if it were not named."""
    former = {USER: "AIDAFORMERFORMERFORM1", ROLE: "AROAFORMERFORMERFORM1"}
    source = Source(Layer.RESOURCE, "p", "o")
    bound = compile_set([(source, resource)], former)
    renamed = numbered(
        [
            replace(
                one,
                principals=rename(one.principals, former),
                not_principals=rename(one.not_principals, former),
            )
            for one in resource.statements
        ]
    )
    expected = decide(question, Evidence(compile_set(()), compile_set([(source, renamed)])))
    assert decide(question, Evidence(compile_set(()), bound)) == expected


def rename(
    named: tuple[NamedPrincipal, ...] | None, former: dict[str, str]
) -> tuple[NamedPrincipal, ...] | None:
    if named is None:
        return None
    return tuple(NamedPrincipal(one.key, former.get(one.value, one.value)) for one in named)
