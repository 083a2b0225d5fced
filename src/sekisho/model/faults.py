"""The one way in which a request is refused: a code, a status, a sentence."""

from collections.abc import Mapping
from types import MappingProxyType

NOTHING_MORE: Mapping[str, str] = MappingProxyType({})


class Fault(Exception):
    """A refusal in AWS's terms; the wire room renders it for the protocol at hand.

    code: AWS's error code, such as ``NoSuchEntity``.
    status: HTTP status, 400-599.
    message: AWS's sentence, byte for byte; empty where AWS sends none.
    details: further elements of an S3 error body, in order (W-12).
    """

    def __init__(
        self,
        code: str,
        status: int,
        message: str = "",
        details: Mapping[str, str] = NOTHING_MORE,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.status = status
        self.message = message
        self.details = details


class AccessDenied(Fault):
    """A refusal by policy, or by a rule that policies cannot lift (status 403)."""

    def __init__(self, message: str) -> None:
        super().__init__("AccessDenied", 403, message)
