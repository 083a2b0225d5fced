"""Requests read and answers written: JSON, bounded, and nothing that the description lacks."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sekisho.access.context import instant
from sekisho.policy.words import Said, unfolded
from sekisho.wire.http import HttpRequest, HttpResponse

LONGEST_BODY = 64 * 1024
LONGEST_DOCUMENT_BODY = 256 * 1024
DEEPEST = 8

Json = dict[str, Any]

# Nothing that was answered here may be kept by a browser, or read as anything but JSON.
ALWAYS = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
)


class Refused(Exception):
    """What was asked for is refused. more: further fields of the answer."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        more: Mapping[str, Any] | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.more = more or {}
        self.headers = headers

    def response(self) -> HttpResponse:
        body = {"code": self.code, "message": self.message, **self.more}
        if isinstance(self.message, Said):
            body["told"] = {"message": unfolded(self.message)}
        return json_response(self.status, body, *self.headers)


def invalid(field_name: str, message: str) -> Refused:
    return Refused(400, "InvalidRequest", message, {"field": field_name})


def with_told(answer: Json, *names: str) -> Json:
    """An answer with ``told``: its texts of these names, and lists of texts, as they were said."""
    return {**answer, "told": {name: _told(answer[name]) for name in names}}


def _told(texts: str | list[str] | None) -> object:
    if texts is None:
        return None
    return unfolded(texts) if isinstance(texts, str) else list(map(unfolded, texts))


def json_response(status: int, body: Json, *headers: tuple[str, str]) -> HttpResponse:
    data = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    kind = ("Content-Type", "application/json; charset=utf-8")
    return HttpResponse(status, [kind, *ALWAYS, *headers], data, len(data))


def nothing_more(*headers: tuple[str, str]) -> HttpResponse:
    return HttpResponse(204, [*ALWAYS, *headers])


def moment(epoch: float) -> str:
    """An instant as the description has it."""
    return instant(int(epoch))


@dataclass(frozen=True, slots=True)
class Field:
    """What a field of a body must be. kind: str, int or dict. least, most: characters or number."""

    kind: type = str
    needed: bool = False
    least: int = 1
    most: int = 2048
    pattern: str = ""
    one_of: tuple[str, ...] = field(default=())


def read_body(request: HttpRequest, fields: Mapping[str, Field], limit: int = LONGEST_BODY) -> Json:
    """The JSON object of a request, each of its fields checked. Raises Refused."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, "UnsupportedMediaType", "The body must be of type application/json.")
    raw = request.body.read_all(limit)
    try:
        body = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise invalid("", "The body is no JSON.") from None
    if not isinstance(body, dict):
        raise invalid("", "The body must be a JSON object.")
    for name in body:
        if name not in fields:
            raise invalid(name[:64], f"There is no field {name[:64]!r}.")
    for name, wanted in fields.items():
        if name in body:
            _check(name, body[name], wanted)
        elif wanted.needed:
            raise invalid(name, f"{name} is missing.")
    return body


def is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_constant(_text: str) -> None:
    raise ValueError


def _check(name: str, value: object, wanted: Field) -> None:
    if not isinstance(value, wanted.kind) or isinstance(value, bool):
        raise invalid(name, f"{name} is of the wrong type.")
    if isinstance(value, str):
        if not is_unicode(value):
            raise invalid(name, f"{name} holds half of a surrogate pair.")
        if not wanted.least <= len(value) <= wanted.most:
            raise invalid(name, f"{name} must have {wanted.least} to {wanted.most} characters.")
        if wanted.pattern and not re.fullmatch(wanted.pattern, value, re.ASCII):
            raise invalid(name, f"{name} must match {wanted.pattern}.")
        if wanted.one_of and value not in wanted.one_of:
            raise invalid(name, f"{name} must be one of {', '.join(wanted.one_of)}.")
    elif isinstance(value, int) and not wanted.least <= value <= wanted.most:
        raise invalid(name, f"{name} must be {wanted.least} to {wanted.most}.")
