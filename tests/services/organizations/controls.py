"""Control policies, made and attached by the management account."""

import json
from typing import Any

from botocore.credentials import Credentials
from demo.policies import policy, statement

from gate.gatehouse import Gatehouse

SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
FULL = {SCP: "p-FullAWSAccess", RCP: "p-RCPFullAWSAccess"}


def root_id(house: Gatehouse) -> str:
    found: str = house.organized(house.home, "ListRoots")["Roots"][0]["Id"]
    return found


def new_policy(house: Gatehouse, document: Any, kind: str = SCP, name: str = "p") -> str:
    form = {"Name": name, "Description": "", "Type": kind, "Content": json.dumps(document)}
    made = house.organized(house.home, "CreatePolicy", **form)["Policy"]
    found: str = made["PolicySummary"]["Id"]
    return found


def attach(house: Gatehouse, policy_id: str, target: str) -> None:
    house.organized(house.home, "AttachPolicy", PolicyId=policy_id, TargetId=target)


def detach(house: Gatehouse, policy_id: str, target: str) -> None:
    house.organized(house.home, "DetachPolicy", PolicyId=policy_id, TargetId=target)


def attached(house: Gatehouse, target: str, kind: str = SCP) -> list[str]:
    form = {"TargetId": target, "Filter": kind}
    found = house.organized(house.home, "ListPoliciesForTarget", **form)["Policies"]
    return [one["Id"] for one in found]


def may_list(house: Gatehouse, keys: Credentials) -> bool:
    return house.call(keys, "ListUsers").status == 200


def rcp_deny(action: str, **condition: Any) -> Any:
    return policy(
        statement("Deny", Principal="*", Action=action, Resource="*", Condition=condition)
    )
