"""Identifiers as AWS forms them: accounts, unique ids, access keys, secrets, request ids."""

import base64
import os
import re
import secrets
from functools import lru_cache

USER, ROLE, GROUP, POLICY = "AIDA", "AROA", "AGPA", "ANPA"
INSTANCE_PROFILE, CERTIFICATE = "AIPA", "ASCA"
PUBLIC_KEY, SERVICE_CREDENTIAL = "APKA", "ACCA"
LONG_TERM_KEY, TEMPORARY_KEY = "AKIA", "ASIA"

KEY_LENGTH = 20

_ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)
_KEY_MARK = 1 << 47
_ACCOUNT_BITS = 0x7FFFFFFFFF80
_LETTERS = _ID_ALPHABET.encode() * 8  # for a byte, a letter; for all bytes each letter as often


def is_account_id(text: str) -> bool:
    return _ACCOUNT.fullmatch(text) is not None


def new_account_id() -> str:
    """Twelve random digits, the first of them not 0."""
    return str(secrets.randbelow(9 * 10**11) + 10**11)


def new_unique_id(prefix: str) -> str:
    """A four-letter prefix and 17 characters of A-Z2-7 (PE-34, W-119)."""
    return prefix + os.urandom(17).translate(_LETTERS).decode()


def is_unique_id(text: str) -> bool:
    """Whether this is the unique id of a user or a role, as policies store principals (PE-31)."""
    return 16 <= len(text) <= 128 and text[:4] in (USER, ROLE) and text.isascii() and text.isalnum()


def new_access_key_id(prefix: str, account: str) -> str:
    """A 20-character key id that carries its account, as AWS's do since 2019 (W-120)."""
    head, choice = _account_in_key(account)
    noise = os.urandom(8)
    return f"{prefix}{head}{choice[noise[0] & 15]}{noise[1:].translate(_LETTERS).decode()}"


@lru_cache(maxsize=4096)
def _account_in_key(account: str) -> tuple[str, str]:
    """The eight letters that begin all keys of an account, and the sixteen that may come next."""
    bits = _KEY_MARK >> 7 | int(account)
    head = "".join([_ID_ALPHABET[bits >> shift & 31] for shift in range(36, 0, -5)])
    return head, _ID_ALPHABET[16:] if bits & 1 else _ID_ALPHABET[:16]


def account_of_access_key(access_key_id: str) -> str | None:
    """The account inside an access key id, or None where there is none to read (W-120)."""
    # Whoever signs nothing may send a long one; such must not be remembered.
    return _account_inside(access_key_id) if len(access_key_id) == KEY_LENGTH else None


@lru_cache(maxsize=16_384)
def _account_inside(access_key_id: str) -> str | None:
    try:
        head = int.from_bytes(base64.b32decode(access_key_id[4:])[:6])
    except ValueError:
        return None
    account = (head & _ACCOUNT_BITS) >> 7
    if not head & _KEY_MARK or account >= 10**12:
        return None
    return f"{account:012d}"


def new_secret_access_key() -> str:
    """Forty characters of the base64 alphabet, 240 random bits (W-119)."""
    return base64.b64encode(os.urandom(30)).decode()


def new_canonical_id() -> str:
    """The 64 hexadecimal digits by which S3 names an account (W-281)."""
    return secrets.token_hex(32)


def new_request_id() -> str:
    """A random UUID."""
    text = os.urandom(16).hex()
    variant = "89ab"[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"
