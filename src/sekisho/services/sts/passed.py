"""What is passed for a session: policies that limit it and tags, the same for every way to one."""

import re
from collections.abc import Mapping
from typing import Any

from sekisho.model.arn import iam_arn
from sekisho.model.faults import Fault
from sekisho.model.principal import Caller, Session
from sekisho.policy import PolicyType, refusal
from sekisho.services.sts.tokens import allotted_percent

LONGEST_POLICIES = 2_048
MOST_POLICY_ARNS = 10
MOST_TAGS = 50

RESERVED = re.compile("aws:", re.IGNORECASE)


def check_policies(given: Mapping[str, Any], owner: str) -> None:
    """Session policies, inline and managed, of the account that owns the session (PE-73, W-97).

    Raises ValidationError, MalformedPolicyDocument, PackedPolicyTooLarge.
    """
    if "Policy" in given or "PolicyArns" in given:
        check_policy_arns(given, owner)
        check_session_policies(given)


def check_policy_arns(given: Mapping[str, Any], owner: str) -> None:
    """Managed session policies are policies of the role's account (W-97)."""
    if "PolicyArns" not in given:
        return
    if len(given["PolicyArns"]) > MOST_POLICY_ARNS:
        raise Fault(
            "ValidationError",
            400,
            "1 validation error detected: Value at 'policyArns' failed to satisfy constraint:"
            f" Member must have length less than or equal to {MOST_POLICY_ARNS}",
        )
    for entry in given["PolicyArns"]:
        arn = entry.get("arn", "")
        if not arn.startswith(
            (iam_arn(owner, "policy", "/", ""), iam_arn("aws", "policy", "/", ""))
        ):
            raise Fault("ValidationError", 400, f"{arn or 'PolicyArns'} is invalid")


def check_session_policies(given: Mapping[str, Any]) -> None:
    """The inline session policy must be one AWS would take (PE-73); both kinds have one measure."""
    policy: str = given.get("Policy", "")
    if policy:
        message = refusal(policy, PolicyType.SESSION)
        if message is not None:
            raise Fault("MalformedPolicyDocument", 400, message)
    arns = policy_arns(given)
    plain = len(policy) + sum(map(len, arns))
    if plain > LONGEST_POLICIES:
        percent = -(-100 * plain // LONGEST_POLICIES)
        raise Fault(
            "PackedPolicyTooLarge", 400, f"Packed policy consumes {percent}% of allotted space"
        )


def policy_arns(given: Mapping[str, Any]) -> tuple[str, ...]:
    if "PolicyArns" not in given:
        return ()
    return tuple([entry["arn"] for entry in given["PolicyArns"]])


def check_tags(given: Mapping[str, Any], inherited: Mapping[str, str]) -> None:
    """W-135: keys are compared ignoring case. inherited: the caller's transitive tags."""
    tags, transitive = given.get("Tags", ()), given.get("TransitiveTagKeys", ())
    if any(RESERVED.match(tag["Key"]) for tag in tags):
        raise Fault(
            "InvalidParameterValue",
            400,
            "aws: prefixed tag key names are not allowed for external use.",
        )
    keys = {tag["Key"].lower() for tag in tags}
    if len(keys) != len(tags):
        raise Fault(
            "InvalidParameterValue",
            400,
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        )
    if not {key.lower() for key in transitive} <= keys:
        raise Fault(
            "InvalidParameterValue",
            400,
            "The specified transitive tag key must be included in the requested tags.",
        )
    if keys & {key.lower() for key in inherited}:
        raise Fault(
            "InvalidParameterValue",
            400,
            "One of the specified transitive tag keys can't be set because it conflicts with a"
            " transitive tag key from the calling session.",
        )


def passed_tags(given: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The tags of a call, and the keys of those that are handed on."""
    if "Tags" not in given:
        return {}, ()
    tags = {tag["Key"]: tag["Value"] for tag in given["Tags"]}
    return tags, tuple(given.get("TransitiveTagKeys", ()))


def inherited_tags(caller: Caller) -> dict[str, str]:
    """The caller's transitive tags, which go on to the next session (PE-212, W-154)."""
    if caller.session is None or not caller.session.transitive:
        return {}
    handed_on = {key.lower() for key in caller.session.transitive}
    return {key: tag for key, tag in caller.session.tags.items() if key.lower() in handed_on}


def packed_size(session: Session) -> int | None:
    """PackedPolicySize: percent of the allotment; None if neither policies nor tags were passed.

    Raises PackedPolicyTooLarge above 100 percent or 50 tags (W-136).
    """
    if not (session.is_limited or session.tags):
        return None
    packed = allotted_percent(session)
    if len(session.tags) > MOST_TAGS:
        packed = max(packed, -(-100 * len(session.tags) // MOST_TAGS))
    if packed <= 100:
        return packed
    if session.is_limited:
        said = f"Packed policy consumes {packed}% of allotted space, please use smaller policy."
    else:
        said = f"Packed size of session tags consumes {packed}% of allotted space."
    raise Fault("PackedPolicyTooLarge", 400, said)
