"""Encrypted assertions: opened with the provider's keys, by algorithms that give nothing away."""

import base64
import os
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sekisho.model.faults import Fault
from sekisho.services.sts import saml_metadata
from sekisho.services.sts.saml import BAD_SIGNATURE, NOT_READABLE, Assertion, verify
from services.sts.idp import (
    assertion,
    certificate,
    encoded,
    metadata,
    private_key,
    response,
    signed,
)

NOW = time.time()
XENC, XENC11 = "http://www.w3.org/2001/04/xmlenc#", "http://www.w3.org/2009/xmlenc11#"
SHA1, SHA256 = "http://www.w3.org/2000/09/xmldsig#sha1", f"{XENC}sha256"
ATTRIBUTES = {"a": ["1"]}


def pem(name: str = "ours") -> str:
    key = private_key(name)
    text: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return text.decode()


def b64(value: bytes) -> str:
    return base64.encodebytes(value).decode()


def method(name: str, *children: str) -> str:
    return f'<xenc:EncryptionMethod Algorithm="{name}">{"".join(children)}</xenc:EncryptionMethod>'


def digest(name: str) -> str:
    return (
        '<ds:DigestMethod xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
        f' Algorithm="{name}"></ds:DigestMethod>'
    )


def cipher_data(value: bytes) -> str:
    return f"<xenc:CipherData><xenc:CipherValue>{b64(value)}</xenc:CipherValue></xenc:CipherData>"


OAEP_SHA1 = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
OAEP_SHA256 = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
USUAL_WRAP = method(f"{XENC}rsa-oaep-mgf1p")


def hidden(
    text: str,
    name: str = "ours",
    *,
    size: int = 32,
    wrap: str = USUAL_WRAP,
    pad: Any = OAEP_SHA1,
    content: str = "",
    sealed: bytes | None = None,
    beside: bool = False,
    kind: str = f"{XENC}Element",
) -> str:
    """An EncryptedAssertion. beside: its key stands next to the data, and not within."""
    key, nonce = os.urandom(size), os.urandom(12)
    value = nonce + AESGCM(key).encrypt(nonce, text.encode(), None) if sealed is None else sealed
    wrapped = private_key(name).public_key().encrypt(key, pad)
    encrypted_key = f"<xenc:EncryptedKey>{wrap}{cipher_data(wrapped)}</xenc:EncryptedKey>"
    info = f'<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">{encrypted_key}</ds:KeyInfo>'
    used = content or f"{XENC11}aes{size * 8}-gcm"
    return (
        '<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
        f' xmlns:xenc="{XENC}" xmlns:xenc11="{XENC11}"><xenc:EncryptedData Type="{kind}">'
        f"{method(used)}{'' if beside else info}{cipher_data(value)}</xenc:EncryptedData>"
        f"{encrypted_key if beside else ''}</saml:EncryptedAssertion>"
    )


def check(text: str, *pems: str, **more: Any) -> Assertion:
    return verify(encoded(text), metadata(), NOW, pems or (pem(),), **more)


def refusal(text: str, *pems: str, **more: Any) -> str:
    with pytest.raises(Fault) as caught:
        check(text, *pems, **more)
    assert (caught.value.code, caught.value.status) == ("InvalidIdentityToken", 400)
    return caught.value.message


def inner(**more: Any) -> str:
    return signed(assertion(NOW, ATTRIBUTES, **more))


@pytest.mark.parametrize("size", [16, 24, 32])
@pytest.mark.parametrize("beside", [False, True])
def test_an_assertion_that_is_signed_and_then_encrypted(size: int, beside: bool) -> None:
    found = check(response(hidden(inner(), size=size, beside=beside)))
    assert (found.subject, found.attributes) == ("ann", {"a": ("1",)})


@pytest.mark.parametrize(
    ("wrap", "pad"),
    [
        (method(f"{XENC}rsa-oaep-mgf1p", digest(SHA1)), OAEP_SHA1),
        (
            method(f"{XENC}rsa-oaep-mgf1p", digest(SHA256)),
            padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA256(), None),
        ),
        (method(f"{XENC11}rsa-oaep"), OAEP_SHA1),
        (
            method(
                f"{XENC11}rsa-oaep",
                digest(SHA256),
                f'<xenc11:MGF Algorithm="{XENC11}mgf1sha256"></xenc11:MGF>',
            ),
            OAEP_SHA256,
        ),
    ],
)
def test_the_keys_wrap_is_what_it_says(wrap: str, pad: Any) -> None:
    assert check(response(hidden(inner(), wrap=wrap, pad=pad))).subject == "ann"


