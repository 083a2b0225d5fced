"""Which condition keys policies look at, for who wants to simulate them."""

from collections.abc import Iterable

from sekisho.policy import Policy, PolicyType, context_keys, parse_policy, refusal
from sekisho.services.iam.faults import invalid_input
from sekisho.services.iam.sources import granted_to, source_target, the_entity_of
from sekisho.services.operation import Call, Desk, Output, everything, operation


@operation("iam:GetContextKeysForCustomPolicy", resource=everything)
def get_context_keys_for_custom_policy(call: Call, desk: Desk) -> Output:
    """List the keys in conditions and variables of the policies of the input, each once.

    Raises: InvalidInput for a text that is no identity-based policy.
    """
    return shown_keys(read_policies(call.input["PolicyInputList"]))


@operation("iam:GetContextKeysForPrincipalPolicy", resource=source_target)
def get_context_keys_for_principal_policy(call: Call, desk: Desk) -> Output:
    """List the same of the policies of a user (with its groups), group or role.

    Input: PolicySourceArn, PolicyInputList (more policies). Raises: NoSuchEntity, InvalidInput.
    """
    granted = granted_to(desk, the_entity_of(call, desk, call.input["PolicySourceArn"]))
    held = [parse_policy(text) for _, text in granted.texts]
    return shown_keys([*held, *read_policies(call.input.get("PolicyInputList", ()))])


def read_policies(texts: Iterable[str]) -> list[Policy]:
    """Raises InvalidInput in the words in which IAM would refuse to save them."""
    read = []
    for text in texts:
        said = refusal(text, PolicyType.IDENTITY)
        if said is not None:
            raise invalid_input(said)
        read.append(parse_policy(text))
    return read


def shown_keys(policies: Iterable[Policy]) -> Output:
    found: dict[str, str] = {}
    for policy in policies:
        for key in context_keys(policy):
            found.setdefault(key.lower(), key)
    return {"ContextKeyNames": list(found.values())}
