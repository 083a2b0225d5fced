"""What Organizations says when it refuses: codes and sentences (W-225, W-226, W-232, W-241).

All have status 400; those with several causes name the one in a reason.
"""

from sekisho.model.faults import Fault

_NOT_FOUND = {
    "Account": "You specified an account that doesn't exist.",
    "Child": "You specified a child that doesn't exist.",
    "CreateAccountStatus": "You specified a create account request that doesn't exist.",
    "DestinationParent": "You specified a destination parent that doesn't exist.",
    "Handshake": "You specified a handshake that doesn't exist.",
    "OrganizationalUnit": "You specified an organizational unit that doesn't exist.",
    "Parent": "You specified parent that doesn't exist.",
    "Policy": "We can't find a policy with the PolicyId that you specified.",
    "Root": "You specified a root that doesn't exist.",
    "SourceParent": "You specified a source parent that doesn't exist.",
    "Target": "You specified a target that doesn't exist.",
}


def refused(name: str, message: str, reason: str = "") -> Fault:
    """name: of the exception, without that word."""
    details = {"Reason": reason} if reason else {}
    return Fault(f"{name}Exception", 400, message, details)


def not_found(what: str) -> Fault:
    return refused(f"{what}NotFound", _NOT_FOUND[what])


def not_in_use() -> Fault:
    """W-225."""
    said = "Your account is not a member of an organization."
    return refused("AWSOrganizationsNotInUse", said)


def denied() -> Fault:
    """W-226: of calls that are not a member's to make, whatever its policies say."""
    said = "You don't have permissions to access this resource."
    return refused("AccessDenied", said)


def constrained(reason: str, message: str) -> Fault:
    return refused("ConstraintViolation", message, reason)


def invalid(reason: str, message: str = "You specified an invalid value.") -> Fault:
    return refused("InvalidInput", message, reason)


def management_stays() -> Fault:
    said = "You can't remove a management account from an organization."
    return refused("MasterCannotLeaveOrganization", said)
