"""SAML 2.0 responses: every check that one must pass is made here.

Nothing is read from a response but what a signature covers: the signature is verified with the
certificates of the provider's metadata, over an element that stands alone by then, and what is read
is the canonical form that was hashed. So wrapping, comments and second assertions lead nowhere.
No document types, no entities, no external references, no transforms but the two that SAML needs.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.x509 import Certificate

from sekisho.model.faults import Fault
from sekisho.services.sts.saml_encryption import Unopened, opened
from sekisho.services.sts.saml_metadata import DSIG, known_metadata

ASSERTION = "{urn:oasis:names:tc:SAML:2.0:assertion}"
PLAIN, HIDDEN = f"{ASSERTION}Assertion", f"{ASSERTION}EncryptedAssertion"
PROTOCOL = "{urn:oasis:names:tc:SAML:2.0:protocol}"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
FORMATS = "urn:oasis:names:tc:SAML:2.0:nameid-format:"
TRANSFORMS = frozenset(
    {
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
    }
)
METHODS = (
    "RSA_SHA256",
    "RSA_SHA384",
    "RSA_SHA512",
    "SHA256_RSA_MGF1",
    "ECDSA_SHA256",
    "ECDSA_SHA384",
    "ECDSA_SHA512",
)
AUDIENCES = frozenset({"urn:amazon:webservices", "https://signin.aws.amazon.com/saml"})
_RECIPIENT = re.compile(r"https://(?:[a-z0-9-]{1,32}\.)?signin\.aws\.amazon\.com/saml", re.ASCII)

LONGEST_RESPONSE = 100_000
MOST_ELEMENTS = 5_000
REDEEM_SECONDS = 300
SKEW_SECONDS = 300
FAR = 10**12

TOO_LATE = "Token must be redeemed within 5 minutes of issuance"
BAD_SIGNATURE = "Response signature invalid"
NO_AUDIENCE = "Response does not contain the required audience."
STRANGE_ISSUER = "Issuer not present in specified provider"
NOT_READABLE = "Invalid SAMLResponse"


@dataclass(frozen=True, slots=True)
class Assertion:
    """A verified assertion.

    subject_format: the URI of the NameID's format. recipient: to whom it was sent, an URL of AWS's
    sign-in. session_end: epoch seconds when the provider wants the session over. attributes: by
    name, each with its values.
    """

    issuer: str
    subject: str
    subject_format: str
    recipient: str
    session_end: int
    attributes: Mapping[str, tuple[str, ...]]

    @property
    def subject_type(self) -> str:
        """The format without SAML's own prefix (W-98)."""
        return self.subject_format.removeprefix(FORMATS)


def verify(
    text: str, metadata: str, now: float, pems: Sequence[str] = (), *, is_hidden: bool = False
) -> Assertion:
    """The assertion of a response in base64, verified.

    metadata: of the provider that is to have sent it. now: epoch seconds. pems: the private keys
    for which an assertion may be encrypted; is_hidden: whether it must be.
    Raises InvalidIdentityToken, ExpiredTokenException (W-139).
    """
    response = read_response(text)
    entity, certificates = known_metadata(metadata)
    if response.find(HIDDEN) is not None:
        assertion = hidden_assertion(response, certificates, now, pems)
    elif is_hidden:
        raise invalid(BAD_SIGNATURE)
    else:
        assertion = signed_assertion(response, certificates, now)
    issuer = text_of(assertion.find(f"{ASSERTION}Issuer"))
    if issuer != entity:
        raise invalid(STRANGE_ISSUER)
    check_conditions(assertion, now)
    name = assertion.find(f"{ASSERTION}Subject/{ASSERTION}NameID")
    if name is None or not text_of(name):
        raise invalid(NOT_READABLE)
    return Assertion(
        issuer,
        text_of(name),
        name.get("Format", "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"),
        check_recipient(assertion, now),
        session_end(assertion),
        attributes_of(assertion),
    )


