"""Identity and session policies: the checks of IAM in its order (PE-68…PE-70)."""

import re
from collections.abc import Iterable

from sekisho.policy.document import VERSION_2012, Finding, Policy, Statement
from sekisho.policy.grammar import survey
from sekisho.policy.literals import read_instant
from sekisho.policy.refusals.structure import Refused, has_repeated_sid, read_root

SYNTAX = "Syntax errors in policy."
LEGACY = "The policy failed legacy parsing"
SID = (
    "Statement IDs (SID) must be alpha-numeric."
    " Check that your input satisfies the regular expression [0-9A-Za-z]*"
)
NO_RESOURCES = "Policy statement must contain resources."
PARTITIONS = frozenset(
    {
        "*",
        "aws",
        "aws-cn",
        "aws-us-gov",
        "aws-iso",
        "aws-iso-b",
        "aws-iso-e",
        "aws-iso-f",
        "aws-eusc",
    }
)
IAM_PATHS = (
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
)
# What AWS's own policies name besides; the sentence does not know it.
UNTOLD_IAM_PATHS = ("role-template/",)
ROOT_USER = "root"
# What S3 keeps in one region; the ARN of a bucket or an object has none.
REGIONAL_S3 = ("accesspoint/", "access-grants/", "job/", "storage-lens/", "storage-lens-group/")

_LATER = frozenset({"EffectCase", "MissingAction", "EmptyAction", "EmptyResource"})
_SID = re.compile(r"[0-9A-Za-z]*", re.ASCII)
_NOT_VENDOR = re.compile(r"[^A-Za-z0-9.-]")


def check(text: str) -> None:
    """A managed or inline policy, or a permissions boundary."""
    _check(text, session=False)


def check_session(text: str) -> None:
    """A session policy: any version, and no ARN with parts left out (PE-45, PE-73)."""
    _check(text, session=True)


def _check(text: str, session: bool) -> None:
    policy, findings = survey(text, read_root(text, SYNTAX))
    codes = {finding.code for finding in findings}
    if codes - _LATER:
        raise Refused(SYNTAX)
    if policy.version != VERSION_2012 and not session:
        raise Refused("Policy document must be version 2012-10-17 or greater.")
    if any(_names_principals(statement) for statement in policy.statements):
        raise Refused("Policy document should not specify a principal.")
    if "EffectCase" in codes or not all(map(_has_good_dates, policy.statements)):
        raise Refused(LEGACY)
    resource_fault = _resource_fault(policy, session)
    if not all(_SID.fullmatch(statement.sid) for statement in policy.statements):
        raise Refused(SID)
    if has_repeated_sid(policy.statements):
        raise Refused("Statement IDs (SID) in a single policy must be unique.")
    if codes & {"MissingAction", "EmptyAction"}:
        raise Refused("Policy statement must contain actions.")
    if resource_fault:
        raise Refused(resource_fault)
    _check_actions(policy)
    _check_resources_present(policy, findings)


def _names_principals(statement: Statement) -> bool:
    return statement.principals is not None or statement.not_principals is not None


def _has_good_dates(statement: Statement) -> bool:
    return all(
        read_instant(value) is not None
        for clause in statement.conditions
        if clause.operator.rpartition(":")[2].startswith("Date")
        for value in clause.values
    )


def _check_actions(policy: Policy) -> None:
    """Action of all statements first, then NotAction (PE-69)."""
    for statement in policy.statements:
        _check_vendors(statement.actions or ())
    for statement in policy.statements:
        _check_vendors(statement.not_actions or ())


def _check_vendors(actions: Iterable[str]) -> None:
    for action in actions:
        sentence = action_fault(action)
        if sentence:
            raise Refused(sentence)


def action_fault(action: str) -> str:
    """The sentence on what is no ``service:Action``; empty if it is one, or ``*``."""
    vendor, colon, name = action.partition(":")
    if not colon and action != "*":
        return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
    if ":" in name:
        return "Actions/Condition can contain only one colon."
    if vendor != "*" and _NOT_VENDOR.search(vendor):
        return f"Vendor {vendor} is not valid"
    return ""


def _check_resources_present(policy: Policy, findings: Iterable[Finding]) -> None:
    if any(finding.code == "EmptyResource" for finding in findings):
        raise Refused(NO_RESOURCES)
    for statement in policy.statements:
        if statement.resources is None and statement.not_resources is None:
            raise Refused(NO_RESOURCES)


def _resource_fault(policy: Policy, session: bool) -> str:
    """The sentence on the first faulty resource, or nothing; Refused if legacy parsing fails.

    Resource of all statements comes before NotResource; within a list the alphabetically first
    fault is told. Once a fault is found, the rest is not parsed (PE-46).
    """
    elements = [statement.resources for statement in policy.statements]
    elements += [statement.not_resources for statement in policy.statements]
    for listed in elements:
        for resource in sorted(listed or ()):
            fault = _format_fault(resource, session)
            if fault:
                return fault
        if any(map(_fails_legacy_parsing, listed or ())):
            raise Refused(LEGACY)
    return ""


def _fails_legacy_parsing(resource: str) -> bool:
    if resource == "*":
        return False
    return (resource.count(":") < 5 and "::" in resource) or resource.split(":")[2] == ""


def _format_fault(resource: str, session: bool) -> str:
    if resource == "*":
        return ""
    parts = resource.split(":", 5)
    not_an_arn = f'Resource {resource} must be in ARN format or "*".'
    if len(parts) == 1:
        return not_an_arn
    if parts[1] not in PARTITIONS:
        rest = ["*" if parts[2:] == [""] else part for part in parts[2:]]
        shown = ":".join(["arn", parts[1], *rest, *["*"] * (6 - len(parts))])
        return f'Partition "{parts[1]}" is not valid for resource "{shown}".'
    if len(parts) == 2 or "*" in parts[2] or "?" in parts[2]:
        return "Resource vendor must be fully qualified and cannot contain regexes."
    if parts[0] != "arn" or (session and len(parts) < 6):
        return not_an_arn
    return _service_fault(resource, parts[2], "".join(parts[3:4]), parts[5:])


def _service_fault(resource: str, service: str, region: str, path: list[str]) -> str:
    if service == "iam":
        if region:
            return f"IAM resource {resource} cannot contain region information."
        if path and not _is_iam_path(path[0]):
            paths = ", ".join(IAM_PATHS)
            return f'IAM resource path must either be "*" or start with {paths}.'
    if service == "s3" and region and not (path and path[0].startswith(REGIONAL_S3)):
        return f"Resource {resource} can not contain region information."
    return ""


def _is_iam_path(path: str) -> bool:
    return path in ("*", ROOT_USER) or path.startswith(IAM_PATHS + UNTOLD_IAM_PATHS)
