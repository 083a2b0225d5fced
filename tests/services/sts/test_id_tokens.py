"""Every way in which an ID token can be wrong, and the few in which it is right (PE-207, W-138)."""

import base64
import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from sekisho.model.faults import Fault
from sekisho.services.outside import IssuerUnreachable, KeysUnavailable, StrangeCertificate
from sekisho.services.sts.id_tokens import (
    ALGORITHMS,
    LONGEST_TOKEN,
    STRANGE_CERTIFICATE,
    UNREACHABLE,
    IdToken,
    read_token,
    verify,
)
from services.sts.issuer import AUDIENCE, ISSUER, URL, Keys, claims, jwk, private_key, signed

NOW = 1_738_314_000.5
NOT_VALID = (
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
)
NO_KEY = (
    "Couldn't retrieve verification key from your identity provider,  please reference"
    " AssumeRoleWithWebIdentity documentation for requirements"
)
MANY_AUDIENCES = (
    "Token audience contains more than one audience while authorized party is not present"
)
EVERY = [jwk(algorithm) for algorithm in sorted(ALGORITHMS)]
AUDIENCES = (AUDIENCE, "other")


def test_the_algorithms() -> None:
    """W-99."""
    assert sorted(ALGORITHMS) == ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512"]


def check(token: str, keys: Any = EVERY, client_ids: Any = AUDIENCES) -> IdToken:
    return verify(read_token(token), client_ids, Keys({URL: keys}), (), NOW)


def refusal(token: str, keys: Any = EVERY, client_ids: Any = AUDIENCES) -> tuple[str, str]:
    with pytest.raises(Fault) as caught:
        check(token, keys, client_ids)
    assert caught.value.status == 400
    return caught.value.code, caught.value.message


def invalid(message: str) -> tuple[str, str]:
    return "InvalidIdentityToken", message


def raw(header: dict[str, Any], payload: Any, signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


@pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))
def test_what_every_algorithm_signs_is_verified(algorithm: str) -> None:
    """W-99."""
    token = check(signed(claims(NOW), algorithm))
    assert (token.issuer, token.subject, token.audience) == (ISSUER, "subject-1", AUDIENCE)
    assert token.claims["exp"] == int(NOW) + 600


def test_a_token_without_a_key_id_may_be_signed_by_any_key() -> None:
    assert check(signed(claims(NOW), "ES256", header={})).subject == "subject-1"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"iss": None}, "Missing a required claim: iss."),
        ({"sub": None}, "Missing a required claim: sub."),
        ({"sub": 7}, "Missing a required claim: sub."),
        ({"sub": "x" * 256}, "The sub claim is longer than 255 characters."),
        ({"exp": None}, "Missing a required claim: exp."),
        ({"iat": None}, "Missing a required claim: iat."),
        ({"aud": None}, "Missing a required claim: aud."),
        ({"aud": []}, "Missing a required claim: aud."),
        ({"aud": [7]}, NOT_VALID),
        ({"aud": "stranger"}, "Incorrect token audience"),
        ({"aud": ["stranger"]}, "Incorrect token audience"),
        ({"aud": [AUDIENCE, "other"]}, MANY_AUDIENCES),
        ({"aud": [AUDIENCE, "other"], "azp": "stranger"}, "Incorrect token audience"),
        ({"iat": int(NOW) + 301}, NOT_VALID),
        ({"nbf": int(NOW) + 302}, NOT_VALID),
        ({"exp": "soon"}, NOT_VALID),
        ({"exp": True}, NOT_VALID),
        ({"exp": float("nan")}, NOT_VALID),
    ],
)
def test_claims_that_are_wrong(more: dict[str, Any], said: str) -> None:
    payload = claims(NOW, **more)
    token = jwt.api_jws.encode(json.dumps(payload).encode(), private_key("RS256"), "RS256",
                               {"kid": "RS256-one"})  # fmt: skip
    assert refusal(token) == invalid(said)


def test_an_expired_token_says_so() -> None:
    """W-138, PE-207."""
    token = signed(claims(NOW, exp=int(NOW)))
    assert refusal(token) == (
        "ExpiredTokenException",
        f"Token expired: current date/time {int(NOW)} must be before the expiration date/time"
        f" {int(NOW)}",
    )


def test_times_at_their_limits_are_taken() -> None:
    assert check(signed(claims(NOW, exp=int(NOW) + 1, iat=int(NOW) + 300, nbf=int(NOW) + 300)))
    assert check(signed(claims(NOW, exp=10**400)))


def test_of_several_audiences_the_authorized_party_counts() -> None:
    token = check(signed(claims(NOW, aud=["a", "b"], azp="other")))
    assert token.audience == "other"
    assert check(signed(claims(NOW, aud=["anything"])), client_ids=None).audience == "anything"


def test_a_provider_without_client_ids_takes_nothing() -> None:
    assert refusal(signed(claims(NOW)), client_ids=()) == invalid("Incorrect token audience")


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "NONE", "", "HS256", "PS256", "EdDSA", "RS1"]
)
def test_other_algorithms_are_refused_whatever_they_claim(algorithm: str) -> None:
    assert refusal(raw({"alg": algorithm, "kid": "RS256-one"}, claims(NOW))) == invalid(NOT_VALID)


