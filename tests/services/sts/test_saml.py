"""Every way in which a SAML response can be wrong, wrapping among them (W-139, W-140)."""

import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signxml.algorithms import CanonicalizationMethod, SignatureMethod

from sekisho.model.faults import Fault
from sekisho.services.sts.saml import (
    NOT_READABLE,
    TOO_LATE,
    Assertion,
    verify,
)
from sekisho.services.sts.saml_metadata import read_metadata
from services.sts.idp import (
    ENTITY,
    RECIPIENT,
    assertion,
    certificate,
    encoded,
    instant,
    metadata,
    response,
    signed,
)

NOW = time.time()
BAD_SIGNATURE = "Response signature invalid"
NO_AUDIENCE = "Response does not contain the required audience."
STRANGE_ISSUER = "Issuer not present in specified provider"
END = "</ds:Signature>"
ATTRIBUTES = {"a": ["1", "2"]}
SIGNATURE = re.compile(r"<ds:Signature.*</ds:Signature>", re.DOTALL)


def check(text: str, known: str | None = None) -> Assertion:
    return verify(encoded(text), known or metadata(), NOW)


def refusal(text: str, known: str | None = None) -> tuple[str, str]:
    with pytest.raises(Fault) as caught:
        check(text, known)
    assert caught.value.status == 400
    return caught.value.code, caught.value.message


def invalid(message: str) -> tuple[str, str]:
    return "InvalidIdentityToken", message


def usual(**more: Any) -> str:
    return response(signed(assertion(NOW, ATTRIBUTES, **more)))


def test_a_signed_assertion() -> None:
    found = check(usual())
    assert found == Assertion(
        ENTITY, "ann", found.subject_format, RECIPIENT, found.session_end, {"a": ("1", "2")}
    )
    assert found.subject_type == "persistent"


def test_a_signed_response_and_both() -> None:
    plain = assertion(NOW, ATTRIBUTES)
    assert check(signed(response(plain))).subject == "ann"
    assert check(signed(response(signed(plain)))).subject == "ann"


def test_each_signature_that_is_there_must_fit() -> None:
    both = signed(response(signed(assertion(NOW, ATTRIBUTES), "two")))
    assert refusal(both) == invalid(BAD_SIGNATURE)
    outer = signed(response(signed(assertion(NOW, ATTRIBUTES))), "two")
    assert refusal(outer) == invalid(BAD_SIGNATURE)


@pytest.mark.parametrize("method", [SignatureMethod.RSA_SHA384, SignatureMethod.RSA_SHA512])
def test_other_hashes(method: SignatureMethod) -> None:
    assert check(response(signed(assertion(NOW, ATTRIBUTES), method=method))).subject == "ann"


def test_any_of_the_providers_certificates() -> None:
    text = response(signed(assertion(NOW, ATTRIBUTES), "curve", "ec"))
    assert refusal(text) == invalid(BAD_SIGNATURE)
    known = metadata(certificate(), certificate("curve", "ec"))
    assert check(text, known).subject == "ann"


def test_a_huge_certificate_is_not_remembered() -> None:
    huge = metadata().replace("<ds:X509Certificate>", "<ds:X509Certificate>" + " " * 40_000)
    assert read_metadata(metadata())[1]
    assert read_metadata(huge)[1] == ()


def test_without_a_signature() -> None:
    assert refusal(response(assertion(NOW, ATTRIBUTES))) == invalid(BAD_SIGNATURE)


def test_signed_by_a_key_that_only_the_response_names() -> None:
    text = response(signed(assertion(NOW, ATTRIBUTES), "two"))
    assert certificate("two") != certificate()
    assert refusal(text) == invalid(BAD_SIGNATURE)


def test_an_expired_certificate_signs_nothing() -> None:
    text = response(signed(assertion(NOW, ATTRIBUTES)))
    assert refusal(text, metadata(certificate("one", "rsa", -1))) == invalid(BAD_SIGNATURE)


def test_a_canonical_form_that_keeps_comments_or_context_is_refused() -> None:
    for method in (
        CanonicalizationMethod.CANONICAL_XML_1_0,
        CanonicalizationMethod.CANONICAL_XML_1_1,
        CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0_WITH_COMMENTS,
    ):
        text = response(signed(assertion(NOW, ATTRIBUTES), canonical=method))
        assert refusal(text) == invalid(BAD_SIGNATURE)


def test_a_comment_does_not_cut_a_name() -> None:
    """It is not signed; the text around it is one."""
    text = usual(subject="ann@good.example.evil.example")
    cut = text.replace("ann@good.example.evil", "ann@good.example<!-- -->.evil")
    assert check(cut).subject == "ann@good.example.evil.example"


@pytest.mark.parametrize("what", ["ann", "persistent", RECIPIENT, "urn:amazon:webservices", ">1<"])
def test_what_is_altered_after_signing_is_refused(what: str) -> None:
    altered = usual().replace(what, what.replace("a", "b").replace("1", "7").replace("p", "q"), 1)
    assert refusal(altered)[0] == "InvalidIdentityToken"


def evil() -> str:
    return assertion(NOW, ATTRIBUTES, "_evil", subject="root")


