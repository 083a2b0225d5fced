"""What assertions are verified with: the entity id and the certificates in a provider's metadata.

Metadata may have ten million characters, and whoever has an assertion that fails need not sign the
call; so what was read is remembered, by a digest of the text.
"""

import base64
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import Certificate, load_der_x509_certificate

METADATA = "{urn:oasis:names:tc:SAML:2.0:metadata}"
DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
MOST_CERTIFICATES = 10
MOST_KNOWN = 1_000
LONGEST_CERTIFICATE = 32_768  # characters of base64
RSA_BITS = range(2_048, 8_193)

Metadata = tuple[str, tuple[Certificate, ...]]

_known: OrderedDict[bytes, Metadata] = OrderedDict()
_lock = threading.Lock()


def known_metadata(text: str) -> Metadata:
    """The entity id of an identity provider, and the first certificates that it signs with."""
    digest = hashlib.sha256(text.encode()).digest()
    with _lock:
        found = _known.pop(digest, None)
    if found is None:
        found = read_metadata(text)
    with _lock:
        _known[digest] = found
        if len(_known) > MOST_KNOWN:
            _known.popitem(last=False)
    return found


def read_metadata(text: str) -> Metadata:
    from defusedxml import ElementTree  # noqa: PLC0415 - only those who federate wait for it

    root = ElementTree.fromstring(text, forbid_dtd=True)  # was looked at when it was saved
    return root.get("entityID", ""), tuple(certificates(root))[:MOST_CERTIFICATES]


def certificates(root: Element) -> Iterator[Certificate]:
    """Those that can be read; none that is huge, nor with keys that are weak or cost too much."""
    for key in root.iterfind(f"{METADATA}IDPSSODescriptor/{METADATA}KeyDescriptor"):
        if key.get("use", "signing") == "signing":
            for shown in key.iter(f"{DSIG}X509Certificate"):
                found = readable(shown.text or "")
                if found is not None:
                    yield found


def readable(text: str) -> Certificate | None:
    if len(text) > LONGEST_CERTIFICATE:
        return None
    try:
        found = load_der_x509_certificate(base64.b64decode(text))
        key = found.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
    if isinstance(key, RSAPublicKey):
        return found if key.key_size in RSA_BITS else None
    return found if isinstance(key, EllipticCurvePublicKey) else None
