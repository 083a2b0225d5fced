"""ID tokens of OpenID Connect: every check that one must pass is made here, in AWS's order.

What is read before the signature is verified is read to refuse, and to find the key; a token leaves
this module only verified. Algorithms are RSA and ECDSA signatures over SHA-2 (W-99): a token that
asks for none, or for a shared secret, is no ID token.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from sekisho.model.faults import Fault
from sekisho.services.outside import (
    IssuerUnreachable,
    Jwk,
    KeySets,
    KeysUnavailable,
    StrangeCertificate,
)
from sekisho.services.sts.pace import PACE

LONGEST_TOKEN = 20_000
LONGEST_SUBJECT = 255
MOST_TRIED = 10
SKEW_SECONDS = 300
LATEST = 10**12
RSA_BITS = range(2_048, 8_193)
CURVES = {"ES256": "secp256r1", "ES384": "secp384r1", "ES512": "secp521r1"}
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", *CURVES})

# The public members of a JSON Web Key; no other is looked at.
_MEMBERS = ("kty", "n", "e", "crv", "x", "y")
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
STRANGE_CERTIFICATE = (
    "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"
)
UNREACHABLE = "The identity provider could not be reached to verify the token."


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it was read, not to be believed. claims: its payload."""

    text: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]

    @property
    def issuer(self) -> str:
        """The issuer as it writes itself: a URL. Raises InvalidIdentityToken if there is none."""
        return required(self.claims, "iss")


@dataclass(frozen=True, slots=True)
class IdToken:
    """A verified token.

    audience: the one that counts: the authorized party where there is one to choose (PE-207).
    audiences: all that it names.
    """

    issuer: str
    subject: str
    audience: str
    audiences: tuple[str, ...]
    claims: Mapping[str, Any]


def read_token(text: str) -> Token:
    """Take a token apart. Raises InvalidIdentityToken for what is none, or not signed as one is."""
    import jwt  # noqa: PLC0415 - only those who federate wait for it

    if len(text) > LONGEST_TOKEN:
        raise invalid(NOT_VALID)
    try:
        parts = jwt.decode_complete(text, options={"verify_signature": False})
        header, claims = parts["header"], parts["payload"]
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise invalid(NOT_VALID) from None
    kid = header.get("kid")
    if header.get("alg") not in ALGORITHMS or not (kid is None or isinstance(kid, str)):
        raise invalid(NOT_VALID)
    if not isinstance(claims, dict) or "crit" in header or "b64" in header:
        raise invalid(NOT_VALID)
    return Token(text, header, claims)


def verify(
    token: Token, client_ids: Sequence[str] | None, keys: KeySets, thumbprints: Sequence[str],
    now: float,
) -> IdToken:  # fmt: skip
    """The token, verified: required claims, times, audience, then the signature.

    client_ids: the audiences that are taken; None takes any. now: epoch seconds.
    Raises InvalidIdentityToken, ExpiredTokenException, IDPCommunicationError (PE-207).
    """
    claims = token.claims
    subject = required(claims, "sub")
    if len(subject) > LONGEST_SUBJECT:
        raise invalid(f"The sub claim is longer than {LONGEST_SUBJECT} characters.")
    check_times(claims, now)
    audiences = read_audiences(claims)
    audience = chosen_audience(claims, audiences)
    if client_ids is not None and audience not in client_ids:
        raise invalid("Incorrect token audience")
    check_signature(token, keys, thumbprints)
    return IdToken(token.issuer, subject, audience, audiences, claims)


def required(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"Missing a required claim: {name}.")
    return value


def check_times(claims: Mapping[str, Any], now: float) -> None:
    """exp to the second; for nbf and iat, which another clock wrote, five minutes are let pass."""
    expires = moment(claims, "exp")
    moment(claims, "iat")
    if now >= expires:
        raise Fault(
            "ExpiredTokenException",
            400,
            f"Token expired: current date/time {int(now)} must be before the expiration date/time"
            f" {int(expires)}",
        )
    for name in ("iat", "nbf"):
        if name in claims and moment(claims, name) > now + SKEW_SECONDS:
            raise invalid(NOT_VALID)


