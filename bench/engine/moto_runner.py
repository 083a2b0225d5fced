"""moto's evaluator on the workloads; run by the Python of the peers, without the project.

Reads workloads as JSON on stdin; writes, for each, what it answered wrongly and its rate. It is
asked as moto asks it: one policy after another, a Deny ends it. It has no boundaries, no accounts
and, for most services, no resource policies; for W3 the trust policy is asked beside the identity
policy, and both must permit.
"""

import json
import sys
from time import process_time
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult

REPEATS = 3


def main() -> None:
    permitted, denied = PermissionResult.PERMITTED, PermissionResult.DENIED

    def one(policies: list[Any], request: dict[str, Any]) -> str:
        found = "ImplicitlyDenied"
        for policy in policies:
            result = policy.is_action_permitted(
                request["a"], request["r"], request["p"], request["c"]
            )
            if result is denied:
                return "ExplicitlyDenied"
            if result is permitted:
                found = "Allowed"
        return found

    def trusted(trust: Any, request: dict[str, Any]) -> bool:
        result = trust.is_action_permitted(request["a"], "*", request["p"], request["c"])
        return bool(result is permitted)

    told = []
    for workload in json.load(sys.stdin):
        policies = {
            name: IAMPolicy(json.dumps(policy)) for name, policy in workload["policies"].items()
        }
        asked = [
            (
                [policies[name] for name in workload["principals"][request["p"]]["identity"]],
                policies.get(workload["resource_policies"].get(request["r"], "")),
                request,
            )
            for request in workload["requests"][:1000]
        ]

        def answer(own: list[Any], trust: Any, request: dict[str, Any]) -> str:
            found = one(own, request)
            if found == "Allowed" and trust is not None and not trusted(trust, request):
                return "ImplicitlyDenied"
            return found

        try:
            wrong = sum(answer(*each) != each[2]["e"] for each in asked)
            best = 0.0
            for _ in range(REPEATS):
                start = process_time()
                for each in asked:
                    answer(*each)
                best = max(best, len(asked) / (process_time() - start))
        except Exception as failure:
            told.append(
                {"name": workload["name"], "failed": f"{type(failure).__name__}: {failure}"}
            )
            continue
        told.append({"name": workload["name"], "rate": best, "wrong": wrong, "asked": len(asked)})
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
