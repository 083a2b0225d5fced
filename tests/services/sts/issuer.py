"""An issuer of ID tokens, with keys made for the test."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from sekisho.services.outside import Jwk, KeysUnavailable

URL = "issuer.example/tenant"
ISSUER = f"https://{URL}"
AUDIENCE = "sts.amazonaws.com"
CURVES: dict[str, Any] = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1, "ES512": ec.SECP521R1}


@cache
def private_key(algorithm: str, name: str = "one", bits: int = 2048) -> Any:
    """The same key for the same arguments."""
    if algorithm in CURVES:
        return ec.generate_private_key(CURVES[algorithm]())
    return rsa.generate_private_key(65537, bits)


def jwk(algorithm: str, name: str = "one", bits: int = 2048, **more: Any) -> dict[str, Any]:
    public = private_key(algorithm, name, bits).public_key()
    kind = jwt.algorithms.ECAlgorithm if algorithm in CURVES else jwt.algorithms.RSAAlgorithm
    return {**json.loads(kind.to_jwk(public)), "kid": f"{algorithm}-{name}", "use": "sig", **more}


def signed(
    claims: dict[str, Any],
    algorithm: str = "RS256",
    name: str = "one",
    bits: int = 2048,
    header: dict[str, Any] | None = None,
) -> str:
    head = {"kid": f"{algorithm}-{name}"} if header is None else header
    return jwt.encode(claims, private_key(algorithm, name, bits), algorithm, head)


def claims(now: float, **more: Any) -> dict[str, Any]:
    """Those that every token needs; None leaves one out."""
    usual = {"iss": ISSUER, "sub": "subject-1", "aud": AUDIENCE, "iat": int(now) - 10,
             "exp": int(now) + 600}  # fmt: skip
    return {name: value for name, value in {**usual, **more}.items() if value is not None}


@dataclass
class Keys:
    """Key sets at hand; what was asked for is kept."""

    sets: dict[str, Sequence[Jwk] | KeysUnavailable] = field(default_factory=dict)
    asked: list[tuple[str, tuple[str, ...], str | None]] = field(default_factory=list)

    def keys_of(self, issuer: str, thumbprints: Sequence[str], kid: str | None) -> Sequence[Jwk]:
        self.asked.append((issuer, tuple(thumbprints), kid))
        found = self.sets.get(issuer, KeysUnavailable(issuer))
        if isinstance(found, KeysUnavailable):
            raise found
        return found