def test_a_response_that_is_signed_over_what_is_encrypted() -> None:
    plain = assertion(NOW, ATTRIBUTES)
    assert check(signed(response(hidden(plain)))).subject == "ann"
    assert check(signed(response(hidden(inner())))).subject == "ann"


def test_any_of_the_providers_keys_opens_it() -> None:
    text = response(hidden(inner(), "second"))
    assert check(text, pem(), pem("second")).subject == "ann"
    assert refusal(text, pem()) == BAD_SIGNATURE
    with pytest.raises(Fault, match=BAD_SIGNATURE):
        verify(encoded(text), metadata(), NOW)


def test_encrypting_is_not_signing() -> None:
    """Anybody can encrypt: the key is public."""
    assert refusal(response(hidden(assertion(NOW, ATTRIBUTES)))) == BAD_SIGNATURE
    strange = signed(assertion(NOW, ATTRIBUTES), "two")
    assert refusal(response(hidden(strange))) == BAD_SIGNATURE
    assert refusal(signed(response(hidden(inner())), "two")) == BAD_SIGNATURE


def test_where_it_must_be_hidden_no_other_is_taken() -> None:
    assert check(response(hidden(inner())), is_hidden=True).subject == "ann"
    assert refusal(response(inner()), is_hidden=True) == BAD_SIGNATURE


def test_one_assertion_hidden_or_not() -> None:
    both = hidden(inner()) + inner(name="_a2")
    assert refusal(response(both)) == NOT_READABLE
    assert refusal(response(hidden(inner()) * 2)) == NOT_READABLE
    nested = hidden(response(hidden(inner()), "_r2"))
    assert refusal(response(nested)) == NOT_READABLE
    assert refusal(response(hidden(hidden(inner())))) == NOT_READABLE
    assert refusal(response(hidden('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'))) == NOT_READABLE


def cbc(text: str, key: bytes) -> bytes:
    padded = text.encode() + bytes([0] * (15 - len(text) % 16)) + bytes([16 - len(text) % 16])
    nonce = os.urandom(16)
    sealing = Cipher(algorithms.AES(key), modes.CBC(nonce)).encryptor()
    return nonce + sealing.update(padded) + sealing.finalize()


@pytest.mark.parametrize(
    "more",
    [
        {"content": f"{XENC}aes256-cbc", "sealed": cbc("<a/>", bytes(32))},
        {"content": f"{XENC}tripledes-cbc"},
        {"content": "none"},
        {"wrap": method(f"{XENC}rsa-1_5"), "pad": padding.PKCS1v15()},
        {"wrap": method(f"{XENC11}rsa-oaep", digest("md5"))},
        {"wrap": method(f"{XENC11}rsa-oaep", f'<xenc11:MGF Algorithm="{SHA1}"></xenc11:MGF>')},
        {"wrap": method(f"{XENC}rsa-oaep-mgf1p", "<xenc:OAEPparams>YQ==</xenc:OAEPparams>")},
        {"wrap": method(f"{XENC}rsa-oaep-mgf1p", digest(SHA256))},
        {"wrap": ""},
        {"wrap": USUAL_WRAP * 2},
        {"sealed": b"short"},
        {"sealed": b"\0" * 100},
        {"kind": f"{XENC}Content"},
        {"size": 16, "content": f"{XENC11}aes256-gcm"},
    ],
)
def test_whatever_does_not_open_is_told_in_one_way(more: dict[str, Any]) -> None:
    assert refusal(response(hidden(inner(), **more))) == BAD_SIGNATURE


def test_altered_by_a_bit() -> None:
    text = response(hidden(inner()))
    place = text.rindex("</xenc:CipherValue>") - 200
    altered = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
    assert refusal(altered) == BAD_SIGNATURE


def test_a_providers_certificates_are_read_once_and_the_bad_ones_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that cannot be read stands in nobody's way; a short key signs nothing."""
    broken = metadata().replace(
        "<ds:X509Certificate>", "<ds:X509Certificate>AAAA</ds:X509Certificate><ds:X509Certificate>"
    )
    reads: list[str] = []
    reading = saml_metadata.read_metadata

    def counted(text: str) -> Any:
        reads.append(text)
        return reading(text)

    monkeypatch.setattr(saml_metadata, "read_metadata", counted)
    monkeypatch.setattr(saml_metadata, "_known", type(saml_metadata._known)())
    for _ in range(3):
        assert verify(encoded(response(inner())), broken, NOW).subject == "ann"
    assert reads == [broken]
    assert (
        saml_metadata.readable(b64(certificate("short", "rsa-1024").public_bytes(Encoding.DER)))
        is None
    )
