"""Cedar, through cedarpy, on a translation of the workloads; run in its own environment.

A principal's policies are one policy set, its statements Cedar's permits and forbids; a trust
policy is a second one, and both must allow. Patterns of actions are groups that the actions are
in. ARNs and condition keys stand in the context, where Cedar's `like` can be held against them.
The requests of a principal go in one batch, with their contexts written beforehand; sets and
entities are parsed once. What the workloads do not use is not translated.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from cedarpy import Entities, PolicySet, is_authorized_batch

from bench.engine.peers.timing import Json, Prepared, tell

RESOURCE = 'context["resource"]'


class Batch(NamedTuple):
    """The requests of one principal, and the sets that must all allow them."""

    sets: list[PolicySet]
    asked: list[Json]
    requests: list[Json]


def prepare(workload: Json) -> Prepared:
    entities = Entities.from_json_str(json.dumps(action_groups(workload)))
    batches = list(batches_of(workload))

    def decide() -> list[list[Any]]:
        return [
            is_authorized_batch(batch.asked, policies, entities)
            for batch in batches
            for policies in batch.sets
        ]

    def words(results: list[list[Any]]) -> list[str]:
        rest = iter(results)
        return [
            word(together)
            for batch in batches
            for together in zip(*(next(rest) for _ in batch.sets), strict=True)
        ]

    return Prepared(decide, words, [each for batch in batches for each in batch.requests])


def word(results: Iterable[Any]) -> str:
    """AWS's word for the answers of all sets: what denies without a reason denies implicitly."""
    denials = [result for result in results if not result.allowed]
    if any(denial.diagnostics.reasons for denial in denials):
        return "ExplicitlyDenied"
    return "ImplicitlyDenied" if denials else "Allowed"


def batches_of(workload: Json) -> Iterator[Batch]:
    requests: dict[tuple[str, str], list[Json]] = defaultdict(list)
    for request in workload["requests"]:
        policy = workload["resource_policies"].get(request["r"], "")
        requests[request["p"], policy].append(request)
    for (principal, policy), asked in requests.items():
        own = [workload["policies"][name] for name in workload["principals"][principal]["identity"]]
        sides = [own, [workload["policies"][policy]]] if policy else [own]
        sets = [PolicySet.from_str("\n".join(translated(side))) for side in sides]
        yield Batch(sets, [asked_of_cedar(request) for request in asked], asked)


def asked_of_cedar(request: Json) -> Json:
    context = {key.lower(): value for key, value in request["c"].items()}
    return {
        "principal": {"type": "Principal", "id": request["p"]},
        "action": {"type": "Action", "id": request["a"].lower()},
        "resource": {"type": "Resource", "id": request["r"]},
        "context": json.dumps({**context, "resource": request["r"]}),
    }


def action_groups(workload: Json) -> list[Json]:
    """Every action that is asked for, in the groups of the patterns that mean it."""
    patterns = {
        pattern.lower()
        for policy in workload["policies"].values()
        for statement in policy["Statement"]
        for pattern in listed(statement["Action"])
    }
    actions = {request["a"].lower() for request in workload["requests"]}
    groups = patterns - actions
    return [
        *({"uid": action_id(group), "attrs": {}, "parents": []} for group in groups),
        *(
            {
                "uid": action_id(action),
                "attrs": {},
                "parents": [action_id(group) for group in groups if fnmatchcase(action, group)],
            }
            for action in actions
        ),
    ]


def action_id(name: str) -> Json:
    return {"type": "Action", "id": name}


def translated(policies: list[Json]) -> Iterator[str]:
    for policy in policies:
        for statement in policy["Statement"]:
            effect = {"Allow": "permit", "Deny": "forbid"}[statement["Effect"]]
            actions = ", ".join(f"Action::{quoted(name.lower())}" for name in actions_of(statement))
            scope = f"({principal_of(statement)}, action in [{actions}], resource)"
            clauses = [*resource_clauses(statement), *condition_clauses(statement)]
            when = f" when {{ {' && '.join(clauses)} }}" if clauses else ""
            yield f"{effect}{scope}{when};"


def actions_of(statement: Json) -> list[str]:
    return listed(statement["Action"])


def principal_of(statement: Json) -> str:
    named = statement.get("Principal")
    return f"principal == Principal::{quoted(named['AWS'])}" if named else "principal"


def resource_clauses(statement: Json) -> Iterator[str]:
    patterns = listed(statement.get("Resource", "*"))
    if patterns != ["*"]:
        yield any_of(like(RESOURCE, pattern) for pattern in patterns)


def condition_clauses(statement: Json) -> Iterator[str]:
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            name = quoted(key.lower())
            seen = f"context[{name}]"
            tests = any_of(condition(operator, seen, value) for value in listed(values))
            yield f"(context has {name} && {tests})"


def condition(operator: str, seen: str, value: str) -> str:
    match operator:
        case "StringEquals" | "Bool":
            return f"{seen} == {quoted(value)}"
        case "StringLike":
            return like(seen, value)
        case "IpAddress":
            return f"ip({seen}).isInRange(ip({quoted(value)}))"
    raise ValueError(f"no translation of {operator}")


def like(seen: str, pattern: str) -> str:
    if "?" in pattern:
        raise ValueError(f"Cedar has no sign for one character: {pattern}")
    return f"{seen} like {quoted(pattern)}" if "*" in pattern else f"{seen} == {quoted(pattern)}"


def any_of(tests: Iterable[str]) -> str:
    return f"({' || '.join(tests)})"


def quoted(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise ValueError(f"not translated: {text!r}")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    tell(prepare)
