"""Simulations of assuming a role, and how much one simulation may cost (W-205, W-214)."""

import json
from typing import Any

import pytest

from sekisho.directory.sqlite import SqliteDirectory
from sekisho.services.iam import simulate
from services.iam.office import Office, allow, document

ASSUME = "sts:AssumeRole"
ABROAD = "arn:aws:iam::999988887777:role/ops/Deploy"


def trust(*principals: str, effect: str = "Allow", **more: Any) -> str:
    statement = {"Effect": effect, "Principal": {"AWS": list(principals)}, "Action": ASSUME}
    return json.dumps({"Version": "2012-10-17", "Statement": {**statement, **more}})


def simulated(office: Office, role: str, **more: Any) -> dict[str, Any]:
    given = {
        "PolicySourceArn": office.arn("user/alice"),
        "ActionNames": [ASSUME],
        "ResourceArns": [role],
        **more,
    }
    (result,) = office.do("SimulatePrincipalPolicy", **given)["EvaluationResults"]
    return dict(result)


def test_without_a_trust_policy_the_callers_side_decides(office: Office) -> None:
    """Another account's role too: the recipe of W-205 checks the caller's half so."""
    office.new_user("alice", allow(ASSUME, [ABROAD, office.arn("role/*")]))
    for role in (ABROAD, office.arn("role/r")):
        result = simulated(office, role)
        assert result["EvalDecision"] == "allowed", role
        (matched,) = result["MatchedStatements"]
        assert matched["SourcePolicyId"] == "user_alice_p"
        assert result["EvalDecisionDetails"] == {}
    other = simulated(office, ABROAD.replace("Deploy", "Other"))
    assert other["EvalDecision"] == "implicitDeny"


def test_a_bucket_of_another_account_still_needs_its_policy(office: Office) -> None:
    office.new_user("alice", allow("s3:GetObject"))
    abroad = {"ActionNames": ["s3:GetObject"], "ResourceOwner": "arn:aws:iam::999988887777:root"}
    assert simulated(office, "arn:aws:s3:::b/k", **abroad)["EvalDecision"] == "implicitDeny"


@pytest.mark.parametrize("role", [ABROAD, "role/r"])
def test_a_trust_policy_that_is_given_counts(office: Office, role: str) -> None:
    """PE-108…PE-111; its statements need no Resource (PE-115)."""
    office.new_user("alice", allow(ASSUME))
    alice, arn = office.arn("user/alice"), role if role == ABROAD else office.arn(role)
    given: dict[str, Any] = {"CallerArn": alice}
    trusted = simulated(office, arn, ResourcePolicy=trust(alice), **given)
    assert trusted["EvalDecision"] == "allowed"
    found = {(one["SourcePolicyType"], one["SourcePolicyId"]) for one in
             trusted["MatchedStatements"]}  # fmt: skip
    assert ("Resource Policy", "ResourcePolicy") in found
    strange = simulated(office, arn, ResourcePolicy=trust(office.arn("user/bob")), **given)
    assert strange["EvalDecision"] == "implicitDeny"
    denied = simulated(office, arn, ResourcePolicy=trust(alice, effect="Deny"), **given)
    assert denied["EvalDecision"] == "explicitDeny"
    external = {"StringEquals": {"sts:ExternalId": "x"}}
    needing = trust(alice, Condition=external)
    missing = simulated(office, arn, ResourcePolicy=needing, **given)
    assert (missing["EvalDecision"], missing["MissingContextValues"]) == (
        "implicitDeny",
        ["sts:ExternalId"],
    )
    entry = {"ContextKeyName": "sts:ExternalId", "ContextKeyValues": ["x"]}
    right = simulated(office, arn, ResourcePolicy=needing, ContextEntries=[entry], **given)
    assert right["EvalDecision"] == "allowed"


def test_both_sides_are_told_of_a_role_abroad(office: Office) -> None:
    office.new_user("alice")
    alice = office.arn("user/alice")
    result = simulated(office, ABROAD, ResourcePolicy=trust(alice), CallerArn=alice)
    assert result["EvalDecision"] == "implicitDeny"
    assert result["EvalDecisionDetails"] == {
        "IAM Policy": "implicitDeny",
        "Resource Policy": "allowed",
    }


@pytest.mark.parametrize(
    "statements",
    [
        [allow(f"s3:Get{number}") for number in range(1_001)],
        [allow([f"s3:G{number}" for number in range(9_000)])],
    ],
    ids=("statements", "values"),
)
def test_what_one_action_is_looked_at_for_is_bounded(
    office: Office, statements: list[dict[str, Any]]
) -> None:
    given = {
        "PolicyInputList": [document(*statements)],
        "ActionNames": ["s3:Get1"],
        "ResourceArns": [f"arn:aws:s3:::b/{number}" for number in range(500)],
    }
    assert office.refusal("SimulateCustomPolicy", **given) == (
        "InvalidInput",
        400,
        "The policies are too large for so many resources.",
    )


def test_a_page_of_a_large_simulation_is_short(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IAM API Reference: fewer results than MaxItems may come though there are more."""
    monkeypatch.setattr(simulate, "LOOKED_AT", 100)
    statements = [allow(f"s3:Get{number}") for number in range(30)]
    names = [f"s3:Get{number}" for number in range(10)]
    given: dict[str, Any] = {"PolicyInputList": [document(*statements)], "ActionNames": names}
    told: list[str] = []
    lengths = []
    while True:
        output = office.do("SimulateCustomPolicy", **given)
        told += [result["EvalActionName"] for result in output["EvaluationResults"]]
        lengths.append(len(output["EvaluationResults"]))
        if not output["IsTruncated"]:
            break
        given["Marker"] = output["Marker"]
    assert told == names
    assert lengths == [3, 3, 3, 1]


def test_nothing_is_told_of_another_accounts_users(
    office: Office, directory: SqliteDirectory
) -> None:
    """Neither that they exist nor their unique ids."""
    other = Office(directory)
    other.new_user("eve")
    knows = allow("s3:GetObject", Condition={"StringLike": {"aws:userid": "AIDA*"}})
    for name in ("eve", "nobody"):
        given = {
            "PolicyInputList": [document(knows)],
            "ActionNames": ["s3:GetObject"],
            "CallerArn": other.arn(f"user/{name}"),
        }
        (result,) = office.do("SimulateCustomPolicy", **given)["EvaluationResults"]
        assert result["EvalDecision"] == "implicitDeny", name
