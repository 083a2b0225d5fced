"""When a Condition holds (part C of the fact sheet)."""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from ipaddress import IPv4Address, IPv6Address, ip_address

from sekisho.policy.document import Clause
from spec.matching import Context, Pattern, arn_matches, glob, plain, read

DATE = re.compile(  # PE-70, PE-161
    r"(-?\d{1,9})(?:-(\d{1,2})(?:-(\d{1,2}))?)?"
    r"(?:[Tt](\d{1,2})(?::(\d{1,2})(?::(\d{1,2}(?:\.\d{1,9})?))?)?"
    r"(?:[Zz]|([+-])(\d\d)(?::(\d\d))?)?)?",
    re.ASCII,
)
EVERY_ARN = "*:*:*:*:*:*"  # what a bare `*` means to the Arn operators (PE-165)


def holds(clause: Clause, context: Context, variables: bool) -> bool:
    operator = clause.operator.lower()  # PE-148
    quantifier, _, operator = operator.rpartition(":")
    if_exists = operator.endswith("ifexists")
    operator = operator.removesuffix("ifexists")
    value = context.get(clause.key.lower(), ())  # PE-147
    if operator == "null":  # PE-157
        if quantifier:
            return quantifier == "forallvalues"
        return ("true" if value == () else "false") in map(str.lower, clause.values)
    negated = operator.startswith(("stringnot", "numericnot", "datenot", "notip", "arnnot"))
    if value == ():  # PE-149, PE-150, PE-153, PE-154, PE-156
        return if_exists or quantifier == "forallvalues" or (negated and not quantifier)
    values = (value,) if isinstance(value, str) else value
    met = [meets(operator, negated, one, clause.values, context, variables) for one in values]
    if quantifier == "forallvalues":
        return all(met) or values == ("",)  # PE-150: an empty text counts as absent
    if quantifier == "foranyvalue":
        return any(met)
    return isinstance(value, str) and met[0]  # PE-152


def meets(
    operator: str, negated: bool, value: str, listed: tuple[str, ...], context: Context, vary: bool
) -> bool:
    """One value against the listed ones: any of them, or with a negated operator none (PE-145)."""
    name = operator.replace("not", "", 1)
    if name.startswith(("string", "arn")):
        bare = EVERY_ARN if name.startswith("arn") else "*"
        patterns = [
            read(bare if text == "*" else text, context if vary else None) for text in listed
        ]
        test = TEXTS[name]
        found = any(pattern is not None and test(pattern, value) for pattern in patterns)  # PE-57
        return found is not negated
    reader = number if name.startswith("numeric") else instant
    if name.startswith(("numeric", "date")):
        seen = reader(value)
        if seen is None:
            return False  # PE-151, negated ones too
        compare = ORDERS[name.removeprefix("numeric").removeprefix("date")]
        wanted = [reader(text) for text in listed]
        return any(one is not None and compare(seen, one) for one in wanted) is not negated
    return any(OTHERS[name](text, value) for text in listed) is not negated


def number(text: str) -> Fraction | None:
    """PE-160."""
    return Fraction(text) if re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text) else None


def instant(text: str) -> Fraction | None:
    """Epoch seconds of a date (PE-70, PE-161); no zone is UTC."""
    if re.fullmatch(r"[0-9]+", text):
        return Fraction(text) if int(text) < 2**63 else None
    found = DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    hour, minute, second = int(found[4] or 0), int(found[5] or 0), Fraction(found[6] or 0)
    ahead, past = int(found[8] or 0), int(found[9] or 0)
    if not (-292_275_054 <= year <= 292_278_993 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    if hour > 23 or minute > 59 or second >= 60 or ahead > 23 or past > 59:
        return None
    cycles, year = divmod(year - 2000, 400)  # the calendar repeats itself after 400 years
    days = date(2000 + year, month, 1).toordinal() + day - 1 + cycles * 146_097
    offset = (ahead * 60 + past) * 60 * (-1 if found[7] == "-" else 1)
    since = days - date(1970, 1, 1).toordinal()
    return since * 86_400 + hour * 3600 + minute * 60 + second - offset


def same_truth(listed: str, value: str) -> bool:
    """PE-162."""
    return value.lower() in ("true", "false") and listed.lower() == value.lower()


def same_bytes(listed: str, value: str) -> bool:
    """PE-163."""
    try:
        return base64.b64decode(listed, validate=True) == base64.b64decode(value, validate=True)
    except binascii.Error:
        return False


def in_range(listed: str, value: str) -> bool:
    """PE-164: host bits are ignored; an IPv4 address lies in no IPv6 range."""
    base, slash, length = listed.partition("/")
    start, seen = address(base), address(value)
    if start is None or seen is None or (slash and not re.fullmatch(r"[0-9]{1,3}", length)):
        return False
    bits = int(length) if slash else start.max_prefixlen
    if slash and start.version == 4 and ":" in base:
        bits -= 96  # mapped into IPv6; if it is shorter, a range of IPv6 addresses
    spare = start.max_prefixlen - bits
    if start.version != seen.version or bits < 0 or spare < 0:
        return False
    return int(start) >> spare == int(seen) >> spare


def address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if "%" in text:
        return None  # an address of one host's interface
    return getattr(found, "ipv4_mapped", None) or found


TEXTS: dict[str, Callable[[Pattern, str], bool]] = {  # PE-159, PE-165
    "stringequals": lambda pattern, value: plain(pattern) == value,
    "stringequalsignorecase": lambda pattern, value: plain(pattern).lower() == value.lower(),
    "stringlike": glob,
    "arnequals": arn_matches,
    "arnlike": arn_matches,
}
ORDERS: dict[str, Callable[[Fraction, Fraction], bool]] = {  # PE-160, PE-161
    "equals": lambda seen, listed: seen == listed,
    "lessthan": lambda seen, listed: seen < listed,
    "lessthanequals": lambda seen, listed: seen <= listed,
    "greaterthan": lambda seen, listed: seen > listed,
    "greaterthanequals": lambda seen, listed: seen >= listed,
}
OTHERS: dict[str, Callable[[str, str], bool]] = {
    "bool": same_truth,
    "binaryequals": same_bytes,
    "ipaddress": in_range,
}
