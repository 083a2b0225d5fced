"""Requests to S3, and what becomes of them on the wire."""

import base64
import hashlib
from typing import Any

import pytest

from sekisho.model.faults import Fault
from sekisho.wire.http import Headers, HttpRequest, WholeBody
from sekisho.wire.route import find_route

REQUEST_ID = "c6104cbe-af31-11e0-8154-cbc7ccf896c7"


def asked(
    method: str,
    target: str,
    body: bytes = b"",
    host: str = "127.0.0.1:9000",
    headers: dict[str, str] | None = None,
) -> HttpRequest:
    path, _, query = target.partition("?")
    fields = {"host": host} | (headers or {})
    if query == "delete":
        fields.setdefault("content-md5", md5(body))
    return HttpRequest(method, path, query, Headers(fields.items()), WholeBody(body))


def md5(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body).digest()).decode()


def parse(request: HttpRequest) -> dict[str, Any]:
    route = find_route(request)
    assert route.fault is None, route.fault
    return route.parse(request)


def refusal(request: HttpRequest) -> tuple[int, str]:
    route = find_route(request)
    with pytest.raises(Fault) as caught:
        route.parse(request)
    return caught.value.status, caught.value.code
