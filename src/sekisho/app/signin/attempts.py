"""How often somebody may try to sign in, counted in the store, where every process sees it.

Names that nobody has are counted like others. Counts of who was not tried for a day are forgotten.
"""

import hashlib

from sekisho.app.signin.answers import Refused
from sekisho.directory.queries import console
from sekisho.directory.store import Directory
from sekisho.policy.words import say
from sekisho.services.guesses import FREE_OF_USER, count_guess
from sekisho.services.sts.pace import household_of

FREE_OF_ADDRESS = 20
REMEMBERED = 24 * 3600


def subject_of_user(account: str, user: str) -> str:
    """account: an id or an alias, spelled plainly. user: empty for the root user."""
    return _hashed("user", account, user.casefold())


def subject_of_address(address: str) -> str:
    return _hashed("address", household_of(address))


def begin_attempt(directory: Directory, user: str, address: str, now: int) -> None:
    """Count an attempt. Raises Refused (429) where the user or the address has to wait."""
    with directory.writing() as tx:
        console.forget_old_attempts(tx, now - REMEMBERED)
        until = max(console.refused_until(tx, user), console.refused_until(tx, address))
        if until <= now:
            count_guess(tx, user, FREE_OF_USER, now)
            count_guess(tx, address, FREE_OF_ADDRESS, now)
    if until > now:
        raise Refused(
            429,
            "TooManyAttempts",
            say("There were too many attempts. Wait a moment, then try again."),
            headers=(("Retry-After", str(until - now)),),
        )


def forgive(directory: Directory, user: str, address: str) -> None:
    """Forget a user's attempts once the right password was shown, and this one of the address.

    Not those before it: whoever knows one password must not get others to guess for free.
    """
    with directory.writing() as tx:
        console.forget_attempts(tx, user)
        console.take_back_attempt(tx, address)


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
