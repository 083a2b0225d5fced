"""Tokens that others verify: the issuer of each account, the keys that sign, what is published.

An account's issuer is ``URL/_oidc/ID``, where URL is that of this server. Bucket names have no
underscore, so the path is nobody's. The keys are the server's: all that are kept are published,
the newest of an algorithm signs.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from sekisho.directory.queries import issuers
from sekisho.directory.store import Directory, Transaction
from sekisho.model.identifiers import new_request_id
from sekisho.model.records import Issuer, SigningKey

ALGORITHMS = ("RS256", "ES384")
KEPT_KEYS = 2  # of an algorithm: the one that signs, and the one before it
ROOM = "/_oidc/"
DISCOVERY = "/.well-known/openid-configuration"
KEY_SET = "/.well-known/jwks.json"
_PATH = re.compile(r"/_oidc/([0-9a-f-]{36})(/\.well-known/[a-z.-]{1,32})", re.ASCII)


def issuer_url(base: str, issuer: Issuer) -> str:
    return f"{base}{ROOM}{issuer.id}"


def published(directory: Directory, base: str, path: str) -> Mapping[str, Any] | None:
    """The document at a path: an enabled issuer's discovery document or key set; else None."""
    wanted = _PATH.fullmatch(path)
    if wanted is None or not base:
        return None
    with directory.reading() as tx:
        issuer = issuers.get_issuer_by_id(tx, wanted[1])
        if issuer is None or not issuer.enabled:
            return None
        if wanted[2] == DISCOVERY:
            return discovery(issuer_url(base, issuer))
        if wanted[2] == KEY_SET:
            return {"keys": [public_jwk(key) for key in issuers.list_signing_keys(tx)]}
    return None


def discovery(url: str) -> Mapping[str, Any]:
    """OpenID Connect Discovery 1.0, section 3, as far as there is something to say."""
    return {
        "issuer": url,
        "jwks_uri": f"{url}{KEY_SET}",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(ALGORITHMS),
        "claims_supported": ["aud", "exp", "iat", "iss", "jti", "sub"],
    }


def public_jwk(key: SigningKey) -> dict[str, Any]:
    import jwt  # noqa: PLC0415 - only those who federate wait for it

    public: Any = load_der_private_key(key.private, None).public_key()
    algorithms = jwt.algorithms
    if key.algorithm == "RS256":
        shown = json.loads(algorithms.RSAAlgorithm.to_jwk(public))
    else:
        shown = json.loads(algorithms.ECAlgorithm.to_jwk(public))
    members = {name: shown[name] for name in ("kty", "n", "e", "crv", "x", "y") if name in shown}
    return {**members, "kid": key.id, "use": "sig", "alg": key.algorithm}


def signing_key(directory: Directory, algorithm: str, now: int) -> SigningKey:
    """The key that signs; the first is made when it is first wanted."""
    with directory.reading() as tx:
        key = newest(tx, algorithm)
    if key is not None:
        return key
    made = new_key(algorithm, now)
    with directory.writing() as tx:
        key = newest(tx, algorithm)
        if key is None:
            issuers.add_signing_key(tx, made)
            key = made
    return key


def newest(tx: Transaction, algorithm: str) -> SigningKey | None:
    kept = [key for key in issuers.list_signing_keys(tx) if key.algorithm == algorithm]
    return kept[0] if kept else None


def rotate_keys(directory: Directory, now: int) -> list[SigningKey]:
    """Sign with new keys from now on; those before them are still published, older ones not."""
    made = [new_key(algorithm, now) for algorithm in ALGORITHMS]
    with directory.writing() as tx:
        for key in made:
            kept = [one for one in issuers.list_signing_keys(tx) if one.algorithm == key.algorithm]
            for old in kept[KEPT_KEYS - 1 :]:
                issuers.remove_signing_key(tx, old.id)
            created = max([now, *(one.created + 1 for one in kept)])
            issuers.add_signing_key(tx, SigningKey(key.id, key.algorithm, created, key.private))
    return made


def new_key(algorithm: str, now: int) -> SigningKey:
    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    if algorithm == "RS256":
        private = rsa.generate_private_key(65537, 2048)
    else:
        private = ec.generate_private_key(ec.SECP384R1())
    text = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SigningKey(new_request_id(), algorithm, now, text)
