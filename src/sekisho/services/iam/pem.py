"""Certificates and keys as clients hand them in: PEM text, looked at before it is kept."""

from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509 import (
    Certificate,
    load_pem_x509_certificate,
    load_pem_x509_certificates,
)

from sekisho.model.faults import Fault

LONGEST_CHAIN = 100


def malformed(message: str) -> Fault:
    return Fault("MalformedCertificate", 400, message)


def read_certificate(text: str) -> Certificate | None:
    """The one certificate in a text."""
    try:
        return load_pem_x509_certificate(text.encode())
    except ValueError:
        return None


def read_chain(text: str) -> list[Certificate] | None:
    try:
        chain = load_pem_x509_certificates(text.encode())
    except ValueError:
        return None
    return chain if len(chain) <= LONGEST_CHAIN else None


def read_private_key(text: str) -> PrivateKeyTypes | None:
    """A private key without a passphrase."""
    try:
        return load_pem_private_key(text.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def belong_together(certificate: Certificate, key: PrivateKeyTypes) -> bool:
    try:
        return spki(certificate.public_key()) == spki(key.public_key())
    except (ValueError, UnsupportedAlgorithm):
        return False


def spki(key: object) -> bytes:
    shown: bytes = key.public_bytes(  # type: ignore[attr-defined]
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    return shown


def fingerprint(certificate: Certificate) -> str:
    """SHA-256, in hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def end_of(certificate: Certificate) -> int:
    """When it expires, in epoch seconds."""
    return int(certificate.not_valid_after_utc.timestamp())


def is_in_order(certificate: Certificate, chain: list[Certificate]) -> bool:
    """Whether each certificate was issued by the next one."""
    try:
        for one, issuer in zip([certificate, *chain], chain, strict=False):
            one.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def is_current(certificate: Certificate, now: float) -> bool:
    moment = datetime.fromtimestamp(now, UTC)
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc
