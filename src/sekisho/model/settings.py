"""What an account has decided for itself."""

from dataclasses import dataclass

V1_TOKEN = "v1Token"  # noqa: S105 - AWS's word for a kind of token


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """Rules for the passwords of an account's users (W-207).

    length: 6-128 characters at least. max_age: days until a password expires, 1-1,095; 0: never.
    remembered: how many passwords may not be used again, 1-24; 0: none. hard_expiry: whether an
    expired password can only be set by somebody else; None if it was never said.
    """

    length: int = 6
    symbols: bool = False
    numbers: bool = False
    uppercase: bool = False
    lowercase: bool = False
    users_may_change: bool = False
    max_age: int = 0
    remembered: int = 0
    hard_expiry: bool | None = None


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """alias: unique over all accounts; empty if none. password_policy: None if none was set.

    token_version: of the global STS endpoint (W-124).
    """

    account: str
    alias: str = ""
    password_policy: PasswordPolicy | None = None
    token_version: str = V1_TOKEN