def read_response(text: str) -> Any:
    """The Response element, of the shape of those with one assertion, plain or encrypted."""
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise invalid("Invalid base64 SAMLResponse") from None
    root = parse(raw)
    if root.tag != f"{PROTOCOL}Response" or root.get("Version") != "2.0":
        raise invalid(NOT_READABLE)
    status = root.find(f"{PROTOCOL}Status/{PROTOCOL}StatusCode")
    if status is None or status.get("Value") != SUCCESS:
        raise invalid(NOT_READABLE)
    check_elements(root)
    if len([one for one in root if one.tag in (PLAIN, HIDDEN)]) != 1:
        raise invalid(NOT_READABLE)
    return root


def check_elements(root: Any) -> None:
    """A bounded number, no two of one ID, and one assertion among them, plain or encrypted."""
    elements = list(root.iter("*"))
    names = [element.get("ID") for element in elements if element.get("ID") is not None]
    if len(elements) > MOST_ELEMENTS or len(set(names)) != len(names):
        raise invalid(NOT_READABLE)
    if len([one for one in elements if one.tag in (PLAIN, HIDDEN)]) != 1:
        raise invalid(NOT_READABLE)


def parse(raw: bytes) -> Any:
    """A document as lxml has it, once defusedxml has found nothing to explode in it."""
    from defusedxml import ElementTree  # noqa: PLC0415 - only those who federate wait for it
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415
    from lxml import etree  # noqa: PLC0415

    if len(raw) > LONGEST_RESPONSE:
        raise invalid(NOT_READABLE)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(raw, parser)  # refuses what nests deeper than 256
        ElementTree.fromstring(raw, forbid_dtd=True)
    except (etree.LxmlError, ElementTree.ParseError, DefusedXmlException, ValueError):
        raise invalid(NOT_READABLE) from None
    return root


def signed_assertion(response: Any, certificates: Sequence[Certificate], now: float) -> Any:
    """The assertion as it was signed, by itself or within its response; each signature must fit."""
    assertion = response.find(PLAIN)
    signed: Any = None
    if assertion.find(f"{DSIG}Signature") is not None:
        signed = verified(assertion, certificates, now)
    if response.find(f"{DSIG}Signature") is not None:
        whole = verified(response, certificates, now)
        signed = signed if signed is not None else whole.find(PLAIN)
    if signed is None or signed.tag != PLAIN:
        raise invalid(BAD_SIGNATURE)
    return signed


def hidden_assertion(
    response: Any, certificates: Sequence[Certificate], now: float, pems: Sequence[str]
) -> Any:
    """The same of an encrypted assertion; a signature of the response is over what is encrypted.

    That one is looked at first: what it covers is opened then, and nothing else.
    """
    is_covered = response.find(f"{DSIG}Signature") is not None
    whole = verified(response, certificates, now) if is_covered else response
    encrypted = whole.find(HIDDEN)
    if encrypted is None:
        raise invalid(BAD_SIGNATURE)
    try:
        assertion = parse(opened(encrypted, pems))
    except Unopened:
        raise invalid(BAD_SIGNATURE) from None
    check_elements(assertion)
    if assertion.tag != PLAIN:
        raise invalid(NOT_READABLE)
    if assertion.find(f"{DSIG}Signature") is not None:
        return verified(assertion, certificates, now)
    if not is_covered:
        raise invalid(BAD_SIGNATURE)
    return assertion


def verified(element: Any, certificates: Sequence[Certificate], now: float) -> Any:
    """An element as it was signed. Raises InvalidIdentityToken if no certificate fits."""
    from lxml import etree  # noqa: PLC0415
    from signxml.algorithms import SignatureMethod  # noqa: PLC0415
    from signxml.exceptions import SignXMLException  # noqa: PLC0415
    from signxml.verifier import SignatureConfiguration, XMLVerifier  # noqa: PLC0415

    check_shape(element)
    alone = etree.tostring(element, with_tail=False)
    expected = SignatureConfiguration(
        location="./",
        expect_references=1,
        signature_methods=frozenset(map(SignatureMethod.__getitem__, METHODS)),
        verification_time=datetime.fromtimestamp(now, UTC),
    )
    for certificate in certificates:
        try:
            result = XMLVerifier().verify(
                alone, x509_cert=certificate, expect_config=expected, id_attribute="ID"
            )
        except (SignXMLException, etree.LxmlError, ValueError, TypeError, KeyError):
            continue
        signed = result.signed_xml  # type: ignore[union-attr]
        if signed is not None and same(signed, element):
            return signed
    raise invalid(BAD_SIGNATURE)


