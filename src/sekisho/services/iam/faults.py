"""What IAM says when it refuses: codes, statuses and sentences (W-166…W-173, PE-74…PE-76)."""

from sekisho.model.faults import Fault
from sekisho.model.records import Owner


def no_such_entity(message: str) -> Fault:
    return Fault("NoSuchEntity", 404, message)


def no_such(kind: Owner, name: str) -> Fault:
    """Of a user, role or group (W-167)."""
    return no_such_entity(f"The {kind.value.lower()} with name {name} cannot be found.")


def no_such_policy(arn: str) -> Fault:
    """Of a managed policy that is looked at, changed or detached (PE-74)."""
    return no_such_entity(f"Policy {arn} was not found.")


def not_attachable(arn: str) -> Fault:
    """Of a managed policy that is to be attached (PE-74)."""
    return no_such_entity(f"Policy {arn} does not exist or is not attachable.")


def for_services_only(kind: Owner) -> Fault:
    """Of a policy that AWS attaches to service-linked roles alone (PE-74, W-220)."""
    said = f"Cannot attach a Service Role Policy to a Customer {kind.value}."
    return Fault("PolicyNotAttachable", 400, said)


def no_such_boundary(arn: str) -> Fault:
    """Of a managed policy that is to be a permissions boundary."""
    return no_such_entity(f"Scope ARN: {arn} does not exist or is not attachable.")


def no_such_version(arn: str, version: str) -> Fault:
    return no_such_entity(f"Policy {arn} version {version} does not exist or is not attachable.")


def no_such_access_key(access_key_id: str) -> Fault:
    """The sentence has no full stop (W-167)."""
    return no_such_entity(f"The Access Key with id {access_key_id} cannot be found")


def already_exists(kind: Owner, name: str) -> Fault:
    """Of a user, role or group (W-168)."""
    return Fault("EntityAlreadyExists", 409, f"{kind.value} with name {name} already exists.")


def policy_exists(name: str) -> Fault:
    return Fault(
        "EntityAlreadyExists",
        409,
        f"A policy called {name} already exists. Duplicate names are not allowed.",
    )


def exists(message: str) -> Fault:
    return Fault("EntityAlreadyExists", 409, message)


def delete_conflict(first: str) -> Fault:
    """Of a user, role or group; first: what must be done first, as in W-169."""
    return Fault("DeleteConflict", 409, f"Cannot delete entity, must {first} first.")


def policy_conflict(message: str) -> Fault:
    """Of a managed policy or one of its versions (W-170)."""
    return Fault("DeleteConflict", 409, message)


def limit_exceeded(message: str) -> Fault:
    return Fault("LimitExceeded", 409, message)


def over_quota(quota: str, most: int) -> Fault:
    """quota: AWS's name of it, such as ``PoliciesPerRole`` (W-171, PE-65)."""
    return limit_exceeded(f"Cannot exceed quota for {quota}: {most}")


def unmodifiable(role: str) -> Fault:
    """Of a role that is a service's own (W-175)."""
    return Fault(
        "UnmodifiableEntity",
        400,
        f"Cannot perform the operation on the protected role '{role}' - this role is only"
        " modifiable by AWS",
    )


def malformed_policy(message: str) -> Fault:
    return Fault("MalformedPolicyDocument", 400, message)


def invalid(message: str) -> Fault:
    return Fault("ValidationError", 400, message)


def invalid_input(message: str) -> Fault:
    return Fault("InvalidInput", 400, message)


UNPARSABLE_ARN = "Invalid ARN:  Could not be parsed!"
USER_NAME_NEEDED = "Must specify userName when calling with non-User credentials"
