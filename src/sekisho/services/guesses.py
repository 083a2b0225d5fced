"""Guesses at passwords, counted in the store, where every process sees it.

A guess is counted before it is looked at, so that many at once are not looked at for free.
"""

from sekisho.directory.queries import console
from sekisho.directory.store import Transaction

FREE_OF_USER = 5
FIRST_WAIT, LONGEST_WAIT = 30, 15 * 60  # seconds


def count_guess(tx: Transaction, subject: str, free: int, now: int) -> None:
    """Count one more guess in a row; from the last free one on the next has to wait, ever longer.

    subject: what is guessed, or who guesses.
    """
    beyond = console.count_attempt(tx, subject, now) - free
    if beyond >= 0:
        wait = min(LONGEST_WAIT, FIRST_WAIT << min(beyond, 10))
        console.refuse_attempts(tx, subject, now + wait)
