"""CORS: which pages of other origins may ask a browser for what of a bucket."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sekisho.model.faults import Fault
from sekisho.model.records import Bucket
from sekisho.services.s3.faults import invalid_request, malformed_xml

SETTING = "cors"
METHODS = ("GET", "PUT", "HEAD", "POST", "DELETE")
MOST_RULES = 100
LARGEST = 64 * 1024
"""Characters as it is kept: each request reads it, on the loop that answers everybody."""
VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}", re.ASCII)


def checked(wished: Mapping[str, Any], _bucket: Bucket) -> Mapping[str, Any]:
    """Raises MalformedXML, InvalidRequest, MaxMessageLengthExceeded."""
    if len(json.dumps(wished)) > LARGEST:
        raise Fault("MaxMessageLengthExceeded", 400, "Your request was too big.")
    rules: Sequence[Mapping[str, Any]] = wished.get("CORSRules", ())
    if not 1 <= len(rules) <= MOST_RULES:
        raise malformed_xml()
    for rule in rules:
        for method in rule["AllowedMethods"]:
            if method not in METHODS:
                raise invalid_request(
                    f"Found unsupported HTTP method in CORS config. Unsupported method is {method}"
                )
        for name in ("AllowedOrigins", "AllowedHeaders"):
            for pattern in rule.get(name, ()):
                check_pattern(name, pattern)
        for header in rule.get("ExposeHeaders", ()):
            if not _TOKEN.fullmatch(header) or "*" in header:
                raise invalid_request(
                    f'ExposeHeader "{header}" contains wildcard. We currently do not support'
                    " wildcard for ExposeHeader."
                )
    return wished


def check_pattern(name: str, pattern: str) -> None:
    if pattern.count("*") > 1:
        what = name.removesuffix("s")
        raise invalid_request(f'{what} "{pattern}" can not have more than one wildcard.')
    if not pattern.isprintable() or not pattern.isascii():
        raise malformed_xml()


def no_configuration(bucket: Bucket) -> Fault:
    message = "The CORS configuration does not exist"
    return Fault("NoSuchCORSConfiguration", 404, message, {"BucketName": bucket.name})


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a page asks for. headers: those it would send; empty but in a preflight."""

    origin: str
    method: str
    headers: Sequence[str] = ()


def allowing_rule(bucket: Bucket, inquiry: Inquiry) -> Mapping[str, Any] | None:
    """The first rule that lets this pass."""
    rules: Sequence[Mapping[str, Any]] = bucket.settings.get(SETTING, {}).get("CORSRules", ())
    for rule in rules:
        if (
            inquiry.method in rule["AllowedMethods"]
            and any(fits(pattern, inquiry.origin) for pattern in rule["AllowedOrigins"])
            and all(
                any(
                    fits(pattern.lower(), header.lower())
                    for pattern in rule.get("AllowedHeaders", ())
                )
                for header in inquiry.headers
            )
        ):
            return rule
    return None


def fits(pattern: str, text: str) -> bool:
    before, star, after = pattern.partition("*")
    if not star:
        return pattern == text
    is_long_enough = len(text) >= len(before) + len(after)
    return is_long_enough and text.startswith(before) and text.endswith(after)


def answer_headers(rule: Mapping[str, Any], inquiry: Inquiry) -> list[tuple[str, str]]:
    """The headers by which a browser lets the page see the answer."""
    is_open = "*" in rule["AllowedOrigins"]
    headers = [
        ("Access-Control-Allow-Origin", "*" if is_open else inquiry.origin),
        ("Access-Control-Allow-Methods", ", ".join(rule["AllowedMethods"])),
    ]
    if inquiry.headers:
        headers.append(("Access-Control-Allow-Headers", ", ".join(inquiry.headers).lower()))
    if rule.get("ExposeHeaders"):
        headers.append(("Access-Control-Expose-Headers", ", ".join(rule["ExposeHeaders"])))
    if not is_open:
        headers.append(("Access-Control-Allow-Credentials", "true"))
    if "MaxAgeSeconds" in rule:
        headers.append(("Access-Control-Max-Age", str(rule["MaxAgeSeconds"])))
    return [*headers, ("Vary", VARY)]
