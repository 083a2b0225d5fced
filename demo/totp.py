"""Time-based one-time passwords (RFC 6238), as a phone would show them."""

import base64
import hmac
import struct
import time

PERIOD = 30  # seconds
SAFE = 8  # seconds that a command may need


def code(seed: str, step: int) -> str:
    """The six digits of a 30-second step. seed: base32 text, as CreateVirtualMFADevice gives it."""
    key = base64.b32decode(seed.strip() + "=" * (-len(seed.strip()) % 8))
    digest = hmac.digest(key, struct.pack(">Q", step), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def steady_step() -> int:
    """The running step; near its end, the next one, once it has begun."""
    left = PERIOD - time.time() % PERIOD
    if left < SAFE:
        time.sleep(left)
    return int(time.time() // PERIOD)


def unused_step(last: int) -> int:
    """A step after `last` whose code a server accepts now: the running one or the next."""
    return max(last + 1, int(time.time() // PERIOD))
