"""Bodies between the event loop and a thread: whole, in order, bounded, not waited for in vain."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.app import inflow
from sekisho.app.inflow import Inflow, Late, Lost


def idle() -> None:
    """There is nothing to resume."""


@given(st.lists(st.binary(min_size=1, max_size=9), max_size=20))
def test_what_is_put_is_taken_in_order(pieces: list[bytes]) -> None:
    flow = Inflow(idle)

    def send() -> None:
        for piece in pieces:
            flow.put(piece)
        flow.end()

    sender = threading.Thread(target=send)
    sender.start()
    taken: list[bytes] = []
    while more := flow.take(9):
        taken += more
    sender.join()
    assert taken == pieces
    assert flow.take(9) == []


def test_reading_pauses_while_too_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflow, "MOST_WAITING", 10)
    resumed: list[bool] = []
    flow = Inflow(lambda: resumed.append(True))
    assert flow.put(b"x" * 9)
    assert flow.take(9) == [b"x" * 9]
    assert not resumed
    assert flow.put(b"x" * 9)
    assert not flow.put(b"x")
    assert flow.take(9) == [b"x" * 9, b"x"]
    assert resumed == [True]
    assert flow.put(b"x")


def test_a_sender_that_is_silent_is_given_up() -> None:
    flow = Inflow(idle)
    flow.put(b"x")
    assert flow.take(0.01) == [b"x"]
    with pytest.raises(Late):
        flow.take(0.01)


def test_of_a_sender_that_goes_away_nothing_more_is_taken() -> None:
    flow = Inflow(idle)
    flow.put(b"x")
    flow.lose()
    with pytest.raises(Lost):
        flow.take(9)


def test_who_goes_away_after_the_end_has_sent_all() -> None:
    flow = Inflow(idle)
    flow.put(b"x")
    flow.end()
    flow.lose()
    assert flow.take(9) == [b"x"]
    assert flow.take(9) == []