def wrappings() -> dict[str, str]:
    """The signature-wrapping attacks: a signed assertion somewhere, an evil one to be read."""
    good = signed(assertion(NOW, ATTRIBUTES))
    found = SIGNATURE.search(good)
    assert found is not None
    signature, bare = found.group(), SIGNATURE.sub("", good)
    with_signature = evil().replace("</saml:Issuer>", f"</saml:Issuer>{signature}")
    return {
        "evil before good": response(evil() + good),
        "evil after good": response(good + evil()),
        "good within evil": response(
            evil().replace("</saml:Assertion>", f"{good}</saml:Assertion>")
        ),
        "good within the signature of evil": response(
            evil().replace(
                "</saml:Issuer>",
                "</saml:Issuer>"
                + signature.replace(
                    "</ds:Signature>", f"<ds:Object>{bare}</ds:Object></ds:Signature>"
                ),
            )
        ),
        "good within an extension": response(
            f"<samlp:Extensions>{good}</samlp:Extensions>" + evil()
        ),
        "the signature of good on evil": response(with_signature),
        "evil with the name of good": response(with_signature.replace("_evil", "_a1")),
        "two of one name": response(
            with_signature.replace("_evil", "_a1") + f"<samlp:Extensions>{bare}</samlp:Extensions>"
        ),
        "a response within a response": response(
            f"<samlp:Extensions>{response(good, '_r2')}</samlp:Extensions>" + evil()
        ),
        "another attribute with the name": response(
            with_signature.replace(
                "</saml:Assertion>",
                bare.replace("saml:Assertion", "saml:Advice").replace(' ID="', ' Id="')
                + "</saml:Assertion>",
            )
        ),
        "a signature beside": response(evil() + signature),
    }


@pytest.mark.parametrize("name", sorted(wrappings()))
def test_a_signed_assertion_elsewhere_does_not_vouch(name: str) -> None:
    assert refusal(wrappings()[name])[0] == "InvalidIdentityToken"


def test_a_reference_to_everything_or_elsewhere_is_refused() -> None:
    good = usual()
    for uri in ('URI=""', 'URI="#_r1"', 'URI="https://evil.example/x"', 'URI="file:///etc/passwd"'):
        assert refusal(good.replace('URI="#_a1"', uri)) == invalid(BAD_SIGNATURE)


def test_transforms_that_can_hide_something_are_refused() -> None:
    good = usual()
    for evil_one in (
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2000/09/xmldsig#base64",
    ):
        altered = good.replace("http://www.w3.org/2000/09/xmldsig#enveloped-signature", evil_one)
        assert refusal(altered) == invalid(BAD_SIGNATURE)


def test_weak_signatures_are_refused() -> None:
    good = usual()
    for weak in ("http://www.w3.org/2000/09/xmldsig#rsa-sha1",
                 "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"):  # fmt: skip
        altered = good.replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", weak)
        assert altered != good
        assert refusal(altered) == invalid(BAD_SIGNATURE)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"issuer": "https://evil.example"}, invalid(STRANGE_ISSUER)),
        ({"audience": "https://other.example"}, invalid(NO_AUDIENCE)),
        ({"recipient": "https://other.example/saml"}, invalid(NO_AUDIENCE)),
        ({"recipient": f"{RECIPIENT}.evil.example"}, invalid(NO_AUDIENCE)),
        ({"confirmation": "<saml:SubjectConfirmation/>"}, invalid(NO_AUDIENCE)),
        ({"subject": ""}, invalid(NOT_READABLE)),
        ({"issued": NOW - 301}, ("ExpiredTokenException", TOO_LATE)),
        ({"after": NOW - 1}, ("ExpiredTokenException", TOO_LATE)),
        ({"issued": NOW + 301}, invalid(NOT_READABLE)),
        ({"before": NOW + 301}, invalid(NOT_READABLE)),
    ],
)
def test_what_is_signed_and_still_wrong(more: dict[str, Any], said: tuple[str, str]) -> None:
    assert refusal(usual(**more)) == said


def test_a_regional_sign_in_is_taken() -> None:
    regional = "https://eu-west-1.signin.aws.amazon.com/saml"
    assert check(usual(recipient=regional)).recipient == regional


def test_the_end_of_the_session() -> None:
    text = usual(session=f' SessionNotOnOrAfter="{instant(NOW + 1000)}"')
    assert check(text).session_end == int(NOW + 1000)


def test_a_failed_login_is_no_login() -> None:
    text = response(signed(assertion(NOW, ATTRIBUTES)), status="Responder")
    assert refusal(text) == invalid(NOT_READABLE)


DTD = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "text",
    ["", "no xml", "<a/>", DTD + usual(), EXTERNAL + usual(), "<a>" * 20_000,
     "<samlp:Response/>", response(""), response("<x/>" * 6_000)],
)  # fmt: skip
def test_what_is_no_response(text: str) -> None:
    assert refusal(text) == invalid(NOT_READABLE)


def test_what_is_no_base64() -> None:
    with pytest.raises(Fault, match="Invalid base64 SAMLResponse"):
        verify("!!!!", metadata(), NOW)


@given(st.binary(max_size=300))
def test_nothing_else_is_taken(raw: bytes) -> None:
    with pytest.raises(Fault):
        check(raw.decode("latin-1"))


@given(st.data())
def test_a_response_altered_anywhere_gives_nothing_else(data: st.DataObject) -> None:
    """What still passes says the same: the change was not in what is read."""
    text = GOOD
    at = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.sampled_from("<>/\"' =:#_aZ09"))
    try:
        found = check(text[:at] + sign + text[at + 1 :])
    except Fault:
        return
    assert found == check(text)


GOOD = usual()
