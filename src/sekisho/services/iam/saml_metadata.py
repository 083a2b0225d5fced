"""SAML metadata, as far as IAM looks at it: an identity provider with a certificate, and its end.

The document is hostile: no document type, no entities, at most 10,000,000 characters.
"""

from base64 import b64decode
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

from cryptography.x509 import load_der_x509_certificate
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sekisho.model.faults import Fault
from sekisho.services.iam.faults import invalid_input

_METADATA = "{urn:oasis:names:tc:SAML:2.0:metadata}"
_CERTIFICATE = "{http://www.w3.org/2000/09/xmldsig#}X509Certificate"
_KEYS = f"{_METADATA}IDPSSODescriptor/{_METADATA}KeyDescriptor"
LONGEST_ENTITY = 1_024  # SAML metadata, section 2.2.1
_CENTURY = 100 * 365 * 86_400
_LATEST = 253_402_300_799


def valid_until(text: str, now: int) -> int:
    """When the metadata ends, in epoch seconds; a hundred years from now where it does not say.

    Raises InvalidInput for what is no metadata of an identity provider with an entity id and an
    X.509 certificate to sign with.
    """
    root = _root(text)
    entity = root.get("entityID", "")
    if not 0 < len(entity) <= LONGEST_ENTITY or not any(map(_signs, root.iterfind(_KEYS))):
        raise _unparsable()
    end = root.get("validUntil")
    return now + _CENTURY if end is None else _epoch(end)


def _root(text: str) -> Element:
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise _unparsable() from None
    if root.tag != f"{_METADATA}EntityDescriptor":
        raise _unparsable()
    return root


def _signs(key: Element) -> bool:
    """Whether a KeyDescriptor is for signatures and has a certificate that can be read."""
    if key.get("use", "signing") != "signing":
        return False
    return any(_is_certificate(each.text or "") for each in key.iter(_CERTIFICATE))


def _is_certificate(text: str) -> bool:
    try:
        load_der_x509_certificate(b64decode("".join(text.split()), validate=True))
    except ValueError:
        return False
    return True


def _epoch(text: str) -> int:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise _unparsable() from None
    if read.tzinfo is None:
        read = read.replace(tzinfo=UTC)
    return min(max(int(read.timestamp()), 0), _LATEST)


def _unparsable() -> Fault:
    return invalid_input("Could not parse metadata")
