"""What a decision costs at the edges: among many statements, on cold policies, on hostile ones."""

import json
from collections.abc import Callable, Iterator
from time import process_time

from bench.engine.workloads import document, statement, workloads
from sekisho.model.principal import user_principal
from sekisho.policy import (
    Evidence,
    Layer,
    Question,
    Source,
    compile_texts,
    decide,
)

SIZES = (10, 1_000, 100_000)
COPIES, TEXTS = 20_000, 500
ROUNDS = 9
ACTIONS = ["s3:Get*", "sqs:*"]
ALICE = user_principal("111111111111", "arn:aws:iam::111111111111:user/alice", "AIDAALICE", "alice")
RUNS = ("*", "?*", "*?", "a*", "*a", "a?b*")

Row = tuple[str, str, str]  # what, wanted, measured


def source(name: str) -> Source:
    return Source(Layer.IDENTITY, name, ALICE.arn)


def ask(resource: str, action: str = "s3:GetObject") -> Question:
    return Question(ALICE, action, resource, ALICE.account, {})


def seconds(act: Callable[[], object], times: int = 1) -> float:
    """Processor time of one, the best of several rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = process_time()
        for _ in range(times):
            act()
        best = min(best, (process_time() - start) / times)
    return best


def extremes() -> Iterator[Row]:
    yield from flat()
    yield cold_start()
    yield cold_decision(5)
    yield cold_decision(20)
    yield from hostile()


def flat() -> Iterator[Row]:
    """The same decision among more and more statements about other buckets."""
    costs = []
    for size in SIZES:
        texts = [
            json.dumps(
                document(
                    *(
                        statement("Allow", "s3:GetObject", f"arn:aws:s3:::bucket-{number}/*")
                        for number in range(first, min(first + 500, size))
                    )
                )
            )
            for first in range(0, size, 500)
        ]
        evidence = Evidence(
            compile_texts([(source(str(at)), text) for at, text in enumerate(texts)])
        )
        question = ask(f"arn:aws:s3:::bucket-{size - 1}/key")
        assert decide(question, evidence).allowed
        costs.append(seconds(lambda q=question, e=evidence: decide(q, e), 20_000))  # type: ignore[misc]
    told = ", ".join(f"{cost * 1e9:.0f}" for cost in costs)
    sizes = ", ".join(f"{size:,}" for size in SIZES)
    yield (
        f"ns among {sizes} statements",
        "last ≤ 1.5 × first",
        f"{told} ({costs[-1] / costs[0]:.2f} ×)",
    )


def cold_start() -> Row:
    """Parse and compile 20,000 policies of 500 different texts; all are held."""
    texts = [
        json.dumps(
            document(statement("Allow", ["s3:Get*", "sqs:*"], f"arn:aws:s3:::app-{number}/*"))
        )
        for number in range(TEXTS)
    ]
    start = process_time()
    held = [compile_texts([(source("p"), texts[number % TEXTS])]) for number in range(COPIES)]
    taken = process_time() - start
    assert len(held) == COPIES
    return f"s to parse and compile {COPIES:,} policies of {TEXTS} texts", "≤ 1", f"{taken:.2f}"


def cold_decision(most: int) -> Row:
    """Ten managed policies never seen before, of so many statements, read and asked once."""
    workload = next(each for each in workloads() if each.name == "W2")
    policies = [document(*policy["Statement"][-most:]) for policy in workload.policies.values()]
    best = float("inf")
    for turn in range(ROUNDS):
        texts = [json.dumps(policy).replace("team-", f"t{turn}-{most}-") for policy in policies]
        start = process_time()
        held = compile_texts([(source(str(at)), text) for at, text in enumerate(texts)])
        decide(ask("arn:aws:s3:::reports-eu/year=2000/part-1.parquet"), Evidence(held))
        best = min(best, process_time() - start)
    what = f"ms of a decision on 10 cold policies of {most} statements"
    return what, "≤ 3", f"{best * 1e3:.1f}"


def hostile() -> Iterator[Row]:
    """Patterns of 10,000 characters against a long resource."""
    resource = "arn:aws:s3:::" + "ab" * 5_000
    worst_first, worst_next = 0.0, 0.0
    for run in RUNS:
        pattern = ("arn:aws:s3:::" + run * (10_000 // len(run)))[:10_000] + "z"
        text = json.dumps(document(statement("Allow", "s3:GetObject", pattern)))
        evidence = Evidence(compile_texts([(source("p"), text)]))
        start = process_time()
        decide(ask(resource), evidence)
        worst_first = max(worst_first, process_time() - start)
        worst_next = max(worst_next, seconds(lambda e=evidence: decide(ask(resource), e)))  # type: ignore[misc]
    yield (
        "ms of a first decision on a hostile pattern, the worst",
        "milliseconds",
        f"{worst_first * 1e3:.1f}",
    )
    yield "ms of the next on it, the worst", "milliseconds", f"{worst_next * 1e3:.2f}"
