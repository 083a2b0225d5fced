"""principalmapper's local simulation on the workloads; run in its own environment.

It tells whether a policy has a matching statement of an effect: Deny is asked of every policy
first, then Allow. It looks neither at principals nor at accounts; for W3 the trust policy is asked
beside the identity policy, and both must match. Its newest release imports names that Python 3.10
took out of `collections`; they are put back before it is imported.
"""

import collections
import collections.abc
from typing import Any

from bench.engine.peers.timing import Json, Prepared, tell

MOST = 1_000  # requests


def restore_names() -> None:
    for name in ("Mapping", "MutableMapping"):
        setattr(collections, name, getattr(collections.abc, name))


def prepare(workload: Json) -> Prepared:
    restore_names()
    from principalmapper.querying.local_policy_simulation import (  # noqa: PLC0415
        policy_has_matching_statement,
    )
    from principalmapper.util.case_insensitive_dict import CaseInsensitiveDict  # noqa: PLC0415

    def matches(policies: list[Json], effect: str, request: Json, context: Any) -> bool:
        return any(
            policy_has_matching_statement(policy, effect, request["a"], request["r"], context)
            for policy in policies
        )

    def answer(own: list[Json], trust: list[Json], request: Json, context: Any) -> str:
        if matches(own + trust, "Deny", request, context):
            return "ExplicitlyDenied"
        if matches(own, "Allow", request, context) and (
            not trust or matches(trust, "Allow", request, context)
        ):
            return "Allowed"
        return "ImplicitlyDenied"

    policies = workload["policies"]
    requests = workload["requests"][:MOST]
    asked = [
        (
            [policies[name] for name in workload["principals"][request["p"]]["identity"]],
            [policies[name] for name in [workload["resource_policies"].get(request["r"])] if name],
            request,
            CaseInsensitiveDict(request["c"]),
        )
        for request in requests
    ]
    return Prepared(lambda: [answer(*each) for each in asked], list, requests)


if __name__ == "__main__":
    tell(prepare)
