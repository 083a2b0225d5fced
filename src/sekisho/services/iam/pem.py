"""Certificates and keys as clients hand them in: PEM text, looked at before it is kept.

That costs time, which the sizes of keys bound, and is done before the transaction.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
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
LONGEST_PRIME = 2_048  # bits: RSA keys of 4,096


@dataclass(frozen=True, slots=True)
class Checked:
    """What papers were found to be before the transaction. end: when they end, epoch seconds."""

    end: int

    def discard(self) -> None:
        """Nothing is left behind if the transaction fails."""


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
    """A private key without a passphrase; of RSA keys none of more than 4,096 bits.

    Whether the primes of a key are prime takes minutes to find out where they are large.
    """
    given = text.encode()
    try:
        key = load_pem_private_key(given, None, unsafe_skip_rsa_key_validation=True)
        if isinstance(key, RSAPrivateKey):
            primes = key.private_numbers()
            if max(primes.p, primes.q).bit_length() > LONGEST_PRIME:
                return None
            key = load_pem_private_key(given, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key


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
