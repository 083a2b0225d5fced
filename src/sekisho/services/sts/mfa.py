"""Multi-factor authentication given in the call itself: SerialNumber and TokenCode."""

from dataclasses import dataclass

from sekisho.directory.queries import devices
from sekisho.directory.store import Directory
from sekisho.model.arn import parse_arn
from sekisho.model.faults import AccessDenied
from sekisho.model.principal import Caller
from sekisho.services.operation import Call, Desk
from sekisho.services.totp import codes_match

FREE_GUESSES = 5
FIRST_WAIT = 30  # seconds; doubled with every further wrong code
LONGEST_WAIT = 3600

WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
WRONG_DEVICE = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  "
    "Please verify your MFA serial number is valid and associated with this user."
)
HALF_GIVEN = (
    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
)


@dataclass(frozen=True, slots=True)
class Factor:
    """A code that was right; it counts only once `use` has written that down."""

    serial: str
    step: int

    def use(self, desk: Desk) -> None:
        """Take the code, once: whoever comes second is refused (W-137)."""
        with desk.directory.writing() as tx:
            taken = devices.advance_device(tx, self.serial, self.step)
        if not taken:
            raise AccessDenied(WRONG_CODE)


def given_factor(call: Call, desk: Desk) -> Factor | None:
    """The factor this call gives; None if it gives none.

    Raises AccessDenied when only half of it is given, the device is not the caller's own, or the
    code is wrong or was used before (W-137, PE-201 #20).
    """
    serial, code = call.input.get("SerialNumber"), call.input.get("TokenCode")
    if serial is None and code is None:
        return None
    if serial is None or code is None:
        raise AccessDenied(HALF_GIVEN)
    if call.caller.session is not None or not belongs_to_account(serial, call.caller):
        raise AccessDenied(WRONG_DEVICE)
    with desk.directory.reading() as tx:
        device = devices.get_device(tx, serial)
    if device is None or not device.owner or device.owner != call.caller.principal.unique_id:
        raise AccessDenied(WRONG_DEVICE)
    if call.now < device.refused_until:
        raise AccessDenied(WRONG_CODE)
    step = codes_match(device.seed, code, call.ambient.now, device.last_step)
    if step is None:
        count_wrong_code(desk.directory, serial, call.now)
        raise AccessDenied(WRONG_CODE)
    return Factor(serial, step)


def count_wrong_code(directory: Directory, serial: str, now: int) -> None:
    """Count it on record, for every process; after five in a row codes are refused, ever longer."""
    with directory.writing() as tx:
        beyond = devices.count_wrong_code(tx, serial) - FREE_GUESSES
        if beyond >= 0:
            wait = min(LONGEST_WAIT, FIRST_WAIT << min(beyond, 12))
            devices.refuse_codes(tx, serial, now + wait)


def belongs_to_account(serial: str, caller: Caller) -> bool:
    try:
        return parse_arn(serial).account == caller.principal.account
    except ValueError:
        return False
