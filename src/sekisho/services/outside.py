"""What the operator tells services of the world outside: this server's URL, and issuers' keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Jwk = Mapping[str, Any]


class KeysUnavailable(Exception):
    """An issuer's keys cannot be had, whatever it says; asking again soon is in vain."""


class IssuerUnreachable(KeysUnavailable):
    """An issuer did not answer, or not in time; asking again may help."""


class StrangeCertificate(KeysUnavailable):
    """An issuer's certificate is neither trusted nor one that its provider names."""


class KeySets(Protocol):
    """The keys with which issuers sign."""

    def keys_of(self, issuer: str, thumbprints: Sequence[str], kid: str | None, /) -> Sequence[Jwk]:
        """The key set of an issuer as JSON Web Keys.

        issuer: host and path, without ``https://``. thumbprints: SHA-1 of certificates, in
        hexadecimal, that are taken though no authority vouches for them. kid: a key that is looked
        for; if a set that is remembered lacks it, the issuer may be asked again.
        Raises KeysUnavailable.
        """
        ...


class NoKeySets:
    """Knows no issuer."""

    def keys_of(self, issuer: str, _thumbprints: Sequence[str], _kid: str | None) -> Sequence[Jwk]:
        raise KeysUnavailable(f"no keys are known of {issuer}")


@dataclass(frozen=True, slots=True)
class Outside:
    """url: under which clients reach this server, without a slash at its end; empty if unknown."""

    url: str = ""
    key_sets: KeySets = field(default_factory=NoKeySets)


ALONE = Outside()
