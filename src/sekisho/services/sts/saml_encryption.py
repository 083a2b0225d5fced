"""Encrypted assertions, opened with a provider's private keys (XML Encryption 1.1).

Algorithms are those that tell whoever alters a message nothing: the content by AES-GCM, its key by
RSA-OAEP. AES-CBC and RSA with PKCS 1.5 padding can be asked, message by message, what they hide.
Every failure is told in the same words.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sekisho.services.sts.saml_metadata import DSIG

XENC = "{http://www.w3.org/2001/04/xmlenc#}"
XENC11 = "{http://www.w3.org/2009/xmlenc11#}"
ELEMENT = "http://www.w3.org/2001/04/xmlenc#Element"
# Content by algorithm: bytes of its key.
CONTENT = {
    "http://www.w3.org/2009/xmlenc11#aes128-gcm": 16,
    "http://www.w3.org/2009/xmlenc11#aes192-gcm": 24,
    "http://www.w3.org/2009/xmlenc11#aes256-gcm": 32,
}
OAEP_SHA1_MASK = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
OAEP_ANY_MASK = "http://www.w3.org/2009/xmlenc11#rsa-oaep"
DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {
    "http://www.w3.org/2000/09/xmldsig#sha1": hashes.SHA1,
    "http://www.w3.org/2001/04/xmlenc#sha256": hashes.SHA256,
    "http://www.w3.org/2001/04/xmldsig-more#sha384": hashes.SHA384,
    "http://www.w3.org/2001/04/xmlenc#sha512": hashes.SHA512,
}
MASKS: dict[str, type[hashes.HashAlgorithm]] = {
    "http://www.w3.org/2009/xmlenc11#mgf1sha1": hashes.SHA1,
    "http://www.w3.org/2009/xmlenc11#mgf1sha256": hashes.SHA256,
    "http://www.w3.org/2009/xmlenc11#mgf1sha384": hashes.SHA384,
    "http://www.w3.org/2009/xmlenc11#mgf1sha512": hashes.SHA512,
}
MOST_WRAPPED = 2
_NONCE, _TAG = 12, 16


class Unopened(Exception):
    """It is not encrypted for any of these keys, or not as it may be."""


def opened(encrypted: Any, pems: Sequence[str]) -> bytes:
    """What an EncryptedAssertion hides: the text of one element.

    pems: private RSA keys. Raises Unopened.
    """
    data = only(encrypted, f"{XENC}EncryptedData")
    size = CONTENT.get(method_of(data).get("Algorithm"))
    if size is None or data.get("Type", ELEMENT) != ELEMENT:
        raise Unopened
    sealed = cipher_value(data)
    if len(sealed) < _NONCE + _TAG:
        raise Unopened
    wrapped = list(encrypted.iter(f"{XENC}EncryptedKey"))[:MOST_WRAPPED]
    for key in (unwrapped(each, pem) for each in wrapped for pem in pems):
        if key is None or len(key) != size:
            continue
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        except InvalidTag:
            continue
    raise Unopened


def unwrapped(wrapped: Any, pem: str) -> bytes | None:
    """The key of the content, if it was wrapped for this private key."""
    # Whether its primes are prime was looked at when it was saved.
    private = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(private, RSAPrivateKey):
        return None
    try:
        return private.decrypt(cipher_value(wrapped), padding_of(method_of(wrapped)))
    except ValueError:
        return None


def padding_of(method: Any) -> OAEP:
    """The padding of an EncryptionMethod. Raises Unopened for any but OAEP without a label."""
    algorithm = method.get("Algorithm")
    digest, mask = named(method, f"{DSIG}DigestMethod", DIGESTS), hashes.SHA1
    if algorithm == OAEP_ANY_MASK:
        mask = named(method, f"{XENC11}MGF", MASKS)
    elif algorithm != OAEP_SHA1_MASK:
        raise Unopened
    if method.find(f"{XENC}OAEPparams") is not None:
        raise Unopened
    return OAEP(MGF1(mask()), digest(), None)


def named(method: Any, tag: str, known: dict[str, type[hashes.HashAlgorithm]]) -> Any:
    """The hash that a child names; SHA-1 where there is none. Raises Unopened for another."""
    child = method.find(tag)
    if child is None:
        return hashes.SHA1
    found = known.get(child.get("Algorithm", ""))
    if found is None:
        raise Unopened
    return found


def method_of(element: Any) -> Any:
    return only(element, f"{XENC}EncryptionMethod")


def cipher_value(element: Any) -> bytes:
    text = "".join(only(element, f"{XENC}CipherData/{XENC}CipherValue").itertext())
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unopened from None


def only(element: Any, path: str) -> Any:
    found = element.findall(path)
    if len(found) != 1:
        raise Unopened
    return found[0]
