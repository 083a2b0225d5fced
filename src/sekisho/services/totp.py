"""Codes of virtual MFA devices: RFC 6238 with 30 seconds, SHA-1 and six digits (W-208)."""

import hmac

PERIOD = 30
DIGITS = 6
WINDOW = 1


def step_at(now: float) -> int:
    """The number of the 30-second step that an epoch second lies in."""
    return int(now) // PERIOD


def code_at(seed: bytes, step: int) -> str:
    """The six digits of one step (RFC 4226, section 5.3)."""
    mac = hmac.digest(seed, step.to_bytes(8), "sha1")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def codes_match(seed: bytes, code: str, now: float, last_step: int) -> int | None:
    """The step whose code this is, or None.

    One step to either side of `now` counts. A step at or before `last_step` never does, so a code
    is good for one use (W-137). Every step is compared, and each in constant time.
    """
    return _matching(seed, (code,), now, last_step, WINDOW)


def successive_codes_match(
    seed: bytes, first: str, second: str, now: float, last_step: int
) -> int | None:
    """The step of the second of two codes that follow each other, or None (W-208).

    Whoever reads off two codes waits for the second, so the first may be one step older than
    `codes_match` would take.
    """
    return _matching(seed, (first, second), now, last_step, WINDOW)


def _matching(
    seed: bytes, codes: tuple[str, ...], now: float, last_step: int, window: int
) -> int | None:
    given = " ".join(codes).encode()
    accepted = None
    for last in range(step_at(now) - window, step_at(now) + window + 1):
        first = last - len(codes) + 1
        if first < 0:
            continue
        wanted = " ".join(code_at(seed, step) for step in range(first, last + 1)).encode()
        if hmac.compare_digest(wanted, given) and first > last_step:
            accepted = last
    return accepted
