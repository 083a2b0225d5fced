"""Temporary credentials for oneself: GetSessionToken."""

from sekisho.access.decide import Access
from sekisho.model.faults import AccessDenied
from sekisho.model.principal import Caller, PrincipalKind, Session
from sekisho.services.operation import Call, Desk, Output, nothing_asked, operation
from sekisho.services.sts.mfa import given_factor
from sekisho.services.sts.tokens import issue

DEFAULT_SECONDS = 43_200
ROOT_SECONDS = 3_600


def refuse_session_credentials(caller: Caller, operation_name: str) -> None:
    """GetSessionToken and its like take long-term credentials only (PE-208, W-111)."""
    if caller.session is not None:
        raise AccessDenied(f"Cannot call {operation_name} with session credentials")


@operation("sts:GetSessionToken", asks=nothing_asked, waits=False)
def get_session_token(call: Call, desk: Desk) -> Output:
    """Give a user or root user temporary credentials of their own, with MFA if they show it.

    Input: DurationSeconds (900-129,600, default 43,200; cut to 3,600 for root, W-101),
        SerialNumber with TokenCode. Needs no permission (PE-125).
    Raises: AccessDenied for session credentials (PE-208) and for MFA that fails (W-137).
    """
    refuse_session_credentials(call.caller, "GetSessionToken")
    factor = given_factor(call, desk)
    principal = call.caller.principal
    seconds = call.input.get("DurationSeconds", DEFAULT_SECONDS)
    if principal.kind is PrincipalKind.ROOT:
        seconds = min(seconds, ROOT_SECONDS)
    if factor is not None:
        factor.use(desk)
    session = Session(
        issued=call.now,
        expires=call.now + seconds,
        mfa_at=None if factor is None else call.now,
    )
    credentials = issue(
        desk.directory.ring(), principal.kind, principal.account, principal.unique_id, "", session
    )
    return {"Credentials": credentials.as_output()}


def is_usable(access: Access, kind: PrincipalKind, account: str, unique_id: str) -> bool:
    """Whether the principal behind a session still lives (W-123, PE-216)."""
    if kind is PrincipalKind.USER:
        return access.evidence.user(account, unique_id) is not None
    if kind is PrincipalKind.ROLE_SESSION:
        return access.evidence.role_by_id(account, unique_id) is not None
    return access.evidence.account(account) is not None
