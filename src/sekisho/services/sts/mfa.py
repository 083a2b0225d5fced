"""Multi-factor authentication given in the call itself: SerialNumber and TokenCode."""

from collections import OrderedDict
from dataclasses import dataclass

from sekisho.directory.queries import devices
from sekisho.model.arn import parse_arn
from sekisho.model.faults import AccessDenied
from sekisho.model.principal import Caller
from sekisho.services.operation import Call, Desk
from sekisho.services.totp import codes_match

FREE_GUESSES = 5
FIRST_WAIT = 30.0  # seconds; doubled with every further wrong code
LONGEST_WAIT = 3600.0
MOST_DEVICES = 10_000

WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
WRONG_DEVICE = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  "
    "Please verify your MFA serial number is valid and associated with this user."
)
HALF_GIVEN = (
    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
)


class Guesses:
    """Wrong codes in a row, by device: after five, codes are refused unseen, ever longer.

    Kept in memory, for the newest 10,000 devices.
    """

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def refuse(self, serial: str, now: float) -> None:
        """Raises AccessDenied while the device's codes are not looked at."""
        _, until = self._wrong.get(serial, (0, 0.0))
        if now < until:
            raise AccessDenied(WRONG_CODE)

    def failed(self, serial: str, now: float) -> None:
        count = self._wrong.pop(serial, (0, 0.0))[0] + 1
        beyond = count - FREE_GUESSES
        wait = 0.0 if beyond < 0 else min(LONGEST_WAIT, FIRST_WAIT * 2.0**beyond)
        self._wrong[serial] = count, now + wait
        if len(self._wrong) > MOST_DEVICES:
            self._wrong.popitem(last=False)

    def right(self, serial: str) -> None:
        self._wrong.pop(serial, None)


GUESSES = Guesses()


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
    GUESSES.refuse(serial, call.ambient.now)
    step = codes_match(device.seed, code, call.ambient.now, device.last_step)
    if step is None:
        GUESSES.failed(serial, call.ambient.now)
        raise AccessDenied(WRONG_CODE)
    GUESSES.right(serial)
    return Factor(serial, step)


def belongs_to_account(serial: str, caller: Caller) -> bool:
    try:
        return parse_arn(serial).account == caller.principal.account
    except ValueError:
        return False
