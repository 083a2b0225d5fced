"""Sessions of the web console, and what guards its door. Times are epoch seconds."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ConsoleSession:
    """A browser that is signed in.

    hashed: SHA-256 of what its cookie holds, in hexadecimal. token: the sealed grant that says who
    signed in and how. csrf: what every change must be asked with. password: SHA-256 of the hash of
    the password that it rests on; empty for a federated one, which rests on none. issuer: where a
    federated one came from; else empty.
    """

    hashed: str
    account: str
    begun: int
    expires: int
    password: str = ""
    issuer: str = ""
    csrf: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RootPassword:
    """The password of an account's root user: Argon2id in the PHC form, and when it was set."""

    account: str
    changed: int
    hashed: str = field(repr=False)
