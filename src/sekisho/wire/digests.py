"""Digests of bodies that are one document: Content-MD5 and x-amz-checksum-* (W-307, W-310)."""

import base64
import binascii
import hmac

from sekisho.catalog.checksums import ALGORITHMS, new_md5
from sekisho.model.faults import Fault
from sekisho.wire.http import HttpRequest

_PREFIX = "x-amz-checksum-"


def check_document(request: HttpRequest, body: bytes, *, required: bool) -> None:
    """Hold a document to what its headers say of it; required: they must say something.

    Raises Fault: InvalidDigest, BadDigest, InvalidRequest.
    """
    get = request.headers.get
    given = [name for name in ALGORITHMS if get(_PREFIX + name) is not None]
    trailing = get("x-amz-content-sha256", "").endswith("-TRAILER")
    md5 = get("content-md5")
    if required and md5 is None and not given and not trailing:
        raise Fault(
            "InvalidRequest",
            400,
            "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
        )
    if md5 is not None:
        check_md5(md5, body)
    for name in given:
        check_checksum(name, get(_PREFIX + name, ""), body)


def check_md5(text: str, body: bytes) -> None:
    claimed, digest = _decoded(text), new_md5()
    digest.update(body)
    if claimed is None or len(claimed) != len(digest.digest()):
        message = "The Content-MD5 you specified was invalid."
        raise Fault("InvalidDigest", 400, message, {"Content-MD5": text})
    if not hmac.compare_digest(claimed, digest.digest()):
        raise Fault(
            "BadDigest",
            400,
            "The Content-MD5 you specified did not match what we received.",
            {
                "ExpectedDigest": claimed.hex(),
                "CalculatedDigest": base64.b64encode(digest.digest()).decode(),
            },
        )


def check_trailer(header: str, text: str, body: bytes) -> None:
    """Hold a document to a checksum that came after it. Raises Fault: InvalidRequest, BadDigest."""
    name = header.removeprefix(_PREFIX)
    if name not in ALGORITHMS:
        message = "The value specified in the x-amz-trailer header is not supported"
        raise Fault("InvalidRequest", 400, message)
    check_checksum(name, text, body, said=name)


def check_checksum(name: str, text: str, body: bytes, said: str = "") -> None:
    """said: how a refusal names the algorithm, if not in capitals."""
    length, begin = ALGORITHMS[name]
    claimed, digest = _decoded(text), begin()
    digest.update(body)
    if claimed is None or len(claimed) != length:
        message = f"Value for {_PREFIX}{name} header is invalid."
        raise Fault("InvalidRequest", 400, message)
    if not hmac.compare_digest(claimed, digest.digest()):
        message = f"The {said or name.upper()} you specified did not match the calculated checksum."
        raise Fault("BadDigest", 400, message)


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError):
        return None
