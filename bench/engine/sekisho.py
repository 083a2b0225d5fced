"""Sekisho's engine on the workloads: asked as a library is asked."""

import json
from collections.abc import Callable, Iterable
from sys import intern
from time import process_time

from bench.engine.workloads import ALLOWED, EXPLICIT, IMPLICIT, Json, Workload
from sekisho.model.principal import Principal, session_principal, user_principal
from sekisho.policy import (
    CompiledPolicySet,
    Evidence,
    Kind,
    Layer,
    Question,
    Source,
    compile_texts,
    decide,
)

REPEATS = 15
LEAST = 40_000  # decisions in one repeat

WORDS = {Kind.ALLOW: ALLOWED, Kind.IMPLICIT_DENY: IMPLICIT, Kind.EXPLICIT_DENY: EXPLICIT}

Asked = tuple[Question, Evidence]


def prepare(workload: Workload) -> list[Asked]:
    """Its requests as questions, each with its evidence. Raises AssertionError at a wrong answer.

    Evidence is put together once for each principal and resource that has a policy.
    """
    texts = {name: json.dumps(policy) for name, policy in workload.policies.items()}
    identities = {
        arn: compiled(Layer.IDENTITY, arn, [texts[name] for name in holder["identity"]])
        for arn, holder in workload.principals.items()
    }
    resources = {
        arn: compiled(Layer.TRUST, arn, [texts[name]])
        for arn, name in workload.resource_policies.items()
    }
    principals = {
        arn: principal_of(arn, holder["account"]) for arn, holder in workload.principals.items()
    }
    evidence: dict[tuple[str, str], Evidence] = {}
    asked = []
    for request in workload.requests:
        arn, resource = request["p"], request["r"]
        policy = resources.get(resource)
        key = (arn, resource if policy else "")
        if key not in evidence:
            evidence[key] = Evidence(
                identities[arn], policy, requires_resource_allow=policy is not None
            )
        asked.append((question_of(request, principals[arn]), evidence[key]))
    for (question, known), request in zip(asked, workload.requests, strict=True):
        assert WORDS[decide(question, known).kind] == request["e"], request
    return asked


def compiled(layer: Layer, owner: str, texts: Iterable[str]) -> CompiledPolicySet:
    return compile_texts([(Source(layer, "policy", owner), text) for text in texts])


def principal_of(arn: str, account: str) -> Principal:
    """A role of the workloads asks through a session."""
    kind, _, name = arn.rpartition(":")[2].partition("/")
    if kind == "user":
        return user_principal(account, arn, f"AIDA{name.upper():X<17}", name)
    return session_principal(account, arn, f"AROA{name.upper():X<17}", name, "bench")


def question_of(request: Json, principal: Principal) -> Question:
    context = {
        intern(key.lower()): value if isinstance(value, str) else tuple(value)
        for key, value in request["c"].items()
    }
    return Question(principal, request["a"], request["r"], request["ra"], context)


def decide_all(asked: Iterable[Asked]) -> None:
    for question, evidence in asked:
        decide(question, evidence)


def floors_of(
    asked: list[Asked],
) -> tuple[Callable[[Iterable[Asked]], None], Callable[[Iterable[Asked]], None]]:
    """The least that any answer costs: one dict lookup and one startswith for each request.

    The first has its keys made beforehand; the second makes them of principal and action.
    """
    starts: dict[tuple[str, str], str] = {}
    for question, _ in asked:
        starts.setdefault((question.principal.arn, question.action), question.resource[:14])
    keyed = [
        ((question.principal.arn, question.action), question.resource) for question, _ in asked
    ]

    def look_all(_asked: Iterable[Asked]) -> None:
        for key, resource in keyed:
            resource.startswith(starts[key])

    loose = [(*key, resource) for key, resource in keyed]

    def make_all(_asked: Iterable[Asked]) -> None:
        for principal, action, resource in loose:
            resource.startswith(starts[principal, action])

    return look_all, make_all


def rates(asked: list[Asked], *loops: Callable[[list[Asked]], None]) -> list[float]:
    """Requests per second of processor time of each loop: the best of several, taken in turn."""
    turns = max(1, LEAST // len(asked))
    best = [0.0] * len(loops)
    for _ in range(REPEATS):
        for place, loop in enumerate(loops):
            start = process_time()
            for _ in range(turns):
                loop(asked)
            best[place] = max(best[place], turns * len(asked) / (process_time() - start))
    return best
