"""However slow issuers are, and however many knock, most of the server's threads stay free."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from sekisho.model.faults import Fault
from sekisho.services.outside import IssuerUnreachable, KeysUnavailable
from sekisho.services.sts import id_tokens
from sekisho.services.sts.id_tokens import read_token, verify
from sekisho.services.sts.key_sets import (
    FRESH_SECONDS,
    MOST_WAITING,
    PAUSE_SECONDS,
    STALE_SECONDS,
    IssuersKeys,
)
from sekisho.services.sts.pace import MOST_WAITING as MOST_IN_LINE
from sekisho.services.sts.pace import VERIFYING_AT_ONCE, Pace
from services.sts.issuer import URL, Keys, claims, jwk, signed

KNOWN = "known.example"


class SlowWeb:
    """Answers for one issuer; of every other nothing comes until `open` is set."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.asked = threading.Semaphore(0)

    def fetch(self, url: str, _thumbprints: object) -> Any:
        if not url.startswith(f"https://{KNOWN}/"):
            self.asked.release()
            assert self.open.wait(30)
            raise IssuerUnreachable(url)
        if url.endswith("openid-configuration"):
            return {"issuer": f"https://{KNOWN}", "jwks_uri": f"https://{KNOWN}/keys"}
        return {"keys": [{"kid": "a"}]}


class Crowd:
    """Threads that wait for slow issuers, as many as may."""

    def __init__(self) -> None:
        self.now, self.web = 0.0, SlowWeb()
        self.known = IssuersKeys({}, self.web, lambda: self.now)  # type: ignore[arg-type]
        self._threads = [threading.Thread(target=self._knock, args=(n,)) for n in
                         range(MOST_WAITING)]  # fmt: skip

    def _knock(self, number: int) -> None:
        with pytest.raises(IssuerUnreachable):
            self.known.keys_of(f"slow{number}.example", (), None)

    def gather(self) -> None:
        for thread in self._threads:
            thread.start()
            assert self.web.asked.acquire(timeout=30)

    def leave(self) -> None:
        self.web.open.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(30)


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    gathered = Crowd()
    yield gathered
    gathered.leave()


def test_who_comes_when_too_many_wait_is_told_at_once(crowd: Crowd) -> None:
    crowd.gather()
    with pytest.raises(IssuerUnreachable, match="too many"):
        crowd.known.keys_of("one-more.example", (), None)
    with pytest.raises(IssuerUnreachable, match="too many"):
        crowd.known.keys_of(KNOWN, (), None)
    crowd.leave()
    assert crowd.known.keys_of(KNOWN, (), None) == [{"kid": "a"}]


def test_keys_of_the_last_hour_serve_meanwhile(crowd: Crowd) -> None:
    known = [{"kid": "a"}]
    assert crowd.known.keys_of(KNOWN, (), "a") == known
    crowd.now = FRESH_SECONDS
    crowd.gather()
    assert crowd.known.keys_of(KNOWN, (), "a") == known
    with pytest.raises(IssuerUnreachable):
        crowd.known.keys_of(KNOWN, (), "b")
    crowd.now = STALE_SECONDS
    with pytest.raises(IssuerUnreachable):
        crowd.known.keys_of(KNOWN, (), "a")


def test_a_remembered_failure_keeps_no_frames() -> None:
    keys = IssuersKeys({}, SlowWeb(), lambda: 0.0)  # type: ignore[arg-type]
    keys._fetcher.open.set()  # type: ignore[union-attr]

    def depth() -> int:
        with pytest.raises(KeysUnavailable) as raised:
            keys.keys_of("slow.example", (), None)
        return len(raised.traceback)

    assert len({depth() for _ in range(5)}) == 1


def test_nobody_holds_a_turn_while_an_issuer_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace()
    monkeypatch.setattr(id_tokens, "PACE", pace)

    class Asked(Keys):
        def keys_of(self, issuer: str, thumbprints: Sequence[str], kid: str | None) -> Any:
            with ExitStack() as turns:
                for _ in range(VERIFYING_AT_ONCE):
                    turns.enter_context(pace.turn())
            return super().keys_of(issuer, thumbprints, kid)

    token = read_token(signed(claims(1_000_000)))
    assert verify(token, None, Asked({URL: [jwk("RS256")]}), (), 1_000_000).subject


def test_few_wait_for_a_turn_and_the_next_is_sent_away() -> None:
    pace, begun = Pace(), threading.Semaphore(0)
    done = threading.Event()

    def take_part() -> None:
        begun.release()
        with pace.turn():
            assert done.wait(30)

    threads = [threading.Thread(target=take_part) for _ in range(VERIFYING_AT_ONCE + MOST_IN_LINE)]
    for thread in threads:
        thread.start()
        begun.acquire()
    try:
        with pytest.raises(Fault, match="Rate exceeded") as refused, pace.turn():
            pytest.fail("a seventeenth had a turn")
        assert (refused.value.code, refused.value.status) == ("Throttling", 400)
    finally:
        done.set()
        for thread in threads:
            thread.join(30)
    with pace.turn():
        pass


def test_the_pause_between_two_looks_is_kept_by_those_who_wait(crowd: Crowd) -> None:
    crowd.gather()
    crowd.leave()
    crowd.now = PAUSE_SECONDS - 1
    with pytest.raises(IssuerUnreachable):
        crowd.known.keys_of("slow0.example", (), None)
    assert not crowd.web.asked.acquire(blocking=False)


def test_a_household_with_many_addresses_has_the_pace_of_one() -> None:
    pace = Pace()
    for number in range(200):
        pace.take(f"2001:db8:1:2::{number:x}", 0.0)
    pace.take("2001:db8:1:3::1", 0.0)
    with pytest.raises(Fault, match="Rate exceeded"):
        pace.take("2001:db8:1:2:ffff::", 0.0)


def test_addresses_mapped_into_ipv6_are_not_one_household() -> None:
    pace = Pace()
    for _ in range(200):
        pace.take("::ffff:192.0.2.1", 0.0)
    pace.take("::ffff:192.0.2.2", 0.0)
    with pytest.raises(Fault, match="Rate exceeded"):
        pace.take("192.0.2.1", 0.0)
