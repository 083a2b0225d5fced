"""The console's bundle, served from memory: the page for every address, its pieces by name.

Pieces have their contents' hash in their names and may be kept for ever; the page may not be.
"""

import gzip
import mimetypes
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sekisho.wire.http import HttpRequest, HttpResponse

BUNDLE = Path(__file__).parent / "bundle"
ASSETS = "/console/assets/"
FOR_EVER = "public, max-age=31536000, immutable"
TEXTS = frozenset({".js", ".css", ".svg", ".html"})
SECURITY = (
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self';"
        " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
)
NOT_BUILT = (
    "<!doctype html><html lang=en><title>Sekisho</title><p>The console has not been built."
    " In a checkout, <code>make console</code> builds it; it needs npm. The server itself"
    " does without."
)


class Piece(NamedTuple):
    """A file of the bundle. packed: gzipped; empty where that saves nothing."""

    kind: str
    plain: bytes
    packed: bytes


@cache
def bundle() -> dict[str, Piece]:
    """The files by their paths below the bundle's folder; empty if it has not been built."""
    if not BUNDLE.is_dir():
        return {}
    return {
        file.relative_to(BUNDLE).as_posix(): read(file)
        for file in sorted(BUNDLE.rglob("*"))
        if file.is_file()
    }


def read(file: Path) -> Piece:
    plain = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if file.suffix not in TEXTS:
        return Piece(kind, plain, b"")
    kind = "text/javascript" if file.suffix == ".js" else kind
    return Piece(f"{kind}; charset=utf-8", plain, gzip.compress(plain, 6, mtime=0))


def page(request: HttpRequest) -> HttpResponse:
    """The answer to GET or HEAD of an address below /console."""
    path = request.raw_path
    if path.startswith(ASSETS):
        piece = bundle().get(path[len("/console/") :])
        if piece is None:
            return HttpResponse(404, list(SECURITY))
        return answer(request, piece, FOR_EVER)
    index = bundle().get("index.html")
    if index is None:
        index = Piece("text/html; charset=utf-8", NOT_BUILT.encode(), b"")
    return answer(request, index, "no-cache")


def answer(request: HttpRequest, piece: Piece, caching: str) -> HttpResponse:
    headers = [("Content-Type", piece.kind), ("Cache-Control", caching), *SECURITY]
    body = piece.plain
    if piece.packed:
        headers.append(("Vary", "Accept-Encoding"))
        if "gzip" in request.headers.get("accept-encoding", ""):
            body = piece.packed
            headers.append(("Content-Encoding", "gzip"))
    return HttpResponse(200, headers, b"" if request.method == "HEAD" else body, len(body))