def same(signed: Any, element: Any) -> bool:
    return bool(signed.tag == element.tag and signed.get("ID") == element.get("ID"))


def check_shape(element: Any) -> None:
    """One signature, its own child, over itself alone (SAML Core, section 5.4)."""
    signatures = element.findall(f"{DSIG}Signature")
    name = element.get("ID")
    references = signatures[0].findall(f"{DSIG}SignedInfo/{DSIG}Reference")
    if len(signatures) != 1 or len(references) != 1 or not name:
        raise invalid(BAD_SIGNATURE)
    if references[0].get("URI") != f"#{name}" or signatures[0].find(f"{DSIG}Object") is not None:
        raise invalid(BAD_SIGNATURE)
    used = {one.get("Algorithm") for one in references[0].iter(f"{DSIG}Transform")}
    method = signatures[0].find(f"{DSIG}SignedInfo/{DSIG}CanonicalizationMethod")
    if not used <= TRANSFORMS or method is None or method.get("Algorithm") not in TRANSFORMS:
        raise invalid(BAD_SIGNATURE)


def check_conditions(assertion: Any, now: float) -> None:
    """When it counts, and for whom."""
    issued = moment(assertion.get("IssueInstant"))
    if issued is None or issued > now + SKEW_SECONDS:
        raise invalid(NOT_READABLE)
    if now > issued + REDEEM_SECONDS:
        raise too_late()
    conditions = assertion.find(f"{ASSERTION}Conditions")
    if conditions is None:
        raise invalid(NO_AUDIENCE)
    begins, ends = moment(conditions.get("NotBefore")), moment(conditions.get("NotOnOrAfter"))
    if begins is not None and now < begins - SKEW_SECONDS:
        raise invalid(NOT_READABLE)
    if ends is not None and now >= ends:
        raise too_late()
    restrictions = conditions.findall(f"{ASSERTION}AudienceRestriction")
    named = [{text_of(one) for one in each.iter(f"{ASSERTION}Audience")} for each in restrictions]
    if not named or not all(audiences & AUDIENCES for audiences in named):
        raise invalid(NO_AUDIENCE)


def check_recipient(assertion: Any, now: float) -> str:
    """To whom the bearer was sent, and by when they had to be there."""
    late = False
    for one in assertion.iterfind(f"{ASSERTION}Subject/{ASSERTION}SubjectConfirmation"):
        data = one.find(f"{ASSERTION}SubjectConfirmationData")
        if one.get("Method") != BEARER or data is None or data.get("NotBefore") is not None:
            continue
        recipient, ends = data.get("Recipient", ""), moment(data.get("NotOnOrAfter"))
        if _RECIPIENT.fullmatch(recipient) is None or ends is None:
            continue
        if now < ends:
            return str(recipient)
        late = True
    raise too_late() if late else invalid(NO_AUDIENCE)


def session_end(assertion: Any) -> int:
    """The first SessionNotOnOrAfter, in epoch seconds; far off where there is none."""
    given = [
        moment(one.get("SessionNotOnOrAfter"))
        for one in assertion.iterfind(f"{ASSERTION}AuthnStatement")
    ]
    return int(min((one for one in given if one is not None), default=FAR))


def attributes_of(assertion: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in assertion.iterfind(f"{ASSERTION}AttributeStatement/{ASSERTION}Attribute"):
        values = tuple(text_of(value) for value in one.iterfind(f"{ASSERTION}AttributeValue"))
        name = one.get("Name", "")
        found[name] = (*found.get(name, ()), *values)
    return found


def text_of(element: Any) -> str:
    """All text of an element, however it is split."""
    return "" if element is None else "".join(element.itertext()).strip()


def moment(text: str | None) -> float | None:
    """An xs:dateTime in epoch seconds; None if there is none. Raises InvalidIdentityToken."""
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(NOT_READABLE) from None
    return (read if read.tzinfo is not None else read.replace(tzinfo=UTC)).timestamp()


def too_late() -> Fault:
    return Fault("ExpiredTokenException", 400, TOO_LATE)


def invalid(message: str) -> Fault:
    return Fault("InvalidIdentityToken", 400, message)