def test_a_public_key_is_no_shared_secret() -> None:
    """The confusion of RS256 with HS256."""
    public = private_key("RS256").public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for named in ("HS256", "RS256"):
        unsigned = raw({"alg": named, "kid": "RS256-one"}, claims(NOW)).rstrip(".")
        mac = hmac.new(pem, unsigned.encode(), hashlib.sha256).digest()
        forged = f"{unsigned}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
        assert refusal(forged) == invalid(NOT_VALID)


def test_another_key_of_the_same_name_does_not_pass() -> None:
    token = signed(claims(NOW), "RS256", "two", header={"kid": "RS256-one"})
    assert refusal(token) == invalid(NOT_VALID)


def test_a_key_in_the_token_itself_counts_for_nothing() -> None:
    own = jwk("RS256", "two")
    for header in ({"jwk": own}, {"jku": "https://evil.example/keys"}, {"x5c": ["AAAA"]}):
        token = signed(claims(NOW), "RS256", "two", header={"kid": "RS256-one", **header})
        assert refusal(token) == invalid(NOT_VALID)
        assert refusal(signed(claims(NOW), "RS256", "two", header=header)) == invalid(NOT_VALID)


@pytest.mark.parametrize("header", [{"crit": ["b64"], "b64": True}, {"b64": True}, {"kid": 7}])
def test_headers_that_change_the_rules_are_refused(header: dict[str, Any]) -> None:
    token = raw({"alg": "RS256", **header}, claims(NOW), b"x")
    assert refusal(token) == invalid(NOT_VALID)


@pytest.mark.parametrize(
    "key",
    [
        jwk("RS256", use="enc"),
        jwk("RS256", alg="RS512"),
        jwk("RS256", kid="another"),
        {**jwk("ES256"), "kid": "RS256-one"},
        {**jwk("RS256"), "n": "!!"},
        {**jwk("RS256"), "kty": "oct", "k": "AAAA"},
        {"kid": "RS256-one"},
        {"kid": "RS256-one", "kty": "RSA", "n": [], "e": {}},
    ],
)
def test_keys_that_do_not_fit_verify_nothing(key: dict[str, Any]) -> None:
    assert refusal(signed(claims(NOW)), [key]) == invalid(NO_KEY)


@pytest.mark.parametrize("bits", [1024, 9216])
def test_weak_and_huge_keys_verify_nothing(bits: int) -> None:
    if bits == 1024:
        key, token = jwk("RS256", "weak", bits), signed(claims(NOW), "RS256", "weak", bits)
    else:  # nobody waits for such a key to be made
        modulus = base64.urlsafe_b64encode(b"\xff" * (bits // 8)).decode().rstrip("=")
        key = {**jwk("RS256"), "kid": "RS256-huge", "n": modulus}
        token = signed(claims(NOW), header={"kid": "RS256-huge"})
    assert refusal(token, [key]) == invalid(NO_KEY)


def test_a_curve_belongs_to_its_algorithm() -> None:
    token = signed(claims(NOW), "ES256", header={"kid": "k"})
    assert refusal(token, [{**jwk("ES384"), "kid": "k"}]) == invalid(NO_KEY)


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (KeysUnavailable("x"), invalid(NO_KEY)),
        (StrangeCertificate("x"), invalid(STRANGE_CERTIFICATE)),
        (IssuerUnreachable("x"), ("IDPCommunicationError", UNREACHABLE)),
    ],
)
def test_an_issuer_whose_keys_cannot_be_had(
    failure: KeysUnavailable, said: tuple[str, str]
) -> None:
    assert refusal(signed(claims(NOW)), failure) == said


@pytest.mark.parametrize(
    "text",
    ["abcd", "a.b", "a.b.c.d", "....", "ey.ey.ey", raw({"alg": "RS256"}, []),
     raw({"alg": "RS256"}, "text"), "A" * (LONGEST_TOKEN + 1), "ey\x00.é.x"],
)  # fmt: skip
def test_what_is_no_token(text: str) -> None:
    assert refusal(text) == invalid(NOT_VALID)


def test_deep_nesting_is_refused() -> None:
    head = base64.urlsafe_b64encode(b'{"alg":"RS256"}').decode().rstrip("=")
    deep = base64.urlsafe_b64encode(b"[" * 9_000).decode().rstrip("=")
    assert refusal(f"{head}.{deep}.AAAA") == invalid(NOT_VALID)


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda b: b.decode("latin-1")))
def test_nothing_else_is_taken(text: str) -> None:
    with pytest.raises(Fault):
        check(text)


@given(st.data())
def test_a_token_altered_anywhere_is_refused(data: st.DataObject) -> None:
    token = signed(claims(NOW), "ES256")
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_."))
    altered = token[:at] + other + token[at + 1 :]
    head, body, signature = token.split(".")
    spare = base64.urlsafe_b64decode(signature + "==")
    if altered == token or altered.count(".") != 2:
        return
    last = altered.rpartition(".")[2]
    if (
        altered.startswith(f"{head}.{body}.")
        and base64.urlsafe_b64decode(last + "=" * (-len(last) % 4)) == spare
    ):
        return  # the last sign holds bits that mean nothing
    with pytest.raises(Fault):
        check(altered)
