"""Roles that are to be assumed: found by exactly their ARN, for as long as they admit."""

from functools import lru_cache

from sekisho.access.held import HeldRole
from sekisho.model.arn import Arn, parse_arn, session_arn
from sekisho.model.faults import Fault
from sekisho.model.identifiers import is_account_id
from sekisho.model.principal import PrincipalKind, Session
from sekisho.services.operation import Call, Desk, Output
from sekisho.services.sts.passed import packed_size
from sekisho.services.sts.tokens import issue

DEFAULT_SECONDS = 3_600


def role_owner(role_arn: str) -> str:
    """The account a role ARN names; ValidationError ``… is invalid`` if it is none (W-132)."""
    arn = parse_role_arn(role_arn)
    if arn is None:
        raise Fault("ValidationError", 400, f"{role_arn} is invalid")
    return arn.account


@lru_cache(maxsize=4096)
def parse_role_arn(role_arn: str) -> Arn | None:
    try:
        arn = parse_arn(role_arn)
    except ValueError:
        return None
    if arn.service != "iam" or arn.region or not is_account_id(arn.account):
        return None
    return arn if arn.resource.startswith("role/") else None


def find_role(desk: Desk, role_arn: str) -> HeldRole | None:
    """The role of exactly this ARN, its path and the case of its name included (PE-201 #6)."""
    arn = parse_role_arn(role_arn)
    if arn is None:
        return None
    role = desk.access.evidence.role(arn.account, arn.resource.rpartition("/")[2])
    return role if role is not None and role.arn == role_arn else None


def refuse_longer(seconds: int, role: HeldRole) -> None:
    """A session lasts no longer than its role admits (W-127)."""
    if seconds > (role.role.max_session or DEFAULT_SECONDS):
        raise Fault(
            "ValidationError",
            400,
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )


def open_session(call: Call, desk: Desk, role: HeldRole, name: str, session: Session) -> Output:
    """What every way of assuming a role gives: AssumedRoleUser, Credentials, sizes (W-105)."""
    packed = packed_size(session)
    record = role.role
    credentials = issue(
        desk.directory.ring(),
        PrincipalKind.ROLE_SESSION,
        record.account,
        record.unique_id,
        name,
        session,
        call.input.get("MinimumSessionTokenSize", 0),
    )
    output: Output = {
        "AssumedRoleUser": {
            "AssumedRoleId": f"{record.unique_id}:{name}",
            "Arn": session_arn(record.account, record.name, name),
        },
        **credentials.as_output(),
    }
    if packed is not None:
        output["PackedPolicySize"] = packed
    if session.source_identity:
        output["SourceIdentity"] = session.source_identity
    return output
