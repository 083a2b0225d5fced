"""Passwords: which may be chosen, and how they are kept (W-207).

They are hashed with Argon2id, 19 MiB and two passes, outside of any transaction, four at a time.
"""

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from sekisho.directory.queries import accounts, organizations, settings
from sekisho.directory.store import Transaction
from sekisho.model.credentials import LoginProfile
from sekisho.model.faults import Fault
from sekisho.model.settings import PasswordPolicy

SHORTEST, LONGEST = 8, 128
CLASSES_NEEDED = 3
SYMBOLS = frozenset("!@#$%^&*()_+-=[]{}|'")
MOST_REMEMBERED = 24
HASHING_AT_ONCE = 4

_UPPERCASE = "Password should have at least one uppercase letter"
_LOWERCASE = "Password should have at least one lowercase letter"
_NUMBER = "Password should have at least one number"
_SYMBOL = "Password should have at least one symbol"
_TURNS = threading.BoundedSemaphore(HASHING_AT_ONCE)
_REUSED = "Policy constraint violation with password reuse prevention during password change."


@dataclass(frozen=True, slots=True)
class Hashed:
    """A new password, hashed.

    used: whether it is one of those that may not be used again. against: the hash of the password
    that it replaces, where its owner had to show that one.
    """

    text: str
    used: bool = False
    against: str = ""

    def discard(self) -> None:
        """Nothing is left behind if the transaction fails."""


def hash_password(password: str) -> str:
    """In the PHC form, with a salt of its own."""
    with _TURNS:
        return _argon2id(secrets.token_bytes(16)).derive_phc_encoded(password.encode())


def is_password(password: str, hashed: str) -> bool:
    """Compares in constant time."""
    try:
        with _TURNS:
            Argon2id.verify_phc_encoded(password.encode(), hashed)
    except InvalidKey:
        return False
    return True


def names_of(tx: Transaction, account_id: str) -> tuple[str, ...]:
    """What no password of an account may be: its name, alias and address, as far as known."""
    account = accounts.get_account(tx, account_id)
    member = organizations.get_member(tx, account_id)
    return (
        settings.get_settings(tx, account_id).alias,
        "" if account is None else account.name,
        "" if member is None else member.email,
    )


def check_password(password: str, policy: PasswordPolicy | None, names: Iterable[str]) -> None:
    """Raises PasswordPolicyViolation for a password that an account may not have.

    policy: None for the rules that hold without one: 8-128 characters, three of four classes,
    and not the account's name or address. names: what it must not be (names_of).
    """
    if policy is None:
        _check_default(password, names)
        return
    missed = [] if len(password) >= policy.length else [_too_short(policy.length)]
    needed = (policy.uppercase, policy.lowercase, policy.numbers, policy.symbols)
    for (said, found), is_needed in zip(_has(password).items(), needed, strict=True):
        if is_needed and not found:
            missed.append(said)
    if missed:
        raise violation(", ".join(missed))


def _check_default(password: str, names: Iterable[str]) -> None:
    if len(password) < SHORTEST:
        raise violation(_too_short(SHORTEST))
    has = _has(password)
    short_of = CLASSES_NEEDED - sum(has.values())
    if short_of > 0:
        missing = ", ".join(said for said, found in has.items() if not found)
        raise violation(
            f"Password should meet {short_of} more of the following requirements: {missing}"
        )
    if password in names:
        raise violation("Password should not be identical to your account name or email address")


def check_unused(hashed: Hashed) -> None:
    if hashed.used:
        raise violation(_REUSED)


def was_used(password: str, profile: LoginProfile, policy: PasswordPolicy | None) -> bool:
    """Whether it is one of the passwords that a policy remembers, the present one the first."""
    if policy is None:
        return False
    last = (profile.hashed, *profile.earlier)[: policy.remembered]
    return any(is_password(password, hashed) for hashed in last)


def violation(message: str) -> Fault:
    return Fault("PasswordPolicyViolation", 400, message)


def _too_short(length: int) -> str:
    return f"Password should have a minimum length of {length}"


def _has(password: str) -> dict[str, bool]:
    """What a password lacks, in AWS's words, and whether it has it."""
    return {
        _UPPERCASE: any("A" <= sign <= "Z" for sign in password),
        _LOWERCASE: any("a" <= sign <= "z" for sign in password),
        _NUMBER: any("0" <= sign <= "9" for sign in password),
        _SYMBOL: any(sign in SYMBOLS for sign in password),
    }


def _argon2id(salt: bytes) -> Argon2id:
    return Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=19_456)
