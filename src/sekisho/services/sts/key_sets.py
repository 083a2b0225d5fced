"""Issuers' key sets: from a file that the operator gives, else fetched and remembered a while."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sekisho.services.outside import IssuerUnreachable, Jwk, KeysUnavailable
from sekisho.services.sts.fetch import LARGEST_ANSWER, Fetcher, parsed

FRESH_SECONDS = 600.0
STALE_SECONDS = 3_600.0  # how old keys may be while nobody can ask for newer ones
PAUSE_SECONDS = 30.0  # between two looks at the same issuer
MOST_ISSUERS = 1_000
MOST_KEYS = 100
# Of a key nothing else is looked at, so nothing else is remembered.
MEMBERS = ("kid", "use", "alg", "kty", "n", "e", "crv", "x", "y")
LONGEST_MEMBER = 2_048  # an RSA key of 8,192 bits has 1,366 characters
MOST_WAITING = 12

Clock = Callable[[], float]
Place = tuple[str, tuple[str, ...]]


class Remembered:
    """What is known of one issuer. asked: when it was last asked; failure: if that was in vain."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.keys: Sequence[Jwk] = ()
        self.asked = float("-inf")
        self.failure: KeysUnavailable | None = None

    def answers(self, kid: str | None, now: float) -> bool:
        """Whether there is no need, or it is too early, to ask again."""
        age = now - self.asked
        if age < PAUSE_SECONDS:
            return True
        return age < FRESH_SECONDS and self.failure is None and self.knows(kid)

    def will_do(self, kid: str | None, now: float) -> bool:
        """Whether old keys serve where no newer ones can be asked for."""
        return now - self.asked < STALE_SECONDS and self.failure is None and self.knows(kid)

    def knows(self, kid: str | None) -> bool:
        return kid is None or any(key.get("kid") == kid for key in self.keys)


class IssuersKeys:
    """See outside.KeySets.

    Issuers may be as slow as they like, and whoever may create a provider can choose a slow one: so
    of the server's threads twelve may be asking, or waiting for one that asks. Who comes then gets
    keys of the last hour or is told to come again.

    files: issuer -> a file with its key set, read anew at each use; such an issuer is never asked.
    fetcher: None if nobody is ever asked. clock: seconds that never go back.
    """

    def __init__(self, files: Mapping[str, Path], fetcher: Fetcher | None, clock: Clock) -> None:
        self._files = files
        self._fetcher = fetcher
        self._clock = clock
        self._known: OrderedDict[Place, Remembered] = OrderedDict()
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(MOST_WAITING)

    def keys_of(self, issuer: str, thumbprints: Sequence[str], kid: str | None) -> Sequence[Jwk]:
        file = self._files.get(issuer)
        if file is not None:
            return read_file(file)
        if self._fetcher is None:
            raise KeysUnavailable(f"no keys are known of {issuer}")
        known = self._remembered((issuer, tuple(thumbprints)))
        if not known.answers(kid, self._clock()):
            if self._room.acquire(blocking=False):
                try:
                    self._renew(self._fetcher, issuer, thumbprints, kid, known)
                finally:
                    self._room.release()
            elif not known.will_do(kid, self._clock()):
                raise IssuerUnreachable(f"too many are waiting to ask {issuer} and others")
        failure, keys = known.failure, known.keys
        if failure is not None:
            raise failure.with_traceback(None)  # else it would keep every frame it passed
        return keys

    def _remembered(self, place: Place) -> Remembered:
        with self._lock:
            known = self._known.pop(place, None) or Remembered()
            self._known[place] = known
            if len(self._known) > MOST_ISSUERS:
                self._known.popitem(last=False)
        return known

    def _renew(
        self,
        fetcher: Fetcher,
        issuer: str,
        thumbprints: Sequence[str],
        kid: str | None,
        known: Remembered,
    ) -> None:
        with known.lock:  # one thread asks, the others wait for its answer
            if known.answers(kid, self._clock()):
                return
            try:
                known.keys = fetch_keys(fetcher, issuer, thumbprints)
                known.failure = None
            except KeysUnavailable as failure:
                known.failure = failure
            known.asked = self._clock()


def fetch_keys(fetcher: Fetcher, issuer: str, thumbprints: Sequence[str]) -> Sequence[Jwk]:
    """By the issuer's discovery document (OpenID Connect Discovery 1.0, sections 4.1 and 4.3)."""
    base = f"https://{issuer}"
    place = f"{base.rstrip('/')}/.well-known/openid-configuration"
    document = fetcher.fetch(place, thumbprints)
    if not isinstance(document, dict) or document.get("issuer") != base:
        raise KeysUnavailable(f"{place} is of another issuer")
    where = document.get("jwks_uri")
    if not isinstance(where, str):
        raise KeysUnavailable(f"{place} names no key set")
    return read_keys(fetcher.fetch(where, thumbprints), where)


def read_file(file: Path) -> Sequence[Jwk]:
    try:
        with file.open("rb") as opened:
            body = opened.read(LARGEST_ANSWER + 1)
    except OSError as error:
        raise KeysUnavailable(f"{file}: {error.strerror}") from None
    if len(body) > LARGEST_ANSWER:
        raise KeysUnavailable(f"{file} is larger than {LARGEST_ANSWER} bytes")
    return read_keys(parsed(body, str(file)), str(file))


def read_keys(document: Any, place: str) -> Sequence[Jwk]:
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list):
        raise KeysUnavailable(f"{place} is no key set")
    found = [read_key(key) for key in keys[:MOST_KEYS] if isinstance(key, dict)]
    return [key for key in found if key is not None]


def read_key(key: Jwk) -> Jwk | None:
    """The members that are looked at; None if one of them is no text, or too long."""
    read = {name: key[name] for name in MEMBERS if name in key}
    fits = all(isinstance(one, str) and len(one) <= LONGEST_MEMBER for one in read.values())
    return read if fits else None
