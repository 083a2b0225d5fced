"""GetFederationToken: temporary credentials for somebody whom only the caller knows."""

from collections.abc import Sequence

from sekisho.access.context import passed_tags_context
from sekisho.access.decide import Ask
from sekisho.model.arn import federated_user_arn
from sekisho.model.principal import PrincipalKind, Session, federated_principal
from sekisho.services.operation import Call, Desk, Output, operation
from sekisho.services.sts.passed import (
    check_policies,
    check_tags,
    packed_size,
    passed_tags,
    policy_arns,
)
from sekisho.services.sts.sessions import checked_seconds
from sekisho.services.sts.tokens import issue


def get_federation_token_asks(call: Call, desk: Desk) -> Sequence[Ask]:
    """sts:GetFederationToken on the federated user; sts:TagSession if tags are passed (W-153)."""
    check_policies(call.input, call.account)
    if "Tags" in call.input:
        check_tags(call.input, {})
    tags, _ = passed_tags(call.input)
    context = passed_tags_context(tags)
    resource = federated_user_arn(call.account, call.input["Name"])
    actions = ["sts:GetFederationToken", *(["sts:TagSession"] if tags else [])]
    return [Ask(action, resource, call.account, context) for action in actions]


@operation("sts:GetFederationToken", asks=get_federation_token_asks, waits=False)
def get_federation_token(call: Call, desk: Desk) -> Output:
    """Give a user's or root user's temporary credentials to somebody else, under another name.

    What they may is what the caller may and the session policies say; without session policies
    nothing but what a resource's policy gives to the federated user (PE-93, W-113).
    Input: Name (2-32 characters), Policy and PolicyArns (together 2,048 characters), Tags,
        DurationSeconds (900-129,600, default 43,200; cut to 3,600 for root, W-101).
    Output: Credentials, FederatedUser; PackedPolicySize if policies or tags were passed.
    Raises: AccessDenied, also for session credentials (PE-208); MalformedPolicyDocument;
        PackedPolicyTooLarge (W-136).
    """
    seconds = checked_seconds(call)
    tags, _ = passed_tags(call.input)
    session = Session(
        issued=call.now,
        expires=call.now + seconds,
        tags=tags,
        policy=call.input.get("Policy", ""),
        policy_arns=policy_arns(call.input),
    )
    packed = packed_size(session)
    sponsor = call.caller.principal
    federated = federated_principal(call.account, call.input["Name"])
    credentials = issue(
        desk.directory.ring(),
        PrincipalKind.FEDERATED_USER,
        call.account,
        sponsor.unique_id,
        federated.name,
        session,
        call.input.get("MinimumSessionTokenSize", 0),
    )
    output: Output = {
        **credentials.as_output(),
        "FederatedUser": {"FederatedUserId": federated.user_id, "Arn": federated.arn},
    }
    if packed is not None:
        output["PackedPolicySize"] = packed
    return output
