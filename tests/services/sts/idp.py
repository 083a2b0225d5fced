"""A SAML identity provider, with keys made for the test."""

import base64
import datetime
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, SignatureMethod
from signxml.signer import XMLSigner

ENTITY = "https://idp.example/saml"
RECIPIENT = "https://signin.aws.amazon.com/saml"
OURS = "https://aws.amazon.com/SAML/Attributes/"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
SAML = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
}
EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0


@cache
def private_key(name: str = "one", kind: str = "rsa") -> Any:
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 1024 if kind == "rsa-1024" else 2048)


@cache
def certificate(name: str = "one", kind: str = "rsa", days: int = 30) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name}.example")])
    today = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private_key(name, kind).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=60))
        .not_valid_after(today + datetime.timedelta(days=days))
        .sign(private_key(name, kind), hashes.SHA256())
    )


def metadata(*certificates: x509.Certificate, more: str = "") -> str:
    keys = "".join(
        '<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>'
        f"{base64.b64encode(one.public_bytes(Encoding.DER)).decode()}"
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for one in (certificates or (certificate(),))
    )
    return (
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"'
        f' xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{ENTITY}"{more}>'
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f"{keys}</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


def instant(moment: float) -> str:
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def attribute(name: str, values: Sequence[str]) -> str:
    inner = "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values)
    return f'<saml:Attribute Name="{name}">{inner}</saml:Attribute>'


def assertion(
    now: float, attributes: Mapping[str, Sequence[str]], name: str = "_a1", **more: Any
) -> str:
    """Unsigned. more: what is otherwise than usual."""
    given: dict[str, Any] = {
        "issued": now - 5,
        "issuer": ENTITY,
        "subject": "ann",
        "format": PERSISTENT,
        "recipient": RECIPIENT,
        "audience": "urn:amazon:webservices",
        "before": now - 60,
        "after": now + 240,
        "session": "",
        "confirmation": None,
        **more,
    }
    confirmation = given["confirmation"] or (
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
        f'<saml:SubjectConfirmationData NotOnOrAfter="{instant(given["after"])}"'
        f' Recipient="{given["recipient"]}"/></saml:SubjectConfirmation>'
    )
    return (
        f'<saml:Assertion xmlns:saml="{SAML["saml"]}" ID="{name}" Version="2.0"'
        f' IssueInstant="{instant(given["issued"])}"><saml:Issuer>{given["issuer"]}</saml:Issuer>'
        f'<saml:Subject><saml:NameID Format="{given["format"]}">{given["subject"]}</saml:NameID>'
        f"{confirmation}</saml:Subject>"
        f'<saml:Conditions NotBefore="{instant(given["before"])}"'
        f' NotOnOrAfter="{instant(given["after"])}"><saml:AudienceRestriction>'
        f"<saml:Audience>{given['audience']}</saml:Audience></saml:AudienceRestriction>"
        f"</saml:Conditions><saml:AuthnStatement{given['session']}/><saml:AttributeStatement>"
        f"{''.join(attribute(key, values) for key, values in attributes.items())}"
        "</saml:AttributeStatement></saml:Assertion>"
    )


def response(inner: str, name: str = "_r1", status: str = "Success") -> str:
    return (
        f'<samlp:Response xmlns:samlp="{SAML["samlp"]}" ID="{name}" Version="2.0"><samlp:Status>'
        f'<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{status}"/></samlp:Status>'
        f"{inner}</samlp:Response>"
    )


def signed(
    text: str,
    name: str = "one",
    kind: str = "rsa",
    method: SignatureMethod | None = None,
    canonical: CanonicalizationMethod = EXCLUSIVE,
    **more: Any,
) -> str:
    """A document with a signature over its root, which is its last child."""
    root = etree.fromstring(text)
    usual = SignatureMethod.ECDSA_SHA256 if kind == "ec" else SignatureMethod.RSA_SHA256
    signer = XMLSigner(signature_algorithm=method or usual, c14n_algorithm=canonical)
    done = signer.sign(
        root,
        key=private_key(name, kind),
        cert=[certificate(name, kind)],
        reference_uri=f"#{root.get('ID')}",
        id_attribute="ID",
        **more,
    )
    written: str = etree.tostring(done).decode()
    return written


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
