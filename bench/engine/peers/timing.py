"""The clock of the peers that are written in Python; it knows nothing of the project."""

import json
import sys
from collections.abc import Callable, Sequence
from time import process_time
from typing import Any, NamedTuple

REPEATS = 5

Json = dict[str, Any]


class Prepared(NamedTuple):
    """A workload as one engine takes it.

    decide: decides every request once, in whatever form the engine answers. words: those answers
    in the words of the workloads. requests: what was asked, in the order of the answers.
    """

    decide: Callable[[], Any]
    words: Callable[[Any], Sequence[str]]
    requests: Sequence[Json]


def tell(prepare: Callable[[Json], Prepared]) -> None:
    """Answer and time each workload on stdin; the best of several repeats counts."""
    json.dump([told(prepare, workload) for workload in json.load(sys.stdin)], sys.stdout)


def told(prepare: Callable[[Json], Prepared], workload: Json) -> Json:
    name = workload["name"]
    try:
        decide, words, requests = prepare(workload)
        answers = words(decide())
        best = 0.0
        for _ in range(REPEATS):
            start = process_time()
            decide()
            best = max(best, len(requests) / (process_time() - start))
    except Exception as failure:
        return {"name": name, "failed": f"{type(failure).__name__}: {failure}"}
    wrong = sum(answer != request["e"] for answer, request in zip(answers, requests, strict=True))
    return {"name": name, "rate": best, "wrong": wrong, "asked": len(requests)}
