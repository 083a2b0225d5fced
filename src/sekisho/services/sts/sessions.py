"""Temporary credentials for oneself: GetSessionToken."""

from sekisho.model.principal import PrincipalKind, Session
from sekisho.services.operation import Call, Desk, Output, nothing_asked, operation
from sekisho.services.sts.mfa import given_factor
from sekisho.services.sts.tokens import issue

DEFAULT_SECONDS = 43_200
ROOT_SECONDS = 3_600


@operation("sts:GetSessionToken", asks=nothing_asked, waits=False)
def get_session_token(call: Call, desk: Desk) -> Output:
    """Give a user or root user temporary credentials of their own, with MFA if they show it.

    Input: DurationSeconds (900-129,600, default 43,200; cut to 3,600 for root, W-101),
        SerialNumber with TokenCode, MinimumSessionTokenSize (0-4,096 bytes). Needs no permission
        (PE-125).
    Raises: AccessDenied for session credentials (PE-208) and for MFA that fails (W-137).
    """
    factor = given_factor(call, desk)
    principal = call.caller.principal
    seconds = checked_seconds(call)
    if factor is not None:
        factor.use(desk)
    session = Session(
        issued=call.now,
        expires=call.now + seconds,
        mfa_at=None if factor is None else call.now,
    )
    credentials = issue(
        desk.directory.ring(),
        principal.kind,
        principal.account,
        principal.unique_id,
        "",
        session,
        call.input.get("MinimumSessionTokenSize", 0),
    )
    return credentials.as_output()


def checked_seconds(call: Call) -> int:
    """Seconds that are asked for; a root user gets an hour at most (W-101)."""
    seconds: int = call.input.get("DurationSeconds", DEFAULT_SECONDS)
    if call.caller.principal.kind is PrincipalKind.ROOT:
        return min(seconds, ROOT_SECONDS)
    return seconds
