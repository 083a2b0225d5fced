"""What is published of an account's issuer, for whoever verifies its tokens, unsigned."""

import json

from sekisho.gate.authority import Authority
from sekisho.services.outbound import ROOM, published
from sekisho.wire.http import HttpRequest, HttpResponse

FRESH_SECONDS = 300
NOT_FOUND = HttpResponse(404, [])


def is_discovery(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and request.raw_path.startswith(ROOM)


def publish(request: HttpRequest, authority: Authority) -> HttpResponse:
    document = published(authority.directory, authority.outside.url, request.raw_path)
    if document is None:
        return NOT_FOUND
    body = json.dumps(document).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Cache-Control", f"public, max-age={FRESH_SECONDS}"),
    ]
    return HttpResponse(200, headers, body if request.method == "GET" else b"", len(body))
