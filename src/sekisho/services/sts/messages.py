"""Encoded authorization messages: a denial in full, sealed, to be read by the resource's account.

A message is the URL-safe base64 text of ``key id (1 byte) · nonce (12) · AES-256-GCM ciphertext and
tag``, sealed by the key ring as session tokens are, but for another purpose. IAM, STS and S3 do not
put it into their answers (W-151): it stands in the audit trail, and the operator hands it out.
"""

import base64
import binascii
import os
import zlib
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag

from sekisho.access.decide import Ruling
from sekisho.access.report import Report, report
from sekisho.directory.store import Ring
from sekisho.model.faults import Fault
from sekisho.services.operation import Call, Desk, Output, everything, operation

LONGEST_MESSAGE = 10_240
LONGEST_REPORT = 1_000_000
PURPOSE = b"sekisho authorization message 1"
_NONCE = 12


class InvalidMessage(Exception):
    """The text is no message that this authority has sealed."""


@operation("sts:DecodeAuthorizationMessage", resource=everything, waits=False)
def decode_authorization_message(call: Call, desk: Desk) -> Output:
    """Tell a denial in full to whoever may know it in the account that owns the resource.

    Input: EncodedMessage (1-10,240 characters). Output: DecodedMessage, JSON (W-102).
    Raises: InvalidAuthorizationMessageException, for another account's message too.
    """
    try:
        account, told = unseal(desk.directory.ring(), call.input["EncodedMessage"])
    except InvalidMessage:
        raise invalid_message() from None
    if account != call.account:
        raise invalid_message()
    return {"DecodedMessage": told}


def invalid_message() -> Fault:
    return Fault("InvalidAuthorizationMessageException", 400, "Message is not valid")


def encoded_message(ring: Ring, ruling: Ruling) -> str:
    """The message of a denial: at most 10,240 characters, if need be without what is longest.

    Empty if even its bare outcome does not fit.
    """
    account = ruling.ask.owner or ruling.question.principal.account
    told = report(ruling, account)
    for shortened in (told, without_explanation(told), bare_outcome(told)):
        message = seal(ring, account, shortened)
        if len(message) <= LONGEST_MESSAGE:
            return message
    return ""


def without_explanation(told: Report) -> Report:
    return {name: part for name, part in told.items() if name != "explanation"}


def bare_outcome(told: Report) -> Report:
    nothing: dict[str, Any] = {"items": []}
    context = {**told["context"], "conditions": nothing}
    return {**without_explanation(told), "matchedStatements": nothing, "context": context}


def seal(ring: Ring, account: str, told: Report) -> str:
    text = orjson.dumps([account, orjson.dumps(told).decode()])
    nonce, key_id = os.urandom(_NONCE), bytes((ring.current,))
    sealed = ring.cipher(ring.current).encrypt(nonce, zlib.compress(text), PURPOSE + key_id)
    return base64.urlsafe_b64encode(key_id + nonce + sealed).decode().rstrip("=")


def unseal(ring: Ring, message: str) -> tuple[str, str]:
    """The account that may read it, and the report as JSON. Raises InvalidMessage."""
    if len(message) > LONGEST_MESSAGE:
        raise InvalidMessage
    try:
        padded = message + "=" * (-len(message) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
        cipher = ring.cipher(raw[0])
        packed = cipher.decrypt(raw[1 : 1 + _NONCE], raw[1 + _NONCE :], PURPOSE + raw[:1])
    except (binascii.Error, ValueError, IndexError, LookupError, InvalidTag):
        raise InvalidMessage from None
    account, told = orjson.loads(zlib.decompressobj().decompress(packed, LONGEST_REPORT))
    return account, told
