"""What users prove themselves with, apart from access keys and devices.

Times are epoch seconds (UTC, whole). owner is always the unique id of a user.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LoginProfile:
    """A user's password.

    hashed: Argon2id in the PHC form; earlier: those before it, newest first.
    changed: when it was set. reset: whether it must be replaced at the next sign-in.
    """

    account: str
    owner: str
    created: int
    changed: int
    reset: bool
    hashed: str = field(repr=False)
    earlier: tuple[str, ...] = field(default=(), repr=False)
