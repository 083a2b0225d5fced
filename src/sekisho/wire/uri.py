"""Paths and query strings: percent-decoding, and the canonical forms that signatures cover."""

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote, unquote_to_bytes

MOST_PARAMETERS = 10_000

_UNRESERVED = "-_.~"
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ASCII = {spelt: chr(code) for code in range(128) for spelt in (f"{code:02X}", f"{code:02x}")}
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/_.~-]*", re.ASCII)
_PLAIN_VALUE = re.compile(r"[A-Za-z0-9_.~-]*", re.ASCII)
_SPELT = {chr(code): f"%{code:02X}" for code in range(128)}
_SIGNS = [(sign, _SPELT[sign]) for sign in "\"{}[]:, /*$=\n\r\t+@()?&!;<>#'\\|^`"]
_CONTROLS = [(sign, code) for sign, code in _SPELT.items() if not sign.isprintable()]
_UNRESERVED_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
_SEPARATOR, _PERCENT = frozenset(b"\x00"), frozenset(b"%")


class TooManyParameters(ValueError):
    """More than 10,000 parameters in a query string or a form."""


def bad_escape(text: str) -> str | None:
    """The first ``%`` that no two hexadecimal digits follow, with what follows; None if all do."""
    if "%" not in text:
        return None
    found = _BAD_ESCAPE.search(text)
    return text[found.start() : found.start() + 3] if found else None


def encode(text: str) -> str:
    """Percent-encode all but A-Z a-z 0-9 ``-_.~`` (W-20).

    Sign by sign, as documents hold few different ones: a third of what `quote` takes.
    """
    if _PLAIN_VALUE.fullmatch(text):
        return text
    if not text.isascii():
        return quote(text, safe=_UNRESERVED, errors="replace")
    text = text.replace("%", "%25")
    for sign, code in _SIGNS:
        if sign in text:
            text = text.replace(sign, code)
    if not text.isprintable():
        for sign, code in _CONTROLS:
            text = text.replace(sign, code)
    return text


def encode_all(texts: Sequence[str]) -> list[str]:
    """Each text percent-encoded; many at a quarter of the cost, since all are gone through at once.

    A zero byte stands between them, and whoever has one in a text pays the full price.
    """
    distinct = list(dict.fromkeys(texts))
    together = "\x00".join(distinct).encode("utf-8", "replace")
    signs = set(together.translate(None, _UNRESERVED_BYTES)) - _SEPARATOR
    together = together.replace(b"%", b"%25")
    for sign in signs - _PERCENT:
        together = together.replace(b"%c" % sign, b"%%%02X" % sign)
    parts = together.decode("ascii").split("\x00")
    if len(parts) != len(distinct):
        return [encode(text) for text in texts]
    if len(distinct) == len(texts):
        return parts
    encoded = dict(zip(distinct, parts, strict=True))
    return [encoded[text] for text in texts]


def decode_path(raw: str) -> str:
    """Percent-decode a path once.

    Raises ValueError: a bad escape, or bytes that are no UTF-8.
    """
    if "%" not in raw and raw.isascii():
        return raw
    if bad_escape(raw) is not None:
        raise ValueError("bad percent-escape")
    return unquote_to_bytes(raw.encode("latin-1")).decode("utf-8")


def split_query(query: str) -> list[tuple[str, str]]:
    """Names and values, decoded, in the order sent; a name without ``=`` has an empty value.

    A plus sign is a space; bytes that are no UTF-8 become U+FFFD. Raises TooManyParameters.
    """
    if not query:
        return []
    parts = query.split("&", MOST_PARAMETERS)
    if len(parts) > MOST_PARAMETERS:
        raise TooManyParameters
    pairs = []
    for part in parts:
        if part:
            name, _, value = part.partition("=")
            if "%" in part or "+" in part:
                name, value = _decode_plus(name), _decode_plus(value)
            pairs.append((name, value))
    return pairs


def _decode_plus(text: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    # ARNs are full of these two, and neither sign can make another escape.
    text = text.replace("%3A", ":").replace("%2F", "/")
    if "%" not in text:
        return text
    first, *rest = text.split("%")
    decoded = [first]
    for part in rest:
        letter = _ASCII.get(part[:2])
        if letter is None:  # beyond ASCII, or no escape at all
            return unquote(text)
        decoded.append(letter + part[2:])
    return "".join(decoded)


def canonical_query(query: str, without: str | None = None) -> str:
    """The canonical query string of W-20; `without` names the parameter that is left out.

    Raises TooManyParameters.
    """
    if not query:
        return ""
    pairs = [(encode(name), encode(value)) for name, value in split_query(query) if name != without]
    pairs.sort()
    return "&".join([f"{name}={value}" for name, value in pairs])


def canonical_path_of_s3(raw_path: str) -> str:
    """The path as sent, each segment encoded once; neither dots nor slashes are touched (W-21)."""
    if _PLAIN_PATH.fullmatch(raw_path):
        return raw_path
    return "/".join([_encode_once(segment) for segment in raw_path.split("/")])


def canonical_path(raw_path: str) -> str:
    """Dot segments removed, slashes collapsed, the encoded segments encoded again (W-21)."""
    if raw_path == "/":
        return raw_path
    kept: list[str] = []
    for segment in raw_path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(encode(_encode_once(segment)))
    tail = "/" if kept and raw_path.endswith(("/", "/.", "/..")) else ""
    return "/" + "/".join(kept) + tail


def _encode_once(segment: str) -> str:
    """Decode and encode a segment byte for byte, so that all spellings of it become one."""
    return quote(unquote_to_bytes(segment.encode("latin-1", "replace")), safe=_UNRESERVED)
