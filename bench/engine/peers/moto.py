"""moto's evaluator on the workloads; run by the Python of the peers, without the project.

It is asked as moto asks it: one policy after another, a Deny ends it. It has no boundaries, no
accounts and, for most services, no resource policies; for W3 the trust policy is asked beside the
identity policy, and both must permit. It reads its policies anew for each request.
"""

import json
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult

from bench.engine.peers.timing import Json, Prepared, tell

MOST = 1_000  # requests


def prepare(workload: Json) -> Prepared:
    policies = {
        name: IAMPolicy(json.dumps(policy)) for name, policy in workload["policies"].items()
    }
    asked = [
        (
            [policies[name] for name in workload["principals"][request["p"]]["identity"]],
            policies.get(workload["resource_policies"].get(request["r"], "")),
            request,
        )
        for request in workload["requests"][:MOST]
    ]
    return Prepared(
        decide=lambda: [answer(*each) for each in asked],
        words=list,
        requests=[request for _, _, request in asked],
    )


def answer(own: list[Any], trust: Any, request: Json) -> str:
    found = united(own, request)
    if found == "Allowed" and trust is not None and not trusted(trust, request):
        return "ImplicitlyDenied"
    return found


def united(policies: list[Any], request: Json) -> str:
    found = "ImplicitlyDenied"
    for policy in policies:
        result = policy.is_action_permitted(request["a"], request["r"], request["p"], request["c"])
        if result is PermissionResult.DENIED:
            return "ExplicitlyDenied"
        if result is PermissionResult.PERMITTED:
            found = "Allowed"
    return found


def trusted(trust: Any, request: Json) -> bool:
    result = trust.is_action_permitted(request["a"], "*", request["p"], request["c"])
    return bool(result is PermissionResult.PERMITTED)


if __name__ == "__main__":
    tell(prepare)
