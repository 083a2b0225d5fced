"""Where a request comes from: as far as trusted proxies say, and no further."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.app.forwarded import LONGEST_HOP, MOST_HOPS, caller_address

TRUSTED = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "fd00::/8")]
PROXY, CALLER = "10.0.0.1", "203.0.113.9"


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        (PROXY, CALLER, CALLER),
        (PROXY, f"192.0.2.1, {CALLER}", CALLER),
        (PROXY, f"192.0.2.1, {CALLER}, 10.9.9.9", CALLER),
        (PROXY, f"{CALLER}:4711", CALLER),
        (PROXY, "[2001:db8::1]:4711", "2001:db8::1"),
        (PROXY, "2001:db8:0::1", "2001:db8::1"),
        (PROXY, f"::ffff:{CALLER}", CALLER),
        (f"::ffff:{PROXY}", CALLER, CALLER),
        ("fd00::7", CALLER, CALLER),
        (PROXY, "10.1.1.1, 10.2.2.2", "10.1.1.1"),
        (PROXY, "", PROXY),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{CALLER}, unknown, 10.2.2.2", "10.2.2.2"),
        (PROXY, f"{CALLER},", PROXY),
        (PROXY, "fe80::1%eth0", PROXY),
        (PROXY, "010.0.0.1", PROXY),
        (PROXY, "1" * (LONGEST_HOP + 1), PROXY),
        (PROXY, CALLER + ",10.1.1.1" * MOST_HOPS, "10.1.1.1"),
        (CALLER, "192.0.2.1", CALLER),
        (CALLER, PROXY, CALLER),
        ("", CALLER, ""),
    ],
)
def test_the_rightmost_hop_that_is_not_trusted(peer: str, forwarded: str, caller: str) -> None:
    assert caller_address(peer, forwarded, TRUSTED) == caller


@given(written=st.text(st.characters(codec="latin-1"), max_size=300))
def test_what_a_caller_writes_changes_nothing(written: str) -> None:
    assert caller_address(PROXY, f"{written}, {CALLER}", TRUSTED) == CALLER
    assert caller_address(CALLER, written, TRUSTED) == CALLER


@given(forwarded=st.text(st.characters(codec="latin-1"), max_size=300))
def test_the_answer_is_an_address(forwarded: str) -> None:
    ipaddress.ip_address(caller_address(PROXY, forwarded, TRUSTED))