def moment(claims: Mapping[str, Any], name: str) -> float:
    """A NumericDate (RFC 7519, section 2)."""
    value = claims.get(name)
    if value is None:
        raise invalid(f"Missing a required claim: {name}.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid(NOT_VALID)
    if isinstance(value, float) and math.isnan(value):
        raise invalid(NOT_VALID)
    return min(max(value, 0), LATEST)


def read_audiences(claims: Mapping[str, Any]) -> tuple[str, ...]:
    given = claims.get("aud")
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list) or not listed:
        raise invalid("Missing a required claim: aud.")
    if not all(isinstance(one, str) and one for one in listed):
        raise invalid(NOT_VALID)
    return tuple(listed)


def chosen_audience(claims: Mapping[str, Any], audiences: tuple[str, ...]) -> str:
    """Of several audiences the authorized party decides."""
    party = claims.get("azp")
    if len(audiences) == 1:
        return audiences[0]
    if not isinstance(party, str) or not party:
        raise invalid(MANY_AUDIENCES)
    return party


def check_signature(token: Token, keys: KeySets, thumbprints: Sequence[str]) -> None:
    """Raises InvalidIdentityToken unless one of the issuer's keys made the signature."""
    import jwt  # noqa: PLC0415

    kid, algorithm = token.header.get("kid"), token.header["alg"]
    fitting = [
        key
        for key in issuers_keys(token, keys, thumbprints)
        if (kid is None or key.get("kid") == kid)
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
    ]
    unchecked = {"verify_exp": False, "verify_nbf": False, "verify_iat": False,
                 "verify_aud": False, "verify_iss": False, "verify_sub": False,
                 "verify_jti": False}  # fmt: skip
    with PACE.turn():  # whoever waits for an issuer holds up nobody's turn
        candidates = [key for key in map(public_key, fitting[:MOST_TRIED]) if fits(key, algorithm)]
        if not candidates:
            raise invalid(NO_KEY)
        for key in candidates:
            try:
                jwt.decode(token.text, key, algorithms=[algorithm], options=unchecked)  # type: ignore[arg-type]
            except jwt.PyJWTError:
                continue
            return
    raise invalid(NOT_VALID)


def issuers_keys(token: Token, keys: KeySets, thumbprints: Sequence[str]) -> Sequence[Jwk]:
    issuer = token.issuer.removeprefix("https://")
    try:
        return keys.keys_of(issuer, thumbprints, token.header.get("kid"))
    except StrangeCertificate:
        raise invalid(STRANGE_CERTIFICATE) from None
    except IssuerUnreachable:
        raise Fault("IDPCommunicationError", 400, UNREACHABLE) from None
    except KeysUnavailable:
        raise invalid(NO_KEY) from None


def public_key(jwk: Jwk) -> Any:
    """The key of a JSON Web Key that is RSA or EC; None if it cannot be read."""
    import jwt  # noqa: PLC0415

    public = {name: jwk[name] for name in _MEMBERS if isinstance(jwk.get(name), str)}
    try:
        if public.get("kty") == "RSA":
            return jwt.algorithms.RSAAlgorithm.from_jwk(json.dumps(public))
        if public.get("kty") == "EC":
            return jwt.algorithms.ECAlgorithm.from_jwk(json.dumps(public))
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        pass
    return None


def fits(key: object, algorithm: str) -> bool:
    """Whether a key is of the algorithm's kind, and neither weak nor so large that it costs."""
    if algorithm in CURVES:
        return isinstance(key, EllipticCurvePublicKey) and key.curve.name == CURVES[algorithm]
    return isinstance(key, RSAPublicKey) and key.key_size in RSA_BITS


def invalid(message: str) -> Fault:
    return Fault("InvalidIdentityToken", 400, message)
